"""`firsthand prepare`: bring the database and the static files to this version."""

from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from firsthand.config.prepared import gather_static_files, prepare_database
from firsthand.people.models import Colleague


class Command(BaseCommand):
    help = "Bring the database and the static files to this version. Safe to run again."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill an empty installation with a demo program")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        prepare_database()
        gather_static_files()
        if demo and not Colleague.objects.exists():
            self.stdout.write("Making a demo program ...")
            with StringIO() as unheard:  # `firsthand serve` says the sign-ins last
                call_command("demo", size="S", seed=1, stdout=unheard)

"""`firsthand demo`: fill an empty installation with a generated program."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.upkeep.demo.fill import fill, working_day
from firsthand.upkeep.demo.loading import write_sign_ins
from firsthand.upkeep.demo.world import SIZES


class Command(BaseCommand):
    help = "Fill an empty installation with a generated demo program."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="S", help="S: 1,000 accounts, M: 10,000, L: 100,000")
        parser.add_argument("--seed", type=int, default=1, help="another seed gives another program")

    def handle(self, *_: Any, **options: Any) -> None:
        if not connection.introspection.table_names():
            call_command("prepare")  # a folder nobody has used yet
        try:
            fill(size=SIZES[options["size"]], seed=options["seed"], today=working_day(timezone.now()))
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(write_sign_ins())

"""`firsthand worker`: do what is due, until told to stop."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from firsthand.config.worker import Worker


class Command(BaseCommand):
    help = "Do what is due: mail, reminders, imports."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(Worker().run())

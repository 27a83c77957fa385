"""`firsthand manage workflows`: both workflows as a page of the manual."""

from typing import Any

from django.core.management.base import BaseCommand

from firsthand.requests.diagrams import as_markdown


class Command(BaseCommand):
    help = "Print both workflows as a page of the manual."
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(as_markdown(), ending="")

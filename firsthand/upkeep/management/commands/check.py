"""`firsthand check`: Django's own system checks, then the rows; `--deploy` looks at the settings for a deployment."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import check
from django.db import DatabaseError

from firsthand.upkeep.check import findings


class Command(check.Command):
    """Look for settings and data that are not in order; change nothing."""

    def handle(self, *app_labels: Any, **options: Any) -> None:
        """Say everything that is found, then fail if anything was."""
        super().handle(*app_labels, **options)
        if app_labels or options["tags"] or options["list_tags"] or options["deploy"]:
            return
        try:
            found = findings()
        except DatabaseError:
            raise CommandError("The database is not at this version yet. Run `firsthand prepare`, then check again.") from None
        for finding in found:
            self.stderr.write(str(finding))
        if found:
            raise CommandError(f"{len(found)} rules about the data do not hold.")
        self.stdout.write("The data are in order.")

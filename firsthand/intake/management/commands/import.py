"""`firsthand import KIND FILE`: the same steps as the pages, one after the other."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from firsthand.core.refused import Refused
from firsthand.intake import command_line
from firsthand.intake.kinds import KINDS


class Command(BaseCommand):
    help = "Read a CSV or Excel file. `--columns KIND` prints the columns of a file type."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
        parser.add_argument("file", nargs="?", metavar="FILE", type=Path)
        parser.add_argument("--columns", choices=KINDS, metavar="KIND", help="print the kind's columns, aliases and an example")
        parser.add_argument("--map", type=Path, metavar="FILE", help="a JSON file that says how columns and values are meant")
        parser.add_argument("--unknown", choices=("skip", "add", "closest"), default="skip", help="facet values nothing knows")
        parser.add_argument("--dry-run", action="store_true", help="count what would change and write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--refused", type=Path, metavar="FILE", help="write the refused rows to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["columns"]:
            self.stdout.write(command_line.describe(KINDS[options["columns"]]))
            return
        if not options["kind"] or not options["file"]:
            raise CommandError("Say what to import: firsthand import KIND FILE, or --columns KIND.")
        try:
            result = command_line.run(
                options["kind"],
                options["file"],
                mapping=options["map"],
                unknown=options["unknown"],
                dry_run=options["dry_run"],
                refused=options["refused"],
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) if options["json"] else command_line.in_words(result))

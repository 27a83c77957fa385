"""The console command `firsthand`."""

import os
import sys

from firsthand.config.sqlite import use_bundled_sqlite


def main() -> None:
    """Run `firsthand manage ...` as Django's own command line."""
    use_bundled_sqlite()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firsthand.config.settings")
    from django.core.management import execute_from_command_line

    arguments = sys.argv[2:] if sys.argv[1:2] == ["manage"] else sys.argv[1:]
    execute_from_command_line(["firsthand manage", *arguments])

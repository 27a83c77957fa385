"""The console command `firsthand`. Light until it knows what is wanted: `serve` watches its processes without Django."""

import os
import sys

from firsthand.config import environment
from firsthand.config.sqlite import use_bundled_sqlite

COMMANDS = {
    "serve": "answer requests, with the worker beside (--prepare, --no-worker)",
    "worker": "do what is due: mail, reminders, imports",
    "prepare": "bring the database and the static files to this version (--demo)",
    "demo": "fill an empty installation with a demo program (--size S|M|L --seed N)",
    "import": "read a CSV or Excel file: import KIND FILE [--map F] [--dry-run] [--json]",
    "match": "print the ranked matches of a request or a need (--request N | --need FILE, --json)",
    "check": "look for settings and data that are not in order (--deploy)",
    "manage": "Django's own commands",
}


def main() -> None:
    """Run one command; a variable that cannot be used ends it with a sentence and status 2."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage())
        return
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        print(f"There is no command `firsthand {command}`.\n{usage()}", file=sys.stderr)
        sys.exit(2)
    try:
        environment.check()
    except environment.BadSetting as sentence:
        print(sentence, file=sys.stderr)
        sys.exit(2)
    if command == "serve":
        from firsthand.config.serve import serve

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firsthand.config.settings")
        sys.exit(serve(rest))
    run_django(rest if command == "manage" else [command, *rest])


def run_django(arguments: list[str]) -> None:
    use_bundled_sqlite()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firsthand.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["firsthand", *arguments])


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {sentence}" for name, sentence in COMMANDS.items()]
    return "\n".join(["usage: firsthand COMMAND ...", "", *lines])

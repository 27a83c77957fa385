"""`firsthand manage rules`: the rules that keep references from being asked, as the manual's table."""

from typing import Any

from django.core.management.base import BaseCommand

from firsthand.matching.rules import RULES

HEAD = "| code | rule | meaning | kind | told to |\n|---|---|---|---|---|"


def table() -> str:
    """A Markdown table of all rules, in the order in which they count."""
    told_to = {True: "those close to the account", False: "everybody"}
    rows = [f"| `{rule.code}` | {rule.title} | {rule.meaning} | {rule.kind} | {told_to[rule.is_private]} |" for rule in RULES]
    return "\n".join([HEAD, *rows])


class Command(BaseCommand):
    help = "Print the rules that keep references from being asked as a table for the manual."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())

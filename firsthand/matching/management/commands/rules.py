"""`firsthand manage rules`: the rules that keep references from being asked, as the manual's table."""

from typing import Any

from django.core.management.base import BaseCommand

from firsthand.matching.rules import RULES, Rule

HEAD = "| code | rule | meaning | kind | told to |\n|---|---|---|---|---|"


def table() -> str:
    """A Markdown table of all rules, in the order in which they count."""
    rows = [f"| `{rule.code}` | {rule.title} | {rule.meaning} | {rule.kind} | {told_to(rule)} |" for rule in RULES]
    return "\n".join([HEAD, *rows])


def told_to(rule: Rule) -> str:
    """Who reads the fact behind a rule, where others read that a rule about the account bars."""
    if not rule.is_private:
        return "everybody"
    return "those close to the account, support leads" if rule.is_for_support else "those close to the account"


class Command(BaseCommand):
    help = "Print the rules that keep references from being asked as a table for the manual."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())

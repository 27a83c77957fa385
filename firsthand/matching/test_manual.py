"""The manual's table of rules is the one in force."""

from firsthand.matching.management.commands.rules import table
from firsthand.testing.sample_data import ROOT


def test_the_manual_has_the_rules_as_they_are() -> None:
    manual = (ROOT / "docs" / "manual" / "matching.md").read_text(encoding="utf-8")
    _, _, after = manual.partition("stale -->\n")
    printed, _, _ = after.partition("\n<!-- end of rules -->")
    assert printed == table(), "Print it again: python -m firsthand manage rules"

"""Program bars that were lifted for one ask, as its page, its mails and its history show them."""

from dataclasses import dataclass
from datetime import datetime

from firsthand.matching.rules import BY_CODE
from firsthand.people.models import Colleague
from firsthand.requests.models import Ask, BarException


@dataclass(frozen=True)
class Lifted:
    """A rule lifted for an ask, in words."""

    code: str
    title: str
    meaning: str
    reason: str
    who: str
    at: datetime


def lifted_on(ask: Ask, reader: Colleague | None) -> list[Lifted]:
    """What was lifted for an ask. A rule whose fact is private is told to those close to the account; None is the program itself."""
    is_told = reader is None or reader.pk == ask.approver_id
    rows = ask.exceptions.select_related("granted_by").order_by("pk")
    return [_lifted(row) for row in rows if is_told or not BY_CODE[row.rule].hides_from(ask.reference, reader)]


def _lifted(row: BarException) -> Lifted:
    rule = BY_CODE[row.rule]
    return Lifted(rule.code, rule.title, rule.meaning, row.reason, row.granted_by.name if row.granted_by else "A manager", row.granted_at)

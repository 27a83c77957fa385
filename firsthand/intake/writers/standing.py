"""What an account file says beside the account: the customer's standing, what a contract owes, its mood."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from firsthand.customers.models import Signal
from firsthand.customers.people_upserts import SignalRow, upsert_signals
from firsthand.history.upserts import Answer, Done, whole
from firsthand.intake.writers.context import Context, Row
from firsthand.references.upserts import StandingRow, upsert_obligations, upsert_standings

OF_STANDING = ("logo_rights", "logo_rights_until", "reference_manager_email", "reference_source", "contract_reference_quota")
OF_MOOD = ("nps", "open_escalation")
LOGO = {"none": "", "internal": "internal", "public": "public"}


def write_standing(rows: Sequence[Row], accounts: Sequence[Answer], context: Context) -> list[Answer]:
    """The accounts' answers, changed where something beside the account changed."""
    pairs = [(row, account) for row, account in zip(rows, accounts, strict=True) if isinstance(account, Done)]
    standings = write_standings([(row, each.id) for row, each in pairs if any(name in row for name in OF_STANDING)], context)
    moods = write_moods([(row, each.id) for row, each in pairs if any(name in row for name in OF_MOOD)], context)
    return [
        whole(account, standings.get(account.id), moods.get(account.id)) if isinstance(account, Done) else account for account in accounts
    ]


def write_standings(pairs: Sequence[tuple[Row, int]], context: Context) -> dict[int, Answer]:
    if not pairs:
        return {}
    done = upsert_standings([standing_row(row, account, context) for row, account in pairs], by=context.by, change=context.change)
    owed = [(done[account].id, row["contract_reference_quota"]) for row, account in pairs if "contract_reference_quota" in row]
    obligations = upsert_obligations(owed, by=context.by, change=context.change)
    return {account: whole(each, obligations.get(each.id)) for account, each in done.items()}


def standing_row(row: Row, account: int, context: Context) -> StandingRow:
    found: StandingRow = {"account_id": account}
    if "logo_rights" in row:
        found["logo_right"] = LOGO[row["logo_rights"]]
    if "logo_rights_until" in row:
        found["logo_right_until"] = row["logo_rights_until"]
    if "reference_source" in row:
        found["source"] = row["reference_source"][:120]
    manager = context.colleagues.find("", row.get("reference_manager_email", ""), "")
    if isinstance(manager, int):
        found["manager_id"] = manager
    elif "reference_manager_email" in row:
        context.unsure.add(id(row))
        context.told[f"No colleague is known as {row['reference_manager_email']}; those customers have no reference manager."] += 1
    return found


def write_moods(pairs: Sequence[tuple[Row, int]], context: Context) -> dict[int, Answer]:
    """A score and an escalation as a file states them have no day of their own: the day they were first seen counts."""
    today = timezone.localdate()
    scores, escalated = seen_moods([account for _, account in pairs])
    rows: list[SignalRow] = []
    for row, account in pairs:
        if "nps" in row and 0 <= row["nps"] <= 10 and scores.get(account) != row["nps"]:
            rows.append(signal(account, "nps", f"-{today:%Y%m%d}", first_on=today, value=row["nps"]))
        if row.get("open_escalation"):
            rows.append(signal(account, "escalation", first_on=today, severity="minor", resolved_on=None))
        elif "open_escalation" in row and account in escalated:
            rows.append(signal(account, "escalation", over_on=today))
    done = upsert_signals(rows, by=context.by, change=context.change)
    found: dict[int, Answer] = {}
    for row, each in zip(rows, done, strict=True):
        account = row["account_id"]
        found[account] = whole(each, found[account]) if account in found else each
    return found


def seen_moods(accounts: Sequence[int]) -> tuple[dict[int, Decimal | None], set[int]]:
    """By account, the newest score account files gave; and the accounts whose escalation they opened before."""
    signals = Signal.objects.filter(account__in=accounts, external_id__startswith="account-").order_by("happened_on", "id")
    scores = dict(signals.filter(kind=Signal.Kind.NPS).values_list("account_id", "value"))
    return scores, set(signals.filter(kind=Signal.Kind.ESCALATION).values_list("account_id", flat=True))


def signal(account: int, kind: str, suffix: str = "", **facts: Any) -> SignalRow:
    return {"external_id": f"account-{account}-{kind}{suffix}", "account_id": account, "kind": kind, **facts}  # type: ignore[typeddict-item]

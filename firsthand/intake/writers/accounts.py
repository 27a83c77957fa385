"""The second pass over an account file: parents that stand below their children."""

from collections.abc import Sequence
from typing import cast

from firsthand.customers.upserts import ACCOUNTS, AccountRow, upsert_accounts
from firsthand.history.models import ChangeRow
from firsthand.history.upserts import Done, State
from firsthand.intake.writers.context import Context, Row


def link_parents(rows: Sequence[Row], context: Context) -> int:
    """Link what could not be linked before; how many accounts changed that this import had left unchanged."""
    pairs = [
        cast("AccountRow", {"external_id": row["account_id"], "parent_external_id": row["parent_id"]})
        for row in rows
        if "account_id" in row and "parent_id" in row
    ]
    answers = upsert_accounts(pairs, by=context.by, change=context.change)
    changed = [each.id for each in answers if isinstance(each, Done) and each.state == State.CHANGED]
    traces = ChangeRow.objects.filter(change=context.change, model=ACCOUNTS.label, object_id__in=changed)
    seen: dict[int, int] = {}
    for pk in traces.values_list("object_id", flat=True):
        seen[pk] = seen.get(pk, 0) + 1
    return sum(1 for pk in changed if seen.get(pk) == 1)

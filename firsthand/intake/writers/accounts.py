"""The second pass over an account file: parents that stand below their children."""

from collections.abc import Sequence
from typing import cast

from firsthand.customers.upserts import ACCOUNTS, AccountRow, upsert_accounts
from firsthand.history.models import ChangeRow
from firsthand.history.upserts import Done, Refusal, State
from firsthand.intake.writers.context import Context, Row


def link_parents(rows: Sequence[Row], context: Context) -> tuple[int, dict[int, str]]:
    """Link what could not be linked before.

    Gives how many accounts changed that this import had left unchanged, and why a row (by its place) could not be linked.
    """
    pairs = {
        place: cast("AccountRow", {"external_id": row["account_id"], "parent_external_id": row["parent_id"]})
        for place, row in enumerate(rows)
        if "account_id" in row and "parent_id" in row
    }
    earlier = ChangeRow.objects.filter(change=context.change, model=ACCOUNTS.label)
    last = ChangeRow.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    answers = upsert_accounts(list(pairs.values()), by=context.by, change=context.change)
    changed = {each.id for each in answers if isinstance(each, Done) and each.state == State.CHANGED}
    touched = set(earlier.filter(object_id__in=changed, pk__lte=last).values_list("object_id", flat=True))
    refused = {place: each.sentence for place, each in zip(pairs, answers, strict=True) if isinstance(each, Refusal)}
    return len(changed - touched), refused

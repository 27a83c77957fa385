"""The plural deed for deals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypedDict

from django.db.models import Q
from django.utils import timezone

from firsthand.core.words_key import key
from firsthand.customers.models import Account
from firsthand.deals.crm_ids import deals_by_id
from firsthand.deals.models import Opportunity, OpportunityValue, Stage
from firsthand.deals.stages import upsert_stages, write_stage_changes
from firsthand.history.actions import Actor
from firsthand.history.models import Change
from firsthand.history.upserts import Answer, Done, Refusal, Row, Table, write_all


class OpportunityRow(TypedDict, total=False):
    """`account_name` is linked where one account is called so, and kept as the prospect's name where none is."""

    external_id: str
    name: str
    account_external_id: str
    account_name: str
    owner_id: int | None
    stage: str
    is_closed: bool
    is_won: bool
    amount: Any
    currency: str
    amount_base: Any
    probability: Any
    created_on: Any
    close_date: Any
    kind: str
    lead_source: str
    pipeline: str
    loss_reason: str
    custom: dict[str, Any]
    values: dict[int, Sequence[int]]


FIELDS = (
    "external_id", "name", "owner_id", "amount", "currency", "amount_base", "probability", "created_on", "close_date",
    "kind", "lead_source", "pipeline", "loss_reason", "custom",
)  # fmt: skip


def entry(fields: Any) -> tuple[str, str]:
    return fields.get("name") or fields.get("external_id") or "Deal", fields.get("prospect_name") or ""


OPPORTUNITIES = Table(
    model=Opportunity,
    uses=OpportunityValue,
    owner="opportunity_id",
    entry=entry,
    entry_from=("name", "external_id", "prospect_name"),
)


def upsert_opportunities(rows: Sequence[OpportunityRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Make or change deals. Runs inside the caller's transaction; the answers stand in the order of the rows."""
    stages = upsert_stages({row["stage"] for row in rows if "stage" in row}, by=by, change=change)
    accounts = Accounts(rows)
    deals = Deals(rows, accounts)
    given = [deals.row(row, stages) for row in rows]
    before = stages_of([row.id for row in given if isinstance(row, Row) and row.id is not None])
    answers = write_all(OPPORTUNITIES, given, by=by, change=change)
    moved = [
        (answer.id, row.fields["stage_id"])
        for row, answer in zip(given, answers, strict=True)
        if isinstance(row, Row) and isinstance(answer, Done) and row.id is not None and "stage_id" in row.fields
    ]
    entered = [(pk, stage, timezone.now(), None) for pk, stage in moved if pk in before and before[pk] != stage]
    write_stage_changes(entered, change=change)
    return answers


def stages_of(ids: Sequence[int]) -> dict[int, int | None]:
    """The stage that each deal is known to be in; a typed one may be in none.

    One of the CRM in no stage is left out: its first one may be as old as the deal.
    """
    known = Opportunity.objects.filter(Q(stage__isnull=False) | Q(source=Opportunity.Source.TYPED), pk__in=ids)
    return dict(known.values_list("id", "stage_id")) if ids else {}


class Accounts:
    """The accounts a batch of deals may mean."""

    def __init__(self, rows: Iterable[OpportunityRow]) -> None:
        rows = list(rows)
        self.keys = {name: key(name)[:200] for name in {row.get("account_name", "") for row in rows}}
        externals = {row.get("account_external_id", "") for row in rows} - {""}
        self.by_external = {}
        if externals:
            found = Account.objects.filter(~Q(external_id=""), external_id__in=externals)
            self.by_external = dict(found.values_list("external_id", "id"))
        self.by_key: dict[str, list[int]] = defaultdict(list)
        for folded, pk in Account.objects.filter(key__in=set(self.keys.values()) - {""}).values_list("key", "id"):
            self.by_key[folded].append(pk)

    def find(self, row: OpportunityRow) -> int | None:
        if row.get("account_external_id", "") in self.by_external:
            return self.by_external[row["account_external_id"]]
        alike = self.by_key.get(self.keys[row.get("account_name", "")], [])
        return alike[0] if len(alike) == 1 else None


class Known(NamedTuple):
    id: int
    external_id: str
    name: str
    account_id: int | None
    prospect_name: str


class Deals:
    """The deals a batch of rows may mean: by external id, else by name within the same account."""

    def __init__(self, rows: Sequence[OpportunityRow], accounts: Accounts) -> None:
        self.accounts = accounts
        self.by_external = deals_by_id({row.get("external_id", "") for row in rows})
        names = {row.get("name", "") for row in rows if row.get("external_id", "") not in self.by_external} - {""}
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        if names:
            for each in Opportunity.objects.filter(name__in=names).values_list(*Known._fields):
                self.by_name[each[2]].append(Known(*each))

    def find(self, row: OpportunityRow, account: int | None) -> int | Refusal | None:
        """The deal meant, None where one has to be made, a refusal where the name alone means several."""
        external = row.get("external_id", "")
        if external in self.by_external:
            return self.by_external[external]
        name, prospect = row.get("name", ""), row.get("account_name", "")
        alike = [known for known in self.by_name.get(name, ()) if not (external and known.external_id)]
        if account:
            alike = [known for known in alike if known.account_id == account]
        elif prospect:
            alike = [known for known in alike if known.prospect_name == prospect]
        if len(alike) > 1:
            return Refusal(f"{len(alike)} deals are called {name}. Add the id or the account.")
        return alike[0].id if alike else None

    def row(self, given: OpportunityRow, stages: dict[str, Stage]) -> Row | Refusal:
        account = self.accounts.find(given)
        known = self.find(given, account)
        if isinstance(known, Refusal):
            return known
        fields: dict[str, Any] = {name: given[name] for name in FIELDS if name in given}  # type: ignore[literal-required]
        fields["source"] = Opportunity.Source.CRM  # a deal that was typed is the CRM's from now on, and typed again after an undo
        if account is not None:
            fields |= {"account_id": account, "prospect_name": ""}
        elif given.get("account_name"):
            fields["prospect_name"] = given["account_name"]
        if "stage" in given:
            stage = stages[given["stage"]]
            fields |= {"stage_id": stage.pk, "outcome": outcome(given, stage)}
        return Row(known, fields, values=given.get("values", {}))


def outcome(given: OpportunityRow, stage: Stage) -> str:
    """The CRM's own flags before the stage's word."""
    if given.get("is_won"):
        return Stage.Outcome.WON
    if given.get("is_closed") and "is_won" in given:
        return Stage.Outcome.LOST
    if given.get("is_closed") is False:
        return Stage.Outcome.OPEN
    return stage.outcome

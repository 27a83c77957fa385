"""Open asks that a program rule bars by the policy in force, as a new version may: everybody judged in rounds, not ask by ask.

A round holds asks of one activity type and day of whom no two share a customer or a person. What counts for one of them counts
for no other, so each rule is asked once for all of them, with every ask's own slot and touch left out. What no later ask undoes
is an ask's own matter, so those found that are out already are judged once more alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain

from django.db.models import F
from django.db.models.functions import Coalesce

from firsthand.core.clock import today as today_in
from firsthand.core.numbers import np
from firsthand.matching.need import NO_DEAL, Deal, Need
from firsthand.matching.rules import RULES, Kind, Rule
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy, in_force
from firsthand.references.roster import Roster
from firsthand.requests.models import Ask, BarException
from firsthand.requests.permissions import bars_of

RELATED = (
    "engagement", "joins__engagement", "reference__reference_account", "reference__contact__person",
    "reference__contact__account__owner", "reference_request__requester", "reference_request__activity_type",
    "reference_request__opportunity__account", "reference_request__opportunity__stage",
)  # fmt: skip
PROGRAM_RULES = tuple(rule for rule in RULES if rule.kind == Kind.PROGRAM)


@dataclass(frozen=True)
class Row:
    """What the program's rules ask of an open ask. `slot` is the engagement it stands for, its own or a shared one."""

    pk: int
    reference: int
    customer: int
    person: int
    kind: int
    slot: int | None
    shares: bool
    day: date
    stage: str
    amount: Decimal | None


# What a rule about the deal reads of it: such a rule bars every reference or none, and is asked once for all deals that are alike.
OF_THE_DEAL: dict[str, Callable[[Row], Deal]] = {
    "stage": lambda row: Deal(stage_key=row.stage),
    "size": lambda row: Deal(amount_base=row.amount),
}


def barred_asks() -> list[int]:
    """Ids of the open asks that a program rule without a recorded exception bars now, ascending."""
    policy = in_force()
    judge = Judge(policy, today_in(policy.time_zone), Roster.everybody(), ActivityType.objects.in_bulk())
    rows = _open_asks()
    rounds = list(_rounds(rows))
    lifted = set(BarException.objects.filter(ask__status__in=Ask.OPEN).values_list("ask", "rule"))
    found = chain.from_iterable(_found(rule, rows, rounds, judge) for rule in PROGRAM_RULES)
    barred = {pk for pk, code in found if (pk, code) not in lifted}
    stand = {ask.pk for ask in Ask.objects.filter(pk__in=barred, sent_at__isnull=False).select_related(*RELATED) if not _bars_program(ask)}
    return sorted(barred - stand)


def _bars_program(ask: Ask) -> bool:
    return any(not bar.is_absolute for bar in bars_of(ask.reference_request, ask.reference, ask=ask))


@dataclass(frozen=True)
class Judge:
    """What every round is judged by. The roster reads each fact once for all of them."""

    policy: Policy
    today: date
    roster: Roster
    kinds: dict[int, ActivityType]

    def barred(self, rule: Rule, rows: Sequence[Row], deal: Deal = NO_DEAL) -> Iterator[tuple[int, str]]:
        """Those of one round whom the rule bars, with its code."""
        first = rows[0]
        need = Need(
            self.kinds[first.kind],
            needed_by=first.day,
            today=self.today,
            deal=deal,
            besides=frozenset(row.slot for row in rows if row.slot is not None),
            touch_of=frozenset(row.pk for row in rows),
            shares_slot=first.shares,
        )
        marks = rule.bars(self.roster, need, self.policy)
        places = np.searchsorted(self.roster.reference, [row.reference for row in rows])
        return ((row.pk, rule.code) for row, mark in zip(rows, marks[places].tolist(), strict=True) if mark)


def _found(rule: Rule, rows: Sequence[Row], rounds: Sequence[Sequence[Row]], judge: Judge) -> Iterator[tuple[int, str]]:
    deal_of = OF_THE_DEAL.get(rule.code)
    if deal_of is None:
        return chain.from_iterable(judge.barred(rule, each) for each in rounds)
    alike = defaultdict[tuple[int, Deal], list[Row]](list)
    for row in rows:
        alike[row.kind, deal_of(row)].append(row)
    return chain.from_iterable(judge.barred(rule, each, deal) for (_, deal), each in alike.items())


def _rounds(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows so that within a round the need is the same and nobody counts with another."""
    rounds = defaultdict[tuple[int, date, bool, int], list[Row]](list)
    next_of = defaultdict[tuple[int, date, bool, str, int], int](int)
    for row in rows:
        need = (row.kind, row.day, row.shares)
        customer, person = (*need, "customer", row.customer), (*need, "person", row.person)
        number = max(next_of[customer], next_of[person])
        next_of[customer] = next_of[person] = number + 1
        rounds[*need, number].append(row)
    yield from rounds.values()


def _open_asks() -> list[Row]:
    found = Ask.objects.open().values_list(
        "pk",
        "reference",
        "reference__reference_account",
        "reference__contact__person",
        "reference_request__activity_type",
        Coalesce("engagement", "joins__engagement"),
        "joins",
        Coalesce("engagement__day", "joins__engagement__day", "reference_request__window_from", F("reference_request__needed_by")),
        "reference_request__opportunity__stage__key",
        "reference_request__opportunity__amount_base",
    )
    rows = found.order_by("pk")
    return [
        Row(pk, reference, customer, person, kind, slot, joins is not None, day, stage or "", amount)
        for pk, reference, customer, person, kind, slot, joins, day, stage, amount in rows
    ]

"""Everybody judged: who is barred by which rule, who lacks a must, and the first numbers of the rest."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet

from firsthand.core.fetched import whole_columns
from firsthand.core.numbers import Bools, Ints, np
from firsthand.customers.models import Account, AccountValue
from firsthand.matching.asked import Asked, Question
from firsthand.matching.fit import PERSONA, Wished
from firsthand.matching.rules import RULES
from firsthand.people.models import Colleague
from firsthand.references.capacity import left_of
from firsthand.references.models import Reference, ReferenceValue
from firsthand.references.roster import Roster
from firsthand.stories.models import Story, StoryValue

FREE, LACKS_A_MUST = -1, -2
NUMBERS = ("account", "family", "contact", "person", "persona", "verified")


@dataclass(frozen=True)
class Judged:
    """One row per reference the viewer may see. `bar` is the place of its first rule in `RULES`, or `FREE`, or `LACKS_A_MUST`.

    `left` are slots of its `limit`, which is its own or the program's or `roster.NONE`; `verified` is as in the roster.
    """

    id: Ints
    bar: Ints
    account: Ints
    family: Ints
    contact: Ints
    person: Ints
    persona: Ints
    verified: Ints
    left: Ints
    limit: Ints

    def where(self, mask: Bools) -> "Judged":
        """The rows of the mask."""
        return Judged(**{name: column[mask] for name, column in vars(self).items()})


def judge(question: Question) -> Judged:
    """Ask every rule of every reference. Each counts under the first rule that bars it, in the order of `RULES`."""
    need, asked, policy = question.need, question.asked, question.policy
    roster = Roster.everybody()
    bar = np.full(len(roster), FREE)
    for place in reversed(range(len(RULES))):
        bar[RULES[place].bars(roster, need, policy)] = place
    for must in asked.musts:
        bar[~has(roster, asked, must, question.viewer)] = LACKS_A_MUST
    numbers = {name: getattr(roster, name) for name in NUMBERS}
    left, limit = left_of(roster, need.slot, policy)
    judged = Judged(id=roster.reference, bar=bar, left=left, limit=limit, **numbers)
    return judged.where(seen(roster, question.viewer))


def seen(roster: Roster, viewer: Colleague | None) -> Bools:
    """Whom the viewer may see; None sees all."""
    if viewer is None or viewer.reads_everything:
        return ~roster.none()
    return roster.among("reference", _ids(Reference.objects.visible_to(viewer).values_list("pk")))


def has(roster: Roster, asked: Asked, wished: Wished, viewer: Colleague | None) -> Bools:
    """Whether the account, the reference itself or a story the viewer may see has a value of the criterion, or one below it."""
    values = asked.under(wished)
    if wished.facet == PERSONA:
        return np.isin(roster.persona, values)
    told = StoryValue.objects.filter(value__in=values, story__in=Story.objects.seen_by(viewer).values("pk"))
    return (
        roster.among("account", _ids(AccountValue.objects.filter(value__in=values).values_list("account_id")))
        | roster.among("reference", _ids(ReferenceValue.objects.filter(value__in=values).values_list("reference_id")))
        | roster.among("account", _ids(told.values_list("story__account_id")))
    )


def _ids(rows: "QuerySet[Any, Any]") -> Ints:
    found: Ints = whole_columns(rows, 1)[0]
    return found


def close_accounts(viewer: Colleague | None) -> frozenset[int] | None:
    """Accounts whose private facts the viewer may see; None stands for all."""
    if viewer is None or viewer.reads_everything:
        return None
    owned = Account.objects.filter(Q(owner=viewer) | Q(owner__deputy=viewer))
    return frozenset(chain(owned.values_list("pk", flat=True)))

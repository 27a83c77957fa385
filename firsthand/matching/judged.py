"""The one statement over all references: who is barred by which rule, who lacks a must, and the first numbers of the rest."""

from dataclasses import dataclass
from itertools import chain

from django.db.models import Case, IntegerField, Q, SmallIntegerField, Value, When
from django.db.models.functions import Coalesce

from firsthand.core.fetched import day_number, days, whole_columns
from firsthand.core.numbers import Bools, Days, Ints, np
from firsthand.customers.models import Account, AccountValue
from firsthand.matching.asked import Asked, Question
from firsthand.matching.fit import PERSONA, Wished
from firsthand.matching.rules import RULES
from firsthand.people.models import Colleague
from firsthand.references.models import Period, Reference, ReferenceValue
from firsthand.stories.models import StoryValue

FREE, LACKS_A_MUST = -1, -2
NO_LIMIT = -1
PERIODS = tuple(Period.values)
NUMBERS = ("id", "bar", "account", "family", "contact", "person", "persona", "limit", "period")


@dataclass(frozen=True)
class Judged:
    """One row per reference the viewer may see. `bar` is the place of its first rule in `RULES`, or `FREE`, or `LACKS_A_MUST`.

    `limit` is its own, or `NO_LIMIT`; `period` a place in `PERIODS`; `verified` the day of its last check, NaT when never.
    """

    id: Ints
    bar: Ints
    account: Ints
    family: Ints
    contact: Ints
    person: Ints
    persona: Ints
    limit: Ints
    period: Ints
    verified: Days

    def where(self, mask: Bools) -> "Judged":
        """The rows of the mask."""
        return Judged(**{name: column[mask] for name, column in vars(self).items()})


def judge(question: Question) -> Judged:
    """Ask every rule of every reference at once. A reference counts under the first rule that bars it, in the order of `RULES`."""
    need, asked, policy, viewer = question.need, question.asked, question.policy, question.viewer
    lacking = [When(~has(asked, must), then=Value(LACKS_A_MUST)) for must in asked.musts]
    barred = [When(rule.condition(need, policy), then=Value(place)) for place, rule in enumerate(RULES)]
    periods = [When(limit_period=period, then=Value(place)) for place, period in enumerate(PERIODS)]
    rows = (
        (Reference.objects.visible_to(viewer) if viewer else Reference.objects.all())
        .order_by()
        .values_list(
            "pk",
            Case(*lacking, *barred, default=Value(FREE), output_field=SmallIntegerField()),
            "contact__account_id",
            Coalesce("contact__account__family_id", "contact__account_id"),
            "contact_id",
            "contact__person_id",
            Coalesce("contact__persona_id", Value(0)),
            Coalesce("limit_count", Value(NO_LIMIT), output_field=IntegerField()),
            Case(*periods, default=Value(0), output_field=SmallIntegerField()),
            day_number("last_verified_on"),
        )
    )
    found = whole_columns(rows, len(NUMBERS) + 1)
    *numbers, verified = found[:, np.argsort(found[0])]
    return Judged(**dict(zip(NUMBERS, numbers, strict=True)), verified=days(verified))


def has(asked: Asked, wished: Wished) -> Q:
    """Whether the account, the reference itself or one of the customer's stories has a value of the criterion, or one below it."""
    values = asked.under(wished)
    if wished.facet == PERSONA:
        return Q(contact__persona__in=values)
    told = StoryValue.objects.filter(value__in=values, story__retired_at=None)
    return (
        Q(contact__account__in=AccountValue.objects.filter(value__in=values).values("account"))
        | Q(pk__in=ReferenceValue.objects.filter(value__in=values).values("reference"))
        | Q(contact__account__in=told.values("story__account"))
    )


def close_accounts(viewer: Colleague | None) -> frozenset[int] | None:
    """Accounts whose private facts the viewer may see; None stands for all."""
    if viewer is None or viewer.reads_everything:
        return None
    owned = Account.objects.filter(Q(owner=viewer) | Q(owner__deputy=viewer))
    return frozenset(chain(owned.values_list("pk", flat=True)))

"""References as columns of numbers, so that a rule is one line of arithmetic over everybody, or over one and those counted with them.

Numbers come in few plain statements; what few references have (a hold, an escalation) comes as the ids of those who have it.
[10,000 references on SQLite: 8 ms for ten columns, where one statement that also asked every rule took 44 ms; looking each
one's account up for its family 2.5 ms more, reading the members of families 0.5 ms; grouping the engagements of a year by
reference in SQL took 37 ms, counting their ids here 7 ms.]
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, Case, DateField, F, IntegerField, Q, QuerySet, SmallIntegerField, Value, When
from django.db.models.functions import Coalesce

from firsthand.core.fetched import day_number
from firsthand.core.numbers import Bools, Ints, np
from firsthand.core.statement import Given, GivenIds, OneOf, Statement
from firsthand.customers.models import Account
from firsthand.program.models import ActivityType
from firsthand.references.models import Period, Reference

NONE = -1  # a number that is not set
PERIODS = tuple(Period.values)
# Where a reference says what a column holds.
FIELDS = {
    "reference": "pk",
    "contact": "contact",
    "person": "contact__person",
    "account": "contact__account",
    "reference_account": "reference_account",
}
NUMBERS = (*FIELDS, "persona", "limit", "period", "gap", "verified", "family")
ACCOUNT = NUMBERS.index("account")
# What statements are given.
DAY, TODAY = Given("day", DateField()), Given("today", DateField())
ACTIVITY_TYPE = Given("activity_type", BigIntegerField())
CUSTOMER, PERSON = Given("customer", BigIntegerField()), Given("somebody", BigIntegerField())
MINE = GivenIds("mine")


@dataclass(eq=False)
class Fact:
    """Rows that say something of references: `first` is the field that names a `column` of the roster, `more` are further numbers.

    Where it is `by_type`, each row is about one activity type, and a rule asks for those of one.
    """

    column: str
    rows: Callable[[], "QuerySet[Any, Any]"]
    first: str = ""
    more: tuple[Any, ...] = ()
    by_type: bool = False

    @cached_property
    def of_everybody(self) -> Statement:
        """For a roster of everybody."""

        def rows() -> "QuerySet[Any, Any]":
            kept = self.rows().filter(activity_type=ACTIVITY_TYPE) if self.by_type else self.rows()
            return kept.values_list(self.first or self.column, *self.more)

        return Statement(rows, 1 + len(self.more))

    @cached_property
    def of_few(self) -> Statement:
        """For a small roster: of all activity types, since the page of one person asks for each; the type is the last column."""
        first, also = self.first or self.column, ["activity_type_id"] if self.by_type else []

        def rows() -> "QuerySet[Any, Any]":
            return self.rows().filter(OneOf(F(first), MINE)).values_list(first, *self.more, *also)

        return Statement(rows, 1 + len(self.more) + len(also))


def _numbers(rows: "QuerySet[Reference]") -> "QuerySet[Any, Any]":
    """All but the family."""
    return rows.values_list(
        *FIELDS.values(),
        Coalesce("contact__persona_id", Value(0)),
        Coalesce("limit_count", Value(NONE), output_field=IntegerField()),
        period_place("limit_period"),
        Coalesce("min_gap_days", Value(NONE), output_field=IntegerField()),
        Coalesce(day_number("last_verified_on"), Value(NONE)),
    )


def period_place(name: str) -> Case:
    """A kind of period as its place in `PERIODS`, `NONE` for no period."""
    places = [When(Q((name, period)), then=Value(place)) for place, period in enumerate(PERIODS)]
    return Case(*places, default=Value(NONE), output_field=SmallIntegerField())


EVERYBODY = Statement(lambda: _numbers(Reference.objects.all()), len(NUMBERS) - 1)
OF_SOME = Statement(lambda: _numbers(Reference.objects.filter(OneOf(F("pk"), MINE))), len(NUMBERS) - 1)
TOGETHER = Statement(lambda: _numbers(_counted_together()), len(NUMBERS) - 1)
# Members of families but for their heads: of everybody, and of the customers of few.
MEMBERS = Account.objects.filter(family__isnull=False).exclude(family=F("pk")).values_list("pk", "family")
FAMILIES = Statement(MEMBERS.all, 2)
FAMILIES_OF_FEW = Statement(lambda: MEMBERS.filter(OneOf(F("pk"), MINE)), 2)


def _counted_together() -> "QuerySet[Reference]":
    """Written so that each half is found by an index, on PostgreSQL too, which reads all references for one half or the other."""
    of_customer = Reference.objects.filter(reference_account=CUSTOMER).values("pk")
    return Reference.objects.filter(pk__in=of_customer.union(Reference.objects.filter(contact__person=PERSON).values("pk")))


@dataclass(frozen=True)
class Roster:
    """One row per reference, by ascending id. Facts are read when a rule asks for them, and each once.

    `limit` and `gap` are the person's own, or `NONE`; `period` is a place in `PERIODS`; `family` is the account at the top;
    `persona` is 0 where not known; `verified` is the day of the last check as days since 1970, or `NONE`.
    """

    reference: Ints
    contact: Ints
    person: Ints
    account: Ints
    reference_account: Ints
    family: Ints
    persona: Ints
    limit: Ints
    period: Ints
    gap: Ints
    verified: Ints
    is_whole: bool
    read: dict[Any, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def everybody(cls) -> "Roster":
        """All references, also those a viewer may not see: their slots count for their customer."""
        return cls._of(EVERYBODY.columns(), FAMILIES.columns(), is_whole=True)

    @classmethod
    def around(cls, reference: Reference) -> "Roster":
        """The reference with all whose slots count together with theirs: of the customer, and of the person at another company."""
        return cls._of_few(TOGETHER.columns(customer=reference.reference_account_id, somebody=reference.contact.person_id))

    @classmethod
    def of_some(cls, references: Iterable[Reference]) -> "Roster":
        """These references alone: for rules that count no slots, since none of those whose slots count together with theirs is here."""
        return cls._of_few(OF_SOME.columns(mine=[each.pk for each in references]))

    @classmethod
    def _of_few(cls, found: Ints) -> "Roster":
        return cls._of(found, FAMILIES_OF_FEW.columns(mine=found[ACCOUNT]), is_whole=False)

    @classmethod
    def _of(cls, found: Ints, members: Ints, *, is_whole: bool) -> "Roster":
        """`members`: accounts and the heads of their families; who is not among them heads their own."""
        account = found[ACCOUNT]
        head = np.arange(max(int(account.max(initial=0)), int(members[0].max(initial=0))) + 1)
        head[members[0]] = members[1]
        found = np.vstack((found, head[account]))
        return cls(**dict(zip(NUMBERS, found[:, np.argsort(found[0])], strict=True)), is_whole=is_whole)

    def __len__(self) -> int:
        return len(self.reference)

    def row(self, reference: Reference) -> int:
        """The place of one reference."""
        return int(np.searchsorted(self.reference, reference.pk))

    def none(self) -> Bools:
        """Nobody."""
        return np.zeros(len(self), dtype=np.bool_)

    def have(self, fact: Fact, **given: Any) -> Bools:
        """Of whom the fact is true."""
        return self.among(fact.column, self.pulled(fact, **given)[0])

    def among(self, column: str, ids: Ints) -> Bools:
        """Whose `column` is one of these ids."""
        mine: Ints = getattr(self, column)
        there = np.zeros(max(int(mine.max(initial=0)), int(ids.max(initial=0))) + 1, dtype=np.bool_)
        there[ids[ids >= 0]] = True
        found: Bools = there[mine]
        return found

    def pulled(self, fact: Fact, *, activity_type: ActivityType | None = None, **given: Any) -> Ints:
        """The rows of a fact as columns: its `first` field, then `more`. Those of one activity type where it is `by_type`."""
        kind = activity_type.pk if activity_type else None
        if self.is_whole:
            return self._once(fact, **given, **({"activity_type": kind} if fact.by_type else {}))
        found = self._once(fact, **given)
        return found[:-1, found[-1] == kind] if fact.by_type else found

    def made(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """What a rule makes of a need, once for all needs that share what the `key` says of them."""
        if key not in self.read:
            self.read[key] = make()
        return self.read[key]

    def _once(self, fact: Fact, **given: Any) -> Ints:
        statement = fact.of_everybody if self.is_whole else fact.of_few
        mine = {} if self.is_whole else {"mine": getattr(self, fact.column)}
        found: Ints = self.made((fact, *given.items()), lambda: statement.columns(**given, **mine))
        return found

    def tally(self, column: str, keys: Ints) -> Ints:
        """How often each row's `column` comes among the keys."""
        mine: Ints = getattr(self, column)
        return np.bincount(keys, minlength=int(mine.max(initial=0)) + 1)[mine]

"""The program's rules as one typed record. Rooms above read it; nothing here knows an account or a reference."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from babel.numbers import list_currencies
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from firsthand.program.models import PolicyVersion

Days = Annotated[int, Field(ge=0, le=3650)]
Count = Annotated[int, Field(ge=0, le=1000)]
Points = Annotated[float, Field(ge=0, le=100)]
Period = Literal["month", "quarter", "year"]


class Rules(BaseModel):
    """Base of the policy's parts: unknown names are refused, values do not change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Limit(Rules):
    """At most `count` slots per calendar period; a count of 0 stands for no limit."""

    count: Count
    period: Period


class Limits(Rules):
    """Program defaults, for whoever has no limit of their own. All bars here are program bars."""

    reference: Limit = Limit(count=4, period="quarter")
    customer: Limit = Limit(count=6, period="quarter")
    min_gap_days: Days = 14
    asks: Limit = Limit(count=6, period="quarter")


class ActivityRules(Rules):
    """How one activity type is approved and routed, by the code of the type."""

    owner_approval: Literal["always", "first", "never"] = "always"
    routing: Literal["manager", "self_service"] = "manager"


class Live(Rules):
    """Live activities are kept for serious deals. An empty stage or a size of 0 stands for any."""

    earliest_stage: str = ""
    least_amount: Annotated[float, Field(ge=0)] = 0


class Content(Rules):
    """Deals that have not reached this stage are offered a fitting story before a person is asked. Empty: never."""

    first_before: str = ""


class Risk(Rules):
    """When an account is better left alone: a program bar for minor escalations and before a renewal."""

    renewal_window_days: Days = 30
    severe_case_priorities: list[str] = ["critical", "highest", "1"]


class Deadlines(Rules):
    """Days count as working days Monday to Friday unless said otherwise.

    `owner_days` is the owner's, and the deputy's after them. The last day of a reservation is the managers'.
    """

    answer_days: Days = 5
    owner_days: Days = 1
    lead_days: Days = 1
    reservation_days: Annotated[int, Field(ge=1, le=3)] = 3
    consent_recheck_months: Annotated[int, Field(ge=1, le=120)] = 12


class Reminders(Rules):
    """Who is reminded after how many working days of silence, of the person addressed and in their working hours. 0 days: never.

    `reference_most` is how often a reference is reminded of one ask, `most` how often a colleague is before their silence is told on.
    """

    owner_days: Days = 1
    reference_days: Days = 3
    reference_most: Annotated[int, Field(ge=0, le=3)] = 1
    requester_days: Days = 2
    manager_days: Days = 1
    most: Annotated[int, Field(ge=0, le=5)] = 2
    opens: Annotated[int, Field(ge=0, le=12)] = 9
    closes: Annotated[int, Field(ge=13, le=24)] = 17


class Priority(Rules):
    """By how many days a deal moves its request forward in the queue: one of `large_amount` (base currency), one in the last stage."""

    large_amount: Annotated[float, Field(ge=1)] = 250_000
    amount_days: Annotated[int, Field(ge=0, le=60)] = 3
    stage_days: Annotated[int, Field(ge=0, le=60)] = 2


class Ageing(Rules):
    """When a waiting thing turns amber and red, in days."""

    wait: Days = 2
    late: Days = 5


class Weights(Rules):
    """Points of each part of a match's score. Their sum is made to be 100."""

    facets: Points = 40
    story: Points = 25
    persona: Points = 5
    grades: Points = 10
    freshness: Points = 5
    fairness: Points = 10
    relationship: Points = 5


class Policy(Rules):
    """All rules of the program. `base_currency` is an ISO 4217 code, `time_zone` an IANA name."""

    company: str = "Our company"
    base_currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    time_zone: str = "UTC"
    limits: Limits = Limits()
    activities: dict[str, ActivityRules] = {}
    live: Live = Live()
    content: Content = Content()
    risk: Risk = Risk()
    deadlines: Deadlines = Deadlines()
    ageing: Ageing = Ageing()
    reminders: Reminders = Reminders()
    priority: Priority = Priority()
    weights: Weights = Weights()
    reservations_beyond_wanted: Annotated[int, Field(ge=0, le=5)] = 2

    def for_activity(self, code: str) -> ActivityRules:
        """The rules of one activity type; the defaults where the policy says nothing of it."""
        return self.activities.get(code, ActivityRules())


def odd(policy: Policy) -> Iterator[tuple[str, str]]:
    """What no single rule can tell: the dotted path of a rule that does not go with the others, and the sentence that says so.

    A rule outside its own bounds, which a copy of a policy may hold, is odd too.
    """
    try:
        Policy.model_validate(policy.model_dump(mode="json"))
    except ValidationError as error:
        yield from ((".".join(map(str, part["loc"])), f"{'.'.join(map(str, part['loc']))}: {part['msg']}") for part in error.errors())
        return
    if policy.time_zone not in available_timezones():
        yield "time_zone", f"{policy.time_zone} is not a time zone. Write a name such as Europe/Oslo."
    if policy.base_currency not in list_currencies():
        yield "base_currency", f"{policy.base_currency} is not a currency. Write three letters, such as EUR or USD."
    if policy.ageing.late < policy.ageing.wait:
        yield "ageing.late", "Red comes after amber: write as many days or more."
    if policy.deadlines.owner_days + policy.deadlines.lead_days >= policy.deadlines.reservation_days:
        yield "deadlines.lead_days", "Owner and lead together take fewer days than a proposal holds a slot: a manager needs one."
    if not any(policy.weights.model_dump().values()):
        yield "weights.facets", "At least one part of the score needs points."


def newest() -> PolicyVersion | None:
    """The version in force, or none before the program is set up."""
    return PolicyVersion.objects.order_by("-id").first()


def in_force() -> Policy:
    """The rules that judge every move now; the defaults before the program is set up."""
    version = newest()
    return Policy.model_validate(version.rules) if version else Policy()


def day_here(moment: datetime, policy: Policy | None = None) -> date:
    """The day it is at that moment where the program is at home. `policy` is the one in force, where the caller has read it."""
    return moment.astimezone(ZoneInfo((policy or in_force()).time_zone)).date()


def difference(before: dict[str, Any], after: dict[str, Any], path: str = "") -> dict[str, list[Any]]:
    """What differs between two policies as JSON: dotted path to [before, after]."""
    changed: dict[str, list[Any]] = {}
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            changed |= difference(old, new, f"{path}{name}.")
        elif old != new:
            changed[f"{path}{name}"] = [old, new]
    return changed

"""For each bar the facts that put it, and nothing else, between us and somebody who may be asked.

They are written as rows, so that they owe nothing to the rules that read them. Each bar has several obstacles; each alone is enough.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils import timezone

from firsthand.core.words_key import key
from firsthand.customers.models import Account, Contact, Signal, Touch
from firsthand.deals.models import Opportunity, Stage
from firsthand.program.models import ActivityType, FacetValue, PolicyVersion
from firsthand.program.policy import in_force
from firsthand.proofs.company import EARLY
from firsthand.proofs.facts import period_of
from firsthand.references.models import Consent, Engagement, Hold, NoGo, Reference, ReferenceAccount, ReferenceTopic, Willingness
from firsthand.requests.models import ReferenceRequest

NO_LIMITS = {
    "reference": {"count": 0, "period": "quarter"},
    "customer": {"count": 0, "period": "quarter"},
    "asks": {"count": 0, "period": "quarter"},
    "min_gap_days": 0,
}
FREE = {"limits": NO_LIMITS, "live": {"earliest_stage": "", "least_amount": 0}, "risk": {"renewal_window_days": 30}}


@dataclass(frozen=True)
class Case:
    """Somebody in whose way nothing stands, and what they are wanted for; `day` is that of the slot, after today."""

    reference: Reference
    neighbor: Reference
    reference_request: ReferenceRequest
    deal: Opportunity
    today: date
    day: date

    @property
    def contact(self) -> Contact:
        return self.reference.contact

    @property
    def account(self) -> Account:
        return self.reference.contact.account

    @property
    def standing(self) -> ReferenceAccount:
        return self.reference.reference_account

    @property
    def activity_type(self) -> ActivityType:
        return self.reference_request.activity_type


Obstacle = Callable[[Case], object]


def change(row: Model, **facts: Any) -> None:
    """Write columns over, and nothing beside them."""
    type(row)._base_manager.filter(pk=row.pk).update(**facts)


def rule(**changes: Any) -> None:
    """A new version of the policy with these parts changed, each as far as it says."""
    rules = in_force().model_dump(mode="json")
    for part, words in changes.items():
        rules[part] = {**rules[part], **words} if isinstance(words, dict) else words
    PolicyVersion.objects.create(rules=rules, reason="For the case")


def clear_the_way(reference: Reference, today: date) -> None:
    """Whatever kept this reference from being asked is over."""
    contact, standing = reference.contact, reference.reference_account
    for holds in (Hold.objects.filter(reference=reference), Hold.objects.filter(reference_account=standing)):
        holds.update(lifted_at=timezone.now())
    Signal.objects.filter(account=contact.account, resolved_on=None).update(resolved_on=today)
    for rows in (NoGo.objects.filter(reference=reference), NoGo.objects.filter(reference_account=standing)):
        rows.delete()
    ReferenceTopic.objects.filter(reference=reference).delete()
    Willingness.objects.filter(reference=reference).delete()
    change(standing, disclosure="named", limit_count=None)
    change(reference, status="active", disclosure="", limit_count=None, min_gap_days=None)
    change(contact, left_on=None)
    change(contact.person, unsubscribed_at=None, limit_count=None)
    change(contact.account, renewal_date=None, is_hidden=False)
    say(reference, today, "given")


def say(reference: Reference, today: date, kind: str, *, until: date | None = None, only: ActivityType | None = None) -> None:
    """One more entry of the ledger, for everything or for one activity alone."""
    gives = kind not in {"withdrawn", "refused"}
    evidence = {"method": "mail", "evidence": "a mail"} if gives else {}
    entry = Consent.objects.create(
        contact=reference.contact, kind=kind, covers_all=gives and only is None, given_on=today, until=until, **evidence
    )
    if only is not None:
        entry.scope.create(activity_type=only)


def another_activity(case: Case) -> ActivityType:
    return ActivityType.objects.exclude(pk=case.activity_type.pk).order_by("pk")[0]


def used(case: Case, day: date, *, by: Reference | None = None, missed_by: str = "") -> None:
    """A slot that counts on that day: it was held, or the prospect did not come."""
    state = Engagement.State.MISSED if missed_by else Engagement.State.HELD
    facts = {"reference": by or case.reference, "activity_type": case.activity_type, "missed_by": missed_by}
    Engagement.objects.create(day=day, state=state, **facts)


def asked(case: Case, day: date) -> None:
    """The person was asked for something else on that day."""
    at = datetime.combine(day, time(12), ZoneInfo(in_force().time_zone))
    Touch.objects.create(person=case.contact.person, door="ask", about_kind="ask", about_id=10**9, planned_at=at, sent_at=at)


def edge(day: date, period: str, step: int) -> date:
    """The first (`step` -1) or last (1) day of the month, quarter or year that holds the day."""
    one = timedelta(days=step)
    while period_of(day + one, period) == period_of(day, period):
        day += one
    return day


def days(number: int) -> timedelta:
    return timedelta(days=number)


def holds(kind: str) -> tuple[Obstacle, ...]:
    """On the person or the customer; for good, for today alone, for the day itself alone."""
    facts = {"kind": kind, "reason": "Busy"}
    return (
        lambda case: Hold.objects.create(reference=case.reference, starts_on=case.today, **facts),
        lambda case: Hold.objects.create(reference_account=case.standing, starts_on=case.today - days(9), **facts),
        lambda case: Hold.objects.create(reference=case.reference, starts_on=case.today, until=case.today, **facts),
        lambda case: Hold.objects.create(reference_account=case.standing, starts_on=case.day, until=case.day, **facts),
    )


def escalated(severity: str) -> tuple[Obstacle, ...]:
    facts = {"kind": "escalation", "severity": severity}
    return (lambda case: Signal.objects.create(account=case.account, happened_on=case.today - days(3), **facts),)


def a_company(name: str) -> Account:
    return Account.objects.create(name=name, key=key(name))


def a_daughter(of: Account) -> Account:
    top = of.family or of
    return Account.objects.create(name="Dotter Holding", key="dotter holding", parent=of, family=top)


def a_mother(of: Account) -> Account:
    """A company above this one, which is above whatever stood below it."""
    top = Account.objects.create(name="Moder Holding", key="moder holding")
    change(top, family=top)
    change(of, parent=top)
    Account.objects.filter(family=of).update(family=top)
    return top


def typed(case: Case, name: str) -> None:
    """The deal was typed: its prospect is a name and no account."""
    change(case.deal, account=None, prospect_name=name)


def no_go(case: Case, name: str) -> None:
    NoGo.objects.create(reference=case.reference, name=name, key=key(name))


def several(*steps: Obstacle) -> Obstacle:
    def all_of(case: Case) -> None:
        for step in steps:
            step(case)

    return all_of


def prospect(case: Case) -> Account:
    assert case.deal.account is not None
    return case.deal.account


def topic(case: Case) -> FacetValue:
    """What is asked for, which is a kind of something."""
    return case.reference_request.criteria.get().value


OBSTACLES: Mapping[str, tuple[Obstacle, ...]] = {
    "left": (
        lambda case: change(case.contact, left_on=case.today),
        lambda case: change(case.contact, left_on=case.day),
        lambda case: change(case.reference, status="alumni"),
        lambda case: change(case.reference, status="retired"),
    ),
    "consent": (
        lambda case: say(case.reference, case.today, "withdrawn"),
        lambda case: say(case.reference, case.today, "refused"),
        lambda case: say(case.reference, case.today, "given", until=case.today - days(1)),
        lambda case: say(case.reference, case.today, "given", until=case.day - days(1)),
        lambda case: say(case.reference, case.today, "narrowed", only=another_activity(case)),
    ),
    "unsubscribed": (lambda case: change(case.contact.person, unsubscribed_at=timezone.now()),),
    "legal_hold": holds("legal"),
    "severe_escalation": escalated("severe"),
    "disclosure": (
        lambda case: change(case.standing, disclosure="internal"),
        lambda case: change(case.reference, disclosure="internal"),
        lambda case: change(case.reference, disclosure="hidden"),
        lambda case: change(case.reference_request, audience="press"),
        lambda case: change(case.activity_type, audience="public"),
        several(
            lambda case: change(case.reference_request, audience="analysts"),
            lambda case: change(case.standing, disclosure="anonymous"),
        ),
    ),
    "family": (
        lambda case: change(case.deal, account=case.account),
        lambda case: change(case.deal, account=a_daughter(case.account)),
        lambda case: change(case.deal, account=a_mother(case.account)),
        lambda case: typed(case, case.account.name.upper()),
    ),
    "no_go": (
        lambda case: NoGo.objects.create(reference=case.reference, account=prospect(case)),
        lambda case: NoGo.objects.create(reference_account=case.standing, name=prospect(case).name, key=prospect(case).key),
        lambda case: NoGo.objects.create(reference_account=case.standing, account=a_daughter(prospect(case))),
        several(lambda case: typed(case, "Zephyr Foods"), lambda case: no_go(case, "ZEPHYR foods")),
        several(lambda case: change(case.reference_request, outlet="Gartner"), lambda case: no_go(case, "GARTNER")),
        several(
            lambda case: change(case.reference_request, outlet="Stranger Holding Forum"),
            lambda case: change(case.deal, account=None, prospect_name=""),
            lambda case: NoGo.objects.create(reference_account=case.standing, account=a_company("Stranger Holding")),
        ),
    ),
    "resting": (lambda case: change(case.reference, status="resting"),),
    "paused": holds("own"),
    "owner_hold": holds("owner"),
    "unwilling": (lambda case: case.reference.willingness.create(activity_type=case.activity_type, answer="no"),),
    "audience": (
        lambda case: case.reference.willingness.create(activity_type=case.activity_type, to_prospects=False),
        several(
            lambda case: change(case.standing, disclosure="public"),
            lambda case: change(case.reference_request, audience="press"),
            lambda case: case.reference.willingness.create(activity_type=case.activity_type, to_press=False),
        ),
        several(
            lambda case: change(case.standing, disclosure="public"),
            lambda case: change(case.activity_type, audience="public"),
            lambda case: case.reference.willingness.create(activity_type=case.activity_type, to_public=False),
        ),
        several(
            lambda case: change(case.standing, disclosure="public"),
            lambda case: change(case.reference_request, audience="public"),
            lambda case: change(case.activity_type, audience="press"),
            lambda case: case.reference.willingness.create(activity_type=case.activity_type, to_press=False),
        ),
    ),
    "topic": (
        lambda case: case.reference.topics.create(value=topic(case), is_welcome=False),
        lambda case: case.reference.topics.create(value=FacetValue.objects.get(children=topic(case)), is_welcome=False),
    ),
    "own_limit": (
        several(
            lambda case: change(case.reference, limit_count=1, limit_period="quarter"),
            lambda case: used(case, edge(case.day, "quarter", -1)),
        ),
        several(
            lambda case: change(case.contact.person, limit_count=1, limit_period="year"),
            lambda case: used(case, edge(case.day, "year", -1)),
        ),
        several(
            lambda case: case.reference.willingness.create(activity_type=case.activity_type, limit_count=1, limit_period="month"),
            lambda case: used(case, edge(case.day, "month", 1), missed_by="prospect"),
        ),
        lambda case: change(case.reference, limit_count=0),
    ),
    "own_gap": (
        several(lambda case: change(case.reference, min_gap_days=10), lambda case: used(case, case.day - days(9))),
        several(lambda case: change(case.reference, min_gap_days=10), lambda case: used(case, case.day + days(9))),
        several(lambda case: change(case.reference, min_gap_days=10), lambda case: asked(case, case.today - days(9))),
    ),
    "stage": (
        several(
            lambda case: rule(live={"earliest_stage": "proposal"}),
            lambda case: change(case.deal, stage=Stage.objects.get(key=EARLY)),
        ),
    ),
    "size": (lambda case: rule(live={"least_amount": 431_208}),),
    "default_limit": (
        several(
            lambda case: rule(limits={"reference": {"count": 1, "period": "quarter"}}),
            lambda case: used(case, edge(case.day, "quarter", 1)),
        ),
        several(
            lambda case: rule(limits={"reference": {"count": 1, "period": "year"}}),
            lambda case: used(case, edge(case.day, "year", -1), missed_by="prospect"),
        ),
    ),
    "customer_limit": (
        several(
            lambda case: change(case.standing, limit_count=1, limit_period="quarter"),
            lambda case: used(case, edge(case.day, "quarter", -1), by=case.neighbor),
        ),
        several(
            lambda case: rule(limits={"customer": {"count": 1, "period": "month"}}),
            lambda case: used(case, edge(case.day, "month", 1), by=case.neighbor),
        ),
    ),
    "default_gap": (
        several(lambda case: rule(limits={"min_gap_days": 14}), lambda case: used(case, case.day - days(13))),
        several(lambda case: rule(limits={"min_gap_days": 14}), lambda case: asked(case, case.today - days(13))),
    ),
    "ask_limit": (
        several(
            lambda case: rule(limits={"asks": {"count": 1, "period": "quarter"}}),
            lambda case: asked(case, edge(case.today, "quarter", -1)),
        ),
    ),
    "minor_escalation": (*escalated("minor"), *escalated("")),
    "renewal": (
        lambda case: change(case.account, renewal_date=case.day),
        lambda case: change(case.account, renewal_date=case.day + days(30)),
    ),
}

"""Requests and asks at every step, for tests. The cast: Sam requests, Ana owns the account, Mia manages, Rae is asked."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from firsthand.customers.builders import make_account
from firsthand.history.models import Message
from firsthand.people.builders import ana, mia, sam
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.program.models import ActivityType, PolicyVersion
from firsthand.program.policy import Deadlines, Limits, Policy
from firsthand.references.builders import make_reference
from firsthand.references.models import Engagement, Reference, Willingness
from firsthand.requests import actions
from firsthand.requests.models import Ask, ReferenceRequest

LOOSE = Policy(limits=Limits(min_gap_days=0), deadlines=Deadlines())


def make_policy(policy: Policy = LOOSE) -> PolicyVersion:
    """A policy without a gap, so that a test meets only the rule it is about."""
    return PolicyVersion.objects.create(rules=policy.model_dump(mode="json"), reason="For a test")


def make_cast() -> tuple[Colleague, Colleague, Colleague]:
    """Sam, Ana and Mia, made when they are missing."""
    found = {each.name.split()[0]: each for each in Colleague.objects.all()}
    return found.get("Sam") or sam(), found.get("Ana") or ana(), found.get("Mia") or mia()


def make_rae(name: str = "Rae Reference", *, company: str = "Ostvik Bank", limit: int | None = None) -> Reference:
    """A reference at a customer of Ana's."""
    _, owner, _ = make_cast()
    return make_reference(name, account=make_account(company, owner=owner), limit=limit)


def make_request(*, n_wanted: int = 1, needed_by: date | None = None, as_draft: bool = False) -> ReferenceRequest:
    """A request of Sam's for a reference call in ten days, without a deal."""
    requester, _, _ = make_cast()
    if not PolicyVersion.objects.exists():
        make_policy()
    wish = actions.Wish(
        activity_type=make_activity_type(),
        needed_by=needed_by or timezone.now().date() + timedelta(days=10),
        words="How long did the first close take?",
        n_wanted=n_wanted,
    )
    return actions.file_request(wish, by=requester, as_draft=as_draft)


def make_ask(
    status: str = Ask.Status.PROPOSED,
    *,
    reference_request: ReferenceRequest | None = None,
    reference: Reference | None = None,
) -> Ask:
    """An ask of Rae that has been brought to this status by the deeds of the cast."""
    _, owner, manager = make_cast()
    [ask] = actions.propose(reference_request or make_request(), [reference or make_rae()], by=manager)
    for step in WAY[status]:
        ask = step(ask, owner, manager)
    return ask


def form_sent(**changes: object) -> dict[str, str]:
    """A complete new request as its page sends it."""
    given = {
        "form_key": "6b1e7b6e-6f0e-4f0e-9d6c-0c8d3c2b1a01",
        "purpose": "deal",
        "activity": make_activity_type().code,
        "needed_by": "2026-03-20",
        "n_wanted": "1",
        "wish": "How long did the first close take?",
        "act": "submit",
    }
    return {name: str(value) for name, value in {**given, **changes}.items()}


def fresh(ask: Ask) -> Ask:
    """The ask as it stands now."""
    return Ask.objects.select_related("engagement", "reference_request", "occasion").get(pk=ask.pk)


def slot_of(ask: Ask) -> Engagement:
    """The slot of an ask that has one, as it stands now."""
    found = fresh(ask).engagement
    assert found is not None
    return found


def recipients(kind: str) -> list[str]:
    """Kinds of those to whom a mail of that kind was written, in order."""
    return list(Message.objects.filter(kind=kind, channel="mail").order_by("pk").values_list("recipient_kind", flat=True))


def group_call() -> ActivityType:
    """A group call that three requests may share."""
    made = make_activity_type("group-call")
    ActivityType.objects.filter(pk=made.pk).update(places=3)
    made.places = 3
    return made


def make_group_ask(*, reference: Reference, requester: Colleague, owner: Colleague, manager: Colleague) -> Ask:
    """A group call with this reference, fixed in three days, for a request of the requester's."""
    kind = group_call()
    Willingness.objects.get_or_create(reference=reference, activity_type=kind)
    wish = actions.Wish(kind, timezone.now().date() + timedelta(days=10), "How did it go?")
    [ask] = actions.propose(actions.file_request(wish, by=requester), [reference], by=manager)
    for step in WAY[Ask.Status.SCHEDULED]:
        ask = step(ask, owner, manager)
    return ask


def _approve(ask: Ask, owner: Colleague, manager: Colleague) -> Ask:
    return actions.approve(ask, by=owner)


def _send(ask: Ask, owner: Colleague, manager: Colleague) -> Ask:
    return actions.send(ask, by=manager)


def _accept(ask: Ask, owner: Colleague, manager: Colleague) -> Ask:
    return actions.accept(ask, by=ask.reference.contact)


def _introduce(ask: Ask, owner: Colleague, manager: Colleague) -> Ask:
    return actions.introduce(ask, by=manager)


def _schedule(ask: Ask, owner: Colleague, manager: Colleague) -> Ask:
    return actions.schedule(ask, by=manager, starts_at=timezone.now() + timedelta(days=3))


def _hold(ask: Ask, owner: Colleague, manager: Colleague) -> Ask:
    return actions.hold(ask, by=manager)


TO_SENT = (_approve, _send)
WAY: dict[str, tuple[Callable[[Ask, Colleague, Colleague], Ask], ...]] = {
    Ask.Status.PROPOSED: (),
    Ask.Status.APPROVED: (_approve,),
    Ask.Status.SENT: TO_SENT,
    Ask.Status.ACCEPTED: (*TO_SENT, _accept),
    Ask.Status.INTRODUCED: (*TO_SENT, _accept, _introduce),
    Ask.Status.SCHEDULED: (*TO_SENT, _accept, _schedule),
    Ask.Status.HELD: (*TO_SENT, _accept, _introduce, _hold),
}

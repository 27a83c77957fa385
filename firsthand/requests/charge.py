"""Who is in charge of a request: how much each manager has, and who may hand a request to whom."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from firsthand.people.models import Colleague
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import OPEN_FOR_ASKS

A = Ask.Status
NOT_YOURS = "A program manager hands a request over."
NO_NEW_REQUESTER = "A program manager gives a request a new requester."


@dataclass(frozen=True)
class Load:
    """What one manager has, or nobody: open requests, and those of them whose next step is the program's own."""

    manager: Colleague | None
    open: int
    on_us: int


def managers() -> "QuerySet[Colleague]":
    """Who can be in charge."""
    return Colleague.objects.active().filter(role=Colleague.Role.MANAGER)


def orphans() -> "QuerySet[ReferenceRequest]":
    """Open requests whose manager was deactivated or does not run the program any more."""
    return ReferenceRequest.objects.open().filter(manager__isnull=False).exclude(manager__in=managers().values("pk"))


def on_us() -> Q:
    """Requests that wait for a manager: to propose somebody, to send, or to answer where no owner does."""
    ours = Ask.objects.filter(Q(status=A.APPROVED) | Q(status=A.PROPOSED, approver=None))
    idle = ~Q(pk__in=Ask.objects.open().values("reference_request"))
    return Q(status__in=OPEN_FOR_ASKS) & (idle | Q(pk__in=ours.values("reference_request")))


def loads() -> list[Load]:
    """Each manager's load, by name; nobody's last, where there is any."""
    still = ReferenceRequest.objects.open().order_by().values_list("manager")
    counts = {pk: counts for pk, *counts in still.annotate(n=Count("pk"), ours=Count("pk", filter=on_us()))}
    found = [Load(each, *counts.get(each.pk, (0, 0))) for each in managers().order_by("name", "pk")]
    return [*found, Load(None, *counts[None])] if None in counts else found


def least_loaded_manager() -> Colleague | None:
    """Who gets the next request."""
    counted = managers().annotate(load=Count("managed_requests", filter=Q(managed_requests__status__in=ReferenceRequest.OPEN)))
    return counted.order_by("load", "pk").first()


def least_of(counts: dict[Colleague, int]) -> Colleague:
    """The same among managers whose load is known. Raises `ValueError` where there is none."""
    return min(counts, key=lambda each: (counts[each], each.pk))


def why_not_hand_over(by: Colleague, reference_request: ReferenceRequest, to: Colleague) -> str | None:
    """None when this colleague may put that manager in charge now, else the sentence."""
    if not by.runs_program:
        return NOT_YOURS
    if reference_request.status not in ReferenceRequest.OPEN:
        return f"{reference_request} is {reference_request.get_status_display().lower()}; nobody has to be in charge of it any more."
    if not (to.is_active and to.runs_program):
        return f"{to.name} does not run the program. Choose a program manager."
    if to.pk == reference_request.manager_id:
        return f"{to.name} is in charge of {reference_request} already."
    return None


def requesters() -> "QuerySet[Colleague]":
    """Who can be the requester: every colleague who works here and can be written to, but for administrators, who read no request."""
    return Colleague.objects.active().filter(email__isnull=False).exclude(role=Colleague.Role.ADMIN)


def why_not_requester(by: Colleague, reference_request: ReferenceRequest, to: Colleague) -> str | None:
    """None when this colleague may make that one the requester now, else the sentence."""
    if not by.runs_program:
        return NO_NEW_REQUESTER
    if reference_request.status not in ReferenceRequest.OPEN:
        return f"{reference_request} is {reference_request.get_status_display().lower()}; nobody has to ask for it any more."
    if not requesters().filter(pk=to.pk).exists():
        return f"{to.name} cannot ask for references. Choose somebody else."
    if to.pk == reference_request.requester_id:
        return f"{to.name} is the requester already."
    return None


def in_charge(rows: "QuerySet[ReferenceRequest]", whose: str, user: Colleague) -> "QuerySet[ReferenceRequest]":
    """The rows of one of `choices_of_charge`."""
    if whose == "mine":
        return rows.filter(manager=user)
    if whose == "nobody":
        return rows.filter(manager=None)
    return rows.exclude(manager=user).exclude(manager=None) if whose == "others" else rows.filter(manager=int(whose))


def choices_of_charge() -> tuple[tuple[str, str], ...]:
    """How a list narrows by who is in charge."""
    them = managers().order_by("name", "pk")
    return (("mine", "Me"), ("nobody", "Nobody"), ("others", "Somebody else"), *((str(each.pk), each.name) for each in them))

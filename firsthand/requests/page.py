"""What stands on a request's page for one reader: the next step, the steps, the asks with what may be done, what happened."""

from dataclasses import dataclass, field

from django.utils import timezone

from firsthand.core.ui.parts import Step
from firsthand.core.words import counted
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy, day_here, in_force
from firsthand.requests.acts import Act, request_acts
from firsthand.requests.ask_rows import AskRow, asks_of, row_of
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.next_step import Next, next_of
from firsthand.requests.wording import Happened, Teller

A, R = Ask.Status, ReferenceRequest.Status
SHOWN_EVENTS = 40


@dataclass(frozen=True)
class RequestPage:
    reference_request: ReferenceRequest
    steps: list[Step]
    next: Next
    rows: list[AskRow]
    happened: list[Happened]
    acts: list[Act] = field(default_factory=list)


def request_page(reference_request: ReferenceRequest, user: Colleague) -> RequestPage:
    """Everything on the page, in a fixed number of queries per ask."""
    now, policy = timezone.now(), in_force()
    asks = asks_of(reference_request)
    rows = [row_of(ask, user, policy, now) for ask in asks]
    every = Event.objects.filter(context_kind="referencerequest", context_id=reference_request.pk).select_related("words")
    events = every.order_by("-pk")[:SHOWN_EVENTS]
    return RequestPage(
        reference_request,
        steps=_steps(reference_request, asks, policy),
        next=next_of(reference_request, rows, user),
        rows=rows,
        happened=Teller(user, events, asks).tell(),
        acts=request_acts(reference_request, user),
    )


def whose_turn(reference_request: ReferenceRequest, user: Colleague) -> str:
    """Whose turn it is, in a sentence or two for a mail."""
    step = request_page(reference_request, user).next
    title = step.title if step.title.endswith("?") else f"{step.title}."
    return " ".join(filter(None, ["it is your turn." if step.is_mine else "", title, step.text]))


def _steps(reference_request: ReferenceRequest, asks: list[Ask], policy: Policy) -> list[Step]:
    """Draft, submitted, asking, confirmed, fulfilled; an end aside shows as the status."""
    agreed = [ask for ask in asks if ask.answered_at and ask.status in {A.ACCEPTED, A.INTRODUCED, A.SCHEDULED, A.HELD}]
    reached = [
        ("Draft", True, f"{day_here(reference_request.created_at, policy):%-d %b}"),
        ("Submitted", reference_request.submitted_at is not None, _submitted_note(reference_request, policy)),
        ("Asking", bool(asks), counted(len(asks), "ask") if asks else ""),
        ("Confirmed", len(agreed) >= reference_request.n_wanted, f"{len(agreed)} of {reference_request.n_wanted}"),
        ("Fulfilled", reference_request.status == R.FULFILLED, f"by {reference_request.needed_by:%-d %b}"),
    ]
    last = max((place for place, (_, is_reached, _) in enumerate(reached) if is_reached), default=0)
    is_over = reference_request.status == R.FULFILLED
    return [
        Step(label, "done" if place < last or is_over else "now" if place == last else "next", note)
        for place, (label, _, note) in enumerate(reached)
    ]


def _submitted_note(reference_request: ReferenceRequest, policy: Policy) -> str:
    at = reference_request.submitted_at
    return f"{day_here(at, policy):%-d %b}, by {reference_request.requester.name.split()[0]}" if at else ""

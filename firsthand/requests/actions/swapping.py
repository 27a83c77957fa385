"""Other people for a time that is fixed: in the place of a reference who cannot, or beside those who come, as a panel."""

from collections.abc import Sequence

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.references.models import Reference
from firsthand.requests.actions.lifting import lift_for_day, who_may_not_lift
from firsthand.requests.actions.meeting import day_of, others_on_slot
from firsthand.requests.actions.proposing import proposals, propose_one
from firsthand.requests.beside import why_apart, why_no_panel
from firsthand.requests.following import end_ask, follow
from firsthand.requests.letters import tell
from firsthand.requests.models import Ask
from firsthand.requests.moving import Locked, lock, moved_on, refuse_with
from firsthand.requests.permissions import bars_on, why_full, why_nobody_more
from firsthand.requests.who_may import who_may_not_request
from firsthand.requests.workflow import RequestMove

SOMEBODY_ELSE = "Somebody else is asked to take the time."
SHARED = "Other requests come to this time for the same person, so nobody else can take it over. Cancel this ask and ask somebody anew."
ELSEWHERE = "That person is asked to share another time for this request. Cancel that ask first."


@deed
def swap(ask: Ask, references: Sequence[Reference], *, by: Colleague, reason: str = "", exception: str = "", seen: str = "") -> list[Ask]:
    """Cancel a fixed ask and ask these references to take its time over. Gives the asks that may now do so.

    `exception` is a manager's reason to lift the program rules that stand against them on its day, for these asks alone.
    The occasion stays while one of them is open; the prospect hears once, when somebody took it over or when nobody can any more. Of a
    panel, which goes on, they hear at once who comes, and again when somebody takes the place.
    Raises `Refused`: 400 without another reference, 403 for who may not propose, 409 where no time stands,
    where others share it, or where a rule bars one of them.
    """
    scene, fresh, others = _begin(ask, references, by, exception, none="Choose at least one other reference to take the time.")
    if not fresh.is_ahead:
        raise Refused("There is no time ahead that somebody else could take.")
    if others_on_slot(fresh):
        raise Refused(SHARED)
    event = end_ask(fresh, by=by, reason=reason.strip()[:300] or SOMEBODY_ELSE, seen=seen, keeps_time=True)
    successors = [_ask_to_come(scene, fresh, each, by=by, exception=exception) for each in others]
    follow(scene)
    asked_now = [each for each in proposals(successors) if each.pk > event.pk]
    tell(event, fresh, [scene.reference_request.requester], by_mail=True, also=asked_now)
    return successors


@deed
def ask_along(host: Ask, references: Sequence[Reference], *, by: Colleague, exception: str = "", seen: str = "") -> list[Ask]:
    """Ask these references to come to the fixed time of an ask as well, for the same request. Gives the asks that may now do so.

    `exception` is a manager's reason to lift the program rules that stand against them on its day, for these asks alone.
    Nobody else hears before one of them says yes, which is a yes to that time. Raises `Refused`: 400 without another reference, 403 for
    who may not propose, 409 where no panel can come about (`why_no_panel`), or where a rule bars one of them.
    """
    scene, fresh, others = _begin(host, references, by, exception, none="Choose at least one other reference to come to the time.")
    if seen and seen != fresh.status:
        raise Refused(moved_on(fresh))
    refuse_with(why_no_panel(fresh))
    asked = [_ask_to_come(scene, fresh, each, by=by, exception=exception) for each in others]
    follow(scene)
    events = [record("ask_along", each, by=by.actor, context=scene.reference_request, host=fresh.pk) for each in asked]
    tell(events[0], scene.reference_request, [scene.reference_request.requester], by_mail=True, also=events[1:])
    return asked


def _begin(ask: Ask, references: Sequence[Reference], by: Colleague, exception: str, *, none: str) -> tuple[Locked, Ask, list[Reference]]:
    """The locked request with this ask of it, and the other references, each once. `none` is the sentence (400) where there are none."""
    others = sorted({each for each in references if each.pk != ask.reference_id}, key=lambda each: each.pk)
    if not others:
        raise Refused(none, status=400)
    scene = lock(ask.reference_request, and_references=others)
    refuse_with(who_may_not_request(by, RequestMove.ASK, scene.reference_request), status=403)
    refuse_with(who_may_not_lift(by) if exception.strip() else None, status=403)
    return scene, scene.ask(ask), others


def _ask_to_come(scene: Locked, host: Ask, reference: Reference, *, by: Colleague, exception: str) -> Ask:
    """The ask of this reference that is open already, else a new one for the day of the time."""
    coming = [*Ask.objects.beside(host), *([host] if host.status == Ask.Status.SCHEDULED else [])]
    refuse_with(why_apart(host, reference, coming, viewer=by))
    open_ask = next((each for each in scene.open_asks() if each.reference_id == reference.pk), None)
    if open_ask is None:
        refuse_with(why_nobody_more(scene.reference_request) or why_full(scene.reference_request))
        return propose_one(scene, reference, by=by, exception=exception, comes_to=host)
    if open_ask.status not in Ask.MAY_COME:
        raise Refused("That person has a time of their own for this request already.")
    if open_ask.joins_id is not None:
        raise Refused(ELSEWHERE)
    if host.occasion is not None:
        day = day_of(host.occasion.starts_at)
        lift_for_day(open_ask, day, by=by, reason=exception)
        refuse_with(next((bar.sentence for bar in bars_on(open_ask, day, viewer=by)), None))
    open_ask.comes_to = host
    open_ask.save(update_fields=["comes_to"])
    return open_ask

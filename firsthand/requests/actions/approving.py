"""The owner's four answers: let the program ask, I'll ask myself, not before a date, no."""

from datetime import date, timedelta

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.core.words import day_year
from firsthand.people.models import Colleague
from firsthand.references.actions import set_hold
from firsthand.references.models import Hold
from firsthand.requests.actions.answering import put_out
from firsthand.requests.actions.filing import said
from firsthand.requests.actions.standing import tell_what_stands
from firsthand.requests.checks import why_not_rest
from firsthand.requests.following import follow, release
from firsthand.requests.letters import managers_of, tell, write_ready_text
from firsthand.requests.models import Ask
from firsthand.requests.moving import lock, move_ask, refuse_with
from firsthand.requests.permissions import why_in_person
from firsthand.requests.routing import asker_in_person
from firsthand.requests.who_may import who_may_not
from firsthand.requests.workflow import AskMove

NOT_BEFORE = "the owner asks for time"


@deed
def approve(ask: Ask, *, by: Colleague, expected_grade: int | None = None, seen: str = "") -> Ask:
    """Let the program ask. `expected_grade` (1 to 5) is how well the owner thinks it will go.

    Raises `Refused` (409) for somebody unconfirmed: approved, the ask could never be sent.
    """
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    if fresh.status == Ask.Status.PROPOSED:
        refuse_with(why_in_person(fresh, by))
    event = move_ask(fresh, AskMove.APPROVE, by=by, seen=seen, approver=by, expected_grade=_grade(expected_grade))
    follow(scene)
    tell(event, fresh, managers_of(fresh.reference_request), by_mail=True)
    return fresh


@deed
def ask_in_person(ask: Ask, *, by: Colleague, expected_grade: int | None = None, seen: str = "") -> Ask:
    """The owner asks in person: approved, and out of the house from this moment. They get the text and record the answer."""
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    grade = _grade(expected_grade)
    move_ask(fresh, AskMove.APPROVE, by=by, seen=seen, approver=by, expected_grade=grade, door=Ask.Door.OWNER)
    event = put_out(fresh, by=by)
    write_ready_text(fresh, by)
    follow(scene)
    tell(event, fresh, [*managers_of(fresh.reference_request), fresh.reference_request.requester])
    return fresh


@deed
def give_to_owner(ask: Ask, *, by: Colleague, seen: str = "") -> Ask:
    """Approved, and unconfirmed since: whoever approved asks in person after all, and their record is the new consent.

    Where they cannot be reached it is the next who answers for the customer, or the manager who does this. Raises `Refused`: 403 for
    who may not send it, 409 where the program can ask or nobody is left to ask in person.
    """
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    refuse_with(who_may_not(by, AskMove.SEND, fresh), status=403)
    if fresh.status == Ask.Status.APPROVED and why_in_person(fresh, by) is None:
        raise Refused("Their consent is confirmed, so the program can ask. Send the ask.")
    asker = asker_in_person(fresh, by)
    if asker is None:
        raise Refused("Nobody answers for this customer now. Ask a program manager.")
    fresh.door, fresh.approver = Ask.Door.OWNER, asker
    event = put_out(fresh, by=by, seen=seen)
    fresh.save(update_fields=["door", "approver"])
    write_ready_text(fresh, asker)
    follow(scene)
    tell(event, fresh, [*managers_of(fresh.reference_request), fresh.reference_request.requester])
    return fresh


@deed
def postpone(ask: Ask, *, by: Colleague, until: date, reason: str, seen: str = "") -> Ask:
    """Not before a date: this ask ends refused, and a hold on the reference stands until the day before.

    What else is under way with them waits until then, too, and its people are told.

    The reason is for the owner's side and managers, so it is the hold's note; what a hold gives as its reason everybody reads.
    """
    words = said(reason, "Say why not before that day.", most=200)
    refuse_with(why_not_rest(until), status=400)
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    _refuse_ask(fresh, by=by, reason=f"Not before {day_year(until)}: {words}", seen=seen)
    set_hold(fresh.reference, kind=Hold.Kind.OWNER, by=by, reason=NOT_BEFORE, note=words, until=until - timedelta(days=1))
    follow(scene)
    tell_what_stands(fresh.reference, by=by.actor, from_day=until)
    return fresh


@deed
def refuse(ask: Ask, *, by: Colleague, reason: str, seen: str = "") -> Ask:
    """No, for this request only."""
    words = said(reason, "Say why not, in a few words. The program manager reads it.", most=300)
    scene = lock(ask.reference_request)
    fresh = scene.ask(ask)
    _refuse_ask(fresh, by=by, reason=words, seen=seen)
    follow(scene)
    return fresh


def _refuse_ask(ask: Ask, *, by: Colleague, reason: str, seen: str) -> None:
    event = move_ask(ask, AskMove.REFUSE, by=by, seen=seen, approver=by, refused_reason=reason)
    release(ask)
    tell(event, ask, managers_of(ask.reference_request), by_mail=True)
    tell(event, ask, [ask.reference_request.requester])


def _grade(grade: int | None) -> int | None:
    if grade is not None and not 1 <= grade <= 5:
        raise Refused("The expected grade is a number from 1 to 5.", status=400)
    return grade

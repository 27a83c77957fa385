"""What one reader may do with an ask: the tasks on its page, each with the form it needs."""

from dataclasses import replace

from django.utils import timezone

from firsthand.core.words import counted
from firsthand.people.models import Colleague
from firsthand.requests import guest_tasks
from firsthand.requests.actions.meeting import others_on_slot
from firsthand.requests.actions.thanking import standing_note, who_may_not_write, why_not_yet
from firsthand.requests.acts import moves_for
from firsthand.requests.beside import why_no_panel
from firsthand.requests.forms import CancelForm, CorrectionForm, LiftForm, OutcomeForm, PlacesForm, TimeForm, zone_of
from firsthand.requests.models import Ask, PersonalNote
from firsthand.requests.permissions import why_in_person, why_not
from firsthand.requests.places import taken, why_with_others
from firsthand.requests.recording import record_form
from firsthand.requests.routing import answers_for_owner, asker_in_person
from firsthand.requests.task import CANCEL_ID, CORRECTION_ID, LIFT_ID, Sent, Task, url_of
from firsthand.requests.times import time_fixed_already, times_to_choose
from firsthand.requests.unsettled import may_have_happened
from firsthand.requests.who_may import who_may_not_request
from firsthand.requests.wording import unreached
from firsthand.requests.workflow import AskMove, RequestMove

A, AM, RM, Kind = Ask.Status, AskMove, RequestMove, PersonalNote.Kind


def tasks_for(
    ask: Ask, user: Colleague, *, said: frozenset[str] = frozenset(), may_lift: bool = False, sent: Sent | None = None
) -> list[Task]:
    """In the order in which they come. What only a sentence of `said` keeps from is left out, since it stands on the page already.

    With `may_lift`, lifting what bars the ask comes first.
    """
    moves = moves_for(ask, user)
    before = (
        _approval,
        _sending,
        _in_person,
        _answer,
        guest_tasks.release,
        _time,
        _introduction,
        _places,
        guest_tasks.bring,
        _outcome,
        _swap,
        _panel,
        _cancellation,
    )
    makers = (*before, _thanks, _came_of_it, guest_tasks.how_it_was, guest_tasks.take_off, _correction)
    made = [_lifting(ask)] if may_lift else []
    made += [task for make in makers if (task := make(ask, user, moves)) is not None and task.why_not not in said]
    first = next((task.id for task in made if not (task.why_not or task.is_fold)), "")
    tasks = [replace(task, is_primary=task.id == first) for task in made]
    return [replace(task, form=sent.form, is_open=True) if sent and task.id == sent.task else task for task in tasks]


def _lifting(ask: Ask) -> Task:
    text = "It still counts against the limit, and the account owner sees it."
    form = LiftForm(initial={"seen": ask.status}, auto_id=LIFT_ID)
    return Task("exception", "Lift the rule this once", text, url_of("exception", ask), "Lift rule", form)


def _approval(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.APPROVE not in moves or not answers_for_owner(user, ask):
        return None
    return Task("approval", "Answer for the owner", "Four answers are possible.", url_of("approval", ask), "Answer", is_link=True)


def _sending(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.SEND not in moves:
        return None
    sentence = why_not(user, AM.SEND, ask) or ""
    return Task(
        "sending", "Send the ask", "They get a mail with a link and decide freely.", url_of("sending", ask), "Send ask", why_not=sentence
    )


def _in_person(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    """The way out where their consent is not confirmed any more since it was approved."""
    asker = asker_in_person(ask, user)
    if AM.SEND not in moves or why_in_person(ask, user) is None or asker is None:
        return None
    gets = "You get the text, and record" if asker == user else f"{asker.name} gets the text, and records"
    text = f"{gets} the answer as the new consent. Or cancel the ask."
    return Task("in-person", "Let the owner ask in person", text, url_of("in_person", ask), "Give it to the owner")


def _answer(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.ACCEPT not in moves:
        return None
    text = "How and when they said it is kept." if ask.door == Ask.Door.OWNER else "If they answered you and not the link."
    form = record_form(ask, user)
    return Task("answer", "Record their answer", text, url_of("ask_answer", ask), "Record answer", form)


def _swap(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.CANCEL not in moves or not ask.is_ahead or who_may_not_request(user, RM.ASK, ask.reference_request) is not None:
        return None
    if others_on_slot(ask):
        return None
    text = "They cannot come? The time stays in the prospect’s calendar while others are asked to take it."
    return Task("swap", "Swap the person", text, url_of("swap", ask), "See who could take it", is_link=True)


def _panel(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    """Where the request wants more references than have agreed, one time may serve several of them."""
    if who_may_not_request(user, RM.ASK, ask.reference_request) is not None or why_no_panel(ask) is not None:
        return None
    wanted, agreed = ask.reference_request.n_wanted, ask.reference_request.asks.filter(status__in=Ask.AGREED).count()
    text = f"{agreed} of {counted(wanted, 'reference')} wanted agreed so far. Whoever says yes comes to this time too, as on a panel."
    return Task("panel", "Ask somebody else to the same time", text, url_of("panel", ask), "See who could come", is_link=True)


def _thanks(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if not _may_write(ask, user, Kind.THANKS):
        return None
    return Task(
        "thanks", "Thank them", "A draft is ready, to change and send or to copy.", url_of("thanks", ask), "Write thank-you", is_link=True
    )


def _came_of_it(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if not _may_write(ask, user, Kind.CAME_OF_IT):
        return None
    text = "They helped with a decision and hear what came of it, without amounts or reasons."
    return Task("came-of-it", "Tell them what came of it", text, url_of("came_of_it", ask), "Write what came of it", is_link=True)


def _may_write(ask: Ask, user: Colleague, kind: str) -> bool:
    if (why_not_yet(kind, ask) or who_may_not_write(user, kind, ask)) is not None:
        return False
    return standing_note(ask, kind) is None


def _time(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    move = next((each for each in (AM.SCHEDULE, AM.RESCHEDULE) if each in moves), None)
    if move is None:
        return None
    zone = zone_of(user)
    fixed = time_fixed_already(ask)
    times, known = times_to_choose(ask, user, fixed), ask.occasion or fixed
    minutes = known.minutes if known else ask.reference_request.activity_type.minutes
    form = TimeForm(initial={"seen": ask.status, "minutes": minutes}, offered=times)
    if not times:
        del form.fields["offered"]
    elif fixed is not None:
        form.fields["offered"].label = "Times to choose from"
    title = "Fix a time" if move == AM.SCHEDULE else "Move the time"
    others = "It is moved for all who speak. " if Ask.objects.beside(ask).exists() else ""
    files = unreached(ask, user) or "Calendar files go to both sides, each in its own zone."
    text = f"{others}Times are those of {zone}. {files}"
    return Task("time", title, text, url_of("time", ask), str(move.label), form, why_not(user, move, ask) or "")


def _introduction(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.INTRODUCE not in moves:
        return None
    settle = "find a time" if ask.reference_request.activity_type.has_time else "settle it"
    text = f"Both get the other’s address and {settle} themselves. Later both are asked whether it happened."
    sentence = why_not(user, AM.INTRODUCE, ask) or ""
    return Task("introduction", "Or introduce them by mail", text, url_of("introduction", ask), "Introduce by mail", why_not=sentence)


def _places(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.RESCHEDULE not in moves or ask.occasion is None or ask.joins_id or not ask.reference_request.activity_type.is_shared:
        return None
    if why_with_others(ask.occasion) is not None:
        return None
    now_taken = taken(ask.occasion)
    text = f"{counted(now_taken, 'request')} of {ask.occasion.places} take part. Others may join without a slot, if the reference agrees."
    form = PlacesForm(initial={"seen": ask.status, "places": ask.occasion.places})
    return Task("places", "Who else may come", text, url_of("places", ask), "Save places", form)


def _outcome(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.HOLD not in moves:
        return None
    form = OutcomeForm(initial={"seen": ask.status}, may_be_missed=AM.MISS in moves)
    text, sentence = "It counts once, however many deals it serves.", why_not(user, AM.HOLD, ask) or ""
    return Task("outcome", "Did it happen?", text, url_of("outcome", ask), "Save", form, sentence)


def _correction(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.NOT_HELD not in moves:
        return None
    text = "The slot, the credit, the grade and the request are counted anew. The reason stands in the history."
    form = CorrectionForm(initial={"seen": ask.status}, auto_id=CORRECTION_ID)
    return Task("correction", "Correct the outcome", text, url_of("correction", ask), "Correct outcome", form, is_fold=True)


def _cancellation(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.CANCEL not in moves or may_have_happened(ask, timezone.now()):
        return None
    told = ask.status in {A.SENT, A.ACCEPTED, A.INTRODUCED, A.SCHEDULED}
    text = "The slot is given back, and the reference is told." if told else "The slot is given back. Nobody outside has been asked."
    form = CancelForm(initial={"seen": ask.status}, auto_id=CANCEL_ID)
    return Task("cancellation", "Cancel this ask", text, url_of("cancellation", ask), "Cancel ask", form, is_danger=True, is_fold=True)

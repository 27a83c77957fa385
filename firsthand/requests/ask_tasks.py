"""What one reader may do with an ask: the tasks on its page, each with the form it needs."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from firsthand.core.words import counted
from firsthand.deals.naming import sees_deal
from firsthand.people.models import Colleague
from firsthand.requests.actions.debriefing import why_not_ask_prospect
from firsthand.requests.actions.meeting import others_on_slot
from firsthand.requests.actions.thanking import standing_note, who_may_not_write, why_not_yet
from firsthand.requests.acts import moves_for
from firsthand.requests.beside import time_to_come, why_no_panel
from firsthand.requests.forms import (
    CancelForm,
    CorrectionForm,
    LiftForm,
    OutcomeForm,
    PlacesForm,
    TimeForm,
    zone_of,
)
from firsthand.requests.guest_forms import BringForm, InviteForm, ReleaseDebriefForm, TakeOffForm
from firsthand.requests.guests import coming, invited, names_of, reads_addresses
from firsthand.requests.models import Ask, Attendee, PersonalNote, ReferenceRequest
from firsthand.requests.permissions import why_in_person, why_not
from firsthand.requests.places import taken, why_with_others
from firsthand.requests.recording import record_form
from firsthand.requests.routing import answers_for_owner, asker_in_person
from firsthand.requests.unsettled import may_have_happened
from firsthand.requests.who_may import who_may_not, who_may_not_request
from firsthand.requests.wording import unreached
from firsthand.requests.workflow import AskMove, RequestMove

WITH_PEOPLE = (Ask.Status.ACCEPTED, Ask.Status.INTRODUCED, Ask.Status.SCHEDULED, Ask.Status.HELD, Ask.Status.MISSED)
# Beside other forms of the page.
OFF_ID, INVITE_ID, CORRECTION_ID, PROSPECT_ID = "id_off_%s", "id_invite_%s", "id_correction_%s", "id_prospect_%s"
LIFT_ID, CANCEL_ID = "id_lift_%s", "id_cancel_%s"
A, AM, RM, Kind = Ask.Status, AskMove, RequestMove, PersonalNote.Kind


@dataclass(frozen=True)
class Sent:
    """The form of a task as it was sent and refused, with what was typed and the complaint."""

    task: str
    form: forms.Form


@dataclass(frozen=True)
class Task:
    """A form on the page: what it does, where it goes. Where it may not be done the sentence stands in place of the form.

    `is_fold`: rarely wanted, so it stands closed; `is_open` once it was sent and refused.
    """

    id: str
    title: str
    text: str
    url: str
    submit: str
    form: forms.Form | None = None
    why_not: str = ""
    is_danger: bool = False
    is_link: bool = False
    is_fold: bool = False
    is_open: bool = False
    is_primary: bool = False


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
        _release,
        _time,
        _introduction,
        _places,
        _bring,
        _outcome,
        _swap,
        _panel,
        _cancellation,
    )
    makers = (*before, _thanks, _came_of_it, _prospect, _take_off, _correction)
    made = [_lifting(ask)] if may_lift else []
    made += [task for make in makers if (task := make(ask, user, moves)) is not None and task.why_not not in said]
    first = next((task.id for task in made if not (task.why_not or task.is_fold)), "")
    tasks = [replace(task, is_primary=task.id == first) for task in made]
    return [replace(task, form=sent.form, is_open=True) if sent and task.id == sent.task else task for task in tasks]


def _lifting(ask: Ask) -> Task:
    text = "It still counts against the limit, and the account owner sees it."
    form = LiftForm(initial={"seen": ask.status}, auto_id=LIFT_ID)
    return Task("exception", "Lift the rule this once", text, _url("exception", ask), "Lift rule", form)


def _approval(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.APPROVE not in moves or not answers_for_owner(user, ask):
        return None
    return Task("approval", "Answer for the owner", "Four answers are possible.", _url("approval", ask), "Answer", is_link=True)


def _sending(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.SEND not in moves:
        return None
    sentence = why_not(user, AM.SEND, ask) or ""
    return Task(
        "sending", "Send the ask", "They get a mail with a link and decide freely.", _url("sending", ask), "Send ask", why_not=sentence
    )


def _in_person(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    """The way out where their consent is not confirmed any more since it was approved."""
    asker = asker_in_person(ask, user)
    if AM.SEND not in moves or why_in_person(ask, user) is None or asker is None:
        return None
    gets = "You get the text, and record" if asker == user else f"{asker.name} gets the text, and records"
    text = f"{gets} the answer as the new consent. Or cancel the ask."
    return Task("in-person", "Let the owner ask in person", text, _url("in_person", ask), "Give it to the owner")


def _answer(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.ACCEPT not in moves:
        return None
    text = "How and when they said it is kept." if ask.door == Ask.Door.OWNER else "If they answered you and not the link."
    form = record_form(ask, user)
    return Task("answer", "Record their answer", text, _url("ask_answer", ask), "Record answer", form)


def _release(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.SCHEDULE not in moves or ask.status != A.ACCEPTED or not offered_times(ask, user):
        return None
    text = "They get a link to the times that were offered, in their own time zone, and may bring colleagues."
    last = invited(ask)
    again = {"attendee": last[0].name, "attendee_email": last[0].email if reads_addresses(ask, user) else ""} if last else {}
    if last:
        text = f"{last[0].name} has a link to them. Send it once more where it was lost, or where the times are others now."
    form = InviteForm(initial={"seen": ask.status, **again}, auto_id=INVITE_ID)
    return Task("times", "Let the prospect pick", text, _url("times", ask), "Send times", form, why_not(user, AM.SCHEDULE, ask) or "")


def _bring(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.RESCHEDULE not in moves or not ask.is_ahead:
        return None
    names = names_of(ask)
    text = f"From the other side {names} so far." if names else "Nobody of the other side is named yet."
    form = BringForm(initial={"seen": ask.status}, auto_id=INVITE_ID)
    return Task("bring", "Bring somebody along", text, _url("attendees", ask), "Send them the time", form, is_fold=True)


def _take_off(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    people = coming(ask, user) if ask.status in WITH_PEOPLE and who_may_not(user, AM.SCHEDULE, ask) is None else []
    if not people:
        return None
    text = "Their links end and nothing more is sent to them; a time they were told leaves their calendar."
    form = TakeOffForm(people=people, initial={"seen": ask.status}, auto_id=OFF_ID)
    return Task("off", "Take somebody off the list", text, _url("attendee_removal", ask), "Take off", form, is_fold=True)


def _swap(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.CANCEL not in moves or not ask.is_ahead or who_may_not_request(user, RM.ASK, ask.reference_request) is not None:
        return None
    if others_on_slot(ask):
        return None
    text = "They cannot come? The time stays in the prospect’s calendar while others are asked to take it."
    return Task("swap", "Swap the person", text, _url("swap", ask), "See who could take it", is_link=True)


def _panel(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    """Where the request wants more references than have agreed, one time may serve several of them."""
    if who_may_not_request(user, RM.ASK, ask.reference_request) is not None or why_no_panel(ask) is not None:
        return None
    wanted, agreed = ask.reference_request.n_wanted, ask.reference_request.asks.filter(status__in=Ask.AGREED).count()
    text = f"{agreed} of {counted(wanted, 'reference')} wanted agreed so far. Whoever says yes comes to this time too, as on a panel."
    return Task("panel", "Ask somebody else to the same time", text, _url("panel", ask), "See who could come", is_link=True)


def _thanks(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if not _may_write(ask, user, Kind.THANKS):
        return None
    return Task(
        "thanks", "Thank them", "A draft is ready, to change and send or to copy.", _url("thanks", ask), "Write thank-you", is_link=True
    )


def _came_of_it(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if not _may_write(ask, user, Kind.CAME_OF_IT):
        return None
    text = "They helped with a decision and hear what came of it, without amounts or reasons."
    return Task("came-of-it", "Tell them what came of it", text, _url("came_of_it", ask), "Write what came of it", is_link=True)


def _may_write(ask: Ask, user: Colleague, kind: str) -> bool:
    if (why_not_yet(kind, ask) or who_may_not_write(user, kind, ask)) is not None:
        return False
    return standing_note(ask, kind) is None


def _prospect(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if ask.status != A.HELD or user.pk != ask.reference_request.requester_id:
        return None
    if ask.debriefs.filter(side="prospect").exists():
        return None
    text = "They get a link for one tap. Nobody of the other side is asked unless you send it."
    form = release_form(ask)
    sentence = why_not_ask_prospect(ask, viewer=user) or ""
    return Task("prospect-debrief", "Ask the prospect how it was", text, _url("release_debrief", ask), "Ask the prospect", form, sentence)


def release_form(ask: Ask, data: QueryDict | None = None) -> ReleaseDebriefForm:
    """Whom to ask how it was: one of those who took part, or a name where nobody is known."""
    people = [(each.pk, each.name) for each in Attendee.objects.coming_to(ask).exclude(email="").order_by("pk")]
    return ReleaseDebriefForm(data, people=people, initial={"seen": ask.status}, auto_id=PROSPECT_ID)


def _time(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    move = next((each for each in (AM.SCHEDULE, AM.RESCHEDULE) if each in moves), None)
    if move is None:
        return None
    zone = zone_of(user)
    times = times_to_choose(ask, user)
    known = ask.occasion or time_to_come(ask)
    minutes = known.minutes if known else ask.reference_request.activity_type.minutes
    form = TimeForm(initial={"seen": ask.status, "minutes": minutes}, offered=times)
    if not times:
        del form.fields["offered"]
    elif len(times) > len(offered_times(ask, user)):
        form.fields["offered"].label = "Times to choose from"
    title = "Fix a time" if move == AM.SCHEDULE else "Move the time"
    others = "It is moved for all who speak. " if Ask.objects.beside(ask).exists() else ""
    files = unreached(ask, user) or "Calendar files go to both sides, each in its own zone."
    text = f"{others}Times are those of {zone}. {files}"
    return Task("time", title, text, _url("time", ask), str(move.label), form, why_not(user, move, ask) or "")


def _introduction(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.INTRODUCE not in moves:
        return None
    settle = "find a time" if ask.reference_request.activity_type.has_time else "settle it"
    text = f"Both get the other’s address and {settle} themselves. Later both are asked whether it happened."
    sentence = why_not(user, AM.INTRODUCE, ask) or ""
    return Task("introduction", "Or introduce them by mail", text, _url("introduction", ask), "Introduce by mail", why_not=sentence)


def _places(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.RESCHEDULE not in moves or ask.occasion is None or ask.joins_id or not ask.reference_request.activity_type.is_shared:
        return None
    if why_with_others(ask.occasion) is not None:
        return None
    now_taken = taken(ask.occasion)
    text = f"{counted(now_taken, 'request')} of {ask.occasion.places} take part. Others may join without a slot, if the reference agrees."
    form = PlacesForm(initial={"seen": ask.status, "places": ask.occasion.places})
    return Task("places", "Who else may come", text, _url("places", ask), "Save places", form)


def _outcome(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.HOLD not in moves:
        return None
    form = OutcomeForm(initial={"seen": ask.status}, may_be_missed=AM.MISS in moves)
    sentence = why_not(user, AM.HOLD, ask) or ""
    return Task("outcome", "Did it happen?", "It counts once, however many deals it serves.", _url("outcome", ask), "Save", form, sentence)


def _correction(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.NOT_HELD not in moves:
        return None
    text = "The slot, the credit, the grade and the request are counted anew. The reason stands in the history."
    form = CorrectionForm(initial={"seen": ask.status}, auto_id=CORRECTION_ID)
    return Task("correction", "Correct the outcome", text, _url("correction", ask), "Correct outcome", form, is_fold=True)


def _cancellation(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    if AM.CANCEL not in moves or may_have_happened(ask, timezone.now()):
        return None
    told = ask.status in {A.SENT, A.ACCEPTED, A.INTRODUCED, A.SCHEDULED}
    text = "The slot is given back, and the reference is told." if told else "The slot is given back. Nobody outside has been asked."
    form = CancelForm(initial={"seen": ask.status}, auto_id=CANCEL_ID)
    return Task("cancellation", "Cancel this ask", text, _url("cancellation", ask), "Cancel ask", form, is_danger=True, is_fold=True)


def times_to_choose(ask: Ask, user: Colleague) -> list[tuple[str, str]]:
    """The time they are asked to come to, if one is fixed and they said yes without it, and `offered_times`."""
    occasion = time_to_come(ask) if ask.status in {A.ACCEPTED, A.INTRODUCED} else None
    at = occasion.starts_at.astimezone(ZoneInfo(zone_of(user))) if occasion else None
    return [*([(at.isoformat(), f"{at:%a %-d %b, %H:%M}, the time that is fixed")] if at else []), *offered_times(ask, user)]


def offered_times(ask: Ask, user: Colleague) -> list[tuple[str, str]]:
    """Times the reference offered that are still to come: the moment, and how the reader's wall clock shows it.

    One that comes after the day it is needed by says so, and one after the deal closes to those who see the deal.
    """
    soon, zone = timezone.now() + timedelta(minutes=5), ZoneInfo(zone_of(user))
    times = [each.astimezone(zone) for each in ask.offered_times.filter(starts_at__gt=soon).values_list("starts_at", flat=True)]
    closes = _closes_on(ask.reference_request, user) if times else None
    return [(each.isoformat(), f"{each:%a %-d %b, %H:%M}{_too_late(ask.reference_request, closes, each.date())}") for each in times]


def _closes_on(reference_request: ReferenceRequest, user: Colleague) -> date | None:
    deal = reference_request.opportunity
    return deal.close_date if deal is not None and deal.close_date and sees_deal(user, deal) else None


def _too_late(reference_request: ReferenceRequest, closes: date | None, on: date) -> str:
    if closes is not None and on > closes:
        return f", after the deal closes on {closes:%-d %b}"
    return f", after {reference_request.needed_by:%-d %b}, the day it is needed by" if on > reference_request.needed_by else ""


def _url(name: str, ask: Ask) -> str:
    return reverse(f"requests:{name}", args=[ask.pk])

"""The tasks of an ask's page that are about people of the other side."""

from django.http import QueryDict

from firsthand.people.models import Colleague
from firsthand.requests.actions.debriefing import why_not_ask_prospect
from firsthand.requests.guest_forms import BringForm, InviteForm, ReleaseDebriefForm, TakeOffForm
from firsthand.requests.guests import coming, invited, names_of, reads_addresses
from firsthand.requests.models import Ask, Attendee
from firsthand.requests.permissions import why_not
from firsthand.requests.task import INVITE_ID, OFF_ID, PROSPECT_ID, Task, url_of
from firsthand.requests.times import offered_times
from firsthand.requests.who_may import who_may_not
from firsthand.requests.workflow import AskMove

A, AM = Ask.Status, AskMove
WITH_PEOPLE = (A.ACCEPTED, A.INTRODUCED, A.SCHEDULED, A.HELD, A.MISSED)


def release(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    """Let the prospect pick one of the times that were offered."""
    if AM.SCHEDULE not in moves or ask.status != A.ACCEPTED or not offered_times(ask, user):
        return None
    text = "They get a link to the times that were offered, in their own time zone, and may bring colleagues."
    last = invited(ask)
    again = {"attendee": last[0].name, "attendee_email": last[0].email if reads_addresses(ask, user) else ""} if last else {}
    if last:
        text = f"{last[0].name} has a link to them. Send it once more where it was lost, or where the times are others now."
    form = InviteForm(initial={"seen": ask.status, **again}, auto_id=INVITE_ID)
    return Task("times", "Let the prospect pick", text, url_of("times", ask), "Send times", form, why_not(user, AM.SCHEDULE, ask) or "")


def bring(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    """Bring somebody along to a time that is still to come."""
    if AM.RESCHEDULE not in moves or not ask.is_ahead:
        return None
    names = names_of(ask)
    text = f"From the other side {names} so far." if names else "Nobody of the other side is named yet."
    form = BringForm(initial={"seen": ask.status}, auto_id=INVITE_ID)
    return Task("bring", "Bring somebody along", text, url_of("attendees", ask), "Send them the time", form, is_fold=True)


def take_off(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    """Take somebody off the list, also once it was held."""
    people = coming(ask, user) if ask.status in WITH_PEOPLE and who_may_not(user, AM.SCHEDULE, ask) is None else []
    if not people:
        return None
    text = "Their links end and nothing more is sent to them; a time they were told leaves their calendar."
    form = TakeOffForm(people=people, initial={"seen": ask.status}, auto_id=OFF_ID)
    return Task("off", "Take somebody off the list", text, url_of("attendee_removal", ask), "Take off", form, is_fold=True)


def how_it_was(ask: Ask, user: Colleague, moves: set[str]) -> Task | None:
    """Ask the prospect how it was, where nobody of them told."""
    if ask.status != A.HELD or user.pk != ask.reference_request.requester_id:
        return None
    if ask.debriefs.filter(side="prospect").exists():
        return None
    text = "They get a link for one tap. Nobody of the other side is asked unless you send it."
    form = release_form(ask)
    sentence = why_not_ask_prospect(ask, viewer=user) or ""
    return Task("prospect-debrief", "Ask the prospect how it was", text, url_of("release_debrief", ask), "Ask the prospect", form, sentence)


def release_form(ask: Ask, data: QueryDict | None = None) -> ReleaseDebriefForm:
    """Whom to ask how it was: one of those who took part, or a name where nobody is known."""
    people = [(each.pk, each.name) for each in Attendee.objects.coming_to(ask).exclude(email="").order_by("pk")]
    return ReleaseDebriefForm(data, people=people, initial={"seen": ask.status}, auto_id=PROSPECT_ID)

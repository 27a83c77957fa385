"""The calendar files of a fixed time and its reminders: one for each side, however many references come for a request."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from firsthand.core.clock import FRIDAY
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.requests.letters import write, write_to_attendee, write_to_reference
from firsthand.requests.models import Ask, Attendee


def send_calendar_files(asks: Sequence[Ask], *, newly: Sequence[Ask]) -> None:
    """The file now, and the brief on the working day before at nine on the receiver's own clock, or with the file where that is past.

    `asks` are all that come to one time for one request, `newly` those of them for whom it is a new one. The others, and where there are
    others the requester and the other side too, read who comes.
    """
    first, kind = [*newly, *asks][0], "fixed" if len(newly) == len(asks) else "company"
    occasion, asked = first.occasion, first.reference_request
    if occasion is None:
        raise LookupError("There is no time to tell.")
    for each in asks:
        due = brief_due(occasion.starts_at, each.reference.contact.person.time_zone)
        write_to_reference("fixed" if each in newly else "company", each, sequence=occasion.sequence)
        write_to_reference("reminder", each, sequence=occasion.sequence, due_at=due)
    for to in (asked.requester, *Attendee.objects.coming_to(first).exclude(email="").order_by("pk")):
        send_time(to, first, kind=kind)


def send_time(to: Colleague | Attendee, ask: Ask, *, kind: str = "fixed", anew: int | None = None) -> None:
    """The same to the requester, or to one of the other side: the file, and the brief. `anew` is the event by which it is told again."""
    if ask.occasion is None:
        raise LookupError("There is no time to tell.")
    sequence, brief = ask.occasion.sequence, brief_due(ask.occasion.starts_at, to.time_zone)
    for each, due_at in ((kind, None), ("reminder", brief)):
        if isinstance(to, Attendee):
            write_to_attendee(each, to, ask, sequence=sequence, due_at=due_at)
        else:
            write(each, to, ask, sequence=sequence, due_at=due_at, anew=anew)


def pass_time_on(ask: Ask, before: Colleague, event: Event) -> None:
    """A time that was fixed before goes to whoever asks for it now, and out of the calendar of whoever asked before.

    They keep it where they come to it for another request. `event` is what gave the request another requester, perhaps one it had before.
    """
    if ask.occasion is None:
        return
    send_time(ask.reference_request.requester, ask, anew=event.pk)
    if ask.occasion.starts_at > timezone.now() and not comes_for_another(ask, before):
        write("passed_on", before, ask, sequence=ask.occasion.sequence, anew=event.pk)


def comes_for_another(ask: Ask, requester: Colleague) -> bool:
    """Whether a colleague comes to the time of an ask for a request of their own."""
    return Ask.objects.filter(occasion=ask.occasion_id, status=Ask.Status.SCHEDULED, reference_request__requester=requester).exists()


def brief_due(starts_at: datetime, zone: str) -> datetime:
    """When the brief leaves to whoever has these clocks: on the working day before, at once where that is past."""
    return max(reminded_at(starts_at, zone or in_force().time_zone), timezone.now())


def reminded_at(starts_at: datetime, zone: str) -> datetime:
    """Nine o'clock on the last working day before, on the wall clock of that zone."""
    day = starts_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while day.weekday() > FRIDAY:
        day -= timedelta(days=1)
    return datetime.combine(day, time(9), ZoneInfo(zone))

"""A panel at every step, and what it wrote to whom, for tests: Pia of Fennmark hears Rae and others."""

from datetime import timedelta

from django.utils import timezone
from icalendar import Calendar, Event

from firsthand.core.mail import Mail
from firsthand.deals.models import Opportunity
from firsthand.history.models import Message
from firsthand.program.builders import make_policy
from firsthand.references.models import Reference, Willingness
from firsthand.requests import actions, meeting_mail
from firsthand.requests.actions import Wish
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.builders import fresh, group_call, make_cast, make_rae
from firsthand.requests.models import Ask, Occasion, ReferenceRequest
from firsthand.testing.clock import NOW

AT = NOW + timedelta(days=3)
NAMES = ("Rae Reference", "Ria Second", "Rob Third", "Roy Fourth")


def somebody(number: int) -> Reference:
    """One of four references, each at a customer of their own."""
    first, *_ = NAMES[number].split()
    known = Reference.objects.filter(contact__person__first_name=first).first()
    found = known or make_rae(NAMES[number], company=f"{['Ostvik', 'Second', 'Third', 'Fourth'][number]} Bank")
    Willingness.objects.get_or_create(reference=found, activity_type=group_call())
    return found


def wanted(n: int = 3) -> ReferenceRequest:
    """A request for a group call with so many references, by a policy without a gap."""
    sam, _, _ = make_cast()
    make_policy(limits={"min_gap_days": 0})
    deal = Opportunity.objects.create(name="Rollout", prospect_name="Fennmark Mills", owner=sam)
    return actions.file_request(Wish(group_call(), NOW.date() + timedelta(days=20), "How did it go?", deal, n_wanted=n), by=sam)


def sent(ask: Ask) -> Ask:
    _, ana, mia = make_cast()
    return actions.send(actions.approve(ask, by=ana), by=mia)


def hosted(n: int = 3) -> Ask:
    """Rae's time in three days, with Pia of Fennmark."""
    _, _, mia = make_cast()
    [ask] = actions.propose(wanted(n), [somebody(0)], by=mia)
    actions.accept(sent(ask), by=ask.reference.contact)
    add_attendee(ask, name="Pia Prospect", email="pia@fennmark.example")
    return actions.schedule(ask, by=mia, starts_at=AT, minutes=50, place="https://meet.example/group")


def asked(host: Ask, number: int = 1) -> Ask:
    [ask] = actions.ask_along(host, [somebody(number)], by=make_cast()[2])
    return sent(ask)


def beside(host: Ask, number: int = 1) -> Ask:
    ask = asked(host, number)
    return fresh(actions.accept(ask, by=ask.reference.contact, takes_time=True))


def mails(kind: str, to: str) -> list[Mail]:
    """Those of a kind that would still go to contacts, colleagues or attendees."""
    rows = Message.objects.filter(kind=kind, recipient_kind=to).order_by("pk")
    made = {
        "fixed": meeting_mail.fixed,
        "company": meeting_mail.company,
        "unfixed": meeting_mail.unfixed,
        "reminder": meeting_mail.reminder,
    }
    return [made[kind](row, NOW) for row in rows if kind == "unfixed" or meeting_mail.why_not_fixed(row, timezone.now()) is None]


def event_of(mail: Mail) -> Event:
    [event] = Calendar.from_ical(mail.files[0].content).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def entry(mail: Mail) -> tuple[str, str]:
    """State and title of the calendar entry that a mail carries."""
    event = event_of(mail)
    assert str(event["uid"]) == f"{Occasion.objects.get().public_id}@firsthand"
    return str(event["status"]), str(event["summary"])

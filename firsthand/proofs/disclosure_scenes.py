"""Ways of one reference through the program, for the proof that no text says more than it may.

Each scene stops wherever mails or pages have changed; what stands by then is read as each reader gets it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import time_machine
from django.utils import timezone

from firsthand.customers.builders import make_account
from firsthand.customers.finding import refresh_contacts
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity, Stage, StageChange
from firsthand.history.models import Message
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.references.actions import record_consent
from firsthand.references.builders import make_reference
from firsthand.references.models import Consent, Reference, Willingness
from firsthand.requests import actions
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.builders import group_call, make_cast, make_policy
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.stories.builders import make_asset, make_story
from firsthand.stories.models import Asset, Story

PERSON, COMPANY, PARENT, DOMAIN = ("Raewyn", "Quillfeather"), "Ostvik", "Nordholm", "hjembanken"
EMAIL, PHONE = "direct.line@hjembanken.example", "+47 555 01 234"


@dataclass
class World:
    """Rae at Ostvik, a daughter of Nordholm; Sam wants her for a deal with Fennmark, from where Pia comes."""

    clock: time_machine.Traveller
    reference: Reference = field(init=False)

    def __post_init__(self) -> None:
        self.sam, self.ana, self.mia = make_cast()
        self.eve = make_colleague("Eve Outsider")
        make_policy()
        parent = make_account(f"{PARENT} Group")
        bank = make_account(f"{COMPANY} Bank", owner=self.ana, parent=parent)
        Account.objects.filter(pk=bank.pk).update(domain=f"{DOMAIN}.example")
        bank.refresh_from_db()
        self.reference = make_reference(" ".join(PERSON), account=bank)
        contact = self.reference.contact
        contact.email, contact.phone = EMAIL, PHONE
        contact.save(update_fields=["email", "phone"])
        refresh_contacts([contact])
        stage = Stage.objects.get_or_create(key="lost", defaults={"name": "Lost", "outcome": Stage.Outcome.LOST, "position": 90})[0]
        self.deal = Opportunity.objects.create(
            name="Atlas", prospect_name="Fennmark", owner=self.sam, amount=Decimal(420_000), currency="EUR"
        )
        self.lost = stage

    def request(self, code: str = "reference-call") -> ReferenceRequest:
        kind = group_call() if code == "group-call" else make_activity_type(code, is_live=code != "tender")
        Willingness.objects.get_or_create(reference=self.reference, activity_type=kind)
        day = timezone.now().date() + timedelta(days=20)
        wish = actions.Wish(kind, day, "How long did the first close take?", opportunity=self.deal)
        return actions.file_request(wish, by=self.sam)

    def proposed(self, code: str = "reference-call") -> Ask:
        found = self.request(code)
        if code == "tender":
            actions.set_window(found, by=self.sam, first=found.needed_by, last=found.needed_by + timedelta(days=9))
        [ask] = actions.propose(found, [self.reference], by=self.mia)
        add_attendee(ask, name="Pia Prospect", email="pia@prospect.example")
        return ask

    def sent(self, code: str = "reference-call") -> Ask:
        ask = actions.send(actions.approve(self.proposed(code), by=self.ana), by=self.mia)
        Message.objects.filter(kind="ask").update(state=Message.State.SENT)
        return ask

    def accepted(self, code: str = "reference-call") -> Ask:
        return actions.accept(self.sent(code), by=self.reference.contact)

    def scheduled(self, code: str = "reference-call", *, days: int = 3) -> Ask:
        return actions.schedule(self.accepted(code), by=self.sam, starts_at=timezone.now() + timedelta(days=days))

    def later(self, days: int) -> datetime:
        self.clock.shift(timedelta(days=days))
        return timezone.now()


Scene = Callable[[World], Iterator[None]]


def approved(world: World) -> Iterator[None]:
    """The owner is asked, reminded, and answers; the reference is asked, reminded, and says yes."""
    ask = world.proposed()
    yield
    actions.send_reminders(world.later(1))
    yield
    world.clock.shift(timedelta(hours=1))
    actions.send(actions.approve(ask, by=world.ana), by=world.mia)
    yield
    Message.objects.filter(kind="ask").update(state=Message.State.SENT)
    actions.send_reminders(world.later(5))
    yield
    actions.accept(ask, by=world.reference.contact)
    yield


def picked(world: World) -> Iterator[None]:
    """The prospect picks an offered time; it is held, and asked about on all sides."""
    ask = world.accepted()
    actions.offer_times(ask, by=world.reference.contact, times=[timezone.now() + timedelta(days=2)])
    pia = actions.let_pick(ask, by=world.sam, name="Per Partner", email="per@prospect.example")
    yield
    actions.pick_time(ask, ask.offered_times.get().pk, by=pia)
    yield
    world.later(3)
    actions.hold(ask, by=world.sam)
    actions.release_debrief(ask, pia, by=world.sam)
    yield
    yield from heard_by(world, "press")
    actions.send_reminders(world.later(5))
    yield
    actions.write_note(ask, by=world.ana, kind="thanks", words="Thank you for your time.")
    yield
    withdraw(world)
    yield


def withdraw(world: World) -> None:
    record_consent(world.reference.contact, kind=Consent.Kind.WITHDRAWN, by=world.ana.actor)


def heard_by(world: World, audience: str) -> Iterator[None]:
    """The same, as if it were for this audience."""
    ReferenceRequest.objects.update(audience=audience)
    yield
    ReferenceRequest.objects.update(audience="prospects")


def told_what_came_of_it(world: World) -> Iterator[None]:
    ask = world.scheduled()
    world.later(4)
    actions.hold(ask, by=world.sam)
    Opportunity.objects.update(outcome="lost")
    StageChange.objects.create(opportunity=world.deal, stage=world.lost, entered_at=timezone.now())
    actions.ask_what_came_of_it(timezone.now())
    yield
    actions.write_note(ask, by=world.sam, kind="came_of_it", words="They decided.", prospect_agreed=True)
    yield


def asked_in_person(world: World) -> Iterator[None]:
    ask = world.proposed()
    actions.ask_in_person(ask, by=world.ana)
    yield
    actions.send_reminders(world.later(3))
    yield
    actions.cancel(ask, by=world.mia, reason="They bought already.")
    yield


def introduced(world: World) -> Iterator[None]:
    actions.introduce(world.accepted(), by=world.mia)
    yield
    actions.ask_whether_it_happened(world.later(8))
    yield


def canceled(world: World) -> Iterator[None]:
    actions.cancel(world.sent(), by=world.mia)
    yield


def off_before_a_time_was_picked(world: World) -> Iterator[None]:
    """Whoever of the other side has the link says that no time suits, and hears that it is off."""
    ask = world.accepted()
    actions.offer_times(ask, by=world.reference.contact, times=[timezone.now() + timedelta(days=2)])
    per = actions.let_pick(ask, by=world.sam, name="Per Partner", email="per@prospect.example")
    Message.objects.filter(kind="pick_time").update(state=Message.State.SENT)
    actions.say_cannot(ask, by=per, words="Later in the week?")
    yield
    actions.cancel(ask, by=world.mia)
    yield
    withdraw(world)
    yield


def called_off(world: World) -> Iterator[None]:
    ask = world.scheduled()
    yield
    actions.schedule(ask, by=world.sam, starts_at=timezone.now() + timedelta(days=5))
    yield
    withdraw(world)
    actions.end_withdrawn(timezone.now())
    yield


def tendered(world: World) -> Iterator[None]:
    """A yes told in person, and what the sheet may show."""
    ask = world.proposed("tender")
    actions.ask_in_person(ask, by=world.ana)
    actions.record_answer(ask, by=world.ana, accepted=True, channel="by phone", day=timezone.now().date())
    yield
    Story.objects.create(account=world.reference.account, headline="Closing in a day")
    actions.agree_to_show(ask, by=world.reference.contact, items=("company", "name", "email", "phone"))
    yield


def shared(world: World) -> Iterator[None]:
    """A group call that a second request joins and leaves."""
    host = world.scheduled("group-call")
    ask = actions.join(world.request("group-call"), host, by=world.mia)
    add_attendee(ask, name="Pia Prospect", email="pia@prospect.example")
    yield
    actions.accept(ask, by=world.reference.contact)
    yield
    actions.cancel(ask, by=world.mia)
    yield


def on_a_panel(world: World) -> Iterator[None]:
    """Somebody of another customer is asked to the same time, which is moved; they come to it, and leave again."""
    host = world.scheduled("group-call")
    ReferenceRequest.objects.update(n_wanted=2)
    other = make_reference("Kim Other", account=make_account("Secunda Bank", owner=world.ana))
    Willingness.objects.create(reference=other, activity_type=group_call())
    [ask] = actions.ask_along(Ask.objects.get(pk=host.pk), [other], by=world.mia)
    actions.send(actions.approve(ask, by=world.ana), by=world.mia)
    yield
    Message.objects.filter(kind="ask").update(state=Message.State.SENT, sent_at=timezone.now())
    actions.schedule(Ask.objects.get(pk=host.pk), by=world.sam, starts_at=timezone.now() + timedelta(days=4))
    yield
    actions.accept(Ask.objects.get(pk=ask.pk), by=other.contact, takes_time=True)
    yield
    actions.cancel(Ask.objects.get(pk=ask.pk), by=world.mia)
    yield


def arranged_outside(world: World) -> Iterator[None]:
    said = actions.Outside(timezone.now().date(), make_activity_type(), world.reference.contact, opportunity=world.deal)
    logged = actions.log_outside(said, by=world.sam)
    yield
    actions.send_reminders(world.later(5))
    yield
    Message.objects.filter(kind="outside").update(state=Message.State.SENT)
    actions.retract_outside(logged, by=world.sam, reason="They canceled.")
    yield


def undone(world: World) -> Iterator[None]:
    """Approved and not sent, agreed without a time, introduced without a word: whoever does nothing is reminded of it."""
    ask = actions.approve(world.proposed(), by=world.ana)
    actions.send_reminders(world.later(2))
    yield
    ask = actions.accept(actions.send(ask, by=world.mia), by=world.reference.contact)
    actions.send_reminders(world.later(5))
    yield
    actions.introduce(ask, by=world.sam)
    actions.send_reminders(world.later(14))
    yield


def left_alone(world: World) -> Iterator[None]:
    """A request for a deal with the customer themselves: nobody answers, and whoever was in charge runs the program no more."""
    stand_in = make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    Opportunity.objects.update(account=world.reference.account, prospect_name="")
    found = world.request()
    actions.send_reminders(world.later(8))
    yield
    actions.ask_info(found, by=world.mia, question="Which modules?")
    yield
    for _ in range(6):
        actions.send_reminders(world.later(4))
        yield
    actions.give_info(found, by=world.sam, answer="Ledger.")
    actions.hand_over(found, to=stand_in, by=world.mia, reason="On leave")
    yield
    Colleague.objects.filter(pk=stand_in.pk).update(role=Colleague.Role.MEMBER)
    actions.hand_on_requests(timezone.now())
    yield
    story = make_story(world.reference.account, by=world.ana, headline="Closing in a day")
    make_asset(story, by=world.ana, reach=Asset.Reach.SENDABLE)
    actions.answer_with_content(found, by=world.mia, stories=[story])
    actions.send_reminders(world.later(8))
    yield


def passed_on(world: World) -> Iterator[None]:
    """Another colleague asks for it once the time is fixed."""
    ask = world.scheduled()
    Message.objects.filter(kind="fixed").update(state=Message.State.SENT)
    world.sam = make_colleague("Sue Second")
    actions.give_requester(ask.reference_request, to=world.sam, by=world.mia, reason="Sam is away")
    yield


def mistyped(world: World) -> Iterator[None]:
    """Whoever was told of a time at an address that was wrong is taken off, and the time is moved after that."""
    ask = world.scheduled()
    Message.objects.filter(kind="fixed").update(state=Message.State.SENT)
    actions.take_off(ask, ask.reference_request.attendees.get(), by=world.sam)
    yield
    actions.schedule(ask, by=world.sam, starts_at=timezone.now() + timedelta(days=5))
    yield


SCENES: Mapping[str, Scene] = {
    each.__name__: each
    for each in (
        *(approved, picked, told_what_came_of_it, asked_in_person, introduced),
        *(canceled, off_before_a_time_was_picked, called_off, tendered, shared, on_a_panel),
        *(arranged_outside, undone, left_alone, passed_on, mistyped),
    )
}

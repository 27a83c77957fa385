"""Two calls of one request: whoever comes to one of them hears nothing of the other."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.history.models import Message
from firsthand.program.builders import make_policy
from firsthand.requests import actions, brief
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, Attendance, Attendee, OfferedTime
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CIO, CFO = ("Cia Officer", "cia@prospect.example"), ("Finn Officer", "finn@prospect.example")
RAE, RIA = ("Rae", "Ostvik"), ("Ria", "Second")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def two_calls() -> tuple[Ask, Ask]:
    """Rae's, to which the CIO is invited, and Ria's with the CFO; both offered a time."""
    make_policy(limits={"min_gap_days": 0})
    found, both = make_request(n_wanted=2), (make_rae(), make_rae("Ria Second", company="Second Bank"))
    asks = [make_ask("accepted", reference_request=found, reference=each) for each in both]
    for days, ask, (name, email) in zip((3, 4), asks, (CIO, CFO), strict=True):
        actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=days)])
        actions.let_pick(ask, by=make_cast()[0], name=name, email=email)
    return asks[0], asks[1]


def fresh(ask: Ask) -> Ask:
    return Ask.objects.get(pk=ask.pk)


def guest(name: str) -> Attendee:
    return Attendee.objects.get(name=name)


def pick(ask: Ask, name: str) -> None:
    actions.pick_time(fresh(ask), OfferedTime.objects.get(ask=ask).pk, by=guest(name))


def read(name: str) -> str:
    """All mails that would leave to them, with what is attached, and every page behind their links."""
    to = Message.objects.filter(recipient_kind="attendee", recipient_id=guest(name).pk, channel="mail").order_by("pk")
    mails = [outbox.render(each, NOW) for each in to if outbox.why_not(each, NOW) is None]
    texts = [f"{mail.subject} {mail.parts} {[file.content for file in mail.files]}" for mail in mails]
    links = Link.objects.filter(purpose="pick", holder_id=guest(name).pk, revoked_at=None)
    return "\n".join(
        texts + [Client().get(address(each).removeprefix("http://127.0.0.1:8000"), follow=True).content.decode() for each in links]
    )


def names_in(text: str) -> set[str]:
    return {word for word in (*RAE, *RIA, *CIO[0].split()[:1], *CFO[0].split()[:1]) if word in text}


def kinds(name: str) -> list[str]:
    return list(
        Message.objects.filter(recipient_kind="attendee", recipient_id=guest(name).pk).order_by("pk").values_list("kind", flat=True)
    )


def hears_only_theirs() -> None:
    assert names_in(read(CIO[0])) == {*RAE, "Cia"}
    assert names_in(read(CFO[0])) <= {*RIA, "Finn"}


def test_whoever_comes_to_one_call_reads_nothing_of_the_other() -> None:
    of_rae, of_ria = two_calls()
    pick(of_rae, CIO[0])
    hears_only_theirs()
    assert (kinds(CIO[0]), kinds(CFO[0])) == (["pick_time", "fixed", "reminder"], ["pick_time"])
    actions.schedule(fresh(of_rae), by=make_cast()[0], starts_at=NOW + timedelta(days=5))
    hears_only_theirs()
    pick(of_ria, CFO[0])
    hears_only_theirs()
    assert kinds(CFO[0]) == ["pick_time", "fixed", "reminder"]
    for ask, name, with_them in ((of_rae, *CIO[:1], RAE), (of_ria, *CFO[:1], RIA)):
        found = brief.brief_for(fresh(ask), guest(name))
        assert (names_in(str(found)), [each for each, _ in found.who][1:]) == (set(with_them), [])
        of_reference = brief.brief_for(fresh(ask), ask.reference.contact)
        assert [each for each, _ in of_reference.who][1:] == [name]
    actions.cancel(fresh(of_rae), by=make_cast()[2], reason="They are ill")
    assert (kinds(CIO[0])[-1], "unfixed" in kinds(CFO[0])) == ("unfixed", False)
    assert names_in(read(CFO[0])) == {*RIA, "Finn"}


def test_a_swap_hands_on_those_who_come_and_nobody_else() -> None:
    of_rae, _ = two_calls()
    pick(of_rae, CIO[0])
    rob, mia = make_rae("Rob Third", company="Third Bank"), make_cast()[2]
    [successor] = actions.swap(fresh(of_rae), [rob], by=mia)
    sent = actions.send(actions.approve(successor, by=make_cast()[1]), by=mia)
    actions.accept(sent, by=rob.contact, takes_time=True)
    assert "Rob" in read(CIO[0])
    assert names_in(read(CFO[0])) == {*RIA, "Finn"}
    assert (kinds(CIO[0]).count("fixed"), kinds(CFO[0])) == (2, ["pick_time"])


def test_a_link_is_for_one_call_alone() -> None:
    _, of_ria = two_calls()
    with pytest.raises(Refused, match="This link is for another meeting"):
        pick(of_ria, CIO[0])
    with pytest.raises(Refused, match="Choose one of those who come"):
        actions.take_off(of_ria, guest(CIO[0]), by=make_cast()[0])


def test_whoever_is_taken_off_one_call_still_comes_to_the_other() -> None:
    of_rae, of_ria = two_calls()
    for ask, name in ((of_rae, CIO[0]), (of_ria, CFO[0])):
        pick(ask, name)
    actions.bring(fresh(of_ria), by=make_cast()[0], name=CIO[0], email=CIO[1])
    assert Attendee.objects.count() == 2
    Message.objects.filter(kind="fixed").update(state="sent")
    actions.take_off(fresh(of_rae), guest(CIO[0]), by=make_cast()[0])
    assert names_in(read(CIO[0])) == {*RIA, "Cia", "Finn"}
    actions.schedule(fresh(of_ria), by=make_cast()[0], starts_at=NOW + timedelta(days=6))
    assert names_in(read(CIO[0])) == {*RIA, "Cia", "Finn"}
    assert kinds(CIO[0]).count("unfixed") == 1


def test_whoever_is_asked_how_it_was_comes_to_nothing_else(clock: time_machine.Traveller) -> None:
    of_rae, of_ria = two_calls()
    sam, _, mia = make_cast()
    pick(of_rae, CIO[0])
    clock.shift(timedelta(days=3, hours=2))
    actions.hold(fresh(of_rae), by=mia)
    held = fresh(of_rae)
    asked = actions.release_debrief(held, by=sam, name="Kim Colleague", email="kim@prospect.example")
    assert not Attendee.objects.coming_to(held).filter(pk=asked.pk).exists()
    pick(of_ria, CFO[0])
    assert (kinds("Kim Colleague"), kinds(CIO[0]).count("fixed")) == (["prospect_debrief"], 1)
    with pytest.raises(Refused, match="Choose somebody who took part"):
        actions.release_debrief(held, guest(CFO[0]), by=sam)
    actions.take_off(held, asked, by=sam)
    assert [outbox.why_not(each, NOW) is None for each in Message.objects.filter(kind="prospect_debrief")] == [False]
    assert Link.objects.get(purpose="prospect_debrief").revoked_at is not None


def test_who_came_before_comes_to_what_they_were_told_else_to_all() -> None:
    from importlib import import_module  # noqa: PLC0415

    of_rae, of_ria = two_calls()
    Attendee.objects.create(reference_request=of_rae.reference_request, name="Nameless")
    Attendance.objects.all().delete()
    import_module("firsthand.requests.migrations.0019_whoever_was_told_comes").let_come(OldApps())
    rows = list(Attendance.objects.order_by("attendee", "ask").values_list("attendee__name", "ask"))
    assert rows == [(CIO[0], of_rae.pk), (CFO[0], of_ria.pk), ("Nameless", of_rae.pk), ("Nameless", of_ria.pk)]


class OldApps:
    """The tables as they were, in which somebody was taken off all at once."""

    def get_model(self, room: str, name: str) -> type:
        found = apps.get_model(room, name)
        if name == "Attendee":
            found.taken_off_at = None
        return found

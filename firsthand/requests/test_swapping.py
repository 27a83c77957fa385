"""Another person for the same time: the occasion stays if it can, and the prospect is told once."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from firsthand.core.refused import Refused
from firsthand.history.models import Message
from firsthand.program.policy import Limits, Policy
from firsthand.references.builders import make_engagement
from firsthand.references.models import Reference
from firsthand.requests import actions, meeting_mail
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.ask_tasks import tasks_for
from firsthand.requests.builders import make_ask, make_cast, make_policy, make_rae
from firsthand.requests.models import Ask, Occasion, ReferenceRequest
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A = Ask.Status


@pytest.fixture
def ria() -> Reference:
    return make_rae("Ria Second", company="Second Bank")


def scheduled() -> Ask:
    """A call of Rae's in three days, with Pia from the prospect; what was mailed so far is set aside."""
    ask = make_ask("accepted")
    add_attendee(ask, name="Pia Prospect", email="pia@prospect.example")
    actions.schedule(ask, by=make_cast()[0], starts_at=NOW + timedelta(days=3), place="https://meet.example/peer")
    Message.objects.all().delete()
    return Ask.objects.get(pk=ask.pk)


def swapped(ask: Ask, *others: Reference) -> list[Ask]:
    _, _, mia = make_cast()
    return actions.swap(ask, others, by=mia)


def brought_to_sent(ask: Ask) -> Ask:
    _, ana, mia = make_cast()
    actions.approve(ask, by=ana)
    return actions.send(ask, by=mia)


def told_pia() -> list[str]:
    return list(Message.objects.filter(recipient_kind="attendee").exclude(kind="reminder").order_by("pk").values_list("kind", flat=True))


def test_the_time_stays_and_the_prospect_is_told_in_one_mail(ria: Reference) -> None:
    ask = scheduled()
    first = ask.occasion
    assert first is not None
    [successor] = swapped(ask, ria)
    assert (Ask.objects.get(pk=ask.pk).status, told_pia()) == (A.CANCELED, [])
    assert list(Message.objects.filter(kind="unfixed").values_list("recipient_kind", flat=True)) == ["contact"]
    brought_to_sent(successor)
    actions.accept(successor, by=ria.contact, takes_time=True)

    successor.refresh_from_db()
    now = Occasion.objects.get()
    assert (successor.status, successor.occasion) == (A.SCHEDULED, now)
    assert (now.public_id, now.sequence, now.starts_at, now.place, now.canceled_at) == (
        first.public_id, 1, first.starts_at, "https://meet.example/peer", None,
    )  # fmt: skip
    assert told_pia() == ["fixed"]
    told = meeting_mail.fixed(Message.objects.get(kind="fixed", recipient_kind="attendee"), NOW)
    assert told.subject.startswith("Changed: Reference call with Ria Second, Second Bank")
    assert "Whoever was to talk to you before cannot" in told.text()
    assert "Rae" not in told.text()


def test_the_slot_of_the_successor_is_of_the_day_of_the_time(ria: Reference) -> None:
    [successor] = swapped(scheduled(), ria)
    assert successor.engagement is not None
    assert successor.engagement.day == (NOW + timedelta(days=3)).date()


def test_nobody_who_takes_over_ends_the_time_in_one_mail(ria: Reference) -> None:
    [successor] = swapped(scheduled(), ria)
    brought_to_sent(successor)
    actions.decline(successor, by=ria.contact)
    assert told_pia() == ["unfixed"]
    occasion = Occasion.objects.get()
    assert (occasion.canceled_at, occasion.sequence) == (NOW, 1)


def test_the_first_of_several_takes_it_and_the_others_are_let_go(ria: Reference) -> None:
    rob = make_rae("Rob Third", company="Third Bank")
    first, second = swapped(scheduled(), ria, rob)
    brought_to_sent(first)
    brought_to_sent(second)
    actions.accept(second, by=rob.contact, takes_time=True)
    assert [Ask.objects.get(pk=each.pk).status for each in (first, second)] == [A.CANCELED, A.SCHEDULED]
    assert told_pia() == ["fixed"]


def test_a_yes_without_the_time_keeps_it_for_the_seller_to_move(ria: Reference) -> None:
    ask = scheduled()
    [successor] = swapped(ask, ria)
    brought_to_sent(successor)
    actions.accept(successor, by=ria.contact)
    assert told_pia() == []
    actions.schedule(successor, by=make_cast()[0], starts_at=NOW + timedelta(days=5))
    assert (Occasion.objects.count(), told_pia()) == (1, ["fixed"])


def test_a_withdrawn_request_ends_the_kept_time(ria: Reference) -> None:
    ask = scheduled()
    swapped(ask, ria)
    actions.withdraw(ask.reference_request, by=make_cast()[0])
    assert told_pia() == ["unfixed"]


def passed(clock: time_machine.Traveller, after: timedelta) -> int:
    clock.move_to(NOW + after)
    return actions.pass_kept_times(NOW + after)


@pytest.mark.parametrize("answer", ["none", "yes, at another time"])
def test_a_time_that_nobody_took_is_given_up_a_working_day_ahead(ria: Reference, answer: str, clock: time_machine.Traveller) -> None:
    [successor] = swapped(scheduled(), ria)
    if answer != "none":
        actions.accept(brought_to_sent(successor), by=ria.contact)
    assert [passed(clock, timedelta(days=2, minutes=minutes)) for minutes in (-1, 0, 1)] == [0, 1, 0]
    assert told_pia() == ["unfixed"]
    if answer != "none":
        actions.schedule(successor, by=make_cast()[0], starts_at=NOW + timedelta(days=5))
        assert (Occasion.objects.count(), told_pia()) == (2, ["unfixed", "fixed"])


def test_whoever_is_asked_late_has_half_of_what_is_left(ria: Reference, clock: time_machine.Traveller) -> None:
    ask = scheduled()
    clock.move_to(NOW + timedelta(days=3, hours=-4))
    swapped(ask, ria)
    assert [passed(clock, timedelta(days=3, hours=-2, minutes=minutes)) for minutes in (-1, 0)] == [0, 1]
    assert told_pia() == ["unfixed"]


def test_of_two_swaps_the_later_one_counts(ria: Reference, clock: time_machine.Traveller) -> None:
    [first] = swapped(scheduled(), ria)
    actions.accept(brought_to_sent(first), by=ria.contact, takes_time=True)
    clock.move_to(NOW + timedelta(days=3, hours=-4))
    swapped(Ask.objects.get(pk=first.pk), make_rae("Rob Third", company="Third Bank"))
    Message.objects.all().delete()
    passed(clock, timedelta(days=3, hours=-3))
    assert told_pia() == []
    passed(clock, timedelta(days=3, hours=-2))
    assert told_pia() == ["unfixed"]


def test_a_time_is_not_kept_for_somebody_who_is_introduced(ria: Reference) -> None:
    [successor] = swapped(scheduled(), ria)
    actions.accept(brought_to_sent(successor), by=ria.contact, introduces=True)
    assert (Ask.objects.get(pk=successor.pk).status, told_pia()) == (A.INTRODUCED, ["unfixed"])
    assert Occasion.objects.get().canceled_at == NOW
    assert sorted(Message.objects.filter(kind="introduction").values_list("recipient_kind", flat=True)) == ["colleague", "contact"]


def test_a_late_yes_to_a_time_that_is_gone_stands_without_it(ria: Reference, clock: time_machine.Traveller) -> None:
    [successor] = swapped(scheduled(), ria)
    brought_to_sent(successor)
    clock.move_to(NOW + timedelta(days=3, minutes=1))
    actions.pass_kept_times(NOW + timedelta(days=3, minutes=1))
    actions.accept(successor, by=ria.contact, takes_time=True)
    assert Ask.objects.get(pk=successor.pk).status == A.ACCEPTED


@pytest.mark.parametrize("status", ["accepted", "held"])
def test_without_a_time_ahead_there_is_nothing_to_take_over(status: str, ria: Reference) -> None:
    with pytest.raises(Refused, match="There is no time ahead that somebody else could take"):
        swapped(make_ask(status), ria)


def test_a_swap_needs_somebody_else() -> None:
    ask = scheduled()
    with pytest.raises(Refused, match="Choose at least one other reference"):
        swapped(ask, ask.reference)
    assert Ask.objects.get(pk=ask.pk).status == A.SCHEDULED


def test_a_barred_successor_leaves_everything_as_it_was() -> None:
    ask = scheduled()
    full = make_rae("Ria Second", company="Second Bank", limit=0)
    with pytest.raises(Refused, match="Ria Second cannot be asked"):
        swapped(ask, full)
    assert Ask.objects.get(pk=ask.pk).status == A.SCHEDULED
    assert not Message.objects.exists()


@pytest.mark.parametrize(("name", "most"), [("reason", 300), ("exception", 500)])
def test_words_that_do_not_fit_are_refused_and_not_cut(ria: Reference, client: Client, name: str, most: int) -> None:
    ask, (_, _, mia) = scheduled(), make_cast()
    make_policy(Policy(limits=Limits(min_gap_days=14)))
    make_engagement(ria, NOW.date() + timedelta(days=5))
    client.force_login(mia)
    facts = {"reference": [ria.pk], "seen": "scheduled", "exception": "The only one who knows it", name: "x" * (most + 1)}
    page = client.post(f"/asks/{ask.pk}/swap/", facts)
    assert (page.status_code, f"{most}" in page.content.decode(), Ask.objects.get(pk=ask.pk).status) == (400, True, A.SCHEDULED)
    assert client.post(f"/asks/{ask.pk}/swap/", facts | {name: "x" * most}).status_code == 302


def test_nobody_takes_a_time_over_where_enough_others_have_agreed(ria: Reference) -> None:
    ask, mia = scheduled(), make_cast()[2]
    found = ReferenceRequest.objects.get(pk=ask.reference_request_id)
    ReferenceRequest.objects.update(n_wanted=2)
    make_ask("accepted", reference_request=found, reference=make_rae("Roy Third", company="Third Bank"))
    ReferenceRequest.objects.update(n_wanted=1)
    with pytest.raises(Refused, match="Somebody has agreed already"):
        actions.swap(ask, [ria], by=mia)
    assert Ask.objects.get(pk=ask.pk).status == A.SCHEDULED


def test_the_form_offers_a_successor_the_length_of_the_time_that_is_kept(ria: Reference) -> None:
    ask, sam = scheduled(), make_cast()[0]
    Occasion.objects.update(minutes=50)
    [successor] = swapped(ask, ria)
    brought_to_sent(successor)
    accepted = actions.accept(successor, by=ria.contact)
    [form] = [task.form for task in tasks_for(accepted, sam) if task.id == "time" and task.form]
    assert (form.initial["minutes"], accepted.reference_request.activity_type.minutes) == (50, 30)

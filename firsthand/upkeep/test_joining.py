"""A request that asked to share a time follows it: called off, swapped, past or moved."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.utils import timezone

from firsthand.history.models import Event, Message
from firsthand.people.builders import make_colleague
from firsthand.references.models import Willingness
from firsthand.requests import actions
from firsthand.requests.builders import make_cast, make_group_ask, make_policy, make_rae
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.testing.clock import NOW
from firsthand.upkeep.worker import drain_messages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
OFF = "The time it was to share does not stand any more."


@pytest.fixture
def host() -> Ask:
    make_policy()
    sam, ana, mia = make_cast()
    return make_group_ask(reference=make_rae(), requester=sam, owner=ana, manager=mia)


def joined(host: Ask, by: str = "Sue Second") -> Ask:
    other = make_colleague(by)
    wish = actions.Wish(host.reference_request.activity_type, timezone.now().date() + timedelta(days=12), "How did it go?")
    ask = actions.join(actions.file_request(wish, by=other), host, by=make_cast()[2])
    drain_messages(timezone.now())
    return ask


def fresh(ask: Ask) -> Ask:
    return Ask.objects.select_related("reference_request").get(pk=ask.pk)


def mails(ask: Ask, kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind, subject_id=ask.pk, channel="mail").values_list("recipient_kind", flat=True))


def test_a_time_that_is_called_off_ends_what_asked_to_share_it(host: Ask) -> None:
    waiting = joined(host)
    first_clock = ReferenceRequest.objects.values_list("submitted_at", "rank_on").get(pk=waiting.reference_request_id)
    actions.cancel(host, by=make_cast()[2])
    assert actions.end_joined(NOW) == 1
    found = fresh(waiting)
    assert (found.status, found.canceled_reason) == (Ask.Status.CANCELED, OFF)
    assert ReferenceRequest.objects.values_list("submitted_at", "rank_on").get(pk=waiting.reference_request_id) == first_clock
    assert found.reference_request.status == ReferenceRequest.Status.ASKING
    assert mails(waiting, "no_longer") == ["contact"]
    drain_messages(NOW)
    assert "No longer needed, thank you" in [each.subject for each in django_mail.outbox]
    [cancel] = Event.objects.filter(verb="cancel", subject_id=waiting.pk)
    news = Message.objects.filter(kind="news", channel="mail", facts__event=cancel.pk)
    assert sorted(news.values_list("recipient_id", flat=True)) == sorted([waiting.reference_request.requester_id, make_cast()[2].pk])
    assert actions.end_joined(NOW) == 0


def test_a_reference_who_called_a_time_off_does_not_read_that_it_is_not_needed(host: Ask) -> None:
    waiting = joined(host)
    actions.call_off(host, by=host.reference.contact)
    assert actions.end_joined(NOW) == 1
    assert (fresh(waiting).status, fresh(waiting).canceled_reason, mails(waiting, "no_longer")) == (Ask.Status.CANCELED, OFF, [])


def test_a_swapped_person_takes_along_nobody_who_asked_to_share_the_time(host: Ask) -> None:
    waiting, other = joined(host), make_rae("Roy Reference", company="Fjell Bank")
    Willingness.objects.get_or_create(reference=other, activity_type=host.reference_request.activity_type)
    actions.swap(host, [other], by=make_cast()[2])
    assert actions.end_joined(NOW) == 1
    assert fresh(waiting).canceled_reason == OFF


def test_a_place_at_a_time_that_goes_on_with_others_is_still_asked_for(host: Ask) -> None:
    first, second = joined(host), joined(host, "Tom Third")
    actions.accept(first, by=host.reference.contact)
    actions.cancel(host, by=make_cast()[2])
    assert actions.end_joined(NOW) == 0
    assert fresh(second).status == Ask.Status.SENT
    actions.accept(second, by=host.reference.contact)
    assert fresh(second).status == Ask.Status.SCHEDULED


def test_a_time_that_has_come_ends_what_was_not_answered(host: Ask, clock: time_machine.Traveller) -> None:
    waiting = joined(host)
    clock.move_to(NOW + timedelta(days=3, minutes=1))
    assert actions.end_joined(timezone.now()) == 1
    assert fresh(waiting).canceled_reason == "The time it was to share came before there was an answer."
    assert mails(waiting, "no_longer") == []


def test_a_reference_reads_that_their_time_stands_without_whoever_asked_to_share_it(host: Ask) -> None:
    actions.cancel(joined(host), by=make_cast()[2])
    drain_messages(NOW)
    [mail] = [each for each in django_mail.outbox if each.subject == "One more does not join after all"]
    words = "one more company does not join after all. Your group call on Fri 13 March 2026, 09:00 (UTC) stands as it is."
    assert words in " ".join(str(mail.body).split())
    assert not [each for each in django_mail.outbox if "No longer needed" in each.subject]


def test_a_moved_time_is_told_to_whoever_asked_to_share_it(host: Ask) -> None:
    waiting = joined(host)
    actions.schedule(host, by=make_cast()[2], starts_at=NOW + timedelta(days=4))
    [moved] = Event.objects.filter(verb="join_moved", subject_id=waiting.pk)
    news = Message.objects.filter(kind="news", channel="mail", facts__event=moved.pk)
    assert list(news.values_list("recipient_id", flat=True)) == [waiting.reference_request.requester_id]
    assert fresh(waiting).status == Ask.Status.SENT
    assert actions.end_joined(NOW) == 0

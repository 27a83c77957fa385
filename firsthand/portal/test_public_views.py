"""What a reference does on their own page."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from firsthand.core.links import address, make_link
from firsthand.customers.builders import make_account
from firsthand.deals.builders import make_deal
from firsthand.history.models import Event, Message
from firsthand.program.builders import make_activity_type
from firsthand.references.models import Consent, Hold, Reference, Willingness
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def opened(reference: Reference) -> tuple[Client, str]:
    link = make_link("portal", reference.contact_id, holder_id=reference.contact_id, expires_at=timezone.now() + timedelta(days=1))
    client = Client()
    return client, client.get(address(link).removeprefix("http://127.0.0.1:8000"))["Location"]


def test_the_page_shows_what_is_asked_and_changes_nothing() -> None:
    ask = make_ask("sent")
    client, url = opened(ask.reference)
    before = Event.objects.count()
    shown = client.get(url).content.decode()
    assert "Hello Rae, this page is yours" in shown
    assert "Waiting for your answer" in shown
    assert Event.objects.count() == before


def test_whom_it_was_with_is_told_where_they_said_yes() -> None:
    sam, _, mia = make_cast()
    rae = make_rae()
    wanted = make_request()
    ReferenceRequest.objects.filter(pk=wanted.pk).update(opportunity=make_deal(account=make_account("Fennmark"), owner=sam))
    ask = make_ask("introduced", reference_request=ReferenceRequest.objects.get(pk=wanted.pk), reference=rae)
    said = actions.Outside(NOW.date(), make_activity_type(), rae.contact, opportunity=make_deal(account=make_account("Boreal"), owner=sam))
    actions.log_outside(said, by=sam)
    client, url = opened(rae)
    assert "Boreal" not in client.get(url).content.decode()
    actions.hold(ask, by=mia)
    given = client.get(url).content.decode().partition('id="gave"')[2]
    assert given.count("<b>Reference call") == 2
    assert "Reference call with Fennmark" in given
    assert "Boreal" not in given


def test_what_they_like_is_kept_in_their_name() -> None:
    rae = make_rae()
    client, url = opened(rae)
    call = rae.willingness.get().activity_type
    client.post(url, {"act": "like", f"like-{call.pk}": "no"})
    assert rae.willingness.get().answer == Willingness.Answer.NO
    assert Event.objects.latest("pk").actor_kind == "contact"


def test_a_limit_is_their_own() -> None:
    rae = make_rae()
    client, url = opened(rae)
    client.post(url, {"act": "limit", "limit_count": "3", "limit_period": "year"})
    rae.refresh_from_db()
    assert (rae.limit_count, rae.limit_period) == (3, "year")


def test_a_pause_needs_no_reason_and_ends_when_they_say_so() -> None:
    rae = make_rae()
    client, url = opened(rae)
    client.post(url, {"act": "pause", "until": "month"})
    assert Hold.objects.get().until == date(2026, 4, 9)
    client.post(url, {"act": "end_pause"})
    assert Hold.objects.get().lifted_at == NOW


@pytest.mark.parametrize("first", ["open", "month"])
def test_of_two_pauses_the_longer_is_shown_and_both_end(first: str) -> None:
    rae = make_rae()
    client, url = opened(rae)
    for length in (first, "open" if first == "month" else "month"):
        client.post(url, {"act": "pause", "until": length})
    assert "Nobody asks you until you say so." in client.get(url).content.decode()
    client.post(url, {"act": "end_pause"})
    assert list(Hold.objects.values_list("lifted_at", flat=True)) == [NOW, NOW]


def test_withdrawing_counts_at_once_and_ends_what_is_asked() -> None:
    ask = make_ask("scheduled")
    client, url = opened(ask.reference)
    assert client.post(url, {"act": "withdraw"}).status_code == 302
    assert Consent.objects.standing().get(contact=ask.reference.contact).kind == Consent.Kind.WITHDRAWN
    ask.refresh_from_db()
    assert (ask.status, ask.canceled_reason) == (Ask.Status.CANCELED, "They withdrew their consent.")


def test_leaving_retires_them() -> None:
    rae = make_rae()
    client, url = opened(rae)
    client.post(url, {"act": "leave"})
    rae.refresh_from_db()
    assert rae.status == Reference.Status.RETIRED


@pytest.mark.parametrize("posted", [{}, {"act": "x"}, {"act": "pause"}, {"act": "limit", "limit_count": "-1", "limit_period": "year"}])
def test_what_is_no_act_changes_nothing(posted: dict[str, str]) -> None:
    rae = make_rae()
    client, url = opened(rae)
    assert client.post(url, posted).status_code == 400
    assert not Hold.objects.exists()


@pytest.mark.parametrize("does", ["pause", "refuse"])
def test_what_is_fixed_stands_and_is_told_at_the_moment_of_pausing(does: str) -> None:
    ask = make_ask("scheduled")
    _, owner, manager = make_cast()
    client, url = opened(ask.reference)
    call = ask.reference_request.activity_type
    said = {"act": "pause", "until": "month"} if does == "pause" else {"act": "like", f"like-{call.pk}": "no"}
    page = client.post(url, said, follow=True).content.decode()
    assert "What is fixed already stands: reference call on Fri 13 March 2026, 09:00 (UTC). Call it off on its own page" in page
    assert Ask.objects.get(pk=ask.pk).status == Ask.Status.SCHEDULED
    [stands] = Event.objects.filter(verb="stands")
    told = Message.objects.filter(kind="news", facts__event=stands.pk)
    assert set(told.filter(channel="mail").values_list("recipient_id", flat=True)) == {owner.pk, manager.pk}
    mail = outbox.render(told.filter(channel="mail").first() or Message(), timezone.now())
    assert "Rae Reference wants a rest from being asked; the time that is fixed stands." in mail.text()


def test_what_waits_for_them_is_told_at_the_moment_of_pausing() -> None:
    ask = make_ask("accepted")
    sam, owner, manager = make_cast()
    client, url = opened(ask.reference)
    client.post(url, {"act": "pause", "until": "month"})
    [waits] = Event.objects.filter(verb="waits")
    told = Message.objects.filter(kind="news", facts__event=waits.pk, channel="mail")
    assert set(told.values_list("recipient_id", flat=True)) == {sam.pk, owner.pk, manager.pk}
    mail = outbox.render(told[0], timezone.now())
    assert "Rae Reference wants a rest from being asked; this ask waits, too." in mail.text()
    assert (actions.tell_of_holds(timezone.now()), Event.objects.filter(verb="waits").count()) == (0, 1)


def test_a_no_to_something_else_is_told_to_nobody() -> None:
    ask = make_ask("scheduled")
    client, url = opened(ask.reference)
    visit = make_activity_type("site-visit")
    client.post(url, {"act": "like", f"like-{visit.pk}": "no"})
    assert not Event.objects.filter(verb="stands").exists()

"""Who comes from the other side: named, brought along, written to once more, and taken off."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.customers.models import Account
from firsthand.deals.builders import make_deal
from firsthand.history.models import Event, Message
from firsthand.requests import actions
from firsthand.requests.actions.guests import MOST_BROUGHT, NOT_YOURS, STRANGER
from firsthand.requests.brief import brief_for
from firsthand.requests.builders import make_ask, make_cast, make_rae
from firsthand.requests.models import Ask, Attendee, ReferenceRequest
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PIA = {"name": "Pia Prospect", "email": "pia@prospct.example"}


def offered(*days: int) -> Ask:
    """Rae has said yes and offered times."""
    ask = make_ask("accepted")
    actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=day) for day in days])
    return ask


def with_pia() -> tuple[Ask, Attendee]:
    """A time that is fixed, with Pia, who has been told of it."""
    ask = make_ask("scheduled")
    pia = actions.bring(ask, by=make_cast()[0], **PIA)
    Message.objects.filter(kind="fixed").update(state="sent")
    return Ask.objects.get(), pia


def to_guests(kind: str) -> list[str]:
    ids = Message.objects.filter(kind=kind, recipient_kind="attendee").order_by("pk").values_list("recipient_id", flat=True)
    names = dict(Attendee.objects.values_list("pk", "name"))
    return [names[each] for each in ids]


def reasons() -> dict[str, str]:
    mails = Message.objects.filter(recipient_kind="attendee").order_by("pk")
    return {each.kind: why.code if (why := outbox.why_not(each, NOW)) else "" for each in mails}


def signed_in(name: str = "Sam") -> Client:
    client = Client()
    client.force_login(next(each for each in make_cast() if each.name.startswith(name)))
    return client


def test_whoever_is_taken_off_reads_nothing_more_and_no_name() -> None:
    ask, pia = with_pia()
    link = Link.objects.filter(purpose="pick", holder_id=pia.pk).latest("pk")
    where = address(link).removeprefix("http://127.0.0.1:8000")
    assert "Rae Reference" in Client().get(where, follow=True).content.decode()
    actions.take_off(ask, pia, by=make_cast()[0])
    assert "Rae" not in Client().get(where, follow=True).content.decode()
    assert reasons() == {"fixed": "taken_off", "reminder": "taken_off", "unfixed": ""}
    [off] = Message.objects.filter(kind="unfixed")
    mail = outbox.render(off, NOW)
    event = Calendar.from_ical(mail.files[0].content)
    assert (event["method"], event.walk("VEVENT")[0]["sequence"]) == ("CANCEL", off.pk)
    assert "You are not expected any more at the reference call on Fri 13 March 2026" in mail.text()
    assert [word for word in ("Rae", "Ostvik", "first close") if word in mail.subject + mail.text() + str(event.to_ical())] == []
    assert [name for name, _ in brief_for(ask, ask.reference.contact).who[1:]] == []
    assert Event.objects.filter(verb="take_off").count() == 1
    actions.take_off(ask, pia, by=make_cast()[0])
    assert Message.objects.filter(kind="unfixed").count() == Event.objects.filter(verb="take_off").count() == 1


def test_whoever_was_not_told_yet_hears_nothing() -> None:
    ask = make_ask("scheduled")
    pia = actions.bring(ask, by=make_cast()[0], **PIA)
    actions.take_off(ask, pia, by=make_cast()[0])
    assert reasons() == {"fixed": "taken_off", "reminder": "taken_off"}


def test_the_others_still_hear_when_the_time_is_off() -> None:
    ask, pia = with_pia()
    actions.bring(ask, by=make_cast()[0], name="Kim Colleague", email="kim@prospect.example")
    actions.take_off(ask, pia, by=make_cast()[0])
    actions.call_off(ask, by=ask.reference.contact)
    assert to_guests("unfixed") == ["Pia Prospect", "Kim Colleague"]
    assert Message.objects.filter(kind="unfixed", recipient_kind="colleague").count() == 1


def test_the_right_address_comes_in_place_of_the_wrong_one() -> None:
    ask, pia = with_pia()
    client = signed_in()
    page = client.get(f"/asks/{ask.pk}/").content.decode()
    assert "Pia Prospect, pia@prospct.example" in page
    assert client.post(f"/asks/{ask.pk}/attendees/removal/", {"seen": "scheduled", "attendee": pia.pk}).status_code == 302
    right = {"seen": "scheduled", "attendee": "Pia Prospect", "attendee_email": "pia@prospect.example"}
    assert client.post(f"/asks/{ask.pk}/attendees/", right).status_code == 302
    assert "Pia Prospect comes already" in client.post(f"/asks/{ask.pk}/attendees/", right).content.decode()
    assert [each.email for each in Attendee.objects.coming_to(ask)] == ["pia@prospect.example"]
    assert to_guests("fixed") == ["Pia Prospect"] * 2
    again = client.post(f"/asks/{ask.pk}/attendees/removal/", {"seen": "scheduled", "attendee": pia.pk}, follow=True)
    assert (again.status_code, "Pia Prospect comes no more." in again.content.decode()) == (200, True)
    assert (Attendee.objects.coming_to(ask).count(), Event.objects.filter(verb="take_off").count()) == (1, 1)


def test_an_address_is_not_read_by_whom_the_prospect_is_not_disclosed_to() -> None:
    ask = offered(3)
    sam = make_cast()[0]
    deal = make_deal(account=make_account("Fennmark Bank"), owner=sam)
    ReferenceRequest.objects.update(opportunity=deal)
    actions.let_pick(ask, by=sam, name="Pia Prospect", email="pia@fennmark.example")

    def read(name: str) -> tuple[bool, bool]:
        page = signed_in(name).get(f"/asks/{ask.pk}/").content.decode()
        return "Pia Prospect" in page, "pia@fennmark.example" in page

    assert [read(name) for name in ("Sam", "Mia", "Ana")] == [(True, True)] * 3
    Account.objects.filter(name="Fennmark Bank").update(is_hidden=True)
    assert [read(name) for name in ("Sam", "Mia", "Ana")] == [(True, True), (True, True), (True, False)]
    actions.schedule(ask, by=sam, starts_at=NOW + timedelta(days=4))
    assert [read(name) for name in ("Sam", "Mia", "Ana")] == [(True, True), (True, True), (True, False)]


def test_a_stranger_gets_nothing_of_the_next_ask_either() -> None:
    ask = offered(3)
    pia = actions.let_pick(ask, by=make_cast()[0], **PIA)
    actions.take_off(ask, pia, by=make_cast()[0])
    assert reasons() == {"pick_time": "taken_off"}
    actions.schedule(ask, by=make_cast()[0], starts_at=NOW + timedelta(days=4))
    assert to_guests("fixed") == []


def test_who_told_how_it_was_stays() -> None:
    ask, pia = with_pia()
    Ask.objects.update(status="held")
    actions.give_debrief(ask, by=pia, grade=4)
    with pytest.raises(Refused, match="Pia Prospect has told how it was, so they stay"):
        actions.take_off(ask, pia, by=make_cast()[0])


def test_a_link_that_was_lost_is_sent_again() -> None:
    ask = offered(3)
    client = signed_in()
    invited = {"seen": "accepted", "attendee": "Pia Prospect", "attendee_email": "pia@prospect.example"}
    assert client.post(f"/asks/{ask.pk}/times/", invited).status_code == 302
    assert "The link is on its way to Pia Prospect already." in client.post(f"/asks/{ask.pk}/times/", invited).content.decode()
    Message.objects.filter(kind="pick_time").update(state="sent")
    page = client.get(f"/asks/{ask.pk}/").content.decode()
    assert ("Pia Prospect has a link to them" in page, 'value="pia@prospect.example"' in page) == (True, True)
    assert client.post(f"/asks/{ask.pk}/times/", invited).status_code == 302
    assert (to_guests("pick_time"), Attendee.objects.count()) == (["Pia Prospect"] * 2, 1)


def test_whoever_never_got_the_time_is_sent_it_anew_when_brought_along_again() -> None:
    ask, sam = make_ask("scheduled"), make_cast()[0]
    for _ in range(2):
        actions.bring(ask, by=sam, **PIA)
        with pytest.raises(Refused, match="Pia Prospect comes already"):
            actions.bring(ask, by=sam, **PIA)
        Message.objects.filter(kind="fixed", recipient_kind="attendee").update(state="failed")
    assert (to_guests("fixed"), to_guests("reminder"), Attendee.objects.count()) == (["Pia Prospect"] * 2, ["Pia Prospect"], 1)
    Message.objects.filter(kind="reminder", recipient_kind="attendee").update(state="dropped")
    actions.bring(ask, by=sam, **PIA)
    assert (to_guests("fixed"), to_guests("reminder")) == (["Pia Prospect"] * 3, ["Pia Prospect"] * 2)


def test_a_name_without_an_address_is_kept_for_the_brief() -> None:
    ask, client = offered(3), signed_in()
    soon = {"seen": "accepted", "starts_at": "2026-03-13T10:00", "minutes": "30"}
    refused = client.post(f"/asks/{ask.pk}/time/", {**soon, "attendee_email": "pia@prospect.example"})
    assert (refused.status_code, "the reference reads who comes" in refused.content.decode()) == (400, True)
    assert client.post(f"/asks/{ask.pk}/time/", {**soon, "attendee": "Pia Prospect"}).status_code == 302
    ask = Ask.objects.get()
    assert ("Pia Prospect", "from the other side") in brief_for(ask, ask.reference.contact).who
    assert to_guests("fixed") == []
    actions.bring(ask, by=make_cast()[0], name="Pia Prospect", email="pia@prospect.example")
    assert ([each.email for each in Attendee.objects.all()], to_guests("fixed")) == (["pia@prospect.example"], ["Pia Prospect"])


def test_whoever_picks_the_time_that_was_fixed_meanwhile_still_brings_colleagues() -> None:
    ask = offered(3)
    sam = make_cast()[0]
    pia = actions.let_pick(ask, by=sam, **PIA)
    chosen = ask.offered_times.get()
    actions.schedule(ask, by=sam, starts_at=chosen.starts_at)
    for _ in range(2):
        actions.pick_time(ask, chosen.pk, by=pia, people=[("Kim Colleague", "kim@prospect.example")])
    assert (to_guests("fixed"), to_guests("reminder")) == (["Pia Prospect", "Kim Colleague"],) * 2


def on_their_page() -> tuple[Ask, Attendee, Client, str]:
    """Pia, who was brought to a time that is fixed, has opened the link in her mail."""
    ask, pia = with_pia()
    client = Client()
    opened = client.get(address(Link.objects.filter(purpose="pick", holder_id=pia.pk).latest("pk")).removeprefix("http://127.0.0.1:8000"))
    return ask, pia, client, str(opened["Location"])


QUINN = {"act": "bring", "seen": "scheduled", "attendee": "Quinn", "attendee_email": "quinn@prospct.example"}


def test_the_other_side_brings_somebody_to_a_fixed_time_and_takes_them_off() -> None:
    ask, pia, client, page = on_their_page()
    assert "A colleague does not come after all" not in client.get(page).content.decode()
    assert client.post(page, QUINN).status_code == 302
    quinn = Attendee.objects.get(name="Quinn")
    assert (quinn.invited_by, to_guests("fixed"), to_guests("reminder")) == (pia, ["Pia Prospect", "Quinn"], ["Pia Prospect", "Quinn"])
    event = Event.objects.get(verb="bring", actor_kind="prospect")
    assert (event.actor_id, list(Message.objects.filter(kind="news", facts__event=event.pk).values_list("recipient_id", "channel"))) == (
        pia.pk, [(make_cast()[0].pk, "notice")],
    )  # fmt: skip
    Message.objects.filter(kind="fixed").update(state="sent")
    assert "A colleague does not come after all" in client.get(page).content.decode()
    for _ in ("pressed", "pressed twice"):
        assert client.post(page, {"act": "off", "seen": "scheduled", "attendee": quinn.pk}).status_code == 302
    assert (to_guests("unfixed"), list(Attendee.objects.coming_to(ask))) == (["Quinn"], [pia])
    page = signed_in("Sam").get(f"/requests/{ask.reference_request_id}/").content.decode()
    assert re.search(r"<b>The prospect</b>\s+took somebody of the other side off the time", page)


def test_the_other_side_takes_off_nobody_they_did_not_bring() -> None:
    ask, pia, client, page = on_their_page()
    rob = actions.bring(ask, by=make_cast()[0], name="Rob", email="rob@prospct.example")
    assert client.post(page, {"act": "off", "seen": "scheduled", "attendee": rob.pk}).status_code == 400
    with pytest.raises(Refused) as refusal:
        actions.take_off(ask, rob, by=pia)
    assert (refusal.value.sentence, refusal.value.status) == (NOT_YOURS, 403)
    other = actions.bring(make_ask("scheduled", reference=make_rae("Ria", company="Nordbank")), by=make_cast()[0], **PIA)
    with pytest.raises(Refused, match=STRANGER):
        actions.bring(ask, by=other, name="Quinn", email="quinn@prospct.example")
    assert list(Attendee.objects.coming_to(ask).order_by("pk")) == [pia, rob]


def test_what_the_other_side_cannot_do_comes_back_as_it_was_typed() -> None:
    ask, pia, client, page = on_their_page()
    again = client.post(page, {**QUINN, "attendee": "Pia P", "attendee_email": PIA["email"]})
    whole = again.content.decode()
    assert (again.status_code, "Pia Prospect comes already." in whole, 'value="Pia P"' in whole) == (409, True, True)
    assert client.post(page, {**QUINN, "attendee_email": "quinn at"}).status_code == 400
    for n in range(Attendee.MOST):  # as many mails as people who may come, however often they are taken off
        actions.take_off(ask, actions.bring(ask, by=pia, name=f"Q {n}", email=f"q{n}@prospct.example"), by=pia)
    assert MOST_BROUGHT in client.post(page, QUINN).content.decode()
    actions.cancel(Ask.objects.get(pk=ask.pk), by=make_cast()[2], reason="Off")
    assert client.post(page, QUINN).status_code == 409
    assert to_guests("fixed").count("Quinn") == 0

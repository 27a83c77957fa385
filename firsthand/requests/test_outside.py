"""A reference arranged outside: logged in one page, counted at once, told to the owner, debriefed and credited."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_contact
from firsthand.customers.finding import refresh_contacts
from firsthand.customers.models import Account, Contact
from firsthand.deals.builders import make_deal
from firsthand.history.actions import Unsent
from firsthand.history.models import Event, Message
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.program.policy import in_force
from firsthand.references.builders import make_engagement
from firsthand.references.capacity import Slot, use_of
from firsthand.references.models import Engagement, Reference, ReferenceAccount
from firsthand.requests import actions, outside_mail
from firsthand.requests.builders import make_ask, make_cast, make_policy, make_rae
from firsthand.requests.models import ArrangedOutside, Debrief, Use
from firsthand.requests.outside import share_outside, whom_with
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TODAY = NOW.date()


def log(**changes: object) -> ArrangedOutside:
    """A call of Sam's with Rae, today, for his deal."""
    sam, _, _ = make_cast()
    given: dict[str, object] = {"day": TODAY, "activity_type": make_activity_type(), "contact": make_rae().contact, **changes}
    return actions.log_outside(actions.Outside(**given), by=sam)  # type: ignore[arg-type]


def test_the_load_counts_at_once_and_the_deal_is_credited() -> None:
    make_policy()
    sam, _, _ = make_cast()
    deal = make_deal(owner=sam)
    logged = log(opportunity=deal)
    slot = logged.engagement
    assert slot is not None
    assert (slot.state, slot.source, slot.day) == ("held", "outside", TODAY)
    assert use_of(slot.reference, Slot(logged.activity_type, TODAY, TODAY), in_force()).used == 1
    credit = Use.objects.get()
    assert (credit.engagement, credit.opportunity, credit.reference_request) == (slot, deal, None)
    event = Event.objects.get(verb="arranged_outside")
    assert (event.subject_id, event.context_kind, event.context_id) == (logged.pk, "opportunity", deal.pk)


def test_the_owner_is_told_by_mail_and_the_seller_asked_the_day_after() -> None:
    sam, ana, _ = make_cast()
    log(opportunity=make_deal(owner=sam, account=make_contact("Pia Prospect").account))
    told = Message.objects.filter(kind="outside").order_by("pk")
    assert [(each.channel, each.recipient_id) for each in told] == [("notice", ana.pk), ("mail", ana.pk)]
    mail = outside_mail.outside(told[1], NOW)
    assert mail.subject == "Arranged outside: reference call of Rae Reference, Ostvik Bank"
    assert "Sam Seller logged a reference call of Rae Reference, Ostvik Bank" in str(mail.parts)
    asked = Message.objects.get(kind="debrief_outside")
    assert (asked.recipient_id, asked.due_at) == (sam.pk, datetime(2026, 3, 11, 8, tzinfo=UTC))
    assert outside_mail.why_not_debrief_outside(asked, NOW) is None
    actions.debrief_outside(ArrangedOutside.objects.get(), by=sam, grade=4, found_own=True)
    assert outside_mail.why_not_debrief_outside(asked, NOW) == Unsent("told")


def test_the_owner_reads_whom_a_deal_is_with_and_not_what_it_is_called(client: Client) -> None:
    sam, ana, _ = make_cast()
    logged = log(opportunity=make_deal("Atlas rollout", owner=sam, account=make_contact("Pia Prospect").account))
    for reader, shown in ((sam, "Atlas rollout"), (ana, "a deal with Ostvik Bank")):
        client.force_login(reader)
        page = client.get(f"/outside/{logged.pk}/").content.decode()
        assert (shown in page, "Atlas" in page) == (True, reader == sam)


def test_a_debrief_grades_the_slot_once_and_is_the_sellers_alone() -> None:
    sam, ana, _ = make_cast()
    logged = log()
    with pytest.raises(Refused) as refusal:
        actions.debrief_outside(logged, by=ana, grade=4)
    assert refusal.value.status == 403
    actions.debrief_outside(logged, by=sam, grade=4, words="Frank and useful")
    actions.debrief_outside(logged, by=sam, grade=1)
    assert (Debrief.objects.get().grade, Engagement.objects.get().grade) == (4, Decimal(4))


def test_somebody_the_program_does_not_know_is_a_name_and_uses_no_slot() -> None:
    logged = log(contact=None, name="A man from Corvid")
    assert (logged.engagement, whom_with(logged, None), Use.objects.count()) == (None, "A man from Corvid", 0)
    assert not Message.objects.filter(kind="outside").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"contact": None, "name": " "}, "Say who it was with: a name is enough."),
        ({"day": date(2024, 1, 1)}, "Choose the day on which they spoke: within the last year, or the next 90 days."),
        ({"day": date(2027, 1, 1)}, "Choose the day on which they spoke: within the last year, or the next 90 days."),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        log(**change)
    assert (refusal.value.sentence, refusal.value.status, ArrangedOutside.objects.count()) == (sentence, 400, 0)


def test_the_page_logs_once_however_often_it_is_sent_and_knows_people_by_name(client: Client) -> None:
    sam, _, _ = make_cast()
    rae = make_rae()
    refresh_contacts(Contact.objects.select_related("person", "account"))
    client.force_login(sam)
    key = "6b1e7b6e-6f0e-4f0e-9d6c-0c8d3c2b1a02"
    sent = {"form_key": key, "who": "rae reference", "day": "2026-03-09", "activity": make_activity_type().code}
    first, again = client.post("/outside/new/", sent), client.post("/outside/new/", sent)
    logged = ArrangedOutside.objects.get()
    assert (first.headers["Location"], again.headers["Location"], logged.contact) == (f"/outside/{logged.pk}/",) * 2 + (rae.contact,)
    assert client.post(f"/outside/{logged.pk}/", {"grade": "5", "hours": "500"}).status_code == 400
    assert client.post(f"/outside/{logged.pk}/", {"grade": "5", "hours": "1.5", "found_own": "on"}).status_code == 302
    told, slot = Debrief.objects.get(), Engagement.objects.get()
    assert (told.grade, told.facts, told.hours) == (5, {"found_own": True}, Decimal("1.5"))
    assert (slot.state, slot.grade, slot.hours) == ("held", Decimal(5), Decimal("1.5"))
    assert "<dt>Hours</dt><dd>1.5</dd>" in client.get(f"/outside/{logged.pk}/").content.decode()


def test_the_share_is_said_with_its_n_and_not_below_the_least() -> None:
    assert share_outside(NOW).basis == "Not shown: 0 references in 90 days, and 5 are needed."
    for name in ("A", "B", "C"):
        log(contact=None, name=name)
    log(contact=None, name="Too long ago", day=TODAY - timedelta(days=200))
    held = make_ask("held")
    sam, _, _ = make_cast()
    Engagement.objects.update(day=TODAY)
    actions.give_debrief(held, by=sam, grade=5, found_own=True)
    figure = share_outside(NOW)
    basis = "4 of 5 references that happened in 90 days were arranged outside or found by the buyer"
    assert (figure.value, figure.basis) == ("80%", basis)


def made(reference: Reference, source: str, *, state: str = "held") -> None:
    Engagement.objects.filter(pk=make_engagement(reference, TODAY, state=state).pk).update(source=source)


def test_the_share_is_of_all_that_happened_whatever_door_told_of_it() -> None:
    rae = make_rae()
    for source, number in (("asked", 1), ("unasked", 2), ("imported", 3), ("outside", 2)):
        for _ in range(number):
            made(rae, source)
    made(rae, "outside", state="released")
    log(contact=None, name="A man from Corvid")
    log(day=TODAY + timedelta(days=9))
    log()
    assert share_outside(NOW).basis.startswith("4 of 10 references that happened")


def test_a_call_the_buyer_found_counts_once_whatever_its_debrief_says(client: Client) -> None:
    sam, _, _ = make_cast()
    first, *_ = [log(contact=None, name=name, by_prospect=True) for name in "ABCDE"]
    client.force_login(sam)
    assert "found_own" not in client.get(f"/outside/{first.pk}/").content.decode()
    actions.debrief_outside(first, by=sam, grade=5, found_own=True)
    assert share_outside(NOW).basis.startswith("5 of 5 references")


def test_what_was_logged_by_mistake_is_taken_back_and_stays_in_history(client: Client) -> None:
    make_policy()
    sam, ana, mia = make_cast()
    logged = log(opportunity=make_deal(owner=sam))
    actions.debrief_outside(logged, by=sam, grade=4, found_own=True)
    slot = logged.engagement
    assert slot is not None
    with pytest.raises(Refused, match="Whoever logged it, or a program manager, takes it back") as refused:
        actions.retract_outside(logged, by=ana, reason="No")
    assert refused.value.status == 403
    client.force_login(sam)
    where = f"/outside/{logged.pk}/"
    assert "It was logged by mistake" in client.get(where).content.decode()
    assert client.post(f"{where}retraction/", {"reason": " "}).status_code == 400
    too_long = client.post(f"{where}retraction/", {"reason": "x" * 301})
    assert (too_long.status_code, f'value="{"x" * 301}"' in too_long.content.decode()) == (400, True)
    assert client.post(f"{where}retraction/", {"reason": "They canceled"}).status_code == 302
    slot.refresh_from_db()
    assert (slot.state, Use.objects.count()) == ("released", 0)
    assert use_of(slot.reference, Slot(logged.activity_type, TODAY, TODAY), in_force()).used == 0
    page = client.get(where).content.decode()
    assert ("They canceled" in page, "It was logged by mistake" in page, "Save debrief" in page) == (True, False, False)
    assert client.post(f"{where}retraction/", {"reason": "Again"}).status_code == 409
    told = Message.objects.filter(kind="outside_retracted").order_by("pk")
    assert [(each.channel, each.recipient_id) for each in told] == [("notice", ana.pk), ("mail", ana.pk)]
    assert [outside_mail.why_not_retracted(each, NOW) for each in told] == [None, Unsent("never_told")]
    Message.objects.filter(kind="outside", channel="mail").update(state="sent")
    assert outside_mail.why_not_retracted(told[1], NOW) is None
    assert outside_mail.retracted(told[1], NOW).subject == "Taken back: reference call of Rae Reference, Ostvik Bank"
    assert outside_mail.why_not_outside(Message.objects.filter(kind="outside")[0], NOW) == Unsent("retracted")
    assert Event.objects.filter(verb="outside_retracted", subject_id=logged.pk).count() == 1
    with pytest.raises(Refused, match="taken back"):
        actions.retract_outside(logged, by=mia, reason="Twice")


def test_what_was_taken_back_is_in_no_share() -> None:
    sam, _, _ = make_cast()
    for name in "ABCDEF":
        log(contact=None, name=name)
    actions.retract_outside(ArrangedOutside.objects.latest("pk"), by=sam, reason="A mix-up")
    assert share_outside(NOW).basis.startswith("5 of 5 references")


def test_a_deal_that_is_not_here_yet_is_typed_and_what_was_typed_is_carried_over(client: Client) -> None:
    sam, _, _ = make_cast()
    client.force_login(sam)
    typed = {
        "act": "outside",
        "crm_id": "006A",
        "prospect": "Fennmark Bank",
        "amount": "42000",
        "currency": "eur",
        "close_date": "2026-06-30",
    }
    moved = client.post("/requests/new/", typed)
    assert moved.headers["Location"] == (
        "/outside/new/?opportunity=006A&account=Fennmark+Bank&amount=42000&currency=EUR&close_date=2026-06-30"
    )
    page = client.get(moved.headers["Location"]).content.decode()
    assert ('value="Fennmark Bank"' in page, 'value="42000"' in page, 'value="006A"' in page) == (True, True, True)
    sent = {**typed, "form_key": "6b1e7b6e-6f0e-4f0e-9d6c-0c8d3c2b1a02", "who": "A man from Corvid", "day": "2026-03-09"}
    assert client.post("/outside/new/", {**sent, "activity": make_activity_type().code}).status_code == 302
    deal = ArrangedOutside.objects.get().opportunity
    assert deal is not None
    assert (deal.prospect_name, deal.amount, deal.currency, deal.owner) == ("Fennmark Bank", Decimal(42000), "EUR", sam)


def test_a_typed_amount_that_is_none_comes_back_in_the_open_fold(client: Client) -> None:
    client.force_login(make_cast()[0])
    sent = {"form_key": "6b1e7b6e-6f0e-4f0e-9d6c-0c8d3c2b1a02", "who": "A man", "day": "2026-03-09", "amount": "much"}
    answer = client.post("/outside/new/", {**sent, "activity": make_activity_type().code})
    assert (answer.status_code, '<details class="fh-fold" open>' in answer.content.decode()) == (400, True)
    assert not ArrangedOutside.objects.exists()


def typed(client: Client, who: str, *, day: date = TODAY) -> ArrangedOutside:
    """Sam types it on the page."""
    client.force_login(make_cast()[0])
    facts = {"form_key": str(uuid.uuid4()), "who": who, "day": day.isoformat(), "activity": make_activity_type().code}
    assert client.post("/outside/new/", facts).status_code == 302
    return ArrangedOutside.objects.latest("pk")


def hide(rae: Reference, how: str) -> None:
    if how == "person":
        Reference.objects.filter(pk=rae.pk).update(disclosure="hidden")
    else:
        ReferenceAccount.objects.filter(pk=rae.reference_account_id).update(disclosure="hidden")
        Account.objects.filter(pk=rae.account.pk).update(is_hidden=True)
    refresh_contacts(Contact.objects.select_related("person", "account"))


HIDDEN = pytest.mark.parametrize("how", ["person", "customer"])


@HIDDEN
def test_a_hidden_reference_counts_and_the_owner_is_told(client: Client, how: str) -> None:
    sam, ana, mia = make_cast()
    hide(make_rae(), how)
    logged = typed(client, "rae REFERENCE, Ostvik Bank")
    assert (logged.contact, logged.engagement and logged.engagement.state) == (Contact.objects.get(), "held")
    told = Message.objects.filter(kind="outside")
    assert [each.recipient_id for each in told] == [ana.pk] * 2
    mail = outside_mail.outside(told[0], NOW)
    assert ("of Rae Reference, Ostvik Bank" in mail.subject, "counts against their limit" in str(mail.parts)) == (True, True)
    assert [whom_with(logged, each) for each in (sam, mia)] == ["rae REFERENCE, Ostvik Bank", "Rae Reference, Ostvik Bank"]
    client.force_login(ana)
    assert "as a used slot of theirs" in client.get(f"/outside/{logged.pk}/").content.decode()


@HIDDEN
def test_whoever_types_a_hidden_reference_reads_what_they_would_of_nobody(client: Client, how: str) -> None:
    hide(make_rae(), how)
    pages = []
    for name in ("Noa Nobody", "rae REFERENCE"):
        logged = typed(client, f"{name}, Ostvik Bank")
        page = client.get(f"/outside/{logged.pk}/").content.decode().partition("<main")[2].partition("</main>")[0]
        assert (name in page, "Rae" in page) == (True, False)
        pages.append(re.sub(rf'{name}|OUT-\d+|/outside/\d+/|value="\w+"', "", page))
    assert pages[0] == pages[1]


def test_of_a_hidden_customer_a_name_alone_means_nobody(client: Client) -> None:
    hide(make_rae(), "customer")
    logged = typed(client, "Rae Reference")
    assert (logged.contact, logged.engagement, logged.name) == (None, None, "Rae Reference")


@pytest.mark.parametrize(("days_ago", "counts"), [(2, True), (1, True), (0, False)])
def test_somebody_who_left_yesterday_spoke_for_their_job_until_then(client: Client, days_ago: int, *, counts: bool) -> None:
    rae = make_rae()
    Contact.objects.update(left_on=TODAY - timedelta(days=1))
    refresh_contacts(Contact.objects.select_related("person", "account"))
    logged = typed(client, "Rae Reference", day=TODAY - timedelta(days=days_ago))
    assert (logged.contact == rae.contact, logged.engagement is not None) == (counts, counts)


@pytest.mark.parametrize(
    ("gone", "hears"),
    [
        ({}, ["Ana Owner"]),
        ({"Ana": {"deactivated_at": NOW}}, ["Dan Deputy"]),
        ({"Ana": {"email": None}, "Dan": {"email": None}}, ["Mia Manager"]),
    ],
)
def test_where_the_owner_cannot_be_reached_somebody_else_hears_of_it(gone: dict[str, dict[str, object]], hears: list[str]) -> None:
    _, ana, _ = make_cast()
    ana.deputy = make_colleague("Dan Deputy")
    ana.save(update_fields=["deputy"])
    rae = make_rae()
    for name, facts in gone.items():
        Colleague.objects.filter(name__startswith=name).update(**facts)
    logged = log(contact=Contact.objects.get(pk=rae.contact_id))
    actions.retract_outside(logged, by=logged.colleague, reason="Another day")
    for kind in ("outside", "outside_retracted"):
        told = Message.objects.filter(kind=kind, channel="mail").values("recipient_id")
        assert list(Colleague.objects.filter(pk__in=told).values_list("name", flat=True)) == hears

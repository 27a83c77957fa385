"""The prospect's debrief, the thank-you, and what came of it."""

from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.utils import timezone

from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.customers.models import Account, Contact
from firsthand.deals.models import Opportunity, Stage, StageChange
from firsthand.deals.upserts import OpportunityRow, upsert_opportunities
from firsthand.history.actions import PROGRAM, Unsent
from firsthand.history.models import Message
from firsthand.people.builders import make_colleague, make_team
from firsthand.people.models import Colleague
from firsthand.references.actions import record_consent
from firsthand.references.models import Consent, Disclosure, Engagement
from firsthand.requests import actions, afterwards_mail, letters, news_mail
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.ask_tasks import tasks_for
from firsthand.requests.builders import make_ask, make_cast, make_request
from firsthand.requests.models import Ask, Attendee, Debrief, PersonalNote, ReferenceRequest
from firsthand.requests.notes_drafted import draft
from firsthand.requests.unsaid import price_in
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CAME, THANKS = PersonalNote.Kind.CAME_OF_IT, PersonalNote.Kind.THANKS


@pytest.fixture
def held() -> Ask:
    """A call that was held for a lost deal of Sam's with Fennmark, with Pia."""
    sam, _, _ = make_cast()
    found = make_request()
    found.opportunity = Opportunity.objects.create(
        name="Atlas", prospect_name="Fennmark Bank", owner=sam, amount=Decimal("420000.00"), currency="EUR",
        loss_reason="Price too high",
    )  # fmt: skip
    found.save(update_fields=["opportunity"])
    ask = make_ask("held", reference_request=found)
    add_attendee(ask, name="Pia Prospect", email="pia@prospect.example")
    Opportunity.objects.update(outcome="lost")
    return Ask.objects.get(pk=ask.pk)


def mails(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind, channel="mail").values_list("recipient_kind", flat=True))


def test_the_prospect_is_asked_only_when_the_seller_says_so(held: Ask) -> None:
    sam, ana, mia = make_cast()
    pia = Attendee.objects.get()
    assert mails("prospect_debrief") == []
    for other in (ana, mia):
        with pytest.raises(Refused, match="Only the requester asks the prospect"):
            actions.release_debrief(held, pia, by=other)
    actions.release_debrief(held, pia, by=sam)
    assert mails("prospect_debrief") == ["attendee"]
    with pytest.raises(Refused, match="Pia Prospect has been asked already"):
        actions.release_debrief(held, pia, by=sam)
    assert held.reference_request.status == "fulfilled"  # a missing debrief holds nothing up


def test_after_an_introduction_the_seller_names_who_tells(held: Ask, client: Client) -> None:
    Attendee.objects.all().delete()
    client.force_login(make_cast()[0])
    page = client.get(f"/asks/{held.pk}/").content.decode()
    assert ("Ask the prospect how it was" in page, 'name="email"' in page) == (True, True)
    where = f"/asks/{held.pk}/prospect-debrief/"
    assert client.post(where, {"seen": "held", "name": "Pia Prospect"}).status_code == 400
    assert (Attendee.objects.count(), mails("prospect_debrief")) == (0, [])
    assert client.post(where, {"seen": "held", "name": "Pia Prospect", "email": "Pia@prospect.example"}).status_code == 302
    assert [(each.name, each.email) for each in Attendee.objects.all()] == [("Pia Prospect", "pia@prospect.example")]
    assert mails("prospect_debrief") == ["attendee"]


def test_the_grade_it_got_stands_beside_the_expected_one(held: Ask, client: Client) -> None:
    sam, ana, _ = make_cast()
    Ask.objects.filter(pk=held.pk).update(expected_grade=4)
    client.force_login(ana)
    assert "Expected 4, not graded yet" in client.get(f"/asks/{held.pk}/").content.decode()
    actions.give_debrief(held, by=sam, grade=5)
    assert "Expected 4, got 5" in client.get(f"/asks/{held.pk}/").content.decode()
    Debrief.objects.create(ask=held, side=Debrief.Side.PROSPECT, grade=4)
    Engagement.objects.update(grade=Decimal("4.50"))
    assert "Expected 4, got 4.5" in client.get(f"/asks/{held.pk}/").content.decode()
    assert "<small>expected 4</small>" in client.get(f"/references/{held.reference_id}/").content.decode()


@pytest.mark.parametrize(("name", "reads"), [("Sam", (False, True)), ("Ana", (True, True)), ("Mia", (True, True)), ("Lea", (False, False))])
def test_what_was_told_of_it_is_read_by_whom_it_is_for(held: Ask, client: Client, name: str, reads: tuple[bool, bool]) -> None:
    sam, _, _ = make_cast()
    team = make_team("Sales", lead=make_colleague("Lea Lead"))
    Colleague.objects.filter(pk=sam.pk).update(team=team)
    actions.give_debrief(held, by=held.reference.contact, grade=5, words="Please never at quarter end", hours=Decimal("1.5"))
    actions.give_debrief(held, by=Attendee.objects.get(), grade=4, words="Very frank")
    client.force_login(Colleague.objects.get(name__startswith=name))
    ask, page = (client.get(f"/{where}/").content.decode() for where in (f"asks/{held.pk}", f"requests/{held.reference_request_id}"))
    words = "Please never at quarter end", "Very frank"
    assert tuple(each in ask for each in words) == tuple(each in page for each in words) == reads
    assert ("The reference</b>: 5 of 5, it took 1.5 h" in ask, "The prospect</b>: 4 of 5" in ask) == reads


def test_the_hours_first_told_are_those_of_the_slot(held: Ask) -> None:
    sam, _, _ = make_cast()
    actions.give_debrief(held, by=Attendee.objects.get(), grade=4, hours=Decimal(9))
    assert Engagement.objects.get().hours is None  # the other side does not know what it took the reference
    actions.give_debrief(held, by=held.reference.contact, grade=5)
    actions.give_debrief(held, by=held.reference.contact, grade=5, hours=Decimal("1.5"))
    actions.give_debrief(held, by=sam, grade=4, hours=Decimal(3))
    assert (Engagement.objects.get().hours, Engagement.objects.get().state) == (Decimal("1.5"), "held")


def test_the_seller_hears_that_the_prospect_told(held: Ask) -> None:
    sam, _, _ = make_cast()
    before = Message.objects.filter(kind="news", channel="mail").count()
    actions.give_debrief(held, by=Attendee.objects.get(), grade=4, words="Very frank")
    [mail] = Message.objects.filter(kind="news", channel="mail").order_by("pk")[before:]
    assert mail.recipient_id == sam.pk
    assert "The prospect told how it went with Rae Reference" in news_mail.news(mail, NOW).subject
    assert "Very frank" in str(news_mail.news(mail, NOW).parts)
    actions.give_debrief(held, by=held.reference.contact, grade=5)
    assert Message.objects.filter(kind="news", channel="mail").count() == before + 1


def test_nobody_else_adds_somebody_to_ask(held: Ask) -> None:
    before = Attendee.objects.count()
    with pytest.raises(Refused, match="Only the requester"):
        actions.release_debrief(held, by=make_cast()[2], name="Pat", email="pat@prospect.example")
    assert Attendee.objects.count() == before


def test_a_colleague_reads_no_grade_that_is_not_theirs_and_adds_no_words(held: Ask) -> None:
    pia = Attendee.objects.get()
    kim = add_attendee(held, name="Kim Colleague", email="kim@prospect.example")
    for each in (pia, kim):
        actions.release_debrief(held, each, by=make_cast()[0])
    actions.give_debrief(held, by=pia, grade=2)
    of_pia, of_kim = (read(Link.objects.get(purpose="prospect_debrief", holder_id=each.pk)) for each in (pia, kim))
    assert ("Add these words" in of_pia, 'value="2"' in of_pia) == (True, True)
    assert ("A colleague of yours has told already" in of_kim, "<form" in of_kim, 'value="2"' in of_kim) == (True, False, False)
    with pytest.raises(Refused, match="A colleague of yours has told already"):
        actions.give_debrief(held, by=kim, grade=5, words="Splendid")
    actions.give_debrief(held, by=pia, grade=2, words="Very frank")
    assert list(Debrief.objects.values_list("grade", "words")) == [(2, "Very frank")]


def read(link: Link) -> str:
    client = Client()
    return client.get(address(link).removeprefix("http://127.0.0.1:8000"), follow=True).content.decode()


def test_nobody_outside_reads_a_name_once_it_was_taken_back(held: Ask) -> None:
    sam, ana, _ = make_cast()
    pia = Attendee.objects.get()
    kim = add_attendee(held, name="Kim Colleague", email="kim@prospect.example")
    actions.release_debrief(held, pia, by=sam)
    letters.write_to_attendee("fixed", pia, held)
    links = [Link.objects.get(purpose=purpose) for purpose in ("pick", "prospect_debrief")]
    assert ["Rae Reference" in read(link) for link in links] == [True, True]
    record_consent(held.reference.contact, kind=Consent.Kind.WITHDRAWN, by=ana.actor)
    assert [("Rae" in read(link), "the person you talked to" in read(link)) for link in links] == [(False, True), (False, True)]
    why = afterwards_mail.why_not_prospect_debrief(Message.objects.get(kind="prospect_debrief"), NOW)
    assert why is not None
    assert why.facts == {"rule": "consent"}
    with pytest.raises(Refused, match="The prospect is asked nothing about them any more"):
        actions.release_debrief(Ask.objects.get(pk=held.pk), kim, by=sam)


def test_the_prospects_link_takes_one_tap_and_the_first_counts(held: Ask) -> None:
    actions.release_debrief(held, Attendee.objects.get(), by=make_cast()[0])
    link = Link.objects.get(purpose="prospect_debrief")
    client = Client()
    page = client.get(address(link).removeprefix("http://127.0.0.1:8000"))["Location"]
    assert "How was it, Pia Prospect?" in client.get(page).content.decode()
    assert not Debrief.objects.exists()
    for grade, words in (("5", ""), ("1", "Very frank")):
        assert client.post(page, {"grade": grade, "words": words}).status_code == 302
    told = Debrief.objects.get()
    assert (told.side, told.grade, told.words) == (Debrief.Side.PROSPECT, 5, "Very frank")
    assert Engagement.objects.get().grade == 5
    assert "Thank you, Pia Prospect" in client.get(page).content.decode()
    assert client.post(page, {"grade": "6"}).status_code == 400


def test_a_thank_you_is_drafted_and_goes_out_in_the_owners_words_once(held: Ask) -> None:
    sam, ana, _ = make_cast()
    client = Client()
    client.force_login(ana)
    assert "thank you for the reference call. You gave" in client.get(f"/asks/{held.pk}/thanks/").content.decode()
    client.post(f"/asks/{held.pk}/thanks/", {"words": "Dear Rae,\n\nthat was kind."})
    message = Message.objects.get(kind="thanks")
    told = afterwards_mail.personal_note(message, NOW)
    assert (told.to_name, told.subject, told.parts[:2]) == ("Rae Reference", "Thank you", ("Dear Rae,", "that was kind."))
    with pytest.raises(Refused, match="sent already"):
        actions.write_note(held, by=ana, kind=THANKS, words="Again")
    with pytest.raises(Refused, match="The account owner or a program manager thanks"):
        actions.write_note(held, by=sam, kind=THANKS, words="From me")


def test_nothing_is_written_to_somebody_who_withdrew(held: Ask) -> None:
    _, ana, _ = make_cast()
    actions.write_note(held, by=ana, kind=THANKS, words="Thank you")
    record_consent(held.reference.contact, kind=Consent.Kind.WITHDRAWN, by=ana.actor)
    assert afterwards_mail.why_not_personal_note(Message.objects.get(kind="thanks"), NOW) is not None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Fennmark Bank went another way", "The text names Fennmark Bank"),
        ("fennmark bank went another way", "The text names Fennmark Bank"),
        ("It was about 420,000 in all", "An amount is never told"),
        ("It was about 420.000,00 in all", "An amount is never told"),
        ("A deal of €1.2m", "An amount is never told"),
        ("They said: price too high", "Why a deal was lost is never told"),
        (" ", "Write a few words first"),
    ],
)
def test_what_stays_inside_does_not_go_out(words: str, sentence: str, held: Ask) -> None:
    sam, _, _ = make_cast()
    with pytest.raises(Refused, match=sentence):
        actions.write_note(held, by=sam, kind=CAME, words=words)
    client = Client()
    client.force_login(sam)
    answer = client.post(f"/asks/{held.pk}/outcome-note/", {"words": words})
    assert (answer.status_code, PersonalNote.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    ("words", "price"),
    [
        ("It was € 5 a month", "€ 5"),
        ("It was 5,000 EUR", "5,000 EUR"),
        ("about 420k in all", "420k"),
        ("some 1.2 million", "1.2 million"),
        ("3 people in 2 thousand shops, since 2019, for 20 weeks", ""),
    ],
)
def test_any_price_is_read_in_words(words: str, price: str) -> None:
    assert price_in(words) == price


def test_a_thank_you_tells_no_amount_either(held: Ask) -> None:
    _, ana, _ = make_cast()
    for words, sentence in (("That is €420k for us", "An amount is never told"), ("Price too high, they said", "Why a deal was lost")):
        with pytest.raises(Refused, match=sentence):
            actions.write_note(held, by=ana, kind=THANKS, words=words)
    assert actions.write_note(held, by=ana, kind=THANKS, words="Thank you for talking to Fennmark Bank.").kind == THANKS


def test_a_prospect_that_is_hidden_from_the_writer_is_not_named_to_them(held: Ask) -> None:
    sam, _, _ = make_cast()
    deal = held.reference_request.opportunity
    assert deal is not None
    hidden = make_account("Fennmark Bank")
    Account.objects.filter(pk=hidden.pk).update(is_hidden=True)
    Opportunity.objects.filter(pk=deal.pk).update(account=hidden)
    with pytest.raises(Refused, match="The text names a prospect that is not disclosed"):
        actions.write_note(Ask.objects.get(pk=held.pk), by=sam, kind=CAME, words="Fennmark Bank decided")


def test_a_prospect_who_agreed_is_named(held: Ask) -> None:
    sam, ana, mia = make_cast()
    for other in (ana, mia):
        with pytest.raises(Refused, match="Sam Seller, who owns the deal"):
            actions.write_note(held, by=other, kind=CAME, words="They decided")
    actions.write_note(held, by=sam, kind=CAME, words="They decided for 2 sites in 2026.", prospect_agreed=True)
    told = afterwards_mail.personal_note(Message.objects.get(kind="came_of_it"), NOW)
    assert told.subject == "What came of your reference call"
    assert "It was Fennmark Bank; they agreed that we tell you." in told.text()


def test_a_draft_greets_by_name_only_where_its_writer_may_know_it(held: Ask) -> None:
    sam, ana, _ = make_cast()
    assert draft(held, CAME, sam).startswith("Hello Rae,")
    held.reference.disclosure = Disclosure.HIDDEN
    assert [draft(held, CAME, each).partition("\n")[0] for each in (sam, ana)] == ["Hello,", "Hello Rae,"]


@pytest.mark.parametrize("how", ["withdrawn", "without an address"])
def test_what_would_not_be_sent_is_not_said_to_be_on_its_way(held: Ask, how: str) -> None:
    _, ana, _ = make_cast()
    if how == "withdrawn":
        record_consent(held.reference.contact, kind=Consent.Kind.WITHDRAWN, by=ana.actor)
    else:
        Contact.objects.update(email="")
    sentence = "The program does not write to them any more" if how == "withdrawn" else "There is no e-mail address"
    with pytest.raises(Refused, match=sentence):
        actions.write_note(Ask.objects.get(pk=held.pk), by=ana, kind=THANKS, words="Thank you")
    assert (PersonalNote.objects.count(), mails("thanks")) == (0, [])


def test_no_draft_tells_what_stays_inside(held: Ask) -> None:
    sam, _, _ = make_cast()
    for outcome in ("won", "lost"):
        Opportunity.objects.update(outcome=outcome)
        for _ in ("first", "once more"):
            words = draft(Ask.objects.get(pk=held.pk), CAME, sam)
            assert actions.thanking.why_not_words(held, words, prospect_agreed=False, reader=sam) is None
            PersonalNote.objects.get_or_create(ask=held, kind=CAME, outcome="")
    assert words.count("otherwise") == 2


def test_the_deals_owner_is_asked_once_when_the_deal_closes(held: Ask) -> None:
    stage = Stage.objects.create(name="Lost", key="lost", outcome="lost")
    deal = held.reference_request.opportunity
    assert deal is not None
    assert actions.ask_what_came_of_it(NOW) == 0
    StageChange.objects.create(opportunity=deal, stage=stage, entered_at=NOW - timedelta(days=1))
    assert [actions.ask_what_came_of_it(NOW), actions.ask_what_came_of_it(NOW)] == [1, 0]
    message = Message.objects.get(kind="came_of_it_draft")
    assert message.recipient_id == make_cast()[0].pk
    told = afterwards_mail.came_of_it_draft(message, NOW)
    assert told.subject == "Tell Rae Reference what came of it"
    actions.write_note(held, by=make_cast()[0], kind=CAME, words="They decided")
    assert afterwards_mail.why_not_came_of_it_draft(message, NOW) is not None


def closes(deal: Opportunity, outcome: str, at: datetime) -> None:
    """The deal comes to this outcome by a change of stage."""
    stage, _ = Stage.objects.get_or_create(key=outcome, defaults={"name": outcome.title(), "outcome": outcome})
    StageChange.objects.create(opportunity=deal, stage=stage, entered_at=at)
    Opportunity.objects.filter(pk=deal.pk).update(outcome=outcome)


def test_a_deal_that_was_opened_again_is_asked_about_anew(held: Ask) -> None:
    deal, sam = held.reference_request.opportunity, make_cast()[0]
    assert deal is not None
    closes(deal, "lost", NOW - timedelta(hours=5))
    assert actions.ask_what_came_of_it(NOW) == 1
    first = Message.objects.get(kind="came_of_it_draft")
    closes(deal, "open", NOW - timedelta(hours=4))
    assert (actions.ask_what_came_of_it(NOW), afterwards_mail.why_not_came_of_it_draft(first, NOW)) == (0, Unsent("reopened"))
    closes(deal, "won", NOW - timedelta(hours=3))
    assert [actions.ask_what_came_of_it(NOW), actions.ask_what_came_of_it(NOW)] == [1, 0]
    StageChange.objects.create(
        opportunity=deal, stage=Stage.objects.create(name="Signed", key="signed", outcome="won"), entered_at=NOW - timedelta(hours=2)
    )
    assert actions.ask_what_came_of_it(NOW) == 0  # another stage of the same outcome closes nothing anew
    assert mails("came_of_it_draft") == ["colleague", "colleague"]
    actions.write_note(held, by=sam, kind=CAME, words="They decided")
    closes(deal, "open", NOW - timedelta(minutes=20))
    closes(deal, "won", NOW - timedelta(minutes=10))
    assert actions.ask_what_came_of_it(NOW) == 0  # they were told that it came out so


def test_a_deal_that_came_out_otherwise_is_told_of_once_more(held: Ask, client: Client) -> None:
    deal, sam = held.reference_request.opportunity, make_cast()[0]
    assert deal is not None
    client.force_login(sam)
    page = f"/asks/{held.pk}/outcome-note/"
    closes(deal, "lost", NOW - timedelta(hours=5))
    client.post(page, {"words": "They decided otherwise."})
    assert client.post(page, {"words": "Once more."}).status_code == 409
    closes(deal, "open", NOW - timedelta(hours=4))
    whole = client.get(page).content.decode()
    assert ("They decided otherwise." in whole, "<textarea" in whole) == (True, False)
    closes(deal, "won", NOW - timedelta(hours=3))
    assert actions.ask_what_came_of_it(NOW) == 1
    assert afterwards_mail.why_not_came_of_it_draft(Message.objects.get(kind="came_of_it_draft"), NOW) is None
    assert "came-of-it" in {task.id for task in tasks_for(Ask.objects.get(pk=held.pk), sam)}
    whole = client.get(page).content.decode()
    assert [words in whole for words in ("They decided otherwise.", "It has turned out otherwise than we wrote")] == [True] * 2
    assert client.post(page, {"words": "They are with us after all."}).status_code == 302
    assert list(PersonalNote.objects.order_by("pk").values_list("words", "outcome")) == [
        ("They decided otherwise.", "lost"), ("They are with us after all.", "won"),
    ]  # fmt: skip
    told = [afterwards_mail.personal_note(each, NOW).parts[0] for each in Message.objects.filter(kind="came_of_it").order_by("pk")]
    assert told == ["They decided otherwise.", "They are with us after all."]
    assert (actions.ask_what_came_of_it(NOW), client.post(page, {"words": "Again."}).status_code) == (0, 409)


def test_a_note_of_an_older_database_tells_what_the_deal_had_come_to(held: Ask) -> None:
    deal, sam = held.reference_request.opportunity, make_cast()[0]
    assert deal is not None
    closes(deal, "lost", NOW - timedelta(days=2))
    actions.write_note(held, by=sam, kind=CAME, words="They decided otherwise.")
    said = Message.objects.get(kind="came_of_it").facts
    closes(deal, "won", NOW + timedelta(days=1))
    PersonalNote.objects.update(outcome="")
    Message.objects.filter(kind="came_of_it").update(facts={"portal": said["portal"]})
    import_module("firsthand.requests.migrations.0017_what_a_note_told").name_notes(apps)
    assert (PersonalNote.objects.get().outcome, Message.objects.get(kind="came_of_it").facts) == ("lost", said)


def test_a_draft_of_an_older_database_is_of_the_closing_before_it(held: Ask) -> None:
    deal = held.reference_request.opportunity
    assert deal is not None
    for outcome, days in (("won", 6), ("open", 5), ("lost", 4)):
        closes(deal, outcome, NOW - timedelta(days=days))
    assert actions.ask_what_came_of_it(NOW) == 1
    said = Message.objects.get(kind="came_of_it_draft").facts
    Message.objects.filter(kind="came_of_it_draft").update(facts={}, unique_key="came_of_it_draft:1")
    import_module("firsthand.requests.migrations.0015_which_closing_was_asked_about").name_closings(apps)
    assert Message.objects.get(kind="came_of_it_draft").facts == said
    assert actions.ask_what_came_of_it(NOW) == 0
    closes(deal, "open", NOW - timedelta(days=3))
    closes(deal, "won", NOW - timedelta(days=2))
    assert actions.ask_what_came_of_it(NOW) == 1


def test_nothing_is_told_of_a_deal_that_is_still_open(held: Ask, client: Client) -> None:
    Opportunity.objects.update(outcome="open")
    sam = make_cast()[0]
    fresh = Ask.objects.get(pk=held.pk)
    with pytest.raises(Refused, match="The deal is still open"):
        actions.write_note(fresh, by=sam, kind=CAME, words="They have not decided yet")
    client.force_login(sam)
    assert client.get(f"/asks/{held.pk}/outcome-note/").status_code == 409
    assert "came-of-it" not in {task.id for task in tasks_for(fresh, sam)}
    Opportunity.objects.update(outcome="won")
    assert "came-of-it" in {task.id for task in tasks_for(Ask.objects.get(pk=held.pk), sam)}
    assert client.get(f"/asks/{held.pk}/outcome-note/").status_code == 200


@pytest.mark.parametrize(("noun", "is_deal"), [("reference call", True), ("quote", True), ("press interview", False)])
def test_a_draft_says_only_what_is_known(held: Ask, noun: str, *, is_deal: bool) -> None:
    found = held.reference_request
    found.activity_type.name, found.activity_type.minutes = noun.capitalize(), 0 if noun == "quote" else 30
    found.opportunity = found.opportunity if is_deal else None
    words = draft(held, THANKS, make_cast()[1])
    assert ("somebody who had a decision to make" in words) is (noun == "reference call")
    for claim in ("helped", "told us", "worth their time"):
        assert all(claim not in text for text in (words, draft(held, CAME, make_cast()[0])))


@pytest.mark.parametrize("is_deal", [True, False])
def test_only_of_a_deal_the_reference_hears_what_came_of_it(held: Ask, *, is_deal: bool) -> None:
    actions.give_debrief(held, by=held.reference.contact, grade=1)
    if not is_deal:
        ReferenceRequest.objects.update(opportunity=None, purpose="press", outlet="Fennmark Weekly")
    link = Link.objects.filter(purpose="answer").latest("pk")
    page = Client().get(address(link).removeprefix("http://127.0.0.1:8000"), follow=True).content.decode()
    assert ("you hear from us what came of it" in page, "helped somebody" in page) == (is_deal, False)


@pytest.mark.parametrize(("source", "asked"), [("typed", 1), ("crm", 0)])
def test_a_typed_deal_without_a_stage_that_comes_back_closed_asks_its_owner(held: Ask, source: str, asked: int) -> None:
    deal = held.reference_request.opportunity
    assert deal is not None
    Opportunity.objects.filter(pk=deal.pk).update(external_id="006Q1", source=source, outcome="open", stage=None)
    row: OpportunityRow = {"external_id": "006Q1", "stage": "Closed Won"}
    with transaction.atomic():
        upsert_opportunities([row], by=PROGRAM)
    assert (actions.ask_what_came_of_it(timezone.now()), StageChange.objects.count()) == (asked, asked)


def test_an_old_deal_that_is_imported_asks_nobody(held: Ask) -> None:
    stage = Stage.objects.create(name="Lost", key="lost", outcome="lost")
    deal = held.reference_request.opportunity
    assert deal is not None
    StageChange.objects.create(opportunity=deal, stage=stage, entered_at=NOW - timedelta(days=30))
    assert actions.ask_what_came_of_it(NOW) == 0

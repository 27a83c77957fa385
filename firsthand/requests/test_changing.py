"""What is wanted changes while the request is open: who may, what stays, who hears of it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.deals.builders import make_deal
from firsthand.deals.models import OpportunityValue
from firsthand.history.models import Event, Message
from firsthand.people.builders import eli
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type, make_facet, make_value
from firsthand.program.models import FacetValue
from firsthand.references.actions import take_slot
from firsthand.requests import actions, news_mail
from firsthand.requests.actions import Wanted
from firsthand.requests.actions.changing import CHANGED
from firsthand.requests.builders import make_ask, make_cast, make_policy, make_rae, make_request, slot_of
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.moving import OTHER_WORDS, seen_as
from firsthand.requests.permissions import why_not_propose
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY, LATER = date(2026, 3, 20), date(2026, 3, 27)  # a request of the builders is needed by the first
ASKED = "A reference has been asked with these words, so the wish stays. Change the questions, or cancel that ask first."


def wanted(wish: str = "How was the second close?", questions: str = "", needed_by: date = DAY) -> Wanted:
    return Wanted(wish, questions, needed_by)


def told() -> set[tuple[str, str]]:
    """Who hears of the last change, by which channel."""
    event = Event.objects.filter(verb="change_wanted").latest("pk")
    names = dict(Colleague.objects.values_list("pk", "name"))
    about = Message.objects.filter(kind="news", facts__event=event.pk)
    return {(names[each.recipient_id].split()[0], each.channel) for each in about}


def fresh(row: ReferenceRequest) -> ReferenceRequest:
    return ReferenceRequest.objects.get(pk=row.pk)


def as_it_stands(row: ReferenceRequest) -> tuple[str, str, date]:
    found = fresh(row)
    return found.wish, found.questions, found.needed_by


def post(by: Colleague, row: ReferenceRequest, **facts: str | list[str]) -> Any:
    client = Client()
    client.force_login(by)
    sent = {"seen": str(fresh(row).revision), "wish": row.wish, "questions": row.questions, "needed_by": row.needed_by.isoformat(), **facts}
    return client.post(f"/requests/{row.pk}/wanted/", sent)


def test_the_requester_changes_words_and_day_and_the_manager_hears_what() -> None:
    sam, _, mia = make_cast()
    row = fresh(make_request())
    actions.change_wanted(row, wanted(questions="Which team?", needed_by=LATER), by=sam)
    assert as_it_stands(row) == ("How was the second close?", "Which team?", LATER)
    assert (fresh(row).rank_on, fresh(row).revision) == (LATER, row.revision + 1)
    assert told() == {("Mia", "mail"), ("Mia", "notice")}
    text = news_mail.news(Message.objects.filter(kind="news", recipient_id=mia.pk, channel="mail").latest("pk"), NOW).text()
    what = "the wish, the questions and the day it is needed by, from 20 Mar 2026 to 27 Mar 2026."
    assert f"Sam Seller changed {what}" in " ".join(text.split())


def test_the_manager_changes_it_and_requester_and_whoever_is_to_approve_hear_so() -> None:
    _, _, mia = make_cast()
    row = make_ask().reference_request
    actions.change_wanted(row, wanted(), by=mia)
    assert told() == {("Sam", "mail"), ("Sam", "notice"), ("Ana", "notice")}


def test_the_same_words_again_change_nothing_however_a_browser_ends_lines() -> None:
    sam, _, _ = make_cast()
    row = make_request()
    actions.change_wanted(row, wanted("One\ntwo", "A?\nB?"), by=sam)
    row = fresh(row)
    assert post(sam, row, wish=" One\r\ntwo", questions="A?\r\n\r\n B?").status_code == 302
    assert (fresh(row).revision, Event.objects.filter(verb="change_wanted").count()) == (row.revision, 1)
    assert post(sam, row, questions="A? B?").status_code == 302
    assert fresh(row).questions == "A? B?"


def test_words_that_stay_inside_are_refused_with_what_was_typed() -> None:
    sam, _, _ = make_cast()
    row = make_request()
    ReferenceRequest.objects.update(opportunity=make_deal(account=make_account("Fennmark Bank"), owner=sam))
    before = as_it_stands(row)
    answer = post(sam, row, wish="Fennmark Bank asks about speed", questions="Which team?")
    whole = answer.content.decode()
    assert answer.status_code == 400
    assert [words in whole for words in ("the reference reads Fennmark Bank there", "asks about speed", "Which team?")] == [True] * 3
    assert as_it_stands(row) == before


def test_an_older_wish_that_names_the_prospect_is_mended_and_can_be_approved() -> None:
    sam, ana, _ = make_cast()
    ask = make_ask()
    deal = make_deal(account=make_account("Fennmark Bank"), owner=sam)
    ReferenceRequest.objects.update(opportunity=deal, wish="Fennmark Bank asks about speed")
    with pytest.raises(Refused, match="The requester or a program manager changes it on the request"):
        actions.approve(ask, by=ana)
    actions.change_wanted(ask.reference_request, wanted("They ask about speed"), by=sam)
    assert actions.approve(Ask.objects.get(pk=ask.pk), by=ana).status == "approved"


def test_an_older_wish_that_names_the_prospect_and_stays_keeps_nothing_else_from_changing() -> None:
    sam, _, _ = make_cast()
    row = make_ask("sent").reference_request
    deal = make_deal(account=make_account("Fennmark Bank"), owner=sam)
    ReferenceRequest.objects.update(opportunity=deal, wish="Fennmark Bank asks about speed")
    row = fresh(row)
    assert post(sam, row, questions="Which team?").status_code == 302
    assert post(sam, row, questions="Does Fennmark Bank know?").status_code == 400
    assert as_it_stands(row)[:2] == (row.wish, "Which team?")


def test_a_late_yes_is_to_the_words_that_were_read() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("sent")
    Ask.objects.update(status="lapsed")
    page, link = Client(), Link.objects.filter(purpose="answer").latest("pk")
    where = page.get(address(link).removeprefix("http://127.0.0.1:8000")).headers["Location"]
    read = {"act": "accept", "seen": seen_as(Ask.objects.get(pk=ask.pk))}
    assert f'value="{read["seen"]}"' in page.get(where).content.decode()
    actions.change_wanted(ask.reference_request, wanted(), by=sam)
    answer = page.post(where, read)
    assert (answer.status_code, OTHER_WORDS in answer.content.decode()) == (409, True)
    assert Ask.objects.get(pk=ask.pk).status == "lapsed"
    whole = page.get(where).content.decode()
    now = seen_as(Ask.objects.get(pk=ask.pk))
    assert ("How was the second close?" in whole, f'value="{now}"' in whole, now == read["seen"]) == (True, True, False)
    assert page.post(where, {**read, "seen": now}).status_code == 302
    assert Ask.objects.get(pk=ask.pk).status == "accepted"
    with pytest.raises(Refused, match="so the wish stays"):
        actions.change_wanted(ask.reference_request, wanted("Something else"), by=sam)


def test_a_no_to_words_that_changed_since_is_a_no() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("sent")
    Ask.objects.update(status="lapsed")
    read = seen_as(Ask.objects.get(pk=ask.pk))
    actions.change_wanted(ask.reference_request, wanted(), by=sam)
    assert actions.decline(ask, by=ask.reference.contact, seen=read).status == "declined"


@pytest.mark.parametrize("status", ["sent", "accepted", "introduced", "scheduled"])
def test_once_a_reference_was_asked_the_wish_stays_and_the_questions_do_not(status: str) -> None:
    sam, _, _ = make_cast()
    row = fresh(make_ask(status).reference_request)
    answer = post(sam, row, wish="Something else", questions="Which team?")
    assert (answer.status_code, ASKED in answer.content.decode(), "Something else" in answer.content.decode()) == (409, True, True)
    assert post(sam, row, questions="Which team?").status_code == 302
    assert as_it_stands(row)[:2] == (row.wish, "Which team?")


def test_the_day_stays_once_somebody_was_asked_while_their_slot_is_held() -> None:
    sam, _, mia = make_cast()
    ask = make_ask("sent")
    later = wanted(ask.reference_request.wish, needed_by=LATER)
    with pytest.raises(Refused, match="A slot is held for the day it is needed by"):
        actions.change_wanted(ask.reference_request, later, by=sam)
    actions.cancel(ask, by=mia)
    assert actions.change_wanted(ask.reference_request, later, by=sam).needed_by == LATER


def test_the_day_is_moved_later_while_nobody_was_asked_and_the_slots_go_along() -> None:
    sam, _, _ = make_cast()
    row = make_request(n_wanted=2)
    asks = [
        make_ask(reference_request=row),
        make_ask("approved", reference_request=row, reference=make_rae("Ria Second", company="Second")),
    ]
    until = slot_of(asks[0]).reserved_until
    with pytest.raises(Refused, match="It can only be later"):
        actions.change_wanted(row, wanted(needed_by=date(2026, 3, 19)), by=sam)
    actions.change_wanted(row, wanted(needed_by=LATER), by=sam)
    assert [slot_of(ask).day for ask in asks] == [LATER, LATER]
    assert (until is not None, slot_of(asks[0]).reserved_until) == (True, until)


def test_a_later_day_on_which_no_slot_is_free_is_refused() -> None:
    sam, _, _ = make_cast()
    ask = make_ask(reference=make_rae(limit=1))
    april = date(2026, 4, 2)  # another quarter, in which the one slot is taken
    take_slot(ask.reference, activity_type=ask.reference_request.activity_type, day=date(2026, 6, 2), reserved_until=None)
    with pytest.raises(Refused, match="Rae Reference cannot be asked: "):
        actions.change_wanted(ask.reference_request, wanted(needed_by=april), by=sam)
    assert (fresh(ask.reference_request).needed_by, slot_of(ask).day) == (DAY, DAY)


def test_a_day_that_is_past_is_moved_whoever_was_asked(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    ask = make_ask("accepted", reference_request=make_request(n_wanted=2))
    clock.shift(timedelta(days=11))
    with pytest.raises(Refused, match="It was needed by 20 Mar 2026, which is past"):
        actions.propose(ask.reference_request, [make_rae("Ria Second", company="Second Bank")], by=make_cast()[2])
    actions.change_wanted(ask.reference_request, Wanted(ask.reference_request.wish, "", LATER), by=sam)
    assert (fresh(ask.reference_request).needed_by, slot_of(ask).day) == (LATER, DAY)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"needed_by": "2026-03-09"}, "The day it is needed by is past. Choose a later day."),
        ({"needed_by": "2046-03-09"}, "Choose a day within the next five years."),
        ({"wish": " "}, "Say what the prospect wants to hear."),
        ({"seen": ""}, "The page did not say what you saw"),
    ],
)
def test_bad_input_is_one_sentence(facts: dict[str, str], sentence: str) -> None:
    row = make_request()
    answer = post(make_cast()[0], row, **facts)
    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert as_it_stands(row) == (row.wish, row.questions, row.needed_by)


def test_who_changed_it_meanwhile_is_not_written_over() -> None:
    sam, _, mia = make_cast()
    row = make_request()
    seen = fresh(row).revision
    actions.change_wanted(row, wanted(), by=mia)
    answer = post(sam, row, wish="My own words", seen=str(seen))
    whole = answer.content.decode()
    assert answer.status_code == 409
    assert [words in whole for words in (CHANGED, "As it stands now", "How was the second close?", "My own words")] == [True] * 4
    assert f'name="seen" value="{seen + 1}"' in whole
    assert post(sam, row, wish="My own words", seen=str(seen + 1)).status_code == 302
    assert as_it_stands(row)[0] == "My own words"


def test_nobody_else_changes_it_and_not_once_it_is_over() -> None:
    sam, ana, mia = make_cast()
    row = make_ask().reference_request
    for other in (ana, eli()):
        with pytest.raises(Refused, match="The requester or a program manager changes what is wanted"):
            actions.change_wanted(row, wanted(), by=other)
    actions.withdraw(row, by=sam)
    for by in (sam, mia):
        with pytest.raises(Refused, match="while the request is open: it is withdrawn"):
            actions.change_wanted(row, wanted(), by=by)


def test_the_way_there_stands_with_the_wish() -> None:
    sam, ana, _ = make_cast()
    row = make_ask().reference_request
    for reader, is_there in ((sam, True), (ana, False)):
        client = Client()
        client.force_login(reader)
        assert (f"/requests/{row.pk}/wanted/" in client.get(f"/requests/{row.pk}/").content.decode()) is is_there


def test_what_is_refused_comes_back_with_every_tick() -> None:
    values = make_spoken_of()
    sam, _, mia = make_cast()
    row = asked_for("How was the close?", criteria=tuple((each.pk, "should") for each in values))
    seen = fresh(row).revision
    actions.change_wanted(row, wanted(), by=mia)
    ids = [str(each.pk) for each in values]
    answer = post(sam, row, wish="My own words", seen=str(seen), criteria=ids[:2], listed=" ".join(ids))
    boxes = re.findall(r'name="criteria" value="(\d+)"[^>]*?( checked)?>', answer.content.decode())
    assert (answer.status_code, boxes) == (409, [(ids[0], " checked"), (ids[1], " checked"), (ids[2], "")])


def make_spoken_of() -> tuple[FacetValue, FacetValue, FacetValue]:
    """Two values of what is told, and one of who tells it."""
    rivals, topics, industries = make_facet("rival"), make_facet("topic"), make_facet("industry")
    return make_value("Oracle", facet=rivals), make_value("Migration", facet=topics), make_value("Banking", facet=industries)


def asked_for(wish: str, *, criteria: tuple[tuple[int, str], ...] = (), as_draft: bool = False) -> ReferenceRequest:
    make_policy()
    return actions.file_request(actions.Wish(make_activity_type(), DAY, wish, criteria=criteria), by=make_cast()[0], as_draft=as_draft)


def matched_by(row: ReferenceRequest) -> dict[str, str]:
    return dict(row.criteria.order_by("pk").values_list("value__name", "importance"))


def test_what_the_wish_would_have_them_speak_of_bars_who_refuses_it_until_it_is_taken_out() -> None:
    oracle, _, _ = make_spoken_of()
    sam, _, mia = make_cast()
    rae = make_rae()
    rae.topics.create(value=oracle, is_welcome=False)
    row = asked_for("How they replaced Oracle at a bank")
    assert matched_by(row) == {"Oracle": "should"}
    sentence = "Rae Reference cannot be asked: they do not speak of Oracle. Leave that out."
    assert why_not_propose(mia, rae, row) == sentence
    client = Client()
    client.force_login(sam)
    page = client.get(f"/requests/{row.pk}/wanted/").content.decode()
    assert f'name="criteria" value="{oracle.pk}"' in page
    assert "Oracle (Rival, should)" in page
    assert post(sam, row, listed=str(oracle.pk)).status_code == 302
    assert (matched_by(row), why_not_propose(mia, rae, fresh(row))) == ({}, None)
    assert Event.objects.latest("pk").facts["changed"] == ["criteria"]
    mail = news_mail.news(Message.objects.filter(kind="news", recipient_id=mia.pk, channel="mail").latest("pk"), NOW).text()
    assert "Sam Seller changed what they are matched by." in " ".join(mail.split())


def test_what_is_ticked_stays_and_a_form_without_the_ticks_drops_nothing() -> None:
    oracle, migration, _ = make_spoken_of()
    sam = make_cast()[0]
    row = asked_for("The Oracle migration")
    assert post(sam, row, listed=f"{oracle.pk} {migration.pk}", criteria=str(migration.pk)).status_code == 302
    assert matched_by(row) == {"Migration": "should"}
    assert post(sam, row).status_code == 302
    assert post(sam, row, listed="x 99999999999999999999 7").status_code == 302
    assert post(sam, row, criteria="7").status_code == 400
    assert matched_by(row) == {"Migration": "should"}


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("A bank like us, banking in Europe", {}),
        ("Anybody but not Oracle", {}),
        ("How the migratoin went", {}),
        ("How the migration from Oracle went", {"Migration": "should", "Oracle": "should"}),
    ],
)
def test_only_what_is_told_and_read_for_certain_becomes_a_criterion(wish: str, found: dict[str, str]) -> None:
    make_spoken_of()
    assert matched_by(asked_for(wish)) == found


def test_what_is_chosen_stays_as_it_is_and_a_draft_is_read_once_it_is_submitted() -> None:
    oracle, _, _ = make_spoken_of()
    draft = asked_for("Oracle migration", criteria=((oracle.pk, "must"),), as_draft=True)
    assert matched_by(draft) == {"Oracle": "must"}
    actions.submit(draft, by=make_cast()[0])
    assert matched_by(draft) == {"Oracle": "must", "Migration": "should"}


def test_a_new_wish_adds_what_only_it_says() -> None:
    oracle, _, _ = make_spoken_of()
    sam = make_cast()[0]
    row = asked_for("How they left Oracle")
    actions.change_wanted(row, Wanted(row.wish, "", DAY, dropped=(oracle.pk,)), by=sam)
    actions.change_wanted(fresh(row), wanted("How they left Oracle, and the migration"), by=sam)
    assert matched_by(row) == {"Migration": "should"}
    assert Event.objects.latest("pk").facts["changed"] == ["wish", "criteria"]


def test_a_new_wish_takes_along_what_only_the_old_one_said() -> None:
    oracle, migration, _ = make_spoken_of()
    sap = make_value("SAP", facet=oracle.facet)
    sam = make_cast()[0]
    row = asked_for("The Oracle migration")
    actions.change_wanted(row, wanted("The SAP migration"), by=sam)
    assert matched_by(row) == {"Migration": "should", "SAP": "should"}
    kept = asked_for("How they left Oracle, and the migration", criteria=((oracle.pk, "must"),))
    deal = make_deal(owner=sam)
    ReferenceRequest.objects.filter(pk=kept.pk).update(opportunity=deal)
    OpportunityValue.objects.create(opportunity=deal, value=migration)
    actions.change_wanted(fresh(kept), wanted(f"How they left {sap.name}"), by=sam)
    assert matched_by(kept) == {"Oracle": "must", "Migration": "should", "SAP": "should"}

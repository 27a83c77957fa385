"""What people get wrong in the thread of a request, posted to the real pages: one plain sentence each, and no row changed."""

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from firsthand.customers.actions import mark_left
from firsthand.customers.builders import make_account
from firsthand.deals.builders import make_deal
from firsthand.desk.test_requests import by_link, signed_in
from firsthand.people.actions import deactivate
from firsthand.people.models import Colleague
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
YESTERDAY, LATER, NEVER = "2026-03-09", "2026-03-20", "2042-01-01"
HOUR_AGO, IN_A_WEEK = "2026-03-10T08:00", "2026-03-17T10:00"
HOW_MANY = "How many references: A request is for 1 to 20 references."
MOVED_ON = "This ask has moved on: it is {} now. Reload to see how it stands."
OPEN_AGAIN = "This page was open too long. Open the link in the mail again."


@dataclass
class Thread:
    """Sam, who requests, Ana, who owns the customer, Mia, who manages, each in a browser of their own."""

    sam: Colleague
    ana: Colleague
    mia: Colleague
    seller: Client
    owner: Client
    manager: Client


@pytest.fixture
def thread() -> Thread:
    people = make_cast()
    return Thread(*people, *(signed_in(each) for each in people))


def everything() -> dict[str, list[Any]]:
    """Every row of the program's tables, column by column."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("firsthand.")]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in ours}


def told(client: Client, address: str, **fields: str) -> tuple[int, str]:
    """Post it; the status, and the sentence where the page says one. No row may have changed."""
    before = everything()
    answer = client.post(address, fields)
    after = everything()
    changed = [label for label in after if after[label] != before[label]]
    assert changed == []
    return answer.status_code, sentence_of(answer.content.decode())


def sentence_of(page: str) -> str:
    """The first complaint about a form, or what a refusal's page says."""
    found = re.search(r'class="fh-errors".*?<li>(.*?)</li>', page, re.DOTALL) or re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""


def wish(**fields: str) -> dict[str, str]:
    """A new request's form, as a browser sends it, but for these fields."""
    form = {
        "form_key": str(uuid.uuid4()),
        "purpose": "deal",
        "activity": "reference-call",
        "needed_by": LATER,
        "n_wanted": "1",
        "wish": "How long did the first close take?",
    }
    return {**form, **fields}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"needed_by": YESTERDAY}, "Needed by: The day it is needed by is past. Choose a later day."),
        ({"needed_by": NEVER}, "Needed by: Choose a day within the next five years."),
        ({"n_wanted": "0"}, HOW_MANY),
        ({"n_wanted": "500"}, HOW_MANY),
        ({"n_wanted": "-1"}, HOW_MANY),
        ({"n_wanted": "many"}, HOW_MANY),
    ],
)
def test_a_request_that_cannot_be(thread: Thread, fields: dict[str, str], sentence: str) -> None:
    make_request()  # so that the activity is there
    assert told(thread.seller, reverse("requests:new"), **wish(**fields)) == (400, sentence)


def test_a_deal_that_is_lost_already(thread: Thread) -> None:
    make_request()
    deal = make_deal(owner=thread.sam, account=make_account("Fennmark Mills"))
    deal.outcome = "lost"
    deal.save()
    sentence = "The deal with Fennmark Mills is lost already, so no reference is needed. Choose another deal."
    assert told(thread.seller, reverse("requests:new"), **wish(opportunity=str(deal.pk))) == (400, sentence)


def test_a_prospect_in_the_references_own_family(thread: Thread) -> None:
    rae = make_rae()
    deal = make_deal(owner=thread.sam, account=make_account("Ostvik Ventures", parent=rae.contact.account))
    row = make_request()
    ReferenceRequest.objects.filter(pk=row.pk).update(opportunity=deal)
    sentence = "Rae Reference cannot be asked: Ostvik Bank belongs to the prospect's own group. Choose somebody outside it."
    matches = reverse("requests:matches", args=[row.pk])
    assert told(thread.manager, matches, reference=str(rae.pk)) == (409, sentence)
    assert told(thread.manager, matches, reference=str(rae.pk), exception="The sponsor wants it") == (409, sentence)


def test_a_person_who_left_yesterday_is_not_proposed(thread: Thread) -> None:
    rae, row = make_rae(), make_request()
    mark_left(rae.contact, (NOW - timedelta(days=1)).date(), by=thread.mia)
    sentence = "Rae Reference cannot be asked: they left Ostvik Bank on 9 Mar 2026. Enroll their contact at the new company."
    assert told(thread.manager, reverse("requests:matches", args=[row.pk]), reference=str(rae.pk)) == (409, sentence)


def test_a_person_who_left_yesterday_does_not_say_yes_today(thread: Thread) -> None:
    ask = make_ask("sent")
    client, address = by_link("ask")
    mark_left(ask.reference.contact, (NOW - timedelta(days=1)).date(), by=thread.mia)
    sentence = "This has changed since we wrote, and nothing is asked of you any more. Write to us if you would have liked to."
    assert told(client, address, act="accept", seen="sent") == (409, sentence)


def test_a_colleague_who_left_yesterday_answers_for_nobody(thread: Thread) -> None:
    make_ask("proposed")
    client, address = by_link("approval")
    deactivate(thread.ana, by=thread.mia)
    sentence = "This question went on to somebody else. Nothing waits for you here."
    assert told(client, address, answer="approve", seen="proposed") == (410, sentence)


@pytest.mark.parametrize(
    ("status", "name", "fields", "sentence"),
    [
        ("accepted", "time", {"starts_at": HOUR_AGO}, "That time is past. Choose one that is still to come."),
        ("scheduled", "time", {"starts_at": HOUR_AGO}, "That time is past. Choose one that is still to come."),
        ("accepted", "time", {"starts_at": "yesterday"}, "When: That is not a day and time. Write it as 2026-03-27T14:30."),
        ("accepted", "time", {}, "When: Say the day and the time."),
        (
            "sent",
            "ask_answer",
            {"answer": "yes", "channel": "phone", "day": LATER},
            "An answer cannot be of a day that has not come yet.",
        ),
        ("scheduled", "outcome", {"outcome": "held"}, "It is fixed for 13 March 2026, which has not come yet."),
    ],
)
def test_times_that_cannot_be(thread: Thread, status: str, name: str, fields: dict[str, str], sentence: str) -> None:
    ask = make_ask(status)
    code, words = told(thread.manager, reverse(f"requests:{name}", args=[ask.pk]), seen=status, **fields)
    assert (code in {400, 409}, words) == (True, sentence)


def test_a_reference_who_offers_a_time_that_is_past(thread: Thread) -> None:
    make_ask("accepted")
    client, address = by_link("ask")
    sentence = "A time you offered is past. Choose times that are still to come."
    assert told(client, address, act="offer", seen="accepted", time_1=HOUR_AGO) == (400, sentence)


def test_an_owner_who_postpones_until_yesterday(thread: Thread) -> None:
    make_ask("proposed")
    client, address = by_link("approval")
    sentence = "Choose a day after today, at most two years ahead."
    assert told(client, address, answer="postpone", seen="proposed", until=YESTERDAY, reason="Renewal talks") == (400, sentence)


def test_the_address_of_a_links_page_sent_to_somebody_else(thread: Thread) -> None:
    """The address in the browser holds no token, so that it opens nothing for whoever gets it."""
    make_ask("sent")
    for kind, fields in (("ask", {"act": "accept", "seen": "sent"}), ("approval", {"answer": "approve", "seen": "proposed"})):
        _, address = by_link(kind)
        for somebody in (Client(), thread.seller, thread.manager):
            assert told(somebody, address, **fields) == (410, OPEN_AGAIN)


def test_a_link_that_was_cut_on_the_way(thread: Thread) -> None:
    make_ask("sent")
    sentence = "This link is not complete. Open it again from the mail, with the whole address."
    answer = Client().get("/l/WyJhbnN3ZXIiLDEsImQ/")
    assert (answer.status_code, sentence_of(answer.content.decode())) == (404, sentence)


def test_a_link_opened_for_one_person_answers_for_nobody_else(thread: Thread) -> None:
    """Ria's session from her own mail does not open Rae's page."""
    make_ask("sent")
    _, raes = by_link("ask")
    other = make_ask("sent", reference=make_rae("Ria Second", company="Second Bank"), reference_request=make_request())
    client, rias = by_link("ask")
    assert raes != rias
    assert told(client, raes, act="decline", seen="sent") == (410, OPEN_AGAIN)
    assert Ask.objects.get(pk=other.pk).status == "sent"


def test_a_question_that_went_on_to_the_deputy(thread: Thread) -> None:
    """The owner's mail was forwarded, and the ask has gone to whoever sees it now."""
    ask = make_ask("proposed")
    client, address = by_link("approval")
    account = ask.reference.contact.account
    account.owner = None
    account.save()
    Ask.objects.filter(pk=ask.pk).update(approver=None)
    sentence = "This question went on to somebody else. Nothing waits for you here."
    assert told(client, address, answer="approve", seen="proposed") == (410, sentence)


def test_two_tabs_of_the_owner(thread: Thread) -> None:
    ask = make_ask("proposed")
    actions.approve(ask, by=thread.ana)
    address = reverse("requests:approval", args=[ask.pk])
    assert told(thread.owner, address, answer="refuse", reason="Year end", seen="proposed") == (409, MOVED_ON.format("approved"))


def test_two_tabs_of_the_manager(thread: Thread) -> None:
    ask = make_ask("approved")
    actions.cancel(ask, by=thread.mia, reason="Plans changed")
    assert told(thread.manager, reverse("requests:sending", args=[ask.pk]), seen="approved") == (409, MOVED_ON.format("canceled"))


def test_two_tabs_of_the_reference(thread: Thread) -> None:
    ask = make_ask("sent")
    client, address = by_link("ask")
    actions.accept(ask, by=ask.reference.contact)
    assert told(client, address, act="decline", seen="sent") == (409, MOVED_ON.format("accepted"))
    assert told(client, address, act="accept", seen="sent") == (302, "")  # said twice is said once


def test_the_back_button_after_a_request_was_filed(thread: Thread) -> None:
    """The same form sent again leads to the request it became, even with other words in it."""
    make_request()
    form = wish()
    thread.seller.post(reverse("requests:new"), form)
    filed = ReferenceRequest.objects.latest("pk")
    for again in (form, {**form, "n_wanted": "3"}):
        before = everything()
        answer = thread.seller.post(reverse("requests:new"), again)
        assert (answer.status_code, answer["Location"]) == (302, reverse("desk:request", args=[filed.pk]))
        assert everything() == before
    assert f"This form was sent already and became {filed}, which is submitted. Nothing was added." in unescape(
        thread.seller.get(reverse("desk:request", args=[filed.pk])).content.decode()
    )


def test_the_back_button_after_a_request_was_withdrawn(thread: Thread) -> None:
    row = make_request()
    actions.withdraw(row, by=thread.sam)
    rae = make_rae()
    sentence = "This request has moved on: it is withdrawn now. Reload to see how it stands."
    assert told(thread.seller, reverse("requests:withdrawal", args=[row.pk]), reason="Again", seen="submitted") == (409, sentence)
    sentence = "“Propose ask” is not possible now: the request is withdrawn."
    assert told(thread.manager, reverse("requests:matches", args=[row.pk]), reference=str(rae.pk)) == (409, sentence)


def test_the_back_button_to_a_draft_that_was_submitted(thread: Thread) -> None:
    row = make_request()
    sentence = f"{row} is submitted already, so it is not changed here any more. Change what is wanted on its page."
    assert told(thread.seller, reverse("requests:edit", args=[row.pk]), **wish(n_wanted="4")) == (409, sentence)

"""Moves on many requests at once, over HTTP: the preview, the refusals, the results row by row."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firsthand.history.models import Event, Message
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def mia_in() -> Client:
    client = Client()
    client.force_login(make_cast()[2], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def rows_of(answer: Any) -> dict[str, str]:
    """By number, what the row says and its outcome."""
    found = re.findall(r"<tr>(.*?)</tr>", answer.content.decode(), flags=re.DOTALL)
    texts = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]
    return {match[1]: match[2] for text in texts if (match := re.search(r"(RQ-\d+) · Sam Seller (.*)", text))}


def title_of(answer: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
    assert found
    return found[1]


def test_the_preview_changes_nothing_and_the_results_are_told_row_by_row() -> None:
    sam, _, mia = make_cast()
    client = mia_in()
    one, two, over = make_request(), make_request(), make_request()
    actions.withdraw(over, by=sam)
    new = make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    actions.hand_over(two, to=new, by=mia, reason="First")
    asked: dict[str, Any] = {"move": f"hand_over:{new.pk}", "request": [one.pk, two.pk, over.pk]}

    preview = client.get("/requests/moves/", asked)
    refused = {
        f"RQ-{two.pk}": f"Max Manager is in charge of RQ-{two.pk} already. Refused",
        f"RQ-{over.pk}": f"RQ-{over.pk} is withdrawn; nobody has to be in charge of it any more. Refused",
    }
    assert title_of(preview) == "Hand over to Max Manager: 1 of 3 possible"
    assert rows_of(preview) == {f"RQ-{one.pk}": "From Mia Manager to Max Manager Possible", **refused}
    assert ReferenceRequest.objects.get(pk=one.pk).manager == mia

    missing = client.post("/requests/moves/", asked)
    assert missing.status_code == 400
    assert "Write the reason. Whoever is concerned reads it." in missing.content.decode()

    done = client.post("/requests/moves/", {**asked, "reason": "He knows banks"})
    assert title_of(done) == "1 move made, 2 refused"
    assert rows_of(done) == {f"RQ-{one.pk}": "From Mia Manager to Max Manager Done", **refused}
    assert ReferenceRequest.objects.get(pk=one.pk).manager == new


def test_many_handed_over_come_in_one_mail() -> None:
    make_cast()
    client, requests = mia_in(), [make_request() for _ in range(4)]
    new = make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    client.post("/requests/moves/", {"move": f"hand_over:{new.pk}", "request": [row.pk for row in requests], "reason": "Holidays"})
    [mail] = Message.objects.filter(kind="handed_over", channel="mail")
    assert (mail.recipient_id, len(mail.facts["events"])) == (new.pk, 4)
    assert set(ReferenceRequest.objects.values_list("manager", flat=True)) == {new.pk}


def test_whoever_is_waited_for_is_reminded() -> None:
    make_cast()
    client = mia_in()
    waits, accepted = make_request(), make_request()
    make_ask("proposed", reference_request=waits)
    make_ask("scheduled", reference_request=accepted, reference=make_rae("Ria Second", company="Second Bank"))
    done = client.post("/requests/moves/", {"move": "remind", "request": [waits.pk, accepted.pk]})
    assert rows_of(done) == {
        f"RQ-{waits.pk}": "Ana Owner is reminded Done",
        f"RQ-{accepted.pk}": f"Nobody is silent on RQ-{accepted.pk}, so there is nobody to remind. Refused",
    }
    other = make_request()
    make_ask("proposed", reference_request=other, reference=make_rae("Rob Third", company="Third Bank"))
    again = client.get(f"/requests/moves/?move=remind&request={waits.pk}&request={other.pk}")
    assert rows_of(again) == {
        f"RQ-{waits.pk}": "Ana Owner was reminded within the last day. Refused",
        f"RQ-{other.pk}": "Ana Owner is reminded Possible",
    }


@pytest.mark.parametrize("move", ["remind", "send", "withdraw", "close"])
def test_a_preview_of_many_asks_the_database_as_often_as_one_of_few(move: str) -> None:
    _, _, mia = make_cast()
    client, counted = mia_in(), []
    chosen: list[int] = []
    for number in (1, 2):
        new, asked, waits = make_request(), make_request(), make_request()
        actions.ask_info(asked, by=mia, question="Which product?")
        make_ask("sent", reference_request=waits, reference=make_rae(f"R{number} Ref", company=f"Bank {number}"))
        chosen += [new.pk, asked.pk, waits.pk]
        address = f"/requests/moves/?move={move}&" + "&".join(f"request={pk}" for pk in chosen)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_approved_asks_are_sent_and_what_a_rule_bars_is_not() -> None:
    make_cast()
    client = mia_in()
    first, second, third = make_request(), make_request(), make_request()
    sent = make_ask("approved", reference_request=first)
    barred = make_ask("approved", reference_request=second, reference=make_rae("Ria Second", company="Second Bank"))
    barred.reference.contact.person.unsubscribed_at = NOW
    barred.reference.contact.person.save()
    done = client.post("/requests/moves/", {"move": "send", "request": [first.pk, second.pk, third.pk]})
    rows = rows_of(done)
    assert rows[f"RQ-{first.pk}"] == "Rae Reference is asked Done"
    assert rows[f"RQ-{second.pk}"].startswith("Ria Second cannot be asked: ")
    assert rows[f"RQ-{third.pk}"] == f"RQ-{third.pk} has no approved ask to send. Refused"
    assert [Ask.objects.get(pk=each.pk).status for each in (sent, barred)] == ["sent", "approved"]


@pytest.mark.parametrize(
    ("move", "facts", "status"),
    [
        ("withdraw", {"reason": "The quarter is over"}, "withdrawn"),
        ("close", {"unfulfilled": "no_match", "note": "Nobody fits"}, "unfulfilled"),
    ],
)
def test_many_end_at_once(move: str, facts: dict[str, str], status: str) -> None:
    make_cast()
    client, one, two = mia_in(), make_request(), make_request()
    make_ask("proposed", reference_request=two)
    asked: dict[str, Any] = {"move": move, "request": [one.pk, two.pk]}
    preview = client.get("/requests/moves/", asked)
    assert rows_of(preview) == {
        f"RQ-{one.pk}": "It ends; nobody is being asked Possible",
        f"RQ-{two.pk}": "It ends, and 1 open ask with it Possible",
    }
    client.post("/requests/moves/", {**asked, **facts})
    assert set(ReferenceRequest.objects.values_list("status", flat=True)) == {status}
    assert Ask.objects.get().status == "canceled"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Choose what to do with those you ticked."),
        ("?move=close", "Tick at least one request first."),
        ("?move=close&request=x&request=999999", "Tick at least one request first."),
        ("?move=close" + "&request=1" * 101, "At most 100 requests are moved at once; 101 are ticked."),
    ],
)
def test_what_was_not_said_is_asked_for(query: str, sentence: str) -> None:
    answer = mia_in().get(f"/requests/moves/{query}")
    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert not Event.objects.exists()


def test_a_manager_has_boxes_to_tick_and_a_seller_has_none() -> None:
    sam, _, _ = make_cast()
    found = make_request()
    box = f'name="request" value="{found.pk}" form="moves" aria-label="Choose RQ-{found.pk}"'
    assert box in mia_in().get("/requests/?view=open").content.decode()
    client = Client()
    client.force_login(sam, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/requests/?view=open").content.decode()
    assert (f"RQ-{found.pk}" in page, 'form="moves"' in page) == (True, False)


def test_all_that_fit_a_filter_are_previewed_and_moved_whatever_was_ticked() -> None:
    rae, others = make_rae(), [make_request() for _ in range(3)]
    waits = make_ask("proposed", reference_request=others[0], reference=rae).reference_request
    client = mia_in()
    asked: dict[str, Any] = {"move": "withdraw", "fits": "view=nobody&q=Sam", "request": [waits.pk]}
    preview = client.get("/requests/moves/", asked)
    assert set(rows_of(preview)) == {f"RQ-{others[1].pk}", f"RQ-{others[2].pk}"}
    named = re.findall(r'name="request" value="(\d+)"', preview.content.decode())
    assert [int(pk) for pk in named] == [others[1].pk, others[2].pk]
    client.post("/requests/moves/", {"move": "withdraw", "request": named, "reason": "The program pauses."})
    assert [ReferenceRequest.objects.get(pk=each.pk).status for each in others] == ["asking", "withdrawn", "withdrawn"]


def test_no_more_than_a_hundred_are_moved_at_once_and_the_page_says_how_many_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = [make_request() for _ in range(3)]
    monkeypatch.setattr("firsthand.requests.bulk.MOST", 2)
    preview = mia_in().get("/requests/moves/", {"move": "withdraw", "fits": "view=open"})
    assert set(rows_of(preview)) == {f"RQ-{each.pk}" for each in requests[:2]}
    text = preview.content.decode()
    assert "3 requests fit the filter; these are the first 2 in the order of the list. Do the rest afterwards in the same way." in text


@pytest.mark.parametrize("query", ["view=everything", "color=red", "q=" + "x" * 300])
def test_a_filter_the_list_does_not_know_chooses_nothing(query: str) -> None:
    make_request()
    answer = mia_in().get("/requests/moves/", {"move": "withdraw", "fits": query})
    assert answer.status_code == 400
    assert "Nothing was chosen." in answer.content.decode()


def test_the_list_offers_all_that_fit_only_where_they_are_more_than_the_page() -> None:
    for _ in range(3):
        make_request()
    client = mia_in()
    assert 'name="fits"' not in client.get("/requests/?view=open").content.decode()
    for _ in range(50):
        make_request()
    page = client.get("/requests/?view=open").content.decode()
    assert 'form="moves" name="fits" value="view=open&amp;sort=rank">Show what happens to all 53 requests that fit</button>' in page

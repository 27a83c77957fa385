"""The pages of requests and asks, over HTTP."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.history.models import Event, Message
from firsthand.people.builders import eli, eve
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.references.models import Hold
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def signed_in(colleague: Colleague) -> Client:
    client = Client()
    client.force_login(colleague, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, name: str, pk: int) -> str:
    answer = client.get(reverse(name, args=[pk]))
    assert answer.status_code == 200
    return text_of(answer)


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def by_link(kind: str) -> tuple[Client, str]:
    """A browser that has opened the link in the mail of this kind, and the address it was led to."""
    message = Message.objects.filter(kind=kind, channel="mail", facts__has_key="link").latest("pk")
    mail = outbox.render(message, timezone.now())
    found = re.search(r"/l/\S+", mail.text())
    assert found
    client = Client()
    answer = client.get(found[0])
    assert answer.status_code == 302
    return client, str(answer["Location"])


def rows() -> tuple[int, int, list[str]]:
    return Event.objects.count(), Message.objects.count(), list(Ask.objects.order_by("pk").values_list("status", flat=True))


def test_the_request_page_says_what_the_viewer_does_next() -> None:
    sam, _, mia = make_cast()
    ask = make_ask("approved")
    pk = ask.reference_request_id
    assert "Next for you Send the ask to Rae Reference" in page(signed_in(mia), "desk:request", pk)
    assert "Waiting on a program manager, to send" in page(signed_in(sam), "desk:request", pk)


def test_an_outsider_sees_no_request() -> None:
    ask = make_ask("approved")
    client = signed_in(eve())
    for name, pk in (("desk:request", ask.reference_request_id), ("requests:ask", ask.pk), ("requests:matches", ask.reference_request_id)):
        assert client.get(reverse(name, args=[pk])).status_code == 404


def test_an_executive_reads_and_may_do_nothing() -> None:
    ask = make_ask("approved")
    client = signed_in(eli())
    assert "Send ask" not in page(client, "desk:request", ask.reference_request_id)
    assert client.post(reverse("requests:sending", args=[ask.pk]), {"seen": "approved"}).status_code == 403


@pytest.mark.parametrize("status", ["proposed", "approved", "sent", "accepted", "introduced", "scheduled", "held"])
def test_every_page_of_an_ask_opens_for_everybody_concerned(status: str) -> None:
    ask = make_ask(status)
    for colleague in make_cast():
        client = signed_in(colleague)
        page(client, "requests:ask", ask.pk)
        page(client, "desk:request", ask.reference_request_id)
        assert client.get("/").status_code == 200
        assert client.get(reverse("requests:list"), {"view": "open"}).status_code == 200


def test_the_owner_approves_by_the_mailed_link_without_signing_in() -> None:
    ask = make_ask("proposed")
    client, address = by_link("approval")
    before = rows()
    assert "May we ask Rae Reference?" in text_of(client.get(address))
    assert rows() == before
    answer = client.post(address, {"answer": "approve", "expected_grade": "4", "seen": "proposed"})
    assert answer.status_code == 302
    ask.refresh_from_db()
    assert (ask.status, ask.expected_grade) == (Ask.Status.APPROVED, 4)
    assert "It is answered: approved" in text_of(client.get(address))


def test_an_approval_link_shows_nothing_to_whom_the_account_has_left() -> None:
    ask = make_ask("proposed")
    client, address = by_link("approval")
    Account.objects.update(owner=None)
    Ask.objects.update(approver=None)
    answer = client.get(address)
    assert (answer.status_code, ask.reference_request.wish in text_of(answer)) == (410, False)
    assert "somebody else" in text_of(answer)


def test_a_refusal_needs_a_reason() -> None:
    make_ask("proposed")
    client, address = by_link("approval")
    answer = client.post(address, {"answer": "refuse", "seen": "proposed"})
    assert answer.status_code == 400
    assert "Say why, in a few words." in text_of(answer)


def test_the_reference_accepts_by_link_and_nothing_happens_before() -> None:
    ask = make_ask("sent")
    client, address = by_link("ask")
    before = rows()
    shown = text_of(client.get(address))
    assert "Hello Rae, would you talk to a peer?" in shown
    assert rows() == before
    assert client.post(address, {"act": "accept", "seen": "sent"}).status_code == 302
    assert client.post(address, {"act": "offer", "seen": "accepted", "zone": "UTC", "time_1": "2026-03-13T10:00"}).status_code == 302
    ask.refresh_from_db()
    assert ask.status == Ask.Status.ACCEPTED
    assert [each.starts_at for each in ask.offered_times.all()] == [datetime(2026, 3, 13, 10, tzinfo=UTC)]
    assert "Thank you, Rae" in text_of(client.get(address))


def test_accepting_twice_is_accepting_once() -> None:
    ask = make_ask("sent")
    client, address = by_link("ask")
    for _ in range(2):
        assert client.post(address, {"act": "accept", "seen": "sent"}).status_code == 302
    assert Event.objects.filter(verb="accept", subject_id=ask.pk).count() == 1


def test_who_acts_on_what_is_no_longer_so_is_told() -> None:
    _, _, mia = make_cast()
    ask = make_ask("sent")
    client, address = by_link("ask")
    client.post(address, {"act": "accept", "seen": "sent"})
    answer = signed_in(mia).post(reverse("requests:cancellation", args=[ask.pk]), {"seen": "sent"})
    assert answer.status_code == 409
    assert "This ask has moved on: it is accepted now." in text_of(answer)


def test_a_link_for_one_ask_opens_no_other() -> None:
    make_ask("sent")
    client, _ = by_link("ask")
    assert client.get(reverse("requests:answer_link", args=[9999])).status_code == 410


def test_the_whole_thread_by_its_pages(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    reference_request, rae = make_request(), make_rae()
    manager, seller = signed_in(mia), signed_in(sam)
    manager.post(reverse("requests:matches", args=[reference_request.pk]), {"reference": [str(rae.pk)], "note": "She knows banks."})
    owner, approval = by_link("approval")
    owner.post(approval, {"answer": "approve", "seen": "proposed"})
    ask = Ask.objects.get()
    manager.post(reverse("requests:sending", args=[ask.pk]), {"seen": "approved"})
    phone, address = by_link("ask")
    phone.post(address, {"act": "accept", "seen": "sent"})
    phone.post(address, {"act": "offer", "seen": "accepted", "time_1": "2026-03-13T10:00"})
    seller.post(reverse("requests:time", args=[ask.pk]), {"offered": "2026-03-13T10:00:00+00:00", "minutes": "30", "seen": "accepted"})
    clock.move_to(NOW + timedelta(days=4))
    seller = signed_in(sam)
    seller.post(reverse("requests:outcome", args=[ask.pk]), {"outcome": "held", "seen": "scheduled"})
    seller.post(reverse("requests:debrief", args=[ask.pk]), {"grade": "5"})
    phone, address = by_link("debrief")
    assert "How was it, Rae?" in text_of(phone.get(address))
    phone.post(address, {"act": "debrief", "grade": "4"})
    reference_request.refresh_from_db()
    assert reference_request.status == ReferenceRequest.Status.FULFILLED
    assert list(ask.debriefs.order_by("side").values_list("side", "grade")) == [("reference", 4), ("requester", 5)]


def test_a_form_sent_twice_leads_to_the_first_request() -> None:
    sam, _, _ = make_cast()
    make_request()
    client = signed_in(sam)
    shown = client.get(reverse("requests:new"))
    key = re.search(r'name="form_key" value="([^"]+)"', shown.content.decode())
    assert key
    facts = {"form_key": key[1], "activity": "reference-call", "needed_by": "2026-03-30", "wish": "Their first close", "act": "submit"}
    first, second = client.post(reverse("requests:new"), facts), client.post(reverse("requests:new"), facts)
    assert first["Location"] == second["Location"]
    assert ReferenceRequest.objects.filter(wish="Their first close").count() == 1


def test_a_wish_that_is_missing_is_asked_for() -> None:
    sam, _, _ = make_cast()
    answer = signed_in(sam).post(reverse("requests:new"), {"act": "submit"})
    assert answer.status_code == 400


@pytest.mark.parametrize("reason", ["no_match", "policy"])
def test_a_manager_closes_with_a_reason(reason: str) -> None:
    _, _, mia = make_cast()
    ask = make_ask("sent")
    said = {"reason": reason, "note": "Sorry", "seen": "asking"}
    signed_in(mia).post(reverse("requests:closing", args=[ask.reference_request_id]), said)
    ask.refresh_from_db()
    assert (ask.status, ask.reference_request.status) == (Ask.Status.CANCELED, ReferenceRequest.Status.UNFULFILLED)


def test_the_home_shows_each_their_own() -> None:
    sam, ana, mia = make_cast()
    make_ask("proposed")
    assert "Decide on asking Rae Reference" in text_of(signed_in(ana).get("/"))
    assert "Reference call for a deal" in text_of(signed_in(sam).get("/"))
    assert "Nothing is due by Sun 15 Mar" in text_of(signed_in(mia).get("/"))


def test_a_seller_posts_no_approval() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("proposed")
    assert signed_in(sam).post(reverse("requests:approval", args=[ask.pk]), {"answer": "approve"}).status_code == 403


def test_a_request_answered_with_content_is_reopened_with_its_first_clock() -> None:
    sam, _, mia = make_cast()
    reference_request = make_request()
    first = reference_request.submitted_at
    actions.ask_info(reference_request, by=mia, question="Which product?")
    client = signed_in(sam)
    client.post(reverse("requests:answer", args=[reference_request.pk]), {"words": "Atlas", "seen": "needs_info"})
    reference_request.refresh_from_db()
    assert (reference_request.status, reference_request.submitted_at) == (ReferenceRequest.Status.SUBMITTED, first)


def test_an_owner_who_is_asked_sees_whom_it_is_for_and_no_amount() -> None:
    sam, ana, mia = make_cast()
    deal = Opportunity.objects.create(name="Atlas", prospect_name="Fennmark", owner=sam, amount=420_000, currency="EUR")
    wish = actions.Wish(make_activity_type(), NOW.date() + timedelta(days=9), "Speed", opportunity=deal)
    ask = make_ask(reference_request=actions.file_request(wish, by=sam))
    for colleague, sees in ((sam, True), (mia, True), (ana, False)):
        shown = page(signed_in(colleague), "desk:request", ask.reference_request_id)
        listed = text_of(signed_in(colleague).get(reverse("requests:list"), {"view": "open"}))
        assert "Fennmark" in shown
        assert ("€420,000" in shown, "€420k" in listed) == (sees, sees)


def test_a_requester_sees_how_to_reach_a_reference_only_after_the_yes() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("sent")
    assert "rae@customer.example" not in page(signed_in(sam), "requests:ask", ask.pk)
    actions.accept(ask, by=ask.reference.contact)
    assert "rae@customer.example" in page(signed_in(sam), "requests:ask", ask.pk)


@pytest.mark.parametrize("address", ["/?", "/requests/?view=open"])
def test_queries_do_not_grow_with_rows(address: str) -> None:
    _, _, mia = make_cast()
    client = signed_in(mia)
    counted = []
    for number in (2, 3):
        for place in range(number):
            make_ask("proposed", reference=make_rae(f"R{number}{place} Ref", company=f"Bank {number}{place}"))
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_sponsor_reads_figures_with_their_basis_or_why_not() -> None:
    make_ask("held")
    shown = text_of(signed_in(eli()).get("/"))
    assert "Not shown: 1 ended requests, and 5 are needed." in shown
    assert "Exceptions granted 0" in shown


def test_a_refused_proposal_gives_back_its_ticks_and_words() -> None:
    _, _, mia = make_cast()
    rae, found = make_rae(), make_request()
    client, address = signed_in(mia), reverse("requests:matches", args=[found.pk])
    box = f'value="{rae.pk}" checked'
    assert box not in client.get(address).content.decode()
    answer = client.post(address, {"reference": [str(rae.pk), "999999"], "note": "She knows banks.", "exception": "Only this once"})
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "Choose at least one reference to propose." in shown
    assert [words in shown for words in (box, "She knows banks.", 'value="Only this once"')] == [True] * 3
    assert box not in client.get(address).content.decode()


def test_a_manager_corrects_an_outcome_on_the_page_of_the_ask() -> None:
    sam, _, mia = make_cast()
    ask = make_ask("held")
    address = reverse("requests:ask", args=[ask.pk])
    assert "Correct the outcome" not in text_of(signed_in(sam).get(address))
    client = signed_in(mia)
    assert "Correct the outcome" in text_of(client.get(address))
    posted = {"seen": "held", "outcome": "prospect", "reason": "They rang: nobody came."}
    page = text_of(client.post(reverse("requests:correction", args=[ask.pk]), posted, follow=True))
    assert "corrected the outcome: it did not happen with Rae Reference" in page
    assert "They rang: nobody came." in page
    assert "counted again: fewer references have happened than are wanted" in page
    answer = client.post(reverse("requests:correction", args=[ask.pk]), {**posted, "reason": ""})
    assert answer.status_code == 400


def test_correcting_is_a_fold_that_opens_with_what_was_typed_when_it_is_refused() -> None:
    _, _, mia = make_cast()
    ask = make_ask("held")
    client = signed_in(mia)
    assert '<details class="fh-fold" id="correction"><summary>' in client.get(reverse("requests:ask", args=[ask.pk])).content.decode()
    posted = {"seen": "held", "outcome": "", "reason": "They rang: nobody came."}
    answer = client.post(reverse("requests:correction", args=[ask.pk]), posted)
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert '<details class="fh-fold" id="correction" open><summary>' in shown
    assert [words in shown for words in ("They rang: nobody came.", 'href="#id_correction_outcome_0"')] == [True] * 2
    assert Ask.objects.get(pk=ask.pk).status == "held"


@pytest.mark.parametrize(
    ("name", "posted", "kept"),
    [
        ("time", {"starts_at": "2026-03-01T10:00", "place": "https://meet.example/peer", "minutes": "30"}, "https://meet.example/peer"),
        ("times", {"attendee": "Pia Prospect", "attendee_email": "pia at prospect"}, "Pia Prospect"),
    ],
)
def test_a_refused_form_of_an_ask_comes_back_as_it_was_typed(name: str, posted: dict[str, str], kept: str) -> None:
    sam, _, _ = make_cast()
    ask = make_ask("accepted")
    actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=3)])
    answer = signed_in(sam).post(reverse(f"requests:{name}", args=[ask.pk]), {**posted, "seen": "accepted"})
    assert answer.status_code in {400, 409}
    assert [words in answer.content.decode() for words in ('class="fh-errors"', kept)] == [True] * 2


def test_a_form_whose_task_is_gone_is_refused_in_a_sentence() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("sent")
    answer = signed_in(sam).post(reverse("requests:time", args=[ask.pk]), {"starts_at": "2026-03-20T10:00", "seen": "accepted"})
    assert answer.status_code == 409
    assert 'class="fh-errors"' not in answer.content.decode()


def test_a_barred_ask_says_why_and_what_instead_without_a_dead_form() -> None:
    sam, _, mia = make_cast()
    ask = make_ask("accepted")
    Hold.objects.create(
        reference=ask.reference, starts_on=NOW.date(), until=NOW.date() + timedelta(days=60), kind=Hold.Kind.OWN, reason="Away"
    )
    for colleague, way in ((mia, "See the matches"), (sam, "Nobody can lift this: cancel this ask, and somebody else can be proposed.")):
        whole = signed_in(colleague).get(reverse("requests:ask", args=[ask.pk])).content.decode()
        assert whole.count("Cannot be asked now") == 1
        assert [part in whole for part in ("aria-disabled", 'name="starts_at"', "Introduce by mail")] == [False] * 3
        assert [part in whole for part in ("cancel this ask", "Cancel ask", way)] == [True] * 3

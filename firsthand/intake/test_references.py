"""References, consents, past engagements and requests, through the whole import."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from firsthand.customers.models import Account, Contact, Signal, Touch
from firsthand.intake import actions, results
from firsthand.intake.builders import counts, imported, refusals
from firsthand.intake.kinds import KINDS
from firsthand.intake.mapping import match_headings
from firsthand.intake.models import Import
from firsthand.intake.reader import headings_of
from firsthand.intake.undo import undo
from firsthand.people.builders import sam
from firsthand.program.actions import set_up
from firsthand.program.builders import make_facet, make_value
from firsthand.references.models import Consent, Engagement, Obligation, Reference, ReferenceAccount, ReferenceTopic, Willingness
from firsthand.requests.models import Ask, ReferenceRequest, Use

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture(autouse=True)
def program(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    set_up()


REFERENCES = (
    "contact_id,Company,Name,Email,persona,activities,limit_count,limit_period,consent_status,consent_on,consent_method,"
    "consent_evidence_url,consent_scope\n"
    "C-1,Nordbank,Rae Moreau,rae@n.example,Technical,Reference call; Case study,4,year,"
    "given,2026-01-05,E-mail,https://d.example/1,Reference call\n"
    "C-2,Nordbank,Bo Li,,,Reference call; Skydiving,,,,,,,\n"
)


def undone(intake: Import) -> str:
    return actions.run_here(undo(intake, background=False)).state


def test_references_come_in_with_their_wishes_and_consents() -> None:
    intake = imported("references", REFERENCES)
    assert counts(intake) == (2, 0, 0, 0)
    rae, bo = Reference.objects.order_by("id")
    assert (str(rae), rae.limit_count, rae.limit_period, rae.reference_account) == ("Rae Moreau, Nordbank", 4, "year", bo.reference_account)
    assert rae.contact.persona is not None
    assert list(rae.willingness.order_by("id").values_list("activity_type__code", "answer")) == [
        ("reference-call", "yes"),
        ("case-study", "yes"),
    ]
    given, claimed = Consent.objects.order_by("id")
    assert (given.kind, str(given.given_on), given.covers_all, given.scope.get().activity_type.code) == (
        "given", "2026-01-05", False, "reference-call",
    )  # fmt: skip
    assert (claimed.kind, claimed.covers_all, claimed.contact) == ("claimed", True, bo.contact)
    assert "No activity type is called Skydiving; it was left out. (1)" in results.warnings(intake)
    assert counts(imported("references", REFERENCES)) == (0, 0, 2, 0)


def test_a_withdrawn_consent_is_not_hidden_by_an_older_file() -> None:
    imported("references", REFERENCES)
    text = "Email,status,given_on,method\nrae@n.example,withdrawn,2026-03-01,Phone\n"
    assert counts(imported("consents", text)) == (1, 0, 0, 0)
    assert counts(imported("consents", text)) == (0, 0, 1, 0)
    assert counts(imported("references", REFERENCES.replace("2026-01-05", "2026-02-05"))) == (0, 0, 2, 0)
    older = imported("consents", "Email,status,given_on,method,evidence\nrae@n.example,yes,2026-02-01,E-mail,x\n")
    assert refusals(older) == [(2, "The ledger holds an entry of 2026-03-01 already; an older one would hide it.")]
    assert Consent.objects.latest("id").kind == "withdrawn"


def test_consent_without_evidence_is_a_claim() -> None:
    imported("references", "Company,Name,consent_status,consent_on\nNordbank,Rae Moreau,given,2026-01-05\n")
    assert Consent.objects.get().kind == "claimed"


@pytest.mark.parametrize("status", ["given", "unknown"])
def test_a_consent_for_what_nobody_knows_is_not_a_consent_for_everything(status: str) -> None:
    imported("references", REFERENCES)
    text = REFERENCES.replace("given,2026-01-05", f"{status},2026-02-05").replace("/1,Reference call", "/2,Podcast")
    assert refusals(imported("references", text)) == [(2, "No activity type of this consent is known.")]
    assert Consent.objects.filter(contact__external_id="C-1", covers_all=True).exists() is False


def test_a_no_counts_whatever_it_was_said_about() -> None:
    imported("references", REFERENCES)
    text = "Email,status,scope,given_on,method\nrae@n.example,withdrawn,Podcast,2026-03-01,Phone\n"
    assert counts(imported("consents", text)) == (1, 0, 0, 0)
    assert Consent.objects.latest("id").kind == "withdrawn"


@pytest.mark.parametrize("status", ["withdrawn", "refused"])
def test_a_no_without_a_day_counts_from_today(status: str) -> None:
    imported("references", REFERENCES)
    text = f"contact_id,Company,Name,consent_status\nC-1,Nordbank,Rae Moreau,{status}\n"
    assert counts(imported("references", text)) == (0, 1, 0, 0)
    newest = Consent.objects.latest("id")
    assert (newest.kind, newest.given_on, newest.covers_all) == (status, timezone.localdate(), False)
    assert counts(imported("references", text)) == (0, 0, 1, 0)
    assert counts(imported("references", text.replace(status, "given"))) == (0, 0, 1, 0)
    assert Consent.objects.latest("id") == newest


TOPICS = "contact_id,Company,Name,topics_ok,topics_no,last_activity_on\nC-1,Nordbank,Rae Moreau,{},{},2026-03-01\n"


def told_topics() -> list[tuple[str, bool]]:
    return list(ReferenceTopic.objects.order_by("value__name").values_list("value__name", "is_welcome"))


def test_topics_and_the_last_use_come_in_and_are_taken_back() -> None:
    topic = make_facet("topic")
    for name in ("Moving house", "Price talk"):
        make_value(name, facet=topic)
    first = imported("references", TOPICS.format("Moving house; Price talk", ""))
    assert counts(first) == (1, 0, 0, 0)
    assert told_topics() == [("Moving house", True), ("Price talk", True)]
    touch = Touch.objects.get()
    assert (touch.door, touch.sent_at and str(touch.sent_at.date()), touch.person.last_name) == ("ask", "2026-03-01", "Moreau")
    second = imported("references", TOPICS.format("Moving house", "Price talk; Cooking"))
    assert counts(second) == (0, 1, 0, 0)
    assert told_topics() == [("Moving house", True), ("Price talk", False)]
    assert [each["value"] for each in results.unknown_values(second)] == ["Cooking"]
    assert counts(imported("references", TOPICS.format("Price talk", ""))) == (0, 0, 1, 0)
    assert told_topics() == [("Moving house", True), ("Price talk", False)]
    assert undone(second) == "done"
    assert told_topics() == [("Moving house", True), ("Price talk", True)]
    assert undone(first) == "done"
    assert (ReferenceTopic.objects.count(), Touch.objects.count(), Contact.objects.count()) == (0, 0, 0)


def test_cash_is_no_benefit() -> None:
    intake = imported("references", "Company,Name,preferred_benefit\nNordbank,Rae Moreau,Gift card\n")
    assert refusals(intake) == [(2, "Benefits are never cash or vouchers.")]


def test_past_engagements_count_as_held() -> None:
    imported("references", REFERENCES)
    text = (
        "Id,Email,Activity,Date,Rating,Hours\nE-1,rae@n.example,Reference call,2026-02-01,4,1.5\n"
        "E-2,nobody@n.example,Reference call,2026-02-01,,\nE-3,rae@n.example,Skydiving,2026-02-01,,\n"
        "E-4,rae@n.example,Quote,2026-02-02,9,\n"
    )
    intake = imported("engagements", text)
    assert counts(intake) == (1, 0, 0, 3)
    assert [sentence for _, sentence in refusals(intake)] == [
        "No reference is known as nobody@n.example. Import references first.",
        "No activity type is called Skydiving.",
        "A grade is 1 to 5.",
    ]
    held = Engagement.objects.get()
    assert (held.state, held.source, str(held.day), float(held.hours or 0)) == ("held", "imported", "2026-02-01", 1.5)
    assert counts(imported("engagements", text)) == (0, 0, 1, 3)


REQUESTS = (
    "request_id,requester_email,activity_type,submitted_on,needed_by,request_status,unfilled_reason,"
    "contact_email,ask_status,asked_on,held_on,actual_grade\n"
    "R-1,sam@firsthand.example,Reference call,2026-01-05,2026-02-01,fulfilled,,rae@n.example,held,2026-01-06,2026-01-20,5\n"
    "R-2,sam@firsthand.example,Reference call,2026-01-05,,unfilled,no answer,,,,,\n"
    "R-3,sam@firsthand.example,Reference call,2026-01-05,,asking,,,,,,\n"
    "R-4,who@firsthand.example,Reference call,2026-01-05,,fulfilled,,,,,,\n"
)


def test_past_requests_come_with_their_asks() -> None:
    sam()
    imported("references", REFERENCES)
    intake = imported("requests", REQUESTS)
    assert counts(intake) == (2, 0, 0, 2)
    first, second = ReferenceRequest.objects.order_by("id")
    assert (first.external_id, first.status, str(first.needed_by)) == ("R-1", "fulfilled", "2026-02-01")
    assert (second.status, second.unfulfilled_reason) == ("unfulfilled", "no_answer")
    ask = Ask.objects.get()
    assert ask.engagement is not None
    assert (ask.status, ask.engagement.state, str(ask.engagement.day), float(ask.engagement.grade or 0)) == (
        "held",
        "held",
        "2026-01-20",
        5.0,
    )
    assert counts(imported("requests", REQUESTS)) == (0, 0, 2, 2)


def test_one_call_for_two_requests_counts_once() -> None:
    sam()
    imported("references", REFERENCES)
    row = "R-{},sam@firsthand.example,Reference call,2026-01-05,,fulfilled,,rae@n.example,held,2026-01-06,2026-01-20,5\n"
    text = REQUESTS.splitlines()[0] + "\n" + row.format(1) + row.format(2)
    intake = imported("requests", text)
    assert counts(intake) == (2, 0, 0, 0)
    first, second = Ask.objects.order_by("reference_request__external_id")
    held = Engagement.objects.get()
    assert (first.engagement, second.engagement, second.joins, second.slot) == (held, None, first, held)
    assert list(Use.objects.order_by("id").values_list("engagement", "reference_request")) == [
        (held.pk, first.reference_request_id),
        (held.pk, second.reference_request_id),
    ]
    assert counts(imported("requests", text)) == (0, 0, 2, 0)
    later = imported("requests", REQUESTS.splitlines()[0] + "\n" + row.format(3))
    assert (counts(later), Engagement.objects.count(), Use.objects.count()) == ((1, 0, 0, 0), 1, 3)
    told = imported("engagements", "Id,Email,Activity,Date\nE-1,rae@n.example,Reference call,2026-01-20\n")
    assert (counts(told), Engagement.objects.get().external_id) == ((0, 1, 0, 0), "E-1")
    assert (undone(told), undone(later), undone(intake)) == ("done", "done", "done")
    assert (Engagement.objects.count(), Ask.objects.count(), Use.objects.count()) == (0, 0, 0)


def test_what_a_file_tells_of_a_past_ask_is_kept() -> None:
    seller = sam()
    imported("references", REFERENCES)
    imported("references", "contact_id,Company,Name,nominated_by\nC-1,Nordbank,Rae Moreau,Sam Seller\n")
    assert Reference.objects.get(contact__external_id="C-1").nominated_by == seller
    text = (
        "request_id,requester_email,activity_type,submitted_on,stage_at_request,contact_email,held_on,owner_approved_by,scheduled_for,"
        "duration_min,prospect_feedback,reference_feedback,thanked_on,benefit_type,benefit_value,outcome_told_on\n"
        "R-1,sam@firsthand.example,Reference call,2026-01-05,Proposal,rae@n.example,2026-01-20,Sam Seller,2026-01-19,"
        "45,Very useful,Good talk,2026-01-21,Peer meeting,50,2026-02-01\n"
    )
    assert counts(imported("requests", text)) == (1, 0, 0, 0)
    ask = Ask.objects.get()
    assert ask.engagement is not None
    assert (ask.approver, str(ask.engagement.hours), ask.reference_request.closing_note) == (
        seller,
        "0.75",
        "Stage at the request: Proposal",
    )
    assert ask.note.splitlines() == [
        "Scheduled for: 2026-01-19",
        "The prospect said: Very useful",
        "The reference said: Good talk",
        "Thanked on: 2026-01-21",
        "Given back: Peer meeting",
        "Told what came of it on: 2026-02-01",
        "Value of the benefit: 50",
    ]
    assert counts(imported("requests", text)) == (0, 0, 1, 0)
    assert refusals(imported("requests", text.replace("Peer meeting", "Gift card"))) == [(2, "Benefits are never cash or vouchers.")]


def test_an_engagements_deal_and_note_are_told_as_unmatched() -> None:
    matched = match_headings(KINDS["engagements"], headings_of(["Email", "Activity", "Date", "Opportunity ID", "Notes"]))
    assert (set(matched.columns), matched.rest) == ({"email", "activity_type", "held_on"}, (4, 5))


def test_everything_is_taken_back_and_the_ledger_is_only_added_to() -> None:
    sam()
    imported("contacts", "Id,Company,Name\nC-2,Nordbank,Bo Li\n")
    references = imported("references", REFERENCES)
    requests = imported("requests", REQUESTS)
    assert (undone(requests), undone(references)) == ("done", "done")
    left = [model.objects.count() for model in (ReferenceRequest, Ask, Engagement, Reference, ReferenceAccount, Willingness)]
    assert left == [0, 0, 0, 0, 0, 0]
    assert list(Consent.objects.order_by("id").values_list("kind", "contact__external_id")) == [("claimed", "C-2"), ("void", "C-2")]
    assert Contact.objects.get().external_id == "C-2"


def test_an_account_file_brings_the_customers_standing_and_mood() -> None:
    manager = sam()
    text = (
        "account_id,name,logo_rights,logo_rights_until,contract_reference_quota,reference_manager_email,nps,open_escalation,program_status\n"
        "A-1,Nordbank,public,2027-01-31,2,sam@firsthand.example,9,y,active\n"
    )
    assert counts(imported("accounts", text)) == (1, 0, 0, 0)
    standing = ReferenceAccount.objects.get()
    assert (standing.logo_right, str(standing.logo_right_until), standing.manager) == ("public", "2027-01-31", manager)
    assert (standing.obligations.get().owed, standing.account.custom) == (2, {"program_status": "active"})
    assert list(standing.account.signals.order_by("kind").values_list("kind", "value", "severity")) == [
        ("escalation", None, "minor"),
        ("nps", 9, ""),
    ]
    assert counts(imported("accounts", text)) == (0, 0, 1, 0)
    assert counts(imported("accounts", text.replace(",9,y", ",3,y"))) == (0, 1, 0, 0)


def test_a_mood_that_changes_gets_a_day_of_its_own() -> None:
    text = "account_id,name,nps,open_escalation,contract_reference_quota\nA-1,Nordbank,{},{},{}\n"
    imported("accounts", text.format("", "n", 0))
    assert (Signal.objects.count(), Obligation.objects.count()) == (0, 0)
    imported("accounts", text.format(9, "n", 2))
    assert list(Signal.objects.values_list("kind", "value")) == [("nps", Decimal(9))]
    imported("accounts", text.format(9, "y", 2))
    Signal.objects.update(happened_on="2026-01-05")
    Signal.objects.filter(kind="nps").update(external_id=f"account-{Account.objects.get().pk}-nps-20260105")
    assert counts(imported("accounts", text.format(3, "n", 0))) == (0, 1, 0, 0)
    today = timezone.localdate()
    assert list(Signal.objects.filter(kind="nps").order_by("id").values_list("value", "happened_on")) == [
        (Decimal(9), date(2026, 1, 5)),
        (Decimal(3), today),
    ]
    assert Signal.objects.get(kind="escalation").resolved_on == today
    assert Obligation.objects.get().owed == 0
    imported("accounts", text.format(3, "y", 0))
    assert (Signal.objects.filter(kind="nps").count(), Signal.objects.get(kind="escalation").resolved_on) == (2, None)

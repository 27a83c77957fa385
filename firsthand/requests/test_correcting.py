"""What was settled wrongly is corrected by a manager, and slot, credit, grade and request follow."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.history.actions import Unsent
from firsthand.history.models import Event, Message
from firsthand.references.builders import make_engagement
from firsthand.references.models import Engagement
from firsthand.requests import actions
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.afterwards_mail import why_not_debrief, why_not_personal_note, why_not_prospect_debrief
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, PersonalNote, ReferenceRequest, Use
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WHY = "They told us by phone."


def correct(ask: Ask, says: str, *, hours: Decimal | None = None) -> Ask:
    actions.correct_outcome(ask, by=make_cast()[2], says=says, reason=WHY, hours=hours)
    return Ask.objects.select_related("engagement", "reference_request").get(pk=ask.pk)


def slot(ask: Ask) -> tuple[str, str, Decimal | None, Decimal | None]:
    found = Engagement.objects.get(ask=ask)
    return found.state, found.missed_by, found.hours, found.grade


def stands(ask: Ask) -> tuple[str, bool, bool]:
    found = ReferenceRequest.objects.get(pk=ask.reference_request_id)
    return found.status, found.fulfilled_at is not None, found.ended_at is not None


def missed(by: str = "prospect") -> Ask:
    ask = make_ask("introduced")
    return actions.miss(ask, by=make_cast()[2], missed_by=by)


def test_a_held_one_that_did_not_happen_gives_back_slot_credit_grade_and_fulfillment() -> None:
    ask = make_ask("held")
    actions.give_debrief(ask, by=make_cast()[0], grade=4)
    clock_of = ReferenceRequest.objects.get(pk=ask.reference_request_id).submitted_at
    assert (slot(ask)[0], slot(ask)[3], stands(ask)) == ("held", Decimal("4.00"), ("fulfilled", True, True))
    found = correct(ask, "us")
    assert (found.status, found.held_at, slot(found)) == ("missed", None, ("missed", "us", None, None))
    assert not Use.objects.exists()
    assert stands(found) == ("asking", False, False)
    assert found.reference_request.submitted_at == clock_of
    [event] = Event.objects.select_related("words").filter(verb="not_held")
    assert (event.facts, event.said) == ({"says": "us", "was": "held"}, WHY)
    assert {why_not_debrief(mail, NOW) is None for mail in Message.objects.filter(kind="debrief")} == {False}


def test_nobody_is_asked_or_thanked_for_what_did_not_happen_after_all() -> None:
    sam, ana, _ = make_cast()
    ask = make_ask("held")
    actions.release_debrief(ask, add_attendee(ask, name="Pia Prospect", email="pia@prospect.example"), by=sam)
    actions.write_note(ask, by=ana, kind=PersonalNote.Kind.THANKS, words="Thank you")
    asked, thanked = Message.objects.get(kind="prospect_debrief"), Message.objects.get(kind="thanks")
    assert (why_not_prospect_debrief(asked, NOW), why_not_personal_note(thanked, NOW)) == (None, None)
    correct(ask, "us")
    off = Unsent("ask", {"status": "missed"})
    assert (why_not_prospect_debrief(asked, NOW), why_not_personal_note(thanked, NOW)) == (off, off)


def test_a_missed_one_that_happened_after_all_is_credited_with_its_hours() -> None:
    ask = missed()
    found = correct(ask, "held", hours=Decimal("1.5"))
    assert (found.status, slot(found)) == ("held", ("held", "", Decimal("1.50"), None))
    assert Use.objects.get().reference_request_id == found.reference_request_id
    assert stands(found) == ("fulfilled", True, True)
    assert sorted(Message.objects.filter(kind="debrief", channel="mail").values_list("recipient_kind", flat=True)) == [
        "colleague",
        "contact",
    ]


def test_who_missed_it_is_corrected() -> None:
    ask = missed("prospect")
    assert slot(correct(ask, "reference"))[:2] == ("missed", "reference")
    assert slot(correct(ask, "us"))[:2] == ("missed", "us")


def test_to_and_fro_comes_back_to_where_it_was() -> None:
    ask = make_ask("held")
    actions.give_debrief(ask, by=make_cast()[0], grade=4)
    before = (slot(ask), stands(ask), Use.objects.count())
    correct(ask, "prospect")
    found = correct(ask, "held")
    assert (slot(found), stands(found), Use.objects.count()) == before


def test_one_of_two_leaves_the_request_partly_fulfilled() -> None:
    both = make_request(n_wanted=2)
    first, second = make_ask("held", reference_request=both), make_ask_of_another(both)
    assert stands(first)[0] == "fulfilled"
    correct(second, "us")
    assert stands(first) == ("partly_fulfilled", False, False)
    correct(first, "us")
    assert stands(first) == ("asking", False, False)


def test_a_request_that_was_withdrawn_stays_so() -> None:
    ask = missed()
    actions.withdraw(ask.reference_request, by=make_cast()[0])
    assert (correct(ask, "held").status, stands(ask)[0]) == ("held", "withdrawn")


def test_what_happened_while_a_question_was_open_counts_with_its_answer() -> None:
    ask = missed()
    sam, _, mia = make_cast()[:3]
    actions.ask_info(ask.reference_request, by=mia, question="Which modules?")
    assert stands(correct(ask, "held")) == ("needs_info", False, False)
    actions.give_info(ask.reference_request, by=sam, answer="Ledger.")
    assert stands(ask) == ("fulfilled", True, True)


def test_a_question_answered_leads_back_to_where_the_asks_stand() -> None:
    ask = missed()
    actions.ask_info(ask.reference_request, by=make_cast()[2], question="Which modules?")
    actions.give_info(ask.reference_request, by=make_cast()[0], answer="Ledger.")
    assert stands(ask) == ("asking", False, False)


def test_what_really_happened_counts_over_a_limit() -> None:
    ask = missed("us")
    ask.reference.limit_count = 1
    ask.reference.save(update_fields=["limit_count"])
    make_engagement(ask.reference, date(2026, 3, 9))
    assert slot(correct(ask, "held"))[0] == "held"


@pytest.mark.parametrize(
    ("says", "reason", "sentence", "status"),
    [
        ("held", WHY, "That is how it stands already, so nothing was corrected.", 409),
        ("perhaps", WHY, "Say whether it happened, or who missed it.", 400),
        ("us", " ", "Say why the outcome is corrected. Everybody on the request reads it.", 400),
    ],
)
def test_what_is_no_correction_is_refused(says: str, reason: str, sentence: str, status: int) -> None:
    with pytest.raises(Refused) as refusal:
        actions.correct_outcome(make_ask("held"), by=make_cast()[2], says=says, reason=reason)
    assert (refusal.value.sentence, refusal.value.status) == (sentence, status)


def test_only_managers_correct_and_only_what_is_settled() -> None:
    sam, ana, mia = make_cast()
    held = make_ask("held")
    for who in (sam, ana):
        with pytest.raises(Refused, match="A program manager corrects what was settled"):
            actions.correct_outcome(held, by=who, says="us", reason=WHY)
    with pytest.raises(Refused, match="Nothing is settled yet: this ask is introduced"):
        actions.correct_outcome(make_ask("introduced", reference=held.reference), by=mia, says="us", reason=WHY)


@pytest.mark.parametrize("settled_by", ["the clock", "the reference"])
def test_hours_told_of_an_introduction_are_kept_until_it_is_settled(settled_by: str) -> None:
    ask = make_ask("introduced")
    actions.say_outcome(ask, by=make_cast()[0], says="held", hours=Decimal("0.75"))
    assert Ask.objects.get(pk=ask.pk).status == "introduced"
    if settled_by == "the clock":
        assert actions.settle_outcomes(timezone.now() + timedelta(days=7)) == 1
    else:
        actions.say_outcome(ask, by=ask.reference.contact, says="held")
    assert slot(ask)[2] == Decimal("0.75")


def make_ask_of_another(found: ReferenceRequest) -> Ask:
    return make_ask("held", reference_request=found, reference=make_rae("Roy Reference", company="Fjell Bank"))

"""What the ask says of the activity, and that its reminder says the same."""

from datetime import date

import pytest

from firsthand.history.models import Message
from firsthand.people.builders import make_colleague
from firsthand.program.builders import make_activity_type
from firsthand.program.models import ActivityType
from firsthand.references.models import Willingness
from firsthand.requests import actions, asking_mail, reminder_mail
from firsthand.requests.builders import group_call, make_ask, make_cast, make_group_ask, make_policy, make_rae
from firsthand.requests.models import Ask
from firsthand.requests.places import why_not_join
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TENDER = ActivityType(code="tender", name="Named in a tender")


def reminder_of(ask: Ask) -> tuple[str, str]:
    """Subject and words of the reminder, which carries the links of the ask."""
    mail = reminder_mail.reference(Message.objects.get(kind="ask", subject_id=ask.pk), NOW)
    return mail.subject, " ".join(mail.text().split())


def subject_of(ask: Ask) -> str:
    return asking_mail.ask(Message.objects.get(kind="ask", subject_id=ask.pk), NOW).subject


def test_nouns_stand_in_a_sentence() -> None:
    briefing, study = ActivityType(code="briefing", name="Analyst briefing"), ActivityType(code="roi", name="ROI study")
    assert [each.a_noun for each in (briefing, study, TENDER)] == ["an analyst briefing", "a ROI study", "a mention in a tender"]


def test_a_reminder_asks_as_the_ask_did() -> None:
    ask = make_ask("sent")
    subject, words = reminder_of(ask)
    assert (subject, subject_of(ask)) == (
        "A reminder: would you talk to a peer by 20 Mar 2026?", "Would you talk to a peer by 20 Mar 2026?",
    )  # fmt: skip
    assert "Would you give them a reference call (30 minutes), by 20 Mar 2026?" in words


def test_a_reminder_about_a_tender_asks_for_the_name() -> None:
    sam, ana, mia = make_cast()
    make_policy()
    kind, rae = make_activity_type("tender"), make_rae()
    Willingness.objects.get_or_create(reference=rae, activity_type=kind)
    wish = actions.Wish(kind, date(2026, 4, 30), "How was it?", window=(date(2026, 4, 1), date(2026, 4, 30)))
    request = actions.file_request(wish, by=sam)
    [ask] = actions.propose(request, [rae], by=mia)
    actions.approve(ask, by=ana)
    actions.send(ask, by=mia)
    subject, words = reminder_of(ask)
    assert subject == "A reminder: may we name you in a tender?"
    assert "Evaluators may call you between 1 Apr 2026 and 30 Apr 2026." in words
    asked = asking_mail.approval(Message.objects.get(kind="approval", channel="mail"), NOW).text()
    assert "Sam Seller needs a mention in a tender for" in " ".join(asked.split())


def test_a_reminder_about_a_shared_time_names_the_time() -> None:
    sam, ana, mia = make_cast()
    make_policy()
    host = make_group_ask(reference=make_rae(), requester=sam, owner=ana, manager=mia)
    wish = actions.Wish(group_call(), date(2026, 3, 24), "What would you do again?")
    ask = actions.join(actions.file_request(wish, by=make_colleague("Sid Seller")), Ask.objects.get(pk=host.pk), by=mia)
    subject, words = reminder_of(ask)
    assert subject == "A reminder: may one more join on Fri 13 March 2026, 09:00 (UTC)?"
    assert "would like to come to the group call you give on Fri 13 March 2026, 09:00 (UTC)." in words
    briefing = make_activity_type("analyst-briefing")
    other = actions.file_request(actions.Wish(briefing, date(2026, 3, 24), "How?"), by=sam)
    assert why_not_join(other, ask, viewer=mia) == f"Only {briefing.a_noun} that is fixed already can be shared."

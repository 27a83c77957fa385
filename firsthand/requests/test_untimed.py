"""Activities that take no meeting: a yes is followed by the thing itself; and how each activity is asked for."""

from datetime import timedelta

import pytest
from django.test import Client

from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.history.models import Message
from firsthand.program.activity_seed import ACTIVITY_TYPES
from firsthand.program.builders import make_activity_type
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.references.models import Willingness
from firsthand.requests import actions, asking_mail
from firsthand.requests.acts import first_act, moves_for
from firsthand.requests.brief import brief_for
from firsthand.requests.builders import WAY, make_cast, make_policy, make_rae
from firsthand.requests.models import Ask, Debrief, Use
from firsthand.requests.page import request_page
from firsthand.requests.silence import silence_of_ask
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def asked_for(code: str = "quote", *, purpose: str = "deal", minutes: int = 0, is_live: bool = False, status: str = "accepted") -> Ask:
    """An ask of Rae for that activity, for something of that purpose."""
    sam, ana, mia = make_cast()
    make_policy()
    kind, rae = make_activity_type(code, is_live=is_live), make_rae()
    ActivityType.objects.filter(pk=kind.pk).update(minutes=minutes)
    Willingness.objects.get_or_create(reference=rae, activity_type=kind)
    wish = actions.Wish(ActivityType.objects.get(pk=kind.pk), NOW.date() + timedelta(days=10), "How was the first year?", purpose=purpose)
    [ask] = actions.propose(actions.file_request(wish, by=sam), [rae], by=mia)
    for step in WAY[status]:
        ask = step(ask, ana, mia)
    return ask


ASKED = (
    ("reference-call", "deal", "Would you talk to a peer by 20 Mar 2026?"),
    ("reference-call", "press", "Would you talk to a journalist by 20 Mar 2026?"),
    ("reference-call", "analyst", "Would you talk to an analyst by 20 Mar 2026?"),
    ("reference-call", "event", "Would you take part in an event by 20 Mar 2026?"),
    ("press-interview", "press", "Would you talk to a journalist by 20 Mar 2026?"),
    ("site-visit", "deal", "Would you let a peer visit you by 20 Mar 2026?"),
    ("quote", "press", "May we quote you?"),
    ("logo-use", "launch", "May we show your logo?"),
)


@pytest.mark.parametrize(("code", "purpose", "subject"), ASKED)
def test_mail_and_page_ask_by_activity_and_purpose(client: Client, code: str, purpose: str, subject: str) -> None:
    seed = next(each for each in ACTIVITY_TYPES if each.code == code)
    ask = asked_for(code, purpose=purpose, minutes=seed.minutes, is_live=seed.is_live, status="sent")
    mail = asking_mail.ask(Message.objects.get(kind="ask", subject_id=ask.pk), NOW)
    assert mail.subject == subject
    question = subject.removesuffix("?").removesuffix(" by 20 Mar 2026")
    page = client.get(address(Link.objects.get(purpose="answer", subject_id=ask.pk)).removeprefix("http://localhost:8000"), follow=True)
    assert f"Hello Rae, {question[0].lower()}{question[1:]}?" in page.content.decode()


def test_the_words_of_a_quote_name_nobody_and_promise_no_talk() -> None:
    ask = asked_for(purpose="press", status="sent")
    words = " ".join(asking_mail.ask(Message.objects.get(kind="ask", subject_id=ask.pk), NOW).text().split())
    assert "It would be for a journalist. May we quote you (about 1 h), by 20 Mar 2026? What is wanted:" in words
    assert "talk to a peer" not in words


def test_the_brief_of_a_quote_speaks_of_no_talk_and_that_of_a_call_does() -> None:
    quote = asked_for()
    sides = (quote.reference.contact, quote.reference_request.requester)
    assert [brief_for(quote, to).who[-1][1] for to in sides] == ["whom it is for"] * 2
    call = asked_for("reference-call", minutes=30, is_live=True)
    sides = (call.reference.contact, call.reference_request.requester)
    assert [brief_for(call, to).who[-1][1] for to in sides] == ["whom you talk to", "whom they talk to"]


def test_a_quote_is_fulfilled_without_a_time() -> None:
    sam, _, _ = make_cast()
    ask = asked_for()
    act = first_act(ask, sam, NOW)
    assert (act.label, act.url) == ("It happened", f"/asks/{ask.pk}/#outcome") if act else None
    assert {"hold", "schedule"} & moves_for(ask, sam) == {"hold"}
    held = actions.say_outcome(ask, by=sam, says="held")
    assert (held.status, held.reference_request.status, Use.objects.count()) == ("held", "fulfilled", 1)
    assert held.slot is not None
    assert held.slot.state == "held"


def test_the_word_of_the_reference_alone_counts_after_some_days() -> None:
    ask = asked_for()
    actions.say_outcome(ask, by=ask.reference.contact, says="held")
    ask.refresh_from_db()
    assert (ask.status, [each.side for each in ask.outcomes.all()]) == ("accepted", [Debrief.Side.REFERENCE])
    assert actions.settle_outcomes(NOW + timedelta(days=1)) == 0
    assert actions.settle_outcomes(NOW + timedelta(days=3)) == 1
    ask.refresh_from_db()
    assert ask.status == "held"


def test_no_time_is_fixed_offered_or_missed() -> None:
    sam, _, _ = make_cast()
    ask, later = asked_for(), NOW + timedelta(days=3)
    with pytest.raises(Refused, match="A quote takes no meeting, so no time is fixed"):
        actions.schedule(ask, by=sam, starts_at=later)
    with pytest.raises(Refused, match="takes no meeting"):
        actions.offer_times(ask, by=ask.reference.contact, times=[later])
    with pytest.raises(Refused, match="Cancel the ask instead"):
        actions.say_outcome(ask, by=sam, says="reference")


def test_a_call_still_needs_its_time_and_a_case_study_may_have_one() -> None:
    sam, _, _ = make_cast()
    call = asked_for("reference-call", minutes=30, is_live=True)
    with pytest.raises(Refused, match="No time was fixed yet"):
        actions.say_outcome(call, by=sam, says="held")
    study = asked_for("case-study", minutes=60)
    assert {"hold", "schedule"} & moves_for(study, sam) == {"hold", "schedule"}


def test_the_reference_says_on_their_page_that_it_is_done(client: Client) -> None:
    ask = asked_for(status="sent")
    link = Link.objects.get(purpose="answer", subject_id=ask.pk)
    at = client.get(address(link).removeprefix("http://localhost:8000"), follow=True).redirect_chain[-1][0]
    given = client.post(at, {"act": "accept", "seen": "sent"}, follow=True).content.decode()
    assert "no meeting is needed" in given
    assert "When suits you" not in given
    done = client.post(at, {"act": "happened", "seen": "accepted", "says": "held"}, follow=True).content.decode()
    assert "You said: it happened." in done


def test_a_case_study_is_done_without_a_time_on_page_head_and_reminder(client: Client) -> None:
    sam, _, _ = make_cast()
    ask = asked_for("case-study", minutes=60, status="sent")
    link = Link.objects.get(purpose="answer", subject_id=ask.pk)
    at = client.get(address(link).removeprefix("http://localhost:8000"), follow=True).redirect_chain[-1][0]
    given = client.post(at, {"act": "accept", "seen": "sent"}, follow=True).content.decode()
    assert ("Yes, it is done" in given, "Rather meet for it" in given) == (True, True)
    ask.refresh_from_db()
    act, head = first_act(ask, sam, NOW), request_page(ask.reference_request, sam).next
    assert (act.label if act else "", head.title) == ("It happened", "Did it happen with Rae Reference?")
    assert request_page(ask.reference_request, sam).rows[0].waiting_on == "the case study itself"
    silence = silence_of_ask(ask, in_force())
    assert silence is not None
    assert silence.kind == "remind_outcome"
    done = client.post(at, {"act": "happened", "seen": "accepted", "says": "held"}, follow=True).content.decode()
    assert "You said: it happened." in done


def test_a_case_study_for_which_times_were_offered_waits_for_one() -> None:
    sam, _, _ = make_cast()
    ask = asked_for("case-study", minutes=60)
    actions.offer_times(ask, by=ask.reference.contact, times=[NOW + timedelta(days=3)])
    act, head = first_act(ask, sam, NOW), request_page(ask.reference_request, sam).next
    assert (act.label if act else "", head.title) == ("Fix time", "Fix a time with Rae Reference")

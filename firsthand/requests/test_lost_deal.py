"""What a request was for has ended: nobody more is asked, and it is told once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.deals.builders import make_stage
from firsthand.deals.models import Opportunity, StageChange
from firsthand.history.actions import Unsent
from firsthand.history.models import Event, Message
from firsthand.people.builders import make_colleague
from firsthand.program.policy import in_force
from firsthand.requests import actions
from firsthand.requests.asking_mail import why_not_approval, why_not_ask
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.news_mail import news
from firsthand.requests.page import request_page
from firsthand.requests.permissions import why_not, why_not_request
from firsthand.requests.silence import silence_of_ask
from firsthand.requests.workflow import AskMove, RequestMove
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def lost(found: ReferenceRequest) -> None:
    deal = Opportunity.objects.create(prospect_name="Fennmark", outcome="lost", owner=found.requester)
    ReferenceRequest.objects.filter(pk=found.pk).update(opportunity=deal)


def test_a_lost_deal_asks_nobody_more_and_is_told_once() -> None:
    sam, ana, mia = make_cast()
    found, ria = make_request(n_wanted=3), make_rae("Ria Second", company="Second Bank")
    proposed, approved = make_ask(reference_request=found), make_ask("approved", reference_request=found, reference=ria)
    accepted = make_ask("accepted", reference_request=found, reference=make_rae("Roy Third", company="Third Bank"))
    lost(found)
    proposed, approved, accepted = (Ask.objects.get(pk=each.pk) for each in (proposed, approved, accepted))
    sentence = "What this was asked for has ended, so nobody more is asked. Close or withdraw the request."
    assert why_not(ana, AskMove.APPROVE, proposed) == why_not(mia, AskMove.SEND, approved) == sentence
    assert why_not_request(mia, RequestMove.ASK, proposed.reference_request) == sentence
    with pytest.raises(Refused, match="What this was asked for has ended"):
        actions.propose(found, [make_rae("Rob Fourth", company="Fourth Bank")], by=mia)
    assert actions.schedule(accepted, by=mia, starts_at=NOW + timedelta(days=3)).status == Ask.Status.SCHEDULED
    assert [actions.tell_of_lost_deals(NOW) for _ in range(2)] == [1, 0]
    told = Message.objects.filter(kind="news", facts__event=Event.objects.get(verb="ended").pk)
    assert {(each.channel, each.recipient_id) for each in told} == {("notice", mia.pk), ("notice", sam.pk), ("mail", sam.pk)}


@pytest.mark.parametrize("after", ["silence", "the last day", "a new owner"])
def test_an_ask_of_a_lost_deal_is_handed_to_nobody_and_ends_by_itself(after: str, clock: time_machine.Traveller) -> None:
    ask = make_ask()
    if after == "a new owner":
        type(ask.reference.account).objects.update(owner=make_colleague("Ann Newowner"))
    else:
        clock.move_to(NOW + timedelta(days=1 if after == "silence" else 2, minutes=1))
    lost(ask.reference_request)
    assert actions.escalate_approvals(timezone.now()) == 0
    Opportunity.objects.update(outcome="open")
    assert actions.escalate_approvals(timezone.now()) == 1
    Opportunity.objects.update(outcome="lost")
    clock.move_to(NOW + timedelta(days=9))
    assert (actions.escalate_approvals(timezone.now()), actions.expire_reservations(timezone.now())) == (0, 1)
    mail = Message.objects.filter(kind="news", channel="mail", recipient_id=make_cast()[0].pk).latest("pk")
    ended = "gave the slot of Rae Reference back: what this was asked for has ended, and so did the ask."
    assert ended in " ".join(news(mail, timezone.now()).text().split())


def test_the_question_about_a_lost_deal_is_not_mailed_any_more() -> None:
    ask = make_ask()
    mail = Message.objects.get(kind="approval", channel="mail")
    assert why_not_approval(mail, NOW) is None
    lost(ask.reference_request)
    assert why_not_approval(mail, NOW) == Unsent("ended")


def test_of_a_lost_deal_the_page_waits_for_nobody_who_was_to_answer() -> None:
    ask = make_ask()
    lost(ask.reference_request)
    found = ReferenceRequest.objects.get(pk=ask.reference_request_id)
    steps = [request_page(found, each).next for each in make_cast()]
    assert {(step.title, step.is_mine) for step in steps} == {("Withdraw or close this request", False)}


def test_a_deal_that_was_won_back_and_is_lost_again_is_told_again(clock: time_machine.Traveller) -> None:
    open_stage, lost = make_stage(), make_stage("Lost", outcome="lost", position=90)
    deal = Opportunity.objects.create(prospect_name="Fennmark", outcome="lost", owner=make_cast()[0])
    ReferenceRequest.objects.filter(pk=make_request().pk).update(opportunity=deal)
    told = []
    for days, stage in enumerate([lost, open_stage, lost]):
        clock.move_to(NOW + timedelta(days=days))
        StageChange.objects.create(opportunity=deal, stage=stage, entered_at=NOW + timedelta(days=days, hours=-1))
        Opportunity.objects.update(outcome=stage.outcome)
        told.append([actions.tell_of_lost_deals(NOW + timedelta(days=days)) for _ in range(2)])
    assert told == [[1, 0], [0, 0], [1, 0]]
    StageChange.objects.create(opportunity=deal, stage=open_stage, entered_at=NOW + timedelta(days=9))  # a wrong clock elsewhere
    assert actions.tell_of_lost_deals(NOW + timedelta(days=2)) == 0


@pytest.mark.parametrize("status", ["proposed", "approved", "sent"])
def test_what_waits_unanswered_for_a_lost_deal_is_taken_back(status: str) -> None:
    ask = make_ask(status, reference_request=make_request(n_wanted=2))
    agreed = make_ask("accepted", reference_request=ask.reference_request, reference=make_rae("Roy Third", company="Third Bank"))
    assert actions.end_unanswered(NOW) == 0
    lost(ask.reference_request)
    if status == "sent":
        assert why_not_ask(Message.objects.get(kind="ask", subject_id=ask.pk), NOW) == Unsent("ended")
        assert silence_of_ask(Ask.objects.get(pk=ask.pk), in_force()) is None
    assert [actions.end_unanswered(NOW) for _ in range(2)] == [1, 0]
    ended = Ask.objects.select_related("engagement").get(pk=ask.pk)
    assert ended.engagement is not None
    assert (ended.status, ended.engagement.state, ended.canceled_reason) == ("canceled", "released", "What it was asked for has ended.")
    assert Message.objects.filter(kind="no_longer", subject_id=ask.pk).exists() == (status == "sent")
    assert Ask.objects.get(pk=agreed.pk).status == "accepted"

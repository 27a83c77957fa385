"""Every change of state reaches the requester by mail, with whose turn it is and one link that needs no sign-in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.history.actions import Letter, Unsent, post
from firsthand.history.models import Message
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.requests import actions, asking_mail, news_mail, queue_mail, reminder_mail
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.workflow import ASK_MOVES
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def mails_to(colleague: Colleague) -> list[Message]:
    return list(Message.objects.filter(channel="mail", recipient_kind="colleague", recipient_id=colleague.pk).order_by("pk"))


def last_news() -> str:
    """The words of the newest mail of news to Sam."""
    sam, _, _ = make_cast()
    return news_mail.news([each for each in mails_to(sam) if each.kind == "news"][-1], NOW).text()


def corrected(ask: Ask, says: str) -> None:
    """Settled otherwise first, where it is not settled yet."""
    _, _, mia = make_cast()
    if ask.status != Ask.Status.HELD:
        actions.miss(ask, by=mia, missed_by="prospect")
    actions.correct_outcome(ask, by=mia, says=says, reason="They told us by phone.")


def swapped(ask: Ask) -> None:
    """Mia asks Ria to take the time over."""
    _, _, mia = make_cast()
    actions.swap(ask, [make_rae("Ria Second", company="Second Bank")], by=mia)


Step = Callable[[Ask], object]
STEPS: dict[str, tuple[str, Step, str]] = {
    "approve": ("proposed", lambda ask: actions.approve(ask, by=make_cast()[1]), "Ana Owner approved asking Rae Reference."),
    "refuse": ("proposed", lambda ask: actions.refuse(ask, by=make_cast()[1], reason="No"), "Ana Owner refused asking Rae Reference."),
    "expire": ("proposed", lambda ask: actions.expire_reservations(NOW + timedelta(days=9)), "The program gave the slot of"),
    "send": ("approved", lambda ask: actions.send(ask, by=make_cast()[2]), "Mia Manager asked Rae Reference."),
    "accept": ("sent", lambda ask: actions.accept(ask, by=ask.reference.contact), "Rae Reference said yes."),
    "decline": ("sent", lambda ask: actions.decline(ask, by=ask.reference.contact), "Rae Reference declined."),
    "lapse": ("sent", lambda ask: actions.lapse_asks(NOW + timedelta(days=30)), "The program stopped waiting for Rae Reference"),
    "cancel": ("sent", lambda ask: actions.cancel(ask, by=make_cast()[2]), "Mia Manager canceled asking Rae Reference."),
    "not_held": ("held", lambda ask: corrected(ask, "us"), "Mia Manager corrected the outcome: it did not happen with Rae"),
    "miss": ("introduced", lambda ask: actions.miss(ask, by=make_cast()[2], missed_by="us"), "Mia Manager said that it did not happen"),
}
# Moves of `STEPS` again, by another door.
BY_OTHER_DOORS: dict[str, tuple[str, Step, str]] = {
    "not_sent": ("sent", lambda ask: actions.not_sent(Message.objects.get(kind="ask")), "The program canceled asking Rae Reference."),
    "swap": ("scheduled", swapped, "Mia Manager canceled asking Rae Reference."),
}
OF_THEIR_OWN: dict[str, tuple[str, Step, str]] = {
    "schedule": ("accepted", lambda ask: actions.schedule(ask, by=make_cast()[2], starts_at=NOW + timedelta(days=3)), "fixed"),
    "reschedule": ("scheduled", lambda ask: actions.schedule(ask, by=make_cast()[2], starts_at=NOW + timedelta(days=4)), "fixed"),
    "introduce": ("accepted", lambda ask: actions.introduce(ask, by=make_cast()[2]), "introduction"),
    "hold": ("introduced", lambda ask: actions.hold(ask, by=make_cast()[2]), "debrief"),
    "held_after_all": ("introduced", lambda ask: corrected(ask, "held"), "debrief"),
}


@pytest.mark.parametrize("move", STEPS | BY_OTHER_DOORS)
def test_each_move_of_an_ask_is_told_to_the_requester_with_whose_turn_it_is(move: str) -> None:
    status, step, sentence = (STEPS | BY_OTHER_DOORS)[move]
    step(make_ask(status))
    told = last_news()
    assert f"Reference call for a deal: {sentence}" in told
    assert "\n\nNow: " in told
    assert told.count("http") == 1


@pytest.mark.parametrize("move", OF_THEIR_OWN)
def test_a_move_that_has_a_mail_of_its_own_is_told_by_that_alone(move: str) -> None:
    status, step, kind = OF_THEIR_OWN[move]
    ask = make_ask(status)
    sam, _, _ = make_cast()
    before = {each.pk for each in mails_to(sam)}
    step(ask)
    new = [each.kind for each in mails_to(sam) if each.pk not in before]
    assert [each for each in new if each not in {"news", "reminder"}] == [kind]


def test_no_move_of_an_ask_is_forgotten() -> None:
    assert {move for moves in ASK_MOVES.values() for move in moves} == STEPS.keys() | OF_THEIR_OWN.keys()


def test_several_proposals_are_one_mail() -> None:
    sam, _, mia = make_cast()
    actions.propose(make_request(), [make_rae(), make_rae("Ria Second", company="Second Bank")], by=mia)
    assert len(mails_to(sam)) == 1
    told = last_news()
    assert "Mia Manager proposed asking Rae Reference." in told
    assert "Mia Manager proposed asking Ria Second." in told
    assert "Now: Waiting on Ana Owner." in told


def test_a_swap_is_one_mail_that_says_who_is_asked_now() -> None:
    ask = make_ask("scheduled")
    sam, _, _ = make_cast()
    before = len(mails_to(sam))
    swapped(ask)
    assert [each.kind for each in mails_to(sam)[before:]] == ["news"]
    assert "Mia Manager proposed asking Ria Second." in last_news()


def test_the_link_opens_a_page_that_shows_and_changes_nothing(client: Client) -> None:
    ask = make_ask("sent")
    sam, _, _ = make_cast()
    links = Link.objects.filter(purpose="status")
    assert [(each.subject_id, each.holder_id) for each in links] == [(ask.reference_request_id, sam.pk)]
    opened = client.get(address(links[0]).removeprefix("http://localhost:8000"), follow=True)
    page = opened.content.decode()
    assert (opened.status_code, "_auth_user_id" in client.session) == (200, False)
    assert "Rae Reference" in page
    assert "This page shows and changes nothing." in page
    assert client.post(opened.redirect_chain[-1][0]).status_code == 405


def test_a_request_is_closed_short_once_something_happened_by_the_requester_too() -> None:
    sam, _, mia = make_cast()
    reference_request = make_request(n_wanted=3)
    with pytest.raises(Refused) as refusal:
        actions.close(reference_request, by=mia, reason="enough")
    assert refusal.value.sentence == "None of its references has happened yet. Choose the reason why there is none."
    make_ask("held", reference_request=reference_request)
    closed = actions.close(reference_request, by=sam, reason="enough", note="They signed")
    assert (closed.status, closed.unfulfilled_reason, closed.closing_note) == ("fulfilled", "enough", "They signed")
    assert closed.fulfilled_at == NOW
    kept = ReferenceRequest.objects.get()
    assert (kept.status, kept.ended_at) == ("fulfilled", NOW)


def test_a_colleague_who_sees_a_request_no_more_gets_no_mail_about_it() -> None:
    _, _, mia = make_cast()
    max_ = make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    found = make_request()
    actions.hand_over(found, to=max_, by=mia, reason="On leave")
    for kind, facts in (("remind_manager", {}), ("silence", {"silent": max_.pk, "since": NOW.isoformat()})):
        post([Letter(kind, max_, found, kind, facts=facts)])
    ask = make_ask(reference_request=make_request())
    Ask.objects.filter(pk=ask.pk).update(approver=None)
    post([Letter("approval", max_, ask, "approval:max")])
    messages = {each.kind: each for each in mails_to(max_)}
    why_not = {
        "remind_manager": reminder_mail.why_not_manager,
        "silence": reminder_mail.why_not_silence,
        "handed_over": queue_mail.why_not_handed_over,
        "approval": asking_mail.why_not_approval,
    }
    assert {kind: judge(messages[kind], NOW) for kind, judge in why_not.items()} == dict.fromkeys(why_not)
    Colleague.objects.filter(pk=max_.pk).update(role=Colleague.Role.MEMBER)
    assert {kind: judge(messages[kind], NOW) for kind, judge in why_not.items()} == dict.fromkeys(why_not, Unsent("unseen"))

"""Who may make which move, as tables, and what stands in the way."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from firsthand.core.clock import add_working_days
from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.customers.models import Contact
from firsthand.deals.builders import make_deal
from firsthand.history.actions import PROGRAM, Unsent
from firsthand.history.models import Event, Message
from firsthand.people.builders import eli, eve, make_colleague
from firsthand.people.models import Colleague, Team
from firsthand.program.builders import make_policy
from firsthand.references.actions import record_consent, set_hold
from firsthand.references.builders import make_engagement, make_reference
from firsthand.references.models import Consent, Disclosure, Hold
from firsthand.requests import actions
from firsthand.requests.asking_mail import why_not_approval
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import why_full, why_not, why_not_propose
from firsthand.requests.who_may import who_may_not, who_may_not_request
from firsthand.requests.wording import Teller
from firsthand.requests.workflow import AskMove, RequestMove
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
EVERYBODY = ("mia", "sam", "ana", "dee", "eli", "rae", "eve")


@pytest.fixture
def cast() -> dict[str, Colleague]:
    """Mia, Sam, Ana and her deputy Dee, Eli, Eve."""
    sam, ana, mia = make_cast()
    ana.deputy = make_colleague("Dee Deputy")
    ana.save(update_fields=["deputy"])
    return {"mia": mia, "sam": sam, "ana": ana, "dee": ana.deputy, "eli": eli(), "eve": eve()}


def mover(name: str, cast: dict[str, Colleague], ask: Ask) -> Colleague | Contact:
    return ask.reference.contact if name == "rae" else cast[name]


ASK_TABLE = {
    AskMove.APPROVE: "ana dee",
    AskMove.REFUSE: "ana dee",
    AskMove.SEND: "mia ana dee",
    AskMove.ACCEPT: "mia ana dee rae",
    AskMove.DECLINE: "mia ana dee rae",
    AskMove.SCHEDULE: "mia sam ana dee",
    AskMove.RESCHEDULE: "mia sam ana dee",
    AskMove.INTRODUCE: "mia sam ana dee",
    AskMove.HOLD: "mia sam ana dee",
    AskMove.MISS: "mia sam ana dee",
    AskMove.CANCEL: "mia sam ana dee",
    AskMove.HELD_AFTER_ALL: "mia",
    AskMove.NOT_HELD: "mia",
    AskMove.EXPIRE: "",
    AskMove.LAPSE: "",
}


@pytest.mark.parametrize("move", list(AskMove))
def test_who_moves_an_ask(move: AskMove, cast: dict[str, Colleague]) -> None:
    ask = make_ask()
    may = [name for name in EVERYBODY if who_may_not(mover(name, cast, ask), move, ask) is None]
    assert " ".join(may) == ASK_TABLE[move]
    assert who_may_not(PROGRAM, move, ask) is None


def test_an_older_wish_that_names_the_prospect_is_not_sent(cast: dict[str, Colleague]) -> None:
    asks = {AskMove.APPROVE: make_ask(), AskMove.SEND: make_ask("approved", reference=make_rae("Ria Reference"))}
    deal = make_deal(account=make_account("Fennmark Bank"))
    ReferenceRequest.objects.update(opportunity=deal, wish="Fennmark Bank wants to hear of the first close")
    for move, ask in asks.items():
        fresh = Ask.objects.get(pk=ask.pk)
        assert why_not(cast["ana"], move, fresh) == (
            "The wish leaves the house word for word, and the reference reads Fennmark Bank there before they say yes. "
            "The requester or a program manager changes it on the request."
        )


def test_of_an_older_wish_only_who_reads_the_deal_hears_which_amount_it_tells(cast: dict[str, Colleague]) -> None:
    proposed, approved = make_ask(), make_ask("approved", reference=make_rae("Ria Reference"))
    deal = make_deal(account=make_account("Fennmark Bank"), owner=cast["sam"])
    ReferenceRequest.objects.update(opportunity=deal, wish="Was it worth €400k?")
    said = {
        "mia": why_not(cast["mia"], AskMove.SEND, Ask.objects.get(pk=approved.pk)),
        "ana": why_not(cast["ana"], AskMove.APPROVE, Ask.objects.get(pk=proposed.pk)),
    }
    mend = "tells what the deal is worth. The requester or a program manager changes it on the request."
    assert said == {
        "mia": f"The wish leaves the house word for word, and “€400k” {mend}",
        "ana": f"The wish leaves the house word for word, and it {mend}",
    }


REQUEST_TABLE = {
    RequestMove.SUBMIT: "sam",
    RequestMove.ASK_INFO: "mia",
    RequestMove.GIVE_INFO: "mia sam",
    RequestMove.ASK: "mia",
    RequestMove.ADVANCE: "",
    RequestMove.COUNT_BACK: "",
    RequestMove.FULFILL: "",
    RequestMove.ANSWER_WITH_CONTENT: "mia",
    RequestMove.CONFIRM_CONTENT: "mia sam",
    RequestMove.REOPEN: "mia sam",
    RequestMove.WITHDRAW: "mia sam",
    RequestMove.CLOSE: "mia",
}


@pytest.mark.parametrize("move", list(RequestMove))
def test_who_moves_a_request(move: RequestMove, cast: dict[str, Colleague]) -> None:
    found = make_request()
    may = [name for name in EVERYBODY if name != "rae" and who_may_not_request(cast[name], move, found) is None]
    assert " ".join(may) == REQUEST_TABLE[move]


def test_another_reference_does_not_answer(cast: dict[str, Colleague]) -> None:
    ask = make_ask("sent")
    assert who_may_not(make_rae("Ria Second", company="Second Bank").contact, AskMove.ACCEPT, ask) is not None


def test_an_owner_who_filed_the_request_does_not_approve_it(cast: dict[str, Colleague]) -> None:
    reference_request = make_request()
    reference_request.requester = cast["ana"]
    reference_request.save(update_fields=["requester"])
    ask = make_ask(reference_request=reference_request)
    may = [name for name in EVERYBODY if who_may_not(mover(name, cast, ask), AskMove.APPROVE, ask) is None]
    assert may == ["dee"]


def test_without_an_owner_a_manager_approves(cast: dict[str, Colleague]) -> None:
    rae = make_rae()
    rae.account.owner = None
    rae.account.save(update_fields=["owner"])
    ask = make_ask(reference=rae)
    may = [name for name in EVERYBODY if who_may_not(mover(name, cast, ask), AskMove.APPROVE, ask) is None]
    assert may == ["mia"]


@pytest.mark.parametrize("change", [{"email": None}, {"deactivated_at": NOW}], ids=["a name only", "deactivated"])
def test_an_owner_who_cannot_be_reached_is_passed_over(change: dict[str, object], cast: dict[str, Colleague]) -> None:
    Colleague.objects.filter(pk=cast["ana"].pk).update(**change)
    ask = make_ask(reference=make_reference(account=make_account(owner=Colleague.objects.get(pk=cast["ana"].pk))))
    assert ask.approver == cast["dee"]


@pytest.mark.parametrize("change", ["sold", "left", "nobody"])
def test_an_answer_goes_to_whoever_answers_for_the_customer_now(change: str, cast: dict[str, Colleague]) -> None:
    ask, ann = make_ask(), make_colleague("Ann Newowner")
    if change == "sold":
        type(ask.reference.account).objects.update(owner=ann)
    elif change == "left":
        Colleague.objects.filter(pk=cast["ana"].pk).update(deactivated_at=NOW)
    else:
        type(ask.reference.account).objects.update(owner=None)
    assert actions.escalate_approvals(NOW) == 1
    ask.refresh_from_db()
    assert ask.approver == {"sold": ann, "left": cast["dee"], "nobody": None}[change]
    assert Message.objects.filter(kind="approval", channel="mail", recipient_id=(ask.approver or cast["mia"]).pk).count() == 1
    event = Event.objects.get(subject_kind="ask", verb="hand_to_owner")
    assert event.facts["silent"] == cast["ana"].pk
    to = ask.approver.name if ask.approver else "the program managers"
    told = f"passed the answer about Rae Reference on to {to}: the one before answers for the customer no more"
    assert Teller(None, [event], [ask]).tell()[0].what == told
    assert actions.escalate_approvals(NOW) == 0


@pytest.mark.parametrize("when", ["at once", "by the clock"])
def test_nobody_answers_for_the_owner_what_they_have_come_to_ask_for_themselves(when: str, cast: dict[str, Colleague]) -> None:
    ask, ana = make_ask(), cast["ana"]
    Colleague.objects.filter(pk=cast["sam"].pk).update(deactivated_at=NOW)
    if when == "at once":
        actions.give_requester(ask.reference_request, to=ana, by=cast["mia"], reason="Sam has left")
    else:
        ReferenceRequest.objects.update(requester=ana)
        assert actions.escalate_approvals(NOW) == 1
    ask = Ask.objects.get()
    assert (ask.approver, ask.waiting_since) == (cast["dee"], NOW)
    Ask.objects.update(approver=ana)  # as it was left before
    assert who_may_not(ana, AskMove.APPROVE, Ask.objects.get()) == "This answer is Ana Owner’s to give, or of whoever stands in."
    mails = Message.objects.filter(kind="approval", channel="mail").order_by("pk")
    assert [each.recipient_id for each in mails] == [ana.pk, cast["dee"].pk]
    assert why_not_approval(mails[0], NOW) == Unsent("passed_on")
    assert actions.escalate_approvals(NOW) == 1
    assert actions.escalate_approvals(NOW) == 0


def test_a_question_that_comes_back_to_somebody_is_put_to_them_again(cast: dict[str, Colleague], clock: time_machine.Traveller) -> None:
    ask = make_ask()
    for hours, owner in ((1, "eli"), (2, "ana")):
        type(ask.reference.account).objects.update(owner=cast[owner])
        clock.move_to(NOW + timedelta(hours=hours))
        assert actions.escalate_approvals(NOW + timedelta(hours=hours)) == 1
    written = Message.objects.filter(kind="approval").order_by("pk").values_list("recipient_id", "channel")
    ana, eli_ = cast["ana"].pk, cast["eli"].pk
    assert list(written) == [(who, channel) for who in (ana, eli_, ana) for channel in ("mail", "notice")]


def test_a_lead_without_a_deputy_before_them_has_the_days_of_a_lead(cast: dict[str, Colleague]) -> None:
    make_policy(deadlines={"owner_days": 0, "lead_days": 1})
    cast["ana"].team, cast["ana"].deputy = Team.objects.create(name="North", lead=make_colleague("Lea Lead")), None
    cast["ana"].save()
    make_ask()
    handed_on = [actions.escalate_approvals(add_working_days(NOW, days)) for days in (0, 0, 1)]
    assert handed_on == [1, 0, 1]


@pytest.mark.parametrize("weekday", range(5))
@pytest.mark.parametrize(
    ("deputy", "walked"),
    [("", ["Ana Owner", "Lea Lead", "managers", "expired"]), ("dee", ["Ana Owner", "Dee Deputy", "managers", "expired"])],
)
def test_silence_walks_the_chain_and_reaches_the_managers_while_the_slot_is_kept(
    cast: dict[str, Colleague], weekday: int, deputy: str, walked: list[str]
) -> None:
    """With the policy as it comes, from every day of the week; the last of the three working days is the managers'."""
    cast["ana"].team = Team.objects.create(name="North", lead=make_colleague("Lea Lead"))
    cast["ana"].deputy = cast.get(deputy)
    cast["ana"].save()
    begins = datetime(2026, 3, 9 + weekday, 9, tzinfo=UTC)
    with time_machine.travel(begins, tick=False):
        ask = make_ask()
    asked = []
    for days in range(4):
        now = add_working_days(begins, days)
        with time_machine.travel(now, tick=False):
            actions.expire_reservations(now)
            actions.escalate_approvals(now)
        ask.refresh_from_db()
        asked.append("expired" if ask.status == Ask.Status.EXPIRED else ask.approver.name if ask.approver else "managers")
    assert asked == walked


def test_a_requester_proposes_where_the_policy_lets_them(cast: dict[str, Colleague]) -> None:
    found, rae = make_request(), make_rae()
    assert why_not_propose(cast["sam"], rae, found) == "A program manager proposes asks for this activity."
    make_policy(activities={"reference-call": {"routing": "self_service"}})
    assert why_not_propose(cast["sam"], rae, found) is None


def test_the_sentence_of_a_rule_is_the_same_at_every_step(cast: dict[str, Colleague]) -> None:
    ask = make_ask("approved")
    other = make_request()
    set_hold(ask.reference, kind=Hold.Kind.OWNER, by=cast["ana"], reason="Renewal talks", until=NOW.date() + timedelta(days=30))
    sentence = why_not(cast["mia"], AskMove.SEND, ask)
    assert sentence is not None
    assert sentence.startswith("Rae Reference cannot be asked: ")
    assert why_not_propose(cast["mia"], ask.reference, other) == sentence


def test_an_ask_is_not_barred_by_its_own_slot_and_touch(cast: dict[str, Colleague]) -> None:
    ask = make_ask("sent", reference=make_rae(limit=1))
    assert why_not(ask.reference.contact, AskMove.ACCEPT, ask) is None


def test_a_lapsed_ask_is_not_accepted_when_the_slot_is_gone(cast: dict[str, Colleague]) -> None:
    ask = make_ask("sent", reference=make_rae(limit=1))
    with time_machine.travel(NOW + timedelta(days=9), tick=False):
        actions.lapse_asks(NOW + timedelta(days=9))
        make_engagement(ask.reference, NOW.date() + timedelta(days=5))
        ask.refresh_from_db()
        assert why_not(ask.reference.contact, AskMove.ACCEPT, ask) is not None


def test_an_unconfirmed_person_is_asked_in_person_first(cast: dict[str, Colleague]) -> None:
    ask = make_ask("approved")
    record_consent(ask.reference.contact, kind=Consent.Kind.CLAIMED, by=cast["mia"].actor)
    assert "is unconfirmed: the account owner asks in person first" in str(why_not(cast["mia"], AskMove.SEND, ask))


def test_a_request_holds_at_most_n_wanted_and_two_reservations(cast: dict[str, Colleague]) -> None:
    found = make_request()
    people = [make_rae(f"R{n} Reference", company=f"Bank {n}") for n in range(4)]
    actions.propose(found, people[:3], by=cast["mia"])
    assert why_full(found) == "A request for 1 holds at most 3 reservations, and 3 are open. Cancel one first."


def test_nobody_is_proposed_where_enough_have_agreed(cast: dict[str, Colleague]) -> None:
    ask, ria = make_ask("accepted"), make_rae("Ria Second", company="Second Bank")
    sentence = "Somebody has agreed already, so nobody else is needed. Cancel an ask to propose another, or swap the person."
    assert why_not_propose(cast["mia"], ria, ask.reference_request) == sentence
    with pytest.raises(Refused, match="Somebody has agreed already"):
        actions.propose(ask.reference_request, [ria], by=cast["mia"])
    actions.cancel(ask, by=cast["mia"])
    assert actions.propose(ask.reference_request, [ria], by=cast["mia"])[0].status == Ask.Status.PROPOSED


def test_nothing_moves_once_the_request_is_over(cast: dict[str, Colleague]) -> None:
    ask = make_ask("sent")
    Ask.objects.filter(pk=ask.pk).update(status=Ask.Status.LAPSED)
    ReferenceRequest.objects.filter(pk=ask.reference_request_id).update(status=ReferenceRequest.Status.WITHDRAWN)
    fresh = Ask.objects.get(pk=ask.pk)
    assert why_not(fresh.reference.contact, AskMove.ACCEPT, fresh) == "Nobody is needed any more: the request is withdrawn."


def test_an_open_ask_whose_day_is_past_is_judged_as_of_today(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    rae = make_rae(limit=1)
    ask = make_ask("accepted", reference_request=make_request(needed_by=date(2026, 3, 30)), reference=rae)
    clock.move_to(datetime(2026, 4, 2, 9, tzinfo=UTC))
    assert why_not(sam, AskMove.INTRODUCE, ask) is None
    make_engagement(rae, date(2026, 4, 1))
    sentence = "Rae Reference cannot be asked: 1 used and 0 reserved of 1 in Q2 2026, as they wish. Free again 1 Jul 2026."
    assert why_not(sam, AskMove.INTRODUCE, ask) == sentence


def test_nobody_learns_a_hidden_name_from_why_an_ask_cannot_be_sent() -> None:
    sam, ana, mia = make_cast()
    make_policy(activities={"reference-call": {"routing": "self_service"}}, limits={"min_gap_days": 0})
    ask = make_ask("approved")
    Consent.objects.update(evidence="", kind=Consent.Kind.CLAIMED)
    ask.reference.reference_account.disclosure = Disclosure.HIDDEN
    ask.reference.reference_account.save()
    told = {who.name: (why_not(who, AskMove.SEND, Ask.objects.get()) or "").partition(" is unconfirmed")[0] for who in (sam, ana, mia)}
    assert told == {"Sam Seller": "a customer that is not disclosed", "Ana Owner": "Rae Reference", "Mia Manager": "Rae Reference"}


def test_the_open_requests_one_may_see_are_those_among_the_visible(cast: dict[str, Colleague]) -> None:
    for status in (ReferenceRequest.Status.DRAFT, ReferenceRequest.Status.WITHDRAWN, *ReferenceRequest.OPEN):
        row = make_request(as_draft=True)
        ReferenceRequest.objects.filter(pk=row.pk).update(status=status)
    people = [*cast.values(), make_colleague("Ada Admin", role=Colleague.Role.ADMIN)]
    seen = {each.name: ReferenceRequest.objects.open_to(each).order_by("pk") for each in people}
    for each in people:
        assert list(seen[each.name]) == list(ReferenceRequest.objects.visible_to(each).open().order_by("pk"))
    assert [len(seen[name]) for name in ("Mia Manager", "Eli Executive", "Sam Seller", "Eve Outsider", "Ada Admin")] == [5, 5, 5, 0, 0]

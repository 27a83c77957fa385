"""What may have taken place: it is settled, and neither taken back, nor told to be off, nor moved away from those who were there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from firsthand.core.refused import Refused
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.builders import make_colleague
from firsthand.program.policy import in_force
from firsthand.references.models import Consent, Engagement
from firsthand.requests import actions, meeting_mail
from firsthand.requests.actions import Wish
from firsthand.requests.ask_tasks import tasks_for
from firsthand.requests.builders import group_call, make_ask, make_cast, make_group_ask, make_rae, make_request
from firsthand.requests.due_silences import waiting
from firsthand.requests.models import Ask, ReferenceRequest, Use
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db]
A = Ask.Status


def stands(ask: Ask) -> tuple[str, str, str]:
    """The ask, its slot and its request."""
    fresh = Ask.objects.select_related("engagement", "reference_request").get(pk=ask.pk)
    assert fresh.engagement is not None
    return fresh.status, fresh.engagement.state, fresh.reference_request.status


def withdraw(ask: Ask) -> None:
    actions.withdraw(ask.reference_request, by=make_cast()[0], reason="Signed without it")


def close(ask: Ask) -> None:
    actions.close(ask.reference_request, by=make_cast()[2], reason=ReferenceRequest.UnfulfilledReason.NO_MATCH)


def stop(ask: Ask) -> None:
    actions.end_for_reference(ask.reference, reason="They want no more of it.")


ENDS = pytest.mark.parametrize(("end", "ended"), [(withdraw, "withdrawn"), (close, "unfulfilled"), (stop, "asking")])


@ENDS
def test_what_has_come_stays_open_whatever_ends(clock: time_machine.Traveller, end: Callable[[Ask], None], ended: str) -> None:
    sam, _, _ = make_cast()
    ask = make_ask("scheduled")
    clock.move_to(NOW + timedelta(days=4))
    Message.objects.all().delete()
    end(ask)
    assert stands(ask) == (A.SCHEDULED, "reserved", ended)
    assert not Message.objects.filter(kind__in=["unfixed", "fewer", "no_longer"]).exists()
    actions.say_outcome(Ask.objects.get(pk=ask.pk), by=sam, says="held")
    assert stands(ask)[:2] == (A.HELD, "held")
    assert Use.objects.filter(engagement=ask.engagement, reference_request=ask.reference_request).count() == 1


@ENDS
def test_what_is_to_come_ends_with_it(clock: time_machine.Traveller, end: Callable[[Ask], None], ended: str) -> None:
    ask = make_ask("scheduled")
    clock.move_to(NOW + timedelta(days=2))
    end(ask)
    assert stands(ask) == (A.CANCELED, "released", ended)
    assert Message.objects.filter(kind="unfixed").exists()


def test_what_one_side_said_stays_open_though_no_time_was_fixed(clock: time_machine.Traveller) -> None:
    ask = make_ask("introduced")
    actions.say_outcome(ask, by=ask.reference.contact, says="held")
    with pytest.raises(Refused, match="One side has said whether it happened, so it is not taken back"):
        actions.cancel(ask, by=make_cast()[2])
    withdraw(ask)
    assert stands(ask) == (A.INTRODUCED, "reserved", "withdrawn")
    clock.move_to(NOW + timedelta(days=7))
    assert actions.settle_outcomes(NOW + timedelta(days=7)) == 1
    assert stands(ask) == (A.HELD, "held", "withdrawn")


def test_an_ask_whose_time_has_come_is_not_canceled(clock: time_machine.Traveller) -> None:
    sam, _, mia = make_cast()
    ask = make_ask("scheduled")
    assert "cancellation" in {task.id for task in tasks_for(Ask.objects.get(pk=ask.pk), sam)}
    clock.move_to(NOW + timedelta(days=3))
    for by in (mia, sam):
        with pytest.raises(Refused, match=r"It was fixed for .*, which has come. Say whether it happened instead.") as refusal:
            actions.cancel(ask, by=by)
        assert refusal.value.status == 409
    with pytest.raises(Refused, match="Say whether it happened instead"):
        actions.call_off(ask, by=ask.reference.contact)
    assert "cancellation" not in {task.id for task in tasks_for(Ask.objects.get(pk=ask.pk), sam)}
    assert stands(ask)[:2] == (A.SCHEDULED, "reserved")


def test_a_withdrawn_consent_is_not_looked_at_again_for_what_has_come(clock: time_machine.Traveller) -> None:
    ask = make_ask("scheduled")
    clock.move_to(NOW + timedelta(days=4))
    Consent.objects.create(contact=ask.reference.contact, kind="withdrawn", given_on=(NOW + timedelta(days=4)).date())
    assert (actions.end_withdrawn(NOW + timedelta(days=4)), stands(ask)[0]) == (0, A.SCHEDULED)


def test_a_cancellation_that_comes_too_late_is_not_mailed(clock: time_machine.Traveller) -> None:
    ask = make_ask("scheduled")
    actions.cancel(ask, by=make_cast()[2])
    mail = Message.objects.filter(kind="unfixed").latest("pk")
    assert meeting_mail.why_not_unfixed(mail, NOW) is None
    assert meeting_mail.why_not_unfixed(mail, NOW + timedelta(days=3)) == Unsent("past")


def test_the_requester_of_a_withdrawn_request_is_reminded_to_say_so(clock: time_machine.Traveller) -> None:
    ask = make_ask("scheduled")
    clock.move_to(NOW + timedelta(days=4))
    withdraw(ask)
    later = NOW + timedelta(days=14)
    clock.move_to(later)
    assert [(each.kind, each.about) for each in waiting(later, in_force())] == [("remind_outcome", ask)]


def test_enough_held_ends_no_time_that_is_fixed(clock: time_machine.Traveller) -> None:
    _, _, mia = make_cast()
    row = make_request()
    ask = make_ask("scheduled", reference_request=row)
    beyond = make_ask("sent", reference_request=make_request(), reference=make_rae("Ria Second", company="Second Bank"))
    Ask.objects.filter(pk=beyond.pk).update(reference_request=row, status=A.SCHEDULED, occasion=None)
    clock.move_to(NOW + timedelta(days=4))
    actions.hold(ask, by=mia)
    assert (stands(ask)[0], stands(beyond)) == (A.HELD, (A.SCHEDULED, "reserved", "fulfilled"))


def shared() -> tuple[Ask, Ask]:
    """A group call of Rae's in three days for two requests."""
    sam, ana, mia = make_cast()
    make_request()
    rae = make_rae(limit=1)
    host = make_group_ask(reference=rae, requester=sam, owner=ana, manager=mia)
    wish = Wish(group_call(), NOW.date() + timedelta(days=10), "And theirs?")
    joined = actions.join(actions.file_request(wish, by=make_colleague("Sue Seller")), host, by=mia)
    return host, actions.accept(joined, by=rae.contact)


@pytest.mark.parametrize("said", ["held", "prospect"])
def test_a_shared_time_that_is_over_for_another_request_is_not_moved(clock: time_machine.Traveller, said: str) -> None:
    sam, _, _ = make_cast()
    host, joined = shared()
    clock.move_to(NOW + timedelta(days=4))
    actions.say_outcome(joined, by=joined.reference_request.requester, says=said)
    slot = Engagement.objects.get(ask=host)
    with pytest.raises(Refused, match="Another request came to this time, and it is over for them, so it is not moved") as refusal:
        actions.schedule(host, by=sam, starts_at=NOW + timedelta(days=100))
    assert refusal.value.status == 409
    after = Engagement.objects.get(pk=slot.pk)
    assert (after.day, after.starts_at, after.state) == (slot.day, slot.starts_at, slot.state)


def test_a_shared_time_that_came_for_a_request_that_ended_since_is_not_moved(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    host, joined = shared()
    clock.move_to(NOW + timedelta(days=4))
    actions.withdraw(joined.reference_request, by=joined.reference_request.requester)
    with pytest.raises(Refused, match="it is over for them, so it is not moved"):
        actions.schedule(host, by=sam, starts_at=NOW + timedelta(days=100))


def test_a_shared_time_that_nobody_has_settled_is_moved(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    host, joined = shared()
    clock.move_to(NOW + timedelta(days=4))
    moved = NOW + timedelta(days=8)
    actions.schedule(host, by=sam, starts_at=moved)
    assert {each.occasion.starts_at for each in Ask.objects.filter(pk__in=[host.pk, joined.pk]) if each.occasion} == {moved}


def test_whoever_is_asked_to_share_another_time_is_not_put_down_for_this_one(clock: time_machine.Traveller) -> None:
    sam, ana, mia = make_cast()
    make_request()
    rae, ria = make_rae(), make_rae("Ria Second", company="Second Bank")
    host = make_group_ask(reference=rae, requester=sam, owner=ana, manager=mia)
    own = make_group_ask(reference=ria, requester=make_colleague("Sue Seller"), owner=ana, manager=mia)
    ReferenceRequest.objects.filter(pk=own.reference_request_id).update(n_wanted=2)
    joining = actions.join(ReferenceRequest.objects.get(pk=own.reference_request_id), host, by=mia)
    for bring in (actions.ask_along, actions.swap):
        with pytest.raises(Refused, match=r"That person is asked to share another time for this request. Cancel that ask first"):
            bring(own, [rae], by=mia)
    assert Ask.objects.get(pk=joining.pk).comes_to is None
    assert (stands(own)[0], Ask.objects.get(pk=joining.pk).status) == (A.SCHEDULED, A.SENT)

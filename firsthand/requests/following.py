"""What follows from the asks: the status of their request, and the end of asks that are not needed any more."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from firsthand.core.clock import add_working_days
from firsthand.core.links import revoke_links
from firsthand.core.locks import locked
from firsthand.history.actions import PROGRAM
from firsthand.history.models import Event, Message
from firsthand.program.policy import in_force
from firsthand.references.actions import free_slot, miss_slot
from firsthand.references.models import Engagement
from firsthand.requests.guests import gone
from firsthand.requests.invitations import send_calendar_files
from firsthand.requests.letters import APPROVAL, tell, write, write_to_reference, written
from firsthand.requests.models import Ask, Attendance, Attendee, Occasion, ReferenceRequest
from firsthand.requests.moving import Locked, move_ask, move_request
from firsthand.requests.unsettled import may_have_happened
from firsthand.requests.who_may import Mover
from firsthand.requests.workflow import REQUEST_MOVES, AskMove, RequestMove

A, R = Ask.Status, ReferenceRequest.Status
TOLD = frozenset({A.SENT, A.ACCEPTED, A.INTRODUCED, A.SCHEDULED})
STANDS = (A.SCHEDULED, A.HELD, A.MISSED)


def follow(scene: Locked) -> None:
    """Bring the request's status up to its asks. Every ask move ends here.

    Enough agreed: asks still waiting for an answer end. Enough held: what has no time yet ends as well, and the request is fulfilled; what
    is fixed, or was said to have happened, stands. A time nobody can take over any more is given up.
    """
    reference_request = scene.reference_request
    held = sum(ask.status == A.HELD for ask in scene.asks)
    agreed = sum(ask.status in Ask.AGREED for ask in scene.asks)
    if reference_request.status == R.SUBMITTED and scene.asks:
        move_request(reference_request, RequestMove.ASK, by=PROGRAM)
    if agreed >= reference_request.n_wanted:
        keep, now = Ask.AGREED if held < reference_request.n_wanted else (A.SCHEDULED,), timezone.now()
        over = [ask for ask in scene.open_asks() if ask.status not in keep and not may_have_happened(ask, now)]
        end_asks(over, by=PROGRAM, reason="Enough others agreed.")
    if held >= reference_request.n_wanted and RequestMove.FULFILL in REQUEST_MOVES[reference_request.status]:
        fulfill(reference_request)
    elif held and RequestMove.ADVANCE in REQUEST_MOVES[reference_request.status]:
        event = move_request(reference_request, RequestMove.ADVANCE, by=PROGRAM)
        tell(event, reference_request, [reference_request.requester])
    give_up_times(scene)


def fulfill(reference_request: ReferenceRequest) -> None:
    """The last reference wanted has happened."""
    now = timezone.now()
    event = move_request(reference_request, RequestMove.FULFILL, by=PROGRAM, fulfilled_at=now, ended_at=now)
    tell(event, reference_request, [reference_request.requester, reference_request.manager], by_mail=True)


def end_asks(asks: Sequence[Ask], *, by: Mover, reason: str) -> None:
    """Take asks of one request back at one stroke: a time to which several of them were to come ends once, with all their names."""
    fixed = [ask for ask in asks if ask.status == A.SCHEDULED]
    for ask in asks:
        end_ask(ask, by=by, reason=reason, along=[each for each in fixed if each != ask and each.occasion_id == ask.occasion_id])


def end_ask(
    ask: Ask, *, by: Mover, reason: str, seen: str = "", tells_reference: bool = True, keeps_time: bool = False, along: Sequence[Ask] = ()
) -> Event:
    """Take an ask back: free its slot, tell the reference if they were asked and whoever agreed if they were told.

    Without `tells_reference`, for an end that is their own doing, only a fixed time is taken out of their calendar.
    With `keeps_time` the other side hears nothing yet: somebody else is asked to take the time over, and one mail tells which.
    `along` are those who were to come to its time as well and end with it: whoever is left hears of the last of them.
    """
    was = ask.status
    event = move_ask(ask, AskMove.CANCEL, by=by, seen=seen, canceled_reason=reason, facts={"was": str(was)})
    pass_on_slot(ask)
    _settle_slot(ask)
    revoke_links([APPROVAL], ask.pk, now=timezone.now())
    if was in TOLD and ask.occasion is not None:
        ask.occasion.refresh_from_db()  # its number may have risen with those who left before
        _take_out_of_calendar(ask, ask.occasion)
        if all(each.status != A.SCHEDULED for each in along):
            _tell_who_is_left(ask, ask.occasion)
    if ask.occasion is None:
        _tell_who_picks(ask)
    if was in TOLD and tells_reference:
        _tell_by_their_door(ask)
    if ask.occasion is not None and not keeps_time:
        give_up_time(ask, ask.occasion, along=along)
    tell(event, ask, [ask.approver, ask.reference.account.owner if was != A.PROPOSED else None])
    return event


def _tell_who_picks(ask: Ask) -> None:
    """Whoever of the other side has a link to the times that were offered: none is to be picked any more."""
    for attendee in Attendee.objects.coming_to(ask).exclude(email="").order_by("pk"):
        if written("pick_time", attendee, ask).exists():
            write("pick_off", attendee, ask)


def _take_out_of_calendar(ask: Ask, occasion: Occasion) -> None:
    """The reference's, unless they still come to that time for others."""
    if occasion.asks.filter(reference=ask.reference_id, status=A.SCHEDULED).exists():
        write_to_reference("fewer", ask)
    else:
        write_to_reference("unfixed", ask, sequence=occasion.sequence + 1)


def _tell_who_is_left(ask: Ask, occasion: Occasion) -> None:
    """The time of a panel stands for the others, and whoever comes to it reads who that is now."""
    left = list(Ask.objects.beside(ask))
    if not left:
        return
    fresh = locked(Occasion.objects.filter(pk=occasion.pk)).get()
    fresh.sequence += 1
    fresh.save(update_fields=["sequence"])
    for each in left:
        each.occasion = fresh
    send_calendar_files(left, newly=[])


def _tell_by_their_door(ask: Ask) -> None:
    """A mail, or whoever asked in person; who no longer works here leaves it to the account owner."""
    if ask.door == Ask.Door.PROGRAM and ask.occasion is None:
        write_to_reference("no_longer", ask)
    asked_by = [each for each in (ask.approver, ask.reference.account.owner) if each is not None and each.is_active]
    if ask.door == Ask.Door.OWNER and asked_by:
        write("no_longer_in_person", asked_by[0], ask)


def give_up_times(scene: Locked) -> None:
    """End the times of canceled asks that were kept for a successor, once nobody can take them over any more.

    Whoever is introduced finds a time of their own and takes over none. Of a panel the last who left tells it: those before them are out
    of every calendar already.
    """
    now = timezone.now()
    successors = {ask.comes_to_id for ask in scene.open_asks() if ask.comes_to_id and ask.status != A.INTRODUCED}
    kept = {ask.occasion_id for ask in scene.asks if ask.pk in successors and is_kept(ask, now)}
    left = [ask for ask in scene.asks if ask.status == A.CANCELED and ask.occasion_id and ask.occasion_id not in kept]
    last = {ask.occasion_id: ask for ask in sorted(left, key=lambda ask: (ask.waiting_since, ask.pk))}
    for ask in last.values():
        if ask.occasion is not None:
            give_up_time(ask, ask.occasion)


def is_kept(ask: Ask, now: datetime) -> bool:
    """Whether the time of a canceled ask may still be taken over: until a working day before it, so that nobody comes to it in vain.

    Swapped later than two days before, half of what was left then is for whoever is asked and half for those who would come.
    """
    if ask.occasion is None:
        return False
    starts_at, swapped_at = ask.occasion.starts_at, ask.waiting_since
    is_near = starts_at <= add_working_days(now, 1, in_force().time_zone)
    return starts_at > now and not (is_near and swapped_at + (starts_at - swapped_at) / 2 <= now)


def give_up_time(ask: Ask, occasion: Occasion, *, along: Sequence[Ask] = ()) -> None:
    """It is off for this request's side, and altogether where nobody else takes part. Says so once, naming those who end `along` as well.

    Calendars know the time by one entry, so it stays with whoever comes to it for another request as well.
    """
    fresh = locked(Occasion.objects.filter(pk=occasion.pk)).get()
    standing = fresh.asks.filter(status__in=STANDS)
    told = Message.objects.filter(kind="unfixed", subject_kind="ask", subject_id=ask.pk, recipient_kind__in=["colleague", "attendee"])
    told = told.exclude(recipient_kind="attendee", recipient_id__in=[pk for pk, _ in gone(ask)])
    if told.exists() or fresh.canceled_at is not None or standing.filter(reference_request=ask.reference_request_id).exists():
        return
    sequence = fresh.sequence + 1
    if not standing.exists():
        fresh.canceled_at, fresh.sequence = timezone.now(), sequence
        fresh.save(update_fields=["canceled_at", "sequence"])
    elsewhere = Attendance.objects.filter(ask__in=standing, taken_off_at=None).values("attendee__email")
    for attendee in Attendee.objects.coming_to(ask).exclude(email="").exclude(email__in=elsewhere).order_by("pk"):
        write("unfixed", attendee, ask, sequence=sequence, along=along)
    if not standing.filter(reference_request__requester=ask.reference_request.requester_id).exists():
        write("unfixed", ask.reference_request.requester, ask, sequence=sequence, along=along)


def pass_on_slot(ask: Ask) -> None:
    """Where others share its time, the slot is theirs: the first of them holds it from now on, and the time stands.

    Whoever moves any of these asks has locked the reference first, so their rows are safe here without their requests' locks.
    """
    heir = ask.joined_by.filter(status=A.SCHEDULED).order_by("pk").first()
    if heir is None or ask.engagement is None:
        return
    engagement, ask.engagement = ask.engagement, None
    ask.save(update_fields=["engagement"])
    Ask.objects.filter(pk=heir.pk).update(engagement=engagement, joins=None, revision=F("revision") + 1)
    ask.joined_by.update(joins=heir)


def _settle_slot(ask: Ask) -> None:
    """Nobody's time any more, it is free again; what a request that shared it was told to have missed counts as missed."""
    slot, sharing = ask.slot, Ask.objects.on_slot(ask.slot)
    if slot is None or sharing.filter(status__in=[A.SCHEDULED, A.HELD]).exists():
        return
    missed = sharing.filter(status=A.MISSED).order_by("-waiting_since", "-pk").first()
    if missed is not None:
        miss_slot(slot, by=missed_by(missed))
    elif slot.state == Engagement.State.RESERVED:
        free_slot(slot)


def missed_by(ask: Ask) -> str:
    """Who missed it, as the newest word on this ask has it; empty where it was not missed."""
    of_ask = Event.objects.filter(subject_kind="ask", subject_id=ask.pk, verb__in=[AskMove.MISS, AskMove.NOT_HELD]).order_by("-pk").first()
    if ask.status != A.MISSED or of_ask is None:
        return ""
    return str(of_ask.facts.get("missed_by") or of_ask.facts.get("says", ""))


def release(ask: Ask) -> None:
    """Give the ask's slot back, if it still holds one."""
    if ask.engagement is not None and ask.engagement.state == Engagement.State.RESERVED:
        free_slot(ask.engagement)

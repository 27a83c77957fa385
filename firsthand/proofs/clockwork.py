"""What the clock does by itself, asked after each tick: what was due by then was done, on everybody's own working days."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from firsthand.customers.models import Contact
from firsthand.deals.models import Opportunity, StageChange
from firsthand.history.models import Event, Message
from firsthand.proofs.bars import of_the_person
from firsthand.proofs.company import GUEST_ZONES
from firsthand.proofs.facts import Facts, after_working_days
from firsthand.proofs.readers import Reader
from firsthand.requests.models import Ask, Attendee, Outcome, PersonalNote, ReferenceRequest

WANTS_NO_MORE = frozenset({"left", "consent", "unsubscribed"})
STANDS = frozenset({"scheduled", "held", "missed"})
UNANSWERED = frozenset({"proposed", "approved", "sent"})
PATIENCE = 2  # working days until the word of one side counts alone
INTRODUCED = 5  # working days until both are asked whether it happened
CLOSED = timedelta(days=7)  # how long after its end the owner of a deal is asked to tell


def has_run(asks: list[Ask], requests: list[ReferenceRequest], facts: Facts) -> int:
    """Whether everything that was due is done. Says of how many rows it was asked."""
    words = words_on(asks)
    for ask in asks:
        if ask.status in Ask.OPEN and not may_have_been(ask, words, facts.now):
            gone = WANTS_NO_MORE & set(of_the_person(facts, ask, facts.references[ask.reference_id], facts.today))
            assert not gone, f"ask {ask.pk} is {ask.status}, and {sorted(gone)} since"
        deal = ask.reference_request.opportunity
        assert ask.status not in UNANSWERED or deal is None or deal.outcome != "lost", f"ask {ask.pk} is {ask.status} for a lost deal"
        if ask.status == "proposed":
            is_handed_on(ask, facts)
        if ask.status == "sent":
            waits_for_what_stands(ask, facts.now)
            is_reminded("remind_reference" if ask.door == "program" else "remind_in_person", ask, ask.waiting_since, facts)
    for ask in asks:
        if ask.status in {"introduced", "scheduled"}:
            is_asked_about(ask, facts.now)
            is_settled(ask, words.get(ask.pk, []), facts.now)
    kept_times_are_over(asks, facts)
    for row in requests:
        asked = Event.objects.filter(verb="ask_info", subject_kind="referencerequest", subject_id=row.pk).order_by("pk").last()
        if row.status == "needs_info" and asked is not None:
            is_reminded("remind_info", row, asked.at, facts)
    return len(asks) + closed_deals_are_told(asks, facts.now) + orphans_have_somebody(requests)


def may_have_been(ask: Ask, words: Mapping[int, list[Outcome]], now: datetime) -> bool:
    """What is settled whoever withdraws: its time has come, or one side has said whether it happened."""
    return ask.pk in words or (ask.status == "scheduled" and ask.occasion is not None and ask.occasion.starts_at <= now)


def is_handed_on(ask: Ask, facts: Facts) -> None:
    """From the owner to the deputy, to the lead, to the managers; they have the last working day of the reservation.

    Nobody else is asked, and nobody about what they ask for themselves.
    """
    if ask.approver is None or ask.policy is None or ask.engagement is None:
        return
    owner = facts.references[ask.reference_id].contact.account.owner
    team = owner.team if owner else None
    side = {owner.pk, owner.deputy_id, team.lead_id if team else None} if owner else set()
    answers = ask.approver.is_active and ask.approver_id in side - {ask.reference_request.requester_id}
    assert answers, f"ask {ask.pk} waits for {ask.approver}, who does not answer for {owner}"
    rules = ask.policy.rules
    days = max(rules["deadlines"]["owner_days"], rules["deadlines"]["lead_days"])
    latest = after_working_days(ask.waiting_since, days, ask.approver.time_zone or rules["time_zone"])
    assert latest > facts.now, f"ask {ask.pk} waits for {ask.approver} since {ask.waiting_since}"
    until = ask.engagement.reserved_until
    assert until is not None
    assert until > after_working_days(facts.now, 1, facts.policy.time_zone), f"ask {ask.pk} waits for {ask.approver} on its last day"


def waits_for_what_stands(ask: Ask, now: datetime) -> None:
    """For an answer that may still come, about a time that is still to come."""
    assert ask.answer_by is not None
    assert ask.answer_by > now, f"ask {ask.pk} waits for an answer until {ask.answer_by}"
    if ask.joins is not None:
        time = ask.joins.occasion
        assert ask.joins.status == "scheduled", f"ask {ask.pk} would join one that is {ask.joins.status}"
        assert time is not None
        assert time.canceled_at is None
        assert time.starts_at > now, f"ask {ask.pk} would join what was at {time.starts_at}"


def is_reminded(kind: str, row: Ask | ReferenceRequest, since: datetime, facts: Facts) -> None:
    """Whoever was silent for the policy's days, and one more for the hours of the night, was reminded of it."""
    rules = facts.policy.reminders
    days = rules.requester_days if kind == "remind_info" else rules.reference_days
    if days and after_working_days(since, days + 1, facts.policy.time_zone) <= facts.now:
        written = Message.objects.filter(kind=kind, subject_id=row.pk, created_at__gte=since)
        assert written.exists(), f"nobody was reminded of {row._meta.model_name} {row.pk}, which waits since {since}"


def words_on(asks: Iterable[Ask]) -> dict[int, list[Outcome]]:
    """What was said of whether it happened, by ask."""
    found: dict[int, list[Outcome]] = {}
    for row in Outcome.objects.filter(ask__in=[ask.pk for ask in asks if ask.status in {"accepted", "introduced", "scheduled"}]):
        found.setdefault(row.ask_id, []).append(row)
    return found


def is_asked_about(ask: Ask, now: datetime) -> None:
    """Whether it happened: the requester after the time, both sides some working days after an introduction."""
    asked = Message.objects.filter(kind="did_it_happen", subject_kind="ask", subject_id=ask.pk)
    if ask.status == "introduced" and after_working_days(ask.waiting_since, INTRODUCED, "UTC") <= now:
        whom = set(asked.values_list("recipient_kind", flat=True))
        assert whom == {"colleague", "contact"}, f"of ask {ask.pk}, introduced {ask.waiting_since}, only {whom} was asked"
    if ask.status == "scheduled" and ask.occasion and ask.occasion.starts_at + timedelta(minutes=ask.occasion.minutes) <= now:
        of_this_time = asked.filter(recipient_kind="colleague", facts__sequence=ask.occasion.sequence)
        assert of_this_time.exists(), f"nobody was asked whether ask {ask.pk} of {ask.occasion.starts_at} happened"


def is_settled(ask: Ask, words: list[Outcome], now: datetime) -> None:
    """The word of one side counts alone once the other was silent for long enough."""
    is_over = ask.status == "introduced" or (ask.occasion is not None and ask.occasion.starts_at <= now)
    if len(words) == 1 and is_over and ask.policy is not None:
        latest = after_working_days(words[0].said_at, PATIENCE, ask.policy.rules["time_zone"])
        assert latest > now, f"the {words[0].side} said of ask {ask.pk} at {words[0].said_at} that it was {words[0].says}"


def kept_times_are_over(asks: list[Ask], facts: Facts) -> None:
    """A time that nobody stands for any more is off a working day before it, or halfway to it from the last swap that came later."""
    standing = {ask.occasion_id for ask in asks if ask.status in STANDS}
    left = [(ask, ask.occasion) for ask in asks if ask.occasion is not None and ask.occasion_id not in standing]
    swapped = {time.pk: max(ask.waiting_since for ask, other in left if other.pk == time.pk) for _, time in left}
    for ask, time in left:
        is_near = time.starts_at <= after_working_days(facts.now, 1, facts.policy.time_zone)
        is_late = facts.now - swapped[time.pk] >= time.starts_at - facts.now
        assert not (is_near and is_late) or time.canceled_at is not None, f"the time of ask {ask.pk} stands, and nobody comes"


def closed_deals_are_told(asks: list[Ask], now: datetime) -> int:
    """Whoever owns a deal that closed these days is asked to tell those who helped, anew where it was open in between."""
    fresh = StageChange.objects.filter(stage__outcome__in=["won", "lost"], entered_at__gt=now - CLOSED, entered_at__lte=now)
    closed = set(fresh.filter(opportunity__outcome__in=["won", "lost"]).values_list("opportunity", flat=True))
    helped = [ask for ask in asks if ask.status == "held" and ask.reference_request.opportunity_id in closed]
    closings = {ask.pk: closing_of(ask, now) for ask in helped}
    for ask in helped:
        asked = Message.objects.filter(kind="came_of_it_draft", subject_kind="ask", subject_id=ask.pk, facts__closing=closings[ask.pk])
        told = PersonalNote.objects.filter(ask=ask, kind="came_of_it")
        assert asked.exists() or told.exists(), f"nobody was asked to tell the reference of ask {ask.pk} what came of it"
    return len(helped)


def closing_of(ask: Ask, now: datetime) -> int:
    """The change of stage by which its deal came to where it is, from whatever else it was last."""
    deal = Opportunity.objects.get(reference_requests=ask.reference_request_id)
    moves = StageChange.objects.filter(opportunity=deal, entered_at__lte=now).select_related("stage").order_by("entered_at", "pk")
    since = max((each.entered_at for each in moves if each.stage.outcome != deal.outcome), default=None)
    return next(each.pk for each in moves if each.stage.outcome == deal.outcome and (since is None or each.entered_at >= since))


def orphans_have_somebody(requests: Iterable[ReferenceRequest]) -> int:
    """Whoever is in charge of an open request still works here."""
    still_open = [row for row in requests if row.status in ReferenceRequest.OPEN and row.manager is not None]
    for row in still_open:
        assert row.manager is not None
        assert row.manager.is_active, f"request {row.pk} is left with {row.manager}"
    return len(still_open)


def comes_in_working_hours(row: Message, reader: Reader, facts: Facts) -> None:
    """A reminder is due on a working day of its receiver, between nine and five; the brief at nine of the last before, or at once.

    A guest may choose another zone once it is written: then it was right in one of theirs.
    """
    zone = (reader.person.time_zone if isinstance(reader, Contact) else reader.time_zone) or facts.policy.time_zone
    zones = {zone, facts.policy.time_zone, *GUEST_ZONES} if isinstance(reader, Attendee) else {zone}
    moments = [row.due_at.astimezone(ZoneInfo(each)) for each in sorted(zones)]
    is_right = any(local.isoweekday() < 6 and local.hour in range(9, 17) for local in moments)
    if row.kind == "reminder":
        time = Ask.objects.select_related("occasion").get(pk=row.subject_id).occasion
        assert time is not None
        is_right = any(is_due_at_nine(row, time.starts_at.astimezone(ZoneInfo(each))) for each in zones)
    assert is_right, f"the {row.kind} for {reader} was due at {[f'{local:%A %H:%M %Z}' for local in moments]}"


def is_due_at_nine(row: Message, local: datetime) -> bool:
    """Of the last working day before that moment on these clocks, or, where that is past, as it is written."""
    day = local - timedelta(days=1)
    while day.isoweekday() > 5:
        day -= timedelta(days=1)
    nine = day.replace(hour=9, minute=0, second=0, microsecond=0)
    return abs(max(nine, row.created_at) - row.due_at) <= timedelta(seconds=1)

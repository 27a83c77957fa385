"""What a request promises besides its two workflows: windows, contents first, debriefs, notes, introductions, calls arranged outside."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from firsthand.customers.models import Person
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.proofs.facts import Facts
from firsthand.proofs.outsiders import NAMED
from firsthand.proofs.readers import NARROW, is_invited, of_deal, owns
from firsthand.references.models import Engagement
from firsthand.requests.models import (
    ArrangedOutside,
    Ask,
    Attendee,
    BarException,
    Debrief,
    Occasion,
    Outcome,
    PersonalNote,
    ReferenceRequest,
    Use,
)
from firsthand.stories.models import Story

ZONES = available_timezones() | {""}
WAITING = frozenset({"proposed", "approved", "sent", "accepted"})
SETTLED = frozenset({"held", "missed"})  # what was held may be corrected later
GRADING = frozenset({"requester", "prospect"})


def are_kept(asks: list[Ask], requests: list[ReferenceRequest], new: list[Event], facts: Facts, *, after_tick: bool) -> Counter[str]:
    """Ask every promise that the `new` events may have broken; says how many rows each was asked of."""
    by_pk, verbs = {ask.pk: ask for ask in asks}, {event.verb for event in new}
    counts = Counter[str]()
    counts["windows"] = windows_hold(asks, facts, after_tick=after_tick)
    counts["named in time"] = sum(is_named_in_time(event, by_pk, facts) for event in new if event.verb in {"approve", "send", "accept"})
    counts["asked in time"] = sum(is_asked_in_time(event, by_pk, facts) for event in new if event.verb in {"propose", "send"})
    counts["contents first"] = sum(contents_may_go_first(event, facts) for event in new)
    counts["reopened"] = sum(goes_on_with_its_clock(event, requests) for event in new)
    counts["outcomes"] = outcomes_settle(asks)
    counts["times with places"] = places_suffice(asks)
    counts["credits"] = credits_follow(asks)
    counts["to be thanked"] = owners_may_thank(asks)
    counts["settled in time"] = sum(was_not_early(event, by_pk) for event in new if event.verb in {"hold", "miss"})
    zones_are_zones()
    counts["exceptions told"] = sum(owner_hears_of_it(event, by_pk, facts) for event in new if event.verb == "lift")
    if "debrief" in verbs:
        counts["debriefs"] = debriefs_are_theirs(by_pk, facts)
    if "write_note" in verbs:
        counts["notes"] = sum(note_tells_no_more(note, by_pk[note.ask_id], facts) for note in PersonalNote.objects.select_related("author"))
    if verbs & {"arranged_outside", "outside_retracted"}:
        counts["arranged outside"] = outside_counts(facts)
    return counts


def windows_hold(asks: list[Ask], facts: Facts, *, after_tick: bool) -> int:
    of_tender = [ask for ask in asks if ask.reference_request.activity_type.is_tender]
    return sum(is_within_its_window(ask, facts, after_tick=after_tick) for ask in of_tender)


def is_within_its_window(ask: Ask, facts: Facts, *, after_tick: bool) -> bool:
    """A tender's slot is held for the window, no time is fixed in it, and it is held from its first day to its last."""
    first, last = ask.reference_request.window_from, ask.reference_request.window_until
    assert first, f"ask {ask.pk} is for a tender without a window"
    assert last, f"the window of ask {ask.pk} never ends"
    assert ask.status not in {"introduced", "scheduled"}, f"ask {ask.pk} of a tender is {ask.status}"
    assert ask.status != "held" or first <= facts.today, f"ask {ask.pk} was held before its window"
    if ask.status in WAITING and ask.slot is not None:
        assert ask.slot.day >= first, f"the slot of ask {ask.pk} is on {ask.slot.day}, its window begins {first}"
    assert not (after_tick and ask.status == "accepted" and last < facts.today), f"ask {ask.pk} waits for a window that was over {last}"
    return True


def is_named_in_time(event: Event, asks: Mapping[int, Ask], facts: Facts) -> bool:
    """Nobody is asked, nor says yes, for days that are past: then nobody could call, and a slot would count for nothing."""
    row = asks[event.subject_id].reference_request
    if row.window_until is None:
        return False
    day = event.at.astimezone(ZoneInfo(facts.policy.time_zone)).date()
    assert day <= row.window_until, f"{event.verb} of ask {event.subject_id} on {day}, its window was over {row.window_until}"
    return True


def is_asked_in_time(event: Event, asks: Mapping[int, Ask], facts: Facts) -> bool:
    """Nobody is proposed or asked by a day that is past; a tender has its window, and who is asked to come to a time has that."""
    ask = asks[event.subject_id]
    if ask.reference_request.activity_type.is_tender or ask.comes_to_id or ask.joins_id:
        return False
    day, last = event.at.astimezone(ZoneInfo(facts.policy.time_zone)).date(), ask.reference_request.needed_by
    assert day <= last, f"{event.verb} of ask {ask.pk} on {day}, which was needed by {last}"
    return True


def places_suffice(asks: Iterable[Ask]) -> int:
    """No more requests take part in a time, or wait for an answer about it, than it has places."""
    coming: dict[Occasion, set[int]] = {}
    for ask in asks:
        asked = ask.joins.occasion if ask.joins is not None and ask.status in Ask.OPEN else None
        time = ask.occasion if ask.status in {"scheduled", *SETTLED} else asked
        if time is not None:
            coming.setdefault(time, set()).add(ask.reference_request_id)
    for time, requests in coming.items():
        assert len(requests) <= time.places, f"{len(requests)} requests share {time.places} places on {time.starts_at}"
    return len(coming)


def contents_may_go_first(event: Event, facts: Facts) -> bool:
    """The program answers with content only before the policy's stage, and only with what may be sent as it is."""
    if event.verb != "answer_with_content" or event.actor_kind != "program":
        return False
    row = ReferenceRequest.objects.select_related("opportunity__stage", "requester", "activity_type").get(pk=event.subject_id)
    before = facts.policy.content.first_before
    stage = row.opportunity.stage if row.opportunity else None
    assert stage, f"request {row.pk} is for no deal and was answered with content"
    assert stage.position < facts.stages[before].position, f"request {row.pk} was answered with content past {before}"
    ids = event.facts["stories"]
    for story in Story.objects.filter(pk__in=ids).select_related("account__owner", "account__standing").prefetch_related("assets"):
        assert story.retired_at is None
        assert any(each.reach != "internal" and each.retired_at is None for each in story.assets.all()), f"nothing of {story} may be sent"
        how_far = max((story.account.standing.disclosure, story.disclosure or "public"), key=NARROW.index)
        allowed = {"public"} if {"press", "public"} & {row.audience, row.activity_type.audience} else NAMED
        assert how_far in allowed, f"{story}, which is {how_far}, was offered first"
    return True


def goes_on_with_its_clock(event: Event, requests: Iterable[ReferenceRequest]) -> bool:
    """A person after all: the request goes on as of the one moment it was submitted."""
    if event.verb != "reopen":
        return False
    row = next(each for each in requests if each.pk == event.subject_id)
    first = Event.objects.get(verb="submit", subject_kind="referencerequest", subject_id=row.pk)
    assert row.submitted_at == first.at, f"request {row.pk} was submitted at {first.at} and reopened as of {row.submitted_at}"
    assert row.ended_at is None or row.status not in {"submitted", "asking"}
    return True


def debriefs_are_theirs(asks: Mapping[int, Ask], facts: Facts) -> int:
    """Each side's is by that side; the slot's grade is the mean of those who grade."""
    given = list(Debrief.objects.filter(ask__isnull=False))
    for debrief in given:
        assert asks[debrief.ask_id or 0].status in SETTLED, f"debrief {debrief.pk} is of what was not held"
    for event in Event.objects.filter(verb="debrief", subject_kind="ask"):
        ask, side = asks[event.subject_id], event.facts["side"]
        giver = {"requester": ask.reference_request.requester_id, "reference": facts.references[ask.reference_id].contact_id}
        if side in giver:
            assert event.actor_id == giver[side], f"the {side}'s debrief of ask {ask.pk} is by {event.actor_kind} {event.actor_id}"
        else:
            assert is_invited(Attendee.objects.get(pk=event.actor_id or 0), ask), f"the prospect of ask {ask.pk} is of another call"
    grades_are_means(asks, given)
    return len(given)


def was_released(row: Message) -> None:
    """The prospect is asked how it was by nobody but the seller."""
    about = Event.objects.filter(verb="release_debrief", subject_kind="ask", subject_id=row.subject_id)
    seller = Ask.objects.get(pk=row.subject_id or 0).reference_request.requester_id
    by = list(about.filter(facts__attendee=row.recipient_id).values_list("actor_id", flat=True))
    assert by == [seller], f"the prospect of ask {row.subject_id} was asked by {by}"


def grades_are_means(asks: Mapping[int, Ask], given: Iterable[Debrief]) -> None:
    grades: dict[int, list[int]] = {}
    for debrief in given:
        slot = asks[debrief.ask_id].slot if debrief.ask_id else None
        if slot is not None and debrief.side in GRADING and slot.state == "held":
            grades.setdefault(slot.pk, []).append(debrief.grade)
    slots = {ask.slot.pk: ask.slot for ask in asks.values() if ask.slot is not None}
    for pk, found in grades.items():
        mean, grade = Decimal(sum(found)) / len(found), slots[pk].grade or Decimal(0)
        assert abs(grade - mean) <= Decimal("0.01"), f"slot {pk} has grade {grade}, the mean is {mean}"


def note_tells_no_more(note: PersonalNote, ask: Ask, facts: Facts) -> bool:
    """Thanks come from the owner's side, the outcome from the deal's owner: no amount, no reason, a name only where they agreed."""
    assert ask.status in SETTLED, f"a note was written on ask {ask.pk}, which is {ask.status}"
    author, account = note.author, facts.references[ask.reference_id].contact.account
    assert author is not None
    if note.kind == PersonalNote.Kind.THANKS:
        stands_in = ask.approver_id == author.pk or owns(author, account)
        assert author.role == Colleague.Role.MANAGER or stands_in, f"{author.name} thanked for ask {ask.pk}"
        return True
    deal = next(each for each in facts.deals if each.pk == ask.reference_request.opportunity_id)
    is_owner = deal.owner_id == author.pk or (deal.owner_id is None and author.role == Colleague.Role.MANAGER)
    assert is_owner, f"{author.name} told what came of a deal of {deal.owner}"
    told = [word for word in (f"{deal.amount:,.0f}", f"{deal.amount:.0f}") if word in note.words] if deal.amount is not None else []
    told += [deal.loss_reason] if deal.loss_reason and deal.loss_reason in note.words else []
    told += [] if note.prospect_agreed else [name for name in of_deal(deal) if name in note.words]
    assert not told, f"the outcome note of ask {ask.pk} tells {told}"
    return True


def credits_follow(asks: Iterable[Ask]) -> int:
    """Whatever happened is credited to its request once, and what did not is not."""
    happened = {(ask.slot.pk, ask.reference_request_id) for ask in asks if ask.status == "held" and ask.slot is not None}
    credited = list(Use.objects.exclude(reference_request=None).values_list("engagement", "reference_request"))
    assert sorted(credited) == sorted(happened), f"credited is {sorted(credited)}, happened has {sorted(happened)}"
    return len(credited)


def owners_may_thank(asks: Iterable[Ask]) -> int:
    """Of every slot that was held somebody of the owner's side was sent the thank-you that is drafted."""
    written = set(Message.objects.filter(kind="thanks_draft", recipient_kind="colleague").values_list("subject_id", flat=True))
    told = {ask.slot.pk for ask in asks if ask.slot is not None and ask.pk in written}
    held = {ask.slot.pk for ask in asks if ask.slot is not None and ask.status == "held"}
    assert held <= told, f"nobody was asked to thank for slots {sorted(held - told)}"
    return len(held)


def was_not_early(event: Event, asks: Mapping[int, Ask]) -> bool:
    """Nobody knows whether it happened before its time has come."""
    ask = asks[event.subject_id]
    if ask.occasion is None:
        return False
    assert ask.occasion.starts_at <= event.at, f"ask {ask.pk} of {ask.occasion.starts_at} was settled at {event.at}"
    return True


def zones_are_zones() -> None:
    """Whatever was chosen as a time zone is one."""
    chosen = {*Attendee.objects.values_list("time_zone", flat=True), *Person.objects.values_list("time_zone", flat=True)}
    assert chosen <= ZONES, f"{sorted(chosen - ZONES)} is no time zone"


def outcomes_settle(asks: Iterable[Ask]) -> int:
    """The same word of both sides settles it; after an introduction both were asked."""
    words: dict[int, dict[str, str]] = {}
    for row in Outcome.objects.all():
        words.setdefault(row.ask_id, {})[row.side] = row.says
    for ask in asks:
        said = list(words.get(ask.pk, {}).values())
        if ask.status in {"introduced", "scheduled"} and len(said) == 2:
            assert said[0] != said[1], f"both sides of ask {ask.pk} said {said[0]}, and it is {ask.status}"
        if ask.status == "introduced":
            written = Message.objects.filter(kind="did_it_happen", subject_kind="ask", subject_id=ask.pk)
            asked = set(written.values_list("recipient_kind", flat=True))
            assert asked in (set(), {"colleague", "contact"}), f"only {asked} of ask {ask.pk} was asked whether it happened"
    return sum(len(said) for said in words.values())


def owner_hears_of_it(event: Event, asks: Mapping[int, Ask], facts: Facts) -> bool:
    """An exception is shown to the account owner, who hears of it at once unless they granted it."""
    owner = facts.references[asks[event.subject_id].reference_id].contact.account.owner
    assert BarException.objects.filter(ask=event.subject_id).exists(), f"ask {event.subject_id} has a lift and no exception"
    if owner is not None and owner.is_active and (event.actor_kind, event.actor_id) != ("colleague", owner.pk):
        told = Message.objects.filter(kind="news", facts__event=event.pk, recipient_kind="colleague", recipient_id=owner.pk)
        assert told.exists(), f"{owner.name} was not told of the exception for ask {event.subject_id}"
    return True


def outside_counts(facts: Facts) -> int:
    """The load of a call arranged outside counts at once, and the owner is told."""
    enrolled = {reference.contact_id: reference for reference in facts.references.values()}
    slots = {row.pk: row for row in facts.engagements}
    logged = list(ArrangedOutside.objects.standing())
    for row in logged:
        reference = enrolled.get(row.contact_id or 0)
        if reference is None:
            continue
        slot = slots.get(row.engagement_id or 0)
        assert slot, f"{row} took no slot"
        assert (slot.state, slot.reference_id, slot.day) == ("held", reference.pk, row.day), f"{row} counts otherwise than it was"
        owner = reference.contact.account.owner
        if owner is not None and owner.pk != row.colleague_id:
            told = Message.objects.filter(kind="outside", subject_id=row.pk, recipient_id=owner.pk)
            assert told.exists(), f"{owner.name} was not told of {row}"
    return len(logged) + taken_back_counts_nowhere(slots)


def taken_back_counts_nowhere(slots: Mapping[int, Engagement]) -> int:
    """What was logged by mistake has given its slot back, and no deal is credited with it."""
    mistaken = list(ArrangedOutside.objects.exclude(retracted_at=None).exclude(engagement=None))
    for row in mistaken:
        assert slots[row.engagement_id or 0].state == "released", f"{row} was taken back, and its slot counts"
        assert not Use.objects.filter(engagement=row.engagement_id).exists(), f"{row} was taken back, and is credited"
    return len(mistaken)

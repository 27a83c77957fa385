"""What people read stays as they read it: the wish they said yes to, who comes to their time, that they come at all. A second opinion."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from firsthand.core.models import Link
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.program.models import FacetValue
from firsthand.proofs.bars import does_not_speak_to
from firsthand.proofs.facts import Facts
from firsthand.proofs.readers import found_in, is_off
from firsthand.requests.letters import PICK, PROSPECT_DEBRIEF
from firsthand.requests.models import Ask, Attendance, Attendee, Criterion, ReferenceRequest

READ = frozenset({"sent", "accepted", "introduced", "scheduled"})
Files = Mapping[tuple[str, str], tuple[int, tuple[datetime, str]]]


@dataclass
class Agreed:
    """What each reference read when they were asked, and who was brought to which time."""

    read: dict[int, str] = field(default_factory=dict)  # ask to the wish as it was sent
    wishes: dict[int, str] = field(default_factory=dict)  # request to the wish before the step
    brought: dict[int, int] = field(default_factory=dict)  # guest to the ask whose time it was

    def stands(
        self, asks: list[Ask], requests: list[ReferenceRequest], new: list[Event], before: Mapping[int, str], facts: Facts
    ) -> Counter[str]:
        """Whether what was agreed stands after the `new` events; `before` are the statuses of asks. Says of how many it was asked."""
        by_pk, counts = {ask.pk: ask for ask in asks}, Counter[str]()
        for event in new:
            is_late = event.verb == "accept" and before[event.subject_id] == "lapsed"  # and to the words of its day
            if event.verb == "send" or is_late:
                self.read[event.subject_id] = by_pk[event.subject_id].reference_request.wish
            elif event.verb == "bring":
                self.brought[event.facts["attendee"]] = event.subject_id
            elif event.verb == "introduce":
                counts["introductions mailed"] += both_are_introduced(event, by_pk[event.subject_id])
            elif event.verb == "schedule":
                counts["meetings on a panel"] += meets_nobody_barred(by_pk[event.subject_id], asks, facts)
            elif event.verb == "change_wanted":
                row = next(each for each in requests if each.pk == event.subject_id)
                counts["wishes changed"] += self.changes_nothing_else(event, row, asks, before, facts)
        counts["wishes as read"] = sum(self.is_as_read(ask) for ask in asks)
        counts["guests taken off"] = they_have_no_link(facts.now)
        self.wishes = {row.pk: row.wish for row in requests}
        return counts

    def is_as_read(self, ask: Ask) -> bool:
        """Whoever was asked, and may still come, answered the words that stand."""
        if ask.status not in READ or ask.pk not in self.read:
            return False
        wish = ask.reference_request.wish
        assert self.read[ask.pk] == wish, f"ask {ask.pk}, which is {ask.status}, was sent with “{self.read[ask.pk]}”, and it says “{wish}”"
        return True

    def changes_nothing_else(
        self, event: Event, row: ReferenceRequest, asks: Iterable[Ask], before: Mapping[int, str], facts: Facts
    ) -> bool:
        """Asks stand as they stood, no day moves under a slot, what is newly spoken of is a criterion, and who waits for it hears so."""
        mine = [ask for ask in asks if ask.reference_request_id == row.pk]
        assert all(before[ask.pk] == ask.status for ask in mine), f"with the wish of request {row.pk} asks moved"
        changed = event.facts["changed"]
        if "needed_by" in changed:
            self.moves_no_day_somebody_keeps(event, mine, facts)
        if "wish" in changed:
            self.says_what_is_spoken_of(row)
        for who in filter(None, (row.requester_id, row.manager_id)):
            is_by_them = (event.actor_kind, event.actor_id) == ("colleague", who)
            if not is_by_them and Colleague.objects.active().filter(pk=who).exists():
                told = Message.objects.filter(kind="news", channel="mail", facts__event=event.pk, recipient_id=who)
                assert told.exists(), f"colleague {who} was not told of what is wanted now for request {row.pk}"
        return True

    def moves_no_day_somebody_keeps(self, event: Event, asks: Iterable[Ask], facts: Facts) -> None:
        """Under a slot it only goes back, and under that of somebody who was asked not before it is past."""
        was, now = event.facts["day_was"], event.facts["day_now"]
        if any(ask.status in Ask.OPEN for ask in asks):
            assert now > was, f"request {event.subject_id} is needed by {now} instead of {was}, and a slot is held"
        if any(ask.status in READ for ask in asks):
            assert was < facts.today.isoformat(), f"request {event.subject_id} is needed by {now} instead of {was}, and somebody was asked"

    def says_what_is_spoken_of(self, row: ReferenceRequest) -> None:
        """A product by name, where the old wish did not have it, is a criterion."""
        stand = set(Criterion.objects.filter(reference_request=row).values_list("value__name", flat=True))
        products = list(FacetValue.objects.values_list("name", flat=True))
        newly = set(found_in(row.wish, products)) - set(found_in(self.wishes[row.pk], products))
        assert newly <= stand, f"request {row.pk} says {sorted(newly)}, its criteria are {sorted(stand)}"

    def were_told(self, asks: Mapping[int, Ask], of_panel: Iterable[int], newest: Iterable[tuple[str, int]]) -> None:
        """Whoever was brought to the time of one of a panel, and still comes, was told that time."""
        here = {guest for guest, ask in self.brought.items() if ask in of_panel and asks[ask].status == "scheduled"}
        coming = Attendance.objects.filter(ask__in=list(of_panel), attendee__in=here, taken_off_at=None).exclude(attendee__email="")
        silent = {("attendee", pk) for pk in coming.values_list("attendee", flat=True)} - set(newest)
        assert not silent, f"nobody told {sorted(silent)} of the time they were brought to"


def both_are_introduced(event: Event, ask: Ask) -> bool:
    """The reference and whoever asks got a mail that names the other."""
    written = Message.objects.filter(kind="introduction", subject_kind="ask", subject_id=ask.pk, created_at__gte=event.at)
    whom = set(written.values_list("recipient_kind", "recipient_id"))
    both = {("contact", ask.reference.contact_id), ("colleague", ask.reference_request.requester_id)}
    assert both <= whom, f"of ask {ask.pk} only {sorted(whom)} were introduced"
    return True


def meets_nobody_barred(ask: Ask, asks: Iterable[Ask], facts: Facts) -> int:
    """Nobody comes to a time at which somebody speaks to whose company they do not, or whose company does not speak to theirs."""
    beside = [each for each in asks if each.status == "scheduled" and each.reference_request_id == ask.reference_request_id]
    others = [each for each in beside if each.pk != ask.pk and each.occasion_id == ask.occasion_id is not None]
    for other in others:
        one, met = facts.references[ask.reference_id], facts.references[other.reference_id]
        for speaks, to in ((one, met), (met, one)):
            assert not does_not_speak_to(facts, speaks, to.contact.account), f"at the time of ask {ask.pk} {speaks} meets {to}"
    return len(others)


def they_have_no_link(now: datetime) -> int:
    """Whoever was taken off holds no link to that call any more."""
    off = list(Attendance.objects.exclude(taken_off_at=None).select_related("attendee", "ask"))
    for row in off:
        links = Link.objects.filter(purpose__in=[PICK, PROSPECT_DEBRIEF], subject_id=row.ask_id, holder_id=row.attendee_id)
        is_live = links.filter(revoked_at=None, expires_at__gt=now).exists()
        assert not (is_live and is_off(row.attendee, row.ask)), f"guest {row.attendee_id} was taken off and holds a link"
    return len(off)


def calendars_are_empty(files: Files, now: datetime) -> int:
    """No time to come stands in the calendar of whoever was taken off, unless they come to it for another request, or again."""
    guests = {f"attendee {row.pk}": row.email for row in Attendee.objects.all()}
    newest: dict[tuple[str, str], tuple[int, tuple[datetime, str]]] = {}
    for (uid, reader), said in files.items():
        if reader in guests:
            key = uid, guests[reader]
            newest[key] = max(newest.get(key, said), said)
    off = set(Attendance.objects.exclude(taken_off_at=None).values_list("attendee__email", flat=True))
    here = Attendance.objects.filter(taken_off_at=None, ask__occasion__isnull=False)
    comes = {(f"{uid}@firsthand", email) for uid, email in here.values_list("ask__occasion__public_id", "attendee__email")}
    for (uid, email), (_, (starts_at, status)) in newest.items():
        if email in off and starts_at > now and status != "CANCELLED":
            assert (uid, email) in comes, f"{email} was taken off, and has {uid} on {starts_at} in their calendar"
    return len(off)

"""The rules that are never broken, asked of the database after every step of a random run."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Max
from icalendar import Event as Calendared

from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.proofs.agreed import Agreed, calendars_are_empty
from firsthand.proofs.bars import ABSOLUTE, bars_of
from firsthand.proofs.clockwork import comes_in_working_hours, has_run
from firsthand.proofs.facts import Facts, after_working_days
from firsthand.proofs.letters import Letter, is_fit_to_read, is_for_their_eyes, may_be_asked, read_as, shows_the_time
from firsthand.proofs.promises import are_kept, was_released
from firsthand.proofs.together import times_hold
from firsthand.references.models import Engagement
from firsthand.requests.models import Ask, BarException, Outcome, ReferenceRequest
from firsthand.requests.workflow import ASK_MOVES, BY_ITSELF, REQUEST_MOVES
from firsthand.testing.smtp import Sink

JUDGED = frozenset({"propose", "join", "approve", "send", "accept", "schedule", "reschedule", "introduce"})
OF_SLOTS = frozenset({"own_limit", "default_limit", "customer_limit", "own_gap", "default_gap", "ask_limit"})
ENDED = frozenset({"withdrawn", "unfulfilled", "fulfilled"})
RELEASED = frozenset({"refused", "declined", "lapsed", "expired", "canceled"})
RELATED = (
    *("engagement", "occasion", "approver", "policy", "joins__engagement", "joins__occasion"),
    *("reference", "reference_request__activity_type", "reference_request__opportunity"),
)


def slot_of(statuses: set[str]) -> str:
    """What a slot is whose asks are these: they share it where one time serves several deals."""
    if "held" in statuses:
        return "held"
    if statuses - RELEASED - {"missed"}:
        return "reserved"
    return "missed" if "missed" in statuses else "released"


def stands_past_the_end(ask: Ask, row: ReferenceRequest) -> bool:
    """What an ended request leaves open: what may have happened by then, and a time beyond those that were enough."""
    if ask.status == "scheduled" and ask.occasion is not None:
        was_enough = row.status == "fulfilled" and not row.unfulfilled_reason
        return was_enough or (row.ended_at is not None and ask.occasion.starts_at <= row.ended_at)
    return Outcome.objects.filter(ask=ask, said_at__lte=row.ended_at).exists()


@dataclass
class Watch:
    """What stood before a step. `look` compares it with what stands after, and counts what it asked."""

    post: Sink
    asks: dict[int, str] = field(default_factory=dict)
    requests: dict[int, str] = field(default_factory=dict)
    slots: dict[int, tuple[int, date]] = field(default_factory=dict)
    times: dict[int, datetime] = field(default_factory=dict)  # of reserved slots that are fixed
    clocks: dict[int, datetime] = field(default_factory=dict)
    files: dict[tuple[str, str], tuple[int, tuple[datetime, str]]] = field(default_factory=dict)
    last_event: int = 0
    last_slot: int = 0
    mails: list[str] = field(default_factory=list)  # ids of those that arrived
    ever: set[tuple[str, int]] = field(default_factory=set)  # verbs of requests, whenever they happened
    moved: set[tuple[str, str]] = field(default_factory=set)  # from which status by which move
    agreed: Agreed = field(default_factory=Agreed)
    counts: Counter[str] = field(default_factory=Counter)

    def remember(self) -> None:
        """Start from what is there."""
        self.asks = dict(Ask.objects.values_list("pk", "status"))
        self.requests = dict(ReferenceRequest.objects.values_list("pk", "status"))
        self.last_event = Event.objects.aggregate(last=Max("pk"))["last"] or 0
        self.last_slot = Engagement.objects.aggregate(last=Max("pk"))["last"] or 0

    def look(self, now: datetime, *, after_tick: bool = False) -> None:
        """Every rule that the last step could have broken."""
        asks = list(Ask.objects.select_related(*RELATED).order_by("pk"))
        requests = list(ReferenceRequest.objects.select_related("manager").order_by("pk"))
        events = list(Event.objects.filter(pk__gt=self.last_event).order_by("pk"))
        self.ever |= {(event.verb, event.subject_id) for event in events if event.subject_kind == "referencerequest"}
        facts = Facts(now, self.last_slot)
        self.history_tells_every_move(asks, requests, events)
        self.nobody_is_asked_past_a_bar(asks, events, facts)
        self.slots_follow_from_asks(asks, facts)
        self.requests_follow_from_asks(asks, requests)
        self.asked("panels", times_hold(asks))
        self.reservations_are_young(asks, now, after_tick=after_tick)
        self.exceptions_have_a_manager_and_a_reason()
        self.the_first_clock_runs_on(requests)
        self.counts.update(are_kept(asks, requests, events, facts, after_tick=after_tick))
        self.counts.update(self.agreed.stands(asks, requests, events, self.asks, facts))
        if after_tick:
            self.asked("due by the clock", has_run(asks, requests, facts))
        self.mails_are_explained(facts)
        if after_tick:
            self.files_show_what_stands(asks, now)
        self.remember()

    def nothing_changed(self) -> None:
        """After a refusal: what was asked of the rows already is not asked again."""
        assert Event.objects.aggregate(last=Max("pk"))["last"] == (self.last_event or None), "a refusal is in history"
        assert dict(Ask.objects.values_list("pk", "status")) == self.asks, "an ask moved with a refusal"
        assert len(self.post.mails) == len(self.mails), "a mail left with a refusal"

    def asked(self, check: str, times: int = 1) -> None:
        self.counts[check] += times

    def history_tells_every_move(self, asks: list[Ask], requests: list[ReferenceRequest], events: list[Event]) -> None:
        """Replaying the new events from the old status leads to the new one: no move without its row, no row without its move."""
        for ask in asks:
            self.replay("ask", ask.pk, self.asks.get(ask.pk, "proposed"), ask.status, events)
        for each in requests:
            self.replay("referencerequest", each.pk, self.requests.get(each.pk, "draft"), each.status, events)

    def replay(self, kind: str, pk: int, before: str, after: str, events: list[Event]) -> None:
        table = ASK_MOVES if kind == "ask" else REQUEST_MOVES
        moves = {move for moves in table.values() for move in moves}
        status = before
        for event in events:
            if (event.subject_kind, event.subject_id) == (kind, pk) and event.verb in moves:
                assert event.verb in table[status], f"{event.verb} from {status}"
                self.moved.add((status, event.verb))
                status = table[status][event.verb]
                assert event.actor_kind == "program" or event.verb not in BY_ITSELF, f"{event.verb} by a person"
        assert status == after, f"history says {kind} {pk} is {status}, the row says {after}"
        self.asked("moves replayed")

    def nobody_is_asked_past_a_bar(self, asks: list[Ask], events: list[Event], facts: Facts) -> None:
        """At the moment of each judged move nothing barred the reference but what a manager lifted for this ask."""
        by_pk = {ask.pk: ask for ask in asks}
        requesters = {ask.pk: ask.reference_request.requester_id for ask in asks}
        for ask in asks:
            assert ask.status != "proposed" or ask.approver_id != requesters[ask.pk], f"ask {ask.pk} waits for whoever asks for it"
        for event in events:
            if event.subject_kind != "ask" or event.verb not in JUDGED:
                continue
            ask = by_pk[event.subject_id]
            if event.verb == "approve":
                assert (event.actor_kind, event.actor_id) != ("colleague", requesters[ask.pk]), "a requester approved their own ask"
            if ask.slot is None or ask.slot.state == "released" or ask.status in RELEASED:
                continue  # ended by what followed in the same step
            is_out = event.verb in {"accept", "schedule", "reschedule", "introduce"}
            kept = self.slots[ask.slot.pk][1] if is_out and ask.slot.pk in self.slots else None
            bars = bars_of(facts, ask, ask.slot, kept=kept, is_out=is_out) - self.lifted(ask, facts)
            bars -= OF_SLOTS if event.verb == "reschedule" and kept == ask.slot.day else set()
            assert not bars, f"{event.verb} of ask {ask.pk} past {sorted(bars)}"
            if event.verb == "send":
                assert ask.pk in facts.touched, f"ask {ask.pk} was sent and is no touch"
            if event.verb == "send" and ask.door == "program":
                written = Message.objects.filter(kind="ask", subject_kind="ask", subject_id=ask.pk, recipient_kind="contact")
                assert written.exists(), f"ask {ask.pk} was sent, and no mail was written"
                assert facts.is_confirmed(ask), f"ask {ask.pk} was sent to somebody unconfirmed"
            self.asked("moves judged")

    def lifted(self, ask: Ask, facts: Facts) -> set[str]:
        """What no manager can lift is never lifted, whatever the rows say."""
        return facts.lifted.get(ask.pk, set()) - ABSOLUTE

    def slots_follow_from_asks(self, asks: list[Ask], facts: Facts) -> None:
        """An open ask holds its reservation, an ended one none; and a slot that is new or was moved was free when it was taken."""
        held = {ask.engagement_id: ask for ask in asks if ask.engagement_id}
        shared: dict[int, set[str]] = {pk: set() for pk in held}
        for ask in asks:
            if ask.slot is None:
                assert ask.status in RELEASED, f"ask {ask.pk} is {ask.status} without a slot"
                continue
            assert ask.slot.reference_id == ask.reference_id
            if ask.engagement_id or ask.status in {"scheduled", "held", "missed"}:
                shared[ask.slot.pk].add(ask.status)
        for row in facts.engagements:
            if row.pk in held:
                assert row.state == slot_of(shared[row.pk]), f"slot {row.pk} is {row.state}, its asks are {sorted(shared[row.pk])}"
        taken = {row.pk: (row.reference_id, row.day) for row in facts.engagements if row.state == "reserved"}
        for row in facts.engagements:
            if row.pk in taken:
                assert row.pk in held, f"slot {row.pk} is reserved for no ask"
                if self.slots.get(row.pk) != taken[row.pk]:
                    kept = self.slots[row.pk][1] if row.pk in self.slots and held[row.pk].sent_at else None
                    full = facts.full(row, kept) - self.lifted(held[row.pk], facts)
                    assert not full, f"slot {row.pk} was taken while {sorted(full)} left none free"
                    self.asked("slots taken")
            begun = row.state == "released" and row.pk in self.times and self.times[row.pk] <= facts.now
            assert not begun, f"slot {row.pk} of {self.times.get(row.pk)} was released, and nobody has said whether it happened"
        self.slots = dict(taken)
        self.times = {row.pk: row.starts_at for row in facts.engagements if row.pk in taken and row.starts_at is not None}
        self.asked("asks with their slot", len(asks))

    def requests_follow_from_asks(self, asks: list[Ask], requests: list[ReferenceRequest]) -> None:
        for each in requests:
            mine = [ask.status for ask in asks if ask.reference_request_id == each.pk]
            still_open = [status for status in mine if status in Ask.OPEN]
            happened = mine.count("held")
            if each.status in {"submitted", "asking", "partly_fulfilled"}:
                expected = "partly_fulfilled" if happened else "asking" if mine else "submitted"
                assert each.status == expected, f"request {each.pk} is {each.status} with {mine}"
                assert happened < each.n_wanted
            if each.status == "fulfilled" and ("confirm_content", each.pk) not in self.ever:
                wanted = 1 if each.unfulfilled_reason else each.n_wanted
                assert happened >= wanted, f"request {each.pk} for {each.n_wanted} is fulfilled with {mine}"
            if each.status in ENDED or each.status in {"draft", "needs_info"}:
                of_it = [ask for ask in asks if ask.reference_request_id == each.pk and ask.status in Ask.OPEN]
                assert all(stands_past_the_end(ask, each) for ask in of_it), f"request {each.pk} is {each.status} with {mine}"
            assert len(still_open) <= each.n_wanted + 2, f"request {each.pk} for {each.n_wanted} has {mine}"
            self.asked("requests follow")

    def reservations_are_young(self, asks: list[Ask], now: datetime, *, after_tick: bool) -> None:
        """Three working days for a proposal, the policy's days for an answer; once the clock ran, none is older."""
        for ask in asks:
            slot = ask.engagement
            if slot is None or ask.status not in {"proposed", "approved", "sent"}:
                continue
            assert slot.reserved_until is not None, f"ask {ask.pk} is {ask.status} and holds its slot for ever"
            assert ask.policy is not None
            if ask.status == "sent":
                assert ask.sent_at is not None
                start, days = ask.sent_at, ask.policy.rules["deadlines"]["answer_days"]
            else:
                start, days = ask.created_at, 3
            latest = after_working_days(start, days, ask.policy.rules["time_zone"])
            assert slot.reserved_until <= latest + timedelta(seconds=1), f"ask {ask.pk} holds its slot until {slot.reserved_until}"
            assert not after_tick or slot.reserved_until > now, f"ask {ask.pk} is {ask.status} past {slot.reserved_until}"
            self.asked("reservations")

    def exceptions_have_a_manager_and_a_reason(self) -> None:
        for row in BarException.objects.select_related("granted_by"):
            assert row.reason.strip()
            assert row.rule not in ABSOLUTE, f"{row.rule} was lifted"
            assert row.granted_by is not None
            assert row.granted_by.role == Colleague.Role.MANAGER
            self.asked("exceptions")

    def the_first_clock_runs_on(self, requests: list[ReferenceRequest]) -> None:
        """A request was submitted once, however often it was asked about, answered or reopened."""
        for each in requests:
            assert (each.submitted_at is None) == (each.status == "draft" or ("submit", each.pk) not in self.ever)
            first = self.clocks.setdefault(each.pk, each.submitted_at) if each.submitted_at else None
            assert each.submitted_at == first, f"the clock of request {each.pk} began at {first}, now at {each.submitted_at}"
            self.asked("clocks")

    def mails_are_explained(self, facts: Facts) -> None:
        """Each mail that arrived has one row that says so, each row that says so its mail; and its reader may know what it says."""
        letters = [Letter(mail) for mail in self.post.mails[len(self.mails) :]]
        self.mails += [letter.message_id for letter in letters]
        sent = Message.objects.filter(channel="mail", state="sent").values_list("message_id", flat=True)
        assert len(self.mails) == len(set(self.mails)), "a mail was sent twice"
        assert set(self.mails) == set(sent), "a mail arrived without its row, or a row says it left"
        broken = list(Message.objects.filter(reason="error").values_list("kind", "reason_facts"))
        assert not broken, f"mails could not be made: {broken}"
        rows = {row.message_id: row for row in Message.objects.filter(message_id__in=[letter.message_id for letter in letters])}
        for letter in letters:
            row = rows[letter.message_id]
            is_fit_to_read(letter, row, facts)
            if row.kind == "ask":
                may_be_asked(row, facts)
            if row.kind == "news":
                is_for_their_eyes(row, facts)
            if row.kind == "prospect_debrief":
                was_released(row)
            if row.kind == "reminder" or row.kind.startswith("remind_"):
                comes_in_working_hours(row, read_as(row), facts)
            for event in letter.calendars:
                self.is_newer_file(event, shows_the_time(event, row, facts), reader=f"{row.recipient_kind} {row.recipient_id}")
            self.asked("mails read")

    def is_newer_file(self, event: Calendared, sequence: int, *, reader: str) -> None:
        """Files about one event keep its UID, and one that moves or cancels it has a higher number than those before."""
        key, says = (str(event["uid"]), reader), (event.decoded("dtstart"), str(event["status"]))
        before, said = self.files.get(key, (-1, None))
        assert sequence > before or (sequence == before and says == said), f"{reader} got version {sequence} of {key[0]} after {before}"
        self.files[key] = sequence, says
        self.asked("calendar files")

    def files_show_what_stands(self, asks: list[Ask], now: datetime) -> None:
        """Both sides of a time to come were told it, and whoever was sent a file of it has the time that stands."""
        waits = Message.objects.filter(channel="mail", state__in=["due", "claimed"], due_at__lte=now).values_list("kind", flat=True)
        assert not waits, f"due, and not sent: {sorted(waits)}"
        by_pk = {ask.pk: ask for ask in asks}
        self.asked("calendars emptied", calendars_are_empty(self.files, now))
        for ask in asks:
            if ask.status != "scheduled" or ask.occasion is None or ask.occasion.starts_at <= now:
                continue
            sides = {("colleague", ask.reference_request.requester_id), ("contact", ask.reference.contact_id)}
            guests = {("attendee", pk) for pk in ask.attendances.filter(taken_off_at=None).values_list("attendee", flat=True)}
            at, of = ask.occasion_id, ask.reference_request_id
            panel = [each.pk for each in asks if (each.occasion_id, each.reference_request_id) == (at, of)]  # of which one mail tells all
            told = Message.objects.filter(kind__in=["fixed", "company"], channel="mail", subject_kind="ask", subject_id__in=panel)
            newest = {(row.recipient_kind, row.recipient_id): row for row in told.order_by("pk")}
            assert sides <= set(newest), f"of the time of ask {ask.pk} only {sorted(newest)} was told"
            self.agreed.were_told(by_pk, panel, newest)
            for kind, pk in (sides | guests) & set(newest):
                if newest[kind, pk].state == "sent":
                    _, (starts_at, _) = self.files[f"{ask.occasion.public_id}@firsthand", f"{kind} {pk}"]
                    assert starts_at == ask.occasion.starts_at, f"{kind} {pk} has ask {ask.pk} at {starts_at}, not {ask.occasion.starts_at}"
            self.asked("times told")

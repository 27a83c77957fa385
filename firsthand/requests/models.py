"""Reference requests, asks, occasions, debriefs."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from firsthand.core.models import Record, empty
from firsthand.customers.models import Account, Contact
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.models import Colleague
from firsthand.program.audiences import widest
from firsthand.program.models import ActivityType, FacetValue, PolicyVersion
from firsthand.references.models import Engagement, Reference
from firsthand.requests.marks import Marked
from firsthand.stories.models import Story


class RequestQuerySet(models.QuerySet["ReferenceRequest"]):
    def visible_to(self, user: Colleague) -> Self:
        """The requester's, their lead's, the owners' of the accounts asked (and their deputies'), and those who read everything.

        What was never submitted is the requester's alone.
        """
        if user.role == Colleague.Role.ADMIN:
            return self.none()
        status = ReferenceRequest.Status
        kept = Q(status=status.DRAFT) | Q(status=status.WITHDRAWN, submitted_at=None, external_id="")
        told = self.filter(Q(requester=user) | ~kept)
        if user.reads_everything:
            return told
        asked = Ask.objects.owned_by(user).values("reference_request")
        mine = Q(requester=user) | Q(requester__in=Colleague.objects.filter(team__lead=user))
        return told.filter(mine | Q(pk__in=asked))

    def open(self) -> Self:
        """Somebody still waits for something."""
        return self.filter(status__in=ReferenceRequest.OPEN)

    def open_to(self, user: Colleague) -> Self:
        """The open ones among those visible. Who reads everything sees every open one, so that an index alone can count them."""
        return self.open() if user.reads_everything else self.visible_to(user).open()


class ReferenceRequest(Record):
    """A colleague's wish for n references of one activity type by a date, for a deal or for press, analysts, an event or a launch."""

    class Status(Marked):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        NEEDS_INFO = "needs_info", "Needs info"
        ASKING = "asking", "Asking"
        PARTLY_FULFILLED = "partly_fulfilled", "Partly fulfilled"
        FULFILLED = "fulfilled", "Fulfilled"
        ANSWERED_WITH_CONTENT = "answered_with_content", "Answered with content"
        WITHDRAWN = "withdrawn", "Withdrawn"
        UNFULFILLED = "unfulfilled", "Unfulfilled"

    class Purpose(models.TextChoices):
        DEAL = "deal", "A deal"
        PRESS = "press", "Press"
        ANALYST = "analyst", "Analysts"
        EVENT = "event", "An event"
        LAUNCH = "launch", "A launch"

    class Audience(models.TextChoices):
        PROSPECTS = "prospects", "Prospects"
        ANALYSTS = "analysts", "Analysts"
        PRESS = "press", "Press"
        PUBLIC = "public", "Public"

    class UnfulfilledReason(models.TextChoices):
        NO_MATCH = "no_match", "No match"
        AT_LIMIT = "at_limit", "All at their limit"
        OWNER_REFUSED = "owner_refused", "The owner refused"
        DECLINED = "declined", "Declined"
        NO_ANSWER = "no_answer", "No answer"
        TOO_LATE = "too_late", "Too late"
        POLICY = "policy", "Policy"
        ENOUGH = "enough", "Fewer are enough"

    OPEN: ClassVar = (
        Status.SUBMITTED,
        Status.NEEDS_INFO,
        Status.ASKING,
        Status.PARTLY_FULFILLED,
        Status.ANSWERED_WITH_CONTENT,
    )

    form_key = models.UUIDField(default=uuid.uuid4, unique=True)
    external_id = models.CharField(max_length=60, blank=True)
    requester = models.ForeignKey(Colleague, on_delete=models.PROTECT, related_name="reference_requests")
    manager = models.ForeignKey(Colleague, null=True, blank=True, on_delete=models.SET_NULL, related_name="managed_requests")
    purpose = models.CharField(max_length=7, choices=Purpose.choices, default=Purpose.DEAL)
    opportunity = models.ForeignKey(Opportunity, null=True, blank=True, on_delete=models.PROTECT, related_name="reference_requests")
    outlet = models.CharField(max_length=200, blank=True)
    activity_type = models.ForeignKey(ActivityType, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=9, choices=Audience.choices, default=Audience.PROSPECTS)
    n_wanted = models.PositiveSmallIntegerField(default=1)
    needed_by = models.DateField()
    window_from = models.DateField(null=True, blank=True)
    window_until = models.DateField(null=True, blank=True)
    rank_on = models.DateField(null=True, blank=True, help_text="The day an open request counts as due in the queue; see `ranking`.")
    status = models.CharField(max_length=21, choices=Status.choices, default=Status.DRAFT)
    wish = models.TextField(blank=True)
    questions = models.TextField(blank=True)
    named_contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    named_why = models.CharField(max_length=300, blank=True)
    like_account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    like_story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    policy = models.ForeignKey(PolicyVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    fulfilled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    unfulfilled_reason = models.CharField(max_length=13, choices=UnfulfilledReason.choices, blank=True)
    closing_note = models.CharField(max_length=500, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(n_wanted__gte=1, n_wanted__lte=20), name="between_1_and_20_references_are_wanted"),
            models.CheckConstraint(condition=~Q(status="unfulfilled") | ~Q(unfulfilled_reason=""), name="unfulfilled_says_why"),
            models.CheckConstraint(
                condition=Q(unfulfilled_reason="") | Q(status__in=["unfulfilled", "fulfilled"]),
                name="only_an_end_short_of_the_wish_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "needed_by", "id"], name="request_by_due_date"),
            models.Index(fields=["needed_by", "id"], name="request_by_day"),
            models.Index(fields=["rank_on", "id"], name="request_by_rank"),
            models.Index(fields=["status", "submitted_at", "id"], name="request_by_age"),
            models.Index(fields=["manager", "status"], name="request_by_manager"),
            models.Index(fields=["requester", "-id"], name="request_by_requester"),
            models.Index(fields=["opportunity"], name="request_by_deal"),
        ]

    def __str__(self) -> str:
        return f"RQ-{self.pk}"

    @property
    def hears(self) -> tuple[str, ...]:
        """Who would hear the reference: a social post is read by everybody, whomever it is asked for."""
        return widest(self.audience, self.activity_type.audience)

    @property
    def slot_day(self) -> date:
        """The day a slot is taken on: the first on which evaluators may call, else the day it is needed by."""
        return self.window_from or self.needed_by

    @property
    def window(self) -> str:
        """The window in which evaluators may call, as a form carries it; `none` without one."""
        return f"{self.window_from}..{self.window_until}" if self.window_from else "none"

    @property
    def mark(self) -> "ReferenceRequest.Status":
        """The status, as pages show it."""
        return self.Status(self.status)


class Criterion(models.Model):
    """A facet value the reference must or should have, or is better without."""

    class Importance(models.TextChoices):
        MUST = "must", "Must"
        SHOULD = "should", "Should"
        AVOID = "avoid", "Avoid"

    id = models.BigAutoField(primary_key=True)
    reference_request = models.ForeignKey(ReferenceRequest, on_delete=models.CASCADE, related_name="criteria")
    value = models.ForeignKey(FacetValue, on_delete=models.PROTECT, related_name="+")
    importance = models.CharField(max_length=6, choices=Importance.choices, default=Importance.SHOULD)

    class Meta:
        verbose_name_plural = "criteria"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reference_request", "value"], name="a_value_is_one_criterion"),
        ]


class Occasion(Record):
    """Engagements that happen together: time, place, link.

    `sequence` counts how often it was moved or canceled, or others came: what was written before is not sent any more.
    `places` is how many requests may take part.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    activity_type = models.ForeignKey(ActivityType, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=300, blank=True)
    places = models.PositiveSmallIntegerField(default=1)
    sequence = models.PositiveSmallIntegerField(default=0)
    canceled_at = models.DateTimeField(null=True, blank=True)


class AskQuerySet(models.QuerySet["Ask"]):
    def visible_to(self, user: Colleague) -> Self:
        """An ask is seen with its request."""
        return self.filter(reference_request__in=ReferenceRequest.objects.visible_to(user))

    def owned_by(self, user: Colleague) -> Self:
        """Asks of references whose account this colleague owns or stands in for."""
        owned = Account.objects.filter(Q(owner=user) | Q(owner__deputy=user))
        return self.filter(Q(reference__contact__account__in=owned) | Q(approver=user))

    def accepted_for(self, user: Colleague) -> Self:
        """Asks for this colleague's own requests to which the reference said yes: from then on they may know how to reach them."""
        return self.filter(reference_request__requester=user, status__in=Ask.AGREED)

    def on_slot(self, engagement: Engagement | None) -> Self:
        """The ask that holds this slot and those that share it."""
        return self.filter(Q(engagement=engagement) | Q(joins__engagement=engagement)) if engagement else self.none()

    def beside(self, ask: "Ask", occasion: Occasion | None = None) -> Self:
        """The others of a panel: who comes to its time, or to this one, for the same request."""
        at = occasion or ask.occasion
        coming = self.filter(reference_request=ask.reference_request_id, occasion=at, status=Ask.Status.SCHEDULED)
        return coming.exclude(pk=ask.pk) if at else self.none()

    def of_call(self, ask: "Ask") -> Self:
        """The ask and those of its request that have its time: one call, also of a panel, and of whoever took it over from another."""
        has_time = Q(occasion=ask.occasion_id, reference_request=ask.reference_request_id) if ask.occasion_id else Q()
        return self.filter(Q(pk=ask.pk) | has_time)

    def asked_to(self, occasion: Occasion | None, reference_request_id: int) -> Self:
        """Asks of a request that were asked to come to a time, and have none of their own."""
        return self.filter(reference_request=reference_request_id, comes_to__occasion=occasion, occasion=None) if occasion else self.none()

    def open(self) -> Self:
        """Asks that hold a reservation or wait for somebody."""
        return self.filter(status__in=Ask.OPEN)

    def late(self) -> Self:
        """Asks nobody answered in time, where a late yes still counts: not beside a newer ask of the same person for the same request."""
        anew = Ask.objects.open().filter(reference_request=OuterRef("reference_request"), reference=OuterRef("reference"))
        return self.filter(~Exists(anew), status=Ask.Status.LAPSED)


class Ask(Record):
    """Our approach to one reference for one request. It points at the slot it holds; the reference knows nothing of asks.

    One that joins a fixed time holds no slot: it points at the ask that does.

    `comes_to` is the ask whose time this reference is asked to come to: in its place once that is canceled, beside it while it stands.
    """

    class Status(Marked):
        PROPOSED = "proposed", "Waiting for owner"
        APPROVED = "approved", "Approved"
        SENT = "sent", "Sent"
        ACCEPTED = "accepted", "Accepted"
        INTRODUCED = "introduced", "Introduced"
        SCHEDULED = "scheduled", "Scheduled"
        HELD = "held", "Held"
        REFUSED = "refused", "Refused"
        DECLINED = "declined", "Declined"
        LAPSED = "lapsed", "Lapsed"
        MISSED = "missed", "Missed"
        EXPIRED = "expired", "Expired"
        CANCELED = "canceled", "Canceled"

    class Door(models.TextChoices):
        PROGRAM = "program", "The program asks"
        OWNER = "owner", "The owner asks in person"

    OPEN: ClassVar = (
        Status.PROPOSED,
        Status.APPROVED,
        Status.SENT,
        Status.ACCEPTED,
        Status.INTRODUCED,
        Status.SCHEDULED,
    )

    AGREED: ClassVar = (Status.ACCEPTED, Status.INTRODUCED, Status.SCHEDULED, Status.HELD)
    MAY_COME: ClassVar = (Status.PROPOSED, Status.APPROVED, Status.SENT, Status.ACCEPTED)  # to a time that is fixed already

    reference_request = models.ForeignKey(ReferenceRequest, on_delete=models.PROTECT, related_name="asks")
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="asks")
    engagement = models.OneToOneField(Engagement, null=True, blank=True, on_delete=models.PROTECT, related_name="ask")
    occasion = models.ForeignKey(Occasion, null=True, blank=True, on_delete=models.SET_NULL, related_name="asks")
    joins = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined_by")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    door = models.CharField(max_length=7, choices=Door.choices, default=Door.PROGRAM)
    policy = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(Colleague, null=True, on_delete=models.SET_NULL, related_name="+")
    approver = models.ForeignKey(Colleague, null=True, blank=True, on_delete=models.SET_NULL, related_name="approvals")
    shows = models.JSONField(default=list)
    waiting_since = models.DateTimeField(default=timezone.now)
    expected_grade = models.PositiveSmallIntegerField(null=True, blank=True)
    refused_reason = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    comes_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="asked_along")
    answer_by = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_via = models.CharField(max_length=40, blank=True)
    declined_reason = models.CharField(max_length=300, blank=True)
    colleague_suggested = models.CharField(max_length=200, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    canceled_reason = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reference_request", "reference"],
                condition=Q(status__in=["proposed", "approved", "sent", "accepted", "introduced", "scheduled"]),
                name="one_open_ask_per_request_and_reference",
            ),
        ]
        indexes: ClassVar = [
            # With what is counted of asks in a state, so that 20,000 of them are counted from the index alone.
            models.Index(fields=["status", "waiting_since", "id", "reference_request", "approver", "reference"], name="ask_by_wait"),
            models.Index(fields=["reference", "-sent_at"], name="ask_by_reference"),
            models.Index(fields=["approver", "status"], name="ask_by_approver"),
        ]

    @property
    def slot(self) -> Engagement | None:
        """The engagement it stands for: its own, or the one it shares."""
        return self.engagement or (self.joins.engagement if self.joins else None)

    @property
    def is_ahead(self) -> bool:
        """Whether its time is fixed and still to come."""
        return self.status == self.Status.SCHEDULED and self.occasion is not None and self.occasion.starts_at > timezone.now()

    @property
    def mark(self) -> "Ask.Status":
        """The status, as pages show it."""
        return self.Status(self.status)


class OfferedTime(models.Model):
    """A time the reference offered."""

    id = models.BigAutoField(primary_key=True)
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="offered_times")
    starts_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ask", "starts_at"], name="a_time_is_offered_once")]
        ordering: ClassVar = ["starts_at"]


class Use(models.Model):
    """Credits one engagement to one request, and through it to a deal."""

    id = models.BigAutoField(primary_key=True)
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="uses")
    reference_request = models.ForeignKey(ReferenceRequest, null=True, on_delete=models.PROTECT, related_name="uses")
    opportunity = models.ForeignKey(Opportunity, null=True, on_delete=models.PROTECT, related_name="uses")
    credited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "reference_request"], name="an_engagement_serves_a_request_once"),
        ]


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    def coming_to(self, ask: Ask) -> Self:
        """Who takes part in the call of an ask, without those who were taken off."""
        return self.filter(pk__in=Attendance.objects.of_call(ask).filter(taken_off_at=None).values("attendee"))


class Attendee(Record):
    """A person on the other side, erasable like anyone. `invited_by` an attendee: brought along by the prospect.

    In which calls of the request they take part is known one by one (`Attendance`): of the others they hear nothing.
    """

    MOST: ClassVar = 8  # of one call

    reference_request = models.ForeignKey(ReferenceRequest, on_delete=models.CASCADE, related_name="attendees")
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, blank=True)
    role = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    invited_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = AttendeeQuerySet.as_manager()


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def of_call(self, ask: Ask) -> Self:
        """Of whoever was ever to take part in the call of an ask."""
        return self.filter(ask__in=Ask.objects.of_call(ask))


class Attendance(models.Model):
    """Somebody of the other side takes part in the call of an ask, and so of all that have its time for the request.

    Whoever was taken off gets nothing more but the file that takes the time out of their calendar, and reads no name.
    """

    id = models.BigAutoField(primary_key=True)
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="attendances")
    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="attendances")
    taken_off_at = models.DateTimeField(null=True, blank=True, help_text="They do not come any more, or the address was wrong.")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ask", "attendee"], name="somebody_attends_an_ask_once")]


class BarException(models.Model):
    """A program bar a manager lifted for one ask, with the reason. It counts against the limit all the same."""

    id = models.BigAutoField(primary_key=True)
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="exceptions")
    rule = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(Colleague, null=True, on_delete=models.SET_NULL, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ask", "rule"], name="a_bar_is_lifted_once_per_ask")]


class OutsideQuerySet(models.QuerySet["ArrangedOutside"]):
    def standing(self) -> Self:
        """Without those that were taken back."""
        return self.filter(retracted_at=None)

    def visible_to(self, user: Colleague) -> Self:
        """Whoever logged it, their lead, the owner of the customer and the deputy, and those who read everything."""
        if user.reads_everything:
            return self
        if user.role == Colleague.Role.ADMIN:
            return self.none()
        owned = Account.objects.filter(Q(owner=user) | Q(owner__deputy=user))
        theirs = Q(colleague=user) | Q(colleague__in=Colleague.objects.filter(team__lead=user))
        return self.filter(theirs | Q(contact__account__in=owned))


class ArrangedOutside(Record):
    """A reference the program did not arrange, logged afterwards or beforehand: who spoke, when, for which deal.

    Where the person is enrolled, `engagement` is the slot it used, which a `Use` credits to the deal. Else it is a name: what was
    typed, also where it means somebody of whom whoever typed it may not know. One that was taken back has given its slot back and
    credits nothing.
    """

    form_key = models.UUIDField(default=uuid.uuid4, unique=True)
    colleague = models.ForeignKey(Colleague, on_delete=models.PROTECT, related_name="arranged_outside")
    opportunity = models.ForeignKey(Opportunity, null=True, blank=True, on_delete=models.PROTECT, related_name="arranged_outside")
    activity_type = models.ForeignKey(ActivityType, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    day = models.DateField()
    engagement = models.OneToOneField(Engagement, null=True, blank=True, on_delete=models.PROTECT, related_name="arranged_outside")
    by_prospect = models.BooleanField(default=False, help_text="The buyer found the customer on their own.")
    retracted_at = models.DateTimeField(null=True, blank=True, help_text="It was logged by mistake, or did not take place.")

    objects = OutsideQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "references arranged outside"
        indexes: ClassVar = [models.Index(fields=["day", "id"], name="outside_by_day")]

    def __str__(self) -> str:
        return f"OUT-{self.pk}"


class Debrief(models.Model):
    """One-tap graded feedback: 1 (poor) to 5 (excellent), detail optional. About an ask, or about a reference arranged outside.

    `facts` may say `found_own`: the buyer also spoke to a customer they found on their own.
    """

    class Side(models.TextChoices):
        REQUESTER = "requester", "Requester"
        PROSPECT = "prospect", "Prospect"
        REFERENCE = "reference", "Reference"

    id = models.BigAutoField(primary_key=True)
    ask = models.ForeignKey(Ask, null=True, blank=True, on_delete=models.PROTECT, related_name="debriefs")
    outside = models.ForeignKey(ArrangedOutside, null=True, blank=True, on_delete=models.PROTECT, related_name="debriefs")
    side = models.CharField(max_length=9, choices=Side.choices)
    grade = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    hours = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    facts = models.JSONField(default=empty)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ask", "side"], name="one_debrief_per_side"),
            models.UniqueConstraint(fields=["outside", "side"], name="one_debrief_per_side_outside"),
            models.CheckConstraint(condition=Q(ask=None) ^ Q(outside=None), name="a_debrief_is_about_one_thing"),
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=5), name="a_grade_is_1_to_5"),
        ]


class Outcome(models.Model):
    """What one side said about whether it happened, and the hours it took, if they know.

    Two that agree settle it; two that do not are the manager's to settle.
    """

    class Says(models.TextChoices):
        HELD = "held", "It happened"
        REFERENCE = "reference", "Missed by the reference"
        PROSPECT = "prospect", "Missed by the prospect"
        US = "us", "Missed by us"

    id = models.BigAutoField(primary_key=True)
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="outcomes")
    side = models.CharField(max_length=9, choices=Debrief.Side.choices)
    says = models.CharField(max_length=9, choices=Says.choices)
    hours = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ask", "side"], name="each_side_says_once_whether_it_happened")]


class PersonalNote(models.Model):
    """What a colleague wrote to a reference afterwards: a thank-you, or what came of it, once more where the deal came out otherwise."""

    class Kind(models.TextChoices):
        THANKS = "thanks", "Thank-you"
        CAME_OF_IT = "came_of_it", "What came of it"

    id = models.BigAutoField(primary_key=True)
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="personal_notes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.TextField()
    outcome = models.CharField(max_length=4, choices=Stage.Outcome.choices, blank=True)  # of the deal, where it tells what came of it
    prospect_agreed = models.BooleanField(default=False)
    author = models.ForeignKey(Colleague, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ask"], condition=Q(kind="thanks"), name="one_thank_you_per_ask")]


class Note(Record):
    """Something a colleague wrote to the others on a request."""

    reference_request = models.ForeignKey(ReferenceRequest, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(Colleague, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()

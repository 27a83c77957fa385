"""Reference accounts, references, willingness, consent, limits, holds, engagements."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from firsthand.core.clock import months_back, months_on
from firsthand.core.models import Record
from firsthand.customers.models import Account, Contact, owned_by, seen_by
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType, FacetUse


class Disclosure(models.TextChoices):
    """How far a customer's name may go, widest first."""

    PUBLIC = "public", "Public"
    NAMED = "named", "Named one-to-one"
    ANONYMOUS = "anonymous", "Anonymous"
    INTERNAL = "internal", "Internal"
    HIDDEN = "hidden", "Hidden"


class Period(models.TextChoices):
    """A limit runs per calendar period in the program's time zone."""

    MONTH = "month", "month"
    QUARTER = "quarter", "quarter"
    YEAR = "year", "year"


class OwnerApproval(models.TextChoices):
    """Whether the account owner is asked before the reference is."""

    ALWAYS = "always", "Always"
    FIRST = "first", "The first time"
    NEVER = "never", "Never"


class ReferenceAccount(Record):
    """The customer's own standing in the program; its limit and holds bind all its people together."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="standing")
    manager = models.ForeignKey(Colleague, null=True, blank=True, on_delete=models.SET_NULL, related_name="reference_accounts")
    tier = models.CharField(max_length=20, blank=True)
    disclosure = models.CharField(max_length=9, choices=Disclosure.choices, default=Disclosure.NAMED)
    under_nda = models.BooleanField(default=False)
    logo_right = models.CharField(max_length=8, blank=True)
    logo_right_until = models.DateField(null=True, blank=True)
    limit_count = models.PositiveSmallIntegerField(null=True, blank=True)
    limit_period = models.CharField(max_length=7, choices=Period.choices, default=Period.QUARTER)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["id"], name="customer_limited", condition=Q(limit_count__isnull=False))]

    def __str__(self) -> str:
        return self.account.name


class Obligation(Record):
    """References a contract says the customer owes. It never lifts a limit or a no."""

    reference_account = models.ForeignKey(ReferenceAccount, on_delete=models.CASCADE, related_name="obligations")
    owed = models.PositiveSmallIntegerField()
    until = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)


class ReferenceQuerySet(models.QuerySet["Reference"]):
    def visible_to(self, user: Colleague) -> Self:
        """A reference is seen wherever its account is; a hidden one by the account's owner, the deputy and managers only."""
        if user.reads_everything:
            return self
        at = "contact__account__"
        return self.filter(seen_by(user, at), ~Q(disclosure=Disclosure.HIDDEN) | owned_by(user, at))


class Reference(Record):
    """An enrolled contact. Limits and gap are its own wishes, which nobody lifts; the program's defaults stand in the policy."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        RESTING = "resting", "Resting"
        ALUMNI = "alumni", "Left the company"
        RETIRED = "retired", "Retired"

    class Driver(models.TextChoices):
        SERVICE = "service", "Service"
        PRODUCT = "product", "Product"
        BRAND = "brand", "Brand"

    class Motivation(models.TextChoices):
        LIMELIGHT = "limelight", "Limelight"
        PEERS = "peers", "Peers"
        PROFILE = "profile", "Profile"
        INFLUENCE = "influence", "Influence"
        LEARNING = "learning", "Learning"

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="reference")
    reference_account = models.ForeignKey(ReferenceAccount, on_delete=models.PROTECT, related_name="references")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTIVE)
    disclosure = models.CharField(max_length=9, choices=Disclosure.choices, blank=True, help_text="Narrower than the customer's, or empty.")
    limit_count = models.PositiveSmallIntegerField(null=True, blank=True)
    limit_period = models.CharField(max_length=7, choices=Period.choices, default=Period.QUARTER)
    min_gap_days = models.PositiveSmallIntegerField(null=True, blank=True)
    owner_approval = models.CharField(max_length=6, choices=OwnerApproval.choices, blank=True)
    driver = models.CharField(max_length=7, choices=Driver.choices, blank=True)
    motivation = models.CharField(max_length=9, choices=Motivation.choices, blank=True)
    preferred_benefit = models.CharField(max_length=120, blank=True)
    no_benefit = models.BooleanField(default=False)
    tier = models.CharField(max_length=20, blank=True)
    nominated_by = models.ForeignKey(Colleague, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    nominated_on = models.DateField(null=True, blank=True)
    enrolled_on = models.DateField()
    last_verified_on = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["status", "id"], name="reference_by_status"),
            models.Index(fields=["enrolled_on", "id"], name="reference_by_enrollment"),
            models.Index(fields=["limit_period"], name="reference_limited", condition=Q(limit_count__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.contact)

    @property
    def account(self) -> Account:
        return self.contact.account


class ReferenceValue(FacetUse):
    """A facet value of a reference beyond its account's: products used, use cases, languages spoken."""

    reference = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="values")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["reference", "value"], name="a_reference_has_a_value_once")]
        indexes: ClassVar = [models.Index(fields=["value", "reference"], name="reference_by_value")]


class Willingness(Record):
    """What a reference says about one activity type, and to whom. No row means they have not been asked: ask first."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        ASK_FIRST = "ask_first", "Ask first"
        NO = "no", "No"

    reference = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="willingness")
    activity_type = models.ForeignKey(ActivityType, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=9, choices=Answer.choices, default=Answer.YES)
    to_prospects = models.BooleanField(default=True)
    to_analysts = models.BooleanField(default=True)
    to_press = models.BooleanField(default=True)
    to_public = models.BooleanField(default=True)
    limit_count = models.PositiveSmallIntegerField(null=True, blank=True)
    limit_period = models.CharField(max_length=7, choices=Period.choices, default=Period.QUARTER)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reference", "activity_type"], name="one_willingness_per_activity_type"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["activity_type", "answer", "reference"], name="willingness_by_type"),
            models.Index(fields=["activity_type", "reference"], name="willingness_limited", condition=Q(limit_count__isnull=False)),
            *(
                models.Index(fields=["activity_type", "reference"], name=f"willingness_not_{who}", condition=Q((f"to_{who}", False)))
                for who in ("prospects", "analysts", "press", "public")
            ),
        ]

    def __str__(self) -> str:
        return f"of {self.reference} for {self.activity_type}"


class ReferenceTopic(FacetUse):
    """A topic the reference likes to speak about, or refuses."""

    reference = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="topics")
    is_welcome = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["reference", "value"], name="a_topic_stands_once")]


class NoGo(Record):
    """A company a reference, or all of a customer's people, will not speak to: an account, or a name not imported yet."""

    reference = models.ForeignKey(Reference, null=True, blank=True, on_delete=models.CASCADE, related_name="no_gos")
    reference_account = models.ForeignKey(ReferenceAccount, null=True, blank=True, on_delete=models.CASCADE, related_name="no_gos")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reference=None) ^ Q(reference_account=None), name="a_no_go_is_one_persons_or_one_customers"),
            models.CheckConstraint(condition=~Q(account=None) | ~Q(key=""), name="a_no_go_names_a_company"),
        ]


class Hold(Record):
    """Not askable from, until, and why. Set on one reference or on a whole customer; ended by `lifted_at`."""

    class Kind(models.TextChoices):
        OWN = "own", "Their own pause"
        OWNER = "owner", "Owner hold"
        LEGAL = "legal", "Legal hold"

    reference = models.ForeignKey(Reference, null=True, blank=True, on_delete=models.CASCADE, related_name="holds")
    reference_account = models.ForeignKey(ReferenceAccount, null=True, blank=True, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    set_by = models.ForeignKey(Colleague, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reference=None) ^ Q(reference_account=None), name="a_hold_is_one_persons_or_one_customers"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["reference"], name="hold_standing", condition=Q(lifted_at=None)),
            models.Index(fields=["reference_account"], name="hold_standing_on_account", condition=Q(lifted_at=None)),
        ]


class ConsentQuerySet(models.QuerySet["Consent"]):
    def entries(self) -> Self:
        """Without those that only void another, and those so voided."""
        voided = Consent.objects.filter(voids__isnull=False).values("voids")
        return self.exclude(kind=Consent.Kind.VOID).exclude(pk__in=voided)

    def standing(self, contacts: Iterable[int] | None = None) -> Self:
        """The one entry of each contact's ledger (of these contacts' only) that holds: the newest that is neither void nor voided."""
        entries = Consent.objects.entries()
        if contacts is not None:
            entries = entries.filter(contact__in=list(contacts))
        return self.filter(pk__in=entries.values("contact").annotate(newest=models.Max("pk")).values("newest"))

    def confirmed(self, day: date, *, months: int) -> Self:
        """Given with evidence, and not past the day it has to be checked again: its own, else so many `months` after it was given."""
        given = self.filter(kind__in=[Consent.Kind.GIVEN, Consent.Kind.NARROWED])
        return given.filter(Q(recheck_on__gt=day) | Q(recheck_on=None, given_on__gt=months_back(day, months)))


class Consent(models.Model):
    """One entry of the append-only consent ledger of a contact; each row states the whole, so the newest that is not void holds.

    `covers_all` or the activity types in `scope`; `until` ends it; from `recheck_on` on it counts as unconfirmed, without one
    from the policy's months after it was given.
    """

    class Kind(models.TextChoices):
        GIVEN = "given", "Given"
        CLAIMED = "claimed", "Claimed, without evidence"
        NARROWED = "narrowed", "Narrowed"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        VOID = "void", "Void"

    id = models.BigAutoField(primary_key=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    covers_all = models.BooleanField(default=False)
    wording = models.TextField(blank=True)
    method = models.CharField(max_length=80, blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    given_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    recheck_on = models.DateField(null=True, blank=True)
    voids = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="voided_by")
    recorded_by_id = models.BigIntegerField(null=True, blank=True)
    recorded_by_kind = models.CharField(max_length=10, default="colleague")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contact", "-id", "kind"], name="consent_by_contact")]

    def checked_again_on(self, *, months: int) -> date:
        """The day from which it counts as unconfirmed, where the policy lets a consent stand for so many months."""
        return self.recheck_on or months_on(self.given_on, months)


class ConsentScope(models.Model):
    """An activity type a consent covers."""

    id = models.BigAutoField(primary_key=True)
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="scope")
    activity_type = models.ForeignKey(ActivityType, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["consent", "activity_type"], name="a_consent_covers_a_type_once")]


Day = date | models.Expression


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def counting(self, first: date, last: date, today: date) -> Self:
        """Slots of these days that count against limits and gaps: reserved, held, or missed because of the prospect.

        One still reserved whose day is past counts today.
        """
        return self.between(first, last, open_from=open_from(first, last, today))

    def between(
        self, first: "date | models.Expression", last: "date | models.Expression", *, open_from: "date | models.Expression"
    ) -> Self:
        """The same with the day from which reserved ones count. Written as one range per state, which `engagement_taken` serves."""
        states, days = Engagement.State, Q(day__range=(first, last))
        missed = Q(state=states.MISSED, missed_by=Engagement.MissedBy.PROSPECT) & days
        return self.filter((Q(state=states.HELD) & days) | Q(state=states.RESERVED, day__range=(open_from, last)) | missed)


def open_from(first: date, last: date, today: date) -> date:
    """The day from which slots still reserved count in these days: any day that is past, where they hold today."""
    return date.min if first <= today <= last else first


class Engagement(Record):
    """One slot of a reference, reserved, held, missed or released. It counts once however many deals it serves.

    `day` is the scheduled day, else the request's needed-by day, else the day of proposal. Only
    `references.actions.take_slot`, `move_slot` and `free_slot` take, move and free slots.
    """

    class State(models.TextChoices):
        RESERVED = "reserved", "Reserved"
        HELD = "held", "Held"
        MISSED = "missed", "Missed"
        RELEASED = "released", "Released"

    class Source(models.TextChoices):
        ASKED = "asked", "Asked"
        UNASKED = "unasked", "Unasked"
        IMPORTED = "imported", "Imported"
        OUTSIDE = "outside", "Arranged outside"

    class MissedBy(models.TextChoices):
        REFERENCE = "reference", "The reference"
        PROSPECT = "prospect", "The prospect"
        US = "us", "Us"

    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="engagements")
    activity_type = models.ForeignKey(ActivityType, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RESERVED)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.ASKED)
    external_id = models.CharField(max_length=60, blank=True)
    day = models.DateField()
    reserved_until = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    grade = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    missed_by = models.CharField(max_length=9, choices=MissedBy.choices, blank=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state="missed") ^ Q(missed_by=""), name="missed_says_by_whom"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["reference", "day"], name="engagement_counted", condition=~Q(state="released")),
            models.Index(fields=["day"], name="engagement_by_day"),
            models.Index(fields=["state", "day", "reference", "activity_type", "missed_by", "source"], name="engagement_taken"),
            models.Index(fields=["reference", "grade"], name="engagement_graded", condition=Q(state="held", grade__isnull=False)),
        ]

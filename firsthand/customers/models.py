"""Accounts, people and their contacts, who knows whom, signals, touches."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from firsthand.core.models import Record, empty
from firsthand.people.models import Colleague
from firsthand.program.models import FacetUse


def seen_by(user: Colleague, at: str = "") -> Q:
    """Which accounts they see, asked of what belongs to one: `at` leads there, as `contact__account__` does.

    The account is joined to each row asked for: a set of all accounts seen, ten thousand of them, would be made first each time.
    """
    if user.role == Colleague.Role.ADMIN:
        return Q(pk__in=())
    return Q() if user.reads_everything else Q((f"{at}is_hidden", False)) | owned_by(user, at)


def owned_by(user: Colleague, at: str = "") -> Q:
    """Which accounts they own, or whose owner they stand in for."""
    return Q((f"{at}owner", user)) | Q((f"{at}owner__deputy", user))


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: Colleague) -> Self:
        """Every account but those whose standing is hidden; `references` narrows for disclosure. Administrators alone see none."""
        return self.filter(seen_by(user))


class Account(Record):
    """A company: customer, prospect or partner, possibly all at once.

    `family` is the account at the top of its chain of parents (itself when it has none); money is in `currency`.
    `is_hidden` follows the reference account's disclosure, so that sight is one column.
    """

    class Health(models.TextChoices):
        GREEN = "green", "Green"
        AMBER = "amber", "Amber"
        RED = "red", "Red"

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, help_text="The name in normal form: what imports without ids match on.")
    external_id = models.CharField(max_length=60, blank=True)
    domain = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    family = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    owner = models.ForeignKey(Colleague, null=True, blank=True, on_delete=models.SET_NULL, related_name="accounts", db_index=False)
    is_customer = models.BooleanField(default=False)
    is_prospect = models.BooleanField(default=False)
    is_partner = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)
    location = models.CharField(max_length=200, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    annual_revenue = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    customer_since = models.DateField(null=True, blank=True)
    renewal_date = models.DateField(null=True, blank=True)
    health = models.CharField(max_length=5, choices=Health.choices, blank=True)
    custom = models.JSONField(default=empty)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["external_id"], condition=~Q(external_id=""), name="one_account_per_external_id"),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="no_account_is_its_own_parent"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["key", "id"], name="account_by_key"),
            models.Index(fields=["owner", "key", "id"], name="account_by_owner"),
            models.Index(fields=["renewal_date", "id"], name="account_by_renewal"),
        ]

    def __str__(self) -> str:
        return self.name


class AccountValue(FacetUse):
    """A facet value of an account."""

    # Both stand first in an index below; one of their own would only make writing dearer.
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="values", db_index=False)
    value = models.ForeignKey("program.FacetValue", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "value"], name="an_account_has_a_value_once")]
        indexes: ClassVar = [models.Index(fields=["value", "account"], name="account_by_value")]


class Person(Record):
    """A human being. Unsubscribing, erasure and personal limits hold for all their contacts."""

    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    unsubscribed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    limit_count = models.PositiveSmallIntegerField(null=True, blank=True)
    limit_period = models.CharField(max_length=7, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="person_limited", condition=Q(limit_count__isnull=False)),
            models.Index(fields=["id"], name="person_unsubscribed", condition=Q(unsubscribed_at__isnull=False)),
        ]

    @property
    def name(self) -> str:
        """First and last name, as far as known."""
        return f"{self.first_name} {self.last_name}".strip() or "Unnamed person"

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: Colleague) -> Self:
        """A contact is seen wherever its account is."""
        return self.filter(seen_by(user, "account__"))


class Contact(Record):
    """A person's job at an account, from and to. E-mail, phone, address: masked but to the owner, managers and whoever was accepted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="contacts")
    external_id = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200, blank=True)
    persona = models.ForeignKey("program.FacetValue", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    started_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    custom = models.JSONField(default=empty)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["external_id"], condition=~Q(external_id=""), name="one_contact_per_external_id"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["email"], name="contact_by_email"),
            models.Index(fields=["left_on"], name="contact_left", condition=Q(left_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.person.name}, {self.account.name}"


class Relationship(Record):
    """A colleague's tie to a contact: it says who is best placed to ask. `strength` runs from 1 (met once) to 5."""

    class Kind(models.TextChoices):
        OWNER = "owner", "owns the account"
        WORKED_WITH = "worked_with", "has worked with them"
        KNOWS = "knows", "knows them"

    colleague = models.ForeignKey(Colleague, on_delete=models.CASCADE, related_name="relationships", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="relationships", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.KNOWS)
    role = models.CharField(max_length=80, blank=True)
    strength = models.PositiveSmallIntegerField(default=2)
    since = models.DateField(null=True, blank=True)
    last_touch_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["colleague", "contact"], name="one_relationship_per_colleague_and_contact"),
            models.CheckConstraint(condition=Q(strength__gte=1, strength__lte=5), name="strength_is_1_to_5"),
        ]
        indexes: ClassVar = [models.Index(fields=["contact", "strength", "colleague"], name="relationship_strength")]


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, user: Colleague) -> Self:
        """A signal is seen wherever its account is; an escalation by the owner, the deputy, support leads and who reads everything."""
        seen = self.filter(seen_by(user, "account__"))
        if user.reads_everything or user.is_support_lead:
            return seen
        return seen.filter(~Q(kind=Signal.Kind.ESCALATION) | owned_by(user, "account__"))


class Signal(Record):
    """A dated fact about satisfaction or risk at an account."""

    class Kind(models.TextChoices):
        NPS = "nps", "NPS score"
        CSAT = "csat", "CSAT"
        ESCALATION = "escalation", "Escalation"
        RENEWAL = "renewal", "Renewal"
        LEFT = "left", "Contact left"
        MERGER = "merger", "Merger"
        OWNER = "owner", "Owner changed"

    class Severity(models.TextChoices):
        NONE = "", "–"
        MINOR = "minor", "Minor"
        SEVERE = "severe", "Severe"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="signals")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="signals")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    severity = models.CharField(max_length=6, choices=Severity.choices, blank=True, default="")
    value = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    words = models.TextField(blank=True)
    external_id = models.CharField(max_length=60, blank=True)
    happened_on = models.DateField()
    resolved_on = models.DateField(null=True, blank=True)

    objects = SignalQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-happened_on"], name="signal_by_account"),
            models.Index(fields=["account"], name="signal_open_escalation", condition=Q(kind="escalation", resolved_on=None)),
        ]


class Touch(models.Model):
    """Somebody was or will be approached, by which door, about what. Every door writes touches and asks them."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="touches")
    door = models.CharField(max_length=20)
    about_kind = models.CharField(max_length=20)
    about_id = models.BigIntegerField()
    planned_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-sent_at"], name="touch_by_person"),
            models.Index(fields=["door", "sent_at", "person", "about_id"], name="touch_sent"),
            models.Index(fields=["door", "person", "sent_at"], name="touch_last_sent"),
        ]

"""Colleagues, teams and roles."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from firsthand.core.models import Record
from firsthand.history.actions import Actor

if TYPE_CHECKING:
    from datetime import datetime


class Team(Record):
    """Colleagues under one lead."""

    name = models.CharField(max_length=120, unique=True)
    lead = models.ForeignKey("people.Colleague", null=True, blank=True, on_delete=models.SET_NULL, related_name="leads")

    def __str__(self) -> str:
        return self.name


class ColleagueQuerySet(models.QuerySet["Colleague"]):
    def active(self) -> Self:
        """Those who have not been deactivated, whether or not they can sign in."""
        return self.filter(deactivated_at=None)

    def who_can_sign_in(self) -> Self:
        """Those who are active and have an address and a password."""
        no_password = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return self.active().filter(email__isnull=False).exclude(no_password)

    def matching(self, words: str) -> Self:
        """Those whose name, address, title or office holds the words."""
        fields = ("name", "email", "title", "office")
        return self.filter(Q(*((f"{field}__icontains", words) for field in fields), _connector=Q.OR)) if words else self


class ColleagueManager(BaseUserManager["Colleague"]):
    def get_queryset(self) -> ColleagueQuerySet:
        return ColleagueQuerySet(self.model, using=self._db)

    def active(self) -> ColleagueQuerySet:
        return self.get_queryset().active()

    def who_can_sign_in(self) -> ColleagueQuerySet:
        return self.get_queryset().who_can_sign_in()

    def matching(self, words: str) -> ColleagueQuerySet:
        return self.get_queryset().matching(words)

    def get_by_natural_key(self, username: str | None) -> "Colleague":
        return self.get(email__iexact=username)


class Colleague(AbstractBaseUser, Record):
    """Anyone of our own company: a name first, an e-mail address when they sign in."""

    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        MANAGER = "manager", "Program manager"
        EXECUTIVE = "executive", "Executive sponsor"
        ADMIN = "admin", "Administrator"

    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, null=True, blank=True, unique=True, help_text="Kept in lower case.")
    external_id = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    is_marketer = models.BooleanField(default=False)
    is_support_lead = models.BooleanField(default=False)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    deputy = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="stands_in_for")
    title = models.CharField(max_length=120, blank=True)
    office = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    letter_keys = models.BooleanField(default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ColleagueManager] = ColleagueManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="addresses_are_in_lower_case"),
            models.UniqueConstraint(fields=["external_id"], condition=~Q(external_id=""), name="one_colleague_per_external_id"),
            models.CheckConstraint(condition=~Q(email=""), name="no_address_is_null"),
        ]
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="colleague_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django asks this at every request: a deactivated colleague's sessions end at once."""
        return self.deactivated_at is None

    @property
    def can_sign_in(self) -> bool:
        """Whether they are active and have an address and a password; says the same as `who_can_sign_in`."""
        return self.is_active and bool(self.email and self.password) and not self.password.startswith(UNUSABLE_PASSWORD_PREFIX)

    @property
    def runs_program(self) -> bool:
        """Whether they are a program manager."""
        return self.role == self.Role.MANAGER

    @property
    def reads_everything(self) -> bool:
        """Managers run the program, executives read it."""
        return self.role in {self.Role.MANAGER, self.Role.EXECUTIVE}

    @property
    def sees_records(self) -> bool:
        """Whether customers, deals and requests are for them at all: an administrator keeps the settings and sees none."""
        return self.role != self.Role.ADMIN

    @property
    def sets_up(self) -> bool:
        """Whether they may change settings: administrators, and managers who run the program."""
        return self.role in {self.Role.ADMIN, self.Role.MANAGER}

    @property
    def actor(self) -> Actor:
        """Themselves, as history names them."""
        return Actor("colleague", self.pk)


class Invitation(Record):
    """A colleague was invited to sign in; the link that does it is made when the mail is rendered."""

    colleague = models.ForeignKey(Colleague, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(Colleague, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True, blank=True)


class Opening(models.Model):
    """The installation has its first person: one row for ever. Its fixed key lets one of two first visitors win."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="an_installation_is_opened_once")]


class SavedFilter(Record):
    """A list's search and filters under a name: a query string. Shared ones are everyone's."""

    colleague = models.ForeignKey(Colleague, on_delete=models.CASCADE, related_name="saved_filters")
    list_name = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)
    is_shared = models.BooleanField(default=False)
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["colleague", "list_name", "name"], name="one_saved_filter_per_name"),
        ]

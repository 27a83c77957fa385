"""Opportunities and their stage history."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from firsthand.core.models import Record, empty
from firsthand.customers.models import Account
from firsthand.people.models import Colleague
from firsthand.program.models import FacetUse


class Stage(Record):
    """A stage of the sales process, in order. Imports add the ones they meet."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=4, choices=Outcome.choices, default=Outcome.OPEN)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    def visible_to(self, user: Colleague) -> Self:
        """The owner's, their team lead's, requesters' on it (`requests` adds those), and those who read everything."""
        if user.reads_everything:
            return self
        if user.role == Colleague.Role.ADMIN:
            return self.none()
        followed = Follower.objects.filter(colleague=user).values("opportunity")
        return self.filter(Q(owner=user) | Q(owner__in=Colleague.objects.filter(team__lead=user)) | Q(pk__in=followed))

    def open(self) -> Self:
        return self.filter(outcome=Stage.Outcome.OPEN)


class Opportunity(Record):
    """A deal, from the CRM or typed and joined later. `amount` is in `currency`, `amount_base` in the program's base currency."""

    class Source(models.TextChoices):
        CRM = "crm", "CRM"
        TYPED = "typed", "Typed"

    external_id = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=5, choices=Source.choices, default=Source.CRM)
    name = models.CharField(max_length=250, blank=True)
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="opportunities")
    prospect_name = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(Colleague, null=True, blank=True, on_delete=models.SET_NULL, related_name="opportunities")
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="opportunities")
    outcome = models.CharField(max_length=4, choices=Stage.Outcome.choices, default=Stage.Outcome.OPEN)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount_base = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    probability = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    created_on = models.DateField(null=True, blank=True)
    close_date = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    lead_source = models.CharField(max_length=60, blank=True)
    pipeline = models.CharField(max_length=60, blank=True)
    loss_reason = models.CharField(max_length=250, blank=True)
    custom = models.JSONField(default=empty)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "opportunities"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["external_id"], condition=~Q(external_id=""), name="one_deal_per_external_id"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "outcome", "close_date", "id"], name="deal_by_owner"),
            models.Index(fields=["outcome", "close_date", "id"], name="deal_by_close_date"),
            models.Index(fields=["outcome", "amount_base", "id"], name="deal_by_amount"),
            models.Index(fields=["close_date", "id"], name="deal_by_close_date_alone"),
            models.Index(fields=["amount_base", "id"], name="deal_by_amount_alone"),
        ]

    def __str__(self) -> str:
        return self.name or f"Deal with {self.prospect}"

    @property
    def prospect(self) -> str:
        """The prospect's name: the account's, or as typed."""
        return self.account.name if self.account else self.prospect_name or "a prospect not named yet"


class OpportunityValue(FacetUse):
    """A facet value of a deal: its products, the rivals in it."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="values")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["opportunity", "value"], name="a_deal_has_a_value_once")]
        indexes: ClassVar = [models.Index(fields=["value", "opportunity"], name="deal_by_value")]


class Follower(models.Model):
    """A colleague who filed a request for a deal or logged a reference for it, and so sees it, whoever owns it."""

    id = models.BigAutoField(primary_key=True)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="followers")
    colleague = models.ForeignKey(Colleague, on_delete=models.CASCADE, related_name="followed_opportunities")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["opportunity", "colleague"], name="one_follows_a_deal_once")]


class StageChange(models.Model):
    """A deal entered a stage."""

    id = models.BigAutoField(primary_key=True)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="stage_changes")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "stage", "entered_at"], name="a_stage_is_entered_once_at_a_time"),
        ]


class ToldApart(models.Model):
    """Somebody said that a typed deal and one of the CRM are two, so the question is not put again."""

    id = models.BigAutoField(primary_key=True)
    typed = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="told_apart")
    imported = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="+")
    colleague = models.ForeignKey(Colleague, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "told apart"
        constraints: ClassVar = [models.UniqueConstraint(fields=["typed", "imported"], name="two_deals_are_told_apart_once")]

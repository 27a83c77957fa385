"""The program's own dimensions, its activity types and its policy."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from firsthand.core.models import Record, empty
from firsthand.core.words import inside, with_article


class Facet(Record):
    """A dimension of the program, such as industry or geography; one vocabulary for accounts, references, stories and requests."""

    class Kind(models.TextChoices):
        FLAT = "flat", "List"
        TREE = "tree", "Tree"
        BAND = "band", "Ordered bands"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.FLAT)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class FacetValueQuerySet(models.QuerySet["FacetValue"]):
    def in_use(self) -> Self:
        """Values that may still be chosen."""
        return self.filter(retired_at=None)


class FacetValue(Record):
    """One value of a facet. In a tree, `path` is the ids from the top down to itself, as `/1/7/12/`; bands are ordered by `position`."""

    facet = models.ForeignKey(Facet, on_delete=models.PROTECT, related_name="values")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0)
    low = models.PositiveBigIntegerField(null=True, blank=True)
    high = models.PositiveBigIntegerField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = FacetValueQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["facet", "position", "name", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["facet", "key"], name="one_value_per_facet_and_key")]
        indexes: ClassVar = [models.Index(fields=["path"], name="facet_value_by_path")]

    def __str__(self) -> str:
        return self.name

    @property
    def line(self) -> list[int]:
        """The ids from the top of the tree down to itself."""
        return [int(part) for part in self.path.split("/") if part]

    @property
    def depth(self) -> int:
        """How many levels stand above it."""
        return max(self.path.count("/") - 2, 0)


class FacetAlias(models.Model):
    """Another spelling that means a value, in the normal form of `core.words_key.key`."""

    id = models.BigAutoField(primary_key=True)
    facet = models.ForeignKey(Facet, on_delete=models.CASCADE, related_name="aliases")
    value = models.ForeignKey(FacetValue, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=120)
    key = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["facet", "key"], name="an_alias_means_one_value")]


class ActivityType(Record):
    """A way a customer's story is shared. `is_live` ones put a person in front of a buyer and are kept for serious deals.

    `places`: how many requests may share one occasion; 1 where each has its own.
    """

    TENDER: ClassVar = "tender"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    plural = models.CharField(max_length=80)
    icon = models.CharField(max_length=40, default="message-square-quote")
    effort_hours = models.DecimalField(max_digits=5, decimal_places=2)
    minutes = models.PositiveSmallIntegerField(default=30)
    places = models.PositiveSmallIntegerField(default=1)
    is_live = models.BooleanField(default=True)
    audience = models.CharField(max_length=10, default="prospects")
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_tender(self) -> bool:
        """Whether references are named to evaluators, who call within a window, and no time is fixed."""
        return self.code == self.TENDER

    @property
    def has_time(self) -> bool:
        """Whether a time can be fixed for it. A quote or the use of a logo takes no meeting."""
        return self.minutes > 0 and not self.is_tender

    @property
    def needs_time(self) -> bool:
        """Whether it happens at a time and no other way: what is not live, such as a case study, may also be done in writing."""
        return self.has_time and self.is_live

    @property
    def noun(self) -> str:
        """What one of them is called inside a sentence: "reference call"."""
        return "mention in a tender" if self.is_tender else inside(self.name)

    @property
    def a_noun(self) -> str:
        """The same with its article: "an analyst briefing"."""
        return with_article(self.noun)

    @property
    def is_shared(self) -> bool:
        """Whether one occasion may serve several deals."""
        return self.places > 1


class PolicyVersion(models.Model):
    """The program's rules as they stood from `created_at` on. `rules` is `program.policy.Policy` as JSON; never changed."""

    id = models.BigAutoField(primary_key=True)
    rules = models.JSONField()
    difference = models.JSONField(default=empty)
    reason = models.CharField(max_length=500)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)


class FacetUse(models.Model):
    """Base of the rows that say a record has a facet value."""

    id = models.BigAutoField(primary_key=True)
    value = models.ForeignKey(FacetValue, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

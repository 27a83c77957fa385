"""Stories and the assets that exist of them already."""

from typing import ClassVar, Self

from django.db import models

from firsthand.core.models import Record
from firsthand.customers.models import Account, Contact, owned_by, seen_by
from firsthand.people.models import Colleague
from firsthand.program.models import FacetUse
from firsthand.references.models import Disclosure


class StoryQuerySet(models.QuerySet["Story"]):
    def visible_to(self, user: Colleague) -> Self:
        """A story is seen wherever its account is; a hidden one by the account's owner and managers."""
        if user.reads_everything:
            return self
        return self.filter(seen_by(user, "account__"), ~models.Q(disclosure=Disclosure.HIDDEN) | owned_by(user, "account__"))

    def seen_by(self, viewer: Colleague | None) -> Self:
        """Stories that are told still and that the viewer may see; None is the program itself."""
        return (self.visible_to(viewer) if viewer else self).filter(retired_at=None)

    def whole(self) -> Self:
        """With all that the story's own page shows."""
        near = self.select_related("account__owner", "account__standing", "owner")
        return near.prefetch_related(
            "metrics", "people__contact__person", "assets__language", "values__value__facet", "account__values__value__facet"
        )


class Story(Record):
    """What happened at one customer, told by one or more people. `terms` is its length in weighted terms, for the text match."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="stories")
    external_id = models.CharField(max_length=200, blank=True)
    headline = models.CharField(max_length=300)
    challenge = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    impact = models.TextField(blank=True)
    disclosure = models.CharField(max_length=9, choices=Disclosure.choices, blank=True)
    owner = models.ForeignKey(Colleague, null=True, blank=True, on_delete=models.SET_NULL, related_name="stories")
    happened_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    terms = models.FloatField(default=0)
    form_key = models.UUIDField(
        null=True, blank=True, unique=True, editable=False, help_text="Of the form that added it: sent twice, it adds once."
    )

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"
        indexes: ClassVar = [models.Index(fields=["headline", "id"], name="story_by_headline")]

    def __str__(self) -> str:
        return self.headline


class Metric(Record):
    """A figure the story claims, as the customer said it: `label` release time, `words` from hours to minutes."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="metrics")
    label = models.CharField(max_length=120)
    words = models.CharField(max_length=200)


class StoryPerson(Record):
    """Somebody who tells the story, with the words they are quoted with, if any."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="people")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="told")
    quote = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "story people"


class StoryValue(FacetUse):
    """A facet value of a story beyond its account's."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="values")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["story", "value"], name="a_story_has_a_value_once")]
        indexes: ClassVar = [models.Index(fields=["value", "story"], name="story_by_value")]


class StoryTerm(models.Model):
    """A posting of the text match: how much weight a stemmed term has in a story."""

    id = models.BigAutoField(primary_key=True)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="postings")
    term = models.CharField(max_length=60)
    weight = models.FloatField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["term", "story"], name="one_posting_per_term_and_story")]


class Asset(Record):
    """A form of a story that exists already, and how far it may go."""

    class Form(models.TextChoices):
        CASE_STUDY = "case_study", "Case study"
        VIDEO = "video", "Video"
        SLIDES = "slides", "Slides"
        QUOTE = "quote", "Quote"
        PRESS = "press", "Press article"
        POST = "post", "Post"
        OTHER = "other", "Other"

    class Reach(models.TextChoices):
        INTERNAL = "internal", "Internal"
        SENDABLE = "sendable", "May be sent"
        PUBLIC = "public", "Public"

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="assets")
    form = models.CharField(max_length=10, choices=Form.choices, default=Form.CASE_STUDY)
    title = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500)
    language = models.ForeignKey("program.FacetValue", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reach = models.CharField(max_length=8, choices=Reach.choices, default=Reach.INTERNAL)
    review_by = models.DateField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

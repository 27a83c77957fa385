"""The list of stories, for one person."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.html import format_html

from firsthand.core import search
from firsthand.core.clock import today as today_in
from firsthand.core.lists import Choice, Column, Listing
from firsthand.core.ui import markup
from firsthand.core.ui.parts import Mark
from firsthand.customers.models import Account, AccountValue
from firsthand.people.models import Colleague
from firsthand.people.saved_filters import saved_filters
from firsthand.program.models import FacetValue
from firsthand.program.narrowing import narrow_by_value
from firsthand.program.policy import in_force
from firsthand.stories.assets import REVIEW_DUE, is_due, state_of
from firsthand.stories.models import Asset, Story, StoryValue

RETIRED, DUE = "retired", "due"
REACHES = (("out", "May leave the house"), *Asset.Reach.choices)
TOLD = ("industry", "product")  # facets that the list has a column for


@dataclass(frozen=True)
class Item:
    """One row, with everything its cells read."""

    story: Story
    industries: str
    products: str
    forms: str
    reach: str
    state: Mark


def stories_for(user: Colleague, *, retired: bool = False) -> "Listing[Story, Item]":
    """Those in use that this colleague may see, or with `retired` those out of use."""
    today = today_in(in_force().time_zone)
    return Listing(
        name="stories",
        one="story",
        many="stories",
        rows=Story.objects.visible_to(user).filter(retired_at__isnull=not retired),
        items=lambda rows: _items(rows, today),
        columns=(
            Column("headline", "Story", lambda item: item.story.headline, cell=_headline, sort="headline", is_head=True),
            Column("account", "Customer", lambda item: item.story.account.name),
            Column("industry", "Industry", lambda item: item.industries),
            Column("products", "Products", lambda item: item.products),
            Column("forms", "Exists as", lambda item: item.forms),
            Column("reach", "Goes as far as", lambda item: item.reach),
            Column("happened", "Happened", lambda item: item.story.happened_on, in_page=False),
            Column("review", "Review by", lambda item: item.story.review_by, in_page=False),
            Column("owner", "Owner", lambda item: item.story.owner.name if item.story.owner else None, in_page=False),
            Column("state", "State", lambda item: item.state.label, cell=lambda item: markup.status(item.state)),
        ),
        order="headline",
        choices=_choices(user, today),
        search=lambda rows, words: search.narrow(rows, "story", words),
        search_label="Search headlines, texts and quotes",
        saved=saved_filters("stories", user),
    )


def _choices(user: Colleague, today: date) -> tuple[Choice[Story], ...]:
    industries = FacetValue.objects.in_use().filter(facet__code="industry", parent=None)
    products = FacetValue.objects.in_use().filter(facet__code="product")
    return (
        Choice("industry", "Industry", _options(industries), _with_value),
        Choice("product", "Product", _options(products), _with_value),
        Choice(
            "form",
            "Exists as",
            tuple(Asset.Form.choices),
            lambda rows, form: rows.filter(pk__in=_in_use().filter(form=form).values("story")),
        ),
        Choice("reach", "Reach", REACHES, _reaching),
        Choice("whose", "Owner", (("me", "Mine"),), lambda rows, _: rows.filter(Q(owner=user) | Q(owner=None, account__owner=user))),
        Choice("state", "State", ((DUE, "Review due"), (RETIRED, "Retired")), lambda rows, state: _in_state(rows, state, today)),
    )


def _options(values: QuerySet[FacetValue]) -> tuple[tuple[str, str], ...]:
    return tuple((str(pk), name) for pk, name in values.values_list("pk", "name"))


def _with_value(rows: QuerySet[Story], pk: str) -> QuerySet[Story]:
    """The value or one below it, of the story or of its account."""
    value = FacetValue.objects.get(pk=pk)
    own = narrow_by_value(Story.objects.all(), StoryValue, "story", value).values("pk")
    theirs = narrow_by_value(Account.objects.all(), AccountValue, "account", value).values("pk")
    return rows.filter(Q(pk__in=own) | Q(account__in=theirs))


def _in_use() -> QuerySet[Asset]:
    return Asset.objects.filter(retired_at=None)


def _reaching(rows: QuerySet[Story], reach: str) -> QuerySet[Story]:
    wanted = [Asset.Reach.SENDABLE, Asset.Reach.PUBLIC] if reach == "out" else [reach]
    return rows.filter(pk__in=_in_use().filter(reach__in=wanted).values("story"))


def _in_state(rows: QuerySet[Story], state: str, today: date) -> QuerySet[Story]:
    """What is retired is another list's rows already (`stories_for`), so that pages and files go through it alike."""
    if state == RETIRED:
        return rows
    return rows.filter(Q(review_by__lt=today) | Q(pk__in=_in_use().filter(review_by__lt=today).values("story")))


def _items(rows: list[Story], today: date) -> list[Item]:
    prefetch_related_objects(rows, "account", "owner", "assets")
    own = _names(StoryValue.objects.filter(story__in=rows), "story_id")
    theirs = _names(AccountValue.objects.filter(account__in={story.account_id for story in rows}), "account_id")
    return [_item(story, {facet: theirs[story.account_id, facet] + own[story.pk, facet] for facet in TOLD}, today) for story in rows]


def _names(uses: "QuerySet[Any]", owner: str) -> dict[tuple[int, str], list[str]]:
    """The names of the values in `TOLD`, by owner and facet. As rows: objects of four models for each took half of the page's time."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = uses.filter(value__facet__code__in=TOLD).order_by("value_id")
    for pk, facet, name in rows.values_list(owner, "value__facet__code", "value__name"):
        found[pk, facet].append(name)
    return found


def _item(story: Story, names: dict[str, list[str]], today: date) -> Item:
    assets = [asset for asset in story.assets.all() if asset.retired_at is None]
    widest = max((asset.reach for asset in assets), key=Asset.Reach.values.index, default="")
    industries, products = (", ".join(dict.fromkeys(names[facet])) for facet in TOLD)
    return Item(
        story=story,
        industries=industries,
        products=products,
        forms=", ".join(dict.fromkeys(asset.get_form_display() for asset in assets)),
        reach=Asset.Reach(widest).label if widest else "",
        state=_state(story, assets, today),
    )


def _state(story: Story, assets: list[Asset], today: date) -> Mark:
    """The story's own state; review is due as soon as one of its links is."""
    if story.retired_at is None and any(is_due(asset.review_by, today) for asset in assets):
        return REVIEW_DUE
    return state_of(story, today)


def _headline(item: Item) -> str:
    return format_html('<a href="{}">{}</a>', reverse("desk:story", args=[item.story.pk]), item.story.headline)

"""The criteria of a request as its form holds them: taken from the deal or from whoever it should be like, then changed by hand."""

from dataclasses import dataclass

from firsthand.customers.models import Account, AccountValue
from firsthand.deals.models import Opportunity, OpportunityValue
from firsthand.matching import wish
from firsthand.matching.stored import stored_vocabulary
from firsthand.program.models import FacetValue
from firsthand.requests.models import Criterion, ReferenceRequest
from firsthand.stories.models import Story, StoryValue

MOST = 30
SPOKEN_OF = frozenset({"use_case", "topic", "product", "rival"})  # facets of what is told, not of who tells it
Chosen = dict[int, str]


@dataclass(frozen=True)
class Chip:
    """A criterion as it is shown: filled where it is a must."""

    value: FacetValue
    importance: str


def of_deal(deal: Opportunity | None) -> Chosen:
    """The prospect's facet values and the deal's own, as should-criteria."""
    if deal is None:
        return {}
    own = OpportunityValue.objects.filter(opportunity=deal).values_list("value", flat=True)
    return dict.fromkeys(own, "should") | of_account(deal.account)


def of_account(account: Account | None) -> Chosen:
    """A company's facet values, as should-criteria."""
    if account is None:
        return {}
    return dict.fromkeys(AccountValue.objects.filter(account=account).order_by("pk").values_list("value", flat=True), "should")


def of_story(story: Story | None) -> Chosen:
    """A story's facet values and its customer's."""
    if story is None:
        return {}
    own = StoryValue.objects.filter(story=story).order_by("pk").values_list("value", flat=True)
    return of_account(story.account) | dict.fromkeys(own, "should")


def of_wish(words: str) -> Chosen:
    """What a reference would have to speak of by these words, as should-criteria: what is read for certain, as one value, and wanted.

    A criterion stands on the request and can be taken out of it. What is merely read ranks the match and bars nobody.
    """
    understood = wish.read(words, stored_vocabulary()).criteria
    sure = (each for each in understood if each.facet in SPOKEN_OF and each.how == "exact" and not each.avoid)
    return dict.fromkeys([each.value_ids[0] for each in sure if len(each.value_ids) == 1][:MOST], "should")


def of_request(reference_request: ReferenceRequest) -> Chosen:
    return {row.value_id: row.importance for row in reference_request.criteria.order_by("pk")}


def read(posted: list[str]) -> Chosen:
    """Criteria as the page posts them back, `12:must`; what is not ours is left out."""
    chosen: Chosen = {}
    for text in posted[:MOST]:
        pk, _, importance = text.partition(":")
        if pk.isascii() and pk.isdigit() and len(pk) < 19 and importance in Criterion.Importance.values:
            chosen[int(pk)] = importance
    known = set(FacetValue.objects.filter(pk__in=chosen).values_list("pk", flat=True))
    return {pk: importance for pk, importance in chosen.items() if pk in known}


def changed(chosen: Chosen, *, remove: str = "", must: str = "", add: str = "") -> Chosen:
    """The criteria after one press of a button: one removed, one made a must or not, one added."""
    other = {"must": "should"}
    after = {pk: other.get(importance, "must") if str(pk) == must else importance for pk, importance in chosen.items() if str(pk) != remove}
    return after | {pk: after.get(pk, importance) for pk, importance in read([f"{add}:should"]).items()}


def with_more(chosen: Chosen, more: Chosen) -> Chosen:
    """The criteria with those of somebody to be like; what is chosen already stays as it is."""
    both = {**more, **chosen}
    return dict(list(both.items())[:MOST])


def chips(chosen: Chosen) -> dict[str, list[Chip]]:
    """The criteria by facet, in the facets' order."""
    shown: dict[str, list[Chip]] = {}
    for value in FacetValue.objects.filter(pk__in=chosen).select_related("facet").order_by("facet__position", "position", "name"):
        shown.setdefault(value.facet.name, []).append(Chip(value, chosen[value.pk]))
    return shown


def addable(chosen: Chosen) -> dict[str, list[FacetValue]]:
    """Values that may be added, by facet."""
    offered: dict[str, list[FacetValue]] = {}
    values = FacetValue.objects.in_use().filter(facet__retired_at=None).exclude(pk__in=chosen)
    for value in values.select_related("facet").order_by("facet__position", "position", "name"):
        offered.setdefault(value.facet.name, []).append(value)
    return offered

"""A story is found by its words, those of its customer among them: by the search box and by the text match."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction

from firsthand.customers.models import AccountValue
from firsthand.stories.finding import refresh_stories
from firsthand.stories.models import Story, StoryPerson, StoryTerm
from firsthand.stories.text import length_of, terms_of

# What is said of the company counts with the story: its line of business and, through its location, where it is.
TELLING = ("industry",)
LONGEST_TERM = 60


def find_stories(ids: Iterable[int]) -> None:
    """After the words of these stories have changed: for the search box and for the text match."""
    changed = list(ids)
    index_stories(changed)
    refresh_stories(changed)


def follow_accounts(ids: Sequence[int]) -> None:
    """After these accounts' names, places or values have changed."""
    find_stories(Story.objects.filter(account__in=ids).values_list("pk", flat=True))


def follow_values(ids: Sequence[int]) -> None:
    """After these facet values were renamed or took in others: stories that have one, and those whose customer's business it is."""
    find_stories(
        Story.objects.filter(account__values__value__in=ids, account__values__value__facet__code__in=TELLING)
        .order_by("pk")
        .distinct()
        .values_list("pk", flat=True)
    )
    refresh_stories(Story.objects.filter(values__value__in=ids).values_list("pk", flat=True))


@transaction.atomic
def index_stories(ids: Iterable[int]) -> None:
    """Write the postings of these stories anew, for the text match."""
    stories = list(Story.objects.filter(pk__in=list(ids)).select_related("account").order_by("pk"))
    quotes, businesses = _quotes(stories), _businesses(stories)
    postings = []
    for story in stories:
        account = [story.account.name, *businesses[story.account_id], story.account.location]
        fields = {name: getattr(story, name) for name in ("headline", "challenge", "solution", "impact")}
        found = terms_of({**fields, "quotes": "\n".join(quotes[story.pk]), "account": ". ".join(account)})
        story.terms = length_of(found)
        postings += [StoryTerm(story=story, term=term, weight=weight) for term, weight in found.items() if len(term) <= LONGEST_TERM]
    StoryTerm.objects.filter(story__in=[story.pk for story in stories]).delete()
    StoryTerm.objects.bulk_create(postings, batch_size=5000)
    Story.objects.bulk_update(stories, ["terms"], batch_size=500)


def _quotes(stories: list[Story]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = StoryPerson.objects.filter(story__in=stories).order_by("pk").values_list("story", "quote")
    for story, quote in rows:
        found[story].append(quote)
    return found


def _businesses(stories: list[Story]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    values = AccountValue.objects.filter(account__in=[story.account_id for story in stories], value__facet__code__in=TELLING)
    for account, name in values.order_by("value__position", "value_id").values_list("account", "value__name"):
        found[account].append(name)
    return found

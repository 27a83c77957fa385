"""The plural deed for stories, with who tells them and the form they exist in already."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypedDict

from django.db.models import Q

from firsthand.core.words_key import key
from firsthand.history.actions import Actor
from firsthand.history.models import Change
from firsthand.history.upserts import Answer, Done, Refusal, Row, State, Table, upsert, whole, write_all
from firsthand.stories.actions import find_stories
from firsthand.stories.models import Asset, Metric, Story, StoryPerson, StoryValue


class StoryRow(TypedDict, total=False):
    """`account_id` is needed. `contact_id` tells the story, with `quote`; `url` is where it stands already."""

    external_id: str
    account_id: int
    headline: str
    challenge: str
    solution: str
    impact: str
    metrics: str
    review_by: Any
    values: dict[int, Sequence[int]]
    contact_id: int
    quote: str
    url: str
    reach: str
    language_id: int


FIELDS = ("external_id", "account_id", "headline", "challenge", "solution", "impact", "review_by")
ASSET = {"url": "url", "reach": "reach", "language_id": "language_id"}


def entry(fields: Any) -> tuple[str, str]:
    return fields["headline"], " ".join(fields.get(name) or "" for name in ("challenge", "solution", "impact"))


STORIES = Table(
    model=Story,
    uses=StoryValue,
    owner="story_id",
    entry=entry,
    entry_from=("headline", "challenge", "solution", "impact"),
    context="account",
)
PEOPLE, ASSETS, METRICS = Table(model=StoryPerson), Table(model=Asset), Table(model=Metric)


def upsert_stories(rows: Sequence[StoryRow], *, by: Actor, change: Change | None = None) -> list[Answer]:
    """Make or change stories. Runs inside the caller's transaction; the answers stand in the order of the rows."""
    book = StoryBook(rows)
    given: list[Row | Refusal] = []
    for row in rows:
        known = book.find(row)
        fields = {name: row[name] for name in FIELDS if name in row}  # type: ignore[literal-required]
        given.append(known if isinstance(known, Refusal) else Row(known, fields, values=row.get("values", {})))
    stories = write_all(STORIES, given, by=by, change=change)
    pairs = [(row, story.id) for row, story in zip(rows, stories, strict=True) if isinstance(story, Done)]
    parts = [write(pairs, by=by, change=change) for write in (upsert_people, upsert_assets, upsert_metrics)]
    answers = []
    for story in stories:
        of_story = [part.get(story.id) for part in parts] if isinstance(story, Done) else []
        answers.append(whole(story, *of_story))
    changed = [each.id for each in answers if isinstance(each, Done) and each.state != State.UNCHANGED]
    find_stories(changed)
    return answers


class StoryBook:
    """The stories a batch of rows may mean: by external id, else by headline at the same account."""

    def __init__(self, rows: Sequence[StoryRow]) -> None:
        self.by_external: dict[str, int] = {}
        self.by_headline: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
        wanted = Q(account__in={row["account_id"] for row in rows}) | Q(
            external_id__in={row["external_id"] for row in rows if row.get("external_id")}
        )
        for pk, external, account, headline in Story.objects.filter(wanted).values_list("id", "external_id", "account_id", "headline"):
            if external:
                self.by_external[external] = pk
            self.by_headline[account, key(headline)].append((pk, external))

    def find(self, row: StoryRow) -> int | Refusal | None:
        """The story meant, None where one has to be made. One of that headline which has another id is another story."""
        external = row.get("external_id", "")
        if external in self.by_external:
            return self.by_external[external]
        headline = row.get("headline", "")
        alike = [pk for pk, other in self.by_headline.get((row["account_id"], key(headline)), ()) if not (external and other)]
        if len(alike) > 1:
            return Refusal(f"{len(alike)} stories of this account are called {headline}. Add the id.")
        return alike[0] if alike else None


Pairs = Sequence[tuple[StoryRow, int]]


def upsert_people(pairs: Pairs, *, by: Actor, change: Change | None) -> dict[int, Done]:
    """Who tells the stories, and the words they are quoted with."""
    there: dict[tuple[int, int | None], int] = {
        (story, contact): pk
        for pk, story, contact in StoryPerson.objects.filter(story__in=[pk for _, pk in pairs]).values_list("id", "story_id", "contact_id")
    }
    told = [(row, pk) for row, pk in pairs if "contact_id" in row or row.get("quote")]
    rows = [
        Row(
            there.get((pk, row.get("contact_id"))),
            {"story_id": pk, "contact_id": row.get("contact_id")} | ({"quote": row["quote"]} if "quote" in row else {}),
        )
        for row, pk in told
    ]
    return by_story(told, upsert(PEOPLE, rows, by=by, change=change))


def upsert_assets(pairs: Pairs, *, by: Actor, change: Change | None) -> dict[int, Done]:
    there = {
        (story, url): pk for pk, story, url in Asset.objects.filter(story__in=[pk for _, pk in pairs]).values_list("id", "story_id", "url")
    }
    told = [(row, pk) for row, pk in pairs if row.get("url")]
    rows = [
        Row(
            there.get((pk, row["url"])),
            {"story_id": pk} | {theirs: row[ours] for ours, theirs in ASSET.items() if ours in row},  # type: ignore[literal-required]
        )
        for row, pk in told
    ]
    return by_story(told, upsert(ASSETS, rows, by=by, change=change))


def upsert_metrics(pairs: Pairs, *, by: Actor, change: Change | None) -> dict[int, Done]:
    """One figure for each line of the column."""
    there = {
        (story, words): pk
        for pk, story, words in Metric.objects.filter(story__in=[pk for _, pk in pairs]).values_list("id", "story_id", "words")
    }
    told = [
        (row, pk, words.strip()[:200])
        for row, pk in pairs
        for words in row.get("metrics", "").replace(";", "\n").splitlines()
        if words.strip()
    ]
    rows = [Row(there.get((pk, words)), {"story_id": pk, "words": words}) for _, pk, words in told]
    return by_story([(row, pk) for row, pk, _ in told], upsert(METRICS, rows, by=by, change=change))


def by_story(pairs: Pairs, done: Sequence[Done]) -> dict[int, Done]:
    """What was done to a story's parts: the one that matters most, so that any change counts."""
    found: dict[int, Done] = {}
    for (_, pk), each in zip(pairs, done, strict=True):
        if pk not in found or each.state != State.UNCHANGED:
            found[pk] = each
    return found

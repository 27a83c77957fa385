"""The numbers of those who may be asked, as columns for the score: one statement each, none per reference."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, FloatField, Sum

from firsthand.core.fetched import DAY, columns, packed, seconds, whole_columns
from firsthand.core.numbers import Bools, Floats, Ints, np
from firsthand.core.statement import Statement
from firsthand.customers.models import AccountValue, Relationship, Touch
from firsthand.matching.asked import Asked, Question
from firsthand.matching.fit import PERSONA
from firsthand.matching.judged import Judged
from firsthand.matching.score import Candidates
from firsthand.people.models import Colleague
from firsthand.references.capacity import ASK_DOOR
from firsthand.references.models import Engagement, Reference, ReferenceValue
from firsthand.references.roster import NONE
from firsthand.stories.models import Story, StoryTerm, StoryValue
from firsthand.stories.text import Ranking, as_postings, rank, wanted

STRONGEST = 5  # of `Relationship.strength`
GRADED_MEAN = 4.0  # stands in until the program has grades of its own

LAST_ASKED = Statement(
    lambda: Touch.objects.filter(door=ASK_DOOR, sent_at__isnull=False).values_list("person_id", seconds("sent_at")), width=2
)
KNOWN = Statement(
    lambda: (
        Relationship.objects.filter(contact__in=Reference.objects.values("contact"))
        .exclude(colleague__in=Colleague.objects.filter(deactivated_at__isnull=False))
        .values_list("contact_id", "strength")
    ),
    width=2,
)
GRADES = Statement(
    lambda: (
        Engagement.objects.filter(state=Engagement.State.HELD, grade__isnull=False)
        .values("reference_id")
        .annotate(total=Sum("grade", output_field=FloatField()), n=Count("*"))
        .values_list("reference_id", "total", "n")
    ),
    width=3,
    of="float64",
)


@dataclass(frozen=True)
class Told:
    """The stories that the wish found, with their account and how well each fits, best first."""

    story: Ints
    account: Ints
    fit: Floats
    cover: Floats


def gather(question: Question, free: Judged) -> tuple[Candidates, Told]:
    """The columns of all who are free, row by row as in `free`, and the stories behind them."""
    need, asked, viewer = question.need, question.asked, question.viewer
    stories = seen_columns(viewer)
    told = tell(asked, stories)
    fact_row, fact_value = _facts(asked, free, stories)
    story_fit, story_cover = _best_of(told, free)
    grade_sum, grade_count, graded_mean = _grades(free)
    candidates = Candidates(
        id=free.id,
        family=free.family,
        fact_row=fact_row,
        fact_value=fact_value,
        story_fit=story_fit,
        story_cover=story_cover,
        grade_sum=grade_sum,
        grade_count=grade_count,
        confirmed_days=_days_since(free.verified, need.today),
        left=free.left,
        limit=free.limit,
        asked_days=_asked_days(free, need.today),
        relationship=_strengths(free) / STRONGEST,
        graded_mean=graded_mean,
    )
    return candidates, told


@dataclass(frozen=True)
class Stories:
    """The stories a viewer may see, with their account and their length in terms, in no order."""

    story: Ints
    account: Ints
    terms: Floats


def seen_columns(viewer: Colleague | None) -> Stories:
    """Stories that are told still and that the viewer may see, as columns."""
    story, account, terms = columns(Story.objects.seen_by(viewer).values_list("pk", "account_id", "terms"), 3)
    return Stories(story.astype(np.int64), account.astype(np.int64), terms)


def tell(asked: Asked, stories: Stories) -> Told:
    """Rank the stories by the text of the wish."""
    if not asked.ideas:
        return Told(*(np.zeros(0, dtype=np.int64),) * 2, *(np.zeros(0),) * 2)
    term, story, weight = packed(StoryTerm.objects.filter(term__in=wanted(asked.ideas)).values_list("term", "story_id", "weight"), 3)
    told, frequency = np.fromstring(story, dtype=np.int64, sep=","), np.fromstring(weight, dtype=np.float64, sep=",")
    place = _places(stories.story, told)
    kept = place >= 0
    terms = [each for each, keep in zip(term.split(","), kept.tolist(), strict=False) if keep]
    index = as_postings(terms, told[kept], frequency[kept], stories.terms[place[kept]])
    mean = float(stories.terms.mean()) if len(stories.terms) else 0.0
    return _best_first(rank(asked.ideas, index, n_documents=len(stories.story), mean_length=mean), stories)


def without_story(free: Judged, viewer: Colleague | None) -> Bools:
    """Rows of customers of whom no story is told yet, so that nothing is known of what they would say."""
    return ~np.isin(free.account, seen_columns(viewer).account)


def _best_first(ranking: Ranking, stories: Stories) -> Told:
    order = np.lexsort((ranking.story, -ranking.score))
    account = stories.account[_places(stories.story, ranking.story)]
    return Told(ranking.story[order], account[order], ranking.fit()[order], ranking.cover()[order])


def _places(ids: Ints, wanted_ids: Ints) -> Ints:
    """Where each wanted id stands among the ids, -1 for one that is not there."""
    place = np.full(max(int(ids.max(initial=-1)), int(wanted_ids.max(initial=-1))) + 1, -1)
    place[ids] = np.arange(len(ids))
    return place[wanted_ids]


def _best_of(told: Told, free: Judged) -> tuple[Floats, Floats]:
    """Fit and cover of the best story of each row's customer."""
    place, row = expand(free.account, told.account)
    fit, cover = np.zeros(len(free.id)), np.zeros(len(free.id))
    np.maximum.at(fit, row, told.fit[place])
    np.maximum.at(cover, row, told.cover[place])
    return fit, cover


def _facts(asked: Asked, free: Judged, stories: Stories) -> tuple[Ints, Ints]:
    """Pairs of row and facet value, of the facets that the wish names."""
    facets = {criterion.facet for criterion in asked.criteria}
    values = [value.id for value in asked.vocabulary.values if value.facet in facets and value.facet != PERSONA]
    rows, found = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    if values:
        for keys, (key, value) in (
            (free.account, whole_columns(AccountValue.objects.filter(value__in=values).values_list("account_id", "value_id"), 2)),
            (free.id, whole_columns(ReferenceValue.objects.filter(value__in=values).values_list("reference_id", "value_id"), 2)),
            (free.account, _told_values(values, stories)),
        ):
            place, row = expand(keys, key)
            rows.append(row)
            found.append(value[place])
    if PERSONA in facets:
        known = np.flatnonzero(free.persona)
        rows.append(known)
        found.append(free.persona[known])
    return np.concatenate(rows), np.concatenate(found)


def _told_values(values: list[int], stories: Stories) -> tuple[Ints, Ints]:
    """Pairs of account and value, of the stories seen. Joined here: in SQL each value would be looked up in each story."""
    told, value = whole_columns(StoryValue.objects.filter(value__in=values).values_list("story_id", "value_id"), 2)
    place = _places(stories.story, told)
    return stories.account[place[place >= 0]], value[place >= 0]


def _grades(free: Judged) -> tuple[Floats, Ints, float]:
    """Sum and number of each row's grades, and the mean of the program."""
    reference, total, count = GRADES.columns()
    place = _places(reference.astype(np.int64), free.id)
    known = place >= 0
    mean = float(total.sum() / count.sum()) if count.sum() else GRADED_MEAN
    return np.where(known, np.append(total, 0)[place], 0.0), np.where(known, np.append(count, 0)[place], 0).astype(np.int64), mean


def _asked_days(free: Judged, today: date) -> Floats:
    """Days since each person was last asked, inf for never."""
    person, moment = LAST_ASKED.columns()
    last = _highest(person, moment, free.person)
    return np.where(last != NONE, _days_since(last // DAY, today), np.inf)


def _strengths(free: Judged) -> Ints:
    """The strength of the colleague who knows each best, 0 where nobody is known to."""
    contact, strength = KNOWN.columns()
    return np.maximum(_highest(contact, strength, free.contact), 0)


def _highest(ids: Ints, numbers: Ints, wanted_ids: Ints) -> Ints:
    """The highest number of each wanted id, `NONE` for one that has none."""
    table = np.full(max(int(ids.max(initial=0)), int(wanted_ids.max(initial=0))) + 1, NONE)
    np.maximum.at(table, ids, numbers)
    return table[wanted_ids]


def _days_since(day: Ints, today: date) -> Floats:
    """Days from each day (since 1970) to today, 0 for days to come, NaN where it is `NONE`."""
    return np.where(day == NONE, np.nan, np.maximum((today - date(1970, 1, 1)).days - day, 0))


def expand(of_row: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Every pair of a place in `keys` and a row whose `of_row` equals the key there."""
    order = np.argsort(of_row, kind="stable")
    first, last = np.searchsorted(of_row[order], keys, "left"), np.searchsorted(of_row[order], keys, "right")
    n = last - first
    within = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    return np.repeat(np.arange(len(keys)), n), order[np.repeat(first, n) + within]

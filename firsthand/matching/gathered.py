"""The numbers of those who may be asked, as columns for the score: one statement each, none per reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, Max, QuerySet, Sum

from firsthand.core.fetched import columns, day_number, days, fetched, whole_columns
from firsthand.core.numbers import Array, Bools, Days, Floats, Ints, np
from firsthand.customers.models import AccountValue, Relationship, Touch
from firsthand.matching.asked import Asked, Question
from firsthand.matching.fit import PERSONA
from firsthand.matching.judged import NO_LIMIT, PERIODS, Judged
from firsthand.matching.need import Need
from firsthand.matching.score import Candidates
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy
from firsthand.references.capacity import ASK_DOOR, counted
from firsthand.references.models import Engagement, Reference, ReferenceValue
from firsthand.stories.models import Story, StoryTerm, StoryValue
from firsthand.stories.text import Ranking, postings, rank, wanted

STRONGEST = 5  # of `Relationship.strength`
GRADED_MEAN = 4.0  # stands in until the program has grades of its own


@dataclass(frozen=True)
class Told:
    """The stories that the wish found, with their account and how well each fits, best first."""

    story: Ints
    account: Ints
    fit: Floats
    cover: Floats


def gather(question: Question, free: Judged) -> tuple[Candidates, Told]:
    """The columns of all who are free, row by row as in `free`, and the stories behind them."""
    need, asked, policy, viewer = question.need, question.asked, question.policy, question.viewer
    told = tell(asked, viewer)
    fact_row, fact_value = _facts(asked, free, viewer)
    story_fit, story_cover = _best_of(told, free)
    grade_sum, grade_count, graded_mean = _grades(free)
    left, limit = _slots(need, free, policy)
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
        left=left,
        limit=limit,
        asked_days=_asked_days(free, need.today),
        relationship=_column(_strengths(), free.contact) / STRONGEST,
        graded_mean=graded_mean,
    )
    return candidates, told


def tell(asked: Asked, viewer: Colleague | None) -> Told:
    """Rank the stories the viewer may see by the text of the wish."""
    seen = stories_seen(viewer)
    if not asked.ideas:
        return Told(*(np.zeros(0, dtype=np.int64),) * 2, *(np.zeros(0),) * 2)
    whole = seen.aggregate(n=Count("pk"), mean=Avg("terms"))
    rows = fetched(
        StoryTerm.objects.filter(term__in=wanted(asked.ideas), story__in=seen.values("pk"))
        .order_by("term", "story_id")
        .values_list("term", "story_id", "weight", "story__terms", "story__account_id")
    )
    ranking = rank(asked.ideas, postings(row[:4] for row in rows), n_documents=whole["n"], mean_length=whole["mean"] or 0.0)
    accounts = {row[1]: row[4] for row in rows}
    return _best_first(ranking, accounts)


def stories_seen(viewer: Colleague | None) -> "QuerySet[Story]":
    """Stories that are told still and that the viewer may see."""
    return (Story.objects.visible_to(viewer) if viewer else Story.objects.all()).filter(retired_at=None)


def without_story(free: Judged, viewer: Colleague | None) -> Bools:
    """Rows of customers of whom no story is told yet, so that nothing is known of what they would say."""
    accounts = stories_seen(viewer).order_by().values_list("account_id", flat=True).distinct()
    return ~np.isin(free.account, np.array(list(accounts), dtype=np.int64))


def _best_first(ranking: Ranking, accounts: dict[int, int]) -> Told:
    order = np.lexsort((ranking.story, -ranking.score))
    account = np.array([accounts[int(story)] for story in ranking.story], dtype=np.int64)
    return Told(ranking.story[order], account[order], ranking.fit()[order], ranking.cover()[order])


def _best_of(told: Told, free: Judged) -> tuple[Floats, Floats]:
    """Fit and cover of the best story of each row's customer."""
    place, row = expand(free.account, told.account)
    fit, cover = np.zeros(len(free.id)), np.zeros(len(free.id))
    np.maximum.at(fit, row, told.fit[place])
    np.maximum.at(cover, row, told.cover[place])
    return fit, cover


def _facts(asked: Asked, free: Judged, viewer: Colleague | None) -> tuple[Ints, Ints]:
    """Pairs of row and facet value, of the facets that the wish names."""
    facets = {criterion.facet for criterion in asked.criteria}
    values = [value.id for value in asked.vocabulary.values if value.facet in facets and value.facet != PERSONA]
    rows, found = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    if values:
        for keys, (key, value) in (
            (free.account, whole_columns(AccountValue.objects.filter(value__in=values).values_list("account_id", "value_id"), 2)),
            (free.id, whole_columns(ReferenceValue.objects.filter(value__in=values).values_list("reference_id", "value_id"), 2)),
            (free.account, _told_values(values, viewer)),
        ):
            place, row = expand(keys, key)
            rows.append(row)
            found.append(value[place])
    if PERSONA in facets:
        known = np.flatnonzero(free.persona)
        rows.append(known)
        found.append(free.persona[known])
    return np.concatenate(rows), np.concatenate(found)


def _told_values(values: list[int], viewer: Colleague | None) -> tuple[Ints, Ints]:
    """Pairs of account and value, of the stories seen. Joined here: in SQL each value would be looked up in each story."""
    story, account = whole_columns(stories_seen(viewer).values_list("pk", "account_id"), 2)
    told, value = whole_columns(StoryValue.objects.filter(value__in=values).values_list("story_id", "value_id"), 2)
    place, row = expand(story, told)
    return account[row], value[place]


def _grades(free: Judged) -> tuple[Floats, Ints, float]:
    """Sum and number of each row's grades, and the mean of the program."""
    graded = Engagement.objects.filter(state=Engagement.State.HELD, grade__isnull=False)
    rows = graded.order_by().values_list("reference_id").annotate(total=Sum("grade"), n=Count("pk"))
    keys, total, count = columns(rows, 3)
    reference = keys.astype(np.int64)
    mean = float(total.sum() / count.sum()) if count.sum() else GRADED_MEAN
    return _column((reference, total), free.id), _column((reference, count), free.id).astype(np.int64), mean


def _slots(need: Need, free: Judged, policy: Policy) -> tuple[Ints, Ints]:
    """Slots left and limit of each row, in its own period or the program's."""
    default = policy.limits.reference
    own = free.limit != NO_LIMIT
    limit = np.where(own, free.limit, default.count or NO_LIMIT)
    period = np.where(own, free.period, PERIODS.index(default.period))
    left = limit.copy()
    for place in np.unique(period[limit != NO_LIMIT]):
        taken = counted(need.slot, PERIODS[place]).order_by().values_list("reference_id").annotate(Count("pk"))
        left = np.where(period == place, np.maximum(limit - _column(whole_columns(taken, 2), free.id), 0), left)
    return left.astype(np.int64), limit.astype(np.int64)


def _asked_days(free: Judged, today: date) -> Floats:
    """Days since each person was last asked, inf for never."""
    asks = Touch.objects.filter(door=ASK_DOOR, sent_at__isnull=False).order_by().values_list("person_id")
    person, last = whole_columns(asks.annotate(last=day_number(Max("sent_at"))), 2)
    passed = _column((person, _days_since(days(last), today) + 1), free.person)
    return np.where(passed > 0, passed - 1, np.inf)


def _strengths() -> tuple[Ints, Floats]:
    """Contacts of references with the strength of the colleague who knows them best."""
    known = Relationship.objects.filter(contact__in=Reference.objects.values("contact"), colleague__deactivated_at=None).order_by()
    contact, strength = whole_columns(known.values_list("contact_id").annotate(Max("strength")), 2)
    return contact, strength.astype(np.float64)


def _days_since(when: Days, today: date) -> Floats:
    """Days from each day to today, 0 for days to come, NaN where the day is not known."""
    passed = (np.datetime64(today) - when).astype("timedelta64[D]")
    return np.where(np.isnat(when), np.nan, np.maximum(passed.astype(np.float64), 0))


def _column(found: Sequence[Array] | Array, keys: Ints) -> Floats:
    """The value found for each key, 0 where there is none. Keys found are distinct."""
    known, values = found
    if not len(known):
        return np.zeros(len(keys))
    order = np.argsort(known)
    place = np.minimum(np.searchsorted(known[order], keys), len(known) - 1)
    return np.where(known[order][place] == keys, values[order][place], 0).astype(np.float64)


def expand(of_row: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Every pair of a place in `keys` and a row whose `of_row` equals the key there."""
    order = np.argsort(of_row, kind="stable")
    first, last = np.searchsorted(of_row[order], keys, "left"), np.searchsorted(of_row[order], keys, "right")
    n = last - first
    within = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    return np.repeat(np.arange(len(keys)), n), order[np.repeat(first, n) + within]

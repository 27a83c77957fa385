"""Words for the rows that are shown: one statement per kind of fact for all of them together."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q

from firsthand.core.ui.parts import Points, Reason
from firsthand.core.words import counted as counted_words
from firsthand.core.words import day as day_words
from firsthand.customers.models import Relationship, Touch
from firsthand.customers.sight import reach
from firsthand.matching.asked import Question
from firsthand.matching.fit import PERSONA
from firsthand.matching.gathered import Told
from firsthand.matching.score import PARTS, Part, Scored, by_family
from firsthand.people.models import Colleague
from firsthand.references.capacity import ASK_DOOR, Use, counted
from firsthand.references.disclosure import shown_company, shown_name
from firsthand.references.models import Consent, Engagement, Period, Reference
from firsthand.stories.models import Story

LABELS: dict[Part, str] = {
    "facets": "Like them",
    "story": "Strong story",
    "persona": "Right person",
    "grades": "Graded well",
    "freshness": "Fresh",
    "fairness": "Rested",
    "relationship": "Well known",
}
FITTING_STORY = 0.4  # from here on a story speaks for somebody
STORIES = 2
MORE = 5


@dataclass(frozen=True)
class ScorePart:
    """A named part of the score in whole points; the parts of a match add up to its score."""

    code: Part
    name: str
    points: int
    of: int
    sentence: str


@dataclass(frozen=True)
class Also:
    """Somebody more from this customer."""

    reference_id: int
    name: str
    score: int


@dataclass(frozen=True)
class Match:
    """A candidate with the score and what it is made of."""

    reference: Reference
    rank: int
    name: str
    account: str
    score: int
    parts: tuple[ScorePart, ...]
    reasons: tuple[Reason, ...]
    stories: tuple[str, ...]
    is_confirmed: bool
    use: Use
    last_asked: str
    best_placed: str
    best_placed_why: str
    contact: str
    contact_is_masked: bool
    more: tuple[Also, ...]
    more_count: int

    @property
    def bars(self) -> list[Points]:
        """The parts for the chart of the score."""
        return [Points(part.name, part.points, part.of) for part in self.parts]


@dataclass(frozen=True)
class Facts:
    """What the page says of the references shown, besides the score, each asked for all of them at once."""

    references: dict[int, Reference]
    confirmed: set[int]
    asked_on: dict[int, date]
    known_by: dict[int, tuple[str, str]]
    uses: dict[int, Use]
    stories: dict[int, tuple[str, ...]]


def shown_matches(question: Question, scored: Scored, told: Told, *, most: int) -> tuple[Match, ...]:
    """The best `most` matches with everything the page says of them, at most two of a family."""
    rows, kept_back = by_family(scored.order, scored.candidates.family)
    rows = rows[:most]
    last_of_family = {int(scored.candidates.family[row]): row for row in rows}
    more = {row: kept_back.get(family, []) for family, row in last_of_family.items()}
    facts = _facts(question, scored, told, [*rows, *(i for some in more.values() for i in some[:MORE])])
    return tuple(_match(question, scored, facts, row, rank, more.get(row, [])) for rank, row in enumerate(rows, start=1))


def _facts(question: Question, scored: Scored, told: Told, rows: list[int]) -> Facts:
    joined = "contact__person", "contact__account__owner", "reference_account"
    found = Reference.objects.filter(pk__in=[int(scored.candidates.id[row]) for row in rows]).select_related(*joined)
    shown = list(found.order_by("pk"))
    return Facts(
        {each.pk: each for each in shown},
        _confirmed(question, shown),
        _last_asked(shown),
        _known_by(shown),
        _uses(question, shown),
        _stories(question, told, shown),
    )


def _match(question: Question, scored: Scored, facts: Facts, row: int, rank: int, more: list[int]) -> Match:  # noqa: PLR0917
    reference = facts.references[int(scored.candidates.id[row])]
    points = whole_points(scored, row)
    contact, is_masked = _contact(reference, question.viewer)
    placed, why = facts.known_by.get(reference.contact_id) or _owner(reference)
    told = scored.sentences(row)
    return Match(
        reference=reference,
        rank=rank,
        name=shown_name(reference, question.viewer),
        account=shown_company(reference, question.viewer),
        score=sum(points.values()),
        parts=_parts(scored, told, points, facts.uses[reference.pk]),
        reasons=_reasons(scored, told, row),
        stories=facts.stories[reference.contact.account_id],
        is_confirmed=reference.contact_id in facts.confirmed,
        use=facts.uses[reference.pk],
        last_asked=_asked_words(question, facts, reference),
        best_placed=placed,
        best_placed_why=why,
        contact=contact,
        contact_is_masked=is_masked,
        more=tuple(_also(question, scored, facts, i) for i in more[:MORE]),
        more_count=len(more),
    )


def _also(question: Question, scored: Scored, facts: Facts, row: int) -> Also:
    reference = facts.references[int(scored.candidates.id[row])]
    return Also(reference.pk, shown_name(reference, question.viewer), sum(whole_points(scored, row).values()))


def _asked_words(question: Question, facts: Facts, reference: Reference) -> str:
    last, today = facts.asked_on.get(reference.contact.person_id), question.need.today
    return day_words(last, today) if last else f"Never, enrolled {day_words(reference.enrolled_on, today)}"


def whole_points(scored: Scored, row: int) -> dict[Part, int]:
    """Points of each part in play as whole numbers that add up to the rounded score: the largest remainders are rounded up."""
    exact = {part: float(scored.points[part][row]) for part in PARTS if scored.weights[part] > 0}
    whole = {part: int(points) for part, points in exact.items()}
    spare = max(0, min(100, round(float(scored.total[row])))) - sum(whole.values())
    for part in sorted(exact, key=lambda part: (whole[part] - exact[part], PARTS.index(part)))[: max(spare, 0)]:
        whole[part] += 1
    return whole


def _parts(scored: Scored, told: Mapping[Part, list[str]], points: dict[Part, int], use: Use) -> tuple[ScorePart, ...]:
    """The parts in play. Slots are told in the reference's own period, which may differ from the program's."""
    sentences = dict(told)
    if use.limit is not None and "fairness" in told:
        left = f"{use.left} of {counted_words(use.limit, 'slot')} left in {use.period_words}"
        sentences["fairness"] = [left, *told["fairness"][1:]]
    return tuple(
        ScorePart(
            part, LABELS[part], points[part], max(round(scored.weights[part]), points[part]), "; ".join(sentences.get(part, [])) + "."
        )
        for part in PARTS
        if part in points
    )


def _reasons(scored: Scored, told: Mapping[Part, list[str]], row: int) -> tuple[Reason, ...]:
    """What fits and what differs: criteria first, then the story and the grades."""
    counted_ = [
        (c, float(fit[row])) for c, fit in zip(scored.fits.criteria, scored.fits.each, strict=True) if c.facet in scored.fits.counted
    ]
    of_facets = [(fit == 1) != (c.importance == "avoid") for c, fit in counted_ if c.facet != PERSONA]
    of_persona = [fit == 1 for c, fit in counted_ if c.facet == PERSONA]
    good: dict[Part, list[bool]] = {
        "facets": of_facets,
        "persona": of_persona,
        "story": [float(scored.candidates.story_fit[row]) >= FITTING_STORY],
        "grades": [bool(scored.candidates.grade_count[row])],
    }
    return tuple(Reason(words, fits) for part, marks in good.items() for words, fits in zip(told.get(part, ()), marks, strict=False))


def _confirmed(question: Question, shown: list[Reference]) -> set[int]:
    """Contacts whose consent has evidence and is not due to be checked again."""
    contacts = [reference.contact_id for reference in shown]
    months = question.policy.deadlines.consent_recheck_months
    return set(Consent.objects.standing(contacts).confirmed(question.need.today, months=months).values_list("contact_id", flat=True))


def _last_asked(shown: list[Reference]) -> dict[int, date]:
    people = [reference.contact.person_id for reference in shown]
    asks = Touch.objects.filter(door=ASK_DOOR, sent_at__isnull=False, person__in=people).values_list("person").annotate(last=Max("sent_at"))
    return {person: last.date() for person, last in asks}


def _known_by(shown: list[Reference]) -> dict[int, tuple[str, str]]:
    """The colleague who knows each contact best, and how."""
    contacts = [reference.contact_id for reference in shown]
    ties = Relationship.objects.filter(contact__in=contacts, colleague__deactivated_at=None).select_related("colleague")
    found: dict[int, tuple[str, str]] = {}
    for tie in ties.order_by("-strength", "-last_touch_on", "pk"):
        found.setdefault(tie.contact_id, (tie.colleague.name, Relationship.Kind(tie.kind).label))
    return found


def _owner(reference: Reference) -> tuple[str, str]:
    owner = reference.account.owner
    return (owner.name, "owns the account") if owner else ("Nobody known", "the account has no owner")


def _uses(question: Question, shown: list[Reference]) -> dict[int, Use]:
    """Slots of each in its own period or the program's: used, reserved, limit."""
    default = question.policy.limits.reference
    slot = question.need.slot
    reserved = Q(state=Engagement.State.RESERVED)
    numbers: dict[tuple[int, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for period in {reference.limit_period if reference.limit_count is not None else default.period for reference in shown}:
        slots = counted(slot, period).filter(reference__in=[reference.pk for reference in shown]).order_by()
        for pk, used, open_ in slots.values_list("reference").annotate(
            used=Count("pk", filter=~reserved), open=Count("pk", filter=reserved)
        ):
            numbers[pk, period] = used, open_
    uses = {}
    for reference in shown:
        own = reference.limit_count is not None
        period = Period(reference.limit_period if own else default.period)
        used, open_ = numbers[reference.pk, period]
        limit = reference.limit_count if own else default.count or None
        uses[reference.pk] = Use(used=used, reserved=open_, limit=limit, period=period, day=slot.day)
    return uses


def _stories(question: Question, told: Told, shown: list[Reference]) -> dict[int, tuple[str, ...]]:
    """The headlines to tell of each account: those the wish found, best first, else the newest."""
    accounts = {reference.contact.account_id for reference in shown}
    place = {int(story): i for i, story in enumerate(told.story)}
    found: dict[int, list[Story]] = defaultdict(list)
    seen = Story.objects.seen_by(question.viewer).filter(account__in=accounts)
    for story in seen.only("pk", "account_id", "headline"):
        found[story.account_id].append(story)
    headlines: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for account, stories in found.items():
        ranked = sorted(stories, key=lambda story: (place.get(story.pk, len(place)), -story.pk))
        headlines[account] = tuple(story.headline for story in ranked[:STORIES])
    return headlines


def _contact(reference: Reference, viewer: Colleague | None) -> tuple[str, bool]:
    """The e-mail address and whether it is masked, as on every other page: executives read names, not addresses."""
    if viewer is None:
        return reference.contact.email, False
    reached = reach(reference.contact, viewer)
    return reached.email, reached.is_masked and bool(reached.email)

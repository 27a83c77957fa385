"""The match: a need in, ranked candidates and exclusions with reasons out."""

from dataclasses import dataclass, replace
from time import perf_counter

from firsthand.core.clock import period_name
from firsthand.matching.asked import Asked, Question, asked_by
from firsthand.matching.exclusions import MUST, Exclusion, exclusions
from firsthand.matching.gathered import Told, gather, without_story
from firsthand.matching.judged import FREE, Judged, judge
from firsthand.matching.need import Need
from firsthand.matching.score import Scored, Weights, score
from firsthand.matching.shown import Match, shown_matches
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy, in_force

SHOWN = 20  # matches that are worded, on the page and in JSON alike


@dataclass(frozen=True)
class Result:
    """`fits` of the references meet the need and may be asked, of whom `matches` are shown; `barred` meet it and may not.

    `lacking` are further off: they lack a must and are counted apart. When a wish for a story fits none that is told
    (`is_untold`), those of whom nothing is told yet are shown: they may have it to tell.
    """

    need: Need
    asked: Asked
    matches: tuple[Match, ...]
    exclusions: tuple[Exclusion, ...]
    fits: int
    is_untold: bool
    milliseconds: float

    @property
    def barred(self) -> int:
        return sum(each.count for each in self.exclusions if each.rule != MUST)

    @property
    def lacking(self) -> int:
        return sum(each.count for each in self.exclusions if each.rule == MUST)


def match(need: Need, viewer: Colleague | None, *, policy: Policy | None = None, why: str = "", shown: int = SHOWN) -> Result:
    """Rank everybody the viewer may see; None is the program itself.

    `why` is the code of the rule of which every person gets their sentence.

    The same need on the same data gives the same list.
    """
    started = perf_counter()
    policy = policy or in_force()
    asked = asked_by(need)
    question = Question(need, asked, policy, viewer)
    judged = judge(question)
    free = judged.where(judged.bar == FREE)
    scored, told = _ranked(question, free)
    is_untold = bool(asked.ideas) and not len(scored.order) and not scored.fits.any_facet
    if is_untold:
        scored, told = _ranked(replace(question, asked=replace(asked, ideas=())), free.where(without_story(free, viewer)))
    return Result(
        need=need,
        asked=asked,
        matches=shown_matches(question, scored, told, most=shown),
        exclusions=exclusions(question, judged, why),
        fits=len(scored.order),
        is_untold=is_untold,
        milliseconds=(perf_counter() - started) * 1000,
    )


def free_for(need: Need) -> frozenset[int]:
    """Every reference that has the musts and whom no rule bars, unranked and whoever may see them."""
    judged = judge(Question(need, asked_by(need), in_force(), None))
    return frozenset(judged.where(judged.bar == FREE).id.tolist())


def _ranked(question: Question, free: Judged) -> tuple[Scored, Told]:
    candidates, told = gather(question, free)
    asked, policy = question.asked, question.policy
    scored = score(
        candidates,
        asked.criteria,
        asked.vocabulary,
        story_wished=bool(asked.ideas),
        weights=_weights(policy),
        period=period_name(question.need.day, policy.limits.reference.period),
    )
    return scored, told


def _weights(policy: Policy) -> Weights:
    """The policy's weights, made to add up to 100."""
    given = policy.weights.model_dump()
    total = sum(given.values())
    return Weights(**{part: 100 * points / total for part, points in given.items()}) if total else Weights()

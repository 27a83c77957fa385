"""The match: a need in, ranked candidates and exclusions with reasons out."""

from dataclasses import dataclass
from time import perf_counter

from firsthand.matching.asked import Asked, Question, asked_by
from firsthand.matching.exclusions import MUST, Exclusion, exclusions
from firsthand.matching.gathered import gather
from firsthand.matching.judged import FREE, judge
from firsthand.matching.need import Need
from firsthand.matching.score import Weights, score
from firsthand.matching.shown import Match, shown_matches
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy, in_force

SHOWN = 20  # matches that are worded, on the page and in JSON alike


@dataclass(frozen=True)
class Result:
    """`fits` of the references meet the need and may be asked, of whom `matches` are shown; `barred` meet it and may not.

    `lacking` are further off: they lack a must and are counted apart.
    """

    need: Need
    asked: Asked
    matches: tuple[Match, ...]
    exclusions: tuple[Exclusion, ...]
    fits: int
    milliseconds: float

    @property
    def barred(self) -> int:
        return sum(each.count for each in self.exclusions if each.rule != MUST)

    @property
    def lacking(self) -> int:
        return sum(each.count for each in self.exclusions if each.rule == MUST)


def match(need: Need, viewer: Colleague, *, policy: Policy | None = None, why: str = "", shown: int = SHOWN) -> Result:
    """Rank everybody the viewer may see. `why` is the code of the rule of which every person gets their sentence.

    The same need on the same data gives the same list.
    """
    started = perf_counter()
    policy = policy or in_force()
    asked = asked_by(need)
    question = Question(need, asked, policy, viewer)
    judged = judge(question)
    free = judged.where(judged.bar == FREE)
    candidates, told = gather(question, free)
    scored = score(
        candidates,
        asked.criteria,
        asked.vocabulary,
        story_wished=bool(asked.ideas),
        weights=_weights(policy),
        period=f"this {policy.limits.reference.period}",
    )
    return Result(
        need=need,
        asked=asked,
        matches=shown_matches(question, scored, told, most=shown),
        exclusions=exclusions(question, judged, why),
        fits=len(scored.order),
        milliseconds=(perf_counter() - started) * 1000,
    )


def _weights(policy: Policy) -> Weights:
    """The policy's weights, made to add up to 100."""
    given = policy.weights.model_dump()
    total = sum(given.values())
    return Weights(**{part: 100 * points / total for part, points in given.items()}) if total else Weights()

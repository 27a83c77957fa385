"""A match as JSON, as `firsthand match --json` prints it: the list of the page, its sentences and its counts."""

from typing import Any

from firsthand.matching.exclusions import Exclusion
from firsthand.matching.match import Result
from firsthand.matching.shown import Match


def result_json(result: Result) -> dict[str, Any]:
    """What the manual documents, with plain values only."""
    return {
        "matches": [match_json(match) for match in result.matches],
        "exclusions": [exclusion_json(exclusion) for exclusion in result.exclusions],
        "milliseconds": round(result.milliseconds, 1),
    }


def match_json(match: Match) -> dict[str, Any]:
    return {
        "reference": match.reference.pk,
        "contact": match.name,
        "account": match.account,
        "stories": list(match.stories),
        "score": match.score,
        "confirmed": match.is_confirmed,
        "parts": [{"name": part.name, "points": part.points, "sentence": part.sentence} for part in match.parts],
    }


def exclusion_json(exclusion: Exclusion) -> dict[str, Any]:
    return {
        "rule": exclusion.rule,
        "sentence": exclusion.sentence,
        "count": exclusion.count,
        "contacts": [person.name for person in exclusion.people],
    }

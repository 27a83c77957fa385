from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from firsthand.matching.fit import Wished, nearness
from firsthand.matching.score import PARTS, Candidates, Scored, Weights, by_family, fairness_share, grade_share, score
from firsthand.matching.vocabulary import Vocabulary, seeded


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return seeded()


def value(vocabulary: Vocabulary, name: str) -> int:
    return next(v.id for v in vocabulary.values if v.name == name)


def wished(vocabulary: Vocabulary, *names: str, importance: str = "should") -> Wished:
    ids = tuple(value(vocabulary, name) for name in names)
    return Wished(ids, vocabulary.by_id[ids[0]].facet, importance)  # type: ignore[arg-type]  # a literal in every test


def make_candidates(vocabulary: Vocabulary, facts: Sequence[Sequence[str]]) -> Candidates:
    """One candidate per list of facet value names, alike in everything else; ids from 1."""
    n = len(facts)
    pairs = [(row, value(vocabulary, name)) for row, names in enumerate(facts) for name in names]
    return Candidates(
        id=np.arange(1, n + 1),
        family=np.arange(n),
        fact_row=np.array([row for row, _ in pairs], dtype=np.int64),
        fact_value=np.array([of for _, of in pairs], dtype=np.int64),
        story_fit=np.zeros(n),
        story_cover=np.zeros(n),
        grade_sum=np.zeros(n),
        grade_count=np.zeros(n, dtype=np.int64),
        confirmed_days=np.zeros(n),
        left=np.full(n, 4),
        limit=np.full(n, 4),
        asked_days=np.full(n, np.inf),
        relationship=np.ones(n),
    )


def shown(scored: Scored) -> list[int]:
    return [int(scored.candidates.id[row]) for row in scored.order]


@pytest.mark.parametrize(
    ("wish", "held", "expected"),
    [
        ("Germany", "Germany", 1.0),
        ("Nordics", "Denmark", 1.0),
        ("Fashion", "Retail", 0.6),
        ("Fashion", "Grocery", 0.4),
        ("Germany", "Austria", 0.4),
        ("Germany", "France", 0.2),
        ("Germany", "DACH", 0.6),
        ("Germany", "Europe", 0.3),
        ("Germany", "Japan", 0.0),
        ("Germany", "Fashion", 0.0),
        ("51-250 employees", "51-250 employees", 1.0),
        ("51-250 employees", "1-50 employees", 0.5),
        ("51-250 employees", "1,001-5,000 employees", 0.25),
    ],
)
def test_nearness_by_tree_and_by_band(wish: str, held: str, expected: float, vocabulary: Vocabulary) -> None:
    assert nearness(value(vocabulary, wish), value(vocabulary, held), vocabulary) == pytest.approx(expected)


def test_the_parts_add_up_to_the_total_and_to_100_at_best(vocabulary: Vocabulary) -> None:
    best = replace(
        make_candidates(vocabulary, [["Banking", "Denmark", "Finance"]]),
        story_fit=np.ones(1),
        story_cover=np.ones(1),
        grade_sum=np.array([5000.0]),
        grade_count=np.array([1000]),
    )
    criteria = [wished(vocabulary, "Banking"), wished(vocabulary, "Nordics"), wished(vocabulary, "Finance")]
    scored = score(best, criteria, vocabulary, story_wished=True)
    assert float(scored.total[0]) == pytest.approx(100, abs=0.1)
    assert sum(float(scored.points[part][0]) for part in PARTS) == pytest.approx(float(scored.total[0]), abs=0.05)
    assert scored.weights == {"facets": 40, "story": 25, "persona": 5, "grades": 10, "freshness": 5, "fairness": 10, "relationship": 5}


@pytest.mark.parametrize(
    ("names", "story", "expected"),
    [
        (["Banking"], False, {"facets": 70, "story": 0, "persona": 0, "grades": 10}),
        ([], True, {"facets": 0, "story": 70, "persona": 0, "grades": 10}),
        (["Banking", "Finance"], False, {"facets": 62.222, "story": 0, "persona": 7.778, "grades": 10}),
        ([], False, {"facets": 0, "story": 0, "persona": 0, "grades": 33.333}),
    ],
)
def test_what_the_wish_does_not_mention_gives_its_weight_to_what_it_does(
    names: list[str], *, story: bool, expected: dict[str, float], vocabulary: Vocabulary
) -> None:
    candidates = make_candidates(vocabulary, [["Banking", "Finance"]])
    scored = score(candidates, [wished(vocabulary, name) for name in names], vocabulary, story_wished=story)
    assert {part: round(of, 3) for part, of in scored.weights.items() if part in expected} == expected
    assert sum(scored.weights.values()) == pytest.approx(100)


def test_the_nearer_kind_of_company_comes_first(vocabulary: Vocabulary) -> None:
    candidates = make_candidates(
        vocabulary, [["Grocery", "Germany"], ["Fashion", "Spain"], ["Fashion", "Germany"], ["Retail", "Germany"], ["Mining", "Chile"]]
    )
    scored = score(candidates, [wished(vocabulary, "Fashion"), wished(vocabulary, "Germany")], vocabulary, story_wished=False)
    assert shown(scored) == [3, 2, 4, 1]


def test_alternatives_of_one_facet_count_by_the_best(vocabulary: Vocabulary) -> None:
    candidates = make_candidates(vocabulary, [["Belgium"], ["France"], ["Japan"]])
    scored = score(candidates, [wished(vocabulary, "Belgium"), wished(vocabulary, "France")], vocabulary, story_wished=False)
    assert scored.fits.facets.tolist() == [1.0, 1.0, 0.0]


def test_a_more_general_wish_is_idle_beside_a_more_specific_one(vocabulary: Vocabulary) -> None:
    candidates = make_candidates(vocabulary, [["Fashion"], ["Grocery"]])
    scored = score(candidates, [wished(vocabulary, "Retail"), wished(vocabulary, "Fashion")], vocabulary, story_wished=False)
    assert scored.fits.facets == pytest.approx([1.0, 0.4])


def test_a_missed_must_halves_the_facets(vocabulary: Vocabulary) -> None:
    candidates = make_candidates(vocabulary, [["Banking", "Japan"], ["Mining", "Denmark"]])
    criteria = [wished(vocabulary, "Banking", importance="must"), wished(vocabulary, "Nordics")]
    scored = score(candidates, criteria, vocabulary, story_wished=False)
    assert scored.fits.facets == pytest.approx([4 / 5, 1 / 5 / 2])


def test_what_is_to_be_avoided_takes_all_points_for_facets(vocabulary: Vocabulary) -> None:
    candidates = make_candidates(vocabulary, [["Retail", "United States"], ["Retail", "Germany"]])
    criteria = [wished(vocabulary, "Retail"), wished(vocabulary, "United States", importance="avoid")]
    scored = score(candidates, criteria, vocabulary, story_wished=False)
    assert scored.fits.facets.tolist() == [0.0, 1.0]
    assert shown(scored) == [2]


def test_a_facet_of_which_nothing_is_known_does_not_count(vocabulary: Vocabulary) -> None:
    candidates = make_candidates(vocabulary, [["Banking"], ["Mining"]])
    criteria = [wished(vocabulary, "Banking"), wished(vocabulary, "51-250 employees")]
    assert score(candidates, criteria, vocabulary, story_wished=False).fits.facets.tolist() == [1.0, 0.0]


def test_a_wish_that_fits_nothing_returns_nothing_whatever_the_stories_say(vocabulary: Vocabulary) -> None:
    told = replace(make_candidates(vocabulary, [["Banking", "Denmark"]]), story_fit=np.ones(1), story_cover=np.ones(1))
    criteria = [wished(vocabulary, "Oil and gas"), wished(vocabulary, "Middle East")]
    assert shown(score(told, criteria, vocabulary, story_wished=True)) == []
    assert shown(score(told, [], vocabulary, story_wished=True)) == [1]


def test_a_theme_no_story_tells_returns_nothing(vocabulary: Vocabulary) -> None:
    assert shown(score(make_candidates(vocabulary, [["Banking"]]), [], vocabulary, story_wished=True)) == []


def test_a_wish_that_says_nothing_returns_everybody(vocabulary: Vocabulary) -> None:
    assert shown(score(make_candidates(vocabulary, [[], []]), [], vocabulary, story_wished=False)) == [1, 2]


def test_nobody_to_choose_from(vocabulary: Vocabulary) -> None:
    assert shown(score(make_candidates(vocabulary, []), [wished(vocabulary, "Banking")], vocabulary, story_wished=True)) == []


def test_a_story_counts_less_at_a_company_unlike_the_one_wished_for(vocabulary: Vocabulary) -> None:
    told = replace(make_candidates(vocabulary, [["Banking"], ["Mining"]]), story_fit=np.ones(2), story_cover=np.ones(2))
    scored = score(told, [wished(vocabulary, "Banking")], vocabulary, story_wished=True)
    assert scored.points["story"][1] == pytest.approx(scored.points["story"][0] / 2)


def test_grades_are_shrunk_towards_the_mean_of_the_program(vocabulary: Vocabulary) -> None:
    candidates = replace(
        make_candidates(vocabulary, [[], [], []]), grade_sum=np.array([0.0, 5.0, 50.0]), grade_count=np.array([0, 1, 10]), graded_mean=4.2
    )
    expected = [4.2, (5 + 3 * 4.2) / 4, (50 + 3 * 4.2) / 13]
    assert grade_share(candidates) == pytest.approx([(grade - 1) / 4 for grade in expected])


def test_fairness_is_half_capacity_left_and_half_time_since_the_last_ask(vocabulary: Vocabulary) -> None:
    candidates = replace(
        make_candidates(vocabulary, [[], [], [], []]),
        left=np.array([4, 1, 0, 0]),
        limit=np.array([4, 4, 4, -1]),
        asked_days=np.array([np.inf, 90.0, 0.0, 360.0]),
    )
    assert fairness_share(candidates).tolist() == [1.0, 0.375, 0.0, 1.0]


def test_ties_go_to_the_one_asked_longest_ago_then_to_the_lower_id(vocabulary: Vocabulary) -> None:
    candidates = replace(make_candidates(vocabulary, [[], [], [], []]), asked_days=np.array([200.0, 400.0, 400.0, np.inf]))
    assert shown(score(candidates, [], vocabulary, story_wished=False)) == [4, 2, 3, 1]


def test_weights_come_from_the_policy(vocabulary: Vocabulary) -> None:
    weights = Weights(facets=0, story=0, persona=0, grades=0, freshness=0, fairness=0, relationship=100)
    candidates = replace(make_candidates(vocabulary, [[], []]), relationship=np.array([0.25, 1.0]))
    assert score(candidates, [], vocabulary, story_wished=False, weights=weights).total.tolist() == [25.0, 100.0]


def test_at_most_two_of_a_family_before_more_from_this_customer() -> None:
    family = np.array([7, 7, 8, 7, 7, 9])
    assert by_family([3, 0, 2, 1, 4, 5], family) == ([3, 0, 2, 5], {7: [1, 4]})


def test_each_part_says_why_in_a_sentence(vocabulary: Vocabulary) -> None:
    candidates = replace(
        make_candidates(vocabulary, [["Banking", "Spain"], []]),
        story_fit=np.array([0.8, 0.0]),
        story_cover=np.array([0.8, 0.0]),
        grade_sum=np.array([14.4, 0.0]),
        grade_count=np.array([3, 0]),
        confirmed_days=np.array([70.0, np.nan]),
        left=np.array([3, 0]),
        limit=np.array([4, -1]),
        asked_days=np.array([400.0, np.inf]),
        relationship=np.array([1.0, 0.0]),
    )
    criteria = [wished(vocabulary, "Banking"), wished(vocabulary, "Nordics"), wished(vocabulary, "Retail", importance="avoid")]
    scored = score(candidates, criteria, vocabulary, story_wished=True, period="2026")
    assert scored.sentences(0) == {
        "facets": ["Banking, as wished", "Spain, not Nordics", "Banking, not Retail, as wished"],
        "story": ["Tells the story wished for"],
        "grades": ["Graded 4.8 of 5 over 3 calls"],
        "freshness": ["Confirmed 2 months ago"],
        "fairness": ["3 of 4 calls left in 2026", "Last asked 1 year ago"],
        "relationship": ["A colleague knows them well"],
    }
    assert scored.sentences(1) == {
        "facets": ["Industry not known; wished: Banking", "Geography not known; wished: Nordics", "Industry not known; to avoid: Retail"],
        "story": ["No story on this yet"],
        "grades": ["First call: nothing graded yet"],
        "freshness": ["Not confirmed yet"],
        "fairness": ["No limit on calls", "Never asked yet"],
        "relationship": ["No colleague is known to know them"],
    }

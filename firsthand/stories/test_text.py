import numpy as np
import pytest

from firsthand.stories.text import (
    SYNONYM,
    Concept,
    concepts,
    length_of,
    postings,
    query,
    rank,
    terms,
    terms_of,
    wanted,
)

LIBRARY = {
    1: {"headline": "Half the bill", "challenge": "The bank paid too much for its servers", "impact": "It cut its bill"},
    2: {"headline": "Faster releases", "challenge": "Releases took weeks", "impact": "Now they take minutes"},
    3: {"headline": "Machine learning on demand", "challenge": "Researchers waited for machines", "impact": "They no longer wait"},
}


def ranked(wish: str) -> list[tuple[int, float]]:
    indexed = {story: terms_of(document) for story, document in LIBRARY.items()}
    rows = [(term, story, n, length_of(found)) for story, found in indexed.items() for term, n in found.items()]
    ideas = query(wish)
    names = set(wanted(ideas))
    mean = sum(length_of(found) for found in indexed.values()) / len(indexed)
    ranking = rank(ideas, postings(row for row in rows if row[0] in names), n_documents=len(LIBRARY), mean_length=mean)
    return [(int(ranking.story[i]), round(float(ranking.score[i]), 3)) for i in np.argsort(-ranking.score)]


def test_terms_are_stems_without_stop_words_and_with_known_phrases() -> None:
    assert terms("They were moving the Data Centers") == ["move", "data_center", "data", "center"]
    assert terms("the and of") == []


def test_a_word_in_the_headline_weighs_twice() -> None:
    assert terms_of({"headline": "Bill", "impact": "It cut its bill"}) == {"bill": 3.0, "cut": 1.0}
    assert length_of({"bill": 3.0, "cut": 1.0}) == 4.0


def test_what_every_wish_says_is_no_idea() -> None:
    assert concepts("I am looking for a customer who wants to talk") == []


def test_words_of_one_idea_count_once_and_a_little_more() -> None:
    ideas = concepts("cost saving")
    assert [(idea.weight, idea.terms["cost"], idea.terms["save"]) for idea in ideas] == [(1.5, 1.0, 1.0)]


def test_a_synonym_is_a_weaker_sighting_of_the_word() -> None:
    (idea,) = concepts("downtime")
    assert (idea.terms["downtim"], idea.terms["outag"]) == (1.0, SYNONYM)


def test_a_line_with_a_head_is_read_one_way_only() -> None:
    (broad,), (narrow,) = concepts("orchestration"), concepts("openshift")
    assert broad.terms["openshift"] == SYNONYM
    assert narrow.terms == {"openshift": 1.0}


@pytest.mark.parametrize(
    ("wish", "first"),
    [("cut the bill", 1), ("expensive servers", 1), ("time to market", 2), ("AI", 3), ("deep learning", 3)],
)
def test_the_story_wished_for_comes_first(wish: str, first: int) -> None:
    assert ranked(wish)[0][0] == first


def test_a_wish_no_story_holds_a_word_of_ranks_none() -> None:
    assert ranked("submarine cables") == []
    empty = rank(concepts("submarine"), postings([]), n_documents=0, mean_length=0)
    assert (empty.fit().tolist(), empty.cover().tolist()) == ([], [])


def test_the_score_is_bm25_of_weighted_frequencies() -> None:
    index = postings([("bank", 7, 2.0, 10.0), ("bank", 9, 1.0, 20.0)])
    ranking = rank([Concept({"bank": 1.0})], index, n_documents=4, mean_length=10)
    idf = np.log1p((4 - 2 + 0.5) / (2 + 0.5))
    assert ranking.story.tolist() == [7, 9]
    assert ranking.score == pytest.approx([idf * 2 / (2 + 1.2), idf * 1 / (1 + 1.2 * (0.25 + 0.75 * 2))])
    assert ranking.bound == pytest.approx(idf)
    assert ranking.fit() == pytest.approx([1.0, ranking.score[1] / ranking.score[0]])
    assert ranking.cover() == pytest.approx(ranking.score / idf)

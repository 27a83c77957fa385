import pytest

from firsthand.matching.fit import Wished
from firsthand.matching.vocabulary import Vocabulary, seeded
from firsthand.matching.wish import merged, read, story_query, without


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return seeded()


def told(wish: str, vocabulary: Vocabulary) -> list[str]:
    """Criteria as `facet: value, value`, with `not` before what is to be avoided and `?` after a misspelling."""
    return [
        f"{'not ' * c.avoid}{c.facet}: {', '.join(vocabulary.by_id[i].name for i in c.value_ids)}{'?' * (c.how == 'spelling')}"
        for c in read(wish, vocabulary).criteria
    ]


@pytest.mark.parametrize(
    ("wish", "criteria"),
    [
        ("bank in Portugal", ["industry: Banking", "geography: Portugal"]),
        ("telcos in the Gulf", ["industry: Telecommunications", "geography: Middle East"]),
        ("German fashion brand", ["geography: Germany", "industry: Fashion"]),
        ("insurer in EMEA", ["industry: Insurance", "geography: Europe, Middle East, Africa"]),
        ("a retailer in the us", ["industry: Retail", "geography: United States"]),
        ("tell us about retailers", ["industry: Retail"]),
        ("hospital in São Paulo", ["industry: Hospitals and clinics", "geography: Brazil"]),
        ("car manufacturer", ["industry: Automotive"]),
        ("companies in logistics", ["industry: Transport and logistics"]),
        ("software vendor from the UK", ["industry: Software", "geography: United Kingdom"]),
        ("Swiss university", ["geography: Switzerland", "industry: Higher education"]),
    ],
)
def test_kinds_of_company_and_places_are_read(wish: str, criteria: list[str], vocabulary: Vocabulary) -> None:
    assert told(wish, vocabulary) == criteria


@pytest.mark.parametrize(
    "wish",
    [
        "secure software and its delivery",
        "streaming large files",
        "polish the release process",
        "IT is on time",
        "energy of young people",
        "in no time at all",
        "a chain of events",
        "back to school",
        "serve cold turkey",
    ],
)
def test_ordinary_words_are_no_criteria(wish: str, vocabulary: Vocabulary) -> None:
    assert told(wish, vocabulary) == []


@pytest.mark.parametrize(
    ("wish", "criteria"),
    [
        ("customer in the Philipines", ["geography: Philippines?"]),
        ("insurence company in Swizerland", ["industry: Insurance?", "geography: Switzerland?"]),
        ("telecomunications", ["industry: Telecommunications?"]),
        ("finish the factor analysis", []),
        ("published by the team leader", []),
        ("logging and tracking", []),
        ("Irann", []),
    ],
)
def test_a_misspelling_is_accepted_for_long_words_only(wish: str, criteria: list[str], vocabulary: Vocabulary) -> None:
    assert told(wish, vocabulary) == criteria


def test_a_word_the_stories_use_is_no_misspelling(vocabulary: Vocabulary) -> None:
    assert [c.how for c in read("germani", vocabulary).criteria] == ["spelling"]
    assert read("germani", vocabulary, known={"germani"}).criteria == ()


@pytest.mark.parametrize(
    ("wish", "criteria"),
    [
        ("retailer not in the US or Canada", ["industry: Retail", "not geography: United States", "not geography: Canada"]),
        ("outside Europe, a bank", ["not geography: Europe", "industry: Banking"]),
        ("no banks", ["not industry: Banking"]),
        ("not only in Spain", ["geography: Spain"]),
    ],
)
def test_what_is_not_wished_is_to_be_avoided(wish: str, criteria: list[str], vocabulary: Vocabulary) -> None:
    assert told(wish, vocabulary) == criteria


@pytest.mark.parametrize(
    ("wish", "criteria"),
    [
        ("bank with 5,000 employees", ["industry: Banking", "company_size: 1,001-5,000 employees"]),
        ("under 40 people", ["company_size: 1-50 employees"]),
        ("200-1,000 staff", ["company_size: 51-250 employees, 251-1,000 employees"]),
        ("more than 20k employees", ["company_size: 10,001 or more employees"]),
        ("small startup", ["company_size: 1-50 employees"]),
        (f"{'9' * 5000} employees", ["company_size: 10,001 or more employees"]),
    ],
)
def test_sizes_are_read_as_bands(wish: str, criteria: list[str], vocabulary: Vocabulary) -> None:
    assert told(wish, vocabulary) == criteria


@pytest.mark.parametrize(
    ("wish", "criteria"),
    [
        ("speak to a CFO", ["persona: Finance"]),
        ("a call with a developer", ["persona: Technical"]),
        ("hundreds of developers", []),
        ("someone who speaks German", ["language: German"]),
        ("German-speaking insurer", ["language: German", "industry: Insurance"]),
        ("a call in French", ["language: French"]),
        ("a French bank", ["geography: France", "industry: Banking"]),
    ],
)
def test_people_and_languages_need_a_cue(wish: str, criteria: list[str], vocabulary: Vocabulary) -> None:
    assert told(wish, vocabulary) == criteria


def test_spans_and_the_remaining_text(vocabulary: Vocabulary) -> None:
    wish = "bank in Europe worried about audits"
    understood = read(wish, vocabulary)
    assert [(c.start, c.end, c.matched_text) for c in understood.criteria] == [(0, 4, "bank"), (8, 14, "Europe")]
    assert understood.rest == "in worried about audits"


def test_the_words_of_a_theme_stay_in_the_text(vocabulary: Vocabulary) -> None:
    understood = read("bank after cost savings", vocabulary)
    assert [c.facet for c in understood.criteria] == ["industry", "use_case"]
    assert understood.rest == "after cost savings"


def test_what_the_seller_removes_counts_as_text_again(vocabulary: Vocabulary) -> None:
    understood = without("bank in Europe", {(0, 4)}, vocabulary)
    assert [c.matched_text for c in understood.criteria] == ["Europe"]
    assert understood.rest == "bank in"


def test_an_empty_wish_says_nothing(vocabulary: Vocabulary) -> None:
    assert (read("", vocabulary).criteria, read(" … ", vocabulary).rest) == ((), "…")


def test_form_and_wish_are_merged_without_repeating(vocabulary: Vocabulary) -> None:
    (banking,) = vocabulary.named("industry", "banking")
    (europe,) = vocabulary.named("geography", "europe")
    given = [Wished((banking.id,), "industry", "must")]
    assert merged(given, read("bank in Europe", vocabulary)) == [*given, Wished((europe.id,), "geography")]


def test_a_theme_of_the_form_is_looked_for_in_the_stories(vocabulary: Vocabulary) -> None:
    (theme,) = vocabulary.named("use_case", "observability")
    ideas = story_query([Wished((theme.id,), "use_case")], read("", vocabulary), vocabulary)
    assert [(idea.terms.get("observ"), idea.weight) for idea in ideas] == [(1.0, 1.0)]

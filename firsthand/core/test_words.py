"""Figures, days and names as they are written."""

import datetime as dt
from decimal import Decimal

import pytest

from firsthand.core import words

TODAY = dt.date(2026, 11, 19)
NOW = dt.datetime(2026, 11, 19, 10, 42, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (1234, None, "1,234"),
        (-1234.5, None, "−1,234.5"),
        (4.75, 1, "4.8"),
        (0.125, None, "0.125"),
        (None, None, "–"),
        (-3, 0, "−3"),
        (2.5, 0, "3"),
    ],
)
def test_a_number_has_thousands_and_a_true_minus(value: float | None, digits: int | None, expected: str) -> None:
    assert words.number(value, digits) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        (420_000, "EUR", "€420,000"),
        (Decimal("1200000.49"), "USD", "$1,200,000"),
        (-610_000, "EUR", "−€610,000"),
        (5, "CHF", "CHF\N{NO-BREAK SPACE}5"),
        (420_000, "", "420,000"),
        (None, "EUR", "–"),
    ],
)
def test_money_is_written_in_whole_units(amount: Decimal | None, currency: str, expected: str) -> None:
    assert words.money(amount, currency) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (86_000, "€86k"),
        (6_800_000, "€6.8m"),
        (1_000_000, "€1m"),
        (999_600, "€1m"),
        (999_400, "€999k"),
        (2_340_000_000, "€2.3bn"),
        (940, "€940"),
        (-1_200_000, "−€1.2m"),
        (0, "€0"),
        (None, "–"),
    ],
)
def test_money_in_headlines_is_short(amount: int | None, expected: str) -> None:
    assert words.money_short(amount) == expected


def test_money_with_a_lettered_currency_keeps_a_space() -> None:
    assert words.money_short(420_000, "CHF") == "CHF\N{NO-BREAK SPACE}420k"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (dt.date(2026, 11, 27), "Fri 27 Nov"),
        (dt.date(2027, 2, 28), "Sun 28 Feb 2027"),
        (dt.datetime(2026, 1, 2, 9, 0, tzinfo=dt.UTC), "Fri 2 Jan"),
        (None, "–"),
    ],
)
def test_a_day_has_its_year_only_when_it_differs(value: dt.date | None, expected: str) -> None:
    assert words.day(value, TODAY) == expected


@pytest.mark.parametrize(
    ("offset", "plain", "due"),
    [
        (0, "today", "today"),
        (1, "tomorrow", "tomorrow"),
        (8, "in 8 days", "in 8 days"),
        (-1, "yesterday", "1 day late"),
        (-3, "3 days ago", "3 days late"),
        (1200, "in 1,200 days", "in 1,200 days"),
    ],
)
def test_a_distance_in_days_is_said_in_words(offset: int, plain: str, due: str) -> None:
    value = TODAY + dt.timedelta(days=offset)
    assert (words.day_in(value, TODAY), words.day_due(value, TODAY)) == (plain, due)


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (dt.timedelta(seconds=20), "just now"),
        (dt.timedelta(minutes=40), "40 min ago"),
        (dt.timedelta(hours=5, minutes=59), "5 h ago"),
        (dt.timedelta(days=1), "1 day ago"),
        (dt.timedelta(days=30), "30 days ago"),
        (dt.timedelta(days=31), "Mon 19 Oct"),
    ],
)
def test_what_passed_is_said_by_its_largest_unit(passed: dt.timedelta, expected: str) -> None:
    assert words.ago(NOW - passed, NOW) == expected


def test_counts_agree_with_their_noun() -> None:
    assert [words.counted(1, "call"), words.counted(2, "call"), words.counted(1200, "reply", "replies")] == [
        "1 call",
        "2 calls",
        "1,200 replies",
    ]


def test_lists_end_with_and() -> None:
    assert [words.listed([]), words.listed(["A"]), words.listed(["A", "B"]), words.listed(["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mia Lindgren", "ML"),
        ("Dr. Maren Blythe", "MB"),
        ("Piet de Graaf", "PG"),
        ("Calder & Finch Bank", "CB"),
        ("Øystein", "Ø"),
        ("", ""),
        ("<b> Eve", "E"),
    ],
)
def test_initials_come_from_the_first_and_last_word(name: str, expected: str) -> None:
    assert words.initials(name) == expected


def test_a_tone_stays_with_its_name() -> None:
    assert [words.tone(name) for name in ("Mia Lindgren", "Sam Okafor", "Ana Ferreira")] == [4, 2, 3]


@pytest.mark.parametrize(
    ("address", "expected"),
    [("ingrid.solheim@ostvik.no", "i•••••@o•••••.no"), ("a@b", "a•••••@b•••••"), ("nothing", "•••••"), ("", "•••••")],
)
def test_an_address_is_masked_to_the_same_length(address: str, expected: str) -> None:
    assert words.mask_email(address) == expected


def test_a_phone_number_keeps_its_last_two_digits() -> None:
    assert [words.mask_phone("+44 20 5550 0142"), words.mask_phone("112")] == ["•••• 42", "••••"]


def test_shares_and_clock_times() -> None:
    assert [words.percent(0.744), words.percent(None), words.clock(NOW), words.day_year(NOW)] == ["74%", "–", "10:42", "19 Nov 2026"]


@pytest.mark.parametrize(
    ("name", "inside"),
    [("Federal government", "federal government"), ("IT services", "IT services"), ("SaaS", "SaaS"), ("Banking", "banking"), ("", "")],
)
def test_a_name_inside_a_sentence(name: str, inside: str) -> None:
    assert words.inside(name) == inside


@pytest.mark.parametrize(
    ("noun", "with_article"),
    [
        ("site visit", "a site visit"),
        ("analyst briefing", "an analyst briefing"),
        ("advisory board", "an advisory board"),
        ("umbrella visit", "an umbrella visit"),
        ("user group", "a user group"),
        ("European panel", "a European panel"),
        ("one-to-one call", "a one-to-one call"),
    ],
)
def test_an_article_goes_by_the_sound(noun: str, with_article: str) -> None:
    assert words.with_article(noun) == with_article

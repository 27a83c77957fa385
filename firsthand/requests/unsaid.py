"""What no words to the other side may tell: what a deal is worth, why it was lost, and who the prospect is."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from firsthand.deals.models import Opportunity
from firsthand.deals.naming import sees_deal, shown_prospect
from firsthand.people.models import Colleague
from firsthand.requests.models import ReferenceRequest

# A figure as people write it. Its length is bounded, so that it can be counted with; two digits at the end are cents.
FIGURE = re.compile(
    r"(?P<sign>[€$£¥]\s?)?(?P<number>\d(?:[\d.,\u2019'\u00a0 ]{0,24}\d)?)"
    r"(?P<scale>\s?(?:k|thousand|m|mn|million)\b)?(?P<code>\s?(?:€|£|(?:EUR|USD|GBP|CHF|NOK|SEK|DKK)\b))?",
    re.IGNORECASE,
)
SCALES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6}
NEAR = 0.1  # a price said roughly is the deal's where it is no further off


LEAVING = ("wish", "questions")


def why_not_wish(
    reference_request: ReferenceRequest, reader: Colleague | None, *, mend: str, parts: Collection[str] = LEAVING
) -> str | None:
    """The sentence where the wish or the questions tell what stays inside: they leave word for word. `mend` says what to do about it.

    Only those among `parts` are read.

    Who may not read the deal hears that, and not which words they are. Nobody is asked for a deal that is lost, so no reason is looked for.
    """
    deal = reference_request.opportunity
    if deal is None:
        return None
    both = (("wish", reference_request.wish), ("questions", reference_request.questions))
    for name, words in [each for each in both if each[0] in parts]:
        leaves = f"The {name} leave{'' if name == 'questions' else 's'} the house word for word"
        if amount := amount_in(deal, words):
            what = (
                f"“{amount}” tells what the deal is worth"
                if reader is None or sees_deal(reader, deal)
                else "it tells what the deal is worth"
            )
            return f"{leaves}, and {what}. {mend}"
        if names_prospect(deal, words) and shown_prospect(deal, reader) == deal.prospect:
            return f"{leaves}, and the reference reads {deal.prospect} there before they say yes. {mend}"
    return None


def amount_in(deal: Opportunity, words: str) -> str:
    """Where the words say what the deal is worth, as they say it, else nothing.

    A price counts where it is the deal's, even roughly; a figure without a currency where it is exactly the deal's and not just a one
    with noughts, as people and machines are counted.
    """
    worth = {float(int(each)) for each in (deal.amount, deal.amount_base) if each}
    for figure in _figures(words):
        is_same = figure.value in worth and len(f"{figure.value:.0f}".rstrip("0")) > 1
        if is_same or (figure.is_price and any(abs(figure.value - each) <= each * NEAR for each in worth)):
            return figure.words
    return ""


def price_in(words: str) -> str:
    """Any price in the words, or a figure shortened as prices are ("420k"), as it stands there, whatever deal it is of; else nothing."""
    return next((figure.words for figure in _figures(words) if figure.is_price or figure.is_short), "")


class Figure(NamedTuple):
    """A figure as it is written, what it comes to, whether a currency makes it a price, and whether k, m or million shorten it."""

    words: str
    value: float
    is_price: bool
    is_short: bool


def _figures(words: str) -> Iterator[Figure]:
    for found in FIGURE.finditer(words):
        number, scale = found["number"], (found["scale"] or "").strip().lower()
        if scale and re.fullmatch(r"\d+[.,]\d{1,2}", number):
            value = float(number.replace(",", "."))
        else:
            value = float(re.sub(r"\D", "", re.sub(r"[.,]\d{2}$", "", number)))
        is_short = bool(scale) and scale != "thousand"
        yield Figure(found[0].strip(), value * SCALES.get(scale, 1), bool(found["sign"] or found["code"]), is_short)


def says_why_lost(deal: Opportunity, words: str) -> bool:
    return _holds(words, deal.loss_reason)


def names_prospect(deal: Opportunity, words: str) -> bool:
    return _holds(words, deal.account.name if deal.account else deal.prospect_name)


def _holds(words: str, phrase: str) -> bool:
    """Whether the phrase stands in the words, not as a part of a longer word."""
    sought = re.escape(phrase.strip())
    return bool(sought) and re.search(rf"(?<!\w){sought}(?!\w)", words, re.IGNORECASE) is not None

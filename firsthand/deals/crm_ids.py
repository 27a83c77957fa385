"""Which deal an id of the CRM means. Salesforce writes one id in two ways: 15 characters on its pages, 18 in most of its files."""

from collections.abc import Iterable
from itertools import chain
from string import ascii_uppercase

from django.db.models import Q

from firsthand.deals.models import Opportunity

SHORT, LONG, PART = 15, 18, 5
DIGITS = ascii_uppercase + "012345"


def written(crm_id: str) -> tuple[str, ...]:
    """The id as it is given, and the other way to write it where it has one; nothing for no id."""
    if len(crm_id) not in {SHORT, LONG} or not (crm_id.isascii() and crm_id.isalnum()):
        return (crm_id,) if crm_id else ()
    short = crm_id[:SHORT]
    long = short + _case_of(short)
    if crm_id == short:
        return short, long
    return (long, short) if crm_id == long else (crm_id,)


def long_form(crm_id: str) -> str:
    """The longer of the ways to write it, so that one id is compared as one."""
    return max(written(crm_id), key=len, default="")


def _case_of(short: str) -> str:
    """The last three characters of a long id say which of the others are capitals, a bit for each of five, the first one lowest.

    So that it can be told from others without case: "Understanding 15- and 18-character IDs", Salesforce help.
    """
    parts = [short[start : start + PART] for start in range(0, SHORT, PART)]
    return "".join(DIGITS[sum(1 << place for place, sign in enumerate(part) if sign.isupper())] for part in parts)


def deals_by_id(crm_ids: Iterable[str]) -> dict[str, int]:
    """The deal that each of these ids means, in whichever way it was kept; ids that are not known are left out."""
    ways = {each: written(each) for each in crm_ids if each}
    if not ways:
        return {}
    known = Opportunity.objects.filter(~Q(external_id=""), external_id__in=set(chain.from_iterable(ways.values())))
    found = dict(known.values_list("external_id", "id"))
    return {each: pk for each, way in ways.items() if (pk := next((found[one] for one in way if one in found), None)) is not None}

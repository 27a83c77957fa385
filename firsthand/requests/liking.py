"""Whom a reference should be like: a customer, a story, or the prospect that was typed."""

from django.db.models import F

from firsthand.core import search
from firsthand.core.words_key import key
from firsthand.customers.models import Account
from firsthand.people.models import Colleague
from firsthand.stories.models import Story

SHOWN = 8


def who_to_be_like(text: str, user: Colleague) -> list[str]:
    """Customers and stories that the text finds, as they are typed."""
    customers = Account.objects.visible_to(user).filter(is_customer=True)
    accounts = search.narrow(customers, "account", text).order_by("key", "pk").values_list("name", flat=True)
    told = Story.objects.visible_to(user).filter(retired_at=None)
    headlines = search.narrow(told, "story", text).order_by("headline", "pk").values_list("headline", flat=True)
    return [*accounts[:SHOWN], *headlines[:SHOWN]]


def like_named(text: str, user: Colleague, *, before: Account | Story | None = None) -> Account | Story | None:
    """Whom the text means, as `who_to_be_like` offers it; None where nobody is called so.

    Of several, the one that was meant `before`, then a customer before other accounts, a story in use before a retired one; last,
    the one that is here longest: a namesake that comes later changes nobody's draft.
    """
    if not key(text):
        return None
    accounts = Account.objects.visible_to(user).filter(key=key(text)[:200]).order_by("-is_customer", "pk")
    stories = Story.objects.visible_to(user).filter(headline__iexact=text).order_by(F("retired_at").asc(nulls_first=True), "pk")
    found = [*accounts, *stories]
    return before if before in found else next(iter(found), None)

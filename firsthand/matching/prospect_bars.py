"""Absolute bars about who the prospect is: their own group, and whom a reference does not speak to."""

from itertools import chain

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from firsthand.core.fetched import whole_columns
from firsthand.core.numbers import Bools, Ints, np
from firsthand.core.words_key import key, words
from firsthand.customers.models import Account
from firsthand.matching.need import Need
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy
from firsthand.references.models import NoGo, Reference
from firsthand.references.roster import NONE, Roster

LONGEST_NAME = 8  # words of a company's name that is looked for in a longer one


def same_family(roster: Roster, need: Need, policy: Policy) -> Bools:
    """They belong to the prospect's own group, or to the prospect."""
    return roster.among("account", np.array(list(_family_read(roster, need)), dtype=np.int64))


def _family_read(roster: Roster, need: Need) -> dict[int, str]:
    """The same for many needs of one prospect, read once."""
    found: dict[int, str] = roster.made(("family", *_tops(need), need.deal.prospect_name), lambda: _family(need))
    return found


def _family(need: Need) -> dict[int, str]:
    """Ids and keys of the prospect's group."""
    return dict(_group(need).values_list("pk", "key"))


def _group(need: Need) -> "QuerySet[Account]":
    """The prospect's group, found by account, by family, or by the prospect's name where the deal has no account."""
    tops = _tops(need)
    if tops:
        return Account.objects.filter(Q(pk__in=tops) | Q(family__in=tops))
    if not key(need.deal.prospect_name):
        return Account.objects.none()
    named = _named(need)
    return Account.objects.filter(Q(pk__in=named.values("pk")) | Q(family__in=named.filter(family__isnull=False).values("family")))


def _tops(need: Need) -> list[int]:
    return [pk for pk in (need.deal.account_id, need.deal.family_id) if pk is not None]


def _named(need: Need) -> "QuerySet[Account]":
    return Account.objects.filter(key=key(need.deal.prospect_name))


def is_family_unseen(need: Need, viewer: Colleague) -> bool:
    """Whether the prospect, or the head of its group, is an account that this reader does not see: then the bar is not worded."""
    tops = _tops(need)
    if viewer.reads_everything or not (tops or key(need.deal.prospect_name)):
        return False
    heads = Q(pk__in=tops) if tops else Q(pk__in=_named(need).values("pk")) | Q(pk__in=_named(need).values("family"))
    return Account.objects.filter(heads, is_hidden=True).exclude(pk__in=Account.objects.visible_to(viewer).values("pk")).exists()


def same_family_words(reference: Reference, need: Need, policy: Policy) -> str:
    return f"{reference.account.name} belongs to the prospect's own group. Choose somebody outside it."


def no_go(roster: Roster, need: Need, policy: Policy) -> Bools:
    """They, or their company, will not speak to this prospect, nor for an outlet, firm or event that bears the name."""
    if not (need.deal.account_id or need.deal.family_id or need.deal.prospect_name or need.outlet):
        return roster.none()
    asked = ("no_go", *_tops(need), need.deal.prospect_name, need.outlet)
    people, customers = roster.made(asked, lambda: _who_do_not_speak(need, _family_read(roster, need)))
    return roster.among("reference", people) | roster.among("reference_account", customers)


def _who_do_not_speak(need: Need, group: dict[int, str]) -> Ints:
    """References, and reference accounts, whose no-go company it is."""
    said = _names_in(need.outlet)
    names = {key(need.deal.prospect_name), *group.values(), *said} - {""}
    barred = NoGo.objects.filter(Q(account__in=list(group)) | Q(key__in=names) | Q(account__key__in=said))
    return whole_columns(barred.values_list(Coalesce("reference_id", Value(NONE)), Coalesce("reference_account_id", Value(NONE))), 2)


def _names_in(outlet: str) -> set[str]:
    """The names that "Gartner IT Symposium" may hold, folded: each run of its words."""
    words = key(outlet).split()
    runs = {" ".join(words[start : start + n]) for start in range(len(words)) for n in range(1, LONGEST_NAME + 1)}
    return runs | {" ".join(words)} - {""}


def no_go_words(reference: Reference, need: Need, policy: Policy) -> str:
    what, name = "request" if need.outlet else "deal", _name_borne(reference, need.outlet)
    if name and key(name) != key(need.outlet):
        return f"they do not speak to {name}, and “{need.outlet}” bears that name. Choose somebody else for this {what}."
    return f"they do not speak to this company. Choose somebody else for this {what}."


def _name_borne(reference: Reference, outlet: str) -> str:
    """The words of the outlet, as they were typed, that are the name of a company they do not speak to; the longest of them."""
    found = words(outlet)
    if not found:
        return ""
    theirs = NoGo.objects.filter(Q(reference=reference) | Q(reference_account=reference.reference_account_id))
    names = set(chain.from_iterable(theirs.values_list("key", "account__key")))
    runs = [found[start : start + n] for n in range(LONGEST_NAME, 0, -1) for start in range(len(found) - n + 1)]
    borne = next((run for run in runs if " ".join(word.key for word in run) in names), None)
    return outlet[borne[0].start : borne[-1].end] if borne else ""

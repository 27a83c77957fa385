"""A deal that was typed becomes the one the CRM sent: joined by somebody who knows that they are one, or told apart for good."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from firsthand.core import search
from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.deals.actions import CRM_ID
from firsthand.deals.models import Follower, Opportunity, OpportunityValue, Stage, StageChange, ToldApart
from firsthand.deals.permissions import why_not_join
from firsthand.history.actions import record
from firsthand.history.models import Change
from firsthand.people.models import Colleague
from firsthand.requests.models import ArrangedOutside, ReferenceRequest, Use
from firsthand.requests.moving import refuse_with
from firsthand.upkeep.change_book import ChangeBook
from firsthand.upkeep.merge_records import Pointer, both, move, move_history
from firsthand.upkeep.same_deals import ids_agree

DEAL = (
    Pointer(OpportunityValue, "opportunity", "products and rivals", once=("value_id",)),
    Pointer(Follower, "opportunity", "followers", once=("colleague_id",)),
    Pointer(StageChange, "opportunity", "stages", once=("stage_id", "entered_at")),
    Pointer(ReferenceRequest, "opportunity", "requests"),
    Pointer(Use, "opportunity", "references used"),
    Pointer(ArrangedOutside, "opportunity", "references arranged outside"),
)
DEAL_BY_HAND = {(ToldApart, "typed"), (ToldApart, "imported")}
FILLED = ("external_id", "name", "account_id", "prospect_name", "owner_id", "stage_id", "amount", "currency", "amount_base", "close_date")
AMOUNT = {"amount", "currency", "amount_base"}


@deed
def join_deal(typed: Opportunity, into: Opportunity, *, by: Colleague) -> Change:
    """Give everything of the `typed` deal to the CRM's and delete it. A second call for the same two gives the first one's change.

    What the CRM knows stays; what it does not know is filled in. A program manager can take the change back.
    """
    list(locked(ReferenceRequest.objects.filter(opportunity=typed.pk)))  # requests before deals, as those who file them do
    first = joined(typed.pk)
    if first is not None and first.subject_id == into.pk and not Opportunity.objects.filter(pk=typed.pk).exists():
        return first
    typed, into = both(Opportunity, typed.pk, into.pk)
    _check(typed, into, by)
    if not ids_agree(typed, into):
        raise Refused("The CRM knows these two deals by different ids, so they are not one.", status=400)
    book = ChangeBook("merge_deal", into.pk, by)
    for pointer in DEAL:
        move(book, pointer, typed.pk, into.pk)
    for row in ToldApart.objects.filter(Q(typed=typed) | Q(imported=typed)):
        book.delete(row)
    move_history(book, "opportunity", typed.pk, into.pk)
    filled = _filled(typed, into)
    book.delete(typed)
    book.set(into, **filled)
    _enter(book, into)
    if typed.owner_id and typed.owner_id != into.owner_id and not into.followers.filter(colleague=typed.owner_id).exists():
        book.add(Follower(opportunity=into, colleague_id=typed.owner_id))
    search.drop("opportunity", [typed.pk])
    record("deal_joined", into, by=by.actor, change=book.change.pk)
    return book.change


@deed
def tell_apart(typed: Opportunity, imported: Opportunity, *, by: Colleague) -> None:
    """Remember that the two are not one deal; said twice, it is remembered once."""
    typed, imported = both(Opportunity, typed.pk, imported.pk)
    _check(typed, imported, by)
    _, is_new = ToldApart.objects.get_or_create(typed=typed, imported=imported, defaults={"colleague": by, "at": timezone.now()})
    if is_new:
        record("deals_told_apart", typed, by=by.actor, other=imported.pk)


@deed
def ask_again(typed: Opportunity, imported: Opportunity, *, by: Colleague) -> None:
    """Take a "no" back: whether the two are one deal is asked again. Taken back twice, it is gone once."""
    typed, imported = both(Opportunity, typed.pk, imported.pk)
    _check(typed, imported, by)
    gone, _ = ToldApart.objects.filter(typed=typed, imported=imported).delete()
    if gone:
        record("deals_asked_again", typed, by=by.actor, other=imported.pk)


def joined(typed_id: int) -> Change | None:
    """The change by which this typed deal went into another, unless it was taken back."""
    gone = Change.objects.filter(kind="merge_deal", undone_at=None, rows__model="deals.opportunity", rows__object_id=typed_id)
    return gone.exclude(subject_id=typed_id).order_by("-pk").first()


def _enter(book: ChangeBook, deal: Opportunity) -> None:
    """A deal that came closed may have no history of it; to those who worked on the typed one, it closes now."""
    last = deal.stage_changes.order_by("-entered_at", "-pk").values_list("stage__outcome", flat=True).first()
    if deal.stage and deal.stage.outcome == deal.outcome and deal.outcome not in {Stage.Outcome.OPEN, last}:
        book.add(StageChange(opportunity=deal, stage=deal.stage, entered_at=timezone.now(), amount=deal.amount))


def _check(typed: Opportunity, imported: Opportunity, by: Colleague) -> None:
    if typed.source != Opportunity.Source.TYPED or imported.source != Opportunity.Source.CRM:
        raise Refused("Only a deal that was typed is joined, and only with one of the CRM.", status=400)
    refuse_with(why_not_join(by, typed, imported), status=403)


def _filled(typed: Opportunity, into: Opportunity) -> dict[str, Any]:
    """What the CRM's deal does not know. An amount goes with its currency, a prospect's name only where no account is known."""
    filled = {name: getattr(typed, name) for name in FILLED if getattr(into, name) in {None, ""} and getattr(typed, name) not in {None, ""}}
    if into.amount is not None:
        filled = {name: value for name, value in filled.items() if name not in AMOUNT}
    if into.account_id or filled.get("account_id"):
        filled.pop("prospect_name", None)
    if "stage_id" in filled:
        filled["outcome"] = typed.outcome
    custom = {name: value for name, value in typed.custom.items() if name != CRM_ID}
    return {**filled, "custom": {**custom, **into.custom}}

"""What a colleague writes to a reference afterwards: thanks, and what came of it. Drafted here, sent in their words."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.deals.models import Stage, StageChange
from firsthand.deals.naming import shown_prospect
from firsthand.history.actions import record
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.requests.actions.filing import said
from firsthand.requests.letters import managers_of, send_note, write_of_closing
from firsthand.requests.models import Ask, PersonalNote
from firsthand.requests.moving import lock, refuse_with
from firsthand.requests.permissions import withdrawn_bar
from firsthand.requests.routing import is_on_owner_side
from firsthand.requests.unsaid import amount_in, names_prospect, price_in, says_why_lost

Kind = PersonalNote.Kind
MOST_WORDS = 4000
FRESH = timedelta(days=7)  # how long after a deal closed its owner is asked to tell; an import of old deals asks nobody
WON, LOST = Stage.Outcome.WON, Stage.Outcome.LOST
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@deed
def write_note(ask: Ask, *, by: Colleague, kind: str, words: str, prospect_agreed: bool = False) -> PersonalNote:
    """Send a thank-you (the owner's side) or what came of it (the deal's owner) to the reference, once each.

    A deal that was opened again and closed the other way is told of once more, beside what was told before.
    Raises `Refused`: 403 for whose it is not, 409 before it was held, when it was sent or where it cannot be, 400 for words that tell
    what stays inside.
    """
    text = said(words, "Write a few words first.", most=MOST_WORDS)
    fresh = lock(ask.reference_request).ask(ask)
    refuse_with(who_may_not_write(by, kind, fresh), status=403)
    refuse_with(why_not_yet(kind, fresh))
    if standing_note(fresh, kind) is not None:
        raise Refused("This has been sent already.")
    refuse_with(_why_not_sent(fresh, by))
    is_thanks = kind == Kind.THANKS  # they gave their time to somebody whose name the program told them itself
    refuse_with(why_not_words(fresh, text, prospect_agreed=prospect_agreed or is_thanks, reader=by), status=400)
    deal = None if is_thanks else fresh.reference_request.opportunity
    outcome = deal.outcome if deal else ""
    note = PersonalNote.objects.create(ask=fresh, kind=kind, words=text, outcome=outcome, author=by, prospect_agreed=prospect_agreed)
    send_note(note)
    record("write_note", fresh, by=by.actor, context=fresh.reference_request, kind=kind)
    return note


def standing_note(ask: Ask, kind: str) -> PersonalNote | None:
    """The note that was sent; the last one of what came of it, unless the deal stands otherwise than it tells."""
    note, deal = ask.personal_notes.filter(kind=kind).order_by("-pk").first(), ask.reference_request.opportunity
    tells_otherwise = note is not None and kind == Kind.CAME_OF_IT and deal is not None and note.outcome != deal.outcome
    return None if tells_otherwise else note


def why_not_yet(kind: str, ask: Ask) -> str | None:
    """The sentence while there is nothing to write of. What came of it is told once it is known, so not before the deal has closed."""
    if ask.status != Ask.Status.HELD:
        return "It has not happened yet, so there is nothing to write of."
    deal = ask.reference_request.opportunity
    if kind == Kind.CAME_OF_IT and deal is not None and deal.outcome == Stage.Outcome.OPEN:
        return "The deal is still open. Once it closes its owner tells what came of it."
    return None


def _why_not_sent(ask: Ask, by: Colleague) -> str | None:
    """The sentence where the mail would never leave: they take part no more, or nobody can write to them."""
    bar = withdrawn_bar(ask, viewer=by)
    if bar is not None:
        return f"The program does not write to them any more. {bar.sentence}"
    return None if ask.reference.contact.email else "There is no e-mail address of this reference. Add one to the contact first."


def who_may_not_write(by: Colleague, kind: str, ask: Ask) -> str | None:
    """The owner's side and managers thank; the deal's owner tells what came of it, a manager where the deal has none."""
    if kind == Kind.THANKS:
        may = by.runs_program or is_on_owner_side(by, ask)
        return None if may else "The account owner or a program manager thanks the reference."
    owner = deal_owner(ask)
    if ask.reference_request.opportunity is None:
        return "This request is not for a deal, so there is no outcome to tell."
    if by == owner or (owner is None and by.runs_program):
        return None
    return f"{owner.name}, who owns the deal, tells what came of it." if owner else "A program manager tells what came of it."


def deal_owner(ask: Ask) -> Colleague | None:
    """Who owns the deal the ask was for, if they still work here."""
    deal = ask.reference_request.opportunity
    return deal.owner if deal is not None and deal.owner is not None and deal.owner.is_active else None


def why_not_words(ask: Ask, words: str, *, prospect_agreed: bool, reader: Colleague | None) -> str | None:
    """The sentence for words that must not leave: an amount, the reason of a loss, the prospect's name unless they agreed."""
    deal = ask.reference_request.opportunity
    if deal is None:
        return None
    if price_in(words) or amount_in(deal, words):
        return "An amount is never told. Take it out of the text."
    if says_why_lost(deal, words):
        return "Why a deal was lost is never told. Take it out of the text."
    if not prospect_agreed and names_prospect(deal, words):
        return f"The text names {shown_prospect(deal, reader)}. Tick that they agreed to be named, or take the name out."
    return None


def ask_what_came_of_it(now: datetime) -> int:
    """A deal closed in these days: its owner is asked, once for each reference who helped, to tell them. Says how many.

    A deal that was opened again and closed anew is another closing, and is asked about afresh unless they were told that it came out so.
    """
    closed = StageChange.objects.filter(stage__outcome__in=[WON, LOST], entered_at__gte=now - FRESH, entered_at__lte=now)
    told = PersonalNote.objects.filter(ask=OuterRef("pk"), kind=Kind.CAME_OF_IT).order_by("-pk").values("outcome")[:1]
    helped = (
        Ask.objects.filter(
            reference_request__opportunity__outcome__in=[WON, LOST],
            status=Ask.Status.HELD,
            reference_request__opportunity__in=closed.values("opportunity"),
        )
        .annotate(told=Coalesce(Subquery(told), Value("")))
        .exclude(told=F("reference_request__opportunity__outcome"))
    )
    asked = Message.objects.filter(kind="came_of_it_draft", subject_kind="ask", subject_id=OuterRef("pk"))
    of_this_closing = asked.annotate(of=Cast(KT("facts__closing"), IntegerField())).filter(of=OuterRef("closing"))
    due = _with_closing(helped, now).filter(~Exists(of_this_closing), closing__in=closed.values("pk"))
    asks = list(due.select_related("reference_request__opportunity__owner", "reference_request__manager").order_by("pk")[:200])
    for ask in asks:
        _ask_owner(ask, ask.closing)
    return len(asks)


def _with_closing(asks: "QuerySet[Ask]", now: datetime) -> "QuerySet[Any]":
    """`closing`: the change of stage by which the deal came to its outcome, from whatever else it was before."""
    deal = "reference_request__opportunity"
    moves = StageChange.objects.filter(opportunity=OuterRef(deal), entered_at__lte=now)
    otherwise = moves.exclude(stage__outcome=OuterRef(f"{deal}__outcome")).order_by("-entered_at").values("entered_at")[:1]
    since = moves.filter(stage__outcome=OuterRef(f"{deal}__outcome"), entered_at__gte=Coalesce(OuterRef("otherwise_at"), Value(BEGINNING)))
    first = since.order_by("entered_at", "pk").values("pk")[:1]
    return asks.annotate(otherwise_at=Subquery(otherwise)).annotate(closing=Subquery(first))


@deed
def _ask_owner(ask: Ask, closing: int) -> None:
    owner = deal_owner(ask)
    for colleague in [owner] if owner else managers_of(ask.reference_request):
        write_of_closing(colleague, ask, closing)

"""How it went, in one tap, from each side. A missing debrief never holds anything up."""

from decimal import Decimal

from django.db.models import Avg

from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.customers.models import Contact
from firsthand.history.actions import record
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.references.actions import grade_slot, hold_slot
from firsthand.references.models import Engagement
from firsthand.requests.actions.attending import name_and_address, named
from firsthand.requests.checks import why_not_hours
from firsthand.requests.letters import tell, write_prospect_debrief, written
from firsthand.requests.models import Ask, Attendee, Debrief
from firsthand.requests.moving import actor_of, lock, refuse_with
from firsthand.requests.permissions import withdrawn_bar

# Whose grade says how good the reference was; the reference's own says how it was for them.
COLLEAGUE_TOLD = "A colleague of yours has told already. Thank you, nothing more is asked of you."
GRADING = (Debrief.Side.REQUESTER, Debrief.Side.PROSPECT)


@deed
def give_debrief(
    ask: Ask, *, by: Colleague | Contact | Attendee, grade: int, words: str = "", hours: Decimal | None = None, found_own: bool = False
) -> Debrief:
    """Keep one side's grade (1 to 5). Given twice, the first grade stands and only what was missing is added.

    `hours`: how long it took the reference; where nobody said so yet they are those of the slot, but not from the prospect.
    `found_own`: the buyer also spoke to a customer they found on their own.

    Raises `Refused`: 403 when it is not theirs to give, 409 before it was held or where somebody else of the other side told it,
    400 for a grade outside 1 to 5.
    """
    side = side_of(by, ask)
    fresh = locked(Ask.objects.filter(pk=ask.pk)).get()
    if fresh.status != Ask.Status.HELD:
        raise Refused("It has not been held yet, so there is nothing to tell of.")
    if not 1 <= grade <= 5:
        raise Refused("The grade is a number from 1 to 5.", status=400)
    refuse_with(why_not_hours(hours), status=400)
    told = {"grade": grade, "words": words.strip()[:4000], "hours": hours, "facts": {"found_own": True} if found_own else {}}
    debrief, is_new = Debrief.objects.get_or_create(ask=fresh, side=side, defaults=told)
    if not is_new and isinstance(by, Attendee) and not has_told(by, fresh):
        raise Refused(COLLEAGUE_TOLD)
    slot = fresh.slot
    if slot is not None and slot.hours is None and hours is not None and side != Debrief.Side.PROSPECT:
        hold_slot(slot, hours=hours)
    if not is_new:
        return _add_detail(debrief, words=words, hours=hours)
    if slot is not None and side in GRADING:
        regrade(slot)
    event = record("debrief", fresh, by=actor_of(by), context=fresh.reference_request, side=str(side), grade=grade)
    if side == Debrief.Side.REFERENCE:
        tell(event, fresh, [fresh.reference.account.owner, fresh.reference_request.manager])
    if side == Debrief.Side.PROSPECT:  # they were asked in the requester's name
        tell(event, fresh, [fresh.reference_request.requester], by_mail=True)
    return debrief


def has_told(attendee: Attendee, ask: Ask) -> bool:
    """Whether the grade of the other side is theirs; the first who tells speaks for all."""
    told = Event.objects.filter(verb="debrief", subject_kind="ask", subject_id=ask.pk, actor_kind="prospect").order_by("-pk").first()
    return told is not None and told.actor_id == attendee.pk


def regrade(slot: Engagement) -> None:
    """The grade of a slot, from the debriefs of those of its asks that happened."""
    held = Ask.objects.on_slot(slot).filter(status=Ask.Status.HELD)
    mean = Debrief.objects.filter(ask__in=held, side__in=GRADING).aggregate(mean=Avg("grade"))["mean"]
    grade_slot(slot, grade=None if mean is None else Decimal(mean).quantize(Decimal("0.01")))


@deed
def release_debrief(ask: Ask, attendee: Attendee | None = None, *, by: Colleague, name: str = "", email: str = "") -> Attendee:
    """Ask somebody of the other side how it was: the seller decides whether they are asked, and the reference is not told.

    Without an attendee it is whoever has this name and e-mail, who is asked that and comes to nothing else. Gives who is asked.
    Raises `Refused`: 403 for all but the requester, 409 before it was held, where somebody told it already or was asked already, and
    once the reference took back what they agreed to, 400 where nobody is named.
    """
    fresh = lock(ask.reference_request).ask(ask)
    if by.pk != fresh.reference_request.requester_id:
        raise Refused("Only the requester asks the prospect how it was.", status=403)
    if fresh.status != Ask.Status.HELD:
        raise Refused("It has not been held yet, so there is nothing to ask the prospect.")
    if attendee is None:
        if Event.objects.filter(verb="release_debrief", subject_kind="ask", subject_id=fresh.pk).count() >= Attendee.MOST:
            raise Refused(f"At most {Attendee.MOST} people of the other side are asked.", status=400)
        person, address = name_and_address(name, email, otherwise="Say who of the other side tells how it was.")
        attendee = named(fresh, name=person, email=address)
    elif not Attendee.objects.coming_to(fresh).filter(pk=attendee.pk).exclude(email="").exists():
        raise Refused("Choose somebody who took part and has an e-mail address.", status=400)
    if fresh.debriefs.filter(side=Debrief.Side.PROSPECT).exists():
        raise Refused("The prospect has told how it was already.")
    refuse_with(why_not_ask_prospect(fresh, viewer=by))
    if written("prospect_debrief", attendee, fresh).exists():
        raise Refused(f"{attendee.name} has been asked already.")
    write_prospect_debrief(attendee, fresh)
    record("release_debrief", fresh, by=by.actor, context=fresh.reference_request, attendee=attendee.pk)
    return attendee


def why_not_ask_prospect(ask: Ask, *, viewer: Colleague) -> str | None:
    """The sentence where the reference took it back: nobody outside is written to about them any more."""
    bar = withdrawn_bar(ask, viewer=viewer)
    return f"The prospect is asked nothing about them any more. {bar.sentence}" if bar else None


def side_of(by: Colleague | Contact | Attendee, ask: Ask) -> Debrief.Side:
    """Whose side they are on. Raises `Refused` (403) for everybody else."""
    if isinstance(by, Contact):
        if by.pk == ask.reference.contact_id:
            return Debrief.Side.REFERENCE
    elif isinstance(by, Attendee):
        if Attendee.objects.coming_to(ask).filter(pk=by.pk).exists() or written("prospect_debrief", by, ask).exists():
            return Debrief.Side.PROSPECT
    elif by.pk == ask.reference_request.requester_id:
        return Debrief.Side.REQUESTER
    raise Refused("Only the requester and the reference say how it went.", status=403)


def _add_detail(debrief: Debrief, *, words: str, hours: Decimal | None) -> Debrief:
    debrief.words = debrief.words or words.strip()[:4000]
    debrief.hours = hours if debrief.hours is None else debrief.hours
    debrief.save(update_fields=["words", "hours"])
    return debrief

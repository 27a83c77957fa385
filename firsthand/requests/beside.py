"""A panel: several references of one request at one fixed time. Who comes to a time that stands, and why somebody may not."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils import timezone

from firsthand.core.clock import today as today_in
from firsthand.matching.rules import BY_CODE
from firsthand.people.models import Colleague
from firsthand.program.policy import day_here, in_force
from firsthand.references.models import Reference
from firsthand.references.roster import Roster
from firsthand.requests.models import Ask, Occasion
from firsthand.requests.needs import deal_with, need_of
from firsthand.requests.permissions import why_nobody_more, why_not_request_now
from firsthand.requests.workflow import RequestMove

A = Ask.Status
NO_TIME = "There is no time ahead to which somebody else could come."
SHARED = "Other requests come to this time, or ask to, so only one reference speaks. Fix another time for the next one."
STAYS = "Others speak at that time as well, so it stays. If you cannot come, say so; it goes on without you."


def time_to_come(ask: Ask) -> Occasion | None:
    """The time it is asked to come to, while it is still to come: nobody's place any more, or beside those who stand there.

    None where it is off, where the place is taken, and where no panel may come about: other requests come, or enough agreed.
    """
    host = ask.comes_to
    occasion = host.occasion if host else None
    if host is None or occasion is None or occasion.canceled_at is not None or occasion.starts_at <= timezone.now():
        return None
    if is_for_others(occasion, ask):
        return None
    others = list(Ask.objects.beside(ask, occasion).select_related("reference__contact__account"))
    if not others:
        return occasion
    agreed = ask.reference_request.asks.filter(status__in=Ask.AGREED).exclude(pk=ask.pk).count()
    is_open = ask.reference_request.activity_type.is_shared and agreed < ask.reference_request.n_wanted
    return occasion if is_open and why_apart(ask, ask.reference, others) is None else None


def time_shown(ask: Ask) -> Occasion | None:
    """The fixed time that a yes to this ask is to: the one it would join, or the one it is asked to come to."""
    return ask.joins.occasion if ask.joins else time_to_come(ask)


def day_anew(ask: Ask) -> date | None:
    """The day on which a late yes takes its slot: of the time they are asked to come to, else the one it is needed by. Else None."""
    if ask.status != A.LAPSED or ask.joins_id is not None:
        return None
    occasion = time_to_come(ask)
    return day_here(occasion.starts_at) if occasion else max(ask.reference_request.slot_day, today_in(in_force().time_zone))


def moment_shown(ask: Ask) -> str:
    """The moment of that time for a form to send back, or empty: a yes is to the time that stood on the page."""
    occasion = time_shown(ask)
    return occasion.starts_at.isoformat() if occasion else ""


def why_no_panel(host: Ask) -> str | None:
    """The sentence where nobody else can be asked to come to the time of this ask."""
    occasion, reference_request = host.occasion, host.reference_request
    if occasion is None or not host.is_ahead:
        return NO_TIME
    if not reference_request.activity_type.is_shared:
        return f"{reference_request.activity_type.a_noun.capitalize()} is with one reference at a time."
    if is_for_others(occasion, host):
        return SHARED
    return why_not_request_now(RequestMove.ASK, reference_request) or why_nobody_more(reference_request)


def is_for_others(occasion: Occasion, ask: Ask) -> bool:
    """Whether a request besides that of this ask comes to the time, or waits for the answer."""
    waits = Ask.objects.filter(status__in=Ask.OPEN, joins__occasion=occasion, joins__status=A.SCHEDULED)
    coming = Ask.objects.filter(status=A.SCHEDULED, occasion=occasion)
    return (waits | coming).exclude(reference_request=ask.reference_request_id).exists()


def why_apart(ask: Ask, reference: Reference, others: Iterable[Ask], *, viewer: Colleague | None = None) -> str | None:
    """The sentence of the rule by which a reference and those who come already do not speak to each other's companies."""
    rule, need, policy = BY_CODE["no_go"], need_of(ask.reference_request), in_force()
    for other in others:
        for one, met in ((reference, other.reference), (other.reference, reference)):
            meets, roster = replace(need, deal=deal_with(met.account)), Roster.around(one)
            if rule.bars(roster, meets, policy)[roster.row(one)]:
                return rule.sentence(one, meets, policy, viewer)
    return None


def who_still_comes(ask: Ask) -> Ask:
    """The ask, or where that was canceled another that comes to its time for the same request: somebody of the other side meets them."""
    found = Ask.objects.beside(ask).order_by("pk").first() if ask.status == A.CANCELED else None
    return found or ask

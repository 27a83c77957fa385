"""The reference's own page, behind a signed link. Nothing happens on GET."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from firsthand.core.clock import today as today_in
from firsthand.core.links import link_of
from firsthand.core.locks import deed
from firsthand.core.public import public
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.core.words import listed
from firsthand.customers.models import Contact
from firsthand.history.actions import Actor
from firsthand.portal.forms import LimitForm
from firsthand.portal.own_page import own_page, own_pauses
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.references.actions import change_reference, lift_hold, record_consent, set_hold, set_willingness
from firsthand.references.models import Consent, Hold, Reference, Willingness
from firsthand.requests.actions import end_for_reference, tell_what_stands
from firsthand.requests.envelope import moment
from firsthand.requests.letters import PORTAL
from firsthand.requests.models import Ask

PAUSES = {"month": 30, "quarter": 91, "open": None}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, link_id: int) -> HttpResponse:
    """What they like to do, a pause, what they gave and agreed to; each changed by one button."""
    link = link_of(request, PORTAL, link_id)
    contact = get_object_or_404(Contact.objects.select_related("person", "account__owner"), pk=link.subject_id)
    reference = Reference.objects.filter(contact=contact).first()
    if request.method == "POST":
        if reference is None:
            raise Refused("You are not in the program any more, so there is nothing to change.")
        said = DEEDS.get(request.POST.get("act", ""), unknown)(request, reference)
        toast(request, said)
        return redirect("portal:page", link_id)
    limit = {"limit_count": reference.limit_count, "limit_period": reference.limit_period} if reference else {}
    return render(request, "portal/page.html", {"page": own_page(contact, link), "limit": LimitForm(initial=limit)})


def themselves(reference: Reference) -> Actor:
    return Actor("contact", reference.contact_id)


@deed
def like(request: HttpRequest, reference: Reference) -> str:
    """Yes, ask me first or no, per activity type; what was left as it is is not written. What is fixed already stands."""
    refused = []
    told = dict(Willingness.objects.filter(reference=reference).values_list("activity_type", "answer"))
    for activity_type in ActivityType.objects.filter(retired_at=None):
        answer = request.POST.get(f"like-{activity_type.pk}", "")
        if answer in Willingness.Answer.values and answer != told.get(activity_type.pk):
            set_willingness(reference, activity_type, by=themselves(reference), answer=answer)
            refused += [activity_type] if answer == Willingness.Answer.NO else []
    standing = tell_what_stands(reference, by=themselves(reference), activity_types=refused) if refused else []
    return f"Saved. It counts from now on.{stands(standing)}"


def limit(request: HttpRequest, reference: Reference) -> str:
    form = LimitForm(request.POST)
    if not form.is_valid():
        raise Refused("A limit is a number from 0 to 100, per month, quarter or year.", status=400)
    change_reference(reference, by=themselves(reference), **form.cleaned_data)
    return "Saved. Nobody asks you more often."


def stands(asks: Sequence[Ask]) -> str:
    """What stays fixed, on the reference's own clock; empty where nothing is."""
    if not asks:
        return ""
    times = listed([f"{ask.reference_request.activity_type.noun} on {moment(ask, ask.reference.contact)}" for ask in asks])
    return f" What is fixed already stands: {times}. Call it off on its own page if you cannot."


@deed
def pause(request: HttpRequest, reference: Reference) -> str:
    """Nobody asks them until then; they need no reason. What is fixed already stands."""
    length = request.POST.get("until", "")
    if length not in PAUSES:
        raise Refused("Choose how long you need a pause.", status=400)
    days = PAUSES[length]
    until = today_in(in_force().time_zone) + timedelta(days=days) if days else None
    set_hold(reference, kind=Hold.Kind.OWN, by=themselves(reference), reason="Their own pause", until=until)
    words = "Nobody asks you until then." if until else "Nobody asks you until you say so."
    from_day = until + timedelta(days=1) if until else None
    return f"{words}{stands(tell_what_stands(reference, by=themselves(reference), from_day=from_day))}"


@deed
def end_pause(request: HttpRequest, reference: Reference) -> str:
    for hold in own_pauses(reference).order_by("pk"):
        lift_hold(hold, by=themselves(reference))
    return "Your pause has ended."


@deed
def withdraw(request: HttpRequest, reference: Reference) -> str:
    """Consent ends at once, and so does whatever is being asked."""
    record_consent(reference.contact, kind=Consent.Kind.WITHDRAWN, by=themselves(reference), method="their own page")
    end_for_reference(reference, reason="They withdrew their consent.")
    return "Withdrawn. It counts from this moment, and nobody asks again."


@deed
def leave(request: HttpRequest, reference: Reference) -> str:
    """Out of the program: consent withdrawn, standing retired."""
    withdraw(request, reference)
    change_reference(reference, by=themselves(reference), status=Reference.Status.RETIRED)
    return "You have left the program. Thank you for what you gave."


def unknown(request: HttpRequest, reference: Reference) -> str:
    raise Refused("That is not something this page can do.", status=400)


DEEDS: Mapping[str, Callable[[HttpRequest, Reference], str]] = {
    "like": like,
    "limit": limit,
    "pause": pause,
    "end_pause": end_pause,
    "withdraw": withdraw,
    "leave": leave,
}

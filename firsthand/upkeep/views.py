"""The outbox, for those who may read it, and everybody's own notices."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from firsthand.core import lists
from firsthand.core.mail import Button, Mail, Quote
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.history.models import Message
from firsthand.people.signed_in import SignedIn
from firsthand.upkeep import listing
from firsthand.upkeep.messages import KINDS
from firsthand.upkeep.notices import notices_for, notices_of
from firsthand.upkeep.outbox import render as rendered
from firsthand.upkeep.outbox import send_again, why_not_again
from firsthand.upkeep.permissions import links_are_live, why_not_read_messages
from firsthand.upkeep.reasons import reason_for


def demand_reader(request: SignedIn) -> None:
    sentence = why_not_read_messages(request.user)
    if sentence is not None:
        raise Refused(sentence, status=403)


@require_safe
def outbox(request: SignedIn) -> HttpResponseBase:
    demand_reader(request)
    return lists.answer(request, listing.messages(), "upkeep/outbox.html", {"live": links_are_live()})


@require_safe
def message(request: SignedIn, pk: int) -> HttpResponse:
    """One message, rendered now as it would be sent now; links are replaced by their label wherever mail leaves the house."""
    demand_reader(request)
    found = get_object_or_404(Message, pk=pk, channel=Message.Channel.MAIL)
    mail, why_not = shown(found)
    context = {
        "message": found,
        "label": KINDS[found.kind].label if found.kind in KINDS else found.kind,
        "mark": listing.mark(found),
        "mail": mail,
        "parts": parts_of(mail) if mail else [],
        "why_not": why_not,
        "reason": reason_for(found, request.user),
        "live": links_are_live(),
        "may_send_again": request.user.runs_program and why_not_again(found) is None,
    }
    return render(request, "upkeep/message.html", context)


@require_POST
def message_sending(request: SignedIn, pk: int) -> HttpResponse:
    """Send a mail that failed once more."""
    demand_reader(request)
    send_again(get_object_or_404(Message, pk=pk, channel=Message.Channel.MAIL), by=request.user)
    toast(request, "It is sent again.")
    return redirect("upkeep:message", pk)


def shown(found: Message) -> tuple[Mail | None, str]:
    """The mail as it reads now, or why it cannot be shown."""
    try:
        return rendered(found, timezone.now()), ""
    except LookupError:
        return None, "What this message was about is gone, so its words are gone too."


def parts_of(mail: Mail) -> list[dict[str, object]]:
    """The parts of a mail with their kind, for templates."""
    return [{"is_button": isinstance(part, Button), "is_quote": isinstance(part, Quote), "part": part} for part in mail.parts]


@require_safe
def notices(request: SignedIn) -> HttpResponse:
    """One's own notices, the newest first."""
    return render(request, "upkeep/notices.html", {"notices": notices_for(request.user, timezone.now())})


@require_POST
def notices_read(request: SignedIn) -> HttpResponse:
    """Mark all one's notices as read."""
    notices_of(request.user).filter(read_at=None).update(read_at=timezone.now())
    return redirect("upkeep:notices")

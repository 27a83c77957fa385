"""The mails of this room, rendered at send time from ids."""

from datetime import datetime

from firsthand.core.links import address
from firsthand.core.mail import Button, Mail
from firsthand.core.models import Link
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.models import Colleague, Invitation

ENDED = Unsent("link_ended")


def why_not_invite(message: Message, now: datetime) -> Unsent | None:
    """Why an invitation is no longer to be sent."""
    return _why_not(_live_link("invitation", message.subject_id, now))


def invitation(message: Message, now: datetime) -> Mail:
    """The mail that invites a colleague to sign in."""
    row = Invitation.objects.select_related("colleague", "invited_by").get(pk=message.subject_id)
    inviter = row.invited_by.name if row.invited_by else "A colleague"
    link = _live_link("invitation", row.pk, now)
    return _mail(
        row.colleague,
        f"{inviter} invites you to Firsthand",
        f"{inviter} invites you to Firsthand, where our customer references are found, asked and thanked.",
        "Choose a password",
        link,
    )


def why_not_new_password(message: Message, now: datetime) -> Unsent | None:
    """Why a link for a new password is no longer to be sent."""
    return _why_not(_live_link("new_password", message.subject_id, now))


def new_password(message: Message, now: datetime) -> Mail:
    """The mail with which a colleague chooses a new password."""
    return _mail(
        Colleague.objects.get(pk=message.subject_id),
        "Choose a new password for Firsthand",
        "Somebody, probably you, asked for a new password. If it was not you, nothing needs to be done: the old one still works.",
        "Choose a new password",
        _live_link("new_password", message.subject_id, now),
    )


def _mail(colleague: Colleague, subject: str, text: str, label: str, link: Link | None) -> Mail:
    if link is None:
        raise LookupError(ENDED.code)
    ends = f"The link works once, until {link.expires_at:%d %B %Y, %H:%M} UTC."
    greeting = f"Hello {colleague.name},"
    return Mail(colleague.name, colleague.email or "", subject, (greeting, text, Button(label, address(link)), ends))


def _live_link(purpose: str, subject_id: int, now: datetime) -> Link | None:
    return (
        Link.objects.filter(purpose=purpose, subject_id=subject_id, used_at=None, revoked_at=None, expires_at__gt=now)
        .order_by("-pk")
        .first()
    )


def _why_not(link: Link | None) -> Unsent | None:
    return None if link else ENDED

"""Signed links: one thing for one person. The row holds no secret; the token is made from it whenever a mail is rendered."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from firsthand.core.models import Link
from firsthand.core.refused import Refused

SALT = "firsthand.link"
COOKIE = "link"
SESSION_SECONDS = 3600


def make_link(purpose: str, subject_id: int, *, expires_at: datetime, holder_id: int | None = None) -> Link:
    """A new link row. Its address is `address(link)`."""
    return Link.objects.create(purpose=purpose, subject_id=subject_id, expires_at=expires_at, holder_id=holder_id)


def revoke_links(purposes: Iterable[str], subject_id: int, *, now: datetime, holder_id: int | None = None) -> None:
    """End the links of these purposes on one subject, of one holder where that is said."""
    links = Link.objects.filter(purpose__in=list(purposes), subject_id=subject_id, revoked_at=None)
    (links if holder_id is None else links.filter(holder_id=holder_id)).update(revoked_at=now)


def address(link: Link) -> str:
    """The whole address that goes into a mail."""
    return f"{settings.BASE_URL}/l/{token(link)}/"


def token(link: Link) -> str:
    """The signed text of a link: purpose, row and nonce, so that a token for one purpose opens nothing else."""
    return signing.dumps([link.purpose, link.pk, link.nonce.hex], salt=SALT, compress=False)


def read_token(text: str) -> Link:
    """The live link a token stands for.

    Raises `Refused` with status 404 when it was tampered with and 410 when it has expired or was revoked.
    """
    try:
        purpose, pk, nonce = signing.loads(text, salt=SALT)
        link = Link.objects.get(pk=pk, purpose=purpose, nonce=nonce)
    except (signing.BadSignature, ValueError, TypeError, Link.DoesNotExist):
        raise Refused("This link is not complete. Open it again from the mail, with the whole address.", status=404) from None
    check_live(link)
    return link


def page(link: Link) -> str:
    """Where a link leads, without its token: the page that `settings.LINK_PAGES` names for its purpose, with the link's id."""
    return reverse(settings.LINK_PAGES[link.purpose], args=[link.pk])


def remember(response: HttpResponse, link: Link, *, is_secure: bool) -> None:
    """Open the short session of a link: a signed cookie that the browser sends to this link's page alone."""
    response.set_signed_cookie(
        COOKIE, token(link), salt=SALT, max_age=SESSION_SECONDS, path=page(link), httponly=True, secure=is_secure, samesite="Lax"
    )


def link_of(request: HttpRequest, purpose: str, link_id: int) -> Link:
    """The live link whose page this is, for as long as its short session lasts.

    Raises `Refused` (410) when the page was not opened through the link, or too long ago, and as `read_token` does.
    """
    text = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=SESSION_SECONDS)
    link = read_token(text) if text else None
    if link is None or (link.purpose, link.pk) != (purpose, link_id):
        raise Refused("This page was open too long. Open the link in the mail again.", status=410)
    return link


def check_live(link: Link) -> None:
    """Raise `Refused` (410) when the link has ended."""
    if link.revoked_at is not None:
        raise Refused("This link has been withdrawn. The newest mail holds the one that works.", status=410)
    if link.expires_at <= timezone.now():
        raise Refused(f"This link ended on {link.expires_at:%d %B %Y}. Write back to whoever sent it for a new one.", status=410)

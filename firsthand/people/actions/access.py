"""How colleagues get in and out: the first visitor, invitations, new passwords, deactivation."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from firsthand.core.links import check_live, make_link, revoke_links
from firsthand.core.locks import deed, guarded_update, locked
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.history.actions import Letter, post, record
from firsthand.people.actions.colleagues import lock_with_admins, revoke_open_links, taken
from firsthand.people.models import Colleague, Invitation, Opening
from firsthand.people.permissions import Move, demand, why_not

INVITATION_LASTS = timedelta(days=14)
NEW_PASSWORD_LASTS = timedelta(hours=24)
OPENED = "This installation has been set up. Sign in, or have somebody there invite you."
USED = "This link has been used. Sign in, or have a new one sent from the sign-in page."


def is_open_to_first_visitor() -> bool:
    """Whether nobody has ever been able to sign in here."""
    return not Opening.objects.exists() and not Colleague.objects.who_can_sign_in().exists()


def open_installation(*, name: str, email: str, password: str) -> Colleague:
    """Make the first person, an administrator. Of two first visitors one wins; the other, and any later one, is refused."""
    return _open(name, email.strip().lower(), make_password(password))


@deed
def _open(name: str, email: str, hashed: str) -> Colleague:
    be_first()
    try:
        with transaction.atomic():
            colleague = Colleague.objects.create(name=name, email=email, password=hashed, role=Colleague.Role.ADMIN)
    except IntegrityError:
        raise taken(email) from None
    record("installation_opened", colleague, by=colleague.actor)
    return colleague


def be_first() -> None:
    """In the transaction that makes whoever can sign in first: raises `Refused` where somebody is there already or was faster."""
    try:
        with transaction.atomic():
            Opening.objects.create()
    except IntegrityError:
        raise Refused(OPENED) from None
    if Colleague.objects.who_can_sign_in().exists():
        raise Refused(OPENED)


@deed
def invite(colleague: Colleague, *, by: Colleague) -> Invitation:
    """Send a link with which the colleague chooses a password. An earlier invitation ends."""
    colleague = locked(Colleague.objects.filter(pk=colleague.pk)).get()
    demand(why_not(by, Move.INVITE, colleague))
    revoke_open_links(colleague)
    invitation = Invitation.objects.create(colleague=colleague, invited_by=by)
    make_link("invitation", invitation.pk, holder_id=colleague.pk, expires_at=timezone.now() + INVITATION_LASTS)
    post([Letter("invitation", colleague, invitation, f"invitation:{invitation.pk}")])
    record("colleague_invited", colleague, by=by.actor)
    return invitation


@deed
def request_new_password(email: str) -> None:
    """Send a link for a new password to whoever signs in with that address; whether anybody does stays untold."""
    colleague = locked(Colleague.objects.who_can_sign_in().filter(email=email.strip().lower())).first()
    if colleague is None:
        return
    revoke_links(["new_password"], colleague.pk, now=timezone.now())
    link = make_link("new_password", colleague.pk, holder_id=colleague.pk, expires_at=timezone.now() + NEW_PASSWORD_LASTS)
    post([Letter("new_password", colleague, colleague, f"new_password:{link.pk}")])
    record("new_password_requested", colleague, by=colleague.actor)


def colleague_of(link: Link) -> Colleague:
    """Who an invitation or a link to a new password is for. Raises `Refused` when it was used or they were deactivated."""
    colleague = Colleague.objects.active().filter(pk=link.holder_id or 0).first()
    if link.used_at is not None or colleague is None:
        raise Refused(USED, status=410)
    return colleague


def set_password_by_link(link: Link, password: str) -> Colleague:
    """Take the password an invited colleague chose, or a new one. The link dies, and so do all others to that colleague."""
    return _set_password(link, make_password(password))


@deed
def _set_password(link: Link, hashed: str) -> Colleague:
    link = locked(Link.objects.filter(pk=link.pk)).get()
    check_live(link)
    colleague = locked(Colleague.objects.filter(pk=colleague_of(link).pk)).get()
    now = timezone.now()
    revoke_open_links(colleague)
    Link.objects.filter(pk=link.pk).update(used_at=now, revoked_at=None)  # used, which its page tells better than withdrawn
    Colleague.objects.filter(pk=colleague.pk).update(password=hashed, revision=F("revision") + 1)
    if link.purpose == "invitation":
        Invitation.objects.filter(pk=link.subject_id).update(accepted_at=now)
    record("invitation_accepted" if link.purpose == "invitation" else "password_set", colleague, by=colleague.actor)
    return Colleague.objects.get(pk=colleague.pk)


def change_password(colleague: Colleague, password: str) -> None:
    """Take the password a colleague chose for themselves. Every session but the caller's ends, and every link to a new password."""
    _change_password(colleague, make_password(password))


@deed
def _change_password(colleague: Colleague, hashed: str) -> None:
    revoke_open_links(colleague)
    Colleague.objects.filter(pk=colleague.pk).update(password=hashed, revision=F("revision") + 1)
    record("password_changed", colleague, by=colleague.actor)


@deed
def deactivate(colleague: Colleague, *, by: Colleague) -> None:
    """End all access at the next request. The password goes too, so that no old session wakes with a reactivation."""
    colleague = lock_with_admins(colleague)
    demand(why_not(by, Move.DEACTIVATE, colleague))
    revoke_open_links(colleague)
    after = {"deactivated_at": timezone.now(), "password": make_password(None)}
    guarded_update(colleague, before={"deactivated_at": None}, after=after)
    record("colleague_deactivated", colleague, by=by.actor)


@deed
def reactivate(colleague: Colleague, *, by: Colleague) -> None:
    """Have a colleague back. Their password went when they were deactivated, so whoever has an address is invited at once."""
    colleague = locked(Colleague.objects.filter(pk=colleague.pk)).get()
    demand(why_not(by, Move.REACTIVATE, colleague))
    guarded_update(colleague, before={"deactivated_at": colleague.deactivated_at}, after={"deactivated_at": None})
    record("colleague_reactivated", colleague, by=by.actor)
    if colleague.email:
        invite(colleague, by=by)

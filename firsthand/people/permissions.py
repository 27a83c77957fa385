"""Who may change colleagues: managers and administrators, and an administrator's own matters only another one."""

from django.db.models import TextChoices

from firsthand.core.refused import Refused
from firsthand.people.models import Colleague


class Move(TextChoices):
    """What may be done to a colleague."""

    ADD = "add", "Add colleague"
    EDIT = "edit", "Edit"
    INVITE = "invite", "Invite"
    DEACTIVATE = "deactivate", "Deactivate"
    REACTIVATE = "reactivate", "Reactivate"


NOT_YOURS = "Program managers and administrators keep the list of colleagues."
ADMINS_ONLY = "Only an administrator changes an administrator."
NO_NEW_ADMIN = "Only an administrator makes somebody an administrator."
NOT_YOUR_TEAMS = "Program managers and administrators keep the teams."
LAST_ADMIN = "{name} is the last administrator who can sign in. Make somebody else one first."


def why_not(user: Colleague, move: Move, colleague: Colleague | None = None) -> str | None:
    """Why `user` may not do this to `colleague`; None means they may."""
    if not user.sets_up:
        return NOT_YOURS
    if colleague is None:
        return None
    if is_admin(colleague) and not is_admin(user):
        return ADMINS_ONLY
    if move == Move.INVITE:
        return _why_not_invite(colleague)
    if move == Move.DEACTIVATE:
        return _why_not_deactivate(user, colleague)
    return f"{colleague.name} is active." if move == Move.REACTIVATE and colleague.is_active else None


def why_not_role(user: Colleague, role: str, colleague: Colleague | None = None) -> str | None:
    """Why `user` may not give that role to `colleague`, or to somebody new."""
    if role == (colleague.role if colleague else Colleague.Role.MEMBER):
        return None
    if role == Colleague.Role.ADMIN and not is_admin(user):
        return NO_NEW_ADMIN
    return why_not_lose_admin(colleague) if colleague else None


def why_not_lose_admin(colleague: Colleague) -> str | None:
    """Why this administrator has to stay one: nobody else is left who could sign in as one."""
    if not is_admin(colleague) or not colleague.can_sign_in:
        return None
    others = Colleague.objects.who_can_sign_in().filter(role=Colleague.Role.ADMIN).exclude(pk=colleague.pk)
    return None if others.exists() else LAST_ADMIN.format(name=colleague.name)


def why_not_teams(user: Colleague) -> str | None:
    """Why `user` may not change teams."""
    return None if user.sets_up else NOT_YOUR_TEAMS


def demand(sentence: str | None) -> None:
    """Raise `Refused` with that sentence, if there is one: 403 where another person could, 409 where nobody can now."""
    if sentence:
        raise Refused(sentence, status=403 if sentence in {NOT_YOURS, NOT_YOUR_TEAMS, ADMINS_ONLY, NO_NEW_ADMIN} else 409)


def is_admin(colleague: Colleague) -> bool:
    return colleague.role == Colleague.Role.ADMIN


def _why_not_invite(colleague: Colleague) -> str | None:
    if not colleague.is_active:
        return f"{colleague.name} is deactivated. Reactivate them first."
    if colleague.can_sign_in:
        return f"{colleague.name} can sign in already."
    if not colleague.email:
        return f"{colleague.name} has no e-mail address yet. Add one first."
    return None


def _why_not_deactivate(user: Colleague, colleague: Colleague) -> str | None:
    if not colleague.is_active:
        return f"{colleague.name} is deactivated already."
    if user == colleague:
        return "You cannot deactivate yourself. Another program manager or administrator can."
    return why_not_lose_admin(colleague)

"""Add and change colleagues."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from firsthand.core.links import revoke_links
from firsthand.core.locks import deed, guarded_update, locked
from firsthand.core.refused import Refused
from firsthand.history.actions import record
from firsthand.people.models import Colleague, Team
from firsthand.people.permissions import Move, demand, is_admin, why_not, why_not_lose_admin, why_not_role

CHANGED_MEANWHILE = "Somebody changed {name} meanwhile. Nothing of yours was saved; look at it again and save once more."


@dataclass(frozen=True)
class ColleagueFacts:
    """What is known of a colleague. A name is enough; an e-mail address is needed to sign in."""

    name: str
    email: str | None = None
    title: str = ""
    office: str = ""
    team: Team | None = None
    deputy: Colleague | None = None
    role: str = Colleague.Role.MEMBER
    is_marketer: bool = False
    is_support_lead: bool = False

    @classmethod
    def of(cls, colleague: Colleague) -> "ColleagueFacts":
        """As they stand now."""
        return cls(**{fact.name: getattr(colleague, fact.name) for fact in fields(cls)})


@dataclass(frozen=True)
class OwnSettings:
    """What everybody sets for themselves. `time_zone` is an IANA name, or empty for the program's."""

    name: str
    time_zone: str
    letter_keys: bool


@deed
def add_colleague(facts: ColleagueFacts, *, by: Colleague) -> Colleague:
    """Add somebody who cannot sign in yet. Raises `Refused` when they may not, or the address is taken."""
    demand(why_not(by, Move.ADD) or why_not_role(by, facts.role))
    colleague = Colleague(**_columns(facts))
    colleague.set_unusable_password()
    _save_new(colleague)
    record("colleague_added", colleague, by=by.actor, role=facts.role)
    return colleague


@deed
def change_colleague(colleague: Colleague, facts: ColleagueFacts, *, by: Colleague, revision: int) -> list[str]:
    """Write the facts over those of `revision`; give the names of what changed.

    Raises `Refused` when somebody changed the colleague meanwhile, the move may not be made, or the address is taken.
    """
    colleague = lock_with_admins(colleague)
    demand(why_not(by, Move.EDIT, colleague) or why_not_role(by, facts.role, colleague) or _why_not_deputy(colleague, facts.deputy))
    before, after = _columns(ColleagueFacts.of(colleague)), _columns(facts)
    changed = [name for name, value in after.items() if before[name] != value]
    if "email" in changed and after["email"] is None:
        demand(why_not_lose_admin(colleague))
    if not changed:
        return []
    _write(colleague, {name: after[name] for name in changed}, revision)
    if "email" in changed:
        revoke_open_links(colleague)
    record("colleague_changed", colleague, by=by.actor, changed=changed, role=[before["role"], after["role"]])
    return changed


@deed
def save_own_settings(colleague: Colleague, settings: OwnSettings) -> None:
    """Keep what a colleague set for themselves."""
    Colleague.objects.filter(pk=colleague.pk).update(**asdict(settings), revision=F("revision") + 1)
    record("settings_saved", colleague, by=colleague.actor)


def lock_with_admins(colleague: Colleague) -> Colleague:
    """The colleague, locked, together with every administrator where it is one: the last of two must not leave at once with the other."""
    rows = Colleague.objects.filter(pk=colleague.pk)
    if is_admin(colleague):
        rows = rows | Colleague.objects.filter(role=Colleague.Role.ADMIN)
    return next(row for row in list(locked(rows)) if row.pk == colleague.pk)


def revoke_open_links(colleague: Colleague) -> None:
    """End every invitation and every link to a new password that is on its way to the colleague."""
    now = timezone.now()
    revoke_links(["new_password"], colleague.pk, now=now)
    for invitation in colleague.invitations.filter(accepted_at=None):
        revoke_links(["invitation"], invitation.pk, now=now)


def _columns(facts: ColleagueFacts) -> dict[str, Any]:
    return {fact.name: getattr(facts, fact.name) for fact in fields(facts)} | {"email": (facts.email or "").strip().lower() or None}


def _save_new(colleague: Colleague) -> None:
    try:
        with transaction.atomic():
            colleague.save()
    except IntegrityError:
        raise taken(colleague.email) from None


def _write(colleague: Colleague, changes: dict[str, Any], revision: int) -> None:
    try:
        with transaction.atomic():
            written = guarded_update(colleague, before={"revision": revision}, after=changes)
    except IntegrityError:
        raise taken(changes.get("email")) from None
    if not written:
        raise Refused(CHANGED_MEANWHILE.format(name=colleague.name))


def taken(email: str | None) -> Refused:
    """The refusal of an address that somebody has."""
    holder = Colleague.objects.filter(email=email).first()
    return Refused(f"{email} belongs to {holder.name if holder else 'another colleague'} already.")


def _why_not_deputy(colleague: Colleague, deputy: Colleague | None) -> str | None:
    return "Nobody is their own deputy. Choose somebody else, or nobody." if deputy == colleague else None

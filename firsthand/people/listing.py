"""The list of colleagues."""

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects
from django.urls import reverse

from firsthand.core.lists import Choice, Column, Listing
from firsthand.core.ui import markup
from firsthand.core.ui.parts import Mark
from firsthand.people.models import Colleague, Invitation, Team
from firsthand.people.saved_filters import saved_filters

ACTIVE, INVITED, NAME_ONLY, DEACTIVATED = (
    Mark("Active", "circle-check", "good"),
    Mark("Invited", "mail", "wait"),
    Mark("No sign-in", "circle-dashed"),
    Mark("Deactivated", "circle-slash"),
)
STATES = (("active", "Can sign in"), ("invited", "Invited"), ("name", "No sign-in"), ("deactivated", "Deactivated"))


def colleagues(user: Colleague) -> Listing[Colleague, Colleague]:
    """Everybody who is signed in sees every colleague."""
    teams = tuple((str(pk), name) for pk, name in Team.objects.order_by("name").values_list("pk", "name"))
    return Listing(
        name="colleagues",
        one="colleague",
        many="colleagues",
        rows=Colleague.objects.all(),
        items=_with_relations,
        columns=(
            Column("name", "Name", lambda row: row.name, cell=_who, sort="name", is_head=True),
            Column("email", "E-mail", lambda row: row.email),
            Column("role", "Role", role_words),
            Column("team", "Team", lambda row: row.team.name if row.team else None),
            Column("deputy", "Deputy", lambda row: row.deputy.name if row.deputy else None),
            Column("state", "State", lambda row: state_of(row).label, cell=lambda row: markup.status(state_of(row))),
        ),
        order="name",
        choices=(
            Choice("role", "Role", tuple((str(value), str(label)) for value, label in Colleague.Role.choices), _by_role),
            Choice("team", "Team", teams, lambda rows, value: rows.filter(team=int(value))),
            Choice("state", "State", STATES, narrow_to_state),
        ),
        search=_search,
        search_label="Name, address, title or office",
        saved=saved_filters("colleagues", user),
    )


def role_words(colleague: Colleague) -> str:
    """The role with what it comes with: "Member, marketer"."""
    also = [label for has, label in ((colleague.is_marketer, "marketer"), (colleague.is_support_lead, "support lead")) if has]
    return ", ".join([colleague.get_role_display(), *also])


def state_of(colleague: Colleague) -> Mark:
    """Whether they can sign in, and if not, how far it is."""
    if not colleague.is_active:
        return DEACTIVATED
    if colleague.can_sign_in:
        return ACTIVE
    return INVITED if any(invitation.accepted_at is None for invitation in colleague.invitations.all()) else NAME_ONLY


def narrow_to_state(rows: QuerySet[Colleague], state: str) -> QuerySet[Colleague]:
    """The colleagues in one of `STATES`, by the same rules as `state_of`."""
    able = Colleague.objects.who_can_sign_in().values("pk")
    if state == "deactivated":
        return rows.filter(deactivated_at__isnull=False)
    if state == "active":
        return rows.filter(pk__in=able)
    waiting = rows.filter(deactivated_at=None).exclude(pk__in=able)
    invited = Exists(Invitation.objects.filter(colleague=OuterRef("pk"), accepted_at=None))
    return waiting.filter(invited if state == "invited" else ~invited)


def _by_role(rows: QuerySet[Colleague], role: str) -> QuerySet[Colleague]:
    return rows.filter(role=role)


def _search(rows: QuerySet[Colleague], words: str) -> QuerySet[Colleague]:
    return rows.filter(pk__in=Colleague.objects.matching(words).values("pk"))


def _with_relations(rows: list[Colleague]) -> list[Colleague]:
    prefetch_related_objects(rows, "team", "deputy", "invitations")
    return rows


def _who(colleague: Colleague) -> str:
    sub = ", ".join(part for part in (colleague.title, colleague.office) if part)
    return markup.who(colleague.name, sub, url=reverse("people:colleague", args=[colleague.pk]))

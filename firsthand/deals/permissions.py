"""Who may change a deal: its owner, the owner's team lead, program managers."""

from django.db.models import TextChoices

from firsthand.core.refused import Refused
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague


class Move(TextChoices):
    """What may be done to a deal."""

    ADD = "add", "Adding deals"
    EDIT = "edit", "Editing this deal"


def why_not(user: Colleague, move: Move, deal: Opportunity | None = None) -> str | None:
    """Why `user` may not do this; None means they may. `deal` comes with its owner and the owner's team."""
    if user.runs_program:
        return None
    if user.role != Colleague.Role.MEMBER:
        return f"{user.get_role_display()}s read deals and do not change them."
    if move == Move.ADD or (deal is not None and _is_theirs(user, deal)):
        return None
    owner = deal.owner.name if deal and deal.owner else "whoever owns it"
    return f"{move.label} is for {owner}, their team lead and program managers."


def demand(user: Colleague, move: Move, deal: Opportunity | None = None) -> None:
    """Raise `Refused` (403) with the sentence of `why_not`, if there is one."""
    sentence = why_not(user, move, deal)
    if sentence:
        raise Refused(sentence, status=403)


def _is_theirs(user: Colleague, deal: Opportunity) -> bool:
    if deal.owner is None:
        return False
    return deal.owner_id == user.pk or (deal.owner.team is not None and deal.owner.team.lead_id == user.pk)

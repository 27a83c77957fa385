"""Who may change a deal: its owner, the owner's team lead, program managers. Who files a request for one may join it as well."""

from django.db.models import TextChoices

from firsthand.core.refused import Refused
from firsthand.customers.sight import may_see
from firsthand.deals.models import Follower, Opportunity
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


def why_not_join(user: Colleague, typed: Opportunity, imported: Opportunity) -> str | None:
    """Why `user` may not say whether these two are one deal: they change or asked for the first, and see all of both."""
    if user.runs_program:
        return None
    sentence = why_not(user, Move.EDIT, typed)
    if sentence and not (user.role == Colleague.Role.MEMBER and Follower.objects.filter(opportunity=typed, colleague=user).exists()):
        return sentence
    accounts = [deal.account for deal in (typed, imported) if deal.account]
    if Opportunity.objects.visible_to(user).filter(pk=imported.pk).exists() and all(may_see(user, account) for account in accounts):
        return None
    return "You do not see both of these deals, so a program manager has to say whether they are one."


def demand(user: Colleague, move: Move, deal: Opportunity | None = None) -> None:
    """Raise `Refused` (403) with the sentence of `why_not`, if there is one."""
    sentence = why_not(user, move, deal)
    if sentence:
        raise Refused(sentence, status=403)


def _is_theirs(user: Colleague, deal: Opportunity) -> bool:
    if deal.owner is None:
        return False
    return deal.owner_id == user.pk or (deal.owner.team is not None and deal.owner.team.lead_id == user.pk)

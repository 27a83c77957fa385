"""Who may change what stands in the program about a customer's people: the account's owner, the deputy, and managers."""

from django.db.models import TextChoices

from firsthand.core.refused import Refused
from firsthand.customers.models import Account
from firsthand.people.models import Colleague


class Move(TextChoices):
    """What may be done to a reference or a reference account."""

    ENROLL = "enroll", "Enroll as reference"
    EDIT = "edit", "Edit"
    HOLD = "hold", "Set hold"
    LIFT_HOLD = "lift_hold", "Lift hold"
    CONSENT = "consent", "Record consent"
    WILLINGNESS = "willingness", "Change what they do"


def why_not(user: Colleague, move: Move, account: Account) -> str | None:
    """Why `user` may not do this to a reference of `account`; None means they may."""
    if user.runs_program or is_owner(user, account):
        return None
    whom = f"{account.owner.name}, who owns {account.name}," if account.owner else f"the owner of {account.name}"
    return f"{Move(move).label} is for {whom} and the program managers."


def demand(user: Colleague, move: Move, account: Account) -> None:
    """Raise `Refused` (403) with the sentence of `why_not`, if there is one."""
    sentence = why_not(user, move, account)
    if sentence:
        raise Refused(sentence, status=403)


def is_owner(user: Colleague, account: Account) -> bool:
    """Whether they own the account or stand in for its owner."""
    return account.owner is not None and user.pk in {account.owner.pk, account.owner.deputy_id}

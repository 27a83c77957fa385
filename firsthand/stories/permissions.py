"""Who may change a customer's stories: the account's owner, the deputy, marketers and managers."""

from django.db.models import TextChoices

from firsthand.core.refused import Refused
from firsthand.customers.models import Account
from firsthand.customers.permissions import is_owner
from firsthand.people.models import Colleague


class Move(TextChoices):
    """What may be done to a story and what hangs on it."""

    ADD = "add", "Adding stories"
    EDIT = "edit", "Changing this story"


def why_not(user: Colleague, move: Move, account: Account) -> str | None:
    """Why `user` may not do this to a story of `account`; None means they may."""
    if user.runs_program or user.is_marketer or is_owner(user, account):
        return None
    if account.owner is None:
        return f"{move.label} is for marketers and program managers until somebody owns {account.name}."
    return f"{move.label} is for {account.owner.name}, who owns {account.name}, the deputy, marketers and program managers."


def demand(user: Colleague, move: Move, account: Account) -> None:
    """Raise `Refused` (403) with the sentence of `why_not`, if there is one."""
    sentence = why_not(user, move, account)
    if sentence:
        raise Refused(sentence, status=403)

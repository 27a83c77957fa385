"""Who may change what is known of a customer: the account's owner, the deputy and managers; some of it everybody."""

from django.db.models import TextChoices

from firsthand.core.refused import Refused
from firsthand.customers.models import Account
from firsthand.people.models import Colleague


class Move(TextChoices):
    """What may be done to an account and what hangs on it."""

    ADD = "add", "Adding accounts"
    EDIT = "edit", "Editing this account"
    ADD_CONTACT = "add_contact", "Adding people"
    EDIT_CONTACT = "edit_contact", "Editing people"
    TIE = "tie", "Saying who knows whom"
    SIGNAL = "signal", "Recording signals"
    MERGE = "merge", "Merging"


EVERYBODY = {Move.ADD, Move.ADD_CONTACT, Move.TIE}
READS_ONLY = "{role}s read accounts and do not change them."


def why_not(user: Colleague, move: Move, account: Account | None = None) -> str | None:
    """Why `user` may not do this; None means they may. `account` is what it is done to, but for adding one."""
    if user.runs_program:
        return None
    if user.role != Colleague.Role.MEMBER:
        return READS_ONLY.format(role=user.get_role_display())
    if move == Move.MERGE:
        return "Merging is for program managers."
    is_theirs = account is not None and is_owner(user, account)
    if move in EVERYBODY or is_theirs or (move == Move.SIGNAL and user.is_support_lead):
        return None
    return _closed(move, account)


def demand(user: Colleague, move: Move, account: Account | None = None) -> None:
    """Raise `Refused` (403) with the sentence of `why_not`, if there is one."""
    sentence = why_not(user, move, account)
    if sentence:
        raise Refused(sentence, status=403)


def is_owner(user: Colleague, account: Account) -> bool:
    """Whether they own the account or stand in for its owner."""
    return account.owner is not None and user.pk in {account.owner.pk, account.owner.deputy_id}


def _closed(move: Move, account: Account | None) -> str:
    also = ", support leads" if move == Move.SIGNAL else ""
    if account is None or account.owner is None:
        return f"{move.label} is for program managers{also} until somebody owns it."
    return f"{move.label} is for {account.owner.name}, who owns it, the deputy{also} and program managers."

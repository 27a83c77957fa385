"""Who imports: whoever sets the program up."""

from firsthand.core.refused import Refused
from firsthand.people.models import Colleague

NOT_YOURS = "Program managers and administrators import files."


def why_not(user: Colleague) -> str | None:
    """Why `user` may not import; None means they may."""
    return None if user.sets_up else NOT_YOURS


def demand(user: Colleague) -> None:
    """Raise `Refused` (403) unless `user` may import."""
    if sentence := why_not(user):
        raise Refused(sentence, status=403)

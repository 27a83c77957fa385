"""Who imports: program managers. A file holds people's data, which an administrator alone does not see."""

from firsthand.core.refused import Refused
from firsthand.people.models import Colleague

NOT_YOURS = "Program managers import files."


def why_not(user: Colleague) -> str | None:
    """Why `user` may not import; None means they may."""
    return None if user.runs_program else NOT_YOURS


def demand(user: Colleague) -> None:
    """Raise `Refused` (403) unless `user` may import."""
    if sentence := why_not(user):
        raise Refused(sentence, status=403)

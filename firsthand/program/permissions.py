"""Who keeps the vocabulary, the activity types and the policy; everybody may read them."""

from firsthand.core.refused import Refused
from firsthand.people.models import Colleague

NOT_YOURS = "Program managers and administrators keep the program's settings."


def why_not(user: Colleague) -> str | None:
    """Why `user` may not change the program's settings; None means they may."""
    return None if user.sets_up else NOT_YOURS


def demand(user: Colleague) -> None:
    """Raise `Refused` (403) unless `user` may change the program's settings."""
    if sentence := why_not(user):
        raise Refused(sentence, status=403)

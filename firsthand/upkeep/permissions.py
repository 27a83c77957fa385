"""Who reads what left the house, or is about to."""

from django.conf import settings

from firsthand.people.models import Colleague


def why_not_read_messages(user: Colleague) -> str | None:
    """Managers read messages; an administrator does while there is no mail server, or nobody could read them at all."""
    if user.runs_program or (user.role == Colleague.Role.ADMIN and not settings.MAIL_LEAVES_THE_HOUSE):
        return None
    return "Only program managers read the messages that went out."


def links_are_live() -> bool:
    """Links in shown messages work only where mail goes to files or the console, so that nobody acts in another's name."""
    return not settings.MAIL_LEAVES_THE_HOUSE

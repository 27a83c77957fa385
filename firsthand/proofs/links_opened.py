"""Somebody opens a link that was mailed to them: what stands behind it is theirs to read, and nothing more."""

from html import unescape

from django.test import Client
from django.utils import timezone

from firsthand.core import links
from firsthand.core.models import Link
from firsthand.customers.models import Contact
from firsthand.people.models import Colleague
from firsthand.proofs.facts import Facts
from firsthand.proofs.meetings import newest
from firsthand.proofs.movers import Movers
from firsthand.proofs.readers import Reader, found_in, is_off, secrets_from
from firsthand.proofs.together import met_with
from firsthand.requests.letters import ANSWER, APPROVAL, INFO, PICK, PORTAL, PROSPECT_DEBRIEF, STATUS
from firsthand.requests.models import Ask, Attendee
from firsthand.testing.pages import without_tokens

HOLDERS: dict[str, type[Reader]] = {
    APPROVAL: Colleague, INFO: Colleague, STATUS: Colleague,
    ANSWER: Contact, PORTAL: Contact,
    PICK: Attendee, PROSPECT_DEBRIEF: Attendee,
}  # fmt: skip
OPENED = {200, 404, 410}


class Links(Movers):
    """Nothing happens on GET, so that this is no move."""

    def open_link(self, which: int, how: int) -> None:
        """One of the newest of a purpose, still open or not."""
        purpose = list(HOLDERS)[how % len(HOLDERS)]
        link = newest(list(Link.objects.filter(purpose=purpose).order_by("-pk")[:6]), which)
        if link is None:
            return
        client = Client()
        client.get(f"/l/{links.token(link)}/")
        answer = client.get(links.page(link))
        assert answer.status_code in OPENED, f"the {purpose} link answers {answer.status_code}"
        reader = HOLDERS[purpose]._base_manager.get(pk=link.holder_id or 0)
        assert isinstance(reader, Colleague | Contact | Attendee)
        is_open = answer.status_code == 200 and isinstance(reader, Attendee)
        assert not (is_open and is_off(reader, Ask.objects.get(pk=link.subject_id))), f"{reader} was taken off, and their link opens"
        text = without_tokens(unescape(answer.content.decode()))
        told = found_in(text, secrets_from(reader, Facts(timezone.now()), asks_behind(link, reader)))
        assert not told, f"the {purpose} link tells {told}"
        self.watch.asked("links opened")


def asks_behind(link: Link, reader: Reader) -> list[Ask]:
    """What the page is about: one ask, with those who meet at its time, or all that were put to them."""
    asks = Ask.objects.select_related("engagement", "joins__engagement")
    if link.purpose == PORTAL:
        return list(asks.filter(reference__contact=link.holder_id))
    if isinstance(reader, Colleague):
        return []
    ask = asks.get(pk=link.subject_id)
    return met_with(ask, reader)

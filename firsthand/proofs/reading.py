"""Colleagues read the pages they can get, and whoever holds a link what stands behind it."""

from html import unescape

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from firsthand.proofs.facts import Facts
from firsthand.proofs.links_opened import HOLDERS, Links
from firsthand.proofs.readers import found_in, secrets_from
from firsthand.requests.models import Ask

PAGES = 5


class Reading(Links):
    """Nothing happens on GET, so that these are no moves."""

    def read_page(self, which: int, reader: int, page: int) -> None:
        """Sam, who requests, or Eve, who may, read what they can get: an address stands there only once it was earned."""
        if not Ask.objects.exists():
            return
        ask, colleague, client = self.an_ask(which, ""), self.company.people[reader], Client()
        client.force_login(colleague)
        pages = (
            ("desk:request", ask.reference_request_id),
            ("requests:ask", ask.pk),
            ("desk:reference", ask.reference_id),
            ("desk:account", ask.reference.contact.account_id),
            ("requests:brief", ask.pk),
        )
        name, pk = pages[page]
        answer = client.get(reverse(name, args=[pk]))
        assert answer.status_code in {200, 404, 409}, f"{name} answers {answer.status_code}"
        told = found_in(unescape(answer.content.decode()), secrets_from(colleague, Facts(timezone.now())))
        assert not told, f"{name} tells {colleague.name} {told}"
        self.watch.asked("pages read")

    def read_all(self) -> None:
        """Every page of the newest ask by the requester, and every kind of link."""
        for page in range(PAGES):
            self.read_page(0, 0, page)
        for purpose in range(len(HOLDERS)):
            self.open_link(0, purpose)

"""Moves of a tender: its window, what each reference agrees to show, and the sheet that is taken."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from firsthand.proofs.facts import Facts
from firsthand.proofs.meetings import newest
from firsthand.proofs.movers import RELATED, Movers, pick
from firsthand.proofs.outsiders import secrets_from_sheet
from firsthand.proofs.readers import found_in
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.sheet import ITEMS, offered
from firsthand.testing.pages import without_tokens
from firsthand.testing.pdf_words import paragraphs

TENDER_MOVES = ("file_tender", "set_window", "ask_for_tender", "agree_to_show", "agree_to_show", "take_sheet", "take_sheet")


class Tenders(Movers):
    """Drawn like the other moves."""

    def file_tender(self, which: int, who: int, how: int) -> None:
        """With its window mostly, else as a draft that has none yet."""
        facts: dict[str, Any] = {"activity_type": self.company.tender, "opportunity": self.a_deal(which)}
        needed_by = self.today + timedelta(days=[3, 10, 30, 80][how % 4])
        first = self.today + timedelta(days=1 + which % 3)
        window = (first, first + timedelta(days=who)) if how else None
        wish = actions.Wish(needed_by=needed_by, words="A bank our size", n_wanted=2 + which % 2, window=window, **facts)
        self.attempt(actions.file_request, wish, by=pick(self.company.requesters, who), as_draft=window is None)

    def set_window(self, which: int, who: int, how: int) -> None:
        """Mostly of days to come; now and then it ends before it begins, or is longer than any tender."""
        row = newest(self.tenders(), which)
        if row is None:
            return
        by = row.requester if who % 2 else self.whoever(who, how, lambda each: None if each.runs_program else "no")
        first = self.today + timedelta(days=[1, 1, 3, 10, 40, -3][how % 6])
        last = first + timedelta(days=[-1, 0, 4, 9, 30, 400][which % 6] if how == 0 else [0, 4, 9, 30][which % 4])
        self.attempt(actions.set_window, row, by=by, first=first, last=last)

    def ask_for_tender(self, which: int, who: int, how: int) -> None:
        """Somebody is proposed for a tender and led to a yes, by mail or in person."""
        row = newest([each for each in self.tenders() if each.window_from], which)
        if row is None:
            return
        reference, manager = Reference.objects.select_related(*RELATED).get(pk=pick(self.company.references, who).pk), self.company.manager
        self.attempt(actions.propose, row, [reference], by=manager)
        ask = Ask.objects.filter(reference_request=row, reference=reference).order_by("-pk").first()
        if ask is None:
            return
        if how % 3 == 0:
            self.attempt(actions.ask_in_person, ask, by=self.mover(ask, "approve", who, 1))
            self.attempt(actions.record_answer, ask, by=manager, accepted=True, channel="phone", day=self.today)
            return
        self.attempt(actions.approve, ask, by=self.mover(ask, "approve", who, 1))
        self.attempt(actions.send, ask, by=manager)
        if how % 3 == 1:
            self.attempt(actions.accept, ask, by=reference.contact)

    def agree_to_show(self, which: int, who: int, how: int) -> None:
        """Some of what is offered, all of it, nothing; now and then what is not offered, or by somebody else."""
        standing = Ask.objects.filter(reference_request__activity_type=self.company.tender, status__in=["accepted", "held"])
        ask = newest(
            list(
                standing.select_related(
                    "reference__reference_account", "reference__contact__person", "reference__contact__account"
                ).order_by("-pk")[:6]
            ),
            which,
        )
        if ask is not None:
            by = ask.reference.contact if how else pick(self.company.references, who).contact
            codes = [code for n, (code, _) in enumerate(offered(ask)) if how > 8 or (who >> n % 4) & 1]
            codes = list(ITEMS) if how == 1 else codes
            self.attempt(actions.agree_to_show, ask, by=by, items=codes)

    def take_sheet(self, which: int, who: int, how: int) -> None:
        """As a page, as text, as a PDF: by whoever may have it, and by others. What is in it may be told to the other side."""
        row = newest(self.tenders(), which)
        if row is None:
            return
        colleague = row.requester if how else pick(self.company.people, who)
        client, form = Client(), ["pdf", "txt", "pdf", ""][how % 4]
        client.force_login(colleague)
        answer = client.get(reverse("requests:sheet", args=[row.pk]), {"as": form})
        may = colleague.runs_program or colleague.pk == row.requester_id
        assert answer.status_code in ({200, 409} if may else {403, 404}), f"the sheet answers {colleague} {answer.status_code}"
        if answer.status_code != 200 or not form:
            return
        text = "\n".join(paragraphs(answer.content)) if form == "pdf" else without_tokens(answer.content.decode())
        told = found_in(text, secrets_from_sheet(row, Facts(timezone.now())))
        assert not told, f"the sheet ({form}) of request {row.pk} tells {told}:\n{text}"
        self.watch.asked("sheets read")

    def tenders(self) -> list[ReferenceRequest]:
        return list(ReferenceRequest.objects.filter(activity_type=self.company.tender).select_related("requester").order_by("-pk")[:4])

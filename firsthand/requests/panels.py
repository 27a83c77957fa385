"""What this room shows on a request's page."""

from django.db.models import QuerySet
from django.urls import reverse

from firsthand.core.panels import Panel
from firsthand.core.ui.parts import Column
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.deals.naming import shown_prospect, shown_title
from firsthand.people.models import Colleague
from firsthand.requests.changing import change_url
from firsthand.requests.charge import managers, requesters
from firsthand.requests.contents import answered_with
from firsthand.requests.envelope import window_words
from firsthand.requests.forms import CloseForm, QuestionForm, WindowForm
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.next_step import ENDED
from firsthand.requests.page import RequestPage
from firsthand.requests.permissions import why_not_request
from firsthand.requests.preview import named_for
from firsthand.requests.sheet import why_not_sheet
from firsthand.requests.workflow import REQUEST_MOVES, RequestMove
from firsthand.stories.models import Story

R, RM = ReferenceRequest.Status, RequestMove
STORIES_OFFERED = 30
KEEPS_WINDOW = (*Ask.OPEN, Ask.Status.HELD)
ASK_COLUMNS = (Column("Reference"), Column("State"), Column("Waiting on"), Column("Slots"), Column("Actions", hidden=True))


def next_step(page: RequestPage, user: Colleague) -> Panel:
    """What the viewer does next, or who does; once it has ended and nothing is theirs, a plain line says how."""
    if page.next.eyebrow == ENDED:
        return Panel("requests/_panel_ended.html", {"next": page.next}, "top")
    return Panel("requests/_panel_next.html", {"next": page.next}, "top")


def steps(page: RequestPage, user: Colleague) -> Panel:
    return Panel("requests/_panel_steps.html", {"steps": page.steps}, "top")


def question(page: RequestPage, user: Colleague) -> Panel | None:
    """The requester's answer to the program's question."""
    found = page.reference_request
    if found.status != R.NEEDS_INFO or why_not_request(user, RM.GIVE_INFO, found):
        return None
    return Panel(
        "requests/_panel_question.html",
        {"url": reverse("requests:answer", args=[found.pk]), "form": QuestionForm(initial={"seen": found.status})},
    )


def content(page: RequestPage, user: Colleague) -> Panel | None:
    """The stories that may answer it, with what may be sent, while the requester has not said."""
    if page.reference_request.status != R.ANSWERED_WITH_CONTENT:
        return None
    return Panel("requests/_panel_content.html", {"contents": answered_with(page.reference_request, user)})


def asks(page: RequestPage, user: Colleague) -> Panel:
    """The asks, each with its state, whom it waits for, the slots, and what may be done."""
    found = page.reference_request
    may_propose = why_not_request(user, RM.ASK, found) is None
    data = {"rows": page.rows, "n_wanted": found.n_wanted, "columns": ASK_COLUMNS, "request_id": found.pk, "may_propose": may_propose}
    return Panel("requests/_panel_asks.html", data)


def tender(page: RequestPage, user: Colleague) -> Panel | None:
    """When evaluators may call, and the way to the sheet."""
    found = page.reference_request
    if not found.activity_type.is_tender:
        return None
    mine = why_not_sheet(found, user) is None
    may_set = mine and found.status in ReferenceRequest.OPEN and not any(row.ask.status in KEEPS_WINDOW for row in page.rows)
    data = {
        "words": window_words(found) if found.window_from else "",
        "form": WindowForm(initial={"first": found.window_from, "last": found.window_until, "seen": found.window}) if may_set else None,
        "url": reverse("requests:window", args=[found.pk]),
        "sheet_url": reverse("requests:sheet", args=[found.pk]) if mine else "",
    }
    return Panel("requests/_panel_window.html", data)


def notes(page: RequestPage, user: Colleague) -> Panel:
    """What colleagues wrote to each other."""
    found = page.reference_request
    rows = found.notes.select_related("author").order_by("created_at", "pk")
    return Panel("requests/_panel_notes.html", {"notes": rows, "url": reverse("requests:notes", args=[found.pk])})


def wish(page: RequestPage, user: Colleague) -> Panel:
    """The wish and what it is for."""
    found = page.reference_request
    criteria = list(found.criteria.select_related("value").order_by("pk"))
    by_importance = {
        label: ", ".join(each.value.name for each in criteria if each.importance == importance)
        for importance, label in (("must", "Must be"), ("should", "Ideally"), ("avoid", "Rather not"))
    }
    sees_deal = Opportunity.objects.visible_to(user).filter(reference_requests=found).exists()
    like = Account.objects.visible_to(user).filter(pk=found.like_account_id or 0).first()
    like_story = Story.objects.visible_to(user).filter(pk=found.like_story_id or 0).first()
    named = named_for(found, user)
    data = {"request": found, "criteria": by_importance, "sees_deal": sees_deal, "like": like or like_story, "named": named}
    data["change_url"] = change_url(found, user)
    if found.opportunity:
        data |= {"prospect": shown_prospect(found.opportunity, user), "deal_title": shown_title(found.opportunity, user)}
    return Panel("requests/_panel_wish.html", data, "rail")


def happened(page: RequestPage, user: Colleague) -> Panel:
    return Panel("requests/_panel_happened.html", {"happened": page.happened}, "rail")


def dialogs(page: RequestPage, user: Colleague) -> dict[str, object]:
    """What the page's head offers: dialogs for what ends a request or needs words, as far as they are this person's."""
    found = page.reference_request

    def may(move: str) -> bool:
        return move in REQUEST_MOVES[found.status] and why_not_request(user, move, found) is None

    may_answer = may(RM.ANSWER_WITH_CONTENT)
    return {
        "may_withdraw": may(RM.WITHDRAW),
        "may_close": may(RM.CLOSE),
        "may_ask_info": may(RM.ASK_INFO),
        "may_propose": why_not_request(user, RM.ASK, found) is None,
        "managers": managers().exclude(pk=found.manager_id or 0).order_by("name")
        if user.runs_program and found.status in found.OPEN
        else (),
        "requesters": requesters().order_by("name", "pk")
        if user.runs_program and found.status in found.OPEN and not found.requester.is_active
        else (),
        "may_edit": found.status == R.DRAFT and found.requester_id == user.pk,
        "stories": _told_to(user, found.requester)[:STORIES_OFFERED] if may_answer else [],
        "close_form": CloseForm(initial={"seen": found.status}, is_short=found.status == R.PARTLY_FULFILLED),
        "is_short": found.status == R.PARTLY_FULFILLED,
        "open_asks": sum(row.ask.status in row.ask.OPEN for row in page.rows),
    }


def _successors(found: ReferenceRequest) -> list[Colleague]:
    return list(managers().exclude(pk=found.manager_id or 0).order_by("name", "pk"))


def _told_to(*readers: Colleague) -> "QuerySet[Story]":
    """Stories in use that all of them may see, the newest first."""
    stories = Story.objects.filter(retired_at=None)
    for reader in readers:
        stories = stories.filter(pk__in=Story.objects.visible_to(reader).values("pk"))
    return stories.order_by("-pk")

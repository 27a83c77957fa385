"""What this room shows on a request's page."""

from django.urls import reverse

from firsthand.core.panels import Panel
from firsthand.core.ui.parts import Column
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity
from firsthand.deals.naming import shown_prospect, shown_title
from firsthand.people.models import Colleague
from firsthand.requests.changing import change_url
from firsthand.requests.contents import answered_with
from firsthand.requests.dialogs import dialog, is_offered, offered
from firsthand.requests.envelope import window_words
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.next_step import ENDED
from firsthand.requests.page import RequestPage
from firsthand.requests.permissions import why_not_request
from firsthand.requests.preview import named_for
from firsthand.requests.sheet import why_not_sheet
from firsthand.requests.workflow import RequestMove
from firsthand.stories.models import Story

R, RM = ReferenceRequest.Status, RequestMove
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
    return Panel("requests/_panel_question.html", {"answer": dialog("answer", found, user)}) if is_offered("answer", found, user) else None


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
    data = {
        "words": window_words(found) if found.window_from else "",
        "window": dialog("window", found, user) if is_offered("window", found, user) else None,
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


def head(page: RequestPage, user: Colleague) -> dict[str, object]:
    """What the page's head offers: the draft's form, the matches, and dialogs for what ends a request or needs words."""
    found = page.reference_request
    return {
        "may_propose": why_not_request(user, RM.ASK, found) is None,
        "may_edit": found.status == R.DRAFT and found.requester_id == user.pk,
        "dialogs": offered(found, user),
    }

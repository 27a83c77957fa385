"""The forms of a request's page: those behind the buttons of its head, and those that stand open on it.

Each is made here, so that one that was refused can be shown again with what was typed, on a page of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from firsthand.people.models import Colleague
from firsthand.requests.charge import managers, requesters
from firsthand.requests.forms import CloseForm, ContentForm, HandOverForm, NewRequesterForm, QuestionForm, ReasonForm, WindowForm, WordsForm
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import why_not_request
from firsthand.requests.sheet import why_not_sheet
from firsthand.requests.workflow import REQUEST_MOVES, RequestMove
from firsthand.stories.models import Story

R, RM = ReferenceRequest.Status, RequestMove
STORIES_OFFERED = 30
KEEPS_WINDOW = (*Ask.OPEN, Ask.Status.HELD)
Data = QueryDict | None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a form asks and does. `label` is that of its button in the head; without one it stands open on the page.

    `is_offered` says whether it is this person's now, `seen` how the request stands as the form sends it back.
    """

    label: str = ""
    title: str
    text: str = ""
    submit: str
    keep: str = "Not now"
    is_danger: bool = False
    is_offered: Callable[[ReferenceRequest, Colleague], bool]
    form: Callable[[ReferenceRequest, Colleague, Data, str], forms.Form]
    seen: Callable[[ReferenceRequest], str] = lambda found: found.status


@dataclass(frozen=True)
class Dialog:
    """A form of a kind for one request, and where it goes."""

    id: str
    kind: Kind
    url: str
    form: forms.Form


def dialog(name: str, found: ReferenceRequest, user: Colleague, data: Data = None) -> Dialog:
    """The form, with what was sent."""
    kind = KINDS[name]
    return Dialog(name, kind, reverse(f"requests:{name}", args=[found.pk]), kind.form(found, user, data, f"id_{name}_%s"))


def is_offered(name: str, found: ReferenceRequest, user: Colleague) -> bool:
    """Whether the form is this person's now."""
    return KINDS[name].is_offered(found, user)


def offered(found: ReferenceRequest, user: Colleague) -> list[Dialog]:
    """Those behind the buttons of the head, as far as they are this person's now."""
    return [dialog(name, found, user) for name, kind in KINDS.items() if kind.label and is_offered(name, found, user)]


def _may(move: RequestMove) -> Callable[[ReferenceRequest, Colleague], bool]:
    return lambda found, user: move in REQUEST_MOVES[found.status] and why_not_request(user, move, found) is None


def _may_set_window(found: ReferenceRequest, user: Colleague) -> bool:
    if not found.activity_type.is_tender or found.status not in ReferenceRequest.OPEN or why_not_sheet(found, user) is not None:
        return False
    return not found.asks.filter(status__in=KEEPS_WINDOW).exists()


def _question(found: ReferenceRequest, user: Colleague, data: Data, auto_id: str) -> forms.Form:
    form = QuestionForm(data, initial={"seen": found.status}, auto_id=auto_id)
    form.fields["words"].label = "Answer" if found.status == R.NEEDS_INFO else "Question"
    return form


def _content(found: ReferenceRequest, user: Colleague, data: Data, auto_id: str) -> forms.Form:
    chosen = [int(each) for each in (data.getlist("story") if data else []) if each.isascii() and each.isdigit() and len(each) < 19]
    told = _told_to(user, found.requester)
    stories = told.filter(pk__in=[*told.values_list("pk", flat=True)[:STORIES_OFFERED], *chosen])
    rows = [(str(each.pk), each.headline or str(each)) for each in stories]
    return ContentForm(data, stories=rows, initial={"seen": found.status}, auto_id=auto_id)


def _told_to(*readers: Colleague) -> "QuerySet[Story]":
    """Stories in use that all of them may see, the newest first."""
    stories = Story.objects.filter(retired_at=None)
    for reader in readers:
        stories = stories.filter(pk__in=Story.objects.visible_to(reader).values("pk"))
    return stories.order_by("-pk")


def _hand_over(found: ReferenceRequest, user: Colleague, data: Data, auto_id: str) -> forms.Form:
    return HandOverForm(data, people=managers().exclude(pk=found.manager_id or 0).order_by("name", "pk"), auto_id=auto_id)


def _new_requester(found: ReferenceRequest, user: Colleague, data: Data, auto_id: str) -> forms.Form:
    return NewRequesterForm(data, people=requesters().order_by("name", "pk"), auto_id=auto_id)


def _withdrawal(found: ReferenceRequest, user: Colleague, data: Data, auto_id: str) -> forms.Form:
    return ReasonForm(data, initial={"seen": found.status}, auto_id=auto_id)


def _closing(found: ReferenceRequest, user: Colleague, data: Data, auto_id: str) -> forms.Form:
    return CloseForm(data, is_short=found.status == R.PARTLY_FULFILLED, initial={"seen": found.status}, auto_id=auto_id)


def _window(found: ReferenceRequest, user: Colleague, data: Data, auto_id: str) -> forms.Form:
    first = {"first": found.window_from, "last": found.window_until, "seen": found.window}
    return WindowForm(data, initial=first, auto_id=auto_id)


KINDS: Mapping[str, Kind] = {
    "question": Kind(
        label="Ask the requester", title="What do you need to know?", submit="Send question", is_offered=_may(RM.ASK_INFO), form=_question
    ),
    "content": Kind(
        label="Answer with content",
        title="Which stories answer this?",
        text="The requester says whether that did it, or still needs a person.",
        submit="Answer with content",
        is_offered=lambda found, user: _may(RM.ANSWER_WITH_CONTENT)(found, user) and _told_to(user, found.requester).exists(),
        form=_content,
    ),
    "manager": Kind(
        label="Hand over",
        title="Who takes this request over?",
        text="Both of you read the reason. Open asks go on as they are.",
        submit="Hand over",
        keep="Keep it",
        is_offered=lambda found, user: (
            user.runs_program and found.status in found.OPEN and managers().exclude(pk=found.manager_id or 0).exists()
        ),
        form=_hand_over,
    ),
    "requester": Kind(
        label="New requester",
        title="Who asks for it now?",
        text="They read the reason by mail, and hear of everything from now on. What is agreed stands.",
        submit="Make them the requester",
        is_offered=lambda found, user: user.runs_program and found.status in found.OPEN and not found.requester.is_active,
        form=_new_requester,
    ),
    "withdrawal": Kind(
        label="Withdraw",
        title="Withdraw this request?",
        text=(
            "Its open asks end, their slots are given back, and whoever was asked is told. "
            "What may have taken place stays open until somebody says so."
        ),
        submit="Withdraw request",
        keep="Keep request",
        is_danger=True,
        is_offered=_may(RM.WITHDRAW),
        form=_withdrawal,
    ),
    "closing": Kind(
        label="Close",
        title="Close this request short of what was wanted?",
        text="The reason is kept: the capacity plan stands on it. Open asks end and their slots are given back.",
        submit="Close request",
        keep="Keep request",
        is_danger=True,
        is_offered=_may(RM.CLOSE),
        form=_closing,
    ),
    "answer": Kind(title="Your answer", submit="Send answer", is_offered=_may(RM.GIVE_INFO), form=_question),
    "window": Kind(
        title="When may evaluators call?",
        text="Slots are held for it.",
        submit="Save window",
        is_offered=_may_set_window,
        form=_window,
        seen=lambda found: found.window,
    ),
    "notes": Kind(
        title="Write to everybody on this request",
        submit="Post",
        is_offered=lambda found, user: True,
        form=lambda found, user, data, auto_id: WordsForm(data, auto_id=auto_id),
    ),
}

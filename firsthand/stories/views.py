"""The list of stories and the forms of its deeds. Each deed leads back to the story's page, which stands in `desk`."""

from dataclasses import fields
from typing import Any
from uuid import uuid4

from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firsthand.core import lists, search
from firsthand.core.forms import did
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.customers.models import Account
from firsthand.people.signed_in import SignedIn
from firsthand.program.models import FacetValue
from firsthand.stories import actions
from firsthand.stories.forms import EditStoryForm, StoryForm, ValueForm, shown
from firsthand.stories.listing import RETIRED, stories_for
from firsthand.stories.models import Story
from firsthand.stories.naming import read_value
from firsthand.stories.permissions import Move, demand, why_not

MOST_ACCOUNTS = 20
STORY_FIELDS = [each.name for each in fields(actions.StoryFacts)]


@require_safe
def index(request: SignedIn) -> HttpResponseBase:
    listing = stories_for(request.user, retired=request.GET.get("state") == RETIRED)
    return lists.answer(request, listing, "stories/list.html")


@require_safe
def choose_account(request: SignedIn) -> HttpResponse:
    """Whose story it is: found by name, since there may be ten thousand."""
    words = request.GET.get("q", "").strip()[: lists.LONGEST_SEARCH]
    visible = Account.objects.visible_to(request.user).select_related("owner__deputy")
    found = search.narrow(visible, "account", words).order_by("name", "pk")[:MOST_ACCOUNTS] if words else []
    accounts = [(account, why_not(request.user, Move.ADD, account)) for account in found]
    return render(request, "stories/choose_account.html", {"words": words, "accounts": accounts, "most": MOST_ACCOUNTS})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, account_id: int) -> HttpResponse:
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related("owner", "standing"), pk=account_id)
    demand(request.user, Move.ADD, account)
    form = StoryForm(request.POST or None, initial={"form_key": uuid4()})
    added: list[Story] = []

    def add(said: dict[str, Any]) -> None:
        added.append(actions.add_story(account, story_facts(form), by=request.user, form_key=said["form_key"]))

    if did(request, form, add):
        toast(request, "Story added. Say next where it can be found.")
        return redirect("desk:story", added[0].pk)
    return render(request, "stories/new.html", {"account": account, "form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, story_id: int) -> HttpResponse:
    story = story_to_change(request, story_id)
    form = EditStoryForm(request.POST or None, story=story, user=request.user, initial=shown(story, ["revision", *STORY_FIELDS]))

    def change(said: dict[str, Any]) -> None:
        actions.change_story(story, story_facts(form), by=request.user, revision=said["revision"], account=said["account"])

    if did(request, form, change):
        return back(request, story, "Story saved.")
    return form_page(request, "stories/edit.html", story, form)


@require_POST
def retire(request: SignedIn, story_id: int) -> HttpResponse:
    story = story_to_change(request, story_id)
    actions.retire_story(story, by=request.user)
    return back(request, story, "Story retired.", undo=reverse("stories:bring_back", args=[story.pk]))


@require_POST
def bring_back(request: SignedIn, story_id: int) -> HttpResponse:
    story = story_to_change(request, story_id)
    actions.bring_back_story(story, by=request.user)
    return back(request, story, "Story is in use again.")


@require_http_methods(["GET", "HEAD", "POST"])
def add_value(request: SignedIn, story_id: int) -> HttpResponse:
    story = story_to_change(request, story_id)
    form = ValueForm(request.POST or None)
    added: list[FacetValue] = []

    def add(said: dict[str, Any]) -> None:
        added.append(read_value(said["text"], said["facet"]))
        actions.add_value(story, added[0], by=request.user)

    if did(request, form, add):
        return back(request, story, f"{added[0].name} added.")
    return form_page(request, "stories/value.html", story, form)


@require_POST
def drop_value(request: SignedIn, story_id: int) -> HttpResponse:
    story = story_to_change(request, story_id)
    text = request.POST.get("value", "")
    value = FacetValue.objects.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 19 else None
    if value is None:
        raise Refused("There is no such facet value. Nothing was changed.", status=400)
    actions.drop_value(story, value, by=request.user)
    return back(request, story, f"{value.name} removed.")


def story_to_change(request: SignedIn, story_id: int) -> Story:
    """The story, if this person sees it and may change it."""
    rows = Story.objects.visible_to(request.user).select_related("account__owner", "account__standing", "owner")
    story = get_object_or_404(rows, pk=story_id)
    demand(request.user, Move.EDIT, story.account)
    return story


def story_facts(form: StoryForm) -> actions.StoryFacts:
    return actions.StoryFacts(**{name: form.cleaned_data[name] for name in STORY_FIELDS})


def form_page(request: SignedIn, template: str, story: Story, form: BaseForm, **more: object) -> HttpResponse:
    return render(request, template, {"story": story, "form": form, **more}, status=400 if form.errors else 200)


def back(request: SignedIn, story: Story, sentence: str, *, undo: str = "") -> HttpResponse:
    toast(request, sentence, undo=undo)
    return redirect("desk:story", story.pk)

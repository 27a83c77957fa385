"""The forms of what hangs on a story: figures, those who tell it, links to what exists."""

from dataclasses import fields

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from firsthand.core.forms import did
from firsthand.core.once import once
from firsthand.core.refused import Refused
from firsthand.people.signed_in import SignedIn
from firsthand.stories import actions
from firsthand.stories.forms import AssetForm, MetricForm, TellerForm, shown
from firsthand.stories.models import Asset, Metric, Story, StoryPerson, StoryQuerySet
from firsthand.stories.sight import is_known, references_of
from firsthand.stories.views import back, form_page, story_to_change

ASSET_FIELDS = [each.name for each in fields(actions.AssetFacts)]


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_metric(request: SignedIn, story_id: int) -> HttpResponse:
    story = story_to_change(request, story_id)
    form = MetricForm(request.POST or None)
    if did(request, form, lambda said: actions.add_metric(story, by=request.user, **said)):
        return back(request, story, "Figure added.")
    return form_page(request, "stories/metric.html", story, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_metric(request: SignedIn, metric_id: int) -> HttpResponse:
    metric = get_object_or_404(Metric.objects.filter(story__in=_visible(request)), pk=metric_id)
    story = story_to_change(request, metric.story_id)
    form = MetricForm(request.POST or None, initial=shown(metric, ["label", "words"]))
    if did(request, form, lambda said: actions.change_metric(metric, by=request.user, **said)):
        return back(request, story, "Figure saved.")
    return form_page(request, "stories/metric.html", story, form, metric=metric)


@require_POST
def remove_metric(request: SignedIn, metric_id: int) -> HttpResponse:
    metric = get_object_or_404(Metric.objects.filter(story__in=_visible(request)), pk=metric_id)
    story = story_to_change(request, metric.story_id)
    actions.remove_metric(metric, by=request.user)
    return back(request, story, "Figure removed.")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_teller(request: SignedIn, story_id: int) -> HttpResponse:
    story = story_to_change(request, story_id)
    form = TellerForm(request.POST or None, story=story)
    if did(request, form, lambda said: actions.add_teller(story, by=request.user, **said)):
        return back(request, story, "Added to those who tell it.")
    return form_page(request, "stories/teller.html", story, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_teller(request: SignedIn, person_id: int) -> HttpResponse:
    person, story = _teller_to_change(request, person_id)
    form = TellerForm(request.POST or None, initial=shown(person, ["contact", "quote"]), story=story)
    if did(request, form, lambda said: actions.change_teller(person, by=request.user, **said)):
        return back(request, story, "Saved.")
    return form_page(request, "stories/teller.html", story, form, person=person)


@require_POST
def remove_teller(request: SignedIn, person_id: int) -> HttpResponse:
    person, story = _teller_to_change(request, person_id)
    actions.remove_teller(person, by=request.user)
    return back(request, story, "Taken from the story.")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_asset(request: SignedIn, story_id: int) -> HttpResponse:
    story = story_to_change(request, story_id)
    form = AssetForm(request.POST or None)
    if did(request, form, lambda _: actions.add_asset(story, _facts(form), by=request.user)):
        return back(request, story, "Link added.")
    return form_page(request, "stories/asset.html", story, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_asset(request: SignedIn, asset_id: int) -> HttpResponse:
    asset, story = _asset_to_change(request, asset_id)
    form = AssetForm(request.POST or None, initial=shown(asset, ["revision", *ASSET_FIELDS]))
    if did(request, form, lambda said: actions.change_asset(asset, _facts(form), by=request.user, revision=said["revision"])):
        return back(request, story, "Link saved.")
    return form_page(request, "stories/asset.html", story, form, asset=asset)


@require_POST
def retire_asset(request: SignedIn, asset_id: int) -> HttpResponse:
    asset, story = _asset_to_change(request, asset_id)
    actions.retire_asset(asset, by=request.user)
    return back(request, story, "Link retired.", undo=reverse("stories:bring_back_asset", args=[asset.pk]))


@require_POST
def bring_back_asset(request: SignedIn, asset_id: int) -> HttpResponse:
    asset, story = _asset_to_change(request, asset_id)
    actions.bring_back_asset(asset, by=request.user)
    return back(request, story, "Link is in use again.")


def _visible(request: SignedIn) -> StoryQuerySet:
    return Story.objects.visible_to(request.user)


def _teller_to_change(request: SignedIn, person_id: int) -> tuple[StoryPerson, Story]:
    """Who tells it and the story, if this person may change both: not where they may not know who it is."""
    person = get_object_or_404(StoryPerson.objects.filter(story__in=_visible(request)), pk=person_id)
    story = story_to_change(request, person.story_id)
    if not is_known(references_of([person]).get(person.contact_id or 0), request.user):
        raise Refused("Who this is is not disclosed to you. The account’s owner or a program manager can change it.", status=403)
    return person, story


def _asset_to_change(request: SignedIn, asset_id: int) -> tuple[Asset, Story]:
    asset = get_object_or_404(Asset.objects.filter(story__in=_visible(request)), pk=asset_id)
    return asset, story_to_change(request, asset.story_id)


def _facts(form: AssetForm) -> actions.AssetFacts:
    return actions.AssetFacts(**{name: form.cleaned_data[name] for name in ASSET_FIELDS})

"""The page of a story."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from firsthand.core.panels import placed
from firsthand.people.signed_in import SignedIn
from firsthand.stories import panels
from firsthand.stories.models import Story
from firsthand.stories.permissions import Move, why_not


@require_safe
def story(request: SignedIn, story_id: int) -> HttpResponse:
    found = get_object_or_404(Story.objects.visible_to(request.user).whole(), pk=story_id)
    context = {
        "story": found,
        "panels": placed(list(panels.record_panels(found, request.user))),
        "why_not_edit": why_not(request.user, Move.EDIT, found.account),
    }
    return render(request, "desk/story.html", context)

"""Save and delete a filter, then back to its list."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from firsthand.core.ui.toasts import toast
from firsthand.people.models import SavedFilter
from firsthand.people.saved_filters import LISTS, delete_filter, save_filter
from firsthand.people.signed_in import SignedIn


@require_POST
def new(request: SignedIn, list_name: str) -> HttpResponse:
    name, query, is_shared = request.POST.get("name", ""), request.POST.get("query", ""), "is_shared" in request.POST
    saved = save_filter(list_name, name, query, is_shared=is_shared, by=request.user)
    toast(request, f"Filter “{saved.name}” saved.")
    return redirect(f"{reverse(LISTS[list_name])}?{saved.query}")


@require_POST
def deletion(request: SignedIn, filter_id: int) -> HttpResponse:
    theirs = Q(colleague=request.user) | Q(is_shared=True, colleague__deactivated_at__isnull=False)
    saved = get_object_or_404(SavedFilter.objects.filter(theirs).select_related("colleague"), pk=filter_id)
    delete_filter(saved, by=request.user)
    toast(request, f"Filter “{saved.name}” deleted.")
    return redirect(LISTS[saved.list_name])

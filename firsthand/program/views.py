"""Facets and their values, and activity types. The policy has views of its own."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firsthand.core.forms import did
from firsthand.core.once import once
from firsthand.core.ui.toasts import toast
from firsthand.people.signed_in import SignedIn
from firsthand.program import actions
from firsthand.program.forms import ActivityTypeForm, FacetForm, FacetNameForm, ValueForm
from firsthand.program.models import ActivityType, Facet, FacetValue
from firsthand.program.permissions import demand, why_not
from firsthand.program.tree import in_order


@require_GET
def facets(request: SignedIn) -> HttpResponse:
    rows = Facet.objects.annotate(in_use=Count("values", filter=Q(values__retired_at=None)))
    context = {
        "facets": [row for row in rows if not row.retired_at],
        "retired": [row for row in rows if row.retired_at],
        "may_change": why_not(request.user) is None,
    }
    return render(request, "program/facets.html", context)


@require_http_methods(["GET", "POST"])
@once
def new_facet(request: SignedIn) -> HttpResponse:
    demand(request.user)
    form = FacetForm(request.POST or None)
    added: list[Facet] = []
    if did(request, form, lambda said: added.append(actions.add_facet(said["name"], kind=said["kind"], by=request.user))):
        return redirect("program:facet", added[0].pk)
    return render(request, "program/new_facet.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def facet(request: SignedIn, facet_id: int) -> HttpResponse:
    found = get_object_or_404(Facet, pk=facet_id)
    form = FacetNameForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST":
        demand(request.user)
    if did(request, form, lambda said: actions.rename_facet(found, said["name"], by=request.user)):
        toast(request, f"{found.name} is now called {form.cleaned_data['name']}.")
        return redirect("program:facet", found.pk)
    rows = in_order(found.values.prefetch_related("aliases"))
    context = {
        "facet": found,
        "form": form,
        "values": [row for row in rows if not row.retired_at],
        "retired": [row for row in rows if row.retired_at],
        "may_change": why_not(request.user) is None,
    }
    return render(request, "program/facet.html", context, status=400 if form.errors else 200)


@require_POST
def facet_retirement(request: SignedIn, facet_id: int) -> HttpResponse:
    """Retire a facet, or with `back` bring it back."""
    found = get_object_or_404(Facet, pk=facet_id)
    if "back" in request.POST:
        actions.bring_back_facet(found, by=request.user)
        toast(request, f"{found.name} is offered again.")
    else:
        actions.retire_facet(found, by=request.user)
        toast(request, f"{found.name} is retired; what has its values keeps them.")
    return redirect("program:facets")


@require_http_methods(["GET", "POST"])
@once
def new_value(request: SignedIn, facet_id: int) -> HttpResponse:
    demand(request.user)
    found = get_object_or_404(Facet, pk=facet_id)
    form = ValueForm(request.POST or None, facet=found, initial={"parent": request.GET.get("below", "")})
    if did(request, form, lambda _: actions.add_value(found, form.facts, by=request.user)):
        toast(request, f"{form.facts.name} added.")
        return redirect("program:facet", found.pk)
    return render(request, "program/value.html", {"form": form, "facet": found}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def value(request: SignedIn, value_id: int) -> HttpResponse:
    demand(request.user)
    found = get_object_or_404(FacetValue.objects.select_related("facet"), pk=value_id)
    form = ValueForm(request.POST or None, facet=found.facet, value=found)
    if did(request, form, lambda said: actions.change_value(found, form.facts, by=request.user, revision=said["revision"] or 0)):
        toast(request, f"{form.facts.name} saved.")
        return redirect("program:facet", found.facet_id)
    context = {"form": form, "facet": found.facet, "value": found}
    return render(request, "program/value.html", context, status=400 if form.errors else 200)


@require_POST
def value_retirement(request: SignedIn, value_id: int) -> HttpResponse:
    """Retire a value with all below it, or with `back` bring it back."""
    found = get_object_or_404(FacetValue, pk=value_id)
    if "back" in request.POST:
        actions.bring_back_value(found, by=request.user)
        toast(request, f"{found.name} is offered again.")
    else:
        actions.retire_value(found, by=request.user)
        toast(request, f"{found.name} is retired; what has it keeps it.")
    return redirect("program:facet", found.facet_id)


@require_GET
def activity_types(request: SignedIn) -> HttpResponse:
    rows = list(ActivityType.objects.all())
    context = {
        "activity_types": [row for row in rows if not row.retired_at],
        "retired": [row for row in rows if row.retired_at],
        "may_change": why_not(request.user) is None,
    }
    return render(request, "program/activity_types.html", context)


@require_http_methods(["GET", "POST"])
def activity_type(request: SignedIn, activity_type_id: int) -> HttpResponse:
    demand(request.user)
    found = get_object_or_404(ActivityType, pk=activity_type_id)
    form = ActivityTypeForm(request.POST or None, initial=vars(found))
    if did(request, form, lambda said: actions.change_activity_type(found, form.facts, by=request.user, revision=said["revision"])):
        toast(request, f"{form.facts.name} saved.")
        return redirect("program:activity_types")
    return render(request, "program/activity_type.html", {"form": form, "activity_type": found}, status=400 if form.errors else 200)


@require_POST
def activity_type_retirement(request: SignedIn, activity_type_id: int) -> HttpResponse:
    """Retire an activity type, or with `back` bring it back."""
    found = get_object_or_404(ActivityType, pk=activity_type_id)
    if "back" in request.POST:
        actions.bring_back_activity_type(found, by=request.user)
        toast(request, f"{found.name} is offered again.")
    else:
        actions.retire_activity_type(found, by=request.user)
        toast(request, f"{found.name} is retired; what was done by it stays.")
    return redirect("program:activity_types")

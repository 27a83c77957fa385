"""The policy and its versions. Everybody reads them; managers and administrators save new ones."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.people.forms import complain
from firsthand.people.signed_in import SignedIn
from firsthand.program import actions
from firsthand.program.models import ActivityType, PolicyVersion
from firsthand.program.permissions import demand, why_not
from firsthand.program.policy import in_force, newest
from firsthand.program.policy_form import PolicyForm
from firsthand.program.policy_words import SECTIONS, Difference, activity_rules, stated, stated_section, worded

VERSIONS_SHOWN = 50


@dataclass(frozen=True)
class Version:
    """A version with what it changed, in words."""

    row: PolicyVersion
    differences: list[Difference]


@require_GET
def policy(request: SignedIn) -> HttpResponse:
    rules, kinds = in_force(), _activity_types()
    context = {
        "policy": rules,
        "version": PolicyVersion.objects.select_related("author").order_by("-id").first(),
        "sections": [(section, stated_section(rules, section)) for section in SECTIONS],
        "lines": [(kind, stated(rules, approval), stated(rules, routing)) for kind, approval, routing in activity_rules(kinds)],
        "why_not": why_not(request.user),
    }
    return render(request, "program/policy.html", context)


@require_http_methods(["GET", "POST"])
def change_policy(request: SignedIn) -> HttpResponse:
    demand(request.user)
    version = newest()
    over = version.pk if version else 0
    form = PolicyForm(request.POST or None, policy=in_force(), over=over, activity_types=_activity_types())
    meanwhile: list[Difference] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.save_policy(given["policy"], reason=given["reason"], by=request.user, over=given["over"])
        except Refused as refusal:
            complain(form, refusal.sentence)
            meanwhile = _saved_since(given["over"])
            form.write_over(over)
        else:
            toast(request, "The new policy is in force.")
            return redirect(_open_asks_it_bars() if request.user.runs_program else "program:policy")
    return render(request, "program/policy_form.html", {"form": form, "meanwhile": meanwhile}, status=400 if form.errors else 200)


@require_GET
def policy_versions(request: SignedIn) -> HttpResponse:
    kinds = _activity_types()
    rows = PolicyVersion.objects.select_related("author").order_by("-id")[:VERSIONS_SHOWN]
    versions = [Version(row, worded(row.difference, kinds)) for row in rows]
    return render(request, "program/policy_versions.html", {"versions": versions, "count": PolicyVersion.objects.count()})


def _open_asks_it_bars() -> str:
    """Where a program manager decides on open asks that a version just saved bars; it leads back here when there are none."""
    return f"{reverse('requests:barred')}?saved=1"


def _activity_types() -> list[ActivityType]:
    return list(ActivityType.objects.filter(retired_at=None))


def _saved_since(over: int) -> list[Difference]:
    """What others changed since the version a person started from."""
    kinds = _activity_types()
    return [difference for row in PolicyVersion.objects.filter(pk__gt=over).order_by("id") for difference in worded(row.difference, kinds)]

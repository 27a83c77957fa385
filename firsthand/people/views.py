"""Colleagues, teams and everybody's own settings."""

from allauth.core import ratelimit
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firsthand.core import lists
from firsthand.core.once import once
from firsthand.core.refused import Refused
from firsthand.core.ui.context import THEMES
from firsthand.core.ui.toasts import toast
from firsthand.people import actions
from firsthand.people.forms import ChangePasswordForm, ColleagueForm, SettingsForm, TeamForm, complain
from firsthand.people.listing import colleagues, role_words, state_of
from firsthand.people.models import Colleague, Team
from firsthand.people.permissions import Move, demand, why_not, why_not_teams
from firsthand.people.signed_in import SignedIn

YEAR = 365 * 24 * 3600


@require_GET
def index(request: SignedIn) -> HttpResponseBase:
    return lists.answer(request, colleagues(request.user), "people/list.html", {"may_add": why_not(request.user, Move.ADD) is None})


@require_http_methods(["GET", "POST"])
@once
def new(request: SignedIn) -> HttpResponse:
    demand(why_not(request.user, Move.ADD))
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_colleague(form.facts, by=request.user)
        except Refused as refusal:
            complain(form, refusal.sentence)
        else:
            toast(request, f"{added.name} added.")
            return redirect("people:colleague", added.pk)
    return render(request, "people/new.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def colleague(request: SignedIn, colleague_id: int) -> HttpResponse:
    found = get_object_or_404(Colleague.objects.select_related("team", "deputy"), pk=colleague_id)
    form = ColleagueForm(request.POST or None, colleague=found)
    if request.method == "POST":
        demand(why_not(request.user, Move.EDIT, found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_colleague(found, form.facts, by=request.user, revision=form.cleaned_data["revision"] or 0)
        except Refused as refusal:
            complain(form, refusal.sentence)
        else:
            toast(request, f"{form.facts.name} saved.")
            return redirect("people:colleague", found.pk)
    context = {
        "colleague": found,
        "form": form,
        "state": state_of(found),
        "role_words": role_words(found),
        "why_not_edit": why_not(request.user, Move.EDIT, found),
        "why_not_invite": why_not(request.user, Move.INVITE, found),
        "why_not_deactivate": why_not(request.user, Move.DEACTIVATE, found),
        "stands_in_for": found.stands_in_for.order_by("name"),
        "leads": found.leads.order_by("name"),
    }
    return render(request, "people/colleague.html", context, status=400 if form.errors else 200)


@require_POST
def invitation(request: SignedIn, colleague_id: int) -> HttpResponse:
    found = get_object_or_404(Colleague, pk=colleague_id)
    actions.invite(found, by=request.user)
    toast(request, f"An invitation is on its way to {found.email}.")
    return redirect("people:colleague", found.pk)


@require_POST
def deactivation(request: SignedIn, colleague_id: int) -> HttpResponse:
    found = get_object_or_404(Colleague, pk=colleague_id)
    actions.deactivate(found, by=request.user)
    toast(request, f"{found.name} is deactivated and signed out everywhere.")
    return redirect("people:colleague", found.pk)


@require_POST
def reactivation(request: SignedIn, colleague_id: int) -> HttpResponse:
    found = get_object_or_404(Colleague, pk=colleague_id)
    actions.reactivate(found, by=request.user)
    how = "gets an invitation to choose a password" if found.email else "signs in once you add an e-mail address and invite them"
    toast(request, f"{found.name} is active again, and {how}.")
    return redirect("people:colleague", found.pk)


@require_GET
def teams(request: SignedIn) -> HttpResponse:
    rows = Team.objects.select_related("lead").prefetch_related("members").order_by("name")
    return render(request, "people/teams.html", {"teams": rows, "may_add": why_not_teams(request.user) is None})


@require_http_methods(["GET", "POST"])
@once
def new_team(request: SignedIn) -> HttpResponse:
    demand(why_not_teams(request.user))
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_team(form.facts, by=request.user)
        except Refused as refusal:
            complain(form, refusal.sentence)
        else:
            return redirect("people:teams")
    return render(request, "people/team.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def team(request: SignedIn, team_id: int) -> HttpResponse:
    demand(why_not_teams(request.user))
    found = get_object_or_404(Team, pk=team_id)
    form = TeamForm(request.POST or None, initial={"name": found.name, "lead": found.lead_id})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_team(found, form.facts, by=request.user)
        except Refused as refusal:
            complain(form, refusal.sentence)
        else:
            return redirect("people:teams")
    members = found.members.order_by("name")
    return render(request, "people/team.html", {"form": form, "team": found, "members": members}, status=400 if form.errors else 200)


@require_POST
def team_removal(request: SignedIn, team_id: int) -> HttpResponse:
    found = get_object_or_404(Team, pk=team_id)
    actions.remove_team(found, by=request.user)
    toast(request, f"{found.name} is dissolved; its members stay.")
    return redirect("people:teams")


@require_http_methods(["GET", "POST"])
def settings(request: SignedIn) -> HttpResponse:
    me = request.user
    initial = {"name": me.name, "time_zone": me.time_zone, "letter_keys": me.letter_keys, "theme": request.COOKIES.get("theme", "")}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return render(request, "people/settings.html", {"form": form}, status=400 if form.errors else 200)
    actions.save_own_settings(me, form.settings)
    toast(request, "Settings saved.")
    answer = redirect("people:settings")
    theme = form.cleaned_data["theme"]
    if theme in THEMES:
        answer.set_cookie("theme", theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        answer.delete_cookie("theme", samesite="Lax")
    return answer


@require_http_methods(["GET", "POST"])
def password(request: SignedIn) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, colleague=request.user)
    if request.method == "POST" and not ratelimit.consume(request, action="change_password"):
        raise Refused("Too many tries. Wait a minute, then try again.", status=429)
    if request.method != "POST" or not form.is_valid():
        return render(request, "people/password.html", {"form": form}, status=400 if form.errors else 200)
    actions.change_password(request.user, form.cleaned_data["password"])
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    toast(request, "Password changed. You are signed out everywhere else.")
    return redirect("people:settings")

"""The list of accounts, and the forms and deeds that keep an account, its people and its signals."""

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firsthand.core import lists, search
from firsthand.core.clock import today
from firsthand.core.once import once
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.customers import actions
from firsthand.customers.forms import AccountForm, ContactForm, LeavingForm, SignalForm, TieForm
from firsthand.customers.listing import accounts_for, contacts_for
from firsthand.customers.models import Account, Contact, Relationship, Signal
from firsthand.customers.permissions import Move, demand, is_owner, why_not
from firsthand.people.models import Colleague
from firsthand.people.signed_in import SignedIn
from firsthand.program.models import FacetValue
from firsthand.program.policy import in_force

NAMES_SHOWN = 8


@require_GET
def index(request: SignedIn) -> HttpResponseBase:
    context = {
        "may_add": why_not(request.user, Move.ADD) is None,
        "mine": Account.objects.visible_to(request.user).filter(owner=request.user).count(),
    }
    return lists.answer(request, accounts_for(request.user), "customers/list.html", context)


@require_GET
def names(request: SignedIn) -> HttpResponse:
    """Options for a field in which an account is typed by name."""
    text = next((given for name in ("parent", "account", "prospect") if (given := request.GET.get(name, ""))), "")
    rows = search.narrow(Account.objects.visible_to(request.user), "account", text).order_by("key", "pk")
    return render(request, "customers/_names.html", {"accounts": rows[:NAMES_SHOWN]})


@require_http_methods(["GET", "POST"])
@once
def new(request: SignedIn) -> HttpResponse:
    demand(request.user, Move.ADD)
    form = AccountForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        account = actions.add_account(form.facts, by=request.user)
        toast(request, f"{account.name} added.")
        return redirect("desk:account", account.pk)
    return render(request, "customers/account_form.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, account_id: int) -> HttpResponse:
    account = _account(request, account_id)
    demand(request.user, Move.EDIT, account)
    form = AccountForm(request.POST or None, user=request.user, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_account(account, form.facts, by=request.user, revision=form.cleaned_data["revision"])
        except Refused as refusal:
            return _refused(request, form, refusal, "customers/account_form.html", {"account": account})
        toast(request, f"{form.facts.name} saved.")
        return redirect("desk:account", account.pk)
    return render(request, "customers/account_form.html", {"form": form, "account": account}, status=400 if form.errors else 200)


@require_POST
def values(request: SignedIn, account_id: int) -> HttpResponse:
    """Give the account a facet value (`add`) or take one from it (`drop`)."""
    account = _account(request, account_id)
    given = request.POST.get("add") or request.POST.get("drop") or ""
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Refused("Choose a value first.", status=400)
    value = get_object_or_404(FacetValue, pk=int(given))
    change = actions.add_value if request.POST.get("add") else actions.drop_value
    change(account, value, by=request.user)
    return redirect(reverse("desk:account", args=[account.pk]) + "#facets")


@require_GET
def contacts(request: SignedIn, account_id: int) -> HttpResponseBase:
    """All people of an account, where its page shows too few."""
    account = _account(request, account_id)
    context = {"account": account, "may_add": why_not(request.user, Move.ADD_CONTACT, account) is None}
    return lists.answer(request, contacts_for(request.user, account), "customers/contacts.html", context)


@require_http_methods(["GET", "POST"])
@once
def new_contact(request: SignedIn, account_id: int) -> HttpResponse:
    account = _account(request, account_id)
    demand(request.user, Move.ADD_CONTACT, account)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contact = actions.add_contact(account, form.facts, by=request.user)
        except Refused as refusal:
            return _refused(request, form, refusal, "customers/contact_form.html", {"account": account})
        toast(request, f"{contact.person.name} added.")
        return _back(contact)
    return render(request, "customers/contact_form.html", {"form": form, "account": account}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def contact(request: SignedIn, contact_id: int) -> HttpResponse:
    """Edit a contact, say that they left, say who knows them."""
    found = _contact(request, contact_id)
    demand(request.user, Move.EDIT_CONTACT, found.account)
    form = ContactForm(request.POST or None, contact=found)
    context = {"account": found.account, "contact": found, "leaving": LeavingForm()}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_contact(found, form.facts, by=request.user)
        except Refused as refusal:
            return _refused(request, form, refusal, "customers/contact_form.html", context)
        toast(request, f"{found.person.name} saved.")
        return _back(found)
    return render(request, "customers/contact_form.html", {"form": form, **context}, status=400 if form.errors else 200)


@require_POST
def leaving(request: SignedIn, contact_id: int) -> HttpResponse:
    """They left on `left_on`; without a day, they did not leave after all."""
    found = _contact(request, contact_id)
    if not request.POST.get("left_on"):
        actions.mark_back(found, by=request.user)
        toast(request, f"{found.person.name} works at {found.account.name} again.")
        return _back(found)
    form = LeavingForm(request.POST)
    if not form.is_valid():
        raise Refused("Give the last day as a date, such as 2026-11-30.", status=400)
    actions.mark_left(found, form.cleaned_data["left_on"], by=request.user)
    toast(request, f"{found.person.name} left {found.account.name}.", undo=reverse("customers:leaving", args=[found.pk]))
    return _back(found)


@require_http_methods(["GET", "POST"])
def ties(request: SignedIn, contact_id: int) -> HttpResponse:
    """Who knows a contact."""
    found = _contact(request, contact_id)
    demand(request.user, Move.TIE, found.account)
    form = TieForm(request.POST or None, colleagues=_who_may_be_tied(request.user, found.account), initial={"colleague": request.user.pk})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.tie(found, given["colleague"], by=request.user, kind=given["kind"], strength=given["strength"], role=given["role"])
        toast(request, f"Kept how {given['colleague'].name} knows {found.person.name}.")
        return _back(found)
    known = found.relationships.select_related("colleague").order_by("-strength", "colleague__name")
    context = {
        "form": form,
        "contact": found,
        "account": found.account,
        "ties": known,
        "may_drop_all": is_close(request.user, found.account),
    }
    return render(request, "customers/ties.html", context, status=400 if form.errors else 200)


@require_POST
def tie(request: SignedIn, tie_id: int) -> HttpResponse:
    """Take back that a colleague knows a contact."""
    contacts = Contact.objects.visible_to(request.user)
    found = get_object_or_404(
        Relationship.objects.select_related("contact__account__owner", "contact__person"), pk=tie_id, contact__in=contacts
    )
    actions.drop_tie(found, by=request.user)
    return redirect("customers:ties", found.contact_id)


@require_http_methods(["GET", "POST"])
@once
def signals(request: SignedIn, account_id: int) -> HttpResponse:
    account = _account(request, account_id)
    demand(request.user, Move.SIGNAL, account)
    form = SignalForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_signal(account, form.facts, by=request.user)
        except Refused as refusal:
            return _refused(request, form, refusal, "customers/signal_form.html", {"account": account})
        toast(request, "Signal recorded.")
        return redirect("desk:account", account.pk)
    return render(request, "customers/signal_form.html", {"form": form, "account": account}, status=400 if form.errors else 200)


@require_POST
def resolution(request: SignedIn, signal_id: int) -> HttpResponse:
    """The escalation is over, as of today."""
    signal = get_object_or_404(Signal.objects.visible_to(request.user).select_related("account"), pk=signal_id)
    actions.resolve_signal(signal, by=request.user, on=max(signal.happened_on, today(in_force().time_zone)))
    toast(request, "Escalation resolved.")
    return redirect("desk:account", signal.account_id)


def is_close(user: Colleague, account: Account) -> bool:
    return user.runs_program or is_owner(user, account)


def _who_may_be_tied(user: Colleague, account: Account) -> QuerySet[Colleague]:
    colleagues = Colleague.objects.active().order_by("name", "pk")
    return colleagues if is_close(user, account) else colleagues.filter(pk=user.pk)


def _account(request: SignedIn, account_id: int) -> Account:
    return get_object_or_404(Account.objects.visible_to(request.user).select_related("owner", "parent"), pk=account_id)


def _contact(request: SignedIn, contact_id: int) -> Contact:
    contacts = Contact.objects.visible_to(request.user).select_related("person", "account__owner")
    return get_object_or_404(contacts, pk=contact_id)


def _back(contact: Contact) -> HttpResponse:
    return redirect(reverse("desk:account", args=[contact.account_id]) + f"#contact-{contact.pk}")


def _refused(request: SignedIn, form: Form, refusal: Refused, template: str, context: dict[str, object]) -> HttpResponse:
    """The form again, with the sentence above it and everything still typed in."""
    form.add_error(None, refusal.sentence)
    return render(request, template, {"form": form, **context}, status=refusal.status)

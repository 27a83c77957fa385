"""The list of references and the forms of its deeds. Each deed leads back to the record page."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firsthand.core import lists
from firsthand.core.forms import did
from firsthand.core.once import once
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.customers.models import Account, Contact
from firsthand.people.signed_in import SignedIn
from firsthand.program.models import ActivityType
from firsthand.references import actions
from firsthand.references.disclosure import shown_name
from firsthand.references.forms import ConsentForm, HoldForm, ReferenceForm, StandingForm, WillingnessForm
from firsthand.references.listing import references_for
from firsthand.references.models import Hold, Reference, ReferenceAccount
from firsthand.references.permissions import Move, demand

Facts = dict[str, Any]
AUDIENCES = ("to_prospects", "to_analysts", "to_press", "to_public")


@require_safe
def index(request: SignedIn) -> HttpResponseBase:
    return lists.answer(request, references_for(request.user), "references/list.html")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def enroll(request: SignedIn, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("person", "account__owner"), pk=contact_id)
    demand(request.user, Move.ENROLL, contact.account)
    if request.method == "POST":
        reference = actions.enroll(contact, by=request.user)
        toast(request, f"{contact.person.name} is a reference. Record what they agreed to next.")
        return redirect("references:consent", reference.pk)
    return render(request, "references/enroll.html", {"contact": contact})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, reference_id: int) -> HttpResponse:
    reference = _reference(request, reference_id, Move.EDIT)
    form = ReferenceForm(request.POST or None, instance=reference)
    if did(request, form, lambda facts: actions.change_reference(reference, by=request.user, **facts)):
        return _back(request, reference, "Saved.")
    return _form_page(request, "references/edit.html", reference, form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def hold(request: SignedIn, reference_id: int) -> HttpResponse:
    reference = _reference(request, reference_id, Move.HOLD)
    form = HoldForm(request.POST or None)

    def set_hold(facts: Facts) -> None:
        target = reference.reference_account if facts.pop("whole_customer") else reference
        actions.set_hold(target, by=request.user, **facts)

    if did(request, form, set_hold):
        return _back(request, reference, "Nobody can ask until the hold ends.")
    return _form_page(request, "references/hold.html", reference, form)


@require_POST
def lift(request: SignedIn, hold_id: int) -> HttpResponse:
    row = get_object_or_404(Hold.objects.select_related("reference_account__account", "reference__contact__account"), pk=hold_id)
    references = Reference.objects.visible_to(request.user).select_related("contact__account__owner")
    of_hold = {"pk": row.reference_id} if row.reference_id else {"reference_account": row.reference_account_id}
    reference = references.filter(**of_hold).order_by("pk").first() or get_object_or_404(references, pk=0)
    demand(request.user, Move.LIFT_HOLD, reference.account)
    actions.lift_hold(row, by=request.user)
    return _back(request, reference, "The hold has ended.")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def consent(request: SignedIn, reference_id: int) -> HttpResponse:
    reference = _reference(request, reference_id, Move.CONSENT)
    form = ConsentForm(request.POST or None)

    def record_consent(facts: Facts) -> None:
        covers = list(facts.pop("covers")) or None
        actions.record_consent(reference.contact, by=request.user.actor, activity_types=covers, **facts)

    if did(request, form, record_consent):
        return _back(request, reference, "Recorded in the consent ledger.")
    return _form_page(request, "references/consent.html", reference, form)


@require_http_methods(["GET", "HEAD", "POST"])
def willingness(request: SignedIn, reference_id: int, code: str) -> HttpResponse:
    reference = _reference(request, reference_id, Move.WILLINGNESS)
    activity_type = get_object_or_404(ActivityType.objects.filter(retired_at=None), code=code)
    form = WillingnessForm(request.POST or None, initial=_willingness_of(reference, activity_type))

    def set_willingness(facts: Facts) -> None:
        audience = {name: name in facts["audience"] for name in AUDIENCES}
        limit = {"limit_count": facts["limit_count"], "limit_period": facts["limit_period"]}
        actions.set_willingness(reference, activity_type, by=request.user.actor, answer=facts["answer"], **audience, **limit)

    if did(request, form, set_willingness):
        return _back(request, reference, f"Saved for {activity_type.name.lower()}.")
    return _form_page(request, "references/willingness.html", reference, form, activity_type=activity_type)


@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: SignedIn, account_id: int) -> HttpResponse:
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related("owner"), pk=account_id)
    demand(request.user, Move.EDIT, account)
    row = ReferenceAccount.objects.filter(account=account).first()
    if row is None:
        raise Refused(f"{account.name} has no reference yet. Enroll one of its people first.")
    form = StandingForm(request.POST or None, instance=row)

    def change_standing(facts: Facts) -> None:
        actions.change_standing(row, by=request.user, no_go=facts.pop("no_go").splitlines(), **facts)

    if did(request, form, change_standing):
        toast(request, "Saved.")
        return redirect("desk:account", account.pk)
    return render(request, "references/standing.html", {"account": account, "form": form}, status=400 if form.errors else 200)


def _reference(request: SignedIn, reference_id: int, move: Move) -> Reference:
    """The reference, if this person sees it and may do that."""
    rows = Reference.objects.visible_to(request.user).select_related("contact__person", "contact__account__owner", "reference_account")
    reference = get_object_or_404(rows, pk=reference_id)
    demand(request.user, move, reference.account)
    return reference


def _willingness_of(reference: Reference, activity_type: ActivityType) -> dict[str, object]:
    row = reference.willingness.filter(activity_type=activity_type).first()
    if row is None:
        return {"audience": list(AUDIENCES)}
    audience = [name for name in AUDIENCES if getattr(row, name)]
    return {"answer": row.answer, "audience": audience, "limit_count": row.limit_count, "limit_period": row.limit_period}


def _form_page(request: SignedIn, template: str, reference: Reference, form: BaseForm, **more: object) -> HttpResponse:
    context = {"reference": reference, "name": shown_name(reference, request.user), "form": form, **more}
    return render(request, template, context, status=400 if form.errors else 200)


def _back(request: SignedIn, reference: Reference, sentence: str) -> HttpResponse:
    toast(request, sentence)
    return redirect("desk:reference", reference.pk)

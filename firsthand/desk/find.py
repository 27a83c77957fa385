"""The one search box: finds whatever one may see, as a page and as the palette's list."""

import re
from typing import TypeVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from firsthand.core import lists, search, words
from firsthand.core.ui.nav import sections
from firsthand.core.ui.parts import Found, FoundGroup
from firsthand.customers.models import Account, Contact
from firsthand.deals import finding as deals
from firsthand.deals.listing import seen_prospects, title_of
from firsthand.deals.models import Opportunity
from firsthand.deals.panels import amount
from firsthand.people.models import Colleague
from firsthand.people.signed_in import SignedIn
from firsthand.references.disclosure import shown_name
from firsthand.references.models import Reference
from firsthand.requests.models import ReferenceRequest
from firsthand.stories.models import Story

Row = TypeVar("Row", bound=models.Model)

IN_PALETTE, ON_PAGE = 5, 25
MOST_SLICES = 40
NUMBER = re.compile(r"(?:rq)?[\s#-]*(\d{1,18})", re.IGNORECASE)


@require_GET
def find(request: SignedIn) -> HttpResponse:
    """`q` is what to find. The palette asks by htmx and gets the groups alone."""
    text = request.GET.get("q", "").strip()[: lists.LONGEST_SEARCH]
    in_palette = request.headers.get("HX-Request") == "true"
    groups = everything(request, text, IN_PALETTE if in_palette else ON_PAGE) if text else []
    template = "ui/palette_results.html" if in_palette else "desk/find.html"
    return render(request, template, {"groups": groups, "text": text, "count": sum(len(group.found) for group in groups)})


def everything(request: SignedIn, text: str, most: int) -> list[FoundGroup]:
    """Up to `most` of each kind, best first; kinds of which nothing is found are left out."""
    user = request.user
    groups = [
        FoundGroup("Requests", _requests(text, user, most)),
        FoundGroup("Accounts", _accounts(text, user, most)),
        FoundGroup("People", _people(text, user, most)),
        FoundGroup("Deals", _deals(text, user, most)),
        FoundGroup("Stories", _stories(text, user, most)),
        FoundGroup("Colleagues", _colleagues(text, most)),
        FoundGroup("Pages", _pages(request, text, most)),
    ]
    return [group for group in groups if group.found]


def visible_hits(text: str, kind: str, rows: QuerySet[Row], most: int) -> list[Row]:
    """What the text finds among the rows one may see, the next slice taken until there are enough; else what is very like it."""
    shown: list[int] = []
    for number, hits in enumerate(search.find(text, [kind])):
        ids = [hit.object_id for hit in hits]
        seen = set(rows.filter(pk__in=ids).values_list("pk", flat=True))  # whole rows are read for those shown alone
        shown += [pk for pk in ids if pk in seen]
        if len(shown) >= most or number == MOST_SLICES:
            break
    if not shown:
        near = [hit.object_id for hit in search.near(text, [kind])]
        seen = set(rows.filter(pk__in=near).values_list("pk", flat=True))
        shown = [pk for pk in near if pk in seen]
    found = rows.in_bulk(shown[:most])
    return [found[pk] for pk in shown[:most] if pk in found]


def _accounts(text: str, user: Colleague, most: int) -> list[Found]:
    rows = visible_hits(text, "account", Account.objects.visible_to(user).select_related("owner"), most)
    return [Found(_to("desk:account", row.pk), row.name, _whose(row.owner, user), icon="building-2") for row in rows]


def _people(text: str, user: Colleague, most: int) -> list[Found]:
    """Contacts; one who is a reference leads to the reference's page, one who is a hidden one stands like any other."""
    rows = visible_hits(text, "contact", Contact.objects.visible_to(user).select_related("person", "account"), most)
    enrolled = Reference.objects.visible_to(user).filter(contact__in=rows)
    related = enrolled.select_related("contact__person", "contact__account__owner", "reference_account")
    references = {each.contact_id: each for each in related}
    return [_person(row, references.get(row.pk), user) for row in rows]


def _person(contact: Contact, reference: Reference | None, user: Colleague) -> Found:
    job = ", ".join(part for part in (contact.title, contact.account.name) if part)
    if reference:
        name = shown_name(reference, user)
        return Found(_to("desk:reference", reference.pk), name, f"Reference · {job}", person=name)
    url = f"{_to('desk:account', contact.account_id)}#contact-{contact.pk}"
    return Found(url, contact.person.name, job, person=contact.person.name)


def _deals(text: str, user: Colleague, most: int) -> list[Found]:
    """By their own words or their account's, the newest first."""
    visible = Opportunity.objects.visible_to(user).select_related("account", "stage")
    rows = list(deals.found(visible, text, user).order_by("-pk")[:most])
    prospects = seen_prospects(rows, user)
    return [Found(_to("desk:deal", row.pk), title_of(row, prospects[row.pk]), _deal_note(row), icon="handshake") for row in rows]


def _deal_note(deal: Opportunity) -> str:
    stage = deal.stage.name if deal.stage else deal.get_outcome_display()
    return f"{amount(deal)} · {stage}" if deal.amount is not None else stage


def _stories(text: str, user: Colleague, most: int) -> list[Found]:
    rows = visible_hits(text, "story", Story.objects.visible_to(user).select_related("account"), most)
    return [Found(_to("desk:story", row.pk), row.headline, row.account.name, icon="book-open-text") for row in rows]


def _requests(text: str, user: Colleague, most: int) -> list[Found]:
    """By number, such as RQ-12; else the open ones whose deal or outlet says it."""
    visible = ReferenceRequest.objects.visible_to(user).select_related("activity_type")
    number = NUMBER.fullmatch(text)
    if number:
        rows = list(visible.filter(pk=int(number.group(1))))
    else:
        own = deals.found(Opportunity.objects.visible_to(user), text, user)
        rows = list(visible.open().filter(opportunity__in=own).order_by("-pk")[:most])
    return [_request(row) for row in rows if _to("desk:request", row.pk)]


def _request(row: ReferenceRequest) -> Found:
    note = f"{row.get_status_display()}, needed by {words.day_year(row.needed_by)}"
    return Found(_to("desk:request", row.pk), f"{row}, {row.activity_type.noun}", note, icon="message-square-quote")


def _colleagues(text: str, most: int) -> list[Found]:
    rows = Colleague.objects.active().matching(text).order_by("name", "pk")[:most]
    return [Found(_to("people:colleague", row.pk), row.name, row.title or row.get_role_display(), person=row.name) for row in rows]


def _pages(request: HttpRequest, text: str, most: int) -> list[Found]:
    """Pages of the navigation whose name begins with it."""
    links = [link for section in sections(request) for link in section.links]
    fitting = [link for link in links if link.label.casefold().startswith(text.casefold())]
    return [Found(link.url, link.label, "Page", icon=link.icon) for link in fitting[:most]]


def _whose(owner: Colleague | None, user: Colleague) -> str:
    if owner is None:
        return "Nobody’s account"
    return "Your account" if owner.pk == user.pk else f"{owner.name}’s account"


def _to(name: str, pk: int) -> str:
    """The page's address; nothing where there is no such page."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""

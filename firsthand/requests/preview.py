"""What stands beside the new-request form: the best matches for what is typed so far, and what is known of the person named."""

from dataclasses import dataclass, field, replace

from firsthand.customers.models import Contact
from firsthand.matching.match import Result, match
from firsthand.matching.need import Need
from firsthand.matching.rules import why_barred
from firsthand.people.models import Colleague
from firsthand.references.choosing import label
from firsthand.references.models import Reference
from firsthand.requests.contents import Content, offered_first
from firsthand.requests.criteria import Chosen
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.needs import need_of
from firsthand.requests.new_request import NewRequestForm, draft_need

SHOWN = 3
OVER = (Ask.Status.REFUSED, Ask.Status.DECLINED, Ask.Status.EXPIRED, Ask.Status.CANCELED)  # whoever asks again asks anew


@dataclass(frozen=True)
class Named:
    """Somebody asked for by name: `reference` where they are enrolled, `why_not` the sentence where they cannot be asked.

    `ask` is the one that is under way, or happened, for the request at hand.
    """

    name: str
    why_not: str = ""
    reference: Reference | None = None
    ask: Ask | None = None


@dataclass(frozen=True)
class Preview:
    """`result` is None while there is no activity type at all."""

    result: Result | None
    named: Named | None
    contents: list[Content] = field(default_factory=list)


def preview_of(form: NewRequestForm, chosen: Chosen, user: Colleague) -> Preview:
    need = draft_need(form, chosen)
    if need is None:
        return Preview(None, None)
    person = form.cleaned_data.get("named")
    named = named_person(person, need, user) if person else None
    return Preview(match(need, user, shown=SHOWN), named, offered_first(need, user) if need.wish else [])


def named_for(reference_request: ReferenceRequest, user: Colleague) -> Named | None:
    """The person a request asks for, if it asks for one whom this reader may see.

    Once they are asked for it they are judged for that ask, which does not stand in its own way.
    """
    person = Contact.objects.visible_to(user).select_related("person", "account").filter(pk=reference_request.named_contact_id or 0).first()
    if person is None:
        return None
    asks = Ask.objects.filter(reference_request=reference_request, reference__contact=person).exclude(status__in=OVER)
    ask = asks.select_related("engagement", "joins__engagement").order_by("-pk").first()
    return replace(named_person(person, need_of(reference_request, ask), user), ask=ask)


def named_person(contact: Contact, need: Need, user: Colleague) -> Named:
    """Whether somebody who is asked for by name may be asked, in the words the match itself uses; a hidden reference is none here."""
    enrolled = Reference.objects.visible_to(user).filter(contact=contact)
    reference = enrolled.select_related("contact__person", "contact__account__owner", "reference_account").first()
    if reference is None:
        return Named(label(contact), f"{contact.person.name} is not a reference yet. Their account owner would have to win them first.")
    bars = why_barred(need, reference, viewer=user)
    return Named(label(contact), bars[0].sentence if bars else "", reference)

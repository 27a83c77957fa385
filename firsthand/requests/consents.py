"""Whether a person has confirmed to us that we may approach them, or took it back."""

from collections.abc import Collection

from django.db.models import Q

from firsthand.core.clock import today as today_in
from firsthand.customers.models import Contact
from firsthand.program.policy import in_force
from firsthand.references.models import Consent, Reference


def is_confirmed(reference: Reference) -> bool:
    """Whether consent with evidence stands and its re-check date has not passed. Unconfirmed people are asked in person first."""
    policy = in_force()
    today, months = today_in(policy.time_zone), policy.deadlines.consent_recheck_months
    return Consent.objects.standing([reference.contact_id]).confirmed(today, months=months).exists()


def want_no_more(contacts: Collection[int]) -> set[int]:
    """Of these contacts those who left, want no more messages, or withdrew: a yes of theirs tells nobody any more how to reach them."""
    gone = Q(left_on__lte=today_in(in_force().time_zone)) | Q(person__unsubscribed_at__isnull=False)
    parted = Q(reference__status__in=[Reference.Status.ALUMNI, Reference.Status.RETIRED])
    ended = Consent.objects.standing(contacts).filter(kind__in=[Consent.Kind.WITHDRAWN, Consent.Kind.REFUSED])
    found = Contact.objects.filter(gone | parted, pk__in=contacts).values_list("pk", flat=True)
    return {*found, *ended.values_list("contact", flat=True)}

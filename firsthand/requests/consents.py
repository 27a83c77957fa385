"""Whether a person has confirmed to us that we may approach them."""

from firsthand.core.clock import today as today_in
from firsthand.program.policy import in_force
from firsthand.references.models import Consent, Reference


def is_confirmed(reference: Reference) -> bool:
    """Whether consent with evidence stands and its re-check date has not passed. Unconfirmed people are asked in person first."""
    policy = in_force()
    today, months = today_in(policy.time_zone), policy.deadlines.consent_recheck_months
    return Consent.objects.standing([reference.contact_id]).confirmed(today, months=months).exists()

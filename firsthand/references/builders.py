"""References who may be asked, for tests."""

from datetime import date, timedelta

from django.utils import timezone

from firsthand.customers.builders import make_contact
from firsthand.customers.models import Account
from firsthand.program.builders import make_activity_type
from firsthand.program.models import ActivityType
from firsthand.references.models import Consent, Engagement, Reference, ReferenceAccount, Willingness


def make_reference(
    name: str = "Rae Reference",
    *,
    account: Account | None = None,
    limit: int | None = None,
    activity_type: ActivityType | None = None,
) -> Reference:
    """An active reference with evidence of consent for everything, willing for `activity_type` (a reference call)."""
    contact = make_contact(name, account=account)
    standing, _ = ReferenceAccount.objects.get_or_create(account=contact.account)
    reference = Reference.objects.create(contact=contact, reference_account=standing, enrolled_on=date(2026, 1, 5), limit_count=limit)
    Consent.objects.create(
        contact=contact, kind=Consent.Kind.GIVEN, covers_all=True, method="mail", evidence="mail of 5 January",
        given_on=max(date(2026, 1, 5), timezone.now().date() - timedelta(days=90)),  # or it would be to check again, once the year is over
    )  # fmt: skip
    Willingness.objects.create(reference=reference, activity_type=activity_type or make_activity_type())
    return reference


def make_engagement(reference: Reference, day: date, *, state: str = Engagement.State.HELD, missed_by: str = "") -> Engagement:
    """A slot of a reference call on that day."""
    return Engagement.objects.create(reference=reference, activity_type=make_activity_type(), day=day, state=state, missed_by=missed_by)

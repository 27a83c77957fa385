"""The consent ledger and what people say they do."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from firsthand.core.clock import today as today_in
from firsthand.core.refused import Refused
from firsthand.core.wake import wake
from firsthand.customers.models import Contact
from firsthand.history.actions import Actor, record
from firsthand.program.models import ActivityType
from firsthand.program.policy import in_force
from firsthand.references.models import Consent, ConsentScope, Reference, Willingness


@transaction.atomic
def record_consent(
    contact: Contact,
    *,
    kind: str,
    by: Actor,
    activity_types: list[ActivityType] | None = None,
    wording: str = "",
    method: str = "",
    evidence: str = "",
    given_on: date | None = None,
    until: date | None = None,
    recheck_on: date | None = None,
) -> Consent:
    """Add one entry to a contact's consent ledger; `activity_types` None covers all.

    Raises `Refused` (400) when consent is said to be given without method and evidence, or covers nothing.
    """
    gives = kind in {Consent.Kind.GIVEN, Consent.Kind.NARROWED}
    if gives and not method:
        raise Refused("Say how the consent was given, such as by mail or in person on a date.", status=400)
    if gives and activity_types is not None and not activity_types:
        raise Refused("Choose at least one activity the consent covers.", status=400)
    covers_all = activity_types is None and kind not in {Consent.Kind.WITHDRAWN, Consent.Kind.REFUSED}
    consent = Consent.objects.create(
        contact=contact,
        kind=kind,
        covers_all=covers_all,
        wording=wording,
        method=method,
        evidence=evidence,
        given_on=given_on or today_in(in_force().time_zone),
        until=until,
        recheck_on=recheck_on,
        recorded_by_kind=by.kind,
        recorded_by_id=by.id,
    )
    ConsentScope.objects.bulk_create([ConsentScope(consent=consent, activity_type=each) for each in activity_types or []])
    record("consent_recorded", contact, by=by, consent=consent.pk, kind=str(kind))
    wake("tick")  # what is being asked past it ends, which a room above does
    return consent


@transaction.atomic
def set_willingness(reference: Reference, activity_type: ActivityType, *, by: Actor, answer: str, **facts: Any) -> None:
    """Keep what a reference says about one activity type; an empty answer forgets that they were asked.

    `facts` may hold to_prospects, to_analysts, to_press, to_public, and a limit for this type: limit_count, limit_period.
    """
    if answer:
        said = {"answer": answer, **facts}
        Willingness.objects.update_or_create(
            reference=reference,
            activity_type=activity_type,
            defaults={**said, "revision": F("revision") + 1},  # an import that wrote it may not take back what was said since
            create_defaults=said,
        )
    else:
        Willingness.objects.filter(reference=reference, activity_type=activity_type).delete()
    record("willingness_set", reference, by=by, activity_type=activity_type.pk, answer=str(answer))

"""What a record page shows of a reference: activities, slots, engagements, the consent ledger, holds."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from firsthand.core.ui.parts import Mark
from firsthand.core.words import day_year
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy
from firsthand.references.capacity import Slot, Use, customer_use_of, use_of
from firsthand.references.models import Consent, Engagement, Hold, Reference, Willingness
from firsthand.references.permissions import is_owner

SOON = timedelta(days=60)
ANSWERS = {"yes": Mark("Yes", "check"), "ask_first": Mark("Ask first", "hand", "wait"), "no": Mark("No", "x")}
NOT_ASKED = Mark("Not asked", "minus")
LIVE, UNCONFIRMED = Mark("Live", "circle-check", "good"), Mark("Unconfirmed", "hourglass", "wait")
NONE, ENDED, ENDS_SOON = Mark("None", "minus"), Mark("Ended", "circle-slash", "bad"), Mark("Ends soon", "hourglass", "wait")
WITHDRAWN, REFUSED = Mark("Withdrawn", "ban", "bad"), Mark("Refused", "ban", "bad")
VOID, REPLACED = Mark("Void", "circle-slash"), Mark("Replaced", "history")


@dataclass(frozen=True)
class Activity:
    """One activity type, what they say to it, whether a consent covers it."""

    type: ActivityType
    willing: Mark
    audience: str
    limit: str
    consent: Mark
    consent_note: str

    @property
    def is_asked(self) -> bool:
        """Whether they ever said anything to it."""
        return self.willing is not NOT_ASKED

    @property
    def is_possible(self) -> bool:
        """Worth asking the rules about: they did not say no."""
        return self.is_asked and self.willing is not ANSWERS["no"]


@dataclass(frozen=True)
class Entry:
    """One entry of the consent ledger."""

    consent: Consent
    covers: str
    state: Mark
    note: str


@dataclass(frozen=True)
class Capacity:
    """Slots of the period that holds `day`: the person's and all the customer's people's together."""

    day: date
    person: Use
    customer: Use


def activities(reference: Reference, today: date, policy: Policy) -> list[Activity]:
    """Every activity type that can be chosen, in the program's order."""
    consent = Consent.objects.standing([reference.contact_id]).prefetch_related("scope").first()
    said = {row.activity_type_id: row for row in reference.willingness.all()}
    types = ActivityType.objects.filter(Q(retired_at=None) | Q(pk__in=said))
    return [_activity(each, said.get(each.pk), consent_state(consent, each, today, policy)) for each in types]


def _activity(activity_type: ActivityType, row: Willingness | None, consent: tuple[Mark, str]) -> Activity:
    mark, note = consent
    return Activity(
        type=activity_type,
        willing=ANSWERS[row.answer] if row else NOT_ASKED,
        audience=_audience(row),
        limit=f"at most {row.limit_count} a {row.limit_period}" if row and row.limit_count is not None else "",
        consent=mark,
        consent_note=note,
    )


def _audience(row: Willingness | None) -> str:
    if row is None or row.answer == Willingness.Answer.NO:
        return ""
    flags = {"prospects": row.to_prospects, "analysts": row.to_analysts, "press": row.to_press, "the public": row.to_public}
    names = [name for name, said in flags.items() if said]
    if len(names) == len(flags):
        return "to anybody"
    return f"to {', '.join(names)}" if names else "to nobody"


def consent_state(consent: Consent | None, activity_type: ActivityType, today: date, policy: Policy) -> tuple[Mark, str]:
    """What the standing consent means for one activity type, in a word and a note."""
    if consent is None:
        return NONE, "never given"
    if consent.kind in {Consent.Kind.WITHDRAWN, Consent.Kind.REFUSED}:
        return (WITHDRAWN if consent.kind == Consent.Kind.WITHDRAWN else REFUSED), day_year(consent.given_on)
    if not consent.covers_all and activity_type.pk not in {row.activity_type_id for row in consent.scope.all()}:
        return NONE, "not for this"
    return _live_state(consent, today, policy)


def _live_state(consent: Consent, today: date, policy: Policy) -> tuple[Mark, str]:
    if consent.until is not None and consent.until < today:
        return ENDED, day_year(consent.until)
    if consent.kind == Consent.Kind.CLAIMED:
        return UNCONFIRMED, "no evidence yet"
    recheck_on = consent.checked_again_on(months=policy.deadlines.consent_recheck_months)
    if recheck_on <= today:
        return UNCONFIRMED, f"to check again since {day_year(recheck_on)}"
    if consent.until is not None and consent.until <= today + SOON:
        return ENDS_SOON, f"ends {day_year(consent.until)}"
    return LIVE, f"until {day_year(consent.until)}" if consent.until else ""


@dataclass(frozen=True)
class Topics:
    """What they like to speak about and what they would rather not, by name."""

    yes: str
    no: str


def topics(reference: Reference) -> Topics:
    """What a person said, or an import told, of the topics they speak about."""
    rows = list(reference.topics.order_by("value__name").values_list("is_welcome", "value__name"))
    return Topics(*(", ".join(name for is_welcome, name in rows if is_welcome is wanted) for wanted in (True, False)))


def capacity(reference: Reference, activity_type: ActivityType, *, day: date, today: date, policy: Policy) -> Capacity:
    """Used, reserved and left on a day, whatever the activity."""
    slot = Slot(activity_type, day, today)
    return Capacity(day, use_of(reference, slot, policy), customer_use_of(reference, slot, policy))


def engagements(reference: Reference, *, most: int = 20) -> list[Engagement]:
    """The newest slots that were not given back."""
    rows = Engagement.objects.filter(reference=reference).exclude(state=Engagement.State.RELEASED)
    return list(rows.select_related("activity_type").order_by("-day", "-pk")[:most])


def ledger(reference: Reference, user: Colleague, today: date, policy: Policy) -> list[Entry] | None:
    """The consent ledger, newest first; None for whoever is neither the account's owner nor runs or reads the program."""
    if not (user.reads_everything or is_owner(user, reference.account)):
        return None
    rows = Consent.objects.filter(contact=reference.contact_id).prefetch_related("scope__activity_type", "voided_by").order_by("-pk")
    standing = next((row for row in rows if row.kind != Consent.Kind.VOID and not row.voided_by.all()), None)  # as `standing` has it
    return [_entry(row, standing, today, policy) for row in rows]


def _entry(consent: Consent, standing: Consent | None, today: date, policy: Policy) -> Entry:
    covers = "All activities" if consent.covers_all else ", ".join(row.activity_type.name for row in consent.scope.all()) or "Nothing"
    if consent.kind == Consent.Kind.VOID or consent.voided_by.all():
        return Entry(consent, covers, VOID, "")
    if standing is None or consent.pk != standing.pk:
        return Entry(consent, covers, REPLACED, "by a newer entry")
    if consent.kind in {Consent.Kind.WITHDRAWN, Consent.Kind.REFUSED}:
        return Entry(consent, covers, WITHDRAWN if consent.kind == Consent.Kind.WITHDRAWN else REFUSED, "")
    mark, note = _live_state(consent, today, policy)
    return Entry(consent, covers, mark, note)


def holds(reference: Reference, today: date) -> list[Hold]:
    """Holds that stand or are still to come, of the person and of the whole customer."""
    of_both = Q(reference=reference) | Q(reference_account=reference.reference_account_id)
    standing = Hold.objects.filter(of_both, lifted_at=None).filter(Q(until=None) | Q(until__gte=today))
    return list(standing.select_related("set_by").order_by("until", "pk"))

"""Absolute bars, which nobody lifts: each a mark on references and the words that follow "cannot be asked:".

A rule is asked of a roster, everybody or one reference with its customer's other people, and marks the rows it keeps back.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, Q, QuerySet, SmallIntegerField, Value, When

from firsthand.core.fetched import whole_columns
from firsthand.core.numbers import Bools, np
from firsthand.core.statement import Given
from firsthand.customers.models import Contact, Person, Signal
from firsthand.matching.need import Need
from firsthand.program.models import FacetValue
from firsthand.program.policy import Policy
from firsthand.references.disclosure import level_of
from firsthand.references.models import (
    Consent,
    ConsentScope,
    Disclosure,
    Hold,
    Reference,
    ReferenceAccount,
    ReferenceTopic,
    Willingness,
)
from firsthand.references.roster import DAY, TODAY, Fact, Roster

AUDIENCE_FLAGS = {"prospects": "to_prospects", "analysts": "to_analysts", "press": "to_press", "public": "to_public"}
AUDIENCE_WORDS = {"prospects": "prospects", "analysts": "analysts", "press": "the press", "public": "the public"}
INSIDE = (Disclosure.INTERNAL, Disclosure.HIDDEN)
NOT_PUBLIC = (Disclosure.NAMED, Disclosure.ANONYMOUS, *INSIDE)
TOO_NARROW = {"press": NOT_PUBLIC, "public": NOT_PUBLIC, "analysts": (Disclosure.ANONYMOUS, *INSIDE)}
GONE = (Reference.Status.ALUMNI, Reference.Status.RETIRED)


KINDS = tuple(Hold.Kind.values)


def holding(day: "date | Given", today: "date | Given") -> "QuerySet[Hold]":
    """Holds that stand today, when they would be asked, or on the day itself."""

    def standing(on_day: "date | Given") -> Q:
        return Q(starts_on__lte=on_day) & (Q(until=None) | Q(until__gte=on_day))

    return Hold.objects.filter(standing(today) | standing(day), lifted_at=None)


def escalations(*, severe: bool) -> "QuerySet[Signal]":
    """Escalations that are not resolved. What is not known to be severe counts as minor."""
    unresolved = Signal.objects.filter(kind=Signal.Kind.ESCALATION, resolved_on=None)
    severity = Q(severity=Signal.Severity.SEVERE)
    return unresolved.filter(severity if severe else ~severity)


def _refusing(flag: str) -> Fact:
    return Fact("reference", lambda: Willingness.objects.filter(**{flag: False}), by_type=True)


def _kept(levels: tuple[Disclosure, ...]) -> tuple[Fact, Fact]:
    return (
        Fact("reference_account", lambda: ReferenceAccount.objects.filter(disclosure__in=levels), "pk"),
        Fact("reference", lambda: Reference.objects.filter(disclosure__in=levels), "pk"),
    )


def _number_if(condition: Q, number: int) -> Case:
    return Case(When(condition, then=Value(number)), default=Value(0))


LEFT_PROGRAM = Fact("reference", lambda: Reference.objects.filter(status__in=GONE), "pk")
LEFT_JOB = Fact("contact", lambda: Contact.objects.filter(left_on__lte=DAY), "pk")
RESTING = Fact("reference", lambda: Reference.objects.filter(status=Reference.Status.RESTING), "pk")
UNSUBSCRIBED = Fact("person", lambda: Person.objects.filter(unsubscribed_at__isnull=False), "pk")
KEPT_INSIDE = _kept(INSIDE)
KEPT_FROM = {audience: _kept(levels) for audience, levels in TOO_NARROW.items()}
REFUSED = Q(kind__in=[Consent.Kind.REFUSED, Consent.Kind.WITHDRAWN])
# An entry's id with two marks in one number, so that the highest is the newest and two columns less are read.
OPEN, COVERS_ALL, ENTRY = 1, 2, 4
ENTRIES = ExpressionWrapper(
    F("pk") * ENTRY + _number_if(~(REFUSED | Q(until__lt=DAY, until__isnull=False)), OPEN) + _number_if(Q(covers_all=True), COVERS_ALL),
    BigIntegerField(),
)
CONSENTS = Fact("contact", Consent.objects.entries, more=(ENTRIES,))
SCOPES = Fact("contact", ConsentScope.objects.all, "consent__contact", ("consent",), by_type=True)
SAID_NO = Fact("reference", lambda: Willingness.objects.filter(answer=Willingness.Answer.NO), by_type=True)
REFUSING = {audience: _refusing(flag) for audience, flag in AUDIENCE_FLAGS.items()}
KIND = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(KINDS)), output_field=SmallIntegerField())
HELD = Fact("reference", lambda: holding(DAY, TODAY).filter(reference__isnull=False), more=(KIND,))
CUSTOMERS_HELD = Fact("reference_account", lambda: holding(DAY, TODAY).filter(reference_account__isnull=False), more=(KIND,))
SEVERE = Fact("account", lambda: escalations(severe=True))
MINOR = Fact("account", lambda: escalations(severe=False))


def left(roster: Roster, need: Need, policy: Policy) -> Bools:
    """Left the company, now or before the day, or left the program."""
    return roster.have(LEFT_PROGRAM) | roster.have(LEFT_JOB, day=need.day)


def left_words(reference: Reference, need: Need, policy: Policy) -> str:
    account, day = reference.account.name, reference.contact.left_on
    if reference.status == Reference.Status.RETIRED:
        return "they have left the program."
    return f"they left {account}{f' on {on(day)}' if day else ''}. Enroll their contact at the new company."


def resting(roster: Roster, need: Need, policy: Policy) -> Bools:
    """Resting is a rest: nobody is proposed until they are active again."""
    return roster.have(RESTING)


def resting_words(reference: Reference, need: Need, policy: Policy) -> str:
    return "they are resting. Make them active again on their page once they say so."


def disclosed_inside_only(roster: Roster, need: Need, policy: Policy) -> Bools:
    """Nobody outside may learn that they are a customer, or not these listeners: what the press hears, everybody reads."""
    customers, people = KEPT_FROM.get(need.hears[0], KEPT_INSIDE)  # press and public are kept from the same
    return roster.have(customers) | roster.have(people)


def disclosed_inside_only_words(reference: Reference, need: Need, policy: Policy) -> str:
    name = reference.account.name
    if level_of(reference) in INSIDE:
        return f"nobody outside may learn of {name}. Its disclosure stands on the account's page."
    return f"{name} may not be named to {_audience_words(need.hears)}. Its disclosure stands on the account's page."


def without_consent(roster: Roster, need: Need, policy: Policy) -> Bools:
    """No consent that holds on the day and covers the activity type."""
    contact, entry = roster.pulled(CONSENTS, day=need.day)
    newest = np.zeros(int(contact.max(initial=0)) + 1, dtype=np.int64)
    np.maximum.at(newest, contact, entry)
    _, scoped = roster.pulled(SCOPES, activity_type=need.activity_type)
    covers = (entry & COVERS_ALL > 0) | np.isin(entry // ENTRY, scoped)
    return ~roster.among("contact", contact[(newest[contact] == entry) & (entry & OPEN > 0) & covers])


def without_consent_words(reference: Reference, need: Need, policy: Policy) -> str:
    consent = Consent.objects.standing([reference.contact_id]).first()
    if consent is None:
        return "no consent is recorded. Record what they agreed to."
    if consent.kind == Consent.Kind.WITHDRAWN:
        return f"they withdrew their consent on {on(consent.given_on)}. Only they can give it again."
    if consent.kind == Consent.Kind.REFUSED:
        return f"they refused on {on(consent.given_on)}. Only they can change that."
    if consent.until is not None and consent.until < need.day:
        return f"their consent ends on {on(consent.until)}. Ask them to renew it."
    return f"their consent does not cover {need.activity_type.a_noun}. Ask them to widen it."


def unsubscribed(roster: Roster, need: Need, policy: Policy) -> Bools:
    """The person wants no more messages from us, whatever the job."""
    return roster.have(UNSUBSCRIBED)


def unsubscribed_words(reference: Reference, need: Need, policy: Policy) -> str:
    return "they unsubscribed from our messages. Only they can change that."


def unwilling(roster: Roster, need: Need, policy: Policy) -> Bools:
    """They said no to this activity type."""
    return roster.have(SAID_NO, activity_type=need.activity_type)


def unwilling_words(reference: Reference, need: Need, policy: Policy) -> str:
    return f"they said no to {need.activity_type.a_noun}. Ask for something they offer."


def wrong_audience(roster: Roster, need: Need, policy: Policy) -> Bools:
    """They do this, but not before these listeners."""
    refusing = [roster.have(REFUSING[each], activity_type=need.activity_type) for each in need.hears]
    found: Bools = np.logical_or.reduce(refusing)
    return found


def wrong_audience_words(reference: Reference, need: Need, policy: Policy) -> str:
    said = Willingness.objects.filter(reference=reference, activity_type=need.activity_type).first()
    refused = [each for each in need.hears if said and not getattr(said, AUDIENCE_FLAGS[each])]
    return f"they do not speak to {_audience_words(refused or need.hears)}. Ask for another activity or audience."


def _audience_words(audiences: Iterable[str]) -> str:
    return " or ".join(AUDIENCE_WORDS[each] for each in audiences)


def refuses_topic(roster: Roster, need: Need, policy: Policy) -> Bools:
    """They will not speak of something that is asked for, or of what it is a kind of."""
    topics = _refused_topics(need)
    return roster.among("reference", whole_columns(topics.values_list("reference"), 1)[0]) if need.spoken_of else roster.none()


def refuses_topic_words(reference: Reference, need: Need, policy: Policy) -> str:
    names = _refused_topics(need).filter(reference=reference).order_by("value__name").values_list("value__name", flat=True)
    return f"they do not speak of {', '.join(names)}. Leave that out."


def _refused_topics(need: Need) -> "QuerySet[ReferenceTopic]":
    """Topics that are not welcome and equal a value asked for or stand above it in the tree."""
    if not need.spoken_of:
        return ReferenceTopic.objects.none()
    paths = FacetValue.objects.filter(pk__in=need.spoken_of).values_list("path", flat=True)
    above = {int(step) for path in paths for step in path.strip("/").split("/") if step}
    return ReferenceTopic.objects.filter(is_welcome=False, value__in=above | set(need.spoken_of))


def _held(roster: Roster, need: Need, kind: str) -> Bools:
    def held(fact: Fact) -> Bools:
        ids, kinds = roster.pulled(fact, day=need.day, today=need.today)
        return roster.among(fact.column, ids[kinds == KINDS.index(kind)])

    return held(HELD) | held(CUSTOMERS_HELD)


def _held_words(reference: Reference, need: Need, kind: str, because: str, *, with_reason: bool = True) -> str:
    mine = Q(reference=reference) | Q(reference_account=reference.reference_account_id)
    holds = list(holding(need.day, need.today).filter(mine, kind=kind).order_by("pk"))
    last = next((hold for hold in holds if hold.until is None), None) or max(holds, key=lambda hold: hold.until or date.max)
    reason = f" ({last.reason})" if with_reason and last.reason else ""
    if last.until is None or last.until.year == date.max.year:  # "31 Dec 9999" is how people write "for ever"
        return f"{because} until further notice{reason}."
    return f"{because} until {on(last.until)}{reason}. Free again {on(last.until + timedelta(days=1))}."


def paused(roster: Roster, need: Need, policy: Policy) -> Bools:
    """They asked to be left alone for a while."""
    return _held(roster, need, Hold.Kind.OWN)


def paused_words(reference: Reference, need: Need, policy: Policy) -> str:
    return _held_words(reference, need, Hold.Kind.OWN, "they paused", with_reason=False)


def held_by_owner(roster: Roster, need: Need, policy: Policy) -> Bools:
    """The account owner keeps them, or the whole customer, from being asked."""
    return _held(roster, need, Hold.Kind.OWNER)


def held_by_owner_words(reference: Reference, need: Need, policy: Policy) -> str:
    return _held_words(reference, need, Hold.Kind.OWNER, "their account owner keeps them back")


def held_by_law(roster: Roster, need: Need, policy: Policy) -> Bools:
    """Our lawyers or theirs stopped it."""
    return _held(roster, need, Hold.Kind.LEGAL)


def held_by_law_words(reference: Reference, need: Need, policy: Policy) -> str:
    return _held_words(reference, need, Hold.Kind.LEGAL, "a legal hold stands")


def severely_escalated(roster: Roster, need: Need, policy: Policy) -> Bools:
    """A severe escalation is open at the account."""
    return roster.have(SEVERE)


def severely_escalated_words(reference: Reference, need: Need, policy: Policy) -> str:
    return escalated_words(reference, escalations(severe=True), "a severe escalation")


def escalated_words(reference: Reference, signals: "QuerySet[Signal]", what: str) -> str:
    """Since when, and when it ends."""
    first = signals.filter(account=reference.contact.account_id).earliest("happened_on", "pk")
    return f"{what} is open at {reference.account.name} since {on(first.happened_on)}. Free again once it is resolved."


def on(day: date) -> str:
    """`27 Nov 2026`."""
    return f"{day:%-d %b %Y}"

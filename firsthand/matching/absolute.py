"""Absolute bars, which nobody lifts: each a condition on references and the words that follow "cannot be asked:".

Conditions are sets (`pk__in`, never a join that multiplies rows), so that one statement can ask them all.
"""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from firsthand.core.words_key import key
from firsthand.customers.models import Account, Signal
from firsthand.matching.need import Need
from firsthand.program.models import FacetValue
from firsthand.program.policy import Policy
from firsthand.references.disclosure import level_of
from firsthand.references.models import (
    Consent,
    ConsentScope,
    Disclosure,
    Hold,
    NoGo,
    Reference,
    ReferenceAccount,
    ReferenceTopic,
    Willingness,
)

AUDIENCE_FLAGS = {"prospects": "to_prospects", "analysts": "to_analysts", "press": "to_press", "public": "to_public"}
AUDIENCE_WORDS = {"prospects": "prospects", "analysts": "analysts", "press": "the press", "public": "the public"}
INSIDE = (Disclosure.INTERNAL, Disclosure.HIDDEN)
NOT_PUBLIC = (Disclosure.NAMED, Disclosure.ANONYMOUS, *INSIDE)
TOO_NARROW = {"press": NOT_PUBLIC, "public": NOT_PUBLIC, "analysts": (Disclosure.ANONYMOUS, *INSIDE)}
NOBODY = Q(pk__in=())
GONE = (Reference.Status.ALUMNI, Reference.Status.RETIRED)


def left(need: Need, policy: Policy) -> Q:
    """Left the company, now or before the day, or left the program."""
    return Q(status__in=GONE) | Q(contact__left_on__lte=need.day)


def left_words(reference: Reference, need: Need, policy: Policy) -> str:
    account, day = reference.account.name, reference.contact.left_on
    if reference.status == Reference.Status.RETIRED:
        return "they have left the program."
    return f"they left {account}{f' on {on(day)}' if day else ''}. Enroll their contact at the new company."


def resting(need: Need, policy: Policy) -> Q:
    """Resting is a rest: nobody is proposed until they are active again."""
    return Q(status=Reference.Status.RESTING)


def resting_words(reference: Reference, need: Need, policy: Policy) -> str:
    return "they are resting. Make them active again on their page once they say so."


def disclosed_inside_only(need: Need, policy: Policy) -> Q:
    """Nobody outside may learn that they are a customer, or not these listeners: what the press hears, everybody reads."""
    kept = TOO_NARROW.get(need.audience, INSIDE)
    customers = ReferenceAccount.objects.filter(disclosure__in=kept)
    return Q(disclosure__in=kept) | Q(reference_account__in=customers.values("pk"))


def disclosed_inside_only_words(reference: Reference, need: Need, policy: Policy) -> str:
    name = reference.account.name
    if level_of(reference) in INSIDE:
        return f"nobody outside may learn of {name}. Its disclosure stands on the account's page."
    return f"{name} may not be named to {AUDIENCE_WORDS[need.audience]}. Its disclosure stands on the account's page."


def without_consent(need: Need, policy: Policy) -> Q:
    """No consent that holds on the day and covers the activity type."""
    scoped = ConsentScope.objects.filter(activity_type=need.activity_type)
    covering = (
        Consent.objects.standing()
        .exclude(kind__in=[Consent.Kind.REFUSED, Consent.Kind.WITHDRAWN])
        .filter(Q(until=None) | Q(until__gte=need.day))
        .filter(Q(covers_all=True) | Q(pk__in=scoped.values("consent")))
    )
    return ~Q(contact__in=covering.values("contact"))


def without_consent_words(reference: Reference, need: Need, policy: Policy) -> str:
    consent = Consent.objects.standing().filter(contact=reference.contact_id).first()
    if consent is None:
        return "no consent is recorded. Record what they agreed to."
    if consent.kind == Consent.Kind.WITHDRAWN:
        return f"they withdrew their consent on {on(consent.given_on)}. Only they can give it again."
    if consent.kind == Consent.Kind.REFUSED:
        return f"they refused on {on(consent.given_on)}. Only they can change that."
    if consent.until is not None and consent.until < need.day:
        return f"their consent ends on {on(consent.until)}. Ask them to renew it."
    return f"their consent does not cover a {need.activity_type.name.lower()}. Ask them to widen it."


def unsubscribed(need: Need, policy: Policy) -> Q:
    """The person wants no more messages from us, whatever the job."""
    return Q(contact__person__unsubscribed_at__isnull=False)


def unsubscribed_words(reference: Reference, need: Need, policy: Policy) -> str:
    return "they unsubscribed from our messages. Only they can change that."


def unwilling(need: Need, policy: Policy) -> Q:
    """They said no to this activity type."""
    said_no = Willingness.objects.filter(activity_type=need.activity_type, answer=Willingness.Answer.NO)
    return Q(pk__in=said_no.values("reference"))


def unwilling_words(reference: Reference, need: Need, policy: Policy) -> str:
    return f"they said no to a {need.activity_type.name.lower()}. Ask for something they offer."


def wrong_audience(need: Need, policy: Policy) -> Q:
    """They do this, but not before these listeners."""
    flag = AUDIENCE_FLAGS.get(need.hears)
    if flag is None:
        return NOBODY
    refusing = Willingness.objects.filter(**{"activity_type": need.activity_type, flag: False})
    return Q(pk__in=refusing.values("reference"))


def wrong_audience_words(reference: Reference, need: Need, policy: Policy) -> str:
    return f"they do not speak to {AUDIENCE_WORDS[need.hears]}. Ask for another audience."


def refuses_topic(need: Need, policy: Policy) -> Q:
    """They will not speak of something that is asked for, or of what it is a kind of."""
    return Q(pk__in=_refused_topics(need).values("reference"))


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


def holding(need: Need, kind: str) -> "QuerySet[Hold]":
    """Holds of a kind that stand today, when they would be asked, or on the day itself."""

    def standing(day: date) -> Q:
        return Q(starts_on__lte=day) & (Q(until=None) | Q(until__gte=day))

    return Hold.objects.filter(standing(need.today) | standing(need.day), kind=kind, lifted_at=None)


def _held(need: Need, kind: str) -> Q:
    holds = holding(need, kind)
    on_customer = holds.filter(reference_account__isnull=False).values("reference_account")
    return Q(pk__in=holds.filter(reference__isnull=False).values("reference")) | Q(reference_account__in=on_customer)


def _held_words(reference: Reference, need: Need, kind: str, because: str, *, with_reason: bool = True) -> str:
    mine = Q(reference=reference) | Q(reference_account=reference.reference_account_id)
    holds = list(holding(need, kind).filter(mine).order_by("pk"))
    last = next((hold for hold in holds if hold.until is None), None) or max(holds, key=lambda hold: hold.until or date.max)
    reason = f" ({last.reason})" if with_reason and last.reason else ""
    if last.until is None or last.until.year == date.max.year:  # "31 Dec 9999" is how people write "for ever"
        return f"{because} until further notice{reason}."
    return f"{because} until {on(last.until)}{reason}. Free again {on(last.until + timedelta(days=1))}."


def paused(need: Need, policy: Policy) -> Q:
    """They asked to be left alone for a while."""
    return _held(need, Hold.Kind.OWN)


def paused_words(reference: Reference, need: Need, policy: Policy) -> str:
    return _held_words(reference, need, Hold.Kind.OWN, "they paused", with_reason=False)


def held_by_owner(need: Need, policy: Policy) -> Q:
    """The account owner keeps them, or the whole customer, from being asked."""
    return _held(need, Hold.Kind.OWNER)


def held_by_owner_words(reference: Reference, need: Need, policy: Policy) -> str:
    return _held_words(reference, need, Hold.Kind.OWNER, "their account owner keeps them back")


def held_by_law(need: Need, policy: Policy) -> Q:
    """Our lawyers or theirs stopped it."""
    return _held(need, Hold.Kind.LEGAL)


def held_by_law_words(reference: Reference, need: Need, policy: Policy) -> str:
    return _held_words(reference, need, Hold.Kind.LEGAL, "a legal hold stands")


def escalations(*, severe: bool) -> "QuerySet[Signal]":
    """Escalations that are not resolved. What is not known to be severe counts as minor."""
    unresolved = Signal.objects.filter(kind=Signal.Kind.ESCALATION, resolved_on=None)
    severity = Q(severity=Signal.Severity.SEVERE)
    return unresolved.filter(severity if severe else ~severity)


def severely_escalated(need: Need, policy: Policy) -> Q:
    """A severe escalation is open at the account."""
    return Q(contact__account__in=escalations(severe=True).values("account"))


def severely_escalated_words(reference: Reference, need: Need, policy: Policy) -> str:
    return escalated_words(reference, escalations(severe=True), "a severe escalation")


def escalated_words(reference: Reference, signals: "QuerySet[Signal]", what: str) -> str:
    """Since when, and when it ends."""
    first = signals.filter(account=reference.contact.account_id).earliest("happened_on", "pk")
    return f"{what} is open at {reference.account.name} since {on(first.happened_on)}. Free again once it is resolved."


def same_family(need: Need, policy: Policy) -> Q:
    """They belong to the prospect's own group, or to the prospect."""
    return Q(contact__account__in=_family(need).values("pk"))


def _family(need: Need) -> "QuerySet[Account]":
    """The prospect's group, found by account, by family, or by the prospect's name where the deal has no account."""
    deal = need.deal
    tops = [pk for pk in (deal.account_id, deal.family_id) if pk is not None]
    if tops:
        return Account.objects.filter(Q(pk__in=tops) | Q(family__in=tops))
    if not key(deal.prospect_name):
        return Account.objects.none()
    named = Account.objects.filter(key=key(deal.prospect_name))
    return Account.objects.filter(Q(pk__in=named.values("pk")) | Q(family__in=named.filter(family__isnull=False).values("family")))


def same_family_words(reference: Reference, need: Need, policy: Policy) -> str:
    return f"{reference.account.name} belongs to the prospect's own group. Choose somebody outside it."


def no_go(need: Need, policy: Policy) -> Q:
    """They, or their company, will not speak to this prospect."""
    if not (need.deal.account_id or need.deal.family_id or need.deal.prospect_name):
        return NOBODY
    barred = _no_gos(need)
    by_customer = barred.filter(reference_account__isnull=False).values("reference_account")
    return Q(pk__in=barred.filter(reference__isnull=False).values("reference")) | Q(reference_account__in=by_customer)


def _no_gos(need: Need) -> "QuerySet[NoGo]":
    """No-gos that name the prospect or its group, as an account or by name."""
    family = _family(need)
    names = {key(need.deal.prospect_name)} - {""}
    return NoGo.objects.filter(Q(account__in=family.values("pk")) | Q(key__in=names) | Q(key__in=family.exclude(key="").values("key")))


def no_go_words(reference: Reference, need: Need, policy: Policy) -> str:
    return "they do not speak to this company. Choose somebody else for this deal."


def on(day: date) -> str:
    """`27 Nov 2026`."""
    return f"{day:%-d %b %Y}"

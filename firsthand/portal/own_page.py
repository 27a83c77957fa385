"""What a reference reads of themselves: what is asked, what they like to do, what they gave, what they agreed to."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from firsthand.core.clock import today as today_in
from firsthand.core.links import address
from firsthand.core.models import Link
from firsthand.core.words import day_year, listed
from firsthand.customers.models import Contact
from firsthand.program.models import ActivityType
from firsthand.program.policy import day_here, in_force
from firsthand.references.models import Consent, Engagement, Hold, Reference, Willingness
from firsthand.requests.envelope import window_words
from firsthand.requests.letters import ANSWER
from firsthand.requests.models import Ask
from firsthand.requests.prospects import prospect_for

GAVE_SHOWN = 20
WAITING = (Ask.Status.SENT, Ask.Status.ACCEPTED, Ask.Status.INTRODUCED, Ask.Status.SCHEDULED)


@dataclass(frozen=True)
class Asked:
    """An ask that is out: what, for whom as far as they may know, and where to answer."""

    what: str
    prospect: str
    state: str
    url: str


@dataclass(frozen=True)
class Liking:
    """An activity type and what they said about it."""

    activity_type: ActivityType
    answer: str
    is_told: bool


@dataclass(frozen=True)
class Given:
    """Something they did."""

    day: date
    what: str
    prospect: str


@dataclass(frozen=True)
class OwnPage:
    contact: Contact
    reference: Reference | None
    company: str
    first_name: str
    asked: list[Asked]
    likings: list[Liking]
    pause: Hold | None
    given: list[Given]
    consent: Consent | None
    consent_words: str
    until: str
    owner: str

    @property
    def told(self) -> list[Liking]:
        return [each for each in self.likings if each.is_told]

    @property
    def untold(self) -> list[Liking]:
        return [each for each in self.likings if not each.is_told]


def own_page(contact: Contact, link: Link) -> OwnPage:
    reference = Reference.objects.filter(contact=contact).first()
    consent = Consent.objects.standing([contact.pk]).prefetch_related("scope__activity_type").first()
    stands = consent is not None and consent.kind not in {Consent.Kind.WITHDRAWN, Consent.Kind.REFUSED}
    return OwnPage(
        contact=contact,
        reference=reference,
        company=in_force().company,
        first_name=contact.person.first_name or contact.person.name,
        asked=_asked(reference) if reference else [],
        likings=_likings(reference) if reference else [],
        pause=own_pause(reference) if reference else None,
        given=_given(reference) if reference else [],
        consent=consent if stands else None,
        consent_words=_consent_words(consent) if consent and stands else "",
        until=day_year(day_here(link.expires_at)),
        owner=contact.account.owner.name if contact.account.owner else in_force().company,
    )


def own_pause(reference: Reference) -> Hold | None:
    """The pause they took themselves, if one stands; of several the one that ends last."""
    standing = own_pauses(reference).filter(Q(until=None) | Q(until__gte=today_in(in_force().time_zone)))
    return standing.order_by(F("until").desc(nulls_first=True), "-pk").first()


def own_pauses(reference: Reference) -> "QuerySet[Hold]":
    """Every pause of theirs that was not ended."""
    return Hold.objects.filter(reference=reference, kind=Hold.Kind.OWN, lifted_at=None)


def _asked(reference: Reference) -> list[Asked]:
    related = ("reference_request__activity_type", "reference_request__opportunity__account", "occasion")
    asks = Ask.objects.filter(reference=reference, status__in=WAITING).select_related(*related).order_by("-pk")
    links = Link.objects.filter(purpose=ANSWER, subject_id__in=[ask.pk for ask in asks], revoked_at=None).order_by("pk")
    newest = {link.subject_id: link for link in links}
    return [
        Asked(
            what=_what(ask),
            prospect=prospect_for(ask),
            state="Waiting for your answer" if ask.status == Ask.Status.SENT else str(ask.mark.label),
            url=address(newest[ask.pk]) if ask.pk in newest else "",
        )
        for ask in asks
    ]


def _what(ask: Ask) -> str:
    name = ask.reference_request.activity_type.name
    return name if ask.occasion else f"{name}, {window_words(ask.reference_request)}"


def _likings(reference: Reference) -> list[Liking]:
    told = dict(Willingness.objects.filter(reference=reference).values_list("activity_type", "answer"))
    types = ActivityType.objects.filter(retired_at=None)
    return [Liking(each, told.get(each.pk, Willingness.Answer.ASK_FIRST), each.pk in told) for each in types]


def _given(reference: Reference) -> list[Given]:
    held = Engagement.objects.filter(reference=reference, state=Engagement.State.HELD).select_related("activity_type")
    shown = list(held.order_by("-day", "-pk")[:GAVE_SHOWN])
    prospects = _agreed_to(reference, shown)
    return [Given(each.day, each.activity_type.name, listed(prospects.get(each.pk, []))) for each in shown]


def _agreed_to(reference: Reference, slots: list[Engagement]) -> dict[int, list[str]]:
    """With whom each was, by a yes of theirs: what a colleague logged without one tells them no name of a deal."""
    related = ("reference_request__opportunity__account", "joins")
    asks = Ask.objects.filter(Q(engagement__in=slots) | Q(joins__engagement__in=slots), reference=reference, status=Ask.Status.HELD)
    found: dict[int, list[str]] = {}
    for ask in asks.select_related(*related).order_by("pk"):
        slot = ask.engagement_id or (ask.joins.engagement_id if ask.joins else None)
        names = found.setdefault(slot or 0, [])
        names += [prospect_for(ask)] if prospect_for(ask) not in names else []
    return found


def _consent_words(consent: Consent) -> str:
    scope = "Everything you are asked for" if consent.covers_all else ", ".join(each.activity_type.name for each in consent.scope.all())
    ends = f", ends {day_year(consent.until)}" if consent.until else ""
    return f"{scope}. Agreed {day_year(consent.given_on)}{ends}."

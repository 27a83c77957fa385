"""A company in which anything may happen: two customers with four references, a prospect in the family, everyone who moves."""

from dataclasses import dataclass
from decimal import Decimal

from firsthand.customers.builders import make_account
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.builders import adam, ana, eli, eve, make_colleague, make_team, mia, sam
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type, make_policy, make_value
from firsthand.program.models import ActivityType, FacetValue
from firsthand.references.builders import make_reference
from firsthand.references.models import Consent, Reference, ReferenceTopic, Willingness
from firsthand.stories.builders import make_asset, make_story
from firsthand.stories.models import Asset, Story

# Where people sit, so that no two sides of a call read the same clock.
ZONES = {"Sam": "Pacific/Auckland", "Eve": "America/Los_Angeles", "Ana": "Asia/Kolkata", "Mia": "Europe/Berlin"}
GUEST_ZONES = ("Asia/Kolkata", "Pacific/Auckland", "America/Los_Angeles")  # of the other side, who choose one when they like
REFERENCE_ZONES = ("Asia/Kolkata", "America/Los_Angeles", "Pacific/Auckland", "")
EARLY, LATE, WON, LOST = "qualification", "proposal", "won", "lost"
CLOSE = "How did they cut the time of the monthly financial close?"  # a wish that a story of the first customer answers


@dataclass
class Company:
    """Ana owns the first customer and has a deputy and a lead; nobody stands in for Otto, who owns the second."""

    people: list[Colleague]
    admin: Colleague
    references: list[Reference]
    accounts: list[Account]
    deals: list[Opportunity | None]
    call: ActivityType
    interview: ActivityType
    panel: ActivityType
    tender: ActivityType
    quote: ActivityType
    topics: list[FacetValue]
    stories: list[Story]

    @property
    def manager(self) -> Colleague:
        return next(each for each in self.people if each.runs_program)

    @property
    def requesters(self) -> list[Colleague]:
        return [each for each in self.people if each.role == Colleague.Role.MEMBER]


def make_company() -> Company:
    """Write it, with a policy that has a gap and limits people meet soon."""
    make_policy(limits={"min_gap_days": 3, "customer": {"count": 4, "period": "quarter"}, "asks": {"count": 5, "period": "quarter"}})
    people = make_people()
    owner, otto = people[2], people[6]
    first, second = make_customer("Ostvik Bank", owner), make_customer("Secunda Bank", otto)
    call, interview = make_activity_type(), make_activity_type("press-interview")
    references = [make_reference(name, account=first) for name in ("Rae Rosendal", "Ria Rytter")]
    references += [make_reference(name, account=second) for name in ("Roy Raman", "Uma Unruh")]
    suite = make_value("Finance suite")
    topics = [make_value("Ledger", parent=suite), make_value("Payments")]
    place(references)
    limit(references)
    wish(references, interview, suite)
    stories = [
        make_told(first, "Monthly financial close at Ostvik Bank in four days instead of ten", by=people[3]),
        make_told(second, "Secunda Bank pays its suppliers on a phone", by=people[3]),
    ]
    make_story(second, by=people[3], headline="Warehouse robots pick twice as fast")
    deals, tender = make_deals(people[0], first, second), make_activity_type("tender", is_live=False)
    return Company(people, adam(), references, [first, second], deals, call, interview, make_panel(), tender, make_quote(), topics, stories)


def make_told(account: Account, headline: str, *, by: Colleague) -> Story:
    """A story with a link that may be sent."""
    story = make_story(account, by=by, headline=headline)
    make_asset(story, by=by, url=f"https://www.example.com/{account.pk}", reach=Asset.Reach.SENDABLE)
    return story


def make_panel() -> ActivityType:
    """A group call, to which a second and a third request may come."""
    panel = make_activity_type("group-call")
    panel.places = 3
    panel.save()
    return panel


def make_quote() -> ActivityType:
    """What takes no meeting."""
    quote = make_activity_type("quote", is_live=False)
    quote.minutes = 0
    quote.save()
    return quote


def make_people() -> list[Colleague]:
    """The cast; Ana has a deputy and a lead."""
    people = [sam(), eve(), ana(), mia(), make_colleague("Max Manager", role=Colleague.Role.MANAGER), eli()]
    otto, dan, lia = (make_colleague(name) for name in ("Otto Owner", "Dan Deputy", "Lia Lead"))
    owner = people[2]
    owner.team, owner.deputy = make_team(lead=lia), dan
    for each in people:
        each.time_zone = ZONES.get(each.name.split()[0], "")
        each.save()
    return [*people, otto, dan, lia]


def make_customer(name: str, owner: Colleague) -> Account:
    account = make_account(name, owner=owner)
    account.domain = f"{name.split(maxsplit=1)[0].lower()}.example"
    account.save()
    return account


def make_deals(seller: Colleague, first: Account, second: Account) -> list[Opportunity | None]:
    """None, with a stranger, with the first customer's own family, with the second customer, and one that was only typed."""
    Stage.objects.create(name="Qualification", key=EARLY, position=10)
    stage = Stage.objects.create(name="Proposal", key=LATE, position=20)
    Stage.objects.create(name="Won", key=WON, position=80, outcome=Stage.Outcome.WON)
    Stage.objects.create(name="Lost", key=LOST, position=90, outcome=Stage.Outcome.LOST)
    stranger = make_account("Fennmark Mills")
    prospects = (stranger, make_account("Ostvik Ventures", parent=first), second)
    facts = {"owner": seller, "stage": stage, "amount": Decimal(431_207), "amount_base": Decimal(431_207), "currency": "EUR"}
    facts["loss_reason"] = "Too slow a rollout"
    deals = [Opportunity.objects.create(name="Rollout", account=each, **facts) for each in prospects]
    return [None, *deals, Opportunity.objects.create(name="Renewal", prospect_name="Zephyr Foods", **facts)]


def place(references: list[Reference]) -> None:
    """Each at an address of their company, with a telephone, in a time zone of their own."""
    for number, (reference, zone) in enumerate(zip(references, REFERENCE_ZONES, strict=True)):
        contact, person = reference.contact, reference.contact.person
        contact.email, contact.phone = f"{person.first_name.lower()}@{contact.account.domain}", f"+47 21 48 55 0{number}"
        person.time_zone = zone
        contact.save()
        person.save()


def limit(references: list[Reference]) -> None:
    """Each kind of limit once: a person's own, a customer's, one for an activity, one over all jobs, a gap of their own."""
    rae, ria, roy, uma = references
    rae.limit_count, rae.limit_period = 2, "quarter"
    roy.limit_count, roy.limit_period, roy.min_gap_days = 1, "month", 10
    ria.contact.person.limit_count, ria.contact.person.limit_period = 3, "year"
    rae.reference_account.limit_count, rae.reference_account.limit_period = 3, "quarter"
    for row in (rae, roy, ria.contact.person, rae.reference_account):
        row.save()
    uma.willingness.update(limit_count=2, limit_period="year")
    Consent.objects.filter(contact=uma.contact).delete()
    Consent.objects.create(contact=uma.contact, kind=Consent.Kind.CLAIMED, covers_all=True, given_on=uma.enrolled_on)


def wish(references: list[Reference], interview: ActivityType, suite: FacetValue) -> None:
    """Ria does not speak of the suite nor of anything in it, Roy not to the press; Rae's consent is for calls alone, of one or of many."""
    rae, ria, roy, _ = references
    ReferenceTopic.objects.create(reference=ria, value=suite, is_welcome=False)
    Willingness.objects.create(reference=roy, activity_type=interview, to_press=False)
    consent = Consent.objects.get(contact=rae.contact)
    consent.covers_all = False
    consent.save()
    for each in (make_activity_type(), make_panel(), make_activity_type("tender", is_live=False)):
        consent.scope.create(activity_type=each)

"""A small world for the permission table: the cast, and one record of each kind that belongs to Sam or Ana."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from firsthand.customers.builders import make_account
from firsthand.customers.models import Account, Contact, Relationship, Signal
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.builders import ana, eli, eve, make_colleague, mia, sam
from firsthand.people.models import Colleague, SavedFilter, Team
from firsthand.program.builders import make_program, value_named
from firsthand.program.models import ActivityType, FacetValue, PolicyVersion
from firsthand.references.builders import make_reference
from firsthand.references.models import Disclosure, Hold, Reference
from firsthand.stories.models import Asset, Metric, Story, StoryPerson


@dataclass
class World:
    """Ana owns both customers, so their people and the story are hers; the deal is Sam's. Eve has nothing to do with any of it.

    One customer is shown to everybody, the other is `hidden`. Nobody is not signed in.
    """

    nobody: None
    eve: Colleague
    sam: Colleague
    ana: Colleague
    mia: Colleague
    eli: Colleague
    ada: Colleague
    team: Team
    account: Account
    reference: Reference
    hidden: Reference
    hold: Hold
    signal: Signal
    tie: Relationship
    story: Story
    metric: Metric
    teller: StoryPerson
    asset: Asset
    hidden_story: Story
    opportunity: Opportunity
    filter: SavedFilter
    today: date

    @property
    def in_a_week(self) -> str:
        """A day in a week, as a form sends it."""
        return (self.today + timedelta(days=7)).isoformat()

    @property
    def call(self) -> ActivityType:
        return ActivityType.objects.get(code="reference-call")

    @property
    def contact(self) -> Contact:
        return self.reference.contact

    @property
    def value(self) -> FacetValue:
        return value_named("Banking")

    @property
    def other_value(self) -> FacetValue:
        return value_named("Retail")

    @property
    def version(self) -> int:
        """The newest version of the policy."""
        return PolicyVersion.objects.latest("pk").pk


def make_world() -> World:
    """Write the world; a few dozen rows."""
    make_program()
    people = {"eve": eve(), "sam": sam(), "ana": ana(), "mia": mia(), "eli": eli()}
    account = make_account("Ostvik Bank", owner=people["ana"])
    reference = make_reference("Rae Reference", account=account)
    today = timezone.now().date()
    in_a_month = today + timedelta(days=30)
    story = Story.objects.create(account=account, headline="From Corvid to Atlas")
    hidden = make_hidden(people["ana"])
    stage = Stage.objects.create(name="Proposal", key="proposal")
    prospect = make_account("Fennmark Bank")
    return World(
        nobody=None,
        **people,
        ada=make_colleague("Ada Admin", role=Colleague.Role.ADMIN),
        team=Team.objects.create(name="North"),
        account=account,
        reference=reference,
        hidden=hidden,
        hold=Hold.objects.create(reference=reference, kind=Hold.Kind.OWNER, starts_on=today, until=today, reason="Renewal talks"),
        signal=Signal.objects.create(account=account, kind=Signal.Kind.ESCALATION, happened_on=today),
        tie=Relationship.objects.create(colleague=people["sam"], contact=reference.contact, kind=Relationship.Kind.KNOWS),
        story=story,
        metric=Metric.objects.create(story=story, label="to close a month", words="4 days"),
        teller=StoryPerson.objects.create(story=story, contact=reference.contact, quote="They thanked me for the Fridays."),
        asset=Asset.objects.create(story=story, url="https://www.example.com/story"),
        hidden_story=Story.objects.create(account=hidden.account, headline="Hushed"),
        opportunity=Opportunity.objects.create(
            external_id="OPP-1",
            name="Atlas rollout",
            account=prospect,
            owner=people["sam"],
            stage=stage,
            close_date=in_a_month,
        ),
        filter=SavedFilter.objects.create(colleague=people["sam"], list_name="accounts", name="Banks", query="q=bank"),
        today=today,
    )


def make_hidden(owner: Colleague) -> Reference:
    """A reference at a customer nobody but its owner and managers may know of."""
    account = make_account("Hushed Bank", owner=owner)
    account.is_hidden = True
    account.save(update_fields=["is_hidden"])
    reference = make_reference("Hal Hidden", account=account)
    reference.reference_account.disclosure = Disclosure.HIDDEN
    reference.reference_account.save(update_fields=["disclosure"])
    return reference

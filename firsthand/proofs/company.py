"""A company in which anything may happen: two customers with four references, a prospect in the family, everyone who moves."""

from dataclasses import dataclass

from firsthand.customers.builders import make_account
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.builders import ana, eli, eve, make_colleague, make_team, mia, sam
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type, make_policy
from firsthand.program.models import ActivityType
from firsthand.references.builders import make_reference
from firsthand.references.models import Consent, Reference
from firsthand.stories.models import Story


@dataclass
class Company:
    """Ana owns the first customer and has a deputy and a lead; nobody stands in for Otto, who owns the second."""

    people: list[Colleague]
    references: list[Reference]
    accounts: list[Account]
    deals: list[Opportunity | None]
    activity_type: ActivityType
    story: Story

    @property
    def manager(self) -> Colleague:
        return next(each for each in self.people if each.runs_program)

    @property
    def requesters(self) -> list[Colleague]:
        return [each for each in self.people if each.role == Colleague.Role.MEMBER]


def make_company() -> Company:
    """Write it, with a policy that has a gap and limits people meet soon."""
    make_policy(limits={"min_gap_days": 3, "customer": {"count": 4, "period": "quarter"}, "asks": {"count": 5, "period": "quarter"}})
    people = [sam(), eve(), ana(), mia(), make_colleague("Max Manager", role=Colleague.Role.MANAGER), eli()]
    otto, dan, lia = (make_colleague(name) for name in ("Otto Owner", "Dan Deputy", "Lia Lead"))
    owner = people[2]
    owner.team, owner.deputy = make_team(lead=lia), dan
    owner.save()
    first, second = make_account("Ostvik Bank", owner=owner), make_account("Second Bank", owner=otto)
    call = make_activity_type()
    references = [make_reference(name, account=first) for name in ("Rae Reference", "Ria Reference")]
    references += [make_reference(name, account=second) for name in ("Roy Reference", "Uma Unconfirmed")]
    limit(references)
    stage = Stage.objects.create(name="Proposal", key="proposal")
    prospects = (make_account("Fennmark Bank"), make_account("Ostvik Ventures", parent=first))
    deals = [Opportunity.objects.create(name="Rollout", account=each, owner=people[0], stage=stage) for each in prospects]
    story = Story.objects.create(account=first, headline="From Corvid to Atlas")
    return Company([*people, otto, dan, lia], references, [first, second], [None, *deals], call, story)


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

"""What a race is run over, written in bulk: for each round a customer of its own, so that no round knows the one before."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.models import Model
from django.utils import timezone

from firsthand.core.links import make_link
from firsthand.core.models import Link
from firsthand.customers.models import Account, Contact, Person, Signal
from firsthand.people.builders import ana, make_colleague, mia, sam
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type, make_policy
from firsthand.program.models import ActivityType, PolicyVersion
from firsthand.references.models import Consent, Engagement, Reference, ReferenceAccount, Willingness
from firsthand.requests.letters import ANSWER
from firsthand.requests.models import Ask, Occasion, ReferenceRequest

M = TypeVar("M", bound=Model)
PASSWORD = "horse-battery-staple"
IN_DAYS = 10


@dataclass
class Scene:
    """One round: eight requests, the references they want, or one ask with its link and that of another."""

    requests: list[ReferenceRequest]
    references: list[Reference]
    ask: Ask | None = None
    link: Link | None = None
    other_link: Link | None = None


@dataclass
class Stage:
    """Who acts, under which policy. No gap stands in the way, so a round meets the one rule it is about."""

    sam: Colleague
    ana: Colleague
    mia: Colleague
    max: Colleague
    policy: PolicyVersion


def make_stage() -> Stage:
    """The cast, with passwords the real site takes."""
    policy = make_policy(limits={"min_gap_days": 0})
    stage = Stage(sam(), ana(), mia(), make_colleague("Max Manager", role=Colleague.Role.MANAGER), policy)
    hasher = Argon2PasswordHasher()
    for each in (stage.sam, stage.ana, stage.mia, stage.max):
        each.password = hasher.encode(PASSWORD, hasher.salt())
        each.save(update_fields=["password"])
    return stage


def write(rows: list[M]) -> list[M]:
    return type(rows[0])._base_manager.bulk_create(rows)


def make_references(stage: Stage, rounds: int, *, each: int, own_limit: int | None, customer_limit: int | None) -> list[list[Reference]]:
    """For each round so many people of one customer who may be asked."""
    accounts = write([Account(name=f"Bank {n}", key=f"bank {n}", is_customer=True, owner=stage.ana) for n in range(rounds)])
    standings = write([ReferenceAccount(account=account, limit_count=customer_limit) for account in accounts])
    places = [(account, standing) for account, standing in zip(accounts, standings, strict=True) for _ in range(each)]
    persons = write([Person(first_name="Rae", last_name=f"Reference {n}") for n in range(len(places))])
    contacts = write(
        [
            Contact(person=person, account=account, email=f"rae{person.pk}@customer.example")
            for person, (account, _) in zip(persons, places, strict=True)
        ]
    )
    today = timezone.now().date()
    references = write(
        [
            Reference(contact=contact, reference_account=standing, enrolled_on=today, limit_count=own_limit)
            for contact, (_, standing) in zip(contacts, places, strict=True)
        ]
    )
    call = make_activity_type()
    write(
        [Consent(contact=contact, kind="given", covers_all=True, method="mail", evidence="a mail", given_on=today) for contact in contacts]
    )
    write([Willingness(reference=reference, activity_type=call) for reference in references])
    return [references[n * each : (n + 1) * each] for n in range(rounds)]


def make_requests(stage: Stage, rounds: int, *, each: int, status: str) -> list[list[ReferenceRequest]]:
    now, call = timezone.now(), make_activity_type()
    facts = {"requester": stage.sam, "manager": stage.mia, "activity_type": call, "policy": stage.policy, "submitted_at": now}
    needed_by = now.date() + timedelta(days=IN_DAYS)
    rows = write([ReferenceRequest(**facts, status=status, needed_by=needed_by, wish="How long?") for _ in range(rounds * each)])
    return [rows[n * each : (n + 1) * each] for n in range(rounds)]


def wanting(stage: Stage, rounds: int, *, people: int) -> list[Scene]:
    """Eight requests want one slot: of one person, or of a customer through two people."""
    limits = {"own_limit": 1, "customer_limit": None} if people == 1 else {"own_limit": None, "customer_limit": 1}
    references = make_references(stage, rounds, each=people, **limits)
    return [Scene(*pair) for pair in zip(make_requests(stage, rounds, each=8, status="submitted"), references, strict=True)]


def escalated(stage: Stage, rounds: int) -> list[Scene]:
    """One ask each, barred by a rule of the program since it was proposed."""
    scenes = asked(stage, rounds, status="proposed")
    today = timezone.now().date()
    accounts = [scene.references[0].contact.account for scene in scenes]
    write([Signal(account=each, kind="escalation", severity="minor", happened_on=today) for each in accounts])
    return scenes


def sharing(stage: Stage, rounds: int) -> list[Scene]:
    """Eight requests want to come to a time that is fixed for another, with one place left."""
    scenes = asked(stage, rounds, status="sent")
    call = make_activity_type()
    ActivityType.objects.filter(pk=call.pk).update(places=2)
    at = timezone.now() + timedelta(days=IN_DAYS)
    times = write([Occasion(activity_type=call, starts_at=at, minutes=30, places=2) for _ in scenes])
    for scene, occasion in zip(scenes, times, strict=True):
        assert scene.ask
        scene.ask.status, scene.ask.occasion = "scheduled", occasion
        scene.ask.save(update_fields=["status", "occasion"])
    requests = make_requests(stage, rounds, each=8, status="submitted")
    return [Scene(eight, scene.references, scene.ask) for eight, scene in zip(requests, scenes, strict=True)]


def asked(stage: Stage, rounds: int, *, status: str) -> list[Scene]:
    """One ask each, waiting for the owner (proposed) or for the reference (sent), with its slot reserved."""
    references = make_references(stage, rounds, each=1, own_limit=4, customer_limit=None)
    requests = make_requests(stage, rounds, each=1, status="asking")
    asks = make_asks(stage, [(request, reference) for [request], [reference] in zip(requests, references, strict=True)], status=status)
    return [Scene(requests[n], references[n], ask, answer_link(ask)) for n, ask in enumerate(asks)]


def make_asks(stage: Stage, pairs: list[tuple[ReferenceRequest, Reference]], *, status: str, **facts: Any) -> list[Ask]:
    """An ask for each pair, in a status in which its slot is reserved."""
    now, call = timezone.now(), make_activity_type()
    later, day = now + timedelta(days=3), now.date() + timedelta(days=IN_DAYS)
    until = None if status == "accepted" else later
    slots = write([Engagement(reference=row, activity_type=call, day=day, reserved_until=until) for _, row in pairs])
    facts |= {"status": status, "policy": stage.policy, "approver": stage.ana}
    if status != "proposed":
        facts |= {"sent_at": now, "answer_by": later}
    columns = [
        {"reference_request": request, "reference": row, "engagement": slot} for (request, row), slot in zip(pairs, slots, strict=True)
    ]
    return write([Ask(**each, **facts) for each in columns])


def answer_link(ask: Ask) -> Link:
    return make_link(ANSWER, ask.pk, holder_id=ask.reference.contact_id, expires_at=timezone.now() + timedelta(days=9))

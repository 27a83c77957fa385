"""What happened to a record, worded for one reader. History holds ids and verbs; every name is fetched here, once for all lines.

A name that the reader may not have is not said: a contact is named only where the reader sees contacts of that account.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from firsthand.core import words
from firsthand.core.panels import Panel
from firsthand.customers.models import Account, Contact, Signal
from firsthand.customers.sight import may_see_escalations
from firsthand.deals.models import Stage
from firsthand.desk.sentences import FIELD_WORDS, PHRASES
from firsthand.history.actions import kind_of
from firsthand.history.models import Event
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType, FacetValue
from firsthand.references.disclosure import is_close_to
from firsthand.references.models import Hold, Reference

SHOWN = 12
OF_ESCALATIONS = ("escalation_opened", "escalation_resolved")
OF_HOLDS = ("hold_set", "hold_lifted")


@dataclass(frozen=True)
class Line:
    """One thing that happened, in words: "Ana Owner" "changed the name"."""

    icon: str
    who: str
    what: str
    at: datetime


def panel(record: Model, user: Colleague) -> Panel | None:
    """The newest lines of a record's history, as a card of its page."""
    lines = of_record(record, user, SHOWN)
    return Panel("desk/_panel_timeline.html", {"lines": lines}, "rail") if lines else None


def of_record(record: Model, user: Colleague, most: int) -> list[Line]:
    """What happened to the record and to what belongs to it, newest first."""
    kind, pk = kind_of(record), record.pk
    mine = Q(subject_kind=kind, subject_id=pk) | Q(context_kind=kind, context_id=pk)
    told = Event.objects.filter(mine, verb__in=PHRASES).exclude(_kept_back(record, user))
    return tell(told.order_by("-id")[:most], user)


def _kept_back(record: Model, user: Colleague) -> Q:
    """Lines that would tell what the match masks for this reader: escalations of an account, legal holds of a reference."""
    if isinstance(record, Account) and not may_see_escalations(user, record):
        escalations = record.signals.filter(kind=Signal.Kind.ESCALATION).values_list("pk", flat=True)
        return Q(verb__in=OF_ESCALATIONS) | Q(subject_kind="signal", subject_id__in=list(escalations))
    if isinstance(record, Reference) and not is_close_to(user, record):
        legal = Hold.objects.filter(reference=record, kind=Hold.Kind.LEGAL).values_list("pk", flat=True)
        return Q(verb__in=OF_HOLDS, facts__hold__in=list(legal))
    return Q(pk__in=())


def tell(events: Iterable[Event], user: Colleague) -> list[Line]:
    """The events as lines. A handful of statements, however many events."""
    kept = list(events)
    names = _Names(kept, user)
    return [_line(event, names, user) for event in kept]


def _line(event: Event, names: "_Names", user: Colleague) -> Line:
    icon, phrase = PHRASES[event.verb]
    return Line(icon, _who(event, names, user), phrase.format_map(_Facts(event, names)), event.at)


def _who(event: Event, names: "_Names", user: Colleague) -> str:
    if event.actor_kind == "colleague":
        return "You" if event.actor_id == user.pk else names.colleague(event.actor_id)
    if event.actor_kind == "contact":
        return names.contact(event.actor_id)
    return {"import": "An import", "prospect": "The prospect"}.get(event.actor_kind, "The program")


class _Names:
    """The names that the events speak of, by id, as far as this reader may have them."""

    def __init__(self, events: Sequence[Event], user: Colleague) -> None:
        ids = _ids(events)
        contacts = Contact.objects.visible_to(user).filter(pk__in=ids["contact"]).select_related("person")
        accounts = Account.objects.visible_to(user).filter(pk__in=ids["account"])
        self.known: dict[str, dict[int, str]] = {
            "colleague": dict(Colleague.objects.filter(pk__in=ids["colleague"]).values_list("pk", "name")),
            "contact": {contact.pk: contact.person.name for contact in contacts},
            "account": dict(accounts.values_list("pk", "name")),
            "value": dict(FacetValue.objects.filter(pk__in=ids["value"]).values_list("pk", "name")),
            "stage": dict(Stage.objects.filter(pk__in=ids["stage"]).values_list("pk", "name")),
            "activity_type": dict(ActivityType.objects.filter(pk__in=ids["activity_type"]).values_list("pk", "name")),
        }

    def colleague(self, pk: Any) -> str:
        return self.known["colleague"].get(pk, "a colleague")

    def contact(self, pk: Any) -> str:
        return self.known["contact"].get(pk, "a contact")

    def of(self, kind: str, pk: Any, otherwise: str) -> str:
        return self.known[kind].get(pk, otherwise) if pk else otherwise


class _Facts(Mapping[str, str]):
    """What a phrase may name in braces, worded from the event when it is asked for."""

    def __init__(self, event: Event, names: _Names) -> None:
        self.event, self.names, self.facts = event, names, event.facts

    def __getitem__(self, name: str) -> str:
        return str(getattr(self, f"_{name}")())

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0

    def _fields(self) -> str:
        named = [FIELD_WORDS.get(each, each.removesuffix("_id").replace("_", " ")) for each in self.facts.get("fields", [])]
        return words.listed([f"the {each}" for each in dict.fromkeys(named)]) or "it"

    def _contact(self) -> str:
        return self.names.contact(self.event.subject_id)

    def _value(self) -> str:
        return self.names.of("value", self.facts.get("value"), "a value")

    def _owner(self) -> str:
        return self.names.of("colleague", _last(self.facts.get("owner")), "nobody")

    def _parent(self) -> str:
        return self.names.of("account", _last(self.facts.get("parent")), "no parent")

    def _stage(self) -> str:
        return self.names.of("stage", _last(self.facts.get("stage")), "no stage")

    def _colleague(self) -> str:
        return self.names.of("colleague", self.facts.get("colleague"), "a colleague")

    def _activity(self) -> str:
        return self.names.of("activity_type", self.facts.get("activity_type"), "an activity").lower()

    def _answer(self) -> str:
        return str(self.facts.get("answer", "")).replace("_", " ")

    def _kind(self) -> str:
        return str(self.facts.get("kind", "")).replace("_", " ")


def _ids(events: Sequence[Event]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {kind: set() for kind in ("colleague", "contact", "account", "value", "stage", "activity_type")}
    for event in events:
        facts = event.facts
        _add(found.get(event.actor_kind), event.actor_id)
        _add(found.get(event.subject_kind), event.subject_id)
        _add(found["colleague"], _last(facts.get("owner")), facts.get("colleague"))
        _add(found["account"], _last(facts.get("parent")))
        _add(found["stage"], _last(facts.get("stage")))
        _add(found["value"], facts.get("value"))
        _add(found["activity_type"], facts.get("activity_type"))
    return found


def _add(ids: set[int] | None, *more: Any) -> None:
    if ids is not None:
        ids.update(each for each in more if isinstance(each, int))


def _last(pair: Any) -> Any:
    """What it became, of a [before, after]."""
    return pair[-1] if isinstance(pair, list) and pair else pair

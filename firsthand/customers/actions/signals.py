"""Record what an account signals, and that an escalation is resolved."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.customers.models import Account, Contact, Signal
from firsthand.customers.permissions import Move, demand
from firsthand.history.actions import record
from firsthand.people.models import Colleague

SCALES = {Signal.Kind.NPS: (0, 10, "An NPS score is a whole number from 0 to 10."), Signal.Kind.CSAT: (1, 5, "CSAT runs from 1 to 5.")}


@dataclass(frozen=True)
class SignalFacts:
    """A dated fact; `value` for scores, `severity` for escalations."""

    kind: str
    happened_on: date
    severity: str = ""
    value: Decimal | None = None
    words: str = ""
    external_id: str = ""
    contact: Contact | None = None


@deed
def add_signal(account: Account, facts: SignalFacts, *, by: Colleague) -> Signal:
    """Keep a signal. Raises `Refused` (400) for a score off its scale or an escalation without severity."""
    account = locked(Account.objects.filter(pk=account.pk)).select_related("owner").get()
    demand(by, Move.SIGNAL, account)
    _check(account, facts)
    signal = Signal.objects.create(
        account=account,
        kind=facts.kind,
        happened_on=facts.happened_on,
        severity=facts.severity if facts.kind == Signal.Kind.ESCALATION else "",
        value=facts.value if facts.kind in SCALES else None,
        words=facts.words,
        external_id=facts.external_id,
        contact=facts.contact,
    )
    verb = "escalation_opened" if facts.kind == Signal.Kind.ESCALATION else "signal_added"
    record(verb, account, by=by.actor, signal=signal.pk, kind=facts.kind)
    return signal


@deed
def resolve_signal(signal: Signal, *, by: Colleague, on: date) -> None:
    """The escalation is over. Refused (409) when it is already, or never was one."""
    account = locked(Account.objects.filter(pk=signal.account_id)).select_related("owner").get()
    demand(by, Move.SIGNAL, account)
    signal = locked(Signal.objects.filter(pk=signal.pk)).get()
    if signal.kind != Signal.Kind.ESCALATION:
        raise Refused("Only an escalation is resolved.", status=400)
    if signal.resolved_on is not None:
        raise Refused(f"This escalation was resolved on {signal.resolved_on:%d %B %Y} already.")
    if on < signal.happened_on:
        raise Refused(f"It was opened on {signal.happened_on:%d %B %Y} and cannot be resolved before.", status=400)
    signal.resolved_on = on
    signal.revision += 1
    signal.save(update_fields=["resolved_on", "revision"])
    record("escalation_resolved", account, by=by.actor, signal=signal.pk)


def _check(account: Account, facts: SignalFacts) -> None:
    if facts.kind == Signal.Kind.ESCALATION and not facts.severity:
        raise Refused("Say how severe the escalation is.", status=400)
    if facts.kind in SCALES:
        low, high, sentence = SCALES[Signal.Kind(facts.kind)]
        is_whole = facts.value is not None and (facts.kind != Signal.Kind.NPS or facts.value == facts.value.to_integral_value())
        if facts.value is None or not low <= facts.value <= high or not is_whole:
            raise Refused(sentence, status=400)
    if facts.contact and facts.contact.account_id != account.pk:
        raise Refused(f"{facts.contact.person.name} does not work at {account.name}.", status=400)

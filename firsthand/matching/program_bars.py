"""Program bars, which a manager may lift for one ask: each a mark on references and the words that follow "cannot be asked:"."""

from datetime import timedelta

from django.db.models import DateField

from firsthand.core.numbers import Bools, np
from firsthand.core.statement import Given
from firsthand.core.words_key import key
from firsthand.customers.models import Account
from firsthand.deals.models import Stage
from firsthand.matching.absolute import MINOR, escalated_words, escalations, on
from firsthand.matching.need import Need
from firsthand.program.policy import Policy
from firsthand.references.models import Reference
from firsthand.references.roster import DAY, Fact, Roster

RENEWING = Fact("account", lambda: Account.objects.filter(renewal_date__range=(DAY, Given("last", DateField()))), "pk")


def too_early(roster: Roster, need: Need, policy: Policy) -> Bools:
    """A live activity for a deal whose stage comes before the earliest one. It bars everybody; a stage not known bars nobody."""
    return everybody_if(roster, is_too_early(need, policy))


def is_too_early(need: Need, policy: Policy) -> bool:
    return need.activity_type.is_live and is_before(need.deal.stage_key, policy.live.earliest_stage)


def is_before(stage_key: str, named: str) -> bool:
    """Whether a stage comes before the one the policy names, by key or as the CRM calls it; one that is not known does not."""
    if not (stage_key and named):
        return False
    positions = dict(Stage.objects.filter(key__in=[stage_key, key(named), named]).values_list("key", "position"))
    earliest = positions.get(named, positions.get(key(named)))
    now = positions.get(stage_key)
    return earliest is not None and now is not None and now < earliest


def too_early_words(reference: Reference, need: Need, policy: Policy) -> str:
    earliest = policy.live.earliest_stage
    names = dict(Stage.objects.filter(key__in=[earliest, key(earliest)]).values_list("key", "name"))
    name = names.get(earliest) or names.get(key(earliest)) or earliest
    return f"the program keeps {need.activity_type.plural.lower()} for deals from {name} on. Ask again then."


def too_small(roster: Roster, need: Need, policy: Policy) -> Bools:
    """A live activity for a deal below the least size. It bars everybody; an amount not known bars nobody."""
    return everybody_if(roster, is_too_small(need, policy))


def is_too_small(need: Need, policy: Policy) -> bool:
    amount = need.deal.amount_base
    return need.activity_type.is_live and amount is not None and float(amount) < policy.live.least_amount


def too_small_words(reference: Reference, need: Need, policy: Policy) -> str:
    least = f"{policy.live.least_amount:,.0f} {policy.base_currency}"
    return f"the program keeps {need.activity_type.plural.lower()} for deals of {least} and more. Ask for something lighter."


def everybody_if(roster: Roster, barred: bool) -> Bools:  # noqa: FBT001  (one question, one answer)
    """A rule about the deal bars every reference or none."""
    return np.full(len(roster), barred)


def slightly_escalated(roster: Roster, need: Need, policy: Policy) -> Bools:
    """An escalation that is not severe is open at the account."""
    return roster.have(MINOR)


def slightly_escalated_words(reference: Reference, need: Need, policy: Policy) -> str:
    return escalated_words(reference, escalations(severe=False), "an escalation")


def renewing(roster: Roster, need: Need, policy: Policy) -> Bools:
    """The day falls into the days before the account's renewal, or on it."""
    days = policy.risk.renewal_window_days
    if not days:
        return roster.none()
    return roster.have(RENEWING, day=need.day, last=need.day + timedelta(days=days))


def renewing_words(reference: Reference, need: Need, policy: Policy) -> str:
    renewal = reference.account.renewal_date
    if renewal is None:
        return "their company is about to renew."
    return f"{reference.account.name} renews on {on(renewal)}. Free again {on(renewal + timedelta(days=1))}."

"""Program bars, which a manager may lift for one ask: each a condition and the words that follow "cannot be asked:"."""

from datetime import timedelta

from django.db.models import Q

from firsthand.core.words_key import key
from firsthand.customers.models import Account
from firsthand.deals.models import Stage
from firsthand.matching.absolute import NOBODY, escalated_words, escalations, on
from firsthand.matching.need import Need
from firsthand.program.policy import Policy
from firsthand.references.models import Reference


def too_early(need: Need, policy: Policy) -> Q:
    """A live activity for a deal whose stage comes before the earliest one. It bars everybody; a stage not known bars nobody."""
    return everybody_if(is_too_early(need, policy))


def is_too_early(need: Need, policy: Policy) -> bool:
    if not (need.activity_type.is_live and policy.live.earliest_stage and need.deal.stage_key):
        return False
    wanted = [need.deal.stage_key, key(policy.live.earliest_stage), policy.live.earliest_stage]
    positions = dict(Stage.objects.filter(key__in=wanted).values_list("key", "position"))
    earliest = positions.get(policy.live.earliest_stage, positions.get(key(policy.live.earliest_stage)))
    now = positions.get(need.deal.stage_key)
    return earliest is not None and now is not None and now < earliest


def too_early_words(reference: Reference, need: Need, policy: Policy) -> str:
    earliest = policy.live.earliest_stage
    names = dict(Stage.objects.filter(key__in=[earliest, key(earliest)]).values_list("key", "name"))
    name = names.get(earliest) or names.get(key(earliest)) or earliest
    return f"the program keeps {need.activity_type.plural.lower()} for deals from {name} on. Ask again then."


def too_small(need: Need, policy: Policy) -> Q:
    """A live activity for a deal below the least size. It bars everybody; an amount not known bars nobody."""
    return everybody_if(is_too_small(need, policy))


def is_too_small(need: Need, policy: Policy) -> bool:
    amount = need.deal.amount_base
    return need.activity_type.is_live and amount is not None and float(amount) < policy.live.least_amount


def too_small_words(reference: Reference, need: Need, policy: Policy) -> str:
    least = f"{policy.live.least_amount:,.0f} {policy.base_currency}"
    return f"the program keeps {need.activity_type.plural.lower()} for deals of {least} and more. Ask for something lighter."


def everybody_if(barred: bool) -> Q:  # noqa: FBT001  (one question, one answer)
    """A rule about the deal bars every reference or none."""
    return ~NOBODY if barred else NOBODY


def slightly_escalated(need: Need, policy: Policy) -> Q:
    """An escalation that is not severe is open at the account."""
    return Q(contact__account__in=escalations(severe=False).values("account"))


def slightly_escalated_words(reference: Reference, need: Need, policy: Policy) -> str:
    return escalated_words(reference, escalations(severe=False), "an escalation")


def renewing(need: Need, policy: Policy) -> Q:
    """The day falls into the days before the account's renewal, or on it."""
    days = policy.risk.renewal_window_days
    if not days:
        return NOBODY
    accounts = Account.objects.filter(renewal_date__range=(need.day, need.day + timedelta(days=days)))
    return Q(contact__account__in=accounts.values("pk"))


def renewing_words(reference: Reference, need: Need, policy: Policy) -> str:
    renewal = reference.account.renewal_date
    if renewal is None:
        return "their company is about to renew."
    return f"{reference.account.name} renews on {on(renewal)}. Free again {on(renewal + timedelta(days=1))}."

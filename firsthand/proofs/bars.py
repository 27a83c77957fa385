"""Whom a rule bars, judged once more in plain Python: the second opinion on `matching.rules`, which asks the same of sets in SQL."""

from collections.abc import Iterator
from datetime import date, timedelta

from firsthand.customers.models import Account
from firsthand.proofs.facts import Facts
from firsthand.references.models import Engagement, Hold, Reference
from firsthand.requests.models import Ask

ABSOLUTE = frozenset(
    {
        "left", "consent", "unsubscribed", "legal_hold", "severe_escalation", "disclosure", "family", "no_go", "resting", "paused",
        "owner_hold", "unwilling", "audience", "topic", "own_limit", "own_gap",
    }
)  # fmt: skip
# What one prospect hears stays with them; what the press hears, everybody reads.
KEPT_FROM = {
    "prospects": {"internal", "hidden"},
    "analysts": {"anonymous", "internal", "hidden"},
    "press": {"named", "anonymous", "internal", "hidden"},
    "public": {"named", "anonymous", "internal", "hidden"},
}
HEARD = {"prospects": "to_prospects", "analysts": "to_analysts", "press": "to_press", "public": "to_public"}
# Whoever is among the others: analysts are told no more than is said to prospects as well, everybody reads what the press hears.
AMONG: dict[str, set[str]] = {
    "prospects": set(),
    "analysts": {"prospects"},
    "press": {"prospects", "analysts"},
    "public": {"prospects", "analysts"},
}


def bars_of(facts: Facts, ask: Ask, slot: Engagement, *, kept: date | None = None, is_out: bool = False) -> set[str]:
    """Every bar against this ask with this slot, besides itself. Who joins a fixed time takes no slot, but is asked once more.

    What `is_out` is not undone by later asks, nor by later slots that stood in its way already on the day it was `kept`; and at
    another hour of that day it takes nothing anew.
    """
    found = standing_bars(facts, ask, facts.slot_day(slot))
    found |= {"ask_limit"} if facts.asked_too_often(ask, is_out=is_out) else set()
    return found if ask.joins_id else found | facts.full(slot, kept) | facts.too_near(ask, slot, kept, is_out=is_out)


def standing_bars(facts: Facts, ask: Ask, day: date) -> set[str]:
    """Bars that ask nothing of slots: who they are, what they wish, how their company stands, what the deal is."""
    reference = facts.references[ask.reference_id]
    return {
        *of_the_person(facts, ask, reference, day),
        *of_the_customer(facts, ask, reference, day),
        *of_the_prospect(facts, ask, reference),
        *of_the_deal(facts, ask),
    }


def of_the_person(facts: Facts, ask: Ask, reference: Reference, day: date) -> Iterator[str]:
    """Consent, wishes, pauses."""
    left = reference.contact.left_on
    if reference.status in {"alumni", "retired"} or (left is not None and left <= day):
        yield "left"
    if reference.status == "resting":
        yield "resting"
    if not agrees(facts, ask, reference, day):
        yield "consent"
    if reference.contact.person.unsubscribed_at is not None:
        yield "unsubscribed"
    said = facts.willing.get((reference.pk, ask.reference_request.activity_type_id))
    if said is not None and said.answer == "no":
        yield "unwilling"
    if said is not None and not all(getattr(said, HEARD[circle]) for circle in listeners(ask)):
        yield "audience"
    if any(is_refused(facts, reference, topic) for topic in facts.criteria.get(ask.reference_request_id, [])):
        yield "topic"


def listeners(ask: Ask) -> set[str]:
    """Whom the request is for and whom its activity is for, without whoever is among the others."""
    named = {ask.reference_request.audience, ask.reference_request.activity_type.audience}
    return named - {each for circle in named for each in AMONG[circle]}


def agrees(facts: Facts, ask: Ask, reference: Reference, day: date) -> bool:
    """Whether the newest entry of the ledger stands on that day and covers the activity."""
    consent = facts.consent_of(reference)
    if consent is None or consent.kind in {"withdrawn", "refused"} or (consent.until is not None and consent.until < day):
        return False
    return consent.covers_all or (consent.pk, ask.reference_request.activity_type_id) in facts.covered


def is_refused(facts: Facts, reference: Reference, topic: int) -> bool:
    """Whether they refuse the topic or what it is a kind of."""
    step: int | None = topic
    while step is not None:
        if (reference.pk, step) in facts.refused_topics:
            return True
        step = facts.above[step]
    return False


def of_the_customer(facts: Facts, ask: Ask, reference: Reference, day: date) -> Iterator[str]:
    """Holds, escalations, the renewal, how far the name may go."""
    codes = {"own": "paused", "owner": "owner_hold", "legal": "legal_hold"}
    yield from {codes[hold.kind] for hold in facts.holds if stands(facts, hold, reference, day)}
    for row in facts.escalations:
        if row.account_id == reference.contact.account_id:
            yield "severe_escalation" if row.severity == "severe" else "minor_escalation"
    told = {reference.disclosure, reference.reference_account.disclosure}
    if any(KEPT_FROM[circle] & told for circle in listeners(ask)):
        yield "disclosure"
    renewal, window = reference.contact.account.renewal_date, facts.policy.risk.renewal_window_days
    if window and renewal is not None and timedelta(0) <= renewal - day <= timedelta(days=window):
        yield "renewal"


def stands(facts: Facts, hold: Hold, reference: Reference, day: date) -> bool:
    """Whether a hold keeps this reference back today or on the day."""
    if hold.reference_id != reference.pk and hold.reference_account_id != reference.reference_account_id:
        return False
    return any(hold.starts_on <= each and (hold.until is None or each <= hold.until) for each in (facts.today, day))


def of_the_prospect(facts: Facts, ask: Ask, reference: Reference) -> Iterator[str]:
    """Their own group, and companies they do not speak to, by whatever name the deal or the outlet has them."""
    deal, outlet = ask.reference_request.opportunity, f" {ask.reference_request.outlet.casefold()} "
    names: set[str] = set()
    if deal is not None:
        typed = deal.prospect_name.casefold()
        known = [row for row in facts.accounts.values() if row.pk == deal.account_id or (deal.account_id is None and row.key == typed)]
        tops = {top(facts, row) for row in known}
        names = {row.key for row in facts.accounts.values() if top(facts, row) in tops} | {typed}
        if top(facts, reference.contact.account) in tops:
            yield "family"
    if any(called & names or any(f" {name} " in outlet for name in called) for called in no_gos_of(facts, reference)):
        yield "no_go"


def no_gos_of(facts: Facts, reference: Reference) -> Iterator[set[str]]:
    """The names of each company they do not speak to, of their own or as their customer has it."""
    for row in facts.no_gos:
        if row.reference_id == reference.pk or row.reference_account_id == reference.reference_account_id:
            yield {row.key, row.account.key if row.account else ""} - {""}


def does_not_speak_to(facts: Facts, reference: Reference, account: Account) -> bool:
    """Whether they speak to nobody of this company, or of its group."""
    group = {row.key for row in facts.accounts.values() if top(facts, row) == top(facts, account)}
    return any(called & group for called in no_gos_of(facts, reference))


def top(facts: Facts, account: Account) -> int:
    """The company at the top of its chain of parents."""
    while account.parent_id is not None:
        account = facts.accounts[account.parent_id]
    return account.pk


def of_the_deal(facts: Facts, ask: Ask) -> Iterator[str]:
    """Live activities are kept for serious deals."""
    deal, live = ask.reference_request.opportunity, facts.policy.live
    if deal is None or not ask.reference_request.activity_type.is_live:
        return
    if live.earliest_stage and deal.stage is not None and deal.stage.position < facts.stages[live.earliest_stage].position:
        yield "stage"
    if deal.amount_base is not None and deal.amount_base < live.least_amount:
        yield "size"

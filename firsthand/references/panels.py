"""The panels of a reference, and what an account's page says of its people in the program."""

from collections.abc import Mapping
from datetime import date

from firsthand.core.panels import Panel
from firsthand.core.ui.parts import Column, Mark
from firsthand.customers.models import Account
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy
from firsthand.references import overview
from firsthand.references.disclosure import shown_name
from firsthand.references.models import Engagement, Hold, Reference, ReferenceAccount
from firsthand.references.permissions import Move, is_owner, why_not

ACTIVITY_COLUMNS = (Column("Activity"), Column("Willing"), Column("Consent"), Column("Today"))
ENGAGEMENT_COLUMNS = (Column("When"), Column("What"), Column("For"), Column("State"), Column("Graded", numeric=True))
LEDGER_COLUMNS = (Column("When"), Column("What was agreed"), Column("How"), Column("State"))
CAN_BE_ASKED, NOT_ASKABLE = Mark("Can be asked", "circle-check", "good"), Mark("Not askable", "lock", "bad")


def activities(reference: Reference, user: Colleague, *, today: date, policy: Policy, barred: Mapping[int, str]) -> Panel:
    """What they do and whether they can be asked.

    `barred` has a sentence for each activity type that a rule bars, empty where it stands on the page already.
    """
    every = overview.activities(reference, today, policy)
    rows = [
        {
            "activity": each,
            "today": None if not each.is_possible else NOT_ASKABLE if each.type.pk in barred else CAN_BE_ASKED,
            "sentence": barred.get(each.type.pk, "") if each.is_possible else "",
        }
        for each in every
        if each.is_asked
    ]
    refusal = why_not(user, Move.WILLINGNESS, reference.account)
    data = {"columns": ACTIVITY_COLUMNS, "rows": rows, "reference": reference, "why_not_change": refusal}
    data["not_asked"] = [each.type for each in every if not each.is_asked]
    data["topics"] = overview.topics(reference)
    return Panel("references/_panel_activities.html", data)


def capacity(reference: Reference, activity_type: ActivityType, *, day: date, today: date, policy: Policy) -> Panel:
    """Used, reserved and left, now or on the day that was asked for."""
    then = overview.capacity(reference, activity_type, day=day, today=today, policy=policy)
    gap = reference.min_gap_days if reference.min_gap_days is not None else policy.limits.min_gap_days
    return Panel("references/_panel_capacity.html", {"capacity": then, "gap": gap}, "rail")


def engagements(reference: Reference, uses: Mapping[int, str], notes: Mapping[int, str], expected: Mapping[int, int]) -> Panel:
    """What they did. By engagement, `uses` says for whom, as far as the reader may see the deal, `notes` what was noted, where they may.

    `expected` is the grade the owner expected.
    """
    rows = [
        {
            "engagement": each,
            "state": state_of(each),
            "for": uses.get(each.pk, ""),
            "note": notes.get(each.pk, ""),
            "expected": expected.get(each.pk),
        }
        for each in overview.engagements(reference)
    ]
    return Panel("references/_panel_engagements.html", {"columns": ENGAGEMENT_COLUMNS, "rows": rows})


def state_of(engagement: Engagement) -> Mark:
    """An engagement's state as a mark."""
    if engagement.state == Engagement.State.RESERVED:
        return Mark("Reserved", "hourglass", "wait")
    if engagement.state == Engagement.State.MISSED:
        return Mark(f"Missed by {engagement.get_missed_by_display().lower()}", "circle-x", "bad")
    return Mark("Held", "circle-check", "good")


def ledger(reference: Reference, user: Colleague, *, today: date, policy: Policy) -> Panel | None:
    """The consent ledger, for those who may see the evidence."""
    entries = overview.ledger(reference, user, today, policy)
    if entries is None:
        return None
    refusal = why_not(user, Move.CONSENT, reference.account)
    data = {"columns": LEDGER_COLUMNS, "entries": entries, "reference": reference, "why_not_record": refusal}
    return Panel("references/_panel_ledger.html", data)


def holds(reference: Reference, user: Colleague, *, today: date) -> Panel | None:
    """Holds that stand; their notes are for the owner and managers, and so is every legal hold, as it is for the rule."""
    sees_notes = user.reads_everything or is_owner(user, reference.account)
    rows = [hold for hold in overview.holds(reference, today) if sees_notes or hold.kind != Hold.Kind.LEGAL]
    may_lift = why_not(user, Move.LIFT_HOLD, reference.account) is None
    return Panel("references/_panel_holds.html", {"holds": rows, "sees_notes": sees_notes, "may_lift": may_lift}, "top") if rows else None


def of_account(account: Account, user: Colleague) -> Panel | None:
    """The customer's standing and its references."""
    standing = ReferenceAccount.objects.filter(account=account).select_related("manager").first()
    if standing is None:
        return None
    references = Reference.objects.visible_to(user).filter(contact__account=account).select_related("contact__person", "reference_account")
    rows = [{"reference": each, "name": shown_name(each, user)} for each in references.select_related("contact__account__owner")]
    data = {"standing": standing, "rows": rows, "may_edit": why_not(user, Move.EDIT, account) is None, "account": account}
    return Panel("references/_panel_of_account.html", data, "rail")

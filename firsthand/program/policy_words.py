"""The policy in words: its sections, what each rule means, its unit, and what changed between two versions."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from firsthand.core.words import NOTHING, counted, listed, number
from firsthand.program.models import ActivityType
from firsthand.program.policy import Policy

PERIODS = (("month", "per month"), ("quarter", "per quarter"), ("year", "per year"))
APPROVALS = (("always", "Always"), ("first", "The first time"), ("never", "Never"))
ROUTINGS = (("manager", "A program manager"), ("self_service", "The requester"))


@dataclass(frozen=True)
class Rule:
    """One value of the policy. `path` is dotted as in a version's difference; `unit` is a noun to count, or a word behind a figure."""

    path: str
    label: str
    hint: str = ""
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    none: str = ""

    @property
    def name(self) -> str:
        """The name of its form field."""
        return self.path.replace(".", "__")

    def worded(self, value: Any) -> str:
        """A value of this rule as a page says it."""
        if value is None or value in ("", []):
            return self.none or NOTHING
        if value == 0 and self.none:
            return self.none
        if self.choices:
            return dict(self.choices).get(str(value), str(value))
        if isinstance(value, list):
            return listed([str(part) for part in value])
        if isinstance(value, int | float):
            return counted(int(value), self.unit) if self.unit else number(value)
        return str(value)


@dataclass(frozen=True)
class Section:
    """Rules that belong together, with what they are for."""

    code: str
    title: str
    text: str
    rules: tuple[Rule, ...] = field(default_factory=tuple)


def _limit(path: str, label: str, hint: str, unit: str) -> tuple[Rule, Rule]:
    return (
        Rule(f"{path}.count", label, hint, unit, none="no limit"),
        Rule(f"{path}.period", f"{label}: per", choices=PERIODS),
    )


SECTIONS = (
    Section(
        "program",
        "The program",
        "Limits count calendar months, quarters and years in this time zone. Amounts are compared in the base currency.",
        (
            Rule("company", "Company"),
            Rule("base_currency", "Base currency", "Three letters, such as EUR."),
            Rule("time_zone", "Time zone"),
        ),
    ),
    Section(
        "limits",
        "How often somebody may be asked",
        "For whoever has no limit of their own. A reference's own limit always holds, and nobody lifts it. 0 stands for no limit.",
        (
            *_limit("limits.reference", "Engagements of one reference", "Held and reserved ones count.", "engagement"),
            *_limit("limits.customer", "Engagements of one customer", "All its people together.", "engagement"),
            *_limit("limits.asks", "Asks to one reference", "Answered or not, so that nobody is worn out by being asked.", "ask"),
            Rule("limits.min_gap_days", "Least gap", "Between two engagements of one reference.", "day", none="no gap"),
            Rule(
                "reservations_beyond_wanted", "Reservations beyond those wanted", "How many more people one request may hold.", none="none"
            ),
        ),
    ),
    Section(
        "live",
        "Which deals may have a live activity",
        "Calls, visits and other live activities are kept for serious deals.",
        (
            Rule("live.earliest_stage", "Earliest stage", "As your CRM calls it. Empty: any stage.", none="any stage"),
            Rule("live.least_amount", "Least deal size", "In the base currency. 0: any size.", none="any size"),
        ),
    ),
    Section(
        "content",
        "When a story goes first",
        "Early in a deal a story that fits the wish often does it. The seller says so, or that a person is needed after all.",
        (Rule("content.first_before", "A story first, before this stage", "As your CRM calls it. Empty: never.", none="never"),),
    ),
    Section(
        "risk",
        "When a customer is left alone",
        "Severe escalations always bar. These add to them.",
        (
            Rule("risk.renewal_window_days", "Before a renewal", "Nobody is asked that many days before it.", "day", none="not at all"),
            Rule(
                "risk.severe_case_priorities",
                "Severe priorities",
                "A support case with one of these counts as an escalation. Separate them with commas.",
                none="none",
            ),
        ),
    ),
    Section(
        "deadlines",
        "How long one waits for an answer",
        "Working days, Monday to Friday.",
        (
            Rule("deadlines.answer_days", "Reference", "Then the ask lapses; they may still accept while it makes sense.", "working day"),
            Rule("deadlines.owner_days", "Account owner", "Then the deputy, for as long, or the team's lead is asked.", "working day"),
            Rule("deadlines.lead_days", "Lead", "Then a program manager decides.", "working day"),
            Rule(
                "deadlines.reservation_days", "Proposal", "How long a proposal holds a slot. The last day is the managers'.", "working day"
            ),
            Rule("deadlines.consent_recheck_months", "Consent", "Older consents count as unconfirmed until asked again.", "month"),
        ),
    ),
    Section(
        "ageing",
        "When waiting shows",
        "Lists mark what waits that long.",
        (
            Rule("ageing.wait", "Marked amber after", "The word is Ageing.", "day"),
            Rule(
                "ageing.late",
                "Marked red after",
                "The word is Stuck; what was agreed and is not settled comes to the manager’s desk.",
                "day",
            ),
        ),
    ),
    Section(
        "reminders",
        "Who is reminded of what waits",
        "After so many working days of silence, each time again; mails wait for the working hours of whoever gets them. 0: never.",
        (
            Rule("reminders.owner_days", "Owner, of an approval", "Before the question goes on.", "working day", none="never"),
            Rule("reminders.reference_days", "Reference, of an ask", "It is kept as a touch.", "working day", none="never"),
            Rule("reminders.reference_most", "Reminders to a reference", "Of one ask.", "reminder", none="none"),
            Rule("reminders.requester_days", "Requester", "Of a question, of content, of a debrief.", "working day", none="never"),
            Rule("reminders.manager_days", "Manager, of a new request", "Then all managers hear of it.", "working day", none="never"),
            Rule("reminders.most", "Reminders to a colleague", "Of one matter; then a manager hears of it.", "reminder", none="none"),
            Rule("reminders.opens", "Working hours from", "On the clocks of whoever gets the mail.", "", none="midnight"),
            Rule("reminders.closes", "Working hours until"),
        ),
    ),
    Section(
        "priority",
        "What stands first in the queue",
        "Requests stand by the day they are needed. A big deal, or one that is far along, counts as due some days earlier.",
        (
            Rule("priority.large_amount", "A big deal", "In the base currency. Smaller ones count in proportion."),
            Rule("priority.amount_days", "A big deal counts earlier by", "", "day", none="nothing"),
            Rule("priority.stage_days", "A deal in the last stage counts earlier by", "Others in proportion.", "day", none="nothing"),
        ),
    ),
    Section(
        "weights",
        "How a match is scored",
        "Points for each part of the score. Their sum is scaled to 100, so only the proportions count.",
        (
            Rule("weights.facets", "Facets", "Industry, geography, size, product and so on.", "point", none="left out"),
            Rule("weights.story", "Story", "How well what they tell fits the wish.", "point", none="left out"),
            Rule("weights.persona", "Persona", "Somebody in the same kind of job.", "point", none="left out"),
            Rule("weights.grades", "Past grades", "How earlier engagements went.", "point", none="left out"),
            Rule("weights.freshness", "Freshness", "How lately they were confirmed or active.", "point", none="left out"),
            Rule("weights.fairness", "Fairness", "Capacity left, and time since the last ask.", "point", none="left out"),
            Rule("weights.relationship", "Relationship", "Whether somebody here knows them.", "point", none="left out"),
        ),
    ),
)


def activity_rules(activity_types: list[ActivityType]) -> list[tuple[ActivityType, Rule, Rule]]:
    """Each activity type with its rule of approval and its rule of routing."""
    return [
        (
            activity_type,
            Rule(f"activities.{activity_type.code}.owner_approval", f"{activity_type}: account owner is asked", choices=APPROVALS),
            Rule(f"activities.{activity_type.code}.routing", f"{activity_type}: who proposes", choices=ROUTINGS),
        )
        for activity_type in activity_types
    ]


@dataclass(frozen=True)
class Difference:
    """What one rule was and what it became, in words."""

    label: str
    before: str
    after: str


def worded(difference: dict[str, list[Any]], activity_types: list[ActivityType]) -> list[Difference]:
    """What a version changed, in the order of the page; a rule this version of the program does not know keeps its own name."""
    rules = {rule.path: rule for rule in all_rules(activity_types)}
    known = [Difference(rule.label, *map(rule.worded, difference[path])) for path, rule in rules.items() if path in difference]
    unknown = [path for path in difference if path not in rules]
    return known + [Difference(path, *(_plain(value) for value in difference[path])) for path in unknown]


def value_of(policy: Policy, path: str) -> Any:
    """The value of a rule, by its dotted path."""
    if path.startswith("activities."):
        _, code, name = path.split(".")
        return getattr(policy.for_activity(code), name)
    value: Any = policy
    for name in path.split("."):
        value = getattr(value, name)
    return value


def stated(policy: Policy, rule: Rule) -> str:
    """What a policy says of a rule, in words."""
    return rule.worded(value_of(policy, rule.path))


def stated_section(policy: Policy, section: Section) -> list[tuple[str, str]]:
    """The rules of a section as label and words; a limit and its period are one: "4 engagements per quarter"."""
    lines = []
    for rule in section.rules:
        words = stated(policy, rule)
        if rule.path.endswith(".count") and words != rule.none:
            words += " " + stated(policy, replace(rule, path=rule.path.replace(".count", ".period"), choices=PERIODS))
        if not rule.path.endswith(".period"):
            lines.append((rule.label, words))
    return lines


def all_rules(activity_types: list[ActivityType]) -> Iterator[Rule]:
    """Every rule of the page, in its order."""
    for section in SECTIONS:
        yield from section.rules
    for _, approval, routing in activity_rules(activity_types):
        yield from (approval, routing)


def _plain(value: Any) -> str:
    return NOTHING if value is None else str(value)

"""Who may not be asked. Each rule exists once, here: the match, the button, the API and the sending ask the same one."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from firsthand.core.numbers import Bools
from firsthand.matching import absolute, program_bars, prospect_bars
from firsthand.matching.need import Need
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy, in_force
from firsthand.references.capacity import SLOT_RULES, SlotRule
from firsthand.references.disclosure import is_close_to, may_know, shown_name
from firsthand.references.models import Reference
from firsthand.references.roster import Roster

OF_A_NEW_SLOT = frozenset(rule.code for rule in SLOT_RULES) - {"ask_limit"}  # who joins a fixed time takes no slot, but is one more ask
MASKED = "barred by a rule about its account."


class Kind(StrEnum):
    """An absolute rule is lifted by nobody, a program rule by a manager, for one ask, with a reason."""

    ABSOLUTE = "absolute"
    PROGRAM = "program"


@dataclass(frozen=True)
class Rule:
    """`bars` marks the references of a roster that the rule keeps back, `words` follow "cannot be asked:" for one of them.

    The fact behind a private rule is shown to those close to the account only, that of one for support to support leads too.
    `is_unseen` says whether the rule speaks of somebody else whom this reader may not see.
    """

    code: str
    kind: Kind
    title: str
    meaning: str
    bars: Callable[[Roster, Need, Policy], Bools]
    words: Callable[[Reference, Need, Policy], str]
    is_private: bool = False
    is_for_support: bool = False
    is_unseen: Callable[[Need, Colleague], bool] | None = None

    def sentence(self, reference: Reference, need: Need, policy: Policy, viewer: Colleague | None) -> str:
        """Subject, rule and way out. The viewer None is the program itself and sees every fact."""
        words = MASKED if self.hides_from(reference, viewer, need) else self.words(reference, need, policy)
        return f"{shown_name(reference, viewer)} cannot be asked: {words}"

    def hides_from(self, reference: Reference, viewer: Colleague | None, need: Need | None = None) -> bool:
        """Also every fact of a reference whose very name they may not have: most words name the company."""
        if not may_know(reference, viewer) or (need is not None and self.is_unseen_by(viewer, need)):
            return True
        return viewer is not None and not self.is_told_to_all(viewer) and not is_close_to(viewer, reference)

    def is_unseen_by(self, viewer: Colleague | None, need: Need) -> bool:
        return viewer is not None and self.is_unseen is not None and self.is_unseen(need, viewer)

    def is_told_to_all(self, viewer: Colleague) -> bool:
        """Whether this reader may have the rule's fact wherever they may have the name."""
        return not self.is_private or (self.is_for_support and viewer.is_support_lead)


@dataclass(frozen=True)
class Bar:
    """A rule that keeps one reference from being asked, and the sentence that says so."""

    rule: Rule
    sentence: str

    @property
    def is_absolute(self) -> bool:
        return self.rule.kind == Kind.ABSOLUTE


def why_barred(
    need: Need, reference: Reference, policy: Policy | None = None, viewer: Colleague | None = None, *, roster: Roster | None = None
) -> list[Bar]:
    """Every bar between us and this reference, absolute ones first; empty when they may be asked. `policy` is the one in force.

    Who asks several needs of one reference hands in the `roster` around it, which reads each fact once.
    """
    judged_by, asked = policy or in_force(), roster or Roster.around(reference)
    row = asked.row(reference)
    found = [rule for rule in RULES if rule.bars(asked, need, judged_by)[row]]
    return [Bar(rule, rule.sentence(reference, need, judged_by, viewer)) for rule in found]


def of_slots(rule: SlotRule) -> Rule:
    """A rule of capacity, counted where slots are taken, as a rule of matching."""
    return Rule(
        rule.code,
        Kind.ABSOLUTE if rule.is_absolute else Kind.PROGRAM,
        rule.title,
        rule.meaning,
        lambda roster, need, policy: _short(rule, roster, need, policy),
        lambda reference, need, policy: rule.words(reference, need.slot, policy),
    )


def _short(rule: SlotRule, roster: Roster, need: Need, policy: Policy) -> Bools:
    if need.shares_slot and rule.code in OF_A_NEW_SLOT:
        return program_bars.everybody_if(roster, barred=False)
    return rule.short(roster, need.slot, policy)


SLOTS = tuple(of_slots(rule) for rule in SLOT_RULES)

# In the order in which a reference is counted: under the first rule that bars it, what nobody lifts before what may be lifted.
RULES: tuple[Rule, ...] = (
    Rule("left", Kind.ABSOLUTE, "Left", "gone from the company or the program",
         absolute.left, absolute.left_words),
    Rule("consent", Kind.ABSOLUTE, "No live consent", "never given, refused, withdrawn, ended, or not for this",
         absolute.without_consent, absolute.without_consent_words),
    Rule("unsubscribed", Kind.ABSOLUTE, "Unsubscribed", "wants no more messages from us",
         absolute.unsubscribed, absolute.unsubscribed_words),
    Rule("legal_hold", Kind.ABSOLUTE, "Legal hold", "stopped by lawyers, ours or theirs",
         absolute.held_by_law, absolute.held_by_law_words, is_private=True),
    Rule("severe_escalation", Kind.ABSOLUTE, "Severe escalation", "support is working on a severe problem at the account",
         absolute.severely_escalated, absolute.severely_escalated_words, is_private=True, is_for_support=True),
    Rule("disclosure", Kind.ABSOLUTE, "Not disclosed", "nobody outside, or not these listeners, may learn that they are a customer",
         absolute.disclosed_inside_only, absolute.disclosed_inside_only_words),
    Rule("family", Kind.ABSOLUTE, "Same group", "belongs to the prospect's own group",
         prospect_bars.same_family, prospect_bars.same_family_words, is_unseen=prospect_bars.is_family_unseen),
    Rule("no_go", Kind.ABSOLUTE, "No-go company", "does not speak to this prospect, or for this outlet, firm or event",
         prospect_bars.no_go, prospect_bars.no_go_words),
    Rule("resting", Kind.ABSOLUTE, "Resting", "takes a rest from the program",
         absolute.resting, absolute.resting_words),
    Rule("paused", Kind.ABSOLUTE, "Paused", "asked to be left alone for a while",
         absolute.paused, absolute.paused_words),
    Rule("owner_hold", Kind.ABSOLUTE, "Owner hold", "the account owner paused asks, with a reason and an end",
         absolute.held_by_owner, absolute.held_by_owner_words),
    Rule("unwilling", Kind.ABSOLUTE, "Unwilling", "said no to this, perhaps open to something else",
         absolute.unwilling, absolute.unwilling_words),
    Rule("audience", Kind.ABSOLUTE, "Not before this audience", "does this, but not before these listeners",
         absolute.wrong_audience, absolute.wrong_audience_words),
    Rule("topic", Kind.ABSOLUTE, "Topic refused", "does not speak of something that is asked for",
         absolute.refuses_topic, absolute.refuses_topic_words),
    *(rule for rule in SLOTS if rule.kind == Kind.ABSOLUTE),
    Rule("stage", Kind.PROGRAM, "Too early", "the deal has not reached the stage the program asks for",
         program_bars.too_early, program_bars.too_early_words),
    Rule("size", Kind.PROGRAM, "Deal too small", "the deal is below the size the program asks for",
         program_bars.too_small, program_bars.too_small_words),
    *(rule for rule in SLOTS if rule.kind == Kind.PROGRAM),
    Rule("minor_escalation", Kind.PROGRAM, "Open escalation", "support is working on a problem at the account",
         program_bars.slightly_escalated, program_bars.slightly_escalated_words, is_private=True, is_for_support=True),
    Rule("renewal", Kind.PROGRAM, "About to renew", "the account's renewal is near",
         program_bars.renewing, program_bars.renewing_words),
)  # fmt: skip

BY_CODE = {rule.code: rule for rule in RULES}

"""How states of this room look: glyph, word, kind."""

from firsthand.core.ui.parts import Mark
from firsthand.customers.models import Account, Signal

HEALTH = {
    Account.Health.GREEN.value: Mark("Healthy", "circle-check", "good"),
    Account.Health.AMBER.value: Mark("Watch", "eye", "wait"),
    Account.Health.RED.value: Mark("At risk", "triangle-alert", "bad"),
}
SIGNALS = {
    Signal.Kind.NPS.value: "smile",
    Signal.Kind.CSAT.value: "star",
    Signal.Kind.ESCALATION.value: "siren",
    Signal.Kind.RENEWAL.value: "repeat",
    Signal.Kind.LEFT.value: "user-x",
    Signal.Kind.MERGER.value: "git-merge",
    Signal.Kind.OWNER.value: "user-cog",
}

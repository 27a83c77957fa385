"""How outcomes of deals look."""

from firsthand.core.ui.parts import Mark
from firsthand.deals.models import Stage

OUTCOMES = {
    Stage.Outcome.OPEN.value: Mark("Open", "circle-dot", "info"),
    Stage.Outcome.WON.value: Mark("Won", "circle-check", "good"),
    Stage.Outcome.LOST.value: Mark("Lost", "circle-x"),
}

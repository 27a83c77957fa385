"""Which stories answer a wish by their text, without asking who may be asked."""

from firsthand.matching.asked import asked_by
from firsthand.matching.gathered import seen_columns, tell
from firsthand.matching.need import Need
from firsthand.matching.shown import FITTING_STORY
from firsthand.people.models import Colleague

MOST = 20


def stories_that_fit(need: Need, viewer: Colleague | None) -> list[int]:
    """Ids of stories the viewer may see that speak of what is wished for, best first; empty where the wish names no theme."""
    told = tell(asked_by(need), seen_columns(viewer))
    return [int(story) for story, fit in zip(told.story[:MOST], told.fit[:MOST], strict=True) if fit >= FITTING_STORY]

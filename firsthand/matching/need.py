"""What a match is asked: a plain record that knows no request, so that a page, a file and a test ask alike."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from firsthand.program.audiences import widest
from firsthand.program.models import ActivityType
from firsthand.references.capacity import Promise, Slot

Importance = Literal["must", "should", "avoid"]


@dataclass(frozen=True)
class Criterion:
    """A facet value the reference must or should have, or is better without."""

    value_id: int
    importance: Importance = "should"


@dataclass(frozen=True)
class Deal:
    """What the rules ask of the opportunity. `amount_base` is in the program's base currency; what is unknown bars nobody."""

    account_id: int | None = None
    family_id: int | None = None
    prospect_name: str = ""
    stage_key: str = ""
    amount_base: Decimal | None = None


NO_DEAL = Deal()


@dataclass(frozen=True)
class Need:
    """One wish for `n` references of an activity type.

    `outlet` is the paper, firm or event it is for, where that is no deal.

    `removed` are spans of the wish that were read as criteria and taken back. `besides` is the engagement and `touch_of` the ask
    that this need is about already, so that an ask does not bar itself when it is judged again; `Slot` says when there are several.
    `takes_values`: the facet values of the account or story to be like count beside the criteria; a request has made criteria of
    them already. `promise` is that ask once it is out. `shares_slot`: it joins an engagement that is fixed already, so no slot is
    taken and none has to be free.
    """

    activity_type: ActivityType
    needed_by: date
    today: date
    n: int = 1
    criteria: tuple[Criterion, ...] = ()
    persona_id: int | None = None
    language_id: int | None = None
    audience: str = ""
    topic_ids: tuple[int, ...] = ()
    like_account_id: int | None = None
    like_story_id: int | None = None
    takes_values: bool = True
    wish: str = ""
    outlet: str = ""
    removed: tuple[tuple[int, int], ...] = ()
    deal: Deal = NO_DEAL
    besides: frozenset[int] = frozenset()
    touch_of: frozenset[int] = frozenset()
    promise: Promise | None = None
    shares_slot: bool = False

    @property
    def day(self) -> date:
        """The day of the slot: a day that is past counts today."""
        return max(self.needed_by, self.today)

    @property
    def slot(self) -> Slot:
        """The slot this need would take."""
        return Slot(self.activity_type, self.day, self.today, besides=self.besides, touch_of=self.touch_of, promise=self.promise)

    @property
    def hears(self) -> tuple[str, ...]:
        """Who would hear the reference: the wider circle of whom it is asked for and whom the activity type is for."""
        return widest(self.audience, self.activity_type.audience)

    @property
    def spoken_of(self) -> tuple[int, ...]:
        """Facet values the reference would have to speak about: the topics and what is asked for."""
        asked = (criterion.value_id for criterion in self.criteria if criterion.importance != "avoid")
        return tuple(dict.fromkeys((*self.topic_ids, *asked)))

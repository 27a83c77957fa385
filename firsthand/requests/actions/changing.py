"""What is wanted changes while the request is open: the wish, the questions, the day it is needed by."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.references.actions import keep_slot, move_slot
from firsthand.requests.actions.filing import LEAVE_OUT, add_criteria, said
from firsthand.requests.changing import who_may_not_change, why_day_stays, why_not_change, why_wish_stays
from firsthand.requests.checks import MOST_WORDS, NO_WISH, why_not_day
from firsthand.requests.criteria import of_deal, of_request, of_wish
from firsthand.requests.letters import managers_of, tell
from firsthand.requests.models import Ask, Criterion, ReferenceRequest
from firsthand.requests.moving import Locked, lock, refuse_with
from firsthand.requests.permissions import lifted_for
from firsthand.requests.ranking import rank_of
from firsthand.requests.unsaid import why_not_wish
from firsthand.requests.waits import UNSENT

CHANGED = "Somebody changed this request after you opened the page. Compare it below with what you typed, and save it once more."


@dataclass(frozen=True)
class Wanted:
    """The wish and the questions, which leave the house word for word, the last day it helps, and values that are no criteria any more.

    What a new wish would have a reference speak of becomes a criterion, unless it is among those `dropped`; what only the old one said
    is none any more, but where it is the deal's own or a must.
    """

    wish: str
    questions: str
    needed_by: date
    dropped: tuple[int, ...] = ()


@deed
def change_wanted(reference_request: ReferenceRequest, wanted: Wanted, *, by: Colleague, seen: int | None = None) -> ReferenceRequest:
    """Change what is wanted of an open request. Whoever asks for it, the manager in charge and whoever is to answer for a customer hear so.

    `seen` is the revision that stood on the page. The same again changes nothing.
    Raises `Refused`: 403 for who may not, 400 for words or a day that cannot be, 409 where it has ended, was changed meanwhile, or a
    part of it stays.
    """
    scene = lock(reference_request)
    fresh = scene.reference_request
    refuse_with(who_may_not_change(by, fresh), status=403)
    refuse_with(why_not_change(fresh))
    if seen is not None and seen != fresh.revision:
        raise Refused(CHANGED)
    words = said(wanted.wish, NO_WISH, most=MOST_WORDS)
    questions = said(wanted.questions, "", most=MOST_WORDS) if wanted.questions.strip() else ""
    facts = _changes(fresh, words, questions, wanted.needed_by)
    before = of_request(fresh)
    _change_criteria(fresh, words if "wish" in facts["changed"] else "", wanted.dropped)
    if of_request(fresh) != before:
        facts["changed"].append("criteria")
    if not facts["changed"]:
        return fresh
    fresh.wish, fresh.questions, fresh.needed_by = words, questions, wanted.needed_by
    refuse_with(why_not_wish(fresh, by, mend=LEAVE_OUT, parts=facts["changed"]), status=400)
    fresh.rank_on = rank_of(fresh, fresh.status)
    fresh.revision += 1
    fresh.save(update_fields=["wish", "questions", "needed_by", "rank_on", "revision"])
    if "needed_by" in facts["changed"]:
        _move_slots(scene)
    event = record("change_wanted", fresh, by=by.actor, **facts)
    tell(event, fresh, [fresh.requester, *managers_of(fresh)], by_mail=True)
    tell(event, fresh, [ask.approver for ask in scene.asks if ask.status in {Ask.Status.PROPOSED, Ask.Status.APPROVED}])
    return fresh


def _move_slots(scene: Locked) -> None:
    """The slots of those who were not asked yet go along to the new day. Raises `Refused` where one of them has none free then."""
    for ask in scene.asks:
        slot = ask.engagement
        if slot is None or ask.status not in UNSENT or ask.comes_to_id is not None or ask.reference_request.activity_type.is_tender:
            continue
        until = slot.reserved_until
        move_slot(slot, day=scene.reference_request.needed_by, starts_at=None, lifted=lifted_for(ask))
        keep_slot(slot, until=until)


def _change_criteria(fresh: ReferenceRequest, new_wish: str, dropped: tuple[int, ...]) -> None:
    """Take out what was dropped and what only the old wish said, and add what only the new one says."""
    fresh.criteria.filter(value__in=dropped).delete()
    if not new_wish:
        return
    before, after = of_wish(fresh.wish), of_wish(new_wish)
    gone = before.keys() - after.keys() - of_deal(fresh.opportunity).keys()
    fresh.criteria.filter(value__in=gone, importance=Criterion.Importance.SHOULD).delete()
    add_criteria(fresh, {value: how for value, how in after.items() if value not in before and value not in dropped})


def _differs(words: str, before: str) -> bool:
    """Whether they say something else, however a browser ends its lines."""
    one, other = ([line.strip() for line in each.strip().splitlines()] for each in (words, before))
    return one != other


def _changes(fresh: ReferenceRequest, wish: str, questions: str, needed_by: date) -> dict[str, Any]:
    """What becomes different, as history keeps it. Raises `Refused` for what cannot or stays."""
    changed = []
    if _differs(wish, fresh.wish):
        refuse_with(why_wish_stays(fresh))
        changed.append("wish")
    if _differs(questions, fresh.questions):
        changed.append("questions")
    if needed_by == fresh.needed_by:
        return {"changed": changed}
    refuse_with(why_not_day(needed_by), status=400)
    refuse_with(why_day_stays(fresh, needed_by))
    return {"changed": [*changed, "needed_by"], "day_was": fresh.needed_by.isoformat(), "day_now": needed_by.isoformat()}

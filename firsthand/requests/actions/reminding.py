"""Whoever is silent is reminded: by the clock as the policy says, or by a manager. What stays silent is told to a manager."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from firsthand.core.links import make_link
from firsthand.core.locks import deed, locked
from firsthand.core.refused import Refused
from firsthand.customers.touches import drop_touch, touch
from firsthand.history.actions import PROGRAM, Actor, Letter, post, record
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy, in_force
from firsthand.requests.charge import managers
from firsthand.requests.due_silences import waiting
from firsthand.requests.letters import AFTERWARDS, ANSWER, APPROVAL, PORTAL, info_link, managers_of
from firsthand.requests.models import ArrangedOutside, Ask, ReferenceRequest
from firsthand.requests.moving import lock, refuse_with
from firsthand.requests.silence import (
    TOLD,
    Silence,
    count,
    in_working_hours,
    reminders_of,
    reminders_of_each,
    silence_of_ask,
    silence_of_outside,
    silence_of_request,
    silences_of,
    why_not_remind,
)

AT_ONCE = 200
REMINDER_DOOR = "reminder"  # a touch of its own: the limit of asks counts asks
ANSWERED = "It was answered in the meantime."
NOBODY = "Nobody is silent on {}, so there is nobody to remind."
NOT_YOURS = "A program manager reminds."


def send_reminders(now: datetime) -> int:
    """Remind whoever is due, and tell managers of those who stay silent. Says how many reminders and tellings were written."""
    policy, done = in_force(), 0
    for silence in waiting(now, policy):
        if silence.due_at(reminders_of(silence).first(), policy) > now:
            continue
        try:
            _by_the_clock(silence, now, policy)
        except Refused:
            continue
        done += 1
        if done == AT_ONCE:
            break
    return done


@deed
def _by_the_clock(silence: Silence, now: datetime, policy: Policy) -> None:
    """Judged again under the locks, so that two workers write one reminder."""
    fresh = _again(silence, policy)
    written = list(reminders_of(fresh))
    if fresh.due_at(next(iter(written), None), policy) > now:
        raise Refused("They were reminded in the meantime.")
    if count(fresh, written) < fresh.most:
        _write(fresh, len(written), by=PROGRAM, now=now, policy=policy)
    else:
        _tell(fresh, now=now, policy=policy)


@deed
def remind(reference_request: ReferenceRequest, *, by: Colleague) -> list[Silence]:
    """Remind everybody on whom this request waits now, as far as they may be.

    Raises `Refused`: 403 for all but managers, 409 when nobody is silent or none of them may be reminded now, with the first reason.
    """
    refuse_with(None if by.runs_program else NOT_YOURS, status=403)
    scene, policy = lock(reference_request), in_force()
    found = silences_of(scene.reference_request, policy)
    written = reminders_of_each(found)
    sentences = {each.key: why_not_remind(each, written[each.key], by) for each in found}
    refuse_with(why_not_remind_any(scene.reference_request, list(sentences.values())))
    reminded = [each for each in found if sentences[each.key] is None]
    for each in reminded:
        _write(each, len(written[each.key]), by=by.actor, now=timezone.now(), policy=policy)
    return reminded


def why_not_remind_any(reference_request: ReferenceRequest, sentences: Sequence[str | None]) -> str | None:
    """The sentence when none of the silent, each with theirs, may be reminded now."""
    if not sentences:
        return NOBODY.format(reference_request)
    return sentences[0] if all(sentences) else None


def not_reminded(message: Message) -> None:
    """The reminder did not leave the house, so it was no touch."""
    drop_touch(door=REMINDER_DOOR, about=Ask.objects.get(pk=message.subject_id))


def _again(silence: Silence, policy: Policy) -> Silence:
    """The same silence, read from rows that it locks. Raises `Refused` when it is over."""
    fresh = _read_locked(silence.about, policy)
    if fresh is None or fresh.key != silence.key:
        raise Refused(ANSWERED)
    return fresh


def _read_locked(about: Ask | ReferenceRequest | ArrangedOutside, policy: Policy) -> Silence | None:
    if isinstance(about, ArrangedOutside):
        return silence_of_outside(locked(ArrangedOutside.objects.filter(pk=about.pk)).get(), policy)
    if isinstance(about, Ask):
        return silence_of_ask(lock(about.reference_request).ask(about), policy)
    return silence_of_request(lock(about).reference_request, policy)


def _write(silence: Silence, reminders: int, *, by: Actor, now: datetime, policy: Policy) -> None:
    """The reminder, as a row that is due in the working hours of whoever gets it; to a reference it is a touch."""
    due_at = in_working_hours(now, silence.zone(policy), policy)
    facts = _links(silence)
    key = f"{silence.key}:{reminders}"
    to_colleague = isinstance(silence.whom, Colleague)
    channels = [Message.Channel.NOTICE, Message.Channel.MAIL] if to_colleague else [Message.Channel.MAIL]
    post(Letter(silence.kind, silence.whom, silence.about, key, due_at=due_at, channel=channel, facts=facts) for channel in channels)
    to: dict[str, Any] = {"to": silence.whom.pk} if to_colleague else {}
    record("remind" if to_colleague else "remind_reference", silence.about, by=by, context=silence.context, **to)
    if not isinstance(silence.whom, Colleague):
        touch(silence.whom.person, door=REMINDER_DOOR, about=silence.about)


def _links(silence: Silence) -> dict[str, int]:
    """The links that the reminder carries; made anew, so that the last mail holds the one that works longest."""
    ends = timezone.now() + AFTERWARDS
    if silence.kind == "remind_approval":
        return {"link": make_link(APPROVAL, silence.about.pk, holder_id=silence.whom.pk, expires_at=ends).pk}
    if silence.kind == "remind_reference":
        answer = make_link(ANSWER, silence.about.pk, holder_id=silence.whom.pk, expires_at=ends)
        own = make_link(PORTAL, silence.whom.pk, holder_id=silence.whom.pk, expires_at=ends)
        return {"link": answer.pk, "portal": own.pk}
    return {"link": info_link(silence.reference_request).pk} if silence.kind == "remind_info" else {}


def _tell(silence: Silence, *, now: datetime, policy: Policy) -> None:
    """Tell the manager in charge of a requester's silence, every other manager of that of a manager."""
    told = _told(silence)
    refuse_with(None if told else "There is nobody to tell.")
    post(
        Letter(
            TOLD,
            each,
            silence.about,
            f"{TOLD}:{silence.key}:{each.pk}",
            due_at=in_working_hours(now, each.time_zone or policy.time_zone, policy),
            facts={"silent": silence.whom.pk, "since": silence.since.isoformat(), "kind": silence.kind},
        )
        for each in told
    )
    record("silence", silence.about, by=PROGRAM, context=silence.reference_request, to=silence.whom.pk)


def _told(silence: Silence) -> Iterable[Colleague]:
    if silence.kind in {"remind_manager", "remind_send"}:
        return list(managers().exclude(pk=silence.whom.pk).order_by("pk"))
    return [each for each in managers_of(silence.reference_request) if each.is_active]

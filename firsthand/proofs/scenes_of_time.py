"""Rounds about a time: one that somebody else may take over, one to which others may come, one that was offered."""

from datetime import timedelta

from django.utils import timezone

from firsthand.core.links import make_link
from firsthand.program.builders import make_activity_type
from firsthand.program.models import ActivityType
from firsthand.proofs.scenes import IN_DAYS, Scene, Stage, answer_link, make_asks, make_references, make_requests, write
from firsthand.references.models import Engagement
from firsthand.requests.letters import PICK
from firsthand.requests.models import Ask, Attendance, Attendee, Occasion, OfferedTime, ReferenceRequest

OSLO = "Europe/Oslo"  # the zone the guest has already: choosing another writes their row, and they would wait for each other


def to_take_over(stage: Stage, rounds: int) -> list[Scene]:
    """A fixed ask was swapped: two other people are asked to take its time over. One is wanted."""
    references = make_references(stage, rounds, each=3, own_limit=4, customer_limit=None)
    requests = [row for [row] in make_requests(stage, rounds, each=1, status="asking")]
    at = timezone.now() + timedelta(days=IN_DAYS)
    times = write([Occasion(activity_type=make_activity_type(), starts_at=at, minutes=30) for _ in requests])
    left = make_asks(stage, [(requests[n], references[n][0]) for n in range(rounds)], status="accepted")
    for ask, occasion in zip(left, times, strict=True):
        ask.status, ask.occasion, ask.canceled_reason = "canceled", occasion, "Somebody else is asked to take the time."
    Ask.objects.bulk_update(left, ["status", "occasion", "canceled_reason"])
    Engagement.objects.filter(ask__in=left).update(state="released")
    scenes = []
    for n in range(rounds):
        first, second = make_asks(stage, [(requests[n], each) for each in references[n][1:]], status="sent", comes_to=left[n])
        scenes.append(Scene([requests[n]], references[n], first, answer_link(first), answer_link(second)))
    return scenes


def to_come_along(stage: Stage, rounds: int) -> list[Scene]:
    """A time is fixed with one, and two others are asked to come to it as well. Two are wanted."""
    call = make_activity_type()
    ActivityType.objects.filter(pk=call.pk).update(places=2)
    references = make_references(stage, rounds, each=3, own_limit=4, customer_limit=None)
    requests = [row for [row] in make_requests(stage, rounds, each=1, status="asking")]
    ReferenceRequest.objects.filter(pk__in=[each.pk for each in requests]).update(n_wanted=2)
    at = timezone.now() + timedelta(days=IN_DAYS)
    times = write([Occasion(activity_type=call, starts_at=at, minutes=30) for _ in requests])
    hosts = make_asks(stage, [(requests[n], references[n][0]) for n in range(rounds)], status="accepted")
    for ask, occasion in zip(hosts, times, strict=True):
        ask.status, ask.occasion = "scheduled", occasion
    Ask.objects.bulk_update(hosts, ["status", "occasion"])
    scenes = []
    for n in range(rounds):
        first, second = make_asks(stage, [(requests[n], each) for each in references[n][1:]], status="sent", comes_to=hosts[n])
        scenes.append(Scene([requests[n]], references[n], first, answer_link(first), answer_link(second)))
    return scenes


def offered(stage: Stage, rounds: int) -> list[Scene]:
    """Somebody said yes and offered one time; the prospect has the link to pick it."""
    references = make_references(stage, rounds, each=1, own_limit=4, customer_limit=None)
    requests = [row for [row] in make_requests(stage, rounds, each=1, status="asking")]
    asks = make_asks(stage, [(requests[n], references[n][0]) for n in range(rounds)], status="accepted")
    at = timezone.now() + timedelta(days=IN_DAYS)
    write([OfferedTime(ask=ask, starts_at=at) for ask in asks])
    guests = write([Attendee(reference_request=row, name="Pia Prospect", email="pia@prospect.example", time_zone=OSLO) for row in requests])
    write([Attendance(ask=ask, attendee=guest) for ask, guest in zip(asks, guests, strict=True)])
    ends = timezone.now() + timedelta(days=9)
    picks = [make_link(PICK, ask.pk, holder_id=guest.pk, expires_at=ends) for ask, guest in zip(asks, guests, strict=True)]
    return [Scene([requests[n]], references[n], ask, answer_link(ask), picks[n]) for n, ask in enumerate(asks)]

"""What somebody of the other side reads behind their link: the times to choose from, then the brief of the one that is fixed."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from firsthand.history.actions import PROGRAM
from firsthand.history.models import Event
from firsthand.program.policy import in_force
from firsthand.references.disclosure import may_know, shown_company, shown_name
from firsthand.requests.answer_page import offered_to_come
from firsthand.requests.brief import Brief, brief_for
from firsthand.requests.envelope import reader_of, took_back, whom_met, zone_of
from firsthand.requests.guests import said_cannot
from firsthand.requests.models import Ask, Attendee
from firsthand.requests.permissions import why_not_now
from firsthand.requests.wording import length
from firsthand.requests.workflow import AskMove

A = Ask.Status
STATES = {A.ACCEPTED: "choose", A.INTRODUCED: "introduced", A.SCHEDULED: "fixed", A.HELD: "over"}


@dataclass(frozen=True)
class PickPage:
    """`state` names the part of the page that is shown, `_pick_<state>.html`. The reference is named as far as it may be."""

    ask: Ask
    attendee: Attendee
    company: str
    who: str
    what: str
    state: str
    zone: str
    offered: list[tuple[int, str]]
    brief: Brief | None
    others: list[Attendee]
    may_bring: int
    asker: str
    said: Event | None

    @property
    def brought(self) -> list[Attendee]:
        """Whom they brought along themselves, and may take off."""
        return [each for each in self.others if each.invited_by_id == self.attendee.pk]

    @property
    def town(self) -> str:
        """The zone as people call it."""
        return self.zone.rpartition("/")[2].replace("_", " ")

    @property
    def template(self) -> str:
        return f"requests/_pick_{self.state}.html"


def pick_page(ask: Ask, attendee: Attendee, *, guessed: str = "") -> PickPage:
    """`guessed` is the zone to show where they have not chosen one."""
    zone = attendee.time_zone or guessed or zone_of(attendee)
    reference = ask.reference
    reader = reader_of(attendee)
    name, company = shown_name(reference, reader), shown_company(reference, reader)
    others = list(Attendee.objects.coming_to(ask).exclude(pk=attendee.pk).order_by("pk"))
    is_gone = took_back(ask, attendee)
    state = STATES.get(A(ask.status), "off") if ask.status == A.HELD or not is_gone else "off"
    return PickPage(
        ask=ask,
        attendee=attendee,
        company=in_force().company,
        who=whom_met(ask, attendee) if is_gone else f"{name}, {company}" if may_know(reference, reader) else name,
        what=f"{ask.reference_request.activity_type.name}, {length(ask.reference_request.activity_type)}",
        state=state,
        zone=zone,
        offered=_possible(ask, zone) if state == "choose" else [],
        brief=brief_for(ask, attendee) if state == "fixed" else None,
        others=others,
        may_bring=max(0, Attendee.MOST - 1 - len(others)),
        asker=ask.reference_request.requester.name,
        said=said_cannot(ask, attendee),
    )


def _possible(ask: Ask, zone: str) -> list[tuple[int, str]]:
    """The times offered whose day no rule bars; the others would be refused when they are picked."""
    days: dict[date, bool] = {}
    program = ZoneInfo(in_force().time_zone)
    for at in ask.offered_times.filter(starts_at__gt=timezone.now()).values_list("starts_at", flat=True):
        day = at.astimezone(program).date()
        if day not in days:
            days[day] = why_not_now(PROGRAM, AskMove.SCHEDULE, ask, day=day) is None
    possible = {pk for pk, at in ask.offered_times.values_list("pk", "starts_at") if days.get(at.astimezone(program).date())}
    return [(pk, words) for pk, words in offered_to_come(ask, zone) if pk in possible]

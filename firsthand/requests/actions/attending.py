"""Who of the other side takes part in the call of an ask."""

from collections.abc import Iterable

from firsthand.core.refused import Refused
from firsthand.requests.actions.filing import said
from firsthand.requests.models import Ask, Attendance, Attendee, Occasion


def add_attendee(ask: Ask, *, name: str, email: str, invited_by: Attendee | None = None, time_zone: str = "") -> Attendee:
    """Somebody of the other side takes part in the call of this ask, once per address, or per name where that is all we know.

    Raises `Refused` (400) beyond `Attendee.MOST` of a call.
    """
    attendee = named(ask, name=name, email=email, invited_by=invited_by, time_zone=time_zone)
    coming = Attendee.objects.coming_to(ask)
    if not coming.filter(pk=attendee.pk).exists():
        if coming.count() >= Attendee.MOST:
            raise Refused(f"At most {Attendee.MOST} people of the other side take part.", status=400)
        Attendance.objects.create(ask=ask, attendee=attendee)
    return attendee


def attendee_told(ask: Ask, *, name: str, email: str, otherwise: str, invited_by: Attendee | None = None) -> Attendee:
    """The same by a name and an address that were typed; `otherwise` is the sentence without a name.

    Raises `Refused` (400) where either is missing or too long, and as `add_attendee`.
    """
    person, address = name_and_address(name, email, otherwise=otherwise)
    zone = invited_by.time_zone if invited_by else ""
    return add_attendee(ask, name=person, email=address, invited_by=invited_by, time_zone=zone)


def name_and_address(name: str, email: str, *, otherwise: str) -> tuple[str, str]:
    """Both as they were typed. Raises `Refused` (400) where either is missing or too long; `otherwise` is the sentence without a name."""
    return said(name, otherwise, most=200), said(email, "Say where to write to them.", most=254)


def named(ask: Ask, *, name: str, email: str, invited_by: Attendee | None = None, time_zone: str = "") -> Attendee:
    """Who that is: of an address one row for all calls of the request, of a name alone one for this call; an address told later is theirs.

    Whoever was taken off this call and is named anew is written to as somebody new.
    """
    address, called = email.strip().lower(), name.strip()[:200]
    here = Attendee.objects.coming_to(ask).order_by("pk")
    off = Attendance.objects.of_call(ask).exclude(taken_off_at=None).values("attendee")
    of_request = ask.reference_request.attendees.exclude(pk__in=off).order_by("pk")
    known = here.filter(email=address).first() or of_request.filter(email=address).first() if address else here.filter(name=called).first()
    if known is not None:
        return known
    by_name = here.filter(name=called, email="").first()
    if by_name is not None:
        by_name.email = address
        by_name.save(update_fields=["email"])
        return by_name
    return Attendee.objects.create(
        reference_request=ask.reference_request,
        name=called,
        email=address,
        invited_by=invited_by,
        time_zone=time_zone,
    )


def hand_on(occasion: Occasion | None, asks: Iterable[Ask]) -> None:
    """Whoever was to come to that time comes to these asks, which get one of their own."""
    for each in asks if occasion else ():
        asked = each.reference_request_id
        coming = Attendance.objects.filter(ask__occasion=occasion, ask__reference_request=asked, taken_off_at=None).values_list(
            "attendee", flat=True
        )
        Attendance.objects.bulk_create([Attendance(ask=each, attendee_id=pk) for pk in sorted(set(coming))], ignore_conflicts=True)

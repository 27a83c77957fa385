"""What a move on a request says to whom, as rows of the outbox. The words are made in the `_mail` modules when it is sent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from firsthand.core.clock import working_moment
from firsthand.core.links import make_link
from firsthand.core.models import Link
from firsthand.history.actions import Letter, kind_of, post
from firsthand.history.models import Event, Message
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.requests.models import Ask, Attendee, PersonalNote, ReferenceRequest
from firsthand.requests.routing import who_hears

APPROVAL, ANSWER, PORTAL, PICK, INFO, STATUS = "approval", "answer", "portal", "pick", "info", "status"
PROSPECT_DEBRIEF = "prospect_debrief"
AFTERWARDS = timedelta(days=90)  # how long a reference's link works: until the debrief of what it is about
# Of the mails to a reference: which lead to no page of the ask, and which lead to the reference's own page.
WITHOUT_ANSWER_LINK = frozenset({"unfixed", "fewer", "no_longer"})
WITH_OWN_PAGE = frozenset({"ask", "what_to_show", "debrief"})
TELL_TIME = ("fixed", "company")  # what brings a time into somebody's calendar
STEPS = frozenset({*TELL_TIME, "unfixed"})
LOST = (Message.State.DROPPED, Message.State.FAILED)  # such a mail told nobody anything
MAIL, NOTICE = Message.Channel.MAIL, Message.Channel.NOTICE


def tell(
    event: Event, about: Ask | ReferenceRequest, people: Iterable[Colleague | None], *, by_mail: bool = False, also: Sequence[Event] = ()
) -> None:
    """Tell colleagues what happened, except whoever did it: a notice, and a mail where it changes what they do.

    The requester's has a link to a page that shows how it stands: they need not sign in to know. `also` are events of the same
    kind at the same moment, which the one mail tells along.
    """
    told = {each.pk: each for each in people if each and each.is_active and (event.actor_kind, event.actor_id) != ("colleague", each.pk)}
    reference_request = about.reference_request if isinstance(about, Ask) else about
    requester = told.get(reference_request.requester_id)
    links = {requester.pk: {"link": status_link(reference_request).pk}} if requester and by_mail else {}
    facts = {"event": event.pk, **({"also": [each.pk for each in also]} if also else {})}
    post(
        Letter(
            kind="news",
            recipient=colleague,
            subject=about,
            key=f"news:{event.pk}:{colleague.pk}",
            channel=channel,
            facts={**facts, **links.get(colleague.pk, {})},
        )
        for colleague in told.values()
        for channel in ([NOTICE, MAIL] if by_mail else [NOTICE])
    )


def status_link(reference_request: ReferenceRequest) -> Link:
    """The requester's link to the page of this request that only shows; one serves all mails of two months."""
    now = timezone.now()
    live = Link.objects.filter(purpose=STATUS, subject_id=reference_request.pk, holder_id=reference_request.requester_id, revoked_at=None)
    found = live.filter(expires_at__gt=now + AFTERWARDS / 3).order_by("pk").last()
    return found or make_link(STATUS, reference_request.pk, holder_id=reference_request.requester_id, expires_at=now + AFTERWARDS)


def managers_of(reference_request: ReferenceRequest) -> list[Colleague]:
    """The manager in charge, or every manager where nobody is."""
    if reference_request.manager is not None:
        return [reference_request.manager]
    return list(Colleague.objects.active().filter(role=Colleague.Role.MANAGER).order_by("pk"))


def owner_side(ask: Ask) -> list[Colleague]:
    """Who hears for the customer what we do without asking: the owner, whoever stands in, or the managers where nobody can be reached."""
    found = who_hears(ask.reference.account, ask.approver)
    return [found] if found else managers_of(ask.reference_request)


def ask_for_approval(ask: Ask, *, by_the_clock: datetime | None = None) -> None:
    """Put the question to whoever answers for the owner, by a link that needs no sign-in.

    Where nobody chose the moment but the clock, the mail waits for the working hours of whoever gets it.
    """
    approvers = [ask.approver] if ask.approver else managers_of(ask.reference_request)
    for approver in approvers:
        link = make_link(APPROVAL, ask.pk, holder_id=approver.pk, expires_at=timezone.now() + timedelta(days=30))
        key = f"approval:{ask.pk}:{approver.pk}:{ask.waiting_since.isoformat()}"  # it may come back to whoever had it before
        due_at = _in_hours(approver, by_the_clock) if by_the_clock else None
        facts = {"link": link.pk}
        post(Letter("approval", approver, ask, key, due_at=due_at, channel=channel, facts=facts) for channel in (MAIL, NOTICE))


def _in_hours(to: Colleague, moment: datetime) -> datetime:
    policy = in_force()
    hours = policy.reminders
    return working_moment(moment, to.time_zone or policy.time_zone, opens=hours.opens, closes=hours.closes)


def write_ready_text(ask: Ask, owner: Colleague) -> None:
    """The text for asking in person, with a link behind which the answer is recorded without signing in."""
    link = make_link(APPROVAL, ask.pk, holder_id=owner.pk, expires_at=timezone.now() + timedelta(days=30))
    post([_about("ask_in_person", owner, ask, None, {"link": link.pk})])


def write_to_reference(kind: str, ask: Ask, *, sequence: int | None = None, due_at: datetime | None = None) -> None:
    """A mail to the reference, with the links that this kind carries: of their answer page, of their own page."""
    contact, ends = ask.reference.contact, _ends(ask)
    facts = {}
    if kind not in WITHOUT_ANSWER_LINK:
        facts["link"] = make_link(ANSWER, ask.pk, holder_id=contact.pk, expires_at=ends).pk
    if kind in WITH_OWN_PAGE:
        facts["portal"] = make_link(PORTAL, contact.pk, holder_id=contact.pk, expires_at=ends).pk
    post([_about(kind, contact, ask, sequence, facts, due_at=due_at)])


def send_note(note: PersonalNote) -> None:
    """The mail that brings a colleague's words to the reference, one for each note, with the link of their own page."""
    contact = note.ask.reference.contact
    link = make_link(PORTAL, contact.pk, holder_id=contact.pk, expires_at=_ends(note.ask))
    post([_about(note.kind, contact, note.ask, None, {"portal": link.pk, "note": note.pk}, again=note.pk)])


def write_of_move(event: Event, ask: Ask) -> None:
    """To a reference who has not answered yet: the time they are asked to come to was moved. Once for each move."""
    contact, ends = ask.reference.contact, _ends(ask)
    answer = make_link(ANSWER, ask.pk, holder_id=contact.pk, expires_at=ends)
    own = make_link(PORTAL, contact.pk, holder_id=contact.pk, expires_at=ends)
    post([Letter("along_moved", contact, ask, f"along_moved:{event.pk}", facts={"link": answer.pk, "portal": own.pk})])


def write_to_attendee(kind: str, attendee: Attendee, ask: Ask, *, sequence: int | None = None, due_at: datetime | None = None) -> None:
    """A mail to somebody of the other side, with the link of their page of this meeting. One that was lost can be written anew."""
    link = make_link(PICK, ask.pk, holder_id=attendee.pk, expires_at=_ends(ask))
    lost = written(kind, attendee, ask).filter(state__in=LOST).count()
    post([_about(kind, attendee, ask, sequence, {"link": link.pk}, due_at=due_at, again=lost or None)])


def write_pick_link(attendee: Attendee, ask: Ask) -> bool:
    """The link to the times that were offered, as often as it is wanted; False while the one before has not left yet."""
    before = written("pick_time", attendee, ask)
    if before.filter(state__in=[Message.State.DUE, Message.State.CLAIMED]).exists():
        return False
    link = make_link(PICK, ask.pk, holder_id=attendee.pk, expires_at=_ends(ask))
    post([_about("pick_time", attendee, ask, None, {"link": link.pk}, again=before.count())])
    return True


def write_prospect_debrief(attendee: Attendee, ask: Ask) -> None:
    """The question how it was, with a link for that alone."""
    link = make_link(PROSPECT_DEBRIEF, ask.pk, holder_id=attendee.pk, expires_at=_ends(ask))
    post([_about("prospect_debrief", attendee, ask, None, {"link": link.pk})])


def written(kind: str, attendee: Attendee, ask: Ask) -> "QuerySet[Message]":
    """The mails of this kind about this ask that were written to them."""
    about = Message.objects.filter(kind=kind, subject_kind="ask", subject_id=ask.pk)
    return about.filter(recipient_kind="attendee", recipient_id=attendee.pk)


def _ends(ask: Ask) -> datetime:
    """When a link of a mail about an ask ends: some months from now, or from the time that is fixed."""
    now = timezone.now()
    return max(now, ask.occasion.starts_at if ask.occasion else now) + AFTERWARDS


def write(
    kind: str,
    recipient: Model,
    ask: Ask,
    *,
    sequence: int | None = None,
    due_at: datetime | None = None,
    anew: int | None = None,
    along: Sequence[Ask] = (),
) -> None:
    """A mail about an ask to anybody else. `sequence` is the change of the time that it tells, `anew` the event by which it is told again.

    `along` are other asks that it tells of in the same words. The requester's about a time has a link to the page that shows how it stands.
    """
    is_step = kind in STEPS and recipient == ask.reference_request.requester
    facts = {"link": status_link(ask.reference_request).pk} if is_step else {}
    told = {"along": [each.pk for each in along]} if along else {}
    post([_about(kind, recipient, ask, sequence, {**facts, **told}, due_at=due_at, again=anew)])


def ask_if_it_happened(ask: Ask) -> None:
    """The requester, once for each time that was fixed; after an introduction both sides, once for each."""
    requester, contact = ask.reference_request.requester, ask.reference.contact
    if ask.status != Ask.Status.INTRODUCED:
        write("did_it_happen", requester, ask, sequence=ask.occasion.sequence if ask.occasion else None)
        return
    link = make_link(ANSWER, ask.pk, holder_id=contact.pk, expires_at=_ends(ask))
    since = int(ask.waiting_since.timestamp())
    ours = _about("did_it_happen", requester, ask, None, {}, again=since)
    post([ours, _about("did_it_happen", contact, ask, None, {"link": link.pk}, again=since)])


def write_of_closing(to: Colleague, ask: Ask, closing: int) -> None:
    """The draft of what came of it, for this closing of the deal: the id of the change of stage."""
    post([_about("came_of_it_draft", to, ask, None, {"closing": closing}, again=closing)])


def write_thanks_draft(ask: Ask) -> None:
    """It happened: the owner's side gets the thank-you that is drafted, to send in their own words."""
    for each in owner_side(ask):
        write("thanks_draft", each, ask)


def introduce_by_mail(ask: Ask) -> None:
    """The mails that introduce requester and reference to each other; another requester is introduced anew, and so is one who is back."""
    contact, requester = ask.reference.contact, ask.reference_request.requester
    link = make_link(ANSWER, ask.pk, holder_id=contact.pk, expires_at=_ends(ask))
    shows = {"link": status_link(ask.reference_request).pk}
    again = f"{requester.pk}:{int(ask.waiting_since.timestamp())}"
    theirs = _about("introduction", contact, ask, None, {"link": link.pk}, again=again)
    post([theirs, _about("introduction", requester, ask, None, shows, again=again)])


def _about(
    kind: str,
    recipient: Model,
    ask: Ask,
    sequence: int | None,
    facts: Mapping[str, Any],
    *,
    due_at: datetime | None = None,
    again: object = None,
) -> Letter:
    """Of a kind one to each recipient, or one for each change of the time; `again` tells apart those that are written more than once."""
    change = None if sequence is None else f"{ask.occasion_id}.{sequence}"
    key = ":".join(str(part) for part in (kind, ask.pk, kind_of(recipient), recipient.pk, change, again) if part is not None)
    return Letter(kind, recipient, ask, key, due_at=due_at, facts={**facts, **({} if sequence is None else {"sequence": sequence})})


def ask_requester(event: Event, reference_request: ReferenceRequest) -> None:
    """Put the program's question to the requester, by a link that needs no sign-in."""
    to = reference_request.requester
    link = info_link(reference_request)
    post([Letter("question", to, reference_request, f"question:{event.pk}:{link.pk}", facts={"link": link.pk, "event": event.pk})])


def info_link(reference_request: ReferenceRequest) -> Link:
    """A link to the page on which the requester answers the program's question."""
    ends = timezone.now() + timedelta(days=60)
    return make_link(INFO, reference_request.pk, holder_id=reference_request.requester_id, expires_at=ends)

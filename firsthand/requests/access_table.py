"""What this room's routes answer to whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from firsthand.core.links import make_link
from firsthand.core.models import Link
from firsthand.customers.builders import make_account
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.references.builders import make_reference
from firsthand.references.models import Consent, Reference, Willingness
from firsthand.requests import actions
from firsthand.requests.actions.attending import add_attendee
from firsthand.requests.builders import WAY, group_call, make_group_ask
from firsthand.requests.models import ArrangedOutside, Ask, Attendee, OfferedTime, ReferenceRequest
from firsthand.stories.models import Story
from firsthand.testing.access import Access, LinkAccess
from firsthand.testing.world import World


def sams(world: World, *, as_draft: bool = False) -> ReferenceRequest:
    """A request of Sam's for his deal, filed when it is first asked for."""
    found = ReferenceRequest.objects.filter(requester=world.sam, status="draft" if as_draft else "submitted").first()
    wish = actions.Wish(world.call, world.today + timedelta(days=10), "Their first close", opportunity=world.opportunity)
    return found or actions.file_request(wish, by=world.sam, as_draft=as_draft)


def request(world: World) -> list[int]:
    return [sams(world).pk]


def once_filed(world: World) -> list[int]:
    """No argument; Sam has filed a request."""
    sams(world)
    return []


def draft(world: World) -> list[int]:
    return [sams(world, as_draft=True).pk]


def in_need_of_info(world: World) -> list[int]:
    return [actions.ask_info(sams(world), by=world.mia, question="Which product?").pk]


def with_content(world: World) -> list[int]:
    return [actions.answer_with_content(sams(world), by=world.mia, stories=[world.story]).pk]


def ria(world: World) -> Reference:
    """Somebody at another customer of Ana's, whom nothing bars."""
    found = Reference.objects.filter(contact__person__first_name="Ria").first()
    return found or make_reference("Ria Second", account=make_account("Second Bank", owner=world.ana))


def ask_at(world: World, status: str) -> Ask:
    """An ask of Ria, brought to that status by the deeds of the cast."""
    [ask] = actions.propose(sams(world), [ria(world)], by=world.mia)
    for step in WAY[status]:
        ask = step(ask, world.ana, world.mia)
    return ask


def ask(status: str) -> Callable[[World], list[int]]:
    return lambda world: [ask_at(world, status).pk]


def held_and_lost(world: World) -> list[int]:
    """A held ask of a deal that has closed."""
    found = ask_at(world, "held")
    Opportunity.objects.update(outcome=Stage.Outcome.LOST)
    return [found.pk]


def unconfirmed(world: World) -> list[int]:
    """An approved ask of somebody whose consent is to be checked again since."""
    found = ask_at(world, "approved")
    Consent.objects.filter(contact=found.reference.contact_id).update(recheck_on=world.today)
    return [found.pk]


def tender(world: World) -> list[int]:
    """A request of Sam's to name references in a tender."""
    wish = actions.Wish(make_activity_type("tender"), world.today + timedelta(days=10), "A bank our size", opportunity=world.opportunity)
    return [actions.file_request(wish, by=world.sam).pk]


def days(world: World) -> dict[str, Any]:
    return {"first": (world.today + timedelta(days=20)).isoformat(), "last": (world.today + timedelta(days=40)).isoformat()}


def group_request(world: World) -> list[int]:
    """A second request of Sam's, for a group call; another one has a time."""
    scheduled_group(world)
    wish = actions.Wish(group_call(), world.today + timedelta(days=10), "Their first year", opportunity=world.opportunity)
    return [actions.file_request(wish, by=world.sam).pk]


def group_host(world: World) -> dict[str, Any]:
    return {"ask": str(Ask.objects.get(status="scheduled", reference_request__activity_type__code="group-call").pk)}


def scheduled_group(world: World) -> Ask:
    """A group call with Ria, fixed for another request."""
    found = Ask.objects.filter(status="scheduled", reference_request__activity_type__code="group-call").first()
    return found or make_group_ask(reference=ria(world), requester=world.sam, owner=world.ana, manager=world.mia)


def panel_host(world: World) -> list[Any]:
    """A group call that is fixed, for a request that wants more references than one."""
    host = scheduled_group(world)
    ReferenceRequest.objects.filter(pk=host.reference_request_id).update(n_wanted=3)
    return [host.pk]


def somebody_for_a_panel(world: World) -> dict[str, Any]:
    sent = another(world)
    Willingness.objects.get_or_create(reference_id=sent["reference"][0], activity_type=group_call())
    return sent


def link(purpose: str, status: str) -> Callable[[World], Link]:
    def make(world: World) -> Link:
        found = ask_at(world, status)
        holder = found.reference.contact_id if purpose == "answer" else world.ana.pk
        return make_link(purpose, found.pk, holder_id=holder, expires_at=timezone.now() + timedelta(days=1))

    return make


def pick_link(world: World) -> Link:
    """The link of somebody at the prospect, to whom the times were released."""
    found = ask_at(world, "accepted")
    actions.offer_times(found, by=found.reference.contact, times=[timezone.now() + timedelta(days=3)])
    attendee = actions.let_pick(found, by=world.sam, name="Pia Prospect", email="pia@prospect.example")
    return make_link("pick", found.pk, holder_id=attendee.pk, expires_at=timezone.now() + timedelta(days=1))


def picked(world: World) -> dict[str, Any]:
    return {"act": "pick", "offered": str(OfferedTime.objects.latest("pk").pk), "zone": "Europe/Oslo"}


def another(world: World) -> dict[str, Any]:
    rob = make_reference("Rob Third", account=make_account("Third Bank", owner=world.ana))
    return {"reference": [rob.pk], "seen": "scheduled"}


def held_with_pia(world: World) -> list[int]:
    found = ask_at(world, "held")
    add_attendee(found, name="Pia Prospect", email="pia@prospect.example")
    return [found.pk]


def pias(world: World) -> dict[str, Any]:
    return {"attendee": str(Attendee.objects.latest("pk").pk)}


def debrief_link(world: World) -> Link:
    [pk] = held_with_pia(world)
    return make_link("prospect_debrief", pk, holder_id=Attendee.objects.latest("pk").pk, expires_at=timezone.now() + timedelta(days=1))


INVITED = {"attendee": "Pia Prospect", "attendee_email": "pia@prospect.example"}


def info_link(world: World) -> Link:
    [pk] = in_need_of_info(world)
    return make_link("info", pk, holder_id=world.sam.pk, expires_at=timezone.now() + timedelta(days=1))


def status_link(world: World) -> Link:
    return make_link("status", sams(world).pk, holder_id=world.sam.pk, expires_at=timezone.now() + timedelta(days=1))


def other_link(purpose: str) -> Callable[[World], Link]:
    return lambda world: make_link(purpose, 987654, holder_id=world.eve.pk, expires_at=timezone.now() + timedelta(days=1))


def new(world: World) -> dict[str, Any]:
    return {"form_key": "6b1e7b6e-6f0e-4f0e-9d6c-0c8d3c2b1a00", "activity": "reference-call", "needed_by": world.in_a_week, "wish": "Speed"}


def changed(world: World) -> dict[str, Any]:
    return {"seen": sams(world).revision, "wish": "Their second close", "needed_by": world.in_a_week}


def soon(world: World) -> dict[str, Any]:
    at = timezone.now() + timedelta(days=3)
    return {"starts_at": at.strftime("%Y-%m-%dT%H:%M"), "minutes": "30"}


def answered(world: World) -> dict[str, Any]:
    return {"answer": "yes", "channel": "by phone", "day": world.today.isoformat()}


def outside(world: World) -> list[int]:
    """A call of Sam's with Ana's customer, whom he found himself."""
    said = actions.Outside(world.today, world.call, contact=ria(world).contact, opportunity=world.opportunity)
    found = ArrangedOutside.objects.filter(colleague=world.sam).first()
    return [(found or actions.log_outside(said, by=world.sam)).pk]


def logged(world: World) -> dict[str, Any]:
    return {
        "form_key": "6b1e7b6e-6f0e-4f0e-9d6c-0c8d3c2b1a09",
        "who": "Somebody",
        "day": world.today.isoformat(),
        "activity": world.call.code,
    }


def story(world: World) -> dict[str, Any]:
    return {"story": str(Story.objects.values_list("pk", flat=True)[0])}


def reminded(world: World) -> dict[str, Any]:
    """A request of which whoever is silent is reminded."""
    return {"move": "remind", "request": [sams(world).pk]}


def ticked(world: World) -> dict[str, Any]:
    """An ask that nothing bars: its row says so."""
    return {"move": "end", "reason": "The new policy", "ask": [f"{ask_at(world, 'proposed').pk}-proposed"]}


def to_max(world: World) -> dict[str, Any]:
    """A second manager, who takes over."""
    return {"to": make_colleague("Max Manager", role=Colleague.Role.MANAGER).pk, "reason": "He knows the bank"}


def to_sue(world: World) -> dict[str, Any]:
    """Another seller, who asks for it from now on."""
    return {"to": make_colleague("Sue Second").pk, "reason": "Sam has left"}


Data = Callable[[World], dict[str, Any]]


def saw(status: str, given: Data | dict[str, Any] | None = None) -> Data:
    """The form's data with the status that stood on the page."""
    return lambda world: {"seen": status, **((given(world) if callable(given) else given) or {})}


HOW = {"words": "Which product?"}
LIFT = {"reason": "The deal"}

ROWS = (
    Access("requests:list", "GET", "in 200 200 200 200 200 200", query="?view=open"),
    Access("requests:list", "GET", "in 200 200 200 200 200 200", note="with nothing filed yet"),
    Access("requests:list", "GET", "in 200 302 200 302 302 200", once_filed, note="to the open ones"),
    Access("requests:new", "GET", "in 200 200 200 200 200 200"),
    Access("requests:new", "POST", "in 302 302 302 302 302 302", data=new),
    Access("requests:preview", "POST", "in 200 200 200 200 200 200", data=new),
    Access("requests:traits", "POST", "in 200 200 200 200 200 200", data=new),
    Access("requests:deals", "GET", "in 200 200 200 200 200 200"),
    Access("requests:names", "GET", "in 200 200 200 200 200 200", query="?named=Rae"),
    Access("requests:edit", "GET", "in 404 200 404 404 404 404", draft),
    Access("requests:edit", "POST", "in 404 302 404 404 404 404", draft, new),
    Access("requests:wanted", "GET", "in 404 200 404 200 403 404", request),
    Access("requests:wanted", "POST", "in 404 302 404 302 403 404", request, changed),
    Access("requests:submission", "POST", "in 404 302 404 404 404 404", draft, saw("draft")),
    Access("requests:question", "POST", "in 404 403 404 302 403 404", request, saw("submitted", HOW)),
    Access("requests:answer", "POST", "in 404 302 404 302 403 404", in_need_of_info, saw("needs_info", HOW)),
    Access("requests:notes", "POST", "in 404 302 404 302 302 404", request, HOW),
    Access("requests:content", "POST", "in 404 403 404 302 403 404", request, saw("submitted", story)),
    Access("requests:content_confirmation", "POST", "in 404 302 404 302 403 404", with_content, saw("answered_with_content")),
    Access("requests:reopening", "POST", "in 404 302 404 302 403 404", with_content, saw("answered_with_content")),
    Access("requests:withdrawal", "POST", "in 404 302 404 302 403 404", request, saw("submitted")),
    Access("requests:closing", "POST", "in 404 403 404 302 403 404", request, saw("submitted", {"reason": "no_match"})),
    Access("requests:competing", "GET", "in 403 403 403 200 200 403"),
    Access("requests:moves", "GET", "in 403 403 403 400 403 403", note="nothing chosen"),
    Access("requests:moves", "POST", "in 403 403 403 200 403 403", data=reminded),
    Access("requests:barred", "GET", "in 403 403 403 200 403 403"),
    Access("requests:barred", "GET", "in 403 403 403 302 403 403", query="?saved=1", note="nothing barred"),
    Access("requests:barred", "POST", "in 403 403 403 200 403 403", data=ticked),
    Access("requests:manager", "POST", "in 404 403 404 302 403 404", request, to_max),
    Access("requests:requester", "POST", "in 404 403 404 302 403 404", request, to_sue),
    Access("requests:matches", "GET", "in 404 200 404 200 200 404", request),
    Access("requests:matches", "POST", "in 404 403 404 302 403 404", request, lambda world: {"reference": [ria(world).pk]}),
    Access("requests:ask", "GET", "in 404 200 200 200 200 404", ask("proposed")),
    Access("requests:approval", "GET", "in 404 403 200 403 403 404", ask("proposed")),
    Access("requests:approval", "POST", "in 404 403 302 403 403 404", ask("proposed"), saw("proposed", {"answer": "approve"})),
    Access("requests:sending", "POST", "in 404 403 302 302 403 404", ask("approved"), saw("approved")),
    Access("requests:in_person", "POST", "in 404 403 302 302 403 404", unconfirmed, saw("approved")),
    Access("requests:correction", "POST", "in 404 403 403 302 403 404", ask("held"), saw("held", {"outcome": "us", "reason": "A mix-up"})),
    Access("requests:ask_answer", "POST", "in 404 403 302 302 403 404", ask("sent"), saw("sent", answered)),
    Access("requests:time", "POST", "in 404 302 302 302 403 404", ask("accepted"), saw("accepted", soon)),
    Access("requests:times", "POST", "in 404 302 302 302 403 404", ask("accepted"), saw("accepted", INVITED)),
    Access("requests:attendees", "POST", "in 404 302 302 302 403 404", ask("scheduled"), saw("scheduled", INVITED)),
    Access("requests:attendee_removal", "POST", "in 404 302 302 302 403 404", held_with_pia, saw("held", pias)),
    Access("requests:swap", "GET", "in 404 403 403 200 403 404", ask("scheduled")),
    Access("requests:swap", "POST", "in 404 403 403 302 403 404", ask("scheduled"), saw("scheduled", another)),
    Access("requests:panel", "GET", "in 404 403 403 200 403 404", panel_host),
    Access("requests:panel", "POST", "in 404 403 403 302 403 404", panel_host, somebody_for_a_panel),
    Access("requests:brief", "GET", "in 404 200 200 200 200 404", ask("scheduled")),
    Access("requests:introduction", "POST", "in 404 302 302 302 403 404", ask("accepted"), saw("accepted")),
    Access("requests:outcome", "POST", "in 404 302 302 302 403 404", ask("introduced"), saw("introduced", {"outcome": "held"})),
    Access("requests:cancellation", "POST", "in 404 302 302 302 403 404", ask("sent"), saw("sent")),
    Access(
        "requests:exception",
        "POST",
        "in 404 403 403 409 403 404",
        ask("proposed"),
        saw("proposed", {"reason": "The deal"}),
        note="nothing bars",
    ),
    Access("requests:release_debrief", "POST", "in 404 302 403 403 403 404", held_with_pia, saw("held", pias)),
    Access("requests:thanks", "GET", "in 404 403 200 200 403 404", ask("held")),
    Access("requests:thanks", "POST", "in 404 403 302 302 403 404", ask("held"), {"words": "Thank you"}),
    Access("requests:came_of_it", "GET", "in 404 200 403 403 403 404", held_and_lost),
    Access("requests:came_of_it", "POST", "in 404 302 403 403 403 404", held_and_lost, {"words": "They decided"}),
    Access("requests:debrief", "GET", "in 404 200 403 403 403 404", ask("held")),
    Access("requests:debrief", "POST", "in 404 302 403 403 403 404", ask("held"), {"grade": "5"}),
    Access("requests:window", "POST", "in 404 302 404 302 403 404", tender, saw("none", days)),
    Access("requests:sheet", "GET", "in 404 200 404 200 403 404", tender),
    Access("requests:occasions", "GET", "in 404 200 404 200 200 404", group_request),
    Access("requests:occasions", "POST", "in 404 403 404 302 403 404", group_request, group_host),
    Access(
        "requests:places",
        "POST",
        "in 404 302 302 302 403 404",
        lambda world: [scheduled_group(world).pk],
        saw("scheduled", {"places": "4"}),
    ),
    Access("requests:exceptions", "GET", "in 403 403 403 200 200 403"),
    Access("requests:outside_new", "GET", "in 200 200 200 200 200 200"),
    Access("requests:outside_new", "POST", "in 302 302 302 302 302 302", data=logged),
    Access("requests:outside", "GET", "in 404 200 200 200 200 404", outside),
    Access("requests:outside", "POST", "in 404 302 403 403 403 404", outside, {"grade": "5"}),
    Access("requests:outside_retraction", "POST", "in 404 302 403 302 403 404", outside, {"reason": "Never happened"}),
    LinkAccess("answer", "GET", 200, link("answer", "sent"), other_link("answer")),
    LinkAccess("answer", "POST", 302, link("answer", "sent"), other_link("answer"), {"act": "accept", "seen": "sent"}),
    LinkAccess("prospect_debrief", "GET", 200, debrief_link, other_link("prospect_debrief")),
    LinkAccess("prospect_debrief", "POST", 302, debrief_link, other_link("prospect_debrief"), {"grade": "5"}),
    LinkAccess("pick", "GET", 200, pick_link, other_link("pick")),
    LinkAccess("pick", "POST", 302, pick_link, other_link("pick"), picked),
    LinkAccess("pick", "POST", 302, pick_link, other_link("pick"), {"act": "cannot", "words": "Rather in the week after."}),
    LinkAccess("info", "GET", 200, info_link, other_link("info")),
    LinkAccess("info", "POST", 302, info_link, other_link("info"), {"words": "The new one."}),
    LinkAccess("status", "GET", 200, status_link, other_link("status")),
    LinkAccess("approval", "GET", 200, link("approval", "proposed"), other_link("approval")),
    LinkAccess("approval", "POST", 302, link("approval", "proposed"), other_link("approval"), {"answer": "approve", "seen": "proposed"}),
)

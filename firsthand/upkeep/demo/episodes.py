"""What happens to a program besides a plain call: a rule lifted, a call shared, a panel, a tender, a request for the press."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import islice

from firsthand.core.refused import Refused
from firsthand.deals.actions import DealFacts
from firsthand.deals.models import Opportunity, Stage
from firsthand.people.models import Colleague
from firsthand.references.disclosure import Outsider, may_know
from firsthand.references.models import Reference
from firsthand.requests import actions
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.permissions import bars_of
from firsthand.requests.sheet import offered
from firsthand.stories.models import Story
from firsthand.upkeep.demo import words
from firsthand.upkeep.demo.scene import Scene
from firsthand.upkeep.demo.world import World

Deals = Iterator[Opportunity]
LOOKED_AT = 150  # references looked through for one who fits an episode


def exceptions(world: World, deals: Deals) -> None:
    """Rules lifted for two quotes and a call: one came to something, one was declined, one is still open."""
    quote = Scene(
        world, next(deals), "A sentence for the proposal's first page, from somebody who closes the month with us.", activity="quote"
    )
    ask = quote.accepted(quote.proposed(_barred(quote), exception="The board decides on Friday, and they offered it themselves."))
    held = actions.hold(actions.introduce(ask, by=quote.mia), by=quote.mia, hours=Decimal("0.5"))
    actions.give_debrief(
        held, by=quote.sam, grade=5, words="It stood on page one. They had met another customer at a fair, too.", found_own=True
    )
    second = Scene(world, next(deals), "A quote on the rollout in many countries.", activity="quote")
    ask = second.sent(second.proposed(_barred(second), exception="Nobody else ran the rollout in so many countries."))
    actions.decline(ask, by=ask.reference.contact, reason="Our press office has to see every quote first.")
    call = Scene(world, next(deals), "They only want to hear from somebody who left the same rival.")
    call.sent(call.proposed(_barred(call), exception="The largest deal of the quarter, and their only open question."))


def _barred(scene: Scene) -> Reference:
    """Somebody whom only one rule of the program keeps from being asked, Ana's customers first. Raises `Refused` where there is nobody."""
    people = Reference.objects.select_related("contact__account__owner", "reference_account").order_by("pk")
    own_first: list[Reference] = [*people.filter(contact__account__owner=scene.ana)[:LOOKED_AT], *people[:LOOKED_AT]]
    for reference in own_first:
        bars = bars_of(scene.filed, reference, viewer=scene.mia)
        if len(bars) == 1 and not bars[0].is_absolute:
            return reference
    raise Refused("Nobody is barred by the program alone.")


def arranged_outside(world: World, deals: Deals) -> None:
    """Two calls that the program did not arrange: one with a reference, one with somebody the buyer found."""
    sam, ana = world.colleagues[1:3]
    call, known = world.types["reference-call"], Reference.objects.filter(contact__account__owner=ana).order_by("pk").first()
    day = world.today - timedelta(days=2)
    if known is not None:
        first = actions.Outside(day=day, activity_type=call, contact=known.contact, opportunity=next(deals))
        actions.debrief_outside(actions.log_outside(first, by=sam), by=sam, grade=4, words="They met at the user group and simply talked.")
    second = actions.Outside(day=day, activity_type=call, name="A former colleague of their CFO", opportunity=next(deals), by_prospect=True)
    actions.debrief_outside(actions.log_outside(second, by=sam), by=sam, grade=3, words="Friendly, but on a release of six years ago.")


def group_call(world: World, deals: Deals) -> None:
    """One fixed time that two deals share."""
    first = Scene(world, next(deals), "Their whole finance team wants to listen to a peer.", activity="group-call")
    host = first.scheduled(attendee="Jonas Weber", attendee_email="jonas.weber@prospect.example")
    second = Scene(world, next(deals), "Three controllers with the same questions about the close.", activity="group-call")
    joined = actions.join(second.filed, host, by=second.mia)
    actions.accept(joined, by=joined.reference.contact)


def panel(world: World, deals: Deals) -> None:
    """One fixed time at which references of two customers speak for one deal."""
    scene = Scene(world, next(deals), "Their board wants to hear two companies at one table.", activity="group-call", n_wanted=2)
    host = scene.scheduled(attendee="Beate Hahn", attendee_email="beate.hahn@prospect.example")
    others = (each for each in scene.free() if each.account != host.reference.account)
    for reference in islice(others, LOOKED_AT):
        try:
            [ask] = actions.ask_along(host, [reference], by=scene.mia)
        except Refused:  # a rule against that day, or against those who come: the next one
            continue
        ask = scene.sent(ask)
        actions.accept(ask, by=ask.reference.contact, takes_time=True)
        return
    raise Refused("Nobody else may come to that time.")


def tender(world: World, deals: Deals) -> None:
    """Three references named in a tender: two said what the sheet may show, one is still to answer."""
    scene = Scene(world, next(deals), "The tender asks for three customers whom evaluators may call.", activity="tender", n_wanted=3)
    first = world.today + timedelta(days=7)
    scene.filed = actions.set_window(scene.filed, by=scene.sam, first=first, last=first + timedelta(days=25))
    nameable = (each for each in scene.free() if may_know(each, Outsider.PROSPECT))
    for reference, shown in zip(islice(nameable, 3), (10, 3, 0), strict=False):
        ask = scene.sent(scene.proposed(reference))
        if shown:
            ask = actions.accept(ask, by=ask.reference.contact)
            actions.agree_to_show(ask, by=ask.reference.contact, items=[code for code, _ in offered(ask)][:shown])


def competing(world: World, deals: Deals) -> None:
    """Two requests that want one person, and nothing sent yet."""
    first = Scene(world, next(deals), "Somebody who can speak about the first audit after the change.", days=4)
    second = Scene(world, next(deals), "Their auditor asks for a peer who passed the same audit.", days=30)
    both = (each for each in islice(first.free(), LOOKED_AT) if not bars_of(second.filed, each, viewer=second.mia))
    reference = next(both)
    first.proposed(reference)
    second.proposed(reference)


def content(world: World, deals: Deals) -> None:
    """A request that a story may answer; Sam says whether it does."""
    scene = Scene(world, next(deals), "Something in writing about picking errors before their warehouse lead goes on leave.")
    seen = Story.objects.visible_to(scene.sam).filter(retired_at=None, headline__startswith="Picking errors").order_by("pk")
    note = "Send this first: it has the figures. If they want to talk to somebody, say so and we ask."
    actions.answer_with_content(scene.filed, by=scene.mia, stories=list(seen[:2]), note=note)


def typed_deal(world: World, _: Deals) -> None:
    """A request for a deal that is not in the CRM yet."""
    stage = Stage.objects.order_by("position")[1]
    deal = DealFacts(
        name=f"{words.PRODUCTS[0]} for the water works", prospect_name="Lindau Water Works", stage=stage, amount=Decimal(180_000),
        currency="EUR", close_date=world.today + timedelta(days=70), values=(world.values["product"][words.PRODUCTS[0]],),
    )  # fmt: skip
    Scene(world, None, "A public utility that went through the same approval.", typed=deal)


def introduction(world: World, deals: Deals) -> None:
    """Both sides were introduced by mail; neither has said yet whether they spoke."""
    scene = Scene(world, next(deals), "Their plant manager would rather write to somebody first.")
    ask = scene.sent()
    actions.accept(ask, by=ask.reference.contact, introduces=True, note="Happy to help; mornings are best.")


def fixed_time(world: World, deals: Deals) -> None:
    """A call with a time, somebody of the prospect's and questions to prepare: what a brief is made of."""
    questions = "Who built the reports in the first month?\nWhat would you do differently?\nHow many people look after it now?"
    scene = Scene(world, next(deals), "The controller wants to know who builds the reports now.", questions=questions)
    scene.scheduled(attendee="Karin Sommer", attendee_email="karin.sommer@prospect.example")


def press(world: World, _: Deals) -> None:
    """Dario asks for somebody who speaks to a magazine."""
    dario = world.colleagues[5]
    wish = "A finance lead who would tell an industry magazine how the close became boring."
    kinds = {"purpose": ReferenceRequest.Purpose.PRESS, "audience": ReferenceRequest.Audience.PRESS}
    scene = Scene(world, None, wish, activity="press-interview", by=dario, outlet="Controlling Quarterly", **kinds)
    scene.proposed()


def hand_over(world: World, deals: Deals) -> None:
    """A manager who stood in for some weeks gives their last request to Mia."""
    stand_in = world.colleagues[-1]
    roles = Colleague.objects.filter(pk=stand_in.pk)
    roles.update(role=Colleague.Role.MANAGER)
    stand_in.refresh_from_db()
    scene = Scene(world, next(deals), "How long did people need until they trusted the new figures?")
    if scene.filed.manager_id == stand_in.pk:
        reason = "My weeks in the program end today. Sam knows about it; the call may be in German."
        actions.hand_over(scene.filed, to=scene.mia, by=stand_in, reason=reason)
    roles.update(role=Colleague.Role.MEMBER)


EPISODES: Iterable[Callable[[World, Deals], None]] = (
    exceptions, arranged_outside, group_call, tender, competing, content, typed_deal, introduction, fixed_time, press, hand_over,
    panel,
)  # fmt: skip

"""Deals and reference requests in every state, with what happened on them."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from firsthand.customers.models import Touch
from firsthand.deals.models import Opportunity, OpportunityValue, Stage, StageChange
from firsthand.history.models import Event
from firsthand.program.models import PolicyVersion
from firsthand.references.capacity import ASK_DOOR
from firsthand.references.disclosure import Outsider, may_know
from firsthand.references.models import Engagement, Reference
from firsthand.requests.models import Ask, Criterion, Debrief, ReferenceRequest, Use
from firsthand.requests.ranking import rank_requests
from firsthand.upkeep.demo import words
from firsthand.upkeep.demo.world import World, write

Status, AskStatus = ReferenceRequest.Status, Ask.Status


def fill_deals(world: World) -> None:
    """Deals of two years, a tenth of them open, with products, a rival now and then, and stage history."""
    stages = write(
        Stage,
        [Stage(name=name, key=name.casefold(), position=number, outcome=outcome) for number, (name, outcome) in enumerate(words.STAGES)],
    )
    sellers = [world.colleagues[1], *world.colleagues[len(words.CAST) :]]
    deals = []
    for number in range(world.size.opportunities):
        account, stage = world.one(world.accounts), stages[_stage_index(world)]
        open_ = stage.outcome == Stage.Outcome.OPEN
        close = world.day(3, 150) if open_ else world.day(-730, -1)
        amount = Decimal(int(10 ** world.chance.uniform(3.7, 6.2)) // 100 * 100)
        deals.append(
            Opportunity(
                external_id=f"OPP-{40_000 + number}", name=f"{world.one(words.PRODUCTS)} for {account.name}", account=account,
                owner=world.colleagues[1] if world.happens(0.03) else world.one(sellers), stage=stage, outcome=stage.outcome,
                amount=amount, currency="EUR", amount_base=amount, created_on=close - timedelta(days=world.chance.randint(30, 220)),
                close_date=close, kind=world.one(("New business", "Expansion")),
            )
        )  # fmt: skip
    write(Opportunity, deals)
    products = [world.values["product"][name] for name in words.PRODUCTS]
    rivals = [world.values["rival"][name] for name in words.RIVALS]
    rows = []
    for deal in deals:
        rows.append(OpportunityValue(opportunity=deal, value=world.one(products)))
        if world.happens(0.4):
            rows.append(OpportunityValue(opportunity=deal, value=world.one(rivals)))
    write(OpportunityValue, rows)
    entered = [
        StageChange(opportunity=deal, stage=stages[0], entered_at=world.moment(deal.created_on), amount=deal.amount)
        for deal in deals
        if deal.created_on
    ]
    write(StageChange, entered)


def _stage_index(world: World) -> int:
    return int(world.chance.choices(range(6), (2, 2, 3, 3, 50, 40))[0])


def fill_requests(world: World) -> None:
    """Past requests, most of them fulfilled, and open ones in every state, with their asks, slots and history."""
    policy = PolicyVersion.objects.latest("id")
    live = [deal for deal in world.deals if deal.outcome == Stage.Outcome.OPEN and deal.account]
    done = [deal for deal in world.deals if deal.outcome != Stage.Outcome.OPEN and deal.account]
    open_count = world.size.requests * 15 // 100
    sam = world.colleagues[1]
    mine = [deal for deal in live if deal.owner_id == sam.pk]
    rest = [deal for deal in live if deal.owner_id != sam.pk]
    chosen = [*mine[:2], *rest[: open_count - len(mine[:2])]]
    requests = [_request(world, deal, policy, _open_status(number)) for number, deal in enumerate(chosen)]
    past = [world.one(done) for _ in range(world.size.requests - len(chosen))]
    requests += [_request(world, deal, policy, _past_status(world)) for deal in past]
    write(ReferenceRequest, requests)
    rank_requests(timezone.now())
    _criteria(world, requests)
    asks = _asks(world, requests, world.references, policy)
    _history(world, requests, asks)


def _open_status(number: int) -> str:
    states = (Status.SUBMITTED, Status.ASKING, Status.ASKING, Status.DRAFT)
    return states[number % len(states)]


def _past_status(world: World) -> str:
    return str(world.chance.choices((Status.FULFILLED, Status.UNFULFILLED, Status.WITHDRAWN), (72, 18, 10))[0])


def _request(world: World, deal: Opportunity, policy: PolicyVersion, status: str) -> ReferenceRequest:
    codes = ("reference-call", "reference-call", "reference-call", "site-visit", "quote")
    past = status in {Status.FULFILLED, Status.UNFULFILLED, Status.WITHDRAWN}
    age = world.chance.randint(60, 700) if past else int(12 * world.chance.random() ** 2)
    filed = world.moment(world.today - timedelta(days=age))
    wish = world.one(words.WISHES).format(
        rival=world.one(words.RIVALS), product=world.one(words.PRODUCTS), country=deal.account.location if deal.account else ""
    )
    return ReferenceRequest(
        requester=deal.owner or world.colleagues[1], manager=world.colleagues[0], opportunity=deal,
        activity_type=world.types[world.one(codes)], needed_by=filed.date() + timedelta(days=world.chance.randint(6, 20)),
        status=status, wish=wish, policy=policy, created_at=filed,
        submitted_at=None if status == Status.DRAFT else filed,
        fulfilled_at=filed + timedelta(days=world.chance.randint(1, 9)) if status == Status.FULFILLED else None,
        ended_at=filed + timedelta(days=world.chance.randint(3, 20)) if past else None,
        unfulfilled_reason=world.one(("no_match", "at_limit", "declined", "no_answer")) if status == Status.UNFULFILLED else "",
    )  # fmt: skip


def _criteria(world: World, requests: list[ReferenceRequest]) -> None:
    products = [world.values["product"][name] for name in words.PRODUCTS]
    rows = []
    for reference_request in requests:
        rows.append(Criterion(reference_request=reference_request, value=world.one(products), importance="must"))
        if world.happens(0.5):
            rows.append(Criterion(reference_request=reference_request, value=world.one(world.leaves("industry")), importance="should"))
    write(Criterion, rows)


def _asks(world: World, requests: list[ReferenceRequest], references: list[Reference], policy: PolicyVersion) -> list[Ask]:
    """One ask a request, its slot with it; a held one is credited to the deal. The last fifth of references was idle till now."""
    idle = references[int(len(references) * 0.8) :]
    quotable = [each for each in idle if may_know(each, Outsider.PUBLIC)] or idle
    plans = []
    for number, reference_request in enumerate(requests):
        state, fit = _ask_state(reference_request, number), quotable if "public" in reference_request.hears else idle
        if state is not None:
            plans.append((reference_request, fit[number % len(fit)], state))
    slots = write(Engagement, [_slot(request, reference, state) for request, reference, state in plans])
    asks = write(
        Ask,
        [_ask(world, request, reference, state, slot, policy) for (request, reference, state), slot in zip(plans, slots, strict=True)],
    )
    write(
        Touch,
        [
            Touch(person_id=ask.reference.contact.person_id, door=ASK_DOOR, about_kind="ask", about_id=ask.pk, sent_at=ask.sent_at)
            for ask in asks
            if ask.sent_at
        ],
    )
    held = [ask for ask in asks if ask.status == AskStatus.HELD]
    write(
        Use,
        [
            Use(engagement=ask.engagement, reference_request=ask.reference_request, opportunity=ask.reference_request.opportunity)
            for ask in held
        ],
    )
    write(
        Debrief,
        [
            Debrief(ask=ask, side=side, grade=world.chance.choices((3, 4, 5), (1, 4, 4))[0], given_at=ask.held_at or ask.waiting_since)
            for ask in held
            for side in (Debrief.Side.REQUESTER, Debrief.Side.REFERENCE)
        ],
    )
    return asks


def _ask_state(reference_request: ReferenceRequest, number: int) -> str | None:
    if reference_request.status == Status.FULFILLED:
        return AskStatus.HELD
    if reference_request.status == Status.ASKING:
        return (AskStatus.PROPOSED, AskStatus.SENT)[number % 2]
    return AskStatus.DECLINED if reference_request.unfulfilled_reason == "declined" else None


def _slot(reference_request: ReferenceRequest, reference: Reference, state: str) -> Engagement:
    states = {AskStatus.HELD: Engagement.State.HELD, AskStatus.DECLINED: Engagement.State.RELEASED}
    waits = state in {AskStatus.PROPOSED, AskStatus.APPROVED}
    return Engagement(
        reference=reference, activity_type=reference_request.activity_type, day=reference_request.needed_by,
        state=states.get(AskStatus(state), Engagement.State.RESERVED),
        reserved_until=_submitted(reference_request) + timedelta(days=16) if waits else None,
    )  # fmt: skip


def _ask(  # noqa: PLR0917  (one row of facts)
    world: World, reference_request: ReferenceRequest, reference: Reference, state: str, slot: Engagement, policy: PolicyVersion
) -> Ask:
    since = _submitted(reference_request) + timedelta(hours=world.chance.randint(1, 40))
    sent = state in {AskStatus.SENT, AskStatus.HELD, AskStatus.DECLINED}
    return Ask(
        reference_request=reference_request, reference=reference, engagement=slot, status=state, policy=policy,
        proposed_by=world.colleagues[0], approver=reference.contact.account.owner, waiting_since=since,
        sent_at=since if sent else None, answered_at=since if state in {AskStatus.HELD, AskStatus.DECLINED} else None,
        held_at=since + timedelta(days=3) if state == AskStatus.HELD else None,
        answer_by=world.moment(world.today) + timedelta(days=world.chance.randint(2, 6)) if sent else None,
        declined_reason="No time before the holidays" if state == AskStatus.DECLINED else "",
    )  # fmt: skip


def _submitted(reference_request: ReferenceRequest) -> datetime:
    return reference_request.submitted_at or reference_request.created_at


def _history(world: World, requests: list[ReferenceRequest], asks: list[Ask]) -> None:
    rows = [
        Event(
            at=_submitted(each), verb="submit", subject_kind="referencerequest", subject_id=each.pk, context_kind="referencerequest",
            context_id=each.pk, actor_kind="colleague", actor_id=each.requester_id,
        )
        for each in requests if each.submitted_at
    ]  # fmt: skip
    rows += [
        Event(
            at=ask.waiting_since, verb="propose", subject_kind="ask", subject_id=ask.pk, context_kind="referencerequest",
            context_id=ask.reference_request_id, actor_kind="colleague", actor_id=world.colleagues[0].pk,
        )
        for ask in asks
    ]  # fmt: skip
    write(Event, rows)

"""References, what they agreed to, what they did, and their stories."""

from datetime import timedelta
from decimal import Decimal

from firsthand.customers.models import Account, Contact
from firsthand.references.models import (
    Consent,
    Engagement,
    Hold,
    Reference,
    ReferenceAccount,
    ReferenceTopic,
    ReferenceValue,
    Willingness,
)
from firsthand.stories.actions import find_stories
from firsthand.stories.models import Asset, Metric, Story, StoryPerson, StoryValue
from firsthand.upkeep.demo import words
from firsthand.upkeep.demo.world import World, write

COMMON = ("reference-call", "quote", "review", "case-study", "site-visit", "speaking-slot", "press-interview", "video")


def fill_references(world: World) -> None:
    """People at customers, most with evidence of consent, some unconfirmed, a few withdrawn or on hold."""
    enrolled, seen = [], set()
    for contact in world.contacts:
        if contact.account.is_customer and contact.left_on is None and contact.person_id not in seen:
            seen.add(contact.person_id)
            enrolled.append(contact)
        if len(enrolled) == world.size.references:
            break
    standings = _standings(world, enrolled)
    references = write(Reference, [_reference(world, contact, standings[contact.account_id]) for contact in enrolled])
    write(Consent, [_consent(world, contact) for contact in enrolled])
    _willingness(world, references)
    _facets(world, references)
    _holds(world, references)


def _standings(world: World, contacts: list[Contact]) -> dict[int, ReferenceAccount]:
    accounts = {contact.account_id: contact.account for contact in contacts}
    rows = [
        ReferenceAccount(
            account=account, manager=world.colleagues[0], tier=world.one(("", "", "Gold", "Silver")),
            disclosure=world.chance.choices(("public", "named", "anonymous", "internal"), (30, 55, 10, 5))[0],
            limit_count=world.one((None, None, None, 4, 6)),
        )
        for account in accounts.values()
    ]  # fmt: skip
    return {row.account_id: row for row in write(ReferenceAccount, rows)}


def _reference(world: World, contact: Contact, standing: ReferenceAccount) -> Reference:
    return Reference(
        contact=contact, reference_account=standing, enrolled_on=world.day(-900, -20),
        status=world.chance.choices(("active", "resting", "retired"), (93, 4, 3))[0],
        limit_count=world.one((None, None, 2, 3, 4)), min_gap_days=world.one((None, None, None, 30, 45)),
        driver=world.one(("service", "product", "brand")), motivation=world.one(("peers", "profile", "influence", "learning", "limelight")),
        last_verified_on=world.day(-360, -10),
    )  # fmt: skip


def _consent(world: World, contact: Contact) -> Consent:
    kind = world.chance.choices(("given", "claimed", "withdrawn"), (88, 9, 3))[0]
    given_on = world.day(-340, -30)
    return Consent(
        contact=contact, kind=kind, covers_all=kind != "withdrawn", wording="You may approach me for the activities I named.",
        method="Mail" if kind == "given" else "", evidence=f"Mail of {given_on:%d %B %Y}" if kind == "given" else "",
        given_on=given_on, until=given_on + timedelta(days=730) if kind == "given" and world.happens(0.5) else None,
        recorded_by_kind="program",
    )  # fmt: skip


def _willingness(world: World, references: list[Reference]) -> None:
    types = [world.types[code] for code in COMMON if code in world.types]
    rows = []
    for reference in references:
        for number, activity_type in enumerate(types):
            if number == 0 or world.happens(0.55):
                answer = world.chance.choices(("yes", "ask_first", "no"), (75 if number else 90, 15, 10))[0]
                rows.append(Willingness(reference=reference, activity_type=activity_type, answer=answer, to_press=world.happens(0.6)))
    write(Willingness, rows)


def _facets(world: World, references: list[Reference]) -> None:
    languages = [value for name, value in world.values["language"].items() if name in {"English", "German", "French", "Spanish"}]
    rivals = [world.values["rival"][name] for name in words.RIVALS]
    topics = list(world.values["topic"].values())
    rows, about = [], []
    for reference in references:
        rows += [ReferenceValue(reference=reference, value=value) for value in world.some(languages, 2)]
        if world.happens(0.5):
            rows.append(ReferenceValue(reference=reference, value=world.one(rivals)))
        if topics and world.happens(0.2):
            about.append(ReferenceTopic(reference=reference, value=world.one(topics), is_welcome=world.happens(0.6)))
    write(ReferenceValue, rows)
    write(ReferenceTopic, about)


def _holds(world: World, references: list[Reference]) -> None:
    rows = [
        Hold(
            reference=reference, kind=world.one(("own", "owner")), starts_on=world.day(-30, -1),
            until=world.day(5, 90), reason=world.one(words.REASONS), set_by=world.colleagues[2],
        )
        for reference in references if world.happens(0.04)
    ]  # fmt: skip
    write(Hold, rows)


def fill_engagements(world: World) -> None:
    """Three years of what references did, at most a few a quarter each; lately graded."""
    willing = world.references[: int(len(world.references) * 0.8)]
    call = world.types["reference-call"]
    others = [world.types[code] for code in COMMON if code in world.types]
    rows = []
    for number in range(world.size.engagements):
        reference = willing[number % len(willing)]
        day = world.day(-1095, -20) if number >= len(willing) // 3 else world.day(-80, -20)
        missed = world.happens(0.03)
        rows.append(
            Engagement(
                reference=reference, activity_type=call if world.happens(0.7) else world.one(others), day=day,
                state="missed" if missed else "held", missed_by=world.one(("prospect", "reference")) if missed else "",
                source=world.one(("asked", "asked", "asked", "imported", "outside", "unasked")),
                hours=Decimal("0.75"), grade=None if missed or world.happens(0.3) else Decimal(world.one(("3", "4", "4", "5", "5"))),
            )
        )  # fmt: skip
    write(Engagement, rows)


def fill_stories(world: World) -> None:
    """A story for some customers, told by one of their people, with what exists of it already."""
    first_of: dict[int, Reference] = {}
    for reference in world.references:
        first_of.setdefault(reference.contact.account_id, reference)
    tellers = list(first_of.values())[: world.size.stories]
    told = [(reference, _facts(world), world.one(words.THEMES)) for reference in tellers]
    stories = write(Story, [_story(world, reference.contact.account, theme, facts) for reference, facts, theme in told])
    people, metrics, values, assets = [], [], [], []
    for story, (reference, facts, theme) in zip(stories, told, strict=True):
        people.append(StoryPerson(story=story, contact=reference.contact, quote=theme["quote"]))
        metrics.append(Metric(story=story, label=theme["name"], words=theme["impact"].format(**facts)))
        values.append(StoryValue(story=story, value=world.values["product"][facts["product"]]))
        values.append(StoryValue(story=story, value=world.values["rival"][facts["rival"]]))
        assets.append(
            Asset(
                story=story, title=story.headline[:200], url=f"https://{words.DOMAIN}/stories/{story.pk}",
                form=world.one(("case_study", "video", "slides")), reach=world.one(("internal", "sendable", "public")),
                review_by=world.day(-30, 400),
            )
        )  # fmt: skip
    write(StoryPerson, people)
    write(Metric, metrics)
    write(StoryValue, values)
    write(Asset, assets)
    find_stories([story.pk for story in stories])


def _facts(world: World) -> dict[str, str]:
    return {
        "product": world.one(words.PRODUCTS), "rival": world.one(words.RIVALS), "days": str(world.chance.randint(3, 6)),
        "many": str(world.chance.randint(9, 24)), "sites": str(world.chance.randint(4, 14)), "percent": str(world.chance.randint(15, 60)),
    }  # fmt: skip


def _story(world: World, account: Account, theme: dict[str, str], facts: dict[str, str]) -> Story:
    return Story(
        account=account, headline=theme["headline"].format(**facts), challenge=theme["challenge"].format(**facts),
        solution=theme["solution"].format(**facts), impact=theme["impact"].format(**facts),
        happened_on=world.day(-900, -60), review_by=world.day(30, 500), owner=account.owner,
    )  # fmt: skip

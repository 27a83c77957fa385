"""What record pages show of stories: the story's own page, and the stories of a customer and of a reference."""

from dataclasses import dataclass, field
from datetime import date

from firsthand.core.clock import today as today_in
from firsthand.core.panels import Panel
from firsthand.core.ui.parts import Mark
from firsthand.customers.models import Account
from firsthand.people.models import Colleague
from firsthand.program.models import Facet, FacetValue
from firsthand.program.policy import in_force
from firsthand.references.models import Disclosure, Reference
from firsthand.stories.addresses import opens
from firsthand.stories.assets import ICONS, REACH, RETIRED, cautions, is_due, state_of, whom_to_ask
from firsthand.stories.models import Asset, Story, StoryPerson, StoryQuerySet
from firsthand.stories.permissions import Move, why_not
from firsthand.stories.sight import is_known, level_of, references_of, teller

MOST_SHOWN = 5


@dataclass(frozen=True)
class ShownAsset:
    """A form of the story, with what to know before its link is sent."""

    asset: Asset
    name: str
    icon: str
    mark: Mark
    cautions: list[str]
    opens: bool


@dataclass(frozen=True)
class ShownTeller:
    """Somebody who tells it, as far as the reader may know. `may_edit` also needs the right to change the story."""

    person: StoryPerson
    name: str
    title: str
    reference: Reference | None
    may_edit: bool


@dataclass
class Group:
    """A facet with the account's values, and those of the story alone."""

    facet: Facet
    of_account: list[FacetValue] = field(default_factory=list)
    of_story: list[FacetValue] = field(default_factory=list)


@dataclass(frozen=True)
class ShownStory:
    """A line about a story on another record's page."""

    story: Story
    forms: str
    state: Mark


def record_panels(story: Story, user: Colleague) -> list[Panel]:
    """All of the story's own page. `story` comes through `whole`."""
    today = _today()
    may_edit = why_not(user, Move.EDIT, story.account) is None
    people = tellers(story, user)
    data = {"story": story, "may_edit": may_edit}
    return [
        Panel("stories/_panel_state.html", data | _state(story, today), "top"),
        Panel("stories/_panel_assets.html", data | _assets(story, today), "main"),
        Panel(
            "stories/_panel_text.html",
            data | {"quotes": [each for each in people if each.person.quote], "metrics": story.metrics.all()},
            "main",
        ),
        Panel("stories/_panel_facts.html", data | {"level": level_of(story), "whom": whom_to_ask(story)}, "rail"),
        Panel("stories/_panel_tellers.html", data | {"tellers": people}, "rail"),
        Panel("stories/_panel_values.html", data | {"groups": _groups(story)}, "rail"),
    ]


def tellers(story: Story, user: Colleague) -> list[ShownTeller]:
    """Those who tell it, in the order they were added."""
    people = sorted(story.people.all(), key=lambda person: person.pk)
    references = references_of(people)
    shown = []
    for person in people:
        reference = references.get(person.contact_id or 0)
        known = is_known(reference, user)
        title = person.contact.title if person.contact and known else ""
        shown.append(ShownTeller(person, teller(person, reference, user), title, reference if known else None, may_edit=known))
    return shown


def of_account(account: Account, user: Colleague) -> Panel | None:
    """The customer's stories in use, newest first; None where there is none and the reader may add none."""
    may_add = why_not(user, Move.ADD, account) is None
    shown = _shown(Story.objects.visible_to(user).filter(account=account, retired_at=None), _today())
    return Panel("stories/_panel_of_account.html", {"account": account, "stories": shown, "may_add": may_add}) if shown or may_add else None


def of_reference(reference: Reference, user: Colleague, *, today: date) -> Panel | None:
    """The stories in use that this person tells; None where there is none."""
    told = StoryPerson.objects.filter(contact=reference.contact_id).values("story")
    shown = _shown(Story.objects.visible_to(user).filter(pk__in=told, retired_at=None), today)
    return Panel("stories/_panel_of_reference.html", {"stories": shown}) if shown else None


def _shown(stories: StoryQuerySet, today: date) -> list[ShownStory]:
    rows = stories.prefetch_related("assets").order_by("-pk")[:MOST_SHOWN]
    return [ShownStory(story, _forms(story), state_of(story, today)) for story in rows]


def _forms(story: Story) -> str:
    names = dict.fromkeys(asset.get_form_display() for asset in story.assets.all() if asset.retired_at is None)
    return ", ".join(names)


def _state(story: Story, today: date) -> dict[str, object]:
    level = level_of(story)
    return {
        "is_due": story.retired_at is None and is_due(story.review_by, today),
        "whom": whom_to_ask(story),
        "is_inside": level in {Disclosure.INTERNAL, Disclosure.HIDDEN},
        "is_anonymous": level == Disclosure.ANONYMOUS,
    }


def _assets(story: Story, today: date) -> dict[str, object]:
    """Those in use with the farthest reach first, then the retired ones."""
    rows = sorted(story.assets.all(), key=lambda asset: (-Asset.Reach.values.index(asset.reach), asset.pk))
    in_use = [_asset(asset, story, today) for asset in rows if asset.retired_at is None]
    return {"assets": in_use, "retired": [_asset(asset, story, today) for asset in rows if asset.retired_at is not None]}


def _asset(asset: Asset, story: Story, today: date) -> ShownAsset:
    form = Asset.Form(asset.form)
    mark = RETIRED if asset.retired_at else REACH[Asset.Reach(asset.reach)]
    return ShownAsset(asset, asset.title or str(form.label), ICONS[form], mark, cautions(asset, story, today), opens(asset.url))


def _groups(story: Story) -> list[Group]:
    """Facet by facet, in the program's order."""
    groups: dict[int, Group] = {}
    for use in story.account.values.all():
        groups.setdefault(use.value.facet_id, Group(use.value.facet)).of_account.append(use.value)
    for own in story.values.all():
        groups.setdefault(own.value.facet_id, Group(own.value.facet)).of_story.append(own.value)
    return sorted(groups.values(), key=lambda group: (group.facet.position, group.facet.pk))


def _today() -> date:
    return today_in(in_force().time_zone)

"""A need as JSON: what `firsthand match --need FILE` reads. Names are the program's own, by name, alias or code."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import fuzz, process

from firsthand.core.clock import today
from firsthand.core.refused import Refused
from firsthand.core.words_key import key
from firsthand.customers.models import Account
from firsthand.deals.models import Stage
from firsthand.matching.need import Criterion, Deal, Importance, Need
from firsthand.people.models import Colleague
from firsthand.program.models import ActivityType, Facet, FacetAlias, FacetValue
from firsthand.program.policy import in_force
from firsthand.stories.models import Story

# What people call a facet besides its name; a facet of the program's own with that code goes first.
ALSO = {"region": "geography", "country": "geography", "size": "company_size", "theme": "use_case", "sector": "industry"}
AHEAD = timedelta(days=5 * 365)
CLOSE = 60  # of 100: how alike a name must be to be offered instead
Text = Annotated[str, Field(max_length=2000)]


class Given(BaseModel):
    """Base of what is read: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class GivenCriterion(Given):
    facet: Text
    value: Text
    importance: Importance = "should"


class GivenOpportunity(Given):
    """`account` is a name or external id; the amount is in the program's base currency."""

    account: Text = ""
    stage: Text = ""
    amount: Annotated[Decimal, Field(ge=0, max_digits=18)] | None = None


class GivenLike(Given):
    account: Text = ""
    story: Text = ""


class GivenNeed(Given):
    activity_type: Text
    wish: Annotated[str, Field(max_length=5000)] = ""
    criteria: Annotated[list[GivenCriterion], Field(max_length=100)] = []
    needed_by: date | None = None
    n: Annotated[int, Field(ge=1, le=20)] = 1
    persona: Text = ""
    language: Text = ""
    audience: Literal["", "prospects", "analysts", "press", "public"] = ""
    topics: Annotated[list[Text], Field(max_length=100)] = []
    like: GivenLike = GivenLike()
    opportunity: GivenOpportunity = GivenOpportunity()
    outlet: Text = ""


def need_from_json(given: Any, viewer: Colleague | None = None) -> Need:
    """The need that decoded JSON states. A missing day is today.

    Raises `Refused` (400) with one sentence for what cannot be read and for the first name the program does not know.
    """
    try:
        stated = GivenNeed.model_validate(given)
    except ValidationError as error:
        raise Refused(_complaint(error), status=400) from None
    now = today(in_force().time_zone)
    if stated.needed_by and stated.needed_by > now + AHEAD:
        raise Refused(f"needed_by is {stated.needed_by}. Give a day within the next five years.", status=400)
    return Need(
        activity_type=_activity_type(stated.activity_type),
        needed_by=stated.needed_by or now,
        today=now,
        n=stated.n,
        criteria=tuple(Criterion(value_named(c.facet, c.value).pk, c.importance) for c in stated.criteria),
        persona_id=value_named("persona", stated.persona).pk if stated.persona else None,
        language_id=value_named("language", stated.language).pk if stated.language else None,
        audience=stated.audience,
        topic_ids=tuple(value_named("topic", name).pk for name in stated.topics),
        like_account_id=_like_account(stated.like.account, viewer),
        like_story_id=_like_story(stated.like.story, viewer),
        wish=stated.wish,
        deal=_deal(stated.opportunity),
        outlet=stated.outlet,
    )


def value_named(facet_name: str, name: str) -> FacetValue:
    """The value in use of that facet with this name or alias. Raises `Refused` (400) with the closest one there is."""
    facet = _facet(facet_name)
    values = FacetValue.objects.in_use().filter(facet=facet)
    found = values.filter(key=key(name)).first() or values.filter(aliases__key=key(name)).order_by("pk").first()
    if found:
        return found
    names = dict(values.values_list("key", "name")) | dict(FacetAlias.objects.filter(facet=facet).values_list("key", "value__name"))
    raise Refused(f"{facet.name} has no value called “{name}”.{_closest(name, names)}", status=400)


def _facet(name: str) -> Facet:
    facets = {facet.code: facet for facet in Facet.objects.filter(retired_at=None)}
    by_name = {key(facet.name): facet for facet in facets.values()}
    folded = key(name)
    found = facets.get(name) or by_name.get(folded) or facets.get(ALSO.get(folded, ""))
    if found is None:
        raise Refused(f"There is no facet called “{name}”. There are: {', '.join(sorted(facets))}.", status=400)
    return found


def _activity_type(name: str) -> ActivityType:
    types = list(ActivityType.objects.filter(retired_at=None))
    found = next((each for each in types if each.code == name or key(name) in {key(each.name), key(each.plural)}), None)
    if found is None:
        raise Refused(f"There is no activity type called “{name}”. There are: {', '.join(each.code for each in types)}.", status=400)
    return found


def _closest(name: str, names: dict[str, str]) -> str:
    best = process.extractOne(key(name), names.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE)
    return f" The closest is “{names[best[0]]}”." if best else ""


def _like_account(name: str, viewer: Colleague | None) -> int | None:
    if not name:
        return None
    accounts = Account.objects.visible_to(viewer) if viewer else Account.objects.all()
    found = accounts.filter(external_id=name).first() or accounts.filter(key=key(name)).order_by("pk").first()
    if found is None:
        raise Refused(f"There is no account called “{name}” to be like.", status=400)
    return found.pk


def _like_story(headline: str, viewer: Colleague | None) -> int | None:
    if not headline:
        return None
    stories = Story.objects.visible_to(viewer) if viewer else Story.objects.all()
    found = stories.filter(headline__iexact=headline, retired_at=None).order_by("pk").first()
    if found is None:
        raise Refused(f"There is no story called “{headline}” to be like.", status=400)
    return found.pk


def _deal(given: GivenOpportunity) -> Deal:
    account = None
    if given.account:
        account = Account.objects.filter(external_id=given.account).first()
        account = account or Account.objects.filter(key=key(given.account)).order_by("pk").first()
    stage_key = key(given.stage)
    if stage_key and not Stage.objects.filter(key=stage_key).exists():
        names = ", ".join(Stage.objects.values_list("name", flat=True)) or "none yet"
        raise Refused(f"There is no deal stage called “{given.stage}”. There are: {names}.", status=400)
    return Deal(
        account_id=account.pk if account else None,
        family_id=account.family_id if account else None,
        prospect_name=given.account,
        stage_key=stage_key,
        amount_base=given.amount,
    )


def _complaint(error: ValidationError) -> str:
    """The first thing that is wrong, with its place."""
    first = error.errors(include_url=False, include_input=False)[0]
    if not first["loc"]:
        return "A need is a JSON object with at least an activity_type."
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"The need says nothing of {place}. It has to."
    if first["type"] == "extra_forbidden":
        return f"A need has no “{place}”. It may have: {', '.join(GivenNeed.model_fields)}."
    return f"{place} cannot be read: {first['msg'][0].lower()}{first['msg'][1:]}."

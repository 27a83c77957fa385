"""Give a new program its vocabulary, its activity types and the first version of its policy."""

from collections.abc import Iterable, Iterator

from django.db import transaction

from firsthand.core.words_key import key
from firsthand.history.actions import PROGRAM, Actor, record
from firsthand.people.models import Colleague
from firsthand.program.activity_seed import ACTIVITY_TYPES, ActivitySeed
from firsthand.program.models import ActivityType, Facet, FacetAlias, FacetValue, PolicyVersion
from firsthand.program.policy import ActivityRules, Policy, newest
from firsthand.program.value_seed import ValueSeed
from firsthand.program.vocabulary import FacetSeed
from firsthand.program.vocabulary import facets as default_facets

FIRST_REASON = "The careful values every program starts with."


@transaction.atomic
def set_up(
    *,
    by: Colleague | None = None,
    facets: Iterable[FacetSeed] | None = None,
    activity_types: Iterable[ActivitySeed] = ACTIVITY_TYPES,
    policy: Policy | None = None,
) -> None:
    """Write what is missing of the vocabulary, the activity types and the policy.

    A facet or an activity type whose code is there already is left as it stands, edited or not, and so is a saved policy:
    running it again changes nothing.
    """
    activity_types = list(activity_types)
    _write_facets(default_facets() if facets is None else list(facets))
    _write_activity_types(activity_types)
    if newest() is None:
        _write_first_policy(policy or Policy(), activity_types, by)


def _write_facets(seeds: list[FacetSeed]) -> None:
    there = set(Facet.objects.values_list("code", flat=True))
    for position, seed in enumerate(seeds):
        if seed.code in there:
            continue
        facet = Facet.objects.create(code=seed.code, name=seed.name, kind=seed.kind, position=position)
        _write_aliases(facet, _write_values(facet, seed.values))


def _write_values(facet: Facet, seeds: list[ValueSeed]) -> list[tuple[FacetValue, ValueSeed]]:
    """Write a facet's values level by level, so that every parent has its id before its children need it."""
    written: list[tuple[FacetValue, ValueSeed]] = []
    level: list[tuple[FacetValue | None, ValueSeed]] = [(None, seed) for seed in seeds]
    while level:
        values = [_value(facet, parent, seed, position) for position, (parent, seed) in enumerate(level)]
        FacetValue.objects.bulk_create(values)
        for value in values:
            value.path = f"{value.parent.path if value.parent else '/'}{value.pk}/"
        FacetValue.objects.bulk_update(values, ["path"], batch_size=200)
        pairs = list(zip(values, (seed for _, seed in level), strict=True))
        written += pairs
        level = [(value, child) for value, seed in pairs for child in seed.children]
    return written


def _value(facet: Facet, parent: FacetValue | None, seed: ValueSeed, position: int) -> FacetValue:
    return FacetValue(facet=facet, parent=parent, name=seed.name, key=key(seed.name), position=position, low=seed.low, high=seed.high)


def _write_aliases(facet: Facet, written: list[tuple[FacetValue, ValueSeed]]) -> None:
    """Write the aliases; where two values claim the same spelling, a name wins over an alias, then the first."""
    taken = {value.key for value, _ in written}
    FacetAlias.objects.bulk_create(_aliases(facet, written, taken))


def _aliases(facet: Facet, written: list[tuple[FacetValue, ValueSeed]], taken: set[str]) -> Iterator[FacetAlias]:
    for value, seed in written:
        for text in seed.aliases:
            folded = key(text)
            if folded and folded not in taken:
                taken.add(folded)
                yield FacetAlias(facet=facet, value=value, text=text, key=folded)


def _write_activity_types(seeds: list[ActivitySeed]) -> None:
    there = set(ActivityType.objects.values_list("code", flat=True))
    ActivityType.objects.bulk_create(
        ActivityType(
            code=seed.code,
            name=seed.name,
            plural=seed.plural,
            icon=seed.icon,
            effort_hours=seed.effort_hours,
            minutes=seed.minutes,
            places=seed.places,
            is_live=seed.is_live,
            audience=seed.audience,
            position=position,
        )
        for position, seed in enumerate(seeds)
        if seed.code not in there
    )


def _write_first_policy(policy: Policy, activity_types: list[ActivitySeed], by: Colleague | None) -> None:
    defaults = {seed.code: ActivityRules.model_validate({"owner_approval": seed.owner_approval}) for seed in activity_types}
    complete = policy.model_copy(update={"activities": defaults | policy.activities})
    version = PolicyVersion.objects.create(rules=complete.model_dump(mode="json"), reason=FIRST_REASON, author=by)
    actor: Actor = by.actor if by else PROGRAM
    record("policy_saved", version, by=actor)

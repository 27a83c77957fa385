"""Keep the values of a facet: add, rename, move, retire, and what else they are called.

Every deed locks the facet first, so that two people never give the same word to two values.
"""

from dataclasses import dataclass

from django.db.models import F, Max
from django.utils import timezone

from firsthand.core.follow import follow
from firsthand.core.locks import deed, guarded_update, locked
from firsthand.core.refused import Refused
from firsthand.core.words_key import key
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.program.models import Facet, FacetAlias, FacetValue
from firsthand.program.permissions import demand

MOST_LEVELS = 6
MOST_ALIASES = 200
CHANGED_MEANWHILE = "Somebody changed {name} meanwhile. Nothing of yours was saved; look at it again and save once more."


@dataclass(frozen=True)
class ValueFacts:
    """What a value is called, where it stands, and what a band spans (inclusive; None where open)."""

    name: str
    parent: FacetValue | None = None
    aliases: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None


@deed
def add_value(facet: Facet, facts: ValueFacts, *, by: Colleague) -> FacetValue:
    """Add a value at the end of its level. Raises `Refused` when a word of it means another value already."""
    demand(by)
    facet = locked(Facet.objects.filter(pk=facet.pk)).get()
    _refuse_odd(facet, facts)
    last = facet.values.filter(parent=facts.parent).aggregate(last=Max("position"))["last"]
    value = FacetValue.objects.create(
        facet=facet,
        parent=facts.parent,
        name=facts.name,
        key=key(facts.name),
        low=facts.low,
        high=facts.high,
        position=0 if last is None else last + 1,
    )
    FacetValue.objects.filter(pk=value.pk).update(path=f"{facts.parent.path if facts.parent else '/'}{value.pk}/")
    _write_aliases(value, facts.aliases)
    _order_bands(facet)
    record("facet_value_added", value, by=by.actor, context=facet)
    return value


@deed
def change_value(value: FacetValue, facts: ValueFacts, *, by: Colleague, revision: int) -> None:
    """Rename a value, move it with all below it, change what it spans and what else it is called; refused as `add_value`."""
    demand(by)
    facet = locked(Facet.objects.filter(pk=value.facet_id)).get()
    value = FacetValue.objects.select_related("parent").get(pk=value.pk)
    _refuse_odd(facet, facts, value)
    changes = {"name": facts.name, "key": key(facts.name), "parent": facts.parent, "low": facts.low, "high": facts.high}
    if not guarded_update(value, before={"revision": revision}, after=changes):
        raise Refused(CHANGED_MEANWHILE.format(name=value.name))
    if facts.parent != value.parent:
        move_below(value, facts.parent)
    _write_aliases(value, facts.aliases)
    _order_bands(facet)
    if facts.name != value.name:
        follow("facet_value", [value.pk])
    record("facet_value_changed", value, by=by.actor, context=facet, before=value.name, after=facts.name)


@deed
def retire_value(value: FacetValue, *, by: Colleague) -> None:
    """Offer a value, and all below it, no more. What has it keeps it."""
    demand(by)
    value = FacetValue.objects.get(pk=value.pk)
    below = FacetValue.objects.filter(path__startswith=value.path, retired_at=None)
    if below.update(retired_at=timezone.now(), revision=F("revision") + 1):
        record("facet_value_retired", value, by=by.actor, context=value.facet)


@deed
def bring_back_value(value: FacetValue, *, by: Colleague) -> None:
    """Offer a retired value again, with those above it."""
    demand(by)
    value = FacetValue.objects.get(pk=value.pk)
    line = FacetValue.objects.filter(pk__in=value.line, retired_at__isnull=False)
    if line.update(retired_at=None, revision=F("revision") + 1):
        record("facet_value_brought_back", value, by=by.actor, context=value.facet)


def why_not_called(facet: Facet, text: str, *, besides: FacetValue | None = None) -> str | None:
    """Why a value of the facet may not be called that, by name or alias."""
    folded = key(text)
    if not folded:
        return f"“{text}” needs a letter or a digit."
    other = besides.pk if besides else 0
    twin = facet.values.filter(key=folded).exclude(pk=other).first()
    if twin:
        return (
            f"There is a value called {twin.name} already{', retired' if twin.retired_at else ''}. Merge the two, or choose another word."
        )
    alias = facet.aliases.filter(key=folded).exclude(value_id=other).select_related("value").first()
    return f"“{text}” means {alias.value.name} already. Take it away there first." if alias else None


def _refuse_odd(facet: Facet, facts: ValueFacts, value: FacetValue | None = None) -> None:
    sentence = next(filter(None, (why_not_called(facet, text, besides=value) for text in (facts.name, *facts.aliases))), None)
    sentence = sentence or _why_not_place(facet, facts, value) or _why_not_span(facet, facts, value)
    if len(facts.aliases) > MOST_ALIASES:
        sentence = f"A value has at most {MOST_ALIASES} other names."
    if sentence:
        raise Refused(sentence)


def _why_not_place(facet: Facet, facts: ValueFacts, value: FacetValue | None) -> str | None:
    parent = facts.parent
    if parent is None:
        return None
    if facet.kind != Facet.Kind.TREE or parent.facet_id != facet.pk:
        return f"{facet.name} has no levels, so nothing stands below {parent.name}."
    if value and value.pk in parent.line:
        return f"{value.name} cannot stand below itself."
    below = FacetValue.objects.filter(path__startswith=value.path).values_list("path", flat=True) if value else []
    height = max((path.count("/") for path in below), default=0) - value.path.count("/") + 1 if value else 1
    return f"A tree has at most {MOST_LEVELS} levels." if len(parent.line) + height > MOST_LEVELS else None


def _why_not_span(facet: Facet, facts: ValueFacts, value: FacetValue | None) -> str | None:
    low, high = facts.low, facts.high
    if low is None and high is None:
        return None
    if facet.kind != Facet.Kind.BAND:
        return f"{facet.name} is not made of bands, so its values span nothing."
    if low is not None and high is not None and high < low:
        return "A band ends where it starts or above."
    for other in facet.values.filter(retired_at=None).exclude(pk=value.pk if value else 0):
        spans = other.low is not None or other.high is not None
        if spans and (low or 0) <= (other.high if other.high is not None else float("inf")) and (other.low or 0) <= (high or float("inf")):
            return f"This band overlaps {other.name}."
    return None


def move_below(value: FacetValue, parent: FacetValue | None) -> None:
    """Give a value and all below it the paths of their new place."""
    old, new = value.path, f"{parent.path if parent else '/'}{value.pk}/"
    moved = list(FacetValue.objects.filter(path__startswith=old))
    for row in moved:
        row.path = new + row.path.removeprefix(old)
    FacetValue.objects.bulk_update(moved, ["path"], batch_size=200)


def _write_aliases(value: FacetValue, texts: tuple[str, ...]) -> None:
    """Make these the value's other names; its own name is none of them."""
    wanted = {key(text): text for text in texts}
    wanted.pop(FacetValue.objects.values_list("key", flat=True).get(pk=value.pk), None)
    there = {alias.key: alias for alias in value.aliases.all()}
    value.aliases.exclude(key__in=wanted).delete()
    FacetAlias.objects.bulk_create(
        FacetAlias(facet_id=value.facet_id, value=value, text=text, key=folded) for folded, text in wanted.items() if folded not in there
    )


def _order_bands(facet: Facet) -> None:
    """Bands stand in the order of what they span."""
    if facet.kind != Facet.Kind.BAND:
        return
    rows = sorted(facet.values.all(), key=lambda row: (row.low is None and row.high is None, row.low or 0, row.position))
    for position, row in enumerate(rows):
        row.position = position
    FacetValue.objects.bulk_update(rows, ["position"])

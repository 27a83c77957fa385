"""From what somebody typed to a facet value: by name, by alias, and the closest one where neither fits."""

from rapidfuzz import fuzz, process

from firsthand.core.words_key import key
from firsthand.program.models import FacetAlias, FacetValue

CLOSE_ENOUGH = 70


def values_named(text: str, facet: str = "") -> list[FacetValue]:
    """Values in use that go by this name or alias, of the facet with that code or of any; a name counts before an alias."""
    folded = key(text)[:120]
    values = FacetValue.objects.in_use().filter(facet__retired_at=None).select_related("facet")
    if facet:
        values = values.filter(facet__code=facet)
    named = list(values.filter(key=folded)) if folded else []
    return named or list(values.filter(aliases__key=folded).distinct()) if folded else []


def closest(text: str, facet: str = "") -> FacetValue | None:
    """The value in use whose name or alias is most like the text, if any is like it at all."""
    values = FacetValue.objects.in_use().filter(facet__retired_at=None)
    if facet:
        values = values.filter(facet__code=facet)
    names = dict(FacetAlias.objects.filter(value__in=values).values_list("key", "value"))
    names |= dict(values.values_list("key", "pk"))
    found = process.extractOne(key(text)[:120], list(names), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return values.select_related("facet").get(pk=names[found[0]]) if found else None

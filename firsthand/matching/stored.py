"""The program's vocabulary as it stands in the database, in the form in which wishes are read and facets compared."""

from collections import defaultdict
from functools import cache

from firsthand.matching.vocabulary import Value, Vocabulary, from_rows
from firsthand.program.geography import AREAS, places
from firsthand.program.models import FacetAlias, FacetValue


def stored_vocabulary() -> Vocabulary:
    """Every value in use with its names. Two statements; the lists of places are plain data of the program."""
    names: dict[int, list[str]] = defaultdict(list)
    for value, alias in FacetAlias.objects.order_by("pk").values_list("value_id", "key"):
        names[value].append(alias)
    columns = ("pk", "facet__code", "parent_id", "name", "key", "low", "high")
    rows = FacetValue.objects.in_use().order_by("pk").values_list(*columns)
    values = [Value(pk, facet, parent, name, (key, *names[pk]), low, high) for pk, facet, parent, name, key, low, high in rows]
    return from_rows(values, places=_places(), areas=AREAS)


@cache
def _places() -> dict[str, str]:
    return places()

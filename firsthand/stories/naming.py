"""From what somebody typed to the one facet value they mean."""

from firsthand.core.refused import Refused
from firsthand.core.words import listed
from firsthand.program.models import Facet, FacetValue
from firsthand.program.naming import closest, values_named


def read_value(text: str, facet: Facet | None = None) -> FacetValue:
    """The value that goes by this name or alias. Raises `Refused` (400) where none or several do, with the way out."""
    code = facet.code if facet else ""
    found = values_named(text, code)
    if len(found) == 1:
        return found[0]
    if found:
        facets = listed([value.facet.name for value in found], "or")
        raise Refused(f"“{text}” can mean several values. Say which facet it belongs to: {facets}.", status=400)
    near = closest(text, code)
    hint = f"The closest is {near.name} ({near.facet.name})." if near else "A program manager can add it under Facets."
    raise Refused(f"“{text}” is not in the vocabulary. {hint}", status=400)

"""A small program, for tests: three facets in place of the whole vocabulary, every activity type, the default policy."""

from firsthand.core.words_key import key
from firsthand.program.actions import set_up
from firsthand.program.models import ActivityType, Facet, FacetValue, PolicyVersion
from firsthand.program.policy import Policy
from firsthand.program.value_seed import ValueSeed
from firsthand.program.vocabulary import FacetSeed

SMALL_VOCABULARY = (
    FacetSeed(
        "industry",
        "Industry",
        "tree",
        [
            ValueSeed("Financial services", ["finance"], [ValueSeed("Banking", ["banks"]), ValueSeed("Insurance")]),
            ValueSeed("Retail", ["e-commerce"]),
        ],
    ),
    FacetSeed(
        "geography",
        "Geography",
        "tree",
        [ValueSeed("Europe", ["EU"], [ValueSeed("United Kingdom", ["UK", "Great Britain"]), ValueSeed("Norway")])],
    ),
    FacetSeed(
        "company_size",
        "Company size",
        "band",
        [ValueSeed("1-50 employees", low=1, high=50), ValueSeed("51-250 employees", low=51, high=250), ValueSeed("More than 250", low=251)],
    ),
)


def make_program(policy: Policy | None = None) -> None:
    """A program that is set up, small."""
    set_up(facets=SMALL_VOCABULARY, policy=policy)


def make_facet(code: str = "product", *, name: str = "", kind: str = Facet.Kind.FLAT) -> Facet:
    """The facet with that code, new unless it is there."""
    return Facet.objects.get_or_create(code=code, defaults={"name": name or code.replace("_", " ").capitalize(), "kind": kind})[0]


def make_value(name: str = "Ledger", *, facet: Facet | None = None, parent: FacetValue | None = None) -> FacetValue:
    """A value of the facet, by default of `product`."""
    value = FacetValue.objects.create(facet=facet or (parent.facet if parent else make_facet()), parent=parent, name=name, key=key(name))
    value.path = f"{parent.path if parent else '/'}{value.pk}/"
    value.save(update_fields=["path"])
    return value


def value_named(name: str) -> FacetValue:
    """The one value of any facet with that name."""
    return FacetValue.objects.get(key=key(name))


def make_activity_type(code: str = "reference-call", *, is_live: bool = True) -> ActivityType:
    """The activity type with that code, new unless it is there."""
    name = code.replace("-", " ").capitalize()
    defaults = {"name": name, "plural": f"{name}s", "effort_hours": 1, "is_live": is_live}
    return ActivityType.objects.get_or_create(code=code, defaults=defaults)[0]


def make_policy(**rules: object) -> PolicyVersion:
    """A newer version of the policy, the defaults but for `rules`."""
    return PolicyVersion.objects.create(rules=Policy.model_validate(rules).model_dump(mode="json"), reason="For a test.")

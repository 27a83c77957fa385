from itertools import chain

import pytest

from firsthand.core.words_key import key
from firsthand.program import actions
from firsthand.program.activity_seed import ACTIVITY_TYPES
from firsthand.program.builders import SMALL_VOCABULARY, make_program, value_named
from firsthand.program.models import ActivityType, Facet, FacetAlias, FacetValue, PolicyVersion
from firsthand.program.policy import Limit, Limits, Policy, in_force
from firsthand.program.value_seed import ValueSeed
from firsthand.program.vocabulary import FacetSeed

pytestmark = pytest.mark.django_db


def counts() -> list[int]:
    return [model.objects.count() for model in (Facet, FacetValue, FacetAlias, ActivityType, PolicyVersion)]


def test_a_program_starts_with_a_vocabulary_activity_types_and_a_policy() -> None:
    make_program()

    assert counts() == [3, 10, 6, 16, 1]
    assert [facet.code for facet in Facet.objects.all()] == ["industry", "geography", "company_size"]
    assert in_force().for_activity("community-answer").owner_approval == "never"


def test_setting_up_again_changes_nothing() -> None:
    make_program()
    Facet.objects.filter(code="industry").update(name="Sector")
    before = counts()

    make_program(policy=Policy(limits=Limits(reference=Limit(count=1, period="year"))))

    assert counts() == before
    assert Facet.objects.get(code="industry").name == "Sector"
    assert in_force().limits.reference.count == 4


def test_a_path_runs_from_the_top_to_the_value() -> None:
    make_program()
    banking = value_named("Banking")

    assert banking.parent is not None
    assert banking.path == f"/{banking.parent.pk}/{banking.pk}/"


def test_a_name_wins_over_an_alias_and_the_first_alias_over_the_second() -> None:
    actions.set_up(facets=[FacetSeed("rival", "Rival", "flat", [ValueSeed("One", ["two", "uno"]), ValueSeed("Two", ["UNO", "dos"])])])

    assert list(FacetAlias.objects.order_by("id").values_list("value__name", "text")) == [("One", "uno"), ("Two", "dos")]


def test_the_default_vocabulary_is_written_whole() -> None:
    actions.set_up()

    assert value_named("Norway").path.count("/") >= 3
    assert FacetAlias.objects.get(key="uk", facet__code="geography").value.name == "United Kingdom"
    assert not FacetValue.objects.filter(path="").exists()


def test_codes_and_names_of_activity_types_are_unique() -> None:
    for texts in ([seed.code for seed in ACTIVITY_TYPES], [key(seed.name) for seed in ACTIVITY_TYPES]):
        assert len(texts) == len(set(texts))


def test_the_small_vocabulary_has_no_name_twice() -> None:
    names = [seed.name for seed, _ in chain.from_iterable(facet.walk() for facet in SMALL_VOCABULARY)]
    assert len(names) == len(set(names))

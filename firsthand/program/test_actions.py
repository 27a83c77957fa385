from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from firsthand.core.refused import Refused
from firsthand.history.models import Event
from firsthand.people.builders import eli, mia, sam
from firsthand.people.models import Colleague
from firsthand.program import actions
from firsthand.program.actions import ActivityFacts, ValueFacts
from firsthand.program.builders import make_activity_type, make_facet, make_policy, make_program, make_value, value_named
from firsthand.program.models import Facet, FacetValue, PolicyVersion
from firsthand.program.policy import Ageing, Deadlines, Policy, Weights, in_force

pytestmark = pytest.mark.django_db


def facts_of(value: FacetValue) -> ValueFacts:
    return ValueFacts(value.name, value.parent, tuple(alias.text for alias in value.aliases.all()), value.low, value.high)


def verbs() -> list[str]:
    return list(Event.objects.exclude(verb="policy_saved").order_by("id").values_list("verb", flat=True))


def test_a_facet_is_added_renamed_retired_and_brought_back() -> None:
    manager = mia()
    facet = actions.add_facet("Business unit", kind="tree", by=manager)
    assert (facet.code, facet.kind) == ("business_unit", "tree")

    actions.rename_facet(facet, "Division", by=manager)
    actions.retire_facet(facet, by=manager)
    actions.retire_facet(facet, by=manager)
    actions.bring_back_facet(facet, by=manager)

    facet.refresh_from_db()
    assert (facet.name, facet.code, facet.retired_at) == ("Division", "business_unit", None)
    assert verbs() == ["facet_added", "facet_renamed", "facet_retired", "facet_brought_back"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("INDUSTRY", "There is a facet called Industry already."),
        ("…", "A facet's name needs a letter or a digit."),
        ("company_size", "There is a facet called Company size already."),
    ],
)
def test_a_facet_that_cannot_be_added_says_why(name: str, sentence: str) -> None:
    make_program()
    with pytest.raises(Refused) as refusal:
        actions.add_facet(name, kind="flat", by=mia())
    assert refusal.value.sentence == sentence


def test_a_value_is_added_with_its_other_names() -> None:
    make_program()
    finance = value_named("Financial services")

    value = actions.add_value(finance.facet, ValueFacts("Payments", finance, ("PSP", "payment provider")), by=mia())

    value.refresh_from_db()
    assert (value.path, value.key) == (f"/{finance.pk}/{value.pk}/", "payments")
    assert sorted(alias.key for alias in value.aliases.all()) == ["payment provider", "psp"]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (ValueFacts("banking!"), "There is a value called Banking already. Merge the two, or choose another word."),
        (ValueFacts("Banks"), "“Banks” means Banking already. Take it away there first."),
        (ValueFacts("Money", aliases=("retail",)), "There is a value called Retail already. Merge the two, or choose another word."),
        (ValueFacts("—"), "“—” needs a letter or a digit."),
        (ValueFacts("Small", low=1, high=5), "Industry is not made of bands, so its values span nothing."),
    ],
)
def test_a_word_means_one_value(facts: ValueFacts, sentence: str) -> None:
    make_program()
    before = FacetValue.objects.count()
    with pytest.raises(Refused) as refusal:
        actions.add_value(Facet.objects.get(code="industry"), facts, by=mia())
    assert (refusal.value.sentence, FacetValue.objects.count()) == (sentence, before)


def test_a_retired_value_still_holds_its_word() -> None:
    make_program()
    retail = value_named("Retail")
    actions.retire_value(retail, by=mia())
    with pytest.raises(Refused, match="Retail already, retired"):
        actions.add_value(retail.facet, ValueFacts("Retail"), by=mia_again())


def test_a_value_moves_with_all_below_it() -> None:
    make_program()
    finance, retail, banking = value_named("Financial services"), value_named("Retail"), value_named("Banking")

    actions.change_value(finance, replace(facts_of(finance), parent=retail), by=mia(), revision=1)

    banking.refresh_from_db()
    assert banking.path == f"/{retail.pk}/{finance.pk}/{banking.pk}/"


def test_a_value_does_not_stand_below_itself() -> None:
    make_program()
    finance = value_named("Financial services")
    with pytest.raises(Refused, match="cannot stand below itself"):
        actions.change_value(finance, replace(facts_of(finance), parent=value_named("Banking")), by=mia(), revision=1)


def test_a_tree_has_at_most_six_levels() -> None:
    facet = make_facet("unit", kind=Facet.Kind.TREE)
    line = [make_value("One", facet=facet)]
    for name in ("Two", "Three", "Four", "Five", "Six"):
        line.append(make_value(name, parent=line[-1]))
    with pytest.raises(Refused, match="at most 6 levels"):
        actions.add_value(facet, ValueFacts("Seven", line[-1]), by=mia())
    with pytest.raises(Refused, match="at most 6 levels"):
        actions.change_value(line[0], ValueFacts("One", make_value("Zero", facet=facet)), by=mia_again(), revision=1)


def test_a_list_has_no_levels() -> None:
    value = make_value("Ledger")
    with pytest.raises(Refused, match="has no levels"):
        actions.add_value(value.facet, ValueFacts("Sub", value), by=mia())


def test_aliases_are_replaced_and_a_new_name_is_no_alias_of_itself() -> None:
    make_program()
    uk = value_named("United Kingdom")

    actions.change_value(uk, replace(facts_of(uk), name="UK", aliases=("UK", "United Kingdom", "GB")), by=mia(), revision=1)

    uk.refresh_from_db()
    assert uk.key == "uk"
    assert sorted(alias.text for alias in uk.aliases.all()) == ["GB", "United Kingdom"]


def test_a_change_over_an_older_revision_is_refused() -> None:
    make_program()
    retail = value_named("Retail")
    actions.change_value(retail, replace(facts_of(retail), name="Shops"), by=mia(), revision=1)
    with pytest.raises(Refused, match="Somebody changed Shops meanwhile"):
        actions.change_value(retail, replace(facts_of(retail), name="Stores"), by=mia_again(), revision=1)


def test_bands_stand_in_order_and_do_not_overlap() -> None:
    make_program()
    size = Facet.objects.get(code="company_size")
    manager = mia()
    top = value_named("More than 250")
    with pytest.raises(Refused, match="overlaps More than 250"):
        actions.add_value(size, ValueFacts("Huge", low=10_000), by=manager)
    with pytest.raises(Refused, match="ends where it starts"):
        actions.add_value(size, ValueFacts("Odd", low=9, high=3), by=manager)

    actions.change_value(top, ValueFacts("251-999", low=251, high=999), by=manager, revision=1)
    actions.add_value(size, ValueFacts("Huge", low=1000), by=manager)

    assert [value.name for value in size.values.order_by("position")] == ["1-50 employees", "51-250 employees", "251-999", "Huge"]


def test_retiring_takes_what_is_below_and_coming_back_what_is_above() -> None:
    make_program()
    manager, finance, banking = mia(), value_named("Financial services"), value_named("Banking")
    actions.retire_value(finance, by=manager)
    assert sorted(FacetValue.objects.filter(retired_at__isnull=False).values_list("name", flat=True)) == [
        "Banking",
        "Financial services",
        "Insurance",
    ]
    actions.bring_back_value(banking, by=manager)
    assert list(FacetValue.objects.filter(retired_at__isnull=False).values_list("name", flat=True)) == ["Insurance"]


def test_an_activity_type_is_changed_and_retired() -> None:
    manager, call = mia(), make_activity_type()
    facts = ActivityFacts("Reference call", "Reference calls", Decimal("0.5"), 20, 1, is_live=True, audience="press")

    actions.change_activity_type(call, facts, by=manager, revision=1)
    actions.change_activity_type(call, facts, by=manager, revision=1)
    actions.retire_activity_type(call, by=manager)
    actions.bring_back_activity_type(call, by=manager)

    call.refresh_from_db()
    assert (call.effort_hours, call.minutes, call.audience, call.retired_at) == (Decimal("0.50"), 20, "press", None)
    assert verbs() == ["activity_type_changed", "activity_type_retired", "activity_type_brought_back"]
    assert Event.objects.first() is not None


def test_two_activity_types_do_not_share_a_name() -> None:
    call, visit = make_activity_type(), make_activity_type("site-visit")
    facts = ActivityFacts("Site Visit", "x", Decimal(1), 1, 1, is_live=True, audience="public")
    with pytest.raises(Refused, match=f"There is an activity type called {visit.name} already"):
        actions.change_activity_type(call, facts, by=mia(), revision=1)


def test_a_policy_is_saved_with_author_reason_and_difference() -> None:
    first, manager = make_policy(), mia()
    rules = in_force().model_copy(update={"ageing": Ageing(wait=3, late=5)})

    version = actions.save_policy(rules, reason=" Two days were too few. ", by=manager, over=first.pk)

    assert (version.author, version.reason) == (manager, "Two days were too few.")
    assert version.difference == {"ageing.wait": [2, 3]}
    assert in_force().ageing.wait == 3


def test_a_policy_is_not_saved_over_one_nobody_saw() -> None:
    first, manager = make_policy(), mia()
    actions.save_policy(Policy(company="A"), reason="One", by=manager, over=first.pk)
    with pytest.raises(Refused, match="Mia Manager saved another version meanwhile"):
        actions.save_policy(Policy(company="B"), reason="Two", by=manager, over=first.pk)
    assert in_force().company == "A"


@pytest.mark.parametrize(("company", "reason", "sentence"), [("A", " ", "Say why"), ("Our company", "Why not", "Nothing differs")])
def test_a_version_without_reason_or_difference_is_not_saved(company: str, reason: str, sentence: str) -> None:
    first = make_policy()
    with pytest.raises(Refused, match=sentence):
        actions.save_policy(Policy(company=company), reason=reason, by=mia(), over=first.pk)
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (Policy(ageing=Ageing(wait=5, late=3)), "Red comes after amber: write as many days or more."),
        (
            Policy(deadlines=Deadlines(owner_days=2, lead_days=1, reservation_days=3)),
            "Owner and lead together take fewer days than a proposal holds a slot: a manager needs one.",
        ),
        (Policy(time_zone="Mars/Base"), "Mars/Base is not a time zone. Write a name such as Europe/Oslo."),
        (Policy(base_currency="XQQ"), "XQQ is not a currency. Write three letters, such as EUR or USD."),
        (
            Policy(weights=Weights(**dict.fromkeys(Weights.model_fields, 0))),
            "At least one part of the score needs points.",
        ),
        (
            Policy().model_copy(update={"reservations_beyond_wanted": 6}),
            "reservations_beyond_wanted: Input should be less than or equal to 5",
        ),
    ],
)
def test_rules_that_do_not_go_together_are_refused_by_whatever_door(rules: Policy, sentence: str) -> None:
    first = make_policy()
    with pytest.raises(Refused) as refusal:
        actions.save_policy(rules, reason="For a test", by=mia(), over=first.pk)
    assert (refusal.value.sentence, refusal.value.status) == (sentence, 400)
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize("who", [sam, eli])
def test_members_and_executives_change_no_settings(who: Callable[[], Colleague]) -> None:
    make_program()
    user = who()
    deeds = (
        lambda: actions.add_facet("New", kind="flat", by=user),
        lambda: actions.add_value(Facet.objects.get(code="industry"), ValueFacts("New"), by=user),
        lambda: actions.retire_value(value_named("Retail"), by=user),
        lambda: actions.save_policy(Policy(company="B"), reason="Mine", by=user, over=0),
    )
    for deed in deeds:
        with pytest.raises(Refused, match="keep the program's settings") as refusal:
            deed()
        assert refusal.value.status == 403


def mia_again() -> Colleague:
    return Colleague.objects.get(name="Mia Manager")

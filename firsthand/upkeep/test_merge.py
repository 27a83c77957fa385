import pytest
from django.apps import apps
from django.test import Client

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import AccountValue
from firsthand.history.models import Event
from firsthand.people.builders import eve, mia
from firsthand.program.builders import make_program, make_value, value_named
from firsthand.program.models import FacetAlias, FacetValue
from firsthand.upkeep.merge import USES, Count, merge_values, preview

pytestmark = pytest.mark.django_db


def test_every_column_that_points_at_a_value_is_in_the_list() -> None:
    listed = {(use.model, use.field) for use in USES}
    found = {
        (model, field.name)
        for model in apps.get_models()
        if model._meta.app_label != "program"
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is FacetValue
    }
    assert found == listed


def test_whatever_has_the_value_gets_the_other_once() -> None:
    make_program()
    shops, retail = make_value("Shops", facet=value_named("Retail").facet), value_named("Retail")
    one, both = make_account("One"), make_account("Both")
    contact = make_contact(account=one)
    contact.persona = shops
    contact.save()
    for account, value in ((one, shops), (both, shops), (both, retail)):
        AccountValue.objects.create(account=account, value=value)
    FacetAlias.objects.create(facet=shops.facet, value=shops, text="Stores", key="stores")
    assert preview(shops) == [Count("accounts", 2), Count("personas of contacts", 1), Count("other names", 1)]

    merge_values(shops, retail, by=mia())

    assert sorted(AccountValue.objects.values_list("account__name", "value__name")) == [("Both", "Retail"), ("One", "Retail")]
    contact.refresh_from_db()
    assert contact.persona == retail
    assert sorted(retail.aliases.values_list("text", flat=True)) == ["Shops", "Stores", "e-commerce"]
    assert not FacetValue.objects.filter(name="Shops").exists()
    assert Event.objects.get(verb="facet_value_merged").facts["moved"] == {"accounts": 2, "personas of contacts": 1, "other names": 1}


def test_what_stands_below_moves_along() -> None:
    make_program()
    finance, retail, banking = value_named("Financial services"), value_named("Retail"), value_named("Banking")

    merge_values(finance, retail, by=mia())

    banking.refresh_from_db()
    assert (banking.parent, banking.path) == (retail, f"/{retail.pk}/{banking.pk}/")


@pytest.mark.parametrize(
    ("name", "into", "sentence"),
    [
        ("Retail", "Retail", "A value cannot be merged into itself."),
        ("Retail", "Norway", "Norway belongs to another facet."),
        (
            "Financial services",
            "Banking",
            "Banking stands below Financial services. Move it away first, or merge it the other way round.",
        ),
    ],
)
def test_values_that_cannot_be_merged_say_why(name: str, into: str, sentence: str) -> None:
    make_program()
    with pytest.raises(Refused) as refusal:
        merge_values(value_named(name), value_named(into), by=mia())
    assert refusal.value.sentence == sentence


def test_values_are_merged_in_the_browser_after_a_preview(client: Client) -> None:
    make_program()
    insurance, retail = value_named("Insurance"), value_named("Retail")
    AccountValue.objects.create(account=make_account(), value=insurance)
    client.force_login(mia())
    path = f"/facets/values/{insurance.pk}/merge/"
    assert b"Show what changes" in client.get(path).content

    shown = client.get(f"{path}?into={retail.pk}").content
    assert b"Insurance becomes Retail" in shown
    assert b"Accounts" in shown
    assert FacetValue.objects.filter(pk=insurance.pk).exists()

    assert client.post(path, {"into": retail.pk})["Location"] == f"/facets/{retail.facet_id}/"
    assert AccountValue.objects.get().value == retail


@pytest.mark.parametrize("into", ["", "x", "0", "999999999999999999999"])
def test_an_odd_choice_is_told(client: Client, into: str) -> None:
    make_program()
    client.force_login(mia())
    assert client.post(f"/facets/values/{value_named('Retail').pk}/merge/", {"into": into}).status_code == 400


def test_members_merge_nothing(client: Client) -> None:
    make_program()
    client.force_login(eve())
    path = f"/facets/values/{value_named('Retail').pk}/merge/"
    assert (client.get(path).status_code, client.post(path, {"into": value_named("Banking").pk}).status_code) == (403, 403)

"""Who reads which name."""

import pytest

from firsthand.customers.builders import make_account
from firsthand.customers.models import Account, AccountValue
from firsthand.people.builders import ana, eli, mia, sam
from firsthand.program.models import Facet, FacetValue
from firsthand.references.builders import make_reference
from firsthand.references.disclosure import Outsider, shown_company, shown_name
from firsthand.references.models import Disclosure, Reference

pytestmark = pytest.mark.django_db


def disclosed(level: str, *, person: str = "") -> Reference:
    reference = make_reference(account=make_account(owner=ana()))
    reference.reference_account.disclosure, reference.disclosure = level, person
    others = [make_account(f"Bank {n}") for n in range(4)]  # five share the description, so that it names nobody
    Account.objects.update(employees=4812, is_customer=True)
    for facet, name in (("geography", "Norway"), ("industry", "Banking")):
        of = Facet.objects.create(code=facet, name=facet)
        value = FacetValue.objects.create(facet=of, name=name, key=name)
        AccountValue.objects.bulk_create([AccountValue(account=each, value=value) for each in (reference.account, *others)])
    reference.account.refresh_from_db()
    return reference


NAME, DESCRIBED, NOTHING = "Rae Reference", "a bank in Norway, about 5,000 employees", "a customer"


@pytest.mark.parametrize(
    ("level", "to_prospect", "to_public"),
    [
        (Disclosure.PUBLIC, NAME, NAME),
        (Disclosure.NAMED, NAME, DESCRIBED),
        (Disclosure.ANONYMOUS, DESCRIBED, DESCRIBED),
        (Disclosure.INTERNAL, NOTHING, NOTHING),
        (Disclosure.HIDDEN, NOTHING, NOTHING),
    ],
)
def test_outsiders_read_what_the_level_allows(level: str, to_prospect: str, to_public: str) -> None:
    reference = disclosed(level)
    assert shown_name(reference, Outsider.PROSPECT) == to_prospect
    assert shown_name(reference, Outsider.PUBLIC) == to_public


def test_the_house_knows_all_but_hidden_ones() -> None:
    reference, seller = disclosed(Disclosure.INTERNAL), sam()
    assert (shown_name(reference, seller), shown_company(reference, seller)) == (NAME, "Ostvik Bank")
    reference.reference_account.disclosure = Disclosure.HIDDEN
    assert shown_name(reference, seller) == "a customer that is not disclosed"
    assert [shown_name(reference, close) for close in (reference.account.owner, mia(), eli(), None)] == [NAME] * 4


def test_a_person_may_be_narrower_than_the_company_but_not_wider() -> None:
    assert shown_name(disclosed(Disclosure.PUBLIC, person=Disclosure.ANONYMOUS), Outsider.PUBLIC) == DESCRIBED


def test_a_company_that_is_not_public_stays_so_for_all_its_people() -> None:
    assert shown_name(disclosed(Disclosure.ANONYMOUS, person=Disclosure.PUBLIC), Outsider.PUBLIC) == DESCRIBED

import pytest
from django.test import Client

from firsthand.customers.builders import make_account, make_contact
from firsthand.people.builders import ana, eve
from firsthand.references.builders import make_reference
from firsthand.requests.builders import make_ask
from firsthand.requests.models import Ask

pytestmark = pytest.mark.django_db
ADDRESS = "rae@customer.example"


@pytest.mark.parametrize(
    ("status", "is_shown"), [("proposed", False), ("sent", False), ("accepted", True), ("held", True), ("declined", False)]
)
def test_the_requester_learns_the_address_when_the_reference_accepts(client: Client, status: str, is_shown: bool) -> None:  # noqa: FBT001
    ask = make_ask()
    Ask.objects.update(status=status)
    path = f"/accounts/{ask.reference.account.pk}/"
    client.force_login(ask.reference_request.requester)
    assert (ADDRESS in client.get(path).content.decode()) is is_shown
    client.force_login(eve())
    assert ADDRESS not in client.get(path).content.decode()


def test_a_contact_leads_to_its_reference_or_to_enrolling_it(client: Client) -> None:
    owner = ana()
    account = make_account("Ostvik Bank", owner=owner)
    reference = make_reference("Rae Reference", account=account)
    other = make_contact("Noa Newcomer", account=account)
    links = (
        f'href="/references/{reference.pk}/"',
        f'href="/contacts/{reference.contact_id}/enrollment/"',
        f'href="/contacts/{other.pk}/enrollment/"',
    )
    seen = {}
    for colleague in (owner, eve()):
        client.force_login(colleague)
        page = client.get(f"/accounts/{account.pk}/").content.decode()
        seen[colleague.name] = [link in page for link in links]
    assert seen == {"Ana Owner": [True, False, True], "Eve Outsider": [True, False, False]}

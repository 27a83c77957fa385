import pytest
from django.test import Client

from firsthand.people.builders import eve
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

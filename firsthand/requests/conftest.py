"""What tests of the forms for a new request begin with."""

import pytest
from django.test import Client

from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.requests.builders import make_cast, make_policy


@pytest.fixture
def seller(clock: object, client: Client) -> Colleague:
    """Sam, signed in."""
    make_policy()
    make_activity_type()
    sam, _, _ = make_cast()
    client.force_login(sam)
    return sam

"""What the races share: servers, since they keep nothing from one race for the next."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from firsthand.proofs.server import Servers, running


@pytest.fixture(scope="session")
def servers(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Give a function to the port of a server on the test's database, started for the first race that asks for it."""
    ports: dict[str, int] = {}
    with ExitStack() as stack:

        def serving(without: str) -> int:
            if without not in ports:
                ports[without] = stack.enter_context(running(tmp_path_factory.mktemp("server"), without=without))
            return ports[without]

        yield serving

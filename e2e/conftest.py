"""An installation that runs and a browser at its door."""

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from e2e.browser import DESKTOP, Watch
from e2e.server import Server, prepare
from firsthand.testing.browser import chromium, needs_chromium

HERE = Path(__file__).resolve().parent
PASSWORD = "firsthand-demo"
SECONDS_TO_WAIT = 10


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(needs_chromium)
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.prove)  # the pages are looked at in every way


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give a data folder of a kind to copy, made once for all processes of a test run."""
    root = tmp_path_factory.getbasetemp()
    shared = root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root

    def make(kind: str) -> Path:
        folder = shared / f"prepared-{kind}"
        with (shared / f"{kind}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                prepare(folder, kind)
        return folder

    return make


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium. While it runs Django believes itself in an event loop, hence the variable."""
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--font-render-hinting=none"]
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium(), args=flags) as opened:
        yield opened
    patch.undo()


@pytest.fixture(scope="package")
def demo(prepared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """The demo program, served. Journeys share it: each makes records of its own."""
    yield from served(prepared("demo"), tmp_path_factory.mktemp("demo"), django_db_blocker)


@pytest.fixture
def empty(prepared: Callable[[str], Path], tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """An installation nobody has visited yet, served."""
    yield from served(prepared("empty"), tmp_path / "data", django_db_blocker)


@pytest.fixture
def bare(prepared: Callable[[str], Path], tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """A program without customers yet, served; Mia runs it."""
    yield from served(prepared("bare"), tmp_path / "data", django_db_blocker)


def served(prepared: Path, folder: Path, blocker: DjangoDbBlocker) -> Iterator[Server]:
    server = Server(prepared, folder, blocker)
    server.start()
    yield server
    server.stop()
    assert "Traceback" not in server.log(), server.log()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Give a function that opens a browser of its own at an installation.

    `open_page(server, "sam", **context)` is signed in as a colleague of the demo's cast; without a name nobody is.
    """
    watches: list[Watch] = []

    def opened(server: Server, who: str = "", *, may_refuse: bool = False, **options: Any) -> Page:
        watches.append(open_context(browser, server, who, may_refuse=may_refuse, **options))
        return watches[-1].context.new_page()

    yield opened
    for watch in watches:
        watch.context.close()
    assert [line for watch in watches for line in watch.wrong] == []


@pytest.fixture(scope="package")
def kept(browser: Browser) -> Iterator[dict[str, Page]]:
    """One page for each colleague of the demo, for looking around only."""
    pages: dict[str, Page] = {}
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.fixture
def look(browser: Browser, demo: Server, kept: dict[str, Page]) -> Iterator[Open]:
    """Give a function that gives a page of the demo to somebody who changes nothing: it is used again."""
    watches: list[Watch] = []

    def looked(who: str) -> Page:
        if who not in kept:
            kept[who] = open_context(browser, demo, who, may_refuse=True).context.new_page()
        watches.append(Watch.of[kept[who].context])
        return kept[who]

    yield looked
    assert [line for watch in watches for line in watch.told()] == []


def open_context(browser: Browser, server: Server, who: str, *, may_refuse: bool = False, **options: Any) -> Watch:
    state = signed_in(browser, server, who) if who else None
    context = browser.new_context(**{"base_url": server.url, "viewport": DESKTOP, "storage_state": state, **options})
    context.set_default_timeout(SECONDS_TO_WAIT * 1000)
    return Watch(context, may_refuse=may_refuse)


states: dict[tuple[str, str], StorageState] = {}


def signed_in(browser: Browser, server: Server, who: str) -> StorageState:
    """Sign in once per colleague and installation, and give what the browser keeps."""
    if (server.url, who) not in states:
        context = browser.new_context(base_url=server.url)
        page = context.new_page()
        page.goto("/sign-in/")
        page.get_by_label("Work e-mail").fill(f"{who}@calderfinch.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        states[server.url, who] = context.storage_state()
        context.close()
    return states[server.url, who]

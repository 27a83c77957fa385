"""A person at a browser: whatever a page does wrong in the background fails the journey."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from firsthand.testing.proof import Sample

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SHOOT = os.environ.get("FIRSTHAND_TEST_SHOOT") == "1"
AXE_EVERYTHING = {"resultTypes": ["violations"]}
AXE_COLORS = {**AXE_EVERYTHING, "runOnly": ["color-contrast", "link-in-text-block"]}
# The seventh row of a list is made as the six before it; looking at all of them costs a minute and finds nothing.
LIKE_THE_ONES_BEFORE = {"exclude": [["tr:nth-child(n+7)"], ["li:nth-child(n+7)"]]}
HEAR_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`The security policy forbids ${event.blockedURI || "inline"} (${event.violatedDirective}) ${event.sample}`));
"""
# What a page that is meant to refuse says in the console by itself.
REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of (400|404|409|410|429)")


class Watch:
    """What went wrong in the background on any page of a context. It does not listen while axe measures: axe sets styles itself."""

    of: WeakKeyDictionary[BrowserContext, "Watch"] = WeakKeyDictionary()

    def __init__(self, context: BrowserContext, *, may_refuse: bool = False) -> None:
        self.context = context
        self.wrong: list[str] = []
        self.may_refuse, self.listens = may_refuse, True
        self.of[context] = self
        context.add_init_script(HEAR_VIOLATIONS)
        context.on("console", self.hear)
        context.on("weberror", lambda error: self.wrong.append(f"Script error: {error.error}"))
        context.on("request", self.see)

    def hear(self, message: ConsoleMessage) -> None:
        if self.listens and message.type == "error" and not (self.may_refuse and REFUSAL.match(message.text)):
            self.wrong.append(f"{message.text} ({message.page.url if message.page else ''})")

    def told(self) -> list[str]:
        """What went wrong since it was last asked."""
        told, self.wrong = self.wrong, []
        return told

    def see(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in {"127.0.0.1", None}:
            self.wrong.append(f"Asked for {request.url}")


def check(page: Page) -> None:
    """The page is sound at both widths and in light and dark: axe finds nothing, nothing is wider than the screen.

    In `make test` each page is looked at in one of these ways, the next page in the next; in `make prove` in all of them.
    """
    found = [f"{where}: {what}" for where, problems in problems_of(page).items() for what in problems]
    assert found == [], f"{page.url}\n" + "\n".join(found)


def problems_of(page: Page) -> dict[str, list[str]]:
    """What is wrong with a page, by the way it was looked at. Leaves it as it was."""
    page.wait_for_load_state()  # a click may have led here, and a page half read has no heading yet
    before = page.viewport_size
    found = {way: WAYS[way](page) for way in Sample.now.some("looks at pages in a browser", list(WAYS), one_in=len(WAYS))}
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)
    return found


def wide_and_light(page: Page) -> list[str]:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # a dict is what it takes
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return [*shape(page), *axe(page, AXE_EVERYTHING)]


def wide_and_dark(page: Page) -> list[str]:
    """What differs from light: its colors."""
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # as above
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return axe(page, AXE_COLORS)


def narrow_and_dark(page: Page) -> list[str]:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # as above
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return [*shape(page), *axe(page, AXE_EVERYTHING)]


WAYS: dict[str, Callable[[Page], list[str]]] = {"1440 light": wide_and_light, "1440 dark": wide_and_dark, "390 dark": narrow_and_dark}


def shape(page: Page) -> list[str]:
    """One first heading, a title, and nothing wider than the screen."""
    facts: dict[str, Any] = page.evaluate(
        """() => ({
          headings: document.querySelectorAll("h1").length,
          title: document.title,
          beyond: document.documentElement.scrollWidth - innerWidth,
          widest: [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility()
            && e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((e) => e.outerHTML.slice(0, 120)),
        })"""
    )
    found = []
    if facts["headings"] != 1:
        found.append(f"{facts['headings']} first headings")
    if not facts["title"].strip(" ·|-").removesuffix("Firsthand").strip(" ·|-"):
        found.append("no title of its own")
    if facts["beyond"] > 0:
        found.append(f"{facts['beyond']} px wider than the screen: {facts['widest']}")
    return found


def axe(page: Page, options: dict[str, Any]) -> list[str]:
    watch = Watch.of[page.context]
    watch.listens = False
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate(
        "([where, options]) => axe.run(where, options).then((answer) => answer.violations)", [LIKE_THE_ONES_BEFORE, options]
    )
    watch.listens = True
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]} ({node['failureSummary']})"
        for violation in violations
        for node in violation["nodes"][:3]
    ]


def shoot(page: Page, name: str, *, height: int = 800, width: int = 1280) -> None:
    """Take a picture for the manual, when pictures were asked for (`FIRSTHAND_TEST_SHOOT=1`)."""
    if not SHOOT:
        return
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.evaluate("scrollTo(0, 0), document.fonts.ready")
    IMAGES.mkdir(exist_ok=True)
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled", caret="hide")
    if before:
        page.set_viewport_size(before)

"""Browsers for a race: each signs in by the page, keeps its cookies, and all press their button at the same moment."""

import http.client
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from threading import Barrier
from typing import TypeVar
from urllib.parse import urlencode

from firsthand.people.models import Colleague
from firsthand.proofs.scenes import PASSWORD

T = TypeVar("T")


@dataclass
class Answer:
    status: int
    text: str
    location: str

    @property
    def sentence(self) -> str:
        """What the page says is to be fixed, else its heading."""
        found = re.search(r'class="fh-errors".*?<li>(.*?)</li>', self.text, re.DOTALL) or re.search(
            r"<h1[^>]*>(.*?)</h1>", self.text, re.DOTALL
        )
        return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


@dataclass
class Browser:
    """Cookies and nothing else. `post` sends the token that the site put into a cookie, as its forms do."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> Answer:
        return self.ask("GET", address)

    def post(self, address: str, **fields: str) -> Answer:
        return self.ask("POST", address, {**fields, "csrfmiddlewaretoken": self.cookies["csrftoken"]})

    def ask(self, method: str, address: str, fields: Mapping[str, str] | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, address, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
        return Answer(answer.status, text, answer.headers.get("Location", ""))

    def sign_in(self, email: str, password: str) -> "Browser":
        """Through the sign-in page, like anybody."""
        self.get("/sign-in/")
        answer = self.post("/sign-in/", login=email, password=password)
        if "sessionid" not in self.cookies:
            raise RuntimeError(f"{email} could not sign in: {answer.status} {answer.sentence}")
        return self


def sign_in(port: int, *people: Colleague) -> dict[str, Browser]:
    """A browser for each, by first name in small letters."""
    return {each.name.split()[0].lower(): Browser(port).sign_in(each.email or "", PASSWORD) for each in people}


def all_at_once(deeds: Sequence[Callable[[], T]]) -> list[T]:
    """Do them in as many threads, started by one barrier; the answers in their order."""
    barrier = Barrier(len(deeds))

    def wait_and_do(deed: Callable[[], T]) -> T:
        barrier.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(wait_and_do, deeds))

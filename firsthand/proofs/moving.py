"""Many requests led on over HTTP, each step by whoever makes it: what was acknowledged is written down, to be compared with the rows."""

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Semaphore

from django.urls import reverse

from firsthand.core import links
from firsthand.proofs.clients import Answer, Browser
from firsthand.proofs.scenes import Scene

DONE = 302
# What a request comes to after the yes, in turn: the moves, as history has them.
ENDS = (("introduce", "hold"), ("schedule",), ("cancel",))


@dataclass
class Crowd:
    """Clients that act at the same time. They make as many steps as `allow` lets them; `acknowledged` is ask to moves answered with yes."""

    port: int
    signed_in: dict[str, Browser]
    scenes: Sequence[Scene]
    clients: int = 6
    acknowledged: dict[int, list[str]] = field(default_factory=dict)
    refused: list[Answer] = field(default_factory=list)
    allowance: Semaphore = field(default_factory=lambda: Semaphore(0))

    def __post_init__(self) -> None:
        self.waiting: queue.SimpleQueue[tuple[int, Scene]] = queue.SimpleQueue()
        for numbered in enumerate(self.scenes):
            self.waiting.put(numbered)

    @property
    def steps(self) -> int:
        """How many steps there are to make in all."""
        return sum(3 + len(ENDS[number % len(ENDS)]) for number in range(len(self.scenes)))

    def allow(self, steps: int) -> None:
        self.allowance.release(steps)

    def start(self, pool: ThreadPoolExecutor) -> list["Future[None]"]:
        return [pool.submit(self.work) for _ in range(self.clients)]

    def work(self) -> None:
        """One client: takes a request, leads it on to its end, takes the next."""
        reference = Browser(self.port)
        reference.get("/sign-in/")
        while True:
            try:
                number, scene = self.waiting.get_nowait()
            except queue.Empty:
                return
            assert scene.ask
            done = self.acknowledged.setdefault(scene.ask.pk, [])
            for verb, press in self.presses(number, scene, reference):
                self.allowance.acquire()
                answer = press()
                if answer.status == DONE:
                    done.append(verb)
                else:
                    self.refused.append(answer)

    def presses(self, number: int, scene: Scene, reference: Browser) -> Iterator[tuple[str, Callable[[], Answer]]]:
        """The buttons of one request in their order."""
        assert scene.ask
        owner, manager, pk = self.signed_in["ana"], self.signed_in["mia"], scene.ask.pk

        def accept() -> Answer:
            assert scene.link
            reference.get(f"/l/{links.token(scene.link)}/")
            return reference.post(links.page(scene.link), act="accept", seen="sent")

        def at(name: str) -> str:
            return reverse(f"requests:{name}", args=[pk])

        when = f"{datetime.now(UTC) + timedelta(days=5):%Y-%m-%dT10:00}"
        yield "approve", lambda: owner.post(at("approval"), answer="approve", seen="proposed")
        yield "send", lambda: manager.post(at("sending"), seen="approved")
        yield "accept", accept
        ends: dict[str, Callable[[], Answer]] = {
            "introduce": lambda: manager.post(at("introduction"), seen="accepted"),
            "hold": lambda: manager.post(at("outcome"), outcome="held", seen="introduced"),
            "schedule": lambda: manager.post(at("time"), starts_at=when, seen="accepted"),
            "cancel": lambda: manager.post(at("cancellation"), reason="Plans changed", seen="accepted"),
        }
        for verb in ENDS[number % len(ENDS)]:
            yield verb, ends[verb]

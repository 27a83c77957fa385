"""Eight clients press their button at the same moment, over real HTTP: one wins, the others read why not.

Each race is run again on a server without the locks, or without the guard behind them: then it is lost nearly every time, so
what protects is what the program says protects.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache

from firsthand.proofs.clients import Answer, Browser, all_at_once, sign_in
from firsthand.proofs.scenes import Scene, Stage, make_stage
from firsthand.proofs.server import Servers
from firsthand.testing.proof import Proof

CLIENTS, ROUNDS, ROUNDS_WITHOUT, MOST = 8, 120, 25, 0.5
DONE, CONFLICT, BROKEN = 302, 409, 500
Press = Callable[[], Answer]


def never(scene: Scene) -> bool:
    """A button that answers yes once."""
    return False


@dataclass(frozen=True)
class Race:
    """`scenes` writes the rounds, `presses` are the eight buttons of one, `won` counts what was done, `check` looks at the rows.

    `said_again` holds where the winner pressed a button that thanks for the same answer as often as it is given; `side` says whose
    button is whose, so that nobody else is thanked. `clients_without` is how many press without protection: where each waits for the
    rows of those before, two are enough.
    """

    without: str
    scenes: Callable[[Stage, int], list[Scene]]
    presses: Callable[[dict[str, Browser], Scene], list[Press]]
    won: Callable[[Scene], int]
    check: Callable[[Scene], None]
    said_again: Callable[[Scene], bool] = never
    side: Callable[[int], object] = lambda n: n % 2
    clients_without: int = CLIENTS
    rounds: int = ROUNDS


def run(race: Race, proof: Proof, servers: Servers) -> None:
    """Every round has one winner; everybody else gets a page of one sentence, and the rows agree."""
    stage, rounds = make_stage(), proof.rounds(race.rounds)
    scenes = race.scenes(stage, rounds)
    browsers = open_browsers(servers(""), stage)
    for scene in scenes:
        answers = all_at_once(race.presses(browsers, scene))
        lost = [answer for answer in answers if answer.status == CONFLICT]
        again = sum(answer.status == DONE for answer in answers) - 1 if race.said_again(scene) else 0
        proof.count(rounds=1, winners=race.won(scene), losers=len(lost), yes_again=again, server_errors=broken(answers), overbooked=0)
        assert broken(answers) == 0
        assert race.won(scene) == 1
        assert len(lost) + again == CLIENTS - 1, [(answer.status, answer.sentence) for answer in answers]
        assert len({race.side(n) for n, answer in enumerate(answers) if answer.status == DONE}) == 1
        assert all(answer.sentence.endswith((".", "?")) for answer in lost), [answer.sentence for answer in lost]
        race.check(scene)


def run_without(race: Race, proof: Proof, servers: Servers) -> None:
    """The same race without protection goes wrong in most rounds: more than one wins, or the last wall, a constraint, breaks it."""
    stage, rounds = make_stage(), proof.rounds(ROUNDS_WITHOUT, at_least=2)
    scenes = race.scenes(stage, rounds)
    browsers = open_browsers(servers(race.without), stage)
    for scene in scenes:
        answers = all_at_once(race.presses(browsers, scene)[: race.clients_without])
        won = race.won(scene)
        proof.count(rounds=1, winners=won, server_errors=broken(answers), overbooked=int(won > 1 or broken(answers) > 0))
    assert proof.counts["overbooked"] >= MOST * rounds


def open_browsers(port: int, stage: Stage) -> dict[str, Browser]:
    """The colleagues, by the sign-in page; Rae and the other one have no account, only a token for forms."""
    cache.clear()  # where the races before signed in too, and somebody who does so too often has to wait
    browsers = {**sign_in(port, stage.mia, stage.max, stage.ana), "rae": Browser(port), "other": Browser(port)}
    for name in ("rae", "other"):
        browsers[name].get("/sign-in/")
    return browsers


def broken(answers: list[Answer]) -> int:
    return sum(answer.status >= BROKEN for answer in answers)

"""A worker killed in the midst of sending: every mail arrives, and a second time at most once per kill, under the same Message-ID."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django_q.tasks import async_task

from firsthand.history.models import Message
from firsthand.proofs import worker
from firsthand.proofs.scenes import asked, make_stage
from firsthand.proofs.server import own_variables
from firsthand.requests.letters import ask_for_approval
from firsthand.testing.proof import Proof
from firsthand.testing.smtp import Sink, sink

pytestmark = [pytest.mark.prove, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
KILLS, MAILS, PATIENCE = 20, 160, 120.0  # seconds until some more mail must have come


def test_a_killed_worker_loses_no_mail(proof: Proof, tmp_path: Path) -> None:
    stage, kills = make_stage(), proof.rounds(KILLS)
    for scene in asked(stage, MAILS, status="proposed"):
        assert scene.ask
        ask_for_approval(scene.ask)
    with sink() as server:
        variables = {**own_variables(tmp_path), "FIRSTHAND_EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
        for _ in range(kills):
            run_until(server, len(server.mails) + random.randint(1, 6), variables, tmp_path)
            proof.count(rounds=1, kills=1)
        run_until(server, None, variables, tmp_path)
        arrived = Counter(str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in server.mails)
    sent = Message.objects.filter(channel="mail")
    proof.count(mails=len(arrived), second_times=arrived.total() - len(arrived))
    assert set(sent.values_list("state", flat=True)) == {"sent"}
    assert set(arrived) == set(sent.values_list("message_id", flat=True))
    assert len(arrived) == MAILS
    assert arrived.total() - len(arrived) <= kills


def run_until(server: Sink, arrived: int | None, variables: dict[str, str], folder: Path) -> None:
    """Start a worker, let it send until that many mails have arrived (None: until nothing is left to send), and kill it."""
    async_task(settings.TASKS["drain"])  # what was handed to the killed one comes again only after a minute
    running = worker.start(variables, folder / "worker.log")
    try:
        ends = time.monotonic() + PATIENCE
        while not is_done(server, arrived):
            assert time.monotonic() < ends, (folder / "worker.log").read_text()[-2000:]
            time.sleep(0.01 if arrived is not None else 1.0)
            if arrived is None:
                async_task(settings.TASKS["drain"])
        time.sleep(random.uniform(0, 0.03))  # anywhere between two mails
    finally:
        worker.kill(running)


def is_done(server: Sink, arrived: int | None) -> bool:
    if arrived is not None:
        return len(server.mails) >= arrived
    return not Message.objects.filter(channel="mail", state__in=["due", "claimed"]).exists()

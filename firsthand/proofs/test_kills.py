"""A worker killed in the midst of its work: no mail is lost, none comes twice but once per kill, nothing acknowledged is undone."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django_q.tasks import async_task

from firsthand.history.models import Event, Message
from firsthand.proofs import worker
from firsthand.proofs.clients import sign_in
from firsthand.proofs.moving import Crowd
from firsthand.proofs.scenes import asked, make_stage
from firsthand.proofs.server import own_variables, running
from firsthand.requests.letters import ask_for_approval
from firsthand.requests.models import Ask
from firsthand.requests.workflow import ASK_MOVES
from firsthand.testing.proof import Proof, scale
from firsthand.testing.smtp import Sink, sink

pytestmark = [pytest.mark.prove, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
KILLS, MAILS, PATIENCE = 20, 160, 120.0  # seconds until some more mail must have come
REQUESTS, FEWEST = 500, 30
# What each move has to tell by mail, at the least: kind of message to how many.
TELLS = {
    "approve": {"news": 1},
    "send": {"ask": 1},
    "accept": {"news": 1},
    "introduce": {"introduction": 2},
    "hold": {"debrief": 2},
    "schedule": {"fixed": 2},
    "cancel": {"no_longer": 1},
}


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
        due_by = timezone.now()
        run_until(server, None, variables, tmp_path)
    assert every_mail_arrived(server, proof, kills, due_by=due_by) == MAILS


def test_a_worker_killed_while_requests_move_loses_no_step(proof: Proof, tmp_path: Path) -> None:
    """Clients keep acting over HTTP; each kill comes at random while they do."""
    stage, kills = make_stage(), proof.rounds(KILLS)
    requests = max(FEWEST, round(REQUESTS * scale()))
    scenes = asked(stage, requests, status="proposed")
    with sink() as server, running(tmp_path) as port, ThreadPoolExecutor() as pool:
        variables = {**own_variables(tmp_path), "FIRSTHAND_EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
        crowd = Crowd(port, sign_in(port, stage.ana, stage.mia), scenes)
        clients = crowd.start(pool)
        try:
            for _ in range(kills):
                crowd.allow(crowd.steps // kills)
                run_until(server, len(server.mails) + random.randint(1, 12), variables, tmp_path)
                proof.count(rounds=1, kills=1)
        finally:
            crowd.allow(crowd.steps)
        for client in clients:
            client.result()
        due_by = timezone.now()
        run_until(server, None, variables, tmp_path)
        every_mail_arrived(server, proof, kills, due_by=due_by)
    nothing_acknowledged_is_lost(crowd, proof)
    assert len(crowd.acknowledged) == requests


def every_mail_arrived(server: Sink, proof: Proof, kills: int, *, due_by: datetime) -> int:
    """Each row that was due by then is at the mail server, once, or twice for a kill; nothing else is. Says how many."""
    arrived = Counter(str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in server.mails)
    mails = Message.objects.filter(channel="mail")
    twice = arrived.total() - len(arrived)
    proof.count(mails=len(arrived), second_times=twice)
    assert set(mails.filter(due_at__lte=due_by).values_list("state", flat=True)) <= {"sent", "dropped"}
    assert set(arrived) == set(mails.filter(state="sent").values_list("message_id", flat=True))
    assert twice <= kills
    return len(arrived)


def nothing_acknowledged_is_lost(crowd: Crowd, proof: Proof) -> None:
    """Every step answered with yes is in history, in its order, with the status it leads to and the mails it has to tell by."""
    assert [(answer.status, answer.sentence) for answer in crowd.refused] == []
    statuses = dict(Ask.objects.values_list("pk", "status"))
    for pk, verbs in crowd.acknowledged.items():
        events = Event.objects.filter(subject_kind="ask", subject_id=pk, verb__in=TELLS).order_by("pk")
        assert list(events.values_list("verb", flat=True)) == verbs
        status = "proposed"
        for verb in verbs:
            status = ASK_MOVES[status][verb]
        assert statuses[pk] == status
        expected = sum((Counter(TELLS[verb]) for verb in verbs), Counter[str]())
        written = Counter(Message.objects.filter(channel="mail", subject_kind="ask", subject_id=pk).values_list("kind", flat=True))
        assert not expected - written, f"ask {pk} went {verbs} and tells {dict(written)}"
        proof.count(requests=1, acknowledged=len(verbs))


def run_until(server: Sink, arrived: int | None, variables: dict[str, str], folder: Path) -> None:
    """Start a worker, let it send until that many mails have arrived (None: until nothing is left to send), and kill it."""
    async_task(settings.TASKS["drain"])  # what was handed to the killed one comes again only after a minute
    running = worker.start(variables, folder / "worker.log")
    try:
        seen, ends = len(server.mails), time.monotonic() + PATIENCE
        while not is_done(server, arrived):
            if len(server.mails) > seen:
                seen, ends = len(server.mails), time.monotonic() + PATIENCE
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
    return not unsent().filter(due_at__lte=timezone.now()).exists()


def unsent() -> "QuerySet[Message]":
    """Mails still to go; some wait for a day or for somebody's working hours."""
    return Message.objects.filter(channel="mail", state__in=["due", "claimed"])

"""What runs in the background: three tasks, told ids and nothing else. Everything they do is in our own rows and safe to do twice."""

import logging
import re
import time
from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django_q.models import Schedule

from firsthand.core import jobs, once
from firsthand.core.mail import Mail
from firsthand.core.models import Job
from firsthand.core.refused import Refused
from firsthand.core.wake import wake
from firsthand.history.models import Message
from firsthand.intake import reading as intake
from firsthand.requests import actions as requests
from firsthand.requests.bottlenecks import keep_usual
from firsthand.requests.ranking import rank_requests
from firsthand.upkeep import outbox
from firsthand.upkeep.steps import STEPS

log = logging.getLogger(__name__)

ADDRESS = re.compile(r"[^\s<>'\"(){}]+@[^\s<>'\"(){}]+")  # erasure does not reach a message's row, so it holds no address
SECONDS_A_TASK = 20  # below django-q2's time-out of 30
DUE: tuple[Callable[[datetime], int], ...] = (
    requests.end_unanswered,
    requests.expire_reservations,
    requests.escalate_approvals,
    requests.lapse_asks,
    requests.ask_whether_it_happened,
    requests.end_withdrawn,
    requests.tell_of_holds,
    requests.pass_kept_times,
    requests.end_joined,
    requests.hand_on_requests,
    once.forget_old,
    intake.drop_abandoned,
    requests.settle_outcomes,
    requests.end_windows,
    requests.send_reminders,
    rank_requests,
    keep_usual,
    requests.ask_what_came_of_it,
    requests.tell_of_lost_deals,
)


def tick(now: datetime | None = None) -> dict[str, int]:
    """Do whatever is due. One kind of work that fails does not keep the others from being done. Says how much of each was done."""
    at = now or timezone.now()
    done = {}
    for work in DUE:
        try:
            done[work.__name__] = work(at)
        except Exception:
            log.exception("%s failed; it is tried again at the next tick", work.__name__)
    done["wake_jobs"] = wake_jobs(at)
    done["drain_messages"] = drain_messages(at)
    return done


def ensure_schedule() -> None:
    """Have `tick` run each minute. Called whenever the database is prepared; a schedule that is there already stays."""
    defaults = {"func": settings.TASKS["tick"], "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1}
    Schedule.objects.update_or_create(name="tick", defaults=defaults)


def drain_messages(now: datetime | None = None) -> int:
    """Send what is due, one message at a time, until there is none or the task's time is over. Says how many went out."""
    ends = time.monotonic() + SECONDS_A_TASK
    sent = 0
    while time.monotonic() < ends:
        at = now or timezone.now()
        try:
            message = outbox.claim(at)
        except Refused:  # somebody is at what the next message is about: the next tick goes on
            return sent
        except outbox.Unjudged as unjudged:  # one broken row does not keep the others from being sent
            log.exception("Message %s could not be judged", unjudged.message.pk)
            outbox.put_back(unjudged.message, at, _words(unjudged.__cause__))
            continue
        if message is None:
            return sent
        if message.state == Message.State.CLAIMED:
            sent += send(message, at)
    return sent


def run_job(job_id: int) -> None:
    """One step of a long piece of work; it wakes the worker for the next."""
    jobs.run(job_id, STEPS)


def wake_jobs(now: datetime) -> int:
    """Go on with work whose waking call was lost or that waits for its turn. Says how many."""
    waiting = Job.objects.filter(state__in=jobs.OPEN).values_list("pk", flat=True)
    for pk in waiting:
        wake("job", pk)
    return len(waiting)


def send(message: Message, now: datetime) -> bool:
    """Send a claimed message and mark it. Outside every transaction: the network is slow, and the claim is in the database already."""
    try:
        mail = outbox.render(message, now)
        if not mail.to_address:
            outbox.drop(message, outbox.NO_ADDRESS)
            return False
        email(mail, message).send()
    except LookupError:
        outbox.drop(message, outbox.GONE)
        return False
    except Exception as error:
        log.exception("Message %s could not be sent", message.pk)
        outbox.put_back(message, now, _words(error))
        return False
    outbox.mark_sent(message)
    return True


def _words(error: BaseException | None) -> str:
    """What went wrong, for a manager: as the mail server put it, where it said anything."""
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        error = SMTPResponseException(*next(iter(error.recipients.values())))
    if isinstance(error, SMTPResponseException):
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        words = f"The mail server answered {error.smtp_code}: {' '.join(said.split())}"
    elif isinstance(error, SMTPException):  # which is an OSError, too
        words = f"The mail server did not take it: {error}"
    elif isinstance(error, OSError) and error.filename is None:
        words = f"The mail server could not be reached: {error.strerror or error}"
    else:
        words = f"{type(error).__name__}: {error}"
    return ADDRESS.sub("…", words)


def email(mail: Mail, message: Message) -> EmailMultiAlternatives:
    """The mail as it goes over the wire, under the Message-ID fixed when its row was written."""
    made = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=mail.text(),
        to=[mail.to_address],
        headers={"Message-ID": f"<{message.message_id}@{outbox.domain()}>", "Auto-Submitted": "auto-generated"},
    )
    made.attach_alternative(outbox.html(mail), "text/html")
    for file in mail.files:
        made.attach(file.name, file.content, file.mime_type)
    return made

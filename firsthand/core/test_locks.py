import pytest
from django.db import OperationalError

from firsthand.core.locks import deed, guarded_update
from firsthand.core.models import Job
from firsthand.core.refused import Refused


class DeadlockError(Exception):
    sqlstate = "40P01"


def collide(times: int) -> list[int]:
    tries: list[int] = []

    @deed
    def act() -> None:
        tries.append(1)
        if len(tries) <= times:
            raise OperationalError("deadlock") from DeadlockError()

    act()
    return tries


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_tried_once_more() -> None:
    assert len(collide(1)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_second_deadlock_is_refused() -> None:
    with pytest.raises(Refused, match="Somebody else is changing this"):
        collide(2)


@pytest.mark.django_db(transaction=True)
def test_other_database_errors_are_not_hidden() -> None:
    @deed
    def act() -> None:
        raise OperationalError("disk full")

    with pytest.raises(OperationalError, match="disk full"):
        act()


@pytest.mark.django_db
def test_a_guarded_update_writes_only_over_what_was_seen() -> None:
    job = Job.objects.create(kind="import", subject_id=1)
    assert guarded_update(job, before={"state": "waiting"}, after={"state": "running"})
    assert not guarded_update(job, before={"state": "waiting"}, after={"state": "done"})
    job.refresh_from_db()
    assert job.state == "running"

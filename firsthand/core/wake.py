"""Wake the worker once this transaction is in the database. What has to be done is in our own rows; this only saves a minute."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django_q.tasks import async_task


def wake(task: str, *ids: Any) -> None:
    """Enqueue a task named in `settings.TASKS`, after the commit. `ids` are all it is told."""
    transaction.on_commit(lambda: async_task(settings.TASKS[task], *ids))

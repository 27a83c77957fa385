"""Touches: somebody was approached. Every door writes them, so that every door can count them."""

from django.db import models
from django.utils import timezone

from firsthand.customers.models import Person, Touch
from firsthand.history.actions import kind_of


def touch(person: Person, *, door: str, about: models.Model) -> Touch:
    """Keep that a person is approached now through `door`. Runs in the caller's transaction."""
    now = timezone.now()
    return Touch.objects.create(person=person, door=door, about_kind=kind_of(about), about_id=about.pk, planned_at=now, sent_at=now)


def drop_touch(*, door: str, about: models.Model) -> None:
    """The approach did not leave the house after all."""
    found = Touch.objects.filter(door=door, about_kind=kind_of(about), about_id=about.pk)
    found.update(sent_at=None, dropped_at=timezone.now())

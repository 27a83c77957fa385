"""A form that makes something makes it once, however often it is sent.

Its page carries `{% once %}`, a key of its own; its view is marked `@once`. The key is written in the transaction that makes
the row, with the page it led to, so that a second sending, at the same moment or a day later, leads to the first row.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from firsthand.core.locks import deed
from firsthand.core.models import SentForm

FIELD = "form_key"
KEPT_DAYS = 30
View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Let a view that makes something and then redirects do so once for each key; a POST without one is left as it is."""

    @wraps(view)
    def whole(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        key = key_of(request)
        if key is None:
            return view(request, *args, **kwargs)
        return first_time(key, lambda: view(request, *args, **kwargs))

    whole.makes_once = True  # type: ignore[attr-defined]  # so that a test can ask each such page for its key
    return whole


@deed
def first_time(key: UUID, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer, and where it led kept under the key; what did not end in a redirect made nothing and may be sent again."""
    try:
        with transaction.atomic():
            SentForm.objects.create(key=key)  # waits for another that is being sent under this key
    except IntegrityError:
        return redirect(SentForm.objects.get(key=key).led_to)
    answered = answer()
    if isinstance(answered, HttpResponseRedirect):
        SentForm.objects.filter(key=key).update(led_to=answered.url[:500])
    else:
        transaction.set_rollback(True)
    return answered


def forget_old(now: datetime) -> int:
    """Drop keys that no page still open can carry. Says how many."""
    return SentForm.objects.filter(sent_at__lt=now - timedelta(days=KEPT_DAYS)).delete()[0]


def key_of(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST[FIELD]) if request.method == "POST" else None
    except (KeyError, ValueError):
        return None


def new_key() -> SafeString:
    """The hidden field: a key that no other form has."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())

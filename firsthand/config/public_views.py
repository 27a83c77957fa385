"""What a balancer or a monitor asks, without signing in."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from firsthand.config.prepared import migrations_waiting
from firsthand.core.public import public


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that this process lives. Touches nothing else, so that a slow database does not get it killed."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether requests should come here: the database answers and is up to date."""
    try:
        waiting = migrations_waiting()
    except DatabaseError:
        return HttpResponse("The database does not answer.", status=503, content_type="text/plain")
    if waiting:
        return HttpResponse("The database is not up to date: run `firsthand prepare`.", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")

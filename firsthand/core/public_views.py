"""The door of every signed link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from firsthand.core import links
from firsthand.core.public import public


@public
@never_cache
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open a link's short session and go on to its page, whose address holds no token. Nothing is written."""
    link = links.read_token(token)
    response = redirect(links.page(link))
    links.remember(response, link, is_secure=request.is_secure())
    return response

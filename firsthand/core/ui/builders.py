"""Draw a tag in a test, with a hostile name at hand."""

from typing import Any

from django.template import Context, Template
from django.test import RequestFactory

EVE = '<script>alert("Eve")</script>'
ESCAPED = "&lt;script&gt;alert(&quot;Eve&quot;)&lt;/script&gt;"


def drawn(source: str, **context: Any) -> str:
    """The template's text on one line, with `ui` loaded and a request at `/list/?q=bank`."""
    facts = {"request": RequestFactory().get("/list/?q=bank"), "csrf_token": "token", "eve": EVE, **context}
    return Template("{% load ui %}" + source).render(Context(facts)).replace("\n", "").strip()


def icon(name: str, attributes: str = "") -> str:
    return f'<svg class="fh-icon"{attributes} aria-hidden="true"><use href="/static/firsthand/vendor/lucide.svg#{name}"/></svg>'


def small(name: str) -> str:
    return icon(name, ' data-size="s"')

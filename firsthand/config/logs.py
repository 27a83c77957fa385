"""What is logged and how. A signed link's secret never reaches a log."""

import logging
import re
from typing import Any

LINK = re.compile(r"/l/[^\s\"'?]+")


def without_link(text: str) -> str:
    """Drop what stands below `/l/`: whoever reads a log must not be able to answer for a reference."""
    return LINK.sub("/l/…", text)


class WithoutLinks(logging.Filter):
    """Keep signed links out of a record's text."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str) and (record.args or "/l/" in record.msg):
            text = record.getMessage()
            if "/l/" in text:
                record.msg, record.args = without_link(text), None
        return True


def logging_settings(level: str) -> dict[str, Any]:
    """One line a record, on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_links": {"()": WithoutLinks}},
        "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_links"]}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django answers HEAD with a body, as it always did, and leaves it to the server to drop it.
            "gunicorn.http.wsgi": {"level": "ERROR"},
            # Its own handlers would print every record twice.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "django-q": {"handlers": [], "level": max(level, "WARNING", key=logging.getLevelNamesMapping().__getitem__)},
        },
    }

"""How statuses look: a glyph and what its color means, beside the word."""

from django.db import models

MARKS = {
    "draft": ("pencil-line", ""),
    "submitted": ("circle", "info"),
    "needs_info": ("message-circle-question-mark", "wait"),
    "asking": ("circle-dot", "info"),
    "partly_fulfilled": ("circle-dot", "good"),
    "fulfilled": ("circle-check", "good"),
    "answered_with_content": ("book-open-text", "info"),
    "withdrawn": ("circle-slash", ""),
    "unfulfilled": ("circle-x", "bad"),
    "proposed": ("hourglass", "wait"),
    "approved": ("shield-check", "info"),
    "sent": ("send", "info"),
    "accepted": ("circle-check", "good"),
    "introduced": ("handshake", "good"),
    "scheduled": ("calendar-check", "good"),
    "held": ("circle-check", "good"),
    "refused": ("shield-x", "bad"),
    "declined": ("circle-x", ""),
    "lapsed": ("timer-off", ""),
    "missed": ("circle-x", "bad"),
    "expired": ("timer-off", ""),
    "canceled": ("circle-slash", ""),
}


class Marked(models.TextChoices):
    """A status that shows itself: `glyph` is an icon, `kind` a color's meaning (`core.ui.parts.HasMark`)."""

    @property
    def glyph(self) -> str:
        return MARKS[self.value][0]

    @property
    def kind(self) -> str:
        return MARKS[self.value][1]

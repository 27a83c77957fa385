"""A message as it leaves the house: made at send time by the room whose matter it is, and never stored."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Button:
    """A link with its label. Only the label is shown where the link must not be live."""

    label: str
    url: str


@dataclass(frozen=True)
class Quote:
    """Words of a person, set apart."""

    words: str


@dataclass(frozen=True)
class File:
    """An attachment, such as a calendar file."""

    name: str
    content: bytes
    mime_type: str


Part = str | Button | Quote


@dataclass(frozen=True)
class Mail:
    """To whom, about what, in which words. `parts` are paragraphs in order; `url` is where an in-app notice leads."""

    to_name: str
    to_address: str
    subject: str
    parts: tuple[Part, ...]
    files: tuple[File, ...] = ()
    url: str = ""

    def text(self, *, live: bool = True) -> str:
        """The plain words; with `live` off, links are replaced by their label."""
        return "\n\n".join(_plain(part, live=live) for part in self.parts) + "\n"


def _plain(part: Part, *, live: bool) -> str:
    if isinstance(part, Button):
        return f"{part.label}:\n{part.url}" if live else f"[{part.label}]"
    if isinstance(part, Quote):
        return "\n".join(f"> {line}" for line in part.words.splitlines())
    return part

"""A facet value as plain data, and the outline notation it is written in."""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ValueSeed:
    """A value with what else it is called. `low` and `high` are for ordered bands, inclusive, None where open."""

    name: str
    aliases: list[str] = field(default_factory=list)
    children: list["ValueSeed"] = field(default_factory=list)
    low: int | None = None
    high: int | None = None


def outline(text: str) -> list[ValueSeed]:
    """Read lines of `Name: alias, alias`, two spaces of indent per level, into trees; a comma at a line's end continues it."""
    top: list[ValueSeed] = []
    levels = [top]
    for line in filter(str.strip, re.sub(r",\n\s*", ", ", text).splitlines()):
        depth = (len(line) - len(line.lstrip())) // 2
        name, _, rest = line.strip().partition(":")
        seed = ValueSeed(name, [alias.strip() for alias in rest.split(",") if alias.strip()])
        del levels[depth + 1 :]
        levels[depth].append(seed)
        levels.append(seed.children)
    return top

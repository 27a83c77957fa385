"""A file in the form the later steps read: one JSON line for each record, so any step starts where the last one ended.

Made once, when the file is uploaded or somebody corrects how it is read. The same pass gathers what each column shows.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from firsthand.intake.cells import Evidence
from firsthand.intake.detect import Shape, detect
from firsthand.intake.reader import Heading, Reader, headings_of

MAX_TOLD = 50
ROW = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True)
class Staged:
    """What is known of a file before anybody says what its columns mean. Kept with the import, as JSON."""

    shape: Shape
    headings: tuple[Heading, ...]
    records: int
    evidence: dict[int, Evidence]
    footer: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "shape": asdict(self.shape),
            "headings": [heading.name for heading in self.headings],
            "records": self.records,
            "evidence": {str(position): asdict(each) for position, each in self.evidence.items()},
            "footer": list(self.footer),
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Staged":
        return cls(
            shape=Shape(**{**data["shape"], "warnings": tuple(data["shape"]["warnings"])}),
            headings=headings_of(data["headings"]),
            records=data["records"],
            evidence={int(position): Evidence(**each) for position, each in data["evidence"].items()},
            footer=tuple(data["footer"]),
            warnings=tuple(data["warnings"]),
        )


class Line:
    """A staged record, parsed only when its cells are asked for: a row that is the same as last time never is.

    `offset` is where the next record begins; `content` is the cells as they are staged.
    """

    __slots__ = ("offset", "parts", "raw")

    def __init__(self, offset: int, raw: bytes) -> None:
        self.offset, self.raw = offset, raw
        self.parts: tuple[int, int, str, list[str]] | None = None

    def parsed(self) -> tuple[int, int, str, list[str]]:
        if self.parts is None:
            self.parts = json.loads(self.raw.decode())  # given bytes, it would look for their encoding first
        return self.parts

    @property
    def number(self) -> int:
        return int(self.raw[1 : self.raw.index(b",")])

    @property
    def content(self) -> bytes:
        return self.raw.split(b",", 2)[2]

    @property
    def line(self) -> int:
        return self.parsed()[1]

    @property
    def refusal(self) -> str:
        return self.parsed()[2]

    @property
    def cells(self) -> list[str]:
        return self.parsed()[3]


def staged_path(path: Path) -> Path:
    return path.with_name(path.name + ".rows")


def stage(path: Path, *, shape: Shape | None = None) -> Staged:
    """Read the file at `path` and write its records beside it; raises FileRefused if it is no table."""
    found = shape or detect(path)
    reader = Reader(path, found)
    evidence = [Evidence() for _ in reader.headings]
    told = Told()
    count = 0
    with staged_path(path).open("w", encoding="utf-8", newline="\n") as out:
        for record in reader:
            count += 1
            out.write(ROW.encode([record.number, record.line, record.refusal, record.cells]))
            out.write("\n")
            if record.warning:
                told.add(f"Line {record.line:,}: {record.warning}")
            if not record.refusal:
                for each, cell in zip(evidence, record.cells, strict=False):
                    each.add(cell)
    return Staged(
        shape=replace(found, warnings=found.warnings),
        headings=reader.headings,
        records=count,
        evidence=dict(enumerate(evidence, start=1)),
        footer=tuple(reader.footer),
        warnings=(*found.warnings, *footer_note(reader.footer), *told.sentences()),
    )


def footer_note(footer: list[str]) -> tuple[str, ...]:
    if not footer:
        return ()
    return (f"{len(footer)} lines after the data were left out as a report's footer, from “{footer[0][:80]}” on.",)


@dataclass
class Told:
    """Sentences for the person, of which only the first ones are kept."""

    kept: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, sentence: str) -> None:
        if sentence in self.kept:
            return
        if len(self.kept) < MAX_TOLD:
            self.kept.append(sentence)
        else:
            self.more += 1

    def sentences(self) -> tuple[str, ...]:
        return (*self.kept, f"And {self.more:,} more of this kind.") if self.more else tuple(self.kept)


def read_staged(path: Path, *, offset: int = 0) -> Iterator[Line]:
    """The records of a staged file from a byte offset on."""
    with staged_path(path).open("rb") as file:
        file.seek(offset)
        at = offset
        for raw in file:
            at += len(raw)
            yield Line(at, raw)

"""A file in the form the later steps read: one JSON line for each record, so any step starts where the last one ended.

Made once, when the file is uploaded or somebody corrects how it is read. The same pass gathers what each column shows.
"""

import json
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from firsthand.intake.cells import Evidence
from firsthand.intake.detect import Shape, detect
from firsthand.intake.reader import Heading, Reader, Record, headings_of

MAX_TOLD = 50
LOOK = 500  # records between two looks at the clock
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
    staging = Staging(path, shape or detect(path))
    staging.run()
    return staging.staged()


class Staging:
    """The reading of a file, which may be put aside (`mark`) and gone on with from there."""

    def __init__(self, path: Path, shape: Shape, *, mark: Mapping[str, Any] | None = None) -> None:
        self.path, self.shape = path, shape
        self.reader = Reader(path, shape)
        self.count, self.offset, self.told = 0, 0, Told()
        self.place: tuple[int, int] | None = None
        self.evidence = [Evidence() for _ in self.reader.headings]
        if mark:
            known = deepcopy(dict(mark))  # whoever keeps the mark compares it with what others wrote meanwhile
            self.count, self.offset, self.told = known["count"], known["offset"], Told(**known["told"])
            self.evidence = [Evidence(**each) for each in known["evidence"]]
            self.reader.go_on(done=self.count, place=known["place"])

    def run(self, *, until: float | None = None) -> bool:
        """Read on to the end, or to that moment of the monotonic clock. Says whether the end was reached."""
        with staged_path(self.path).open("r+b" if self.count else "wb") as out:
            out.seek(self.offset)
            out.truncate()
            for record in self.reader:
                self.count += 1
                out.write(ROW.encode([record.number, record.line, record.refusal, record.cells]).encode() + b"\n")
                self.watch(record)
                if until is not None and self.count % LOOK == 0 and time.monotonic() > until and self.reader.place:
                    self.offset, self.place = out.tell(), self.reader.place
                    return False
        return True

    def watch(self, record: Record) -> None:
        if record.warning:
            self.told.add(f"Line {record.line:,}: {record.warning}")
        if not record.refusal:
            for each, cell in zip(self.evidence, record.cells, strict=False):
                each.add(cell)

    @property
    def mark(self) -> dict[str, Any]:
        evidence = [asdict(each) for each in self.evidence]
        return {"count": self.count, "place": self.place, "offset": self.offset, "told": asdict(self.told), "evidence": evidence}

    def staged(self) -> Staged:
        """What is known once the end was reached."""
        return Staged(
            shape=self.shape,
            headings=self.reader.headings,
            records=self.count,
            evidence=dict(enumerate(self.evidence, start=1)),
            footer=tuple(self.reader.footer),
            warnings=(*self.shape.warnings, *footer_note(self.reader.footer), *self.told.sentences()),
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

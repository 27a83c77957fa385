"""Rows of one file that mean the same record: three spellings of one address are one contact.

The last row that can be read wins, cell by cell; empty cells take what earlier rows said. It is written in place of the
last one, so a second import of the same file changes nothing. Found by a fingerprint of each row's identity, 16 bytes a row on disk.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from firsthand.core.numbers import np
from firsthand.core.refused import Refused
from firsthand.deals.crm_ids import long_form
from firsthand.intake.casting import Caster, Read
from firsthand.intake.staging import Line, read_staged, staged_path

ENTRY = 16
MAX_REPEATS = 200_000


@dataclass
class Repeats:
    """`into`: record number -> number of the later record it is merged into; `of`: that number -> offsets of the earlier."""

    into: dict[int, int] = field(default_factory=dict)
    of: dict[int, list[int]] = field(default_factory=dict)

    def earlier(self, path: Path, caster: Caster, line: Line) -> list[Read]:
        """The earlier rows of the record that ends with this line, but for those that cannot be read."""
        rows = [caster.read(next(read_staged(path, offset=offset))) for offset in self.of.get(line.number, ())]
        return [row for row in rows if not row.refusal]


def as_one(rows: Sequence[Read]) -> Read:
    """The last row, with what earlier ones of its record say where it says nothing itself, and which value won."""
    *earlier, last = rows
    values: dict[str, Any] = {}
    for row in earlier:
        values = over(values, row.values)
    if earlier:
        final = said(last.values)
        lost = [f"{name} {in_words(value)}" for name, value in said(values).items() if name in final and is_other(name, value, final[name])]
        lines = ", ".join(f"{row.line:,}" for row in earlier)
        wins = f" Line {last.line:,} wins over {'; '.join(lost)}." if lost else ""
        last.warnings += (f"the same record as line {lines}; they were read as one.{wins}"[:500],)
    last.values = over(values, last.values)
    return last


def over(values: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Both rows' values; the later row wins, in the custom fields one by one."""
    merged = {**values, **later}
    if "custom" in values and "custom" in later:
        merged["custom"] = {**values["custom"], **later["custom"]}
    return merged


def said(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, its custom fields among the others."""
    return {**{name: value for name, value in values.items() if name != "custom"}, **values.get("custom", {})}


def is_other(name: str, one: Any, another: Any) -> bool:
    """Whether two rows say different things of a field; a deal's id may be written in two ways."""
    return bool(long_form(one) != long_form(another) if name == "opportunity_id" else one != another)


def in_words(value: Any) -> str:
    """Of an amount with its currency, or of several values, each."""
    if not isinstance(value, (tuple, list)):
        return str(value)
    return (" " if isinstance(value, tuple) else ", ").join(str(each) for each in value if each != "")


def keys_path(path: Path) -> Path:
    return path.with_name(path.name + ".keys")


def repeats_path(path: Path) -> Path:
    return path.with_name(path.name + ".repeats")


def drop_files(path: Path) -> None:
    """Remove the uploaded file and what was made of it: once it is imported, nobody's data stays in a file beside."""
    for each in (path, staged_path(path), keys_path(path), repeats_path(path)):
        each.unlink(missing_ok=True)


def write_keys(path: Path, caster: Caster, *, offset: int, done: int) -> Iterator[tuple[int, int]]:
    """Append the fingerprints from a byte offset on; yields (offset, records done) after each record."""
    with keys_path(path).open("r+b" if done else "wb") as out:
        out.seek(done * ENTRY)
        out.truncate()
        start = offset
        for line in read_staged(path, offset=offset):
            out.write(fingerprint(caster, line).to_bytes(8, "little") + start.to_bytes(8, "little"))
            start = line.offset
            done += 1
            yield start, done


def fingerprint(caster: Caster, line: Line) -> int:
    """Of who the row is; of a row that says so in no way, of its place, which no other row has."""
    identity = caster.identity(caster.read(line).values)
    text = "\x1f".join(identity) if identity else f"\x00{line.number}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def find_repeats(path: Path) -> None:
    """Group equal fingerprints and write which records are merged into which."""
    keys = np.fromfile(keys_path(path), dtype=[("key", "<u8"), ("offset", "<u8")])
    order = np.argsort(keys["key"], kind="stable")
    same = keys["key"][order][1:] == keys["key"][order][:-1]
    if int(same.sum()) > MAX_REPEATS:
        raise Refused(f"More than {MAX_REPEATS:,} rows repeat an earlier one. Check which column is the id.", status=400)
    into: dict[int, int] = {}
    of: dict[int, list[int]] = {}
    for at in np.flatnonzero(same)[::-1]:
        earlier, later = int(order[at]) + 1, int(order[at + 1]) + 1
        last = into.get(later, later)
        into[earlier] = last
        of.setdefault(last, []).insert(0, int(keys["offset"][earlier - 1]))
    repeats_path(path).write_text(json.dumps({"into": into, "of": of}))


def read_keys(path: Path, first: int, count: int) -> list[int]:
    """The fingerprints of records from number `first` on, as signed numbers of 64 bits."""
    with keys_path(path).open("rb") as file:
        file.seek((first - 1) * ENTRY)
        data = file.read(count * ENTRY)
    return [int.from_bytes(data[at : at + 8], "little", signed=True) for at in range(0, len(data), ENTRY)]


def read_repeats(path: Path) -> Repeats:
    data = json.loads(repeats_path(path).read_text())
    return Repeats(
        into={int(number): last for number, last in data["into"].items()},
        of={int(number): offsets for number, offsets in data["of"].items()},
    )

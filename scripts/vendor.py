"""Fetch what the pages borrow into the static files: `python scripts/vendor.py` (needs npm).

Writes Tabler's style sheet, the fonts, one sprite of lucide icons and `VENDOR.md` with each file's version,
licence and sha256, which a test compares. The sprite holds the names of `vendor/icons.txt` and every icon
that a template or a Python file names in an icon tag.
"""

import hashlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).resolve().parent.parent / "firsthand"
VENDOR = PACKAGE / "core" / "ui" / "static" / "firsthand" / "vendor"
ICON_TAG = re.compile(r"""\bicon(?:=|\s+)["']([a-z0-9-]+)["']""")
SOURCE_MAP = re.compile(rb"\n?/\*# sourceMappingURL=\S+ \*/\s*$")


class Source(NamedTuple):
    """One npm package we take files from; `files` maps our path to the package's."""

    spec: str
    licence: str
    files: dict[str, str]


TABLER = Source("@tabler/core@1.6.1", "MIT", {"tabler/tabler.min.css": "dist/css/tabler.min.css"})
LUCIDE = Source("lucide-static@1.62.0", "ISC", {"lucide-LICENSE.txt": "LICENSE"})
INTER = Source(
    "@fontsource-variable/inter@5.3.0",
    "OFL-1.1",
    {
        "fonts/inter-latin-wght-normal.woff2": "files/inter-latin-wght-normal.woff2",
        "fonts/inter-latin-ext-wght-normal.woff2": "files/inter-latin-ext-wght-normal.woff2",
        "fonts/inter-LICENSE.txt": "LICENSE",
    },
)
NEWSREADER = Source(
    "@fontsource-variable/newsreader@5.3.0",
    "OFL-1.1",
    {
        "fonts/newsreader-latin-wght-normal.woff2": "files/newsreader-latin-wght-normal.woff2",
        "fonts/newsreader-latin-wght-italic.woff2": "files/newsreader-latin-wght-italic.woff2",
        "fonts/newsreader-LICENSE.txt": "LICENSE",
    },
)
# Tabler's npm package carries its copyright in the style sheet's head, but no licence file.
MIT = """{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to
permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of
the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT,
TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def main() -> None:
    """Write every vendored file, then the list of them."""
    rows: list[str] = []
    for source in (TABLER, LUCIDE, INTER, NEWSREADER):
        package = fetch(source.spec)
        written = {path: package[inside] for path, inside in source.files.items()}
        if source is TABLER:
            written = tabler(written["tabler/tabler.min.css"])
        if source is LUCIDE:
            written["lucide.svg"] = sprite(package, icon_names()).encode()
        for path, content in sorted(written.items()):
            target = VENDOR / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            rows.append(f"| `{path}` | {source.spec} | {source.licence} | `{hashlib.sha256(content).hexdigest()}` |")
    write_list(rows)


def fetch(spec: str) -> dict[str, bytes]:
    """The package's files by their path inside it, from the registry npm is set up with."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(["npm", "pack", "--silent", spec], check=True, capture_output=True, text=True, cwd=folder)
        archive = Path(folder) / packed.stdout.split()[-1]
        with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as tar:
            found = {member.name.split("/", 1)[1]: tar.extractfile(member) for member in tar if member.isfile()}
            return {name: file.read() for name, file in found.items() if file is not None}


def tabler(css: bytes) -> dict[str, bytes]:
    """The style sheet without its source map's address, which would fail the static files' manifest."""
    head = css.split(b"*/", 1)[0].decode()
    copyright_lines = "\n".join(line.strip(" *") for line in head.splitlines() if "Copyright" in line)
    return {
        "tabler/tabler.min.css": SOURCE_MAP.sub(b"\n", css),
        "tabler/LICENSE.txt": MIT.format(copyright=copyright_lines).encode(),
    }


def icon_names() -> list[str]:
    """Names of `icons.txt` and those used in templates and Python, sorted."""
    names = set((VENDOR / "icons.txt").read_text().split())
    for page in [*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.py")]:
        names.update(ICON_TAG.findall(page.read_text()))
    return sorted(names)


def sprite(package: dict[str, bytes], names: list[str]) -> str:
    """One file of `<symbol>`s; stops with the names lucide does not have."""
    unknown = [name for name in names if f"icons/{name}.svg" not in package]
    if unknown:
        sys.exit(f"lucide has no icon named {', '.join(unknown)}.")
    symbols = []
    for name in names:
        found = re.search(r"<svg.*?>(.*)</svg>", package[f"icons/{name}.svg"].decode(), re.DOTALL)
        body = "".join(line.strip() for line in (found[1] if found else "").splitlines())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def write_list(rows: list[str]) -> None:
    head = (
        "# Files from elsewhere\n\n"
        "Written by `scripts/vendor.py`; change versions there. Each package's licence stands beside its files.\n\n"
        "| file | package | licence | sha256 |\n|---|---|---|---|\n"
    )
    (VENDOR / "VENDOR.md").write_text(head + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()

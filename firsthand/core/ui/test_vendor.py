"""Files from elsewhere are the ones that were looked at, and hold every icon that is named."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "core" / "ui" / "static" / "firsthand" / "vendor"
LINES = re.findall(r"^\| `(\S+)` \| (\S+) \| (\S+) \| `([0-9a-f]{64})` \|$", (VENDOR / "VENDOR.md").read_text(), re.MULTILINE)
NAMED = re.compile(r"""(?:\{%\s*icon\s+|\bicon=|\bglyph=)["']([a-z0-9-]+)["']""")


@pytest.mark.parametrize(("path", "expected"), [(path, digest) for path, _, _, digest in LINES])
def test_a_vendored_file_has_its_checksum(path: str, expected: str) -> None:
    assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == expected


def test_every_vendored_file_is_listed() -> None:
    there = {str(file.relative_to(VENDOR)) for file in VENDOR.rglob("*") if file.is_file()}
    assert there - {"VENDOR.md", "icons.txt"} == {path for path, *_ in LINES}


def test_each_package_has_its_licence_beside_it() -> None:
    packages = {package for _, package, _, _ in LINES}
    assert packages == {package for path, package, _, _ in LINES if "LICENSE" in path}


def test_every_icon_named_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (VENDOR / "lucide.svg").read_text()))
    files = [*ROOT.rglob("*.html"), *(file for file in ROOT.rglob("*.py") if not file.name.startswith("test_"))]
    named = {(name, file.name) for file in files for name in NAMED.findall(file.read_text())}
    assert {found for found in named if found[0] not in drawn} == set()


def test_no_page_has_a_style_attribute_or_script_of_its_own() -> None:
    inline = re.compile(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:")
    assert [file.name for file in ROOT.rglob("templates/**/*.html") if inline.search(file.read_text())] == []


def test_only_the_tokens_name_a_color() -> None:
    color = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)\(")
    sheets = [sheet for sheet in VENDOR.parent.glob("*.css") if sheet.name != "tokens.css"]
    assert [sheet.name for sheet in sheets if color.search(re.sub(r"url\([^)]*\)|#palette-results", "", sheet.read_text()))] == []

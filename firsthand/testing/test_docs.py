"""The manual's links lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_picture_stands_on_a_page() -> None:
    named = {(page.parent / link).resolve() for page in PAGES for link in LINK.findall(page.read_text()) if "://" not in link}
    assert [picture.name for picture in sorted(ROOT.glob("docs/images/*")) if picture not in named] == []

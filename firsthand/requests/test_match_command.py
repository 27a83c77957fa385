"""`firsthand match`: the page's list at the terminal."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from firsthand.matching.match import match
from firsthand.matching.result_json import result_json
from firsthand.references.builders import make_reference
from firsthand.requests.builders import make_request
from firsthand.requests.needs import need_of

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("match", *arguments, stdout=out)
    return out.getvalue()


def test_a_request_prints_the_list_of_its_page() -> None:
    make_reference()
    asked = make_request()
    printed = json.loads(told("--request", str(asked.pk), "--json"))
    on_page = result_json(match(need_of(asked), asked.requester))
    del printed["milliseconds"], on_page["milliseconds"]
    assert printed == on_page
    assert [each["contact"] for each in printed["matches"]] == ["Rae Reference"]


def test_a_need_is_read_from_a_file_and_told_in_words(tmp_path: Path) -> None:
    make_reference()
    file = tmp_path / "need.json"
    file.write_text(json.dumps({"activity_type": "reference-call"}))
    assert "1 fit, 0 do not, 0 lack a must" in told("--need", str(file))
    assert "Rae Reference, Ostvik Bank" in told("--need", str(file))


def test_what_cannot_be_read_ends_with_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "need.json"
    broken.write_text("{")
    for arguments, sentence in {
        ("--need", str(broken)): f"{broken} does not hold JSON in UTF-8.",
        ("--need", str(tmp_path / "none.json")): f"There is no file {tmp_path / 'none.json'} that can be read.",
        ("--request", "99"): "There is no request RQ-99.",
        ("--request", "99", "--as", "nobody@firsthand.example"): "No active colleague has the address nobody@firsthand.example.",
    }.items():
        with pytest.raises(CommandError, match=f"^{sentence}$".replace(".", r"\.")):
            told(*arguments)

import logging
from datetime import timedelta
from types import SimpleNamespace

from gunicorn.config import Config

from firsthand.config.logs import WithoutLinks
from firsthand.config.web import AccessLog

TOKEN = "WyJhc2siLDEsImFiYyJd:1abcDE:sig-nature_"


def test_no_log_line_holds_a_signed_link() -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (f"/l/{TOKEN}/answer/",), None)
    assert WithoutLinks().filter(record)
    assert record.getMessage() == "Not Found: /l/…"


def test_other_lines_stay_as_they_are() -> None:
    record = logging.LogRecord("django", logging.INFO, "", 0, "%s of %s", (1, 2), None)
    assert WithoutLinks().filter(record)
    assert (record.msg, record.args) == ("%s of %s", (1, 2))


def test_the_access_log_drops_what_stands_below_l() -> None:
    path = f"/l/{TOKEN}/"
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": path,
        "PATH_INFO": path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://references.example.com{path}",
    }
    answered, asked = SimpleNamespace(status="200 OK", headers=[], sent=9), SimpleNamespace(headers=[("REFERER", path)])
    atoms = AccessLog(Config()).atoms(answered, asked, environ, timedelta(milliseconds=3))
    assert atoms["r"] == "GET /l/… HTTP/1.1"
    assert not [name for name, value in atoms.items() if TOKEN in str(value)]

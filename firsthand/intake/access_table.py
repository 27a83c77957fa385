"""What this room's routes answer to whom."""

from django.core.files.uploadedfile import SimpleUploadedFile

from firsthand.intake import actions
from firsthand.intake.builders import checked, uploaded, written
from firsthand.intake.models import Import
from firsthand.testing.access import Access
from firsthand.testing.world import World

TEXT = "Company,Sector\nWestmark Bank,Geldhaus\n"


def new(world: World) -> list[int]:
    """A file of Mia's whose columns are still to be matched."""
    return [uploaded("accounts", TEXT, by=world.mia).pk]


def seen(world: World) -> list[int]:
    return [checked("accounts", TEXT).pk]


def done(world: World) -> list[int]:
    return [written(checked("accounts", TEXT)).pk]


def writing(world: World) -> list[int]:
    intake: Import = checked("accounts", TEXT)
    actions.confirm(intake, by=world.mia, background=False)
    return [intake.pk]


def kind(world: World) -> list[str]:
    return ["accounts"]


def file(world: World) -> dict[str, object]:
    return {"kind": "accounts", "file": SimpleUploadedFile("accounts.csv", TEXT.encode())}


READ = "in 403 403 403 200 403 403"
WRITE = "in 403 403 403 302 403 403"
READING = {"encoding": "utf-8", "delimiter": ",", "header_line": "1"}
ROWS = (
    Access("intake:list", "GET", READ),
    Access("intake:list", "POST", WRITE, data=file),
    Access("intake:example", "GET", READ, kind),
    Access("intake:import", "GET", WRITE, new, note="not checked yet"),
    Access("intake:import", "GET", READ, seen, note="to be confirmed"),
    Access("intake:import", "GET", READ, done, note="done"),
    Access("intake:columns", "GET", READ, new),
    Access("intake:columns", "POST", WRITE, new, {"c1": "name"}),
    Access("intake:reading", "POST", WRITE, new, READING),
    Access("intake:mapping", "POST", WRITE, new, {"name": "ERP"}),
    Access("intake:values", "GET", READ, seen),
    Access("intake:values", "POST", WRITE, seen, {"v0": "skip"}),
    Access("intake:commit", "POST", WRITE, seen),
    Access("intake:stop", "POST", WRITE, writing),
    Access("intake:undo", "GET", READ, done),
    Access("intake:undo", "POST", WRITE, done),
    Access("intake:refused", "GET", READ, done),
)

import ast
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import firsthand
from firsthand.customers import actions
from firsthand.customers.actions import AccountFacts, ContactFacts
from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import Account
from firsthand.desk import timeline
from firsthand.desk.sentences import IMPORTED, PHRASES
from firsthand.people.builders import ana, eve, mia
from firsthand.program.builders import make_value

ROOT = Path(firsthand.__file__).parent
WORDED_THERE = {"requests", "testing", "proofs"}  # the moves of requests and asks are worded where they are made


def written_verbs() -> set[str]:
    """Every verb that a `record("...")` anywhere in the program writes, but for those of requests."""
    files = [
        file for file in ROOT.rglob("*.py") if file.relative_to(ROOT).parts[0] not in WORDED_THERE and not file.name.startswith("test_")
    ]
    calls = [node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call) and node.args]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "record"]
    return {first.value for call in named if isinstance(first := call.args[0], ast.Constant) and isinstance(first.value, str)}


def imported_kinds() -> set[str]:
    """The models that a plural deed writes through a `Table`."""
    calls = [node for file in ROOT.rglob("*.py") for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    tables = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Table"]
    models = [word.value for call in tables for word in call.keywords if word.arg == "model"]
    return {model.id.lower()[:20] for model in models if isinstance(model, ast.Name)}


def test_every_verb_the_program_writes_has_a_phrase() -> None:
    assert written_verbs() - PHRASES.keys() == set()
    assert len(written_verbs()) > 40


def test_everything_an_import_writes_has_a_noun() -> None:
    assert imported_kinds() - IMPORTED.keys() == set()


def lines(account: Account, reader: object) -> list[str]:
    return [f"{line.who} {line.what}" for line in timeline.of_record(account, reader, 50)][::-1]  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_history_reads_as_sentences() -> None:
    manager, owner = mia(), ana()
    account = actions.add_account(AccountFacts(name="Ostvik Bank"), by=manager)
    actions.change_account(account, AccountFacts(name="Ostvik Group", location="Oslo", owner=owner), by=manager)
    actions.add_value(account, make_value("Banking"), by=manager)
    contact = actions.add_contact(account, ContactFacts(first_name="Ingrid"), by=owner)
    actions.tie(contact, owner, by=owner, kind="knows", strength=3)
    assert lines(account, manager) == [
        "You added the account",
        "You made Ana Owner the owner",
        "You changed the location and the name",
        "You added Banking",
        "Ana Owner added Ingrid",
        "Ana Owner recorded that Ana Owner knows Ingrid",
    ]


@pytest.mark.django_db
def test_a_contact_one_may_not_see_is_not_named() -> None:
    owner = ana()
    account = make_account(owner=owner)
    actions.add_contact(account, ContactFacts(first_name="Ingrid"), by=owner)
    Account.objects.update(is_hidden=True)
    assert lines(account, eve()) == ["Ana Owner added a contact"]


@pytest.mark.django_db
def test_telling_asks_the_same_of_the_database_however_much_happened() -> None:
    manager = mia()
    account = make_account()
    counts = []
    for number in range(3):
        contact = make_contact(f"Name {number}", account=account)
        actions.tie(contact, manager, by=manager, kind="knows", strength=3)
        with CaptureQueriesContext(connection) as captured:
            timeline.of_record(account, manager, 50)
        counts.append(len(captured))
    assert len(set(counts)) == 1

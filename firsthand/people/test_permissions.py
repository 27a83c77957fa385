from collections.abc import Callable

import pytest
from django.utils import timezone

from firsthand.people.builders import adam, eli, make_colleague, make_name, mia, sam
from firsthand.people.models import Colleague
from firsthand.people.permissions import ADMINS_ONLY, NO_NEW_ADMIN, NOT_YOUR_TEAMS, NOT_YOURS, Move, why_not, why_not_role, why_not_teams

pytestmark = pytest.mark.django_db
Who = Callable[[], Colleague]


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize(("who", "answer"), [(sam, NOT_YOURS), (eli, NOT_YOURS), (mia, None), (adam, None)])
def test_managers_and_administrators_keep_the_list(who: Who, move: Move, answer: str | None) -> None:
    colleague = make_name()
    colleague.email = "nora@firsthand.example"
    if move == Move.REACTIVATE:
        colleague.deactivated_at = timezone.now()

    assert why_not(who(), move, colleague) == answer


@pytest.mark.parametrize("move", [Move.EDIT, Move.INVITE, Move.DEACTIVATE, Move.REACTIVATE])
def test_only_an_administrator_changes_an_administrator(move: Move) -> None:
    assert why_not(mia(), move, adam()) == ADMINS_ONLY


def test_the_last_administrator_stays() -> None:
    only = adam()
    Colleague.objects.create(name="Nia Never", email="nia@firsthand.example", role=Colleague.Role.ADMIN)
    sentence = "Adam Admin is the last administrator who can sign in. Make somebody else one first."

    assert why_not_role(only, Colleague.Role.MEMBER, only) == sentence
    assert why_not(make_colleague("Unsaved Admin", role=Colleague.Role.ADMIN), Move.DEACTIVATE, only) is None
    Colleague.objects.filter(name="Unsaved Admin").update(deactivated_at=timezone.now())
    assert why_not(Colleague(role=Colleague.Role.ADMIN), Move.DEACTIVATE, only) == sentence


def test_nobody_deactivates_themselves() -> None:
    me = mia()
    assert why_not(me, Move.DEACTIVATE, me) == "You cannot deactivate yourself. Another program manager or administrator can."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Nora Name has no e-mail address yet. Add one first."),
        ({"email": "nora@firsthand.example", "password": "hash"}, "Nora Name can sign in already."),
        ({"deactivated_at": timezone.now()}, "Nora Name is deactivated. Reactivate them first."),
    ],
)
def test_who_cannot_be_invited(changes: dict[str, object], sentence: str) -> None:
    colleague = make_name()
    for name, value in changes.items():
        setattr(colleague, name, value)

    assert why_not(mia(), Move.INVITE, colleague) == sentence


@pytest.mark.parametrize(("who", "answer"), [(mia, NO_NEW_ADMIN), (adam, None)])
def test_only_an_administrator_makes_one(who: Who, answer: str | None) -> None:
    assert why_not_role(who(), Colleague.Role.ADMIN) == answer


@pytest.mark.parametrize(("who", "answer"), [(sam, NOT_YOUR_TEAMS), (eli, NOT_YOUR_TEAMS), (mia, None), (adam, None)])
def test_who_keeps_teams(who: Who, answer: str | None) -> None:
    assert why_not_teams(who()) == answer

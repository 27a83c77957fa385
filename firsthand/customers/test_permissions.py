import pytest

from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import Account, Contact
from firsthand.customers.permissions import Move, why_not
from firsthand.customers.sight import Reach, reach
from firsthand.people.builders import ana, eli, eve, make_colleague, mia, sam
from firsthand.people.models import Colleague

pytestmark = pytest.mark.django_db

OWNER = "is for Ana Owner, who owns it, the deputy and program managers."
EXECUTIVE = "Executive sponsors read accounts and do not change them."
ADMIN = "Administrators read accounts and do not change them."
MERGING = "Merging is for program managers."
ALLOWED = None

TABLE = [
    # move, owner, deputy, manager, executive, support lead, other member
    (Move.ADD, ALLOWED, ALLOWED, ALLOWED, EXECUTIVE, ALLOWED, ALLOWED),
    (Move.ADD_CONTACT, ALLOWED, ALLOWED, ALLOWED, EXECUTIVE, ALLOWED, ALLOWED),
    (Move.TIE, ALLOWED, ALLOWED, ALLOWED, EXECUTIVE, ALLOWED, ALLOWED),
    (Move.EDIT, ALLOWED, ALLOWED, ALLOWED, EXECUTIVE, f"Editing this account {OWNER}", f"Editing this account {OWNER}"),
    (Move.EDIT_CONTACT, ALLOWED, ALLOWED, ALLOWED, EXECUTIVE, f"Editing people {OWNER}", f"Editing people {OWNER}"),
    (
        Move.SIGNAL,
        ALLOWED,
        ALLOWED,
        ALLOWED,
        EXECUTIVE,
        ALLOWED,
        "Recording signals is for Ana Owner, who owns it, the deputy, support leads and program managers.",
    ),
    (Move.MERGE, MERGING, MERGING, ALLOWED, EXECUTIVE, MERGING, MERGING),
]


@pytest.fixture
def cast() -> list[Colleague]:
    """Owner, deputy, manager, executive, support lead, somebody else."""
    owner, deputy, support, outsider = ana(), make_colleague("Dan Deputy"), make_colleague("Sue Support"), eve()
    owner.deputy = deputy
    owner.save()
    support.is_support_lead = True
    support.save()
    return [owner, deputy, mia(), eli(), support, outsider]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_who_may_do_what_to_an_account(row: tuple[str | None, ...], cast: list[Colleague]) -> None:
    move, *expected = row
    assert move is not None
    account = make_account(owner=cast[0])
    assert [why_not(colleague, Move(move), account) for colleague in cast] == expected


def test_nobody_owns_it_means_managers_keep_it() -> None:
    assert why_not(sam(), Move.EDIT, make_account()) == "Editing this account is for program managers until somebody owns it."


def test_administrators_keep_out() -> None:
    assert why_not(make_colleague("Ada Admin", role="admin"), Move.ADD) == ADMIN


def test_how_to_reach_a_contact_is_masked_but_for_those_close(cast: list[Colleague]) -> None:
    contact = make_contact(account=make_account(owner=cast[0]))
    contact.phone = "+47 22 33 44 55"
    shown, hidden = (
        Reach("rae@customer.example", "+47 22 33 44 55", is_masked=False),
        Reach("r•••••@c•••••.example", "•••• 55", is_masked=True),
    )
    assert [reach(contact, colleague) for colleague in cast] == [shown, shown, shown, hidden, hidden, hidden]
    assert reach(contact, cast[-1], accepted=True) == shown


def test_where_nothing_is_known_nothing_is_masked() -> None:
    contact = make_contact()
    contact.email = ""
    assert reach(contact, eve()) == Reach("", "", is_masked=False)


def test_hidden_accounts_and_their_people_are_seen_by_those_close(cast: list[Colleague]) -> None:
    hidden = make_account("Hidden", owner=cast[0])
    Account.objects.filter(pk=hidden.pk).update(is_hidden=True)
    make_contact(account=hidden)
    for colleague, sees in zip(cast, [True, True, True, True, False, False], strict=True):
        assert Account.objects.visible_to(colleague).exists() is sees
        assert Contact.objects.visible_to(colleague).exists() is sees

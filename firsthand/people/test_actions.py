from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from firsthand.core.links import read_token, token
from firsthand.core.models import Link
from firsthand.core.refused import Refused
from firsthand.history.models import Event, Message
from firsthand.people import actions, mail
from firsthand.people.actions import ColleagueFacts, OwnSettings, TeamFacts
from firsthand.people.actions.access import is_open_to_first_visitor
from firsthand.people.builders import adam, ana, make_colleague, make_name, make_team, mia, sam
from firsthand.people.models import Colleague, Opening, Team

pytestmark = pytest.mark.django_db
NORA = ColleagueFacts("Nora Name", email="Nora@Firsthand.example ")


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def invited() -> tuple[Colleague, Link]:
    colleague = actions.add_colleague(NORA, by=mia())
    invitation = actions.invite(colleague, by=Colleague.objects.get(name="Mia Manager"))
    return colleague, Link.objects.get(purpose="invitation", subject_id=invitation.pk)


def test_a_name_is_enough_for_a_colleague() -> None:
    colleague = actions.add_colleague(ColleagueFacts("Moses Frase"), by=mia())

    assert (colleague.email, colleague.can_sign_in) == (None, False)
    assert verbs() == ["colleague_added"]


def test_addresses_are_kept_in_lower_case() -> None:
    assert actions.add_colleague(NORA, by=mia()).email == "nora@firsthand.example"


def test_an_address_belongs_to_one_colleague() -> None:
    sam()
    with pytest.raises(Refused, match=r"sam@firsthand\.example belongs to Sam Seller already"):
        actions.add_colleague(ColleagueFacts("Samuel", email="SAM@firsthand.example"), by=mia())


def test_a_change_is_written_with_what_changed() -> None:
    colleague, team = sam(), make_team()

    actions.change_colleague(colleague, replace(ColleagueFacts.of(colleague), team=team, role="executive"), by=mia(), revision=1)

    colleague.refresh_from_db()
    assert (colleague.team, colleague.role, colleague.revision) == (team, "executive", 2)
    assert Event.objects.get().facts == {"changed": ["team", "role"], "role": ["member", "executive"]}


def test_saving_what_stands_changes_nothing() -> None:
    colleague = sam()
    assert actions.change_colleague(colleague, ColleagueFacts.of(colleague), by=mia(), revision=1) == []
    assert verbs() == []


def test_a_change_over_an_older_revision_is_refused() -> None:
    colleague, manager = sam(), mia()
    actions.change_colleague(colleague, replace(ColleagueFacts.of(colleague), title="Seller"), by=manager, revision=1)

    with pytest.raises(Refused, match="Somebody changed Sam Seller meanwhile"):
        actions.change_colleague(colleague, replace(ColleagueFacts.of(colleague), title="Boss"), by=manager, revision=1)


def test_nobody_is_their_own_deputy() -> None:
    colleague = sam()
    with pytest.raises(Refused, match="Nobody is their own deputy"):
        actions.change_colleague(colleague, replace(ColleagueFacts.of(colleague), deputy=colleague), by=mia(), revision=1)


def test_the_last_administrator_is_not_demoted() -> None:
    only = adam()
    with pytest.raises(Refused, match="last administrator"):
        actions.change_colleague(only, replace(ColleagueFacts.of(only), role="member"), by=only, revision=1)


def test_the_last_administrator_keeps_an_address_to_sign_in_with() -> None:
    only = adam()
    with pytest.raises(Refused, match="last administrator"):
        actions.change_colleague(only, replace(ColleagueFacts.of(only), email=""), by=only, revision=1)
    actions.change_colleague(only, replace(ColleagueFacts.of(only), email="adam@new.example"), by=only, revision=1)


def test_a_manager_makes_no_administrator() -> None:
    with pytest.raises(Refused, match="Only an administrator makes") as refusal:
        actions.add_colleague(ColleagueFacts("Ada", role="admin"), by=mia())
    assert refusal.value.status == 403


def test_an_invitation_is_mailed_and_sets_a_password_once() -> None:
    colleague, link = invited()
    message = Message.objects.get()
    rendered = mail.invitation(message, timezone.now())

    assert (rendered.to_address, rendered.subject) == ("nora@firsthand.example", "Mia Manager invites you to Firsthand")
    assert token(link) in rendered.text()
    assert "/l/" not in rendered.text(live=False)

    signed_in = actions.set_password_by_link(link, "correct-horse")

    assert signed_in == colleague
    assert signed_in.check_password("correct-horse")
    with pytest.raises(Refused, match="This link has been used") as refusal:
        actions.set_password_by_link(link, "another-horse")
    assert refusal.value.status == 410
    assert mail.why_not_invite(message, timezone.now()) == mail.ENDED
    assert verbs() == ["colleague_added", "colleague_invited", "invitation_accepted"]


def test_a_second_invitation_ends_the_first() -> None:
    colleague, first = invited()
    actions.invite(colleague, by=Colleague.objects.get(name="Mia Manager"))

    with pytest.raises(Refused, match="withdrawn"):
        actions.set_password_by_link(first, "correct-horse")
    assert [mail.why_not_invite(message, timezone.now()) for message in Message.objects.order_by("id")] == [mail.ENDED, None]


def test_a_new_address_ends_an_invitation_to_the_old_one() -> None:
    colleague, link = invited()
    changed = replace(ColleagueFacts.of(colleague), email="n.name@firsthand.example")
    actions.change_colleague(colleague, changed, by=Colleague.objects.get(name="Mia Manager"), revision=1)

    with pytest.raises(Refused, match="withdrawn"):
        read_token(token(link))


def test_an_invitation_ends_after_two_weeks() -> None:
    _, link = invited()
    assert timedelta(days=13) < link.expires_at - timezone.now() <= timedelta(days=14)


def test_a_new_password_is_asked_for_by_mail_and_untold_where_nobody_has_the_address() -> None:
    colleague = sam()
    actions.request_new_password("nobody@firsthand.example")
    assert not Message.objects.exists()

    actions.request_new_password("SAM@firsthand.example")

    link, message = Link.objects.get(), Message.objects.get()
    assert mail.why_not_new_password(message, timezone.now()) is None
    assert token(link) in mail.new_password(message, timezone.now()).text()
    actions.set_password_by_link(link, "correct-horse")
    assert Colleague.objects.get(pk=colleague.pk).check_password("correct-horse")


def test_who_was_deactivated_can_no_longer_use_a_link() -> None:
    colleague, link = invited()
    actions.deactivate(colleague, by=Colleague.objects.get(name="Mia Manager"))

    with pytest.raises(Refused):
        actions.set_password_by_link(link, "correct-horse")


def test_reactivation_invites_to_choose_a_new_password() -> None:
    colleague, manager = sam(), mia()
    actions.deactivate(colleague, by=manager)
    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.can_sign_in) == (False, False)

    actions.reactivate(colleague, by=manager)

    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.can_sign_in) == (True, False)
    assert verbs() == ["colleague_deactivated", "colleague_reactivated", "colleague_invited"]
    link = Link.objects.get(purpose="invitation", holder_id=colleague.pk)
    actions.set_password_by_link(link, "correct-horse")
    assert Colleague.objects.get(pk=colleague.pk).can_sign_in


def test_whoever_has_no_address_comes_back_without_an_invitation() -> None:
    colleague, manager = Colleague.objects.create(name="Nora Name"), mia()
    actions.deactivate(colleague, by=manager)
    actions.reactivate(colleague, by=manager)
    assert verbs() == ["colleague_deactivated", "colleague_reactivated"]


def test_the_first_visitor_becomes_the_administrator_and_the_door_closes() -> None:
    assert is_open_to_first_visitor()

    first = actions.open_installation(name="Ada", email="Ada@firsthand.example", password="correct-horse")

    assert (first.role, first.email) == ("admin", "ada@firsthand.example")
    assert not is_open_to_first_visitor()
    with pytest.raises(Refused, match="has been set up"):
        actions.open_installation(name="Bob", email="bob@firsthand.example", password="correct-horse")


def test_the_door_stays_closed_once_somebody_can_sign_in() -> None:
    make_name()
    assert is_open_to_first_visitor()
    make_colleague()
    assert not is_open_to_first_visitor()
    with pytest.raises(Refused, match="has been set up"):
        actions.open_installation(name="Bob", email="bob@firsthand.example", password="correct-horse")
    assert not Opening.objects.exists()


def test_a_team_is_added_changed_and_dissolved() -> None:
    manager, seller = mia(), sam()
    team = actions.add_team(TeamFacts("Nordics", lead=seller), by=manager)
    Colleague.objects.filter(pk=seller.pk).update(team=team)

    actions.change_team(team, TeamFacts("North", lead=manager), by=manager)
    assert Team.objects.values_list("name", "lead").get() == ("North", manager.pk)

    actions.remove_team(team, by=manager)
    seller.refresh_from_db()
    assert (seller.team, Team.objects.count()) == (None, 0)
    assert verbs() == ["team_added", "team_changed", "team_removed"]


def test_two_teams_do_not_share_a_name() -> None:
    make_team("Nordics")
    with pytest.raises(Refused, match="There is a team called Nordics already"):
        actions.add_team(TeamFacts("Nordics"), by=mia())


def test_a_member_keeps_no_list() -> None:
    with pytest.raises(Refused) as refusal:
        actions.add_colleague(NORA, by=ana())
    assert refusal.value.status == 403


def test_a_member_keeps_no_teams() -> None:
    with pytest.raises(Refused) as refusal:
        actions.add_team(TeamFacts("Mine"), by=ana())
    assert refusal.value.status == 403


def test_own_settings_are_kept() -> None:
    seller = sam()
    actions.save_own_settings(seller, OwnSettings("Samuel Seller", "Europe/Oslo", letter_keys=False))

    seller.refresh_from_db()
    assert (seller.name, seller.time_zone, seller.letter_keys, seller.revision) == ("Samuel Seller", "Europe/Oslo", False, 2)

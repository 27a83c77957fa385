from datetime import timedelta

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from firsthand.core import links
from firsthand.core.models import Link
from firsthand.history.models import Message
from firsthand.people import actions
from firsthand.people.builders import make_colleague, make_name, mia, sam
from firsthand.people.models import Colleague

pytestmark = pytest.mark.django_db
PASSWORD = "horse-battery-staple"


def sign_in(client: Client, *, email: str = "sam@firsthand.example", password: str = PASSWORD) -> int:
    return client.post("/sign-in/", {"login": email, "password": password}).status_code


def invited() -> tuple[Colleague, Link]:
    colleague = make_name()
    Colleague.objects.filter(pk=colleague.pk).update(email="nora@firsthand.example")
    invitation = actions.invite(colleague, by=mia())
    return colleague, Link.objects.get(purpose="invitation", subject_id=invitation.pk)


def open_link(client: Client, link: Link) -> str:
    return client.get(f"/l/{links.token(link)}/")["Location"]


def test_a_colleague_signs_in_by_address_and_password(client: Client) -> None:
    sam()
    assert sign_in(client, email="SAM@firsthand.example") == 302
    assert client.get("/settings/").status_code == 200


def test_a_wrong_password_is_told_in_one_sentence(client: Client) -> None:
    sam()
    answer = client.post("/sign-in/", {"login": "sam@firsthand.example", "password": "wrong"})
    assert b"The e-mail address and the password do not fit together." in answer.content


def test_a_name_alone_does_not_sign_in(client: Client) -> None:
    sam()
    Colleague.objects.create(name="Nora Name", email="nora@firsthand.example")
    assert sign_in(client, email="nora@firsthand.example", password="") == 200
    assert sign_in(client, email="nora@firsthand.example", password="x") == 200


def test_tries_are_throttled(client: Client) -> None:
    sam()
    answers = [sign_in(client, password="wrong") for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert sign_in(client) == 429

    answer = client.post("/sign-in/", {"login": "sam@firsthand.example", "password": PASSWORD})
    assert b"Too many tries. Wait five minutes, then try again." in answer.content


def test_asking_for_passwords_is_throttled(client: Client) -> None:
    sam()
    path = reverse("account_reset_password")
    answers = [client.post(path, {"email": "sam@firsthand.example"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_sign_out_needs_a_post(client: Client) -> None:
    client.force_login(sam())
    assert client.get("/sign-out/").status_code == 200
    assert client.get("/settings/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/settings/").status_code == 302


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_confirm_email", "account_reset_password_from_key"])
def test_what_is_not_needed_of_allauth_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_an_empty_installation_sends_the_visitor_to_the_first_run(client: Client) -> None:
    make_name()
    assert client.get("/sign-in/")["Location"] == "/first-run/"
    make_colleague()
    assert client.get("/sign-in/").status_code == 200


def test_an_invitation_is_taken_by_choosing_a_password(client: Client) -> None:
    colleague, link = invited()
    page = open_link(client, link)
    assert page == f"/invitation/{link.pk}/"
    assert client.get(page).status_code == 200

    answer = client.post(page, {"password": PASSWORD})

    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(colleague.pk)
    assert sign_in(Client(), email="nora@firsthand.example") == 302


def test_looking_at_an_invitation_changes_nothing(client: Client) -> None:
    colleague, link = invited()
    client.get(open_link(client, link))
    colleague.refresh_from_db()
    link.refresh_from_db()
    assert (colleague.can_sign_in, link.used_at) == (False, None)


def test_a_used_invitation_says_so(client: Client) -> None:
    _, link = invited()
    actions.set_password_by_link(link, PASSWORD)
    answer = client.get(open_link(client, link))
    assert answer.status_code == 410
    assert b"This link has been used." in answer.content


@pytest.mark.parametrize("password", ["short", "password123", ""])
def test_a_weak_password_is_refused_and_the_link_lives_on(client: Client, password: str) -> None:
    _, link = invited()
    page = open_link(client, link)
    assert client.post(page, {"password": password}).status_code == 400
    assert client.post(page, {"password": PASSWORD}).status_code == 302


def test_an_invitation_opens_no_page_of_another_purpose(client: Client) -> None:
    _, link = invited()
    open_link(client, link)
    assert client.get(f"/new-password/{link.pk}/").status_code == 410


def test_a_forgotten_password_is_replaced_by_mail(client: Client) -> None:
    seller = sam()
    client.post(reverse("account_reset_password"), {"email": "sam@firsthand.example"})
    assert Message.objects.get().kind == "new_password"

    page = open_link(client, Link.objects.get(subject_id=seller.pk))
    client.post(page, {"password": "another-battery"})

    assert sign_in(Client(), password="another-battery") == 302
    assert sign_in(Client()) == 200


def test_an_expired_link_is_gone(client: Client) -> None:
    _, link = invited()
    Link.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(f"/l/{links.token(link)}/").status_code == 410


def test_deactivation_ends_a_session_at_the_next_request(client: Client) -> None:
    seller = sam()
    client.force_login(seller)
    assert client.get("/settings/").status_code == 200

    actions.deactivate(seller, by=mia())
    assert client.get("/settings/").status_code == 302

    actions.reactivate(seller, by=Colleague.objects.get(name="Mia Manager"))
    assert client.get("/settings/").status_code == 302

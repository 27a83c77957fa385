"""Several requests want one person: who goes first is proposed, nothing is decided."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from firsthand.program.builders import make_program, value_named
from firsthand.references.models import Reference, ReferenceValue
from firsthand.requests import actions
from firsthand.requests.builders import make_cast, make_policy, make_rae, make_request
from firsthand.requests.competing import also_wanted, contested, contests, how_many_contested
from firsthand.requests.models import Ask, Criterion, ReferenceRequest
from firsthand.testing.clock import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache(clock: object) -> None:
    cache.clear()


def scarce_and_easy() -> tuple[ReferenceRequest, ReferenceRequest, Reference]:
    """Two requests with an ask of Rae each: one asks for a bank, and only Rae is one; the other would take Ria and Noa as well."""
    _, _, mia = make_cast()
    make_program()
    make_policy()
    easy, scarce = make_request(needed_by=NOW.date() + timedelta(days=5)), make_request()
    rae = make_rae()
    make_rae("Ria Second", company="Second Shop")
    make_rae("Noa Third", company="Third Shop")
    ReferenceValue.objects.create(reference=rae, value=value_named("Banking"))
    Criterion.objects.create(reference_request=scarce, value=value_named("Banking"), importance="must")
    for each in (easy, scarce):
        actions.propose(each, [rae], by=mia)
    return scarce, easy, rae


def test_the_scarcest_request_is_proposed_first_though_it_is_due_later() -> None:
    scarce, easy, rae = scarce_and_easy()
    assert (contested(), how_many_contested()) == ([rae.pk], 1)
    [contest] = contests(contested(), make_cast()[2])
    assert [(each.reference_request, each.others, each.others_words) for each in contest.wanting] == [
        (scarce, 0, "Nobody else"),
        (easy, 2, "2 others"),
    ]
    assert contest.proposal == f"{scarce} first: nobody else fits it, while {easy} has 2 others."


def test_where_as_many_fit_both_the_sooner_goes_first() -> None:
    _, _, mia = make_cast()
    later, sooner = make_request(), make_request(needed_by=NOW.date() + timedelta(days=5))
    rae = make_rae()
    for each in (later, sooner):
        actions.propose(each, [rae], by=mia)
    [contest] = contests(contested(), mia)
    assert contest.proposal == f"{sooner} first: as many others fit both, and it is due sooner."


@pytest.mark.parametrize(
    ("needed", "counts", "why"),
    [
        (7, 4, "it counts as due sooner"),
        (7, 5, "of two that count as due on one day it came first"),
        (4, 4, "it is due sooner"),
    ],
)
def test_a_tie_is_told_by_the_day_it_goes_by(needed: int, counts: int, why: str) -> None:
    """A big deal counts days earlier than the day the table shows."""
    _, _, mia = make_cast()
    day = NOW.date()
    big, other = make_request(needed_by=day + timedelta(days=needed)), make_request(needed_by=day + timedelta(days=5))
    rae = make_rae()
    for each, rank in ((big, counts), (other, 5)):
        actions.propose(each, [rae], by=mia)
        ReferenceRequest.objects.filter(pk=each.pk).update(rank_on=day + timedelta(days=rank))
    [contest] = contests(contested(), mia)
    assert contest.proposal == f"{big} first: as many others fit both, and {why}."


@pytest.mark.parametrize(
    ("status", "wants"), [("proposed", True), ("expired", True), ("sent", False), ("declined", False), ("scheduled", False)]
)
def test_who_is_named_is_wanted_until_their_ask_is_decided(status: str, *, wants: bool) -> None:
    _, _, mia = make_cast()
    rae, named, other = make_rae(), make_request(), make_request(needed_by=NOW.date() + timedelta(days=20))
    ReferenceRequest.objects.filter(pk=named.pk).update(named_contact=rae.contact)
    assert [row.reference_request for each in also_wanted([rae.pk], other, mia) for row in each.wanting] == [named, other]
    actions.propose(named, [rae], by=mia)
    Ask.objects.update(status=status)
    cache.clear()
    assert bool(also_wanted([rae.pk], other, mia)) is wants


def test_what_is_sent_is_decided_and_what_is_canceled_wants_nobody() -> None:
    _, ana, mia = make_cast()
    _, easy, _ = scarce_and_easy()
    ask = Ask.objects.get(reference_request=easy)
    actions.approve(ask, by=ana)
    assert how_many_contested() == 1
    actions.send(ask, by=mia)
    assert how_many_contested() == 0


def test_the_matches_page_says_that_somebody_is_wanted_elsewhere() -> None:
    scarce, easy, rae = scarce_and_easy()
    third = make_request()
    mia = make_cast()[2]
    [contest] = also_wanted([rae.pk], third, mia)
    assert {each.reference_request for each in contest.wanting} == {scarce, easy, third}
    ReferenceRequest.objects.filter(pk=third.pk).update(named_contact=rae.contact)
    actions.withdraw(scarce, by=mia)
    cache.clear()
    [named] = also_wanted([rae.pk], easy, mia)
    assert [(each.reference_request, each.state) for each in named.wanting] == [(easy, "Waiting for owner"), (third, "Not proposed yet")]


def test_the_page_shows_them_side_by_side() -> None:
    scarce, easy, _ = scarce_and_easy()
    client = Client()
    client.force_login(make_cast()[2], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/requests/competing/").content.decode()
    assert "1 person is wanted by several requests" in page
    assert page.index(f"/requests/{scarce.pk}/") < page.index(f"/requests/{easy.pk}/")
    assert "1 person</a>" not in page
    assert ": 1 person, with a proposal for each." in client.get("/").content.decode()

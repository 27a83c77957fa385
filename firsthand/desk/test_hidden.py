"""What is hidden leaks through nothing that stands beside it: a parent's name, a prospect's, a search that answers yes or no."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from firsthand.customers.builders import make_account
from firsthand.customers.finding import refresh_accounts
from firsthand.customers.models import Account
from firsthand.deals import finding
from firsthand.deals.actions import DealFacts, add_deal, change_deal
from firsthand.deals.finding import refresh_deals
from firsthand.deals.models import Opportunity
from firsthand.people.models import Colleague
from firsthand.program.builders import make_activity_type
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae

pytestmark = pytest.mark.django_db
HIDDEN = "Hushed Bank"


def hidden_account(owner: Colleague | None = None) -> Account:
    account = make_account(HIDDEN, owner=owner)
    account.is_hidden = True
    account.save(update_fields=["is_hidden"])
    return account


def text(colleague: Colleague, address: str, query: dict[str, str] | None = None) -> str:
    client = Client()
    client.force_login(colleague)
    answer = client.get(address, query or {})
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()  # type: ignore[attr-defined]


def test_a_hidden_parent_is_not_named() -> None:
    sam, _, mia = make_cast()
    child = make_account("Ostvik Bank", owner=sam)
    Account.objects.filter(pk=child.pk).update(parent=hidden_account())
    places = [
        (reverse("customers:list"), {}),
        (reverse("customers:list"), {"as": "csv"}),
        (reverse("desk:account", args=[child.pk]), {}),
        (reverse("customers:edit", args=[child.pk]), {}),
    ]
    assert [HIDDEN in text(mia, *place) for place in places] == [True] * 4
    assert [HIDDEN in text(sam, *place) for place in places] == [False] * 4


def test_an_account_saved_by_somebody_who_does_not_see_its_parent_keeps_it() -> None:
    sam, _, _ = make_cast()
    child = make_account("Ostvik Bank", owner=sam)
    Account.objects.filter(pk=child.pk).update(parent=hidden_account())
    client = Client()
    client.force_login(sam)
    client.post(reverse("customers:edit", args=[child.pk]), {"name": "Ostvik", "owner": sam.pk, "revision": child.revision})
    child.refresh_from_db()
    assert (child.name, child.parent and child.parent.name) == ("Ostvik", HIDDEN)


def test_a_hidden_prospect_is_not_named_where_its_deal_is() -> None:
    sam, ana, mia = make_cast()
    deal = Opportunity.objects.create(account=hidden_account(), owner=sam)
    needed_by = timezone.now().date() + timedelta(days=10)
    wish = actions.Wish(make_activity_type(), needed_by, "Speed", opportunity=deal, like_account=deal.account)
    ask = make_ask(reference_request=actions.file_request(wish, by=sam), reference=make_rae())
    request_id = ask.reference_request_id
    places = [
        (reverse("requests:list"), {"view": "open"}),
        (reverse("requests:list"), {"view": "open", "as": "csv"}),
        (reverse("desk:request", args=[request_id]), {}),
        (reverse("requests:ask", args=[ask.pk]), {}),
        (reverse("upkeep:notices"), {}),
    ]
    for reader in (sam, ana):
        assert [HIDDEN in text(reader, *place) for place in places] == [False] * len(places)
    assert [HIDDEN in text(mia, *place) for place in places] == [True] * len(places)
    assert [HIDDEN in text(reader, reverse("desk:home")) for reader in (sam, ana)] == [False, False]
    assert HIDDEN not in text(sam, reverse("requests:new"), {"deal": str(deal.pk)})
    assert HIDDEN not in text(ana, reverse("requests:approval", args=[ask.pk]))


def test_no_search_tells_that_a_hidden_prospect_is_there() -> None:
    sam, _, mia = make_cast()
    deal = add_deal(DealFacts("Atlas", prospect_name=HIDDEN), by=sam)
    change_deal(deal, DealFacts("Atlas", account=hidden_account(), prospect_name=HIDDEN, owner=sam), by=mia)
    deal.refresh_from_db()
    assert deal.prospect_name == ""
    Opportunity.objects.update(prospect_name=HIDDEN)  # as older rows have it
    refresh_deals(Opportunity.objects.all())
    needed_by = timezone.now().date() + timedelta(days=10)
    actions.file_request(actions.Wish(make_activity_type(), needed_by, "Speed", opportunity=deal), by=sam)
    assert not finding.found(Opportunity.objects.all(), "Hushed", sam)
    found = [f"{count} request" in text(reader, reverse("requests:list"), {"q": "Hushed"}) for reader, count in ((mia, 1), (sam, 0))]
    assert found == [True, True]


def test_a_search_takes_a_hidden_name_as_one_that_is_nobodys() -> None:
    sam, _, mia = make_cast()
    refresh_accounts([make_account("Hashed Bank"), hidden_account()])
    for place in (reverse("desk:find"), reverse("customers:list")):
        assert ["Hashed Bank" in text(reader, place, {"q": "Hushed"}) for reader in (sam, mia)] == [True, False]
        assert [HIDDEN in text(reader, place, {"q": "Hushed"}) for reader in (sam, mia)] == [False, True]

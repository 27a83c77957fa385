import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.people.builders import eve, mia, sam
from firsthand.people.models import Colleague, SavedFilter
from firsthand.people.saved_filters import LISTS, save_filter, saved_filters, tidy

pytestmark = pytest.mark.django_db


def test_a_filter_is_saved_shown_marked_and_deleted(client: Client) -> None:
    client.force_login(sam())
    response = client.post("/filters/accounts/", {"name": "Banks", "query": "q=bank&after=7&at=50&owner="})
    assert response["Location"] == "/accounts/?q=bank"
    page = client.get("/accounts/?q=bank").content.decode()
    assert '<a href="?q=bank" aria-current="page">Banks</a>' in page
    assert "Delete this saved filter" in page
    assert "Delete this saved filter" not in client.get("/accounts/").content.decode()
    client.post(f"/filters/{SavedFilter.objects.get().pk}/deletion/")
    assert not SavedFilter.objects.exists()


def test_one_sees_ones_own_filters_and_the_shared_ones() -> None:
    seller, other = sam(), eve()
    save_filter("accounts", "Mine", "q=a", is_shared=False, by=seller)
    save_filter("accounts", "Ours", "q=b", is_shared=True, by=seller)
    save_filter("deals", "Elsewhere", "q=c", is_shared=True, by=seller)
    assert [link.label for link in saved_filters("accounts", seller).links] == ["All", "Mine", "Ours"]
    assert [link.label for link in saved_filters("accounts", other).links] == ["All", "Ours"]
    assert (len(saved_filters("accounts", seller).delete_urls), saved_filters("accounts", other).delete_urls) == (2, {})


def test_the_same_name_again_replaces_it() -> None:
    seller = sam()
    for query in ("q=a", "q=b"):
        save_filter("accounts", "Mine", query, is_shared=False, by=seller)
    assert SavedFilter.objects.get().query == "q=b"


@pytest.mark.parametrize(
    ("name", "query", "in_list"), [("", "q=a", "accounts"), ("x" * 81, "q=a", "accounts"), ("A", "", "accounts"), ("A", "q=a", "x")]
)
def test_what_cannot_be_saved_is_refused(name: str, query: str, in_list: str) -> None:
    with pytest.raises(Refused) as refusal:
        save_filter(in_list, name, query, is_shared=False, by=sam())
    assert (refusal.value.status, SavedFilter.objects.count()) == (400, 0)


def test_somebody_elses_filter_is_not_deleted(client: Client) -> None:
    saved = save_filter("accounts", "Ours", "q=b", is_shared=True, by=sam())
    client.force_login(eve())
    assert client.post(f"/filters/{saved.pk}/deletion/").status_code == 404


def test_a_shared_filter_of_somebody_who_has_left_is_deleted_by_a_manager(client: Client) -> None:
    seller, manager = sam(), mia()
    shared = save_filter("accounts", "Ours", "q=b", is_shared=True, by=seller)
    private = save_filter("accounts", "Mine", "q=c", is_shared=False, by=seller)
    assert saved_filters("accounts", manager).delete_urls == {}
    Colleague.objects.filter(pk=seller.pk).update(deactivated_at=timezone.now())
    assert saved_filters("accounts", eve()).delete_urls == {}
    assert saved_filters("accounts", manager).delete_urls == {"?q=b": f"/filters/{shared.pk}/deletion/"}
    client.force_login(manager)
    assert "Delete this saved filter" in client.get("/accounts/?q=b").content.decode()
    assert client.post(f"/filters/{private.pk}/deletion/").status_code == 404
    assert client.post(f"/filters/{shared.pk}/deletion/").status_code == 302
    assert list(SavedFilter.objects.all()) == [private]


def test_a_place_in_the_list_is_not_saved() -> None:
    assert tidy("q=a&after=3&before=4&at=5&as=csv&x=") == "q=a"
    assert tidy("q=" + "x" * 2000) == ""


def test_every_list_has_its_page() -> None:
    assert all(reverse(name) for name in LISTS.values())

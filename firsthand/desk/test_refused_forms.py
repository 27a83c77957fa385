"""What a form of an ask's page refuses stands on that page, beside what was typed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from firsthand.desk.test_requests import signed_in
from firsthand.desk.test_sharing import fixed, joined
from firsthand.program.builders import make_policy
from firsthand.references.builders import make_engagement
from firsthand.requests.builders import make_ask, make_cast
from firsthand.requests.models import Ask, Attendee, Occasion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def asked() -> Ask:
    return make_ask("sent")


def barred() -> Ask:
    """The reference speaks two days before, and the program's gap is two weeks."""
    ask = make_ask()
    make_engagement(ask.reference, ask.reference_request.needed_by - timedelta(days=2))
    make_policy(limits={"min_gap_days": 14})
    return ask


def held() -> Ask:
    ask = make_ask("held")
    Attendee.objects.all().delete()
    return ask


def shared() -> Ask:
    return fixed()


@pytest.mark.parametrize(
    ("made", "who", "name", "posted", "told"),
    [
        (
            asked,
            "mia",
            "cancellation",
            {"reason": "Plans changed", "seen": "approved"},
            (409, ["moved on: it is sent now", "Plans changed"]),
        ),
        (asked, "mia", "cancellation", {"reason": "x" * 301, "seen": "sent"}, (400, ["at most 300 characters", "x" * 301])),
        (barred, "mia", "exception", {"reason": " ", "seen": "proposed"}, (400, ["Say why the rule may be lifted this once."])),
        (barred, "mia", "exception", {"reason": "For the board", "seen": "sent"}, (409, ["waiting for owner now", "For the board"])),
        (shared, "mia", "places", {"places": "0", "seen": "scheduled"}, (400, ["greater than or equal to 1", 'value="0"'])),
        (held, "sam", "release_debrief", {"name": "Pia", "email": "pia at", "seen": "held"}, (400, ["valid email", "Pia", "pia at"])),
    ],
)
def test_a_refused_form_says_so_where_it_was_filled_in(
    made: Callable[[], Ask], who: str, name: str, posted: dict[str, str], told: tuple[int, list[str]]
) -> None:
    people = dict(zip(("sam", "ana", "mia"), make_cast(), strict=True))
    ask, (code, shown) = made(), told
    answer = signed_in(people[who]).post(reverse(f"requests:{name}", args=[ask.pk]), posted)
    whole = answer.content.decode()
    assert answer.status_code == code
    assert [words in whole for words in ('class="fh-errors"', "<h1>Asking ", *shown)] == [True] * (2 + len(shown))
    assert Ask.objects.get(pk=ask.pk).status == ask.status


def form_of(whole: str, ask: Ask, name: str) -> str:
    """The form of the page that goes there."""
    _, _, rest = whole.partition(f'action="{reverse(f"requests:{name}", args=[ask.pk])}"')
    return rest.partition("</form>")[0]


def test_what_was_refused_as_old_can_be_sent_from_the_page_that_says_so() -> None:
    mia, ask = make_cast()[2], make_ask("sent")
    where = reverse("requests:cancellation", args=[ask.pk])
    old = signed_in(mia).post(where, {"reason": "Plans changed", "seen": "approved"}).content.decode()
    form = form_of(old, ask, "cancellation")
    assert [part in form for part in ('name="seen" value="sent"', 'value="Plans changed"')] == [True] * 2
    assert '<details class="fh-fold" id="cancellation" open>' in old
    assert signed_in(mia).post(where, {"reason": "Plans changed", "seen": "sent"}).status_code == 302
    assert Ask.objects.get(pk=ask.pk).canceled_reason == "Plans changed"


def test_a_number_of_places_below_those_taken_comes_back() -> None:
    mia, host = make_cast()[2], fixed()
    joined(host)
    before = Occasion.objects.get().places
    answer = signed_in(mia).post(reverse("requests:places", args=[host.pk]), {"places": "1", "seen": "scheduled"})
    whole = answer.content.decode()
    assert (answer.status_code, "2 requests take part already" in whole) == (409, True)
    assert 'value="1"' in form_of(whole, host, "places")
    assert Occasion.objects.get().places == before


def test_lifting_a_rule_is_the_first_thing_to_do_and_the_only_main_button() -> None:
    mia, ask = make_cast()[2], barred()
    client = signed_in(mia)
    whole = client.get(reverse("requests:ask", args=[ask.pk])).content.decode()
    assert "Lift rule" in form_of(whole, ask, "exception")
    assert whole.count("btn btn-primary") == 1
    where = reverse("requests:exception", args=[ask.pk])
    answer = client.post(where, {"reason": "For the board", "seen": "proposed"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("requests:ask", args=[ask.pk]))
    assert [each.reason for each in ask.exceptions.all()] == ["For the board"]

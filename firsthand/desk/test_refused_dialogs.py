"""What a form of a request's page refuses comes back with what was typed, and so does that of a time to share."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account
from firsthand.desk.test_bad_input import everything
from firsthand.desk.test_requests import signed_in
from firsthand.desk.test_sharing import fixed, second_request
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague
from firsthand.program.builders import make_policy
from firsthand.references.models import Willingness
from firsthand.requests import actions
from firsthand.requests.builders import make_ask, make_cast, make_rae, make_request
from firsthand.requests.checks import NO_STORY
from firsthand.requests.forms import HandOverForm, NewRequesterForm
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.stories.models import Story
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def with_two_managers() -> ReferenceRequest:
    make_colleague("Max Manager", role=Colleague.Role.MANAGER)
    return make_request()


def with_a_story() -> ReferenceRequest:
    Story.objects.create(account=make_account("Ostvik Bank", owner=make_cast()[1]), headline="Closing in a day")
    return make_request()


def in_need_of_info() -> ReferenceRequest:
    return actions.ask_info(make_request(), by=make_cast()[2], question="Which product?")


def whose_requester_left() -> ReferenceRequest:
    found = make_request()
    Colleague.objects.filter(pk=found.requester_id).update(deactivated_at=NOW)
    return found


@pytest.mark.parametrize(
    ("made", "who", "name", "posted", "told"),
    [
        (make_request, "sam", "withdrawal", {"reason": "Plans changed", "seen": "draft"}, (409, ["it is submitted now", "Plans changed"])),
        (make_request, "mia", "closing", {"reason": "declined", "note": "x" * 501, "seen": "submitted"},
         (400, ["at most 500", "x" * 501, 'value="declined" selected'])),
        (make_request, "mia", "question", {"words": "Which one?", "seen": "asking"}, (409, ["it is submitted now", "Which one?"])),
        (make_request, "mia", "question", {"words": " ", "seen": "submitted"}, (400, ["Question: This field is required."])),
        (with_two_managers, "mia", "manager", {"to": "", "reason": "On leave"}, (400, [HandOverForm.WHO, "On leave"])),
        (with_two_managers, "mia", "manager", {"to": "999999", "reason": "On leave"}, (400, [HandOverForm.WHO, "On leave"])),
        (with_a_story, "mia", "content", {"words": "Have a look", "seen": "submitted"}, (400, [NO_STORY, "Have a look"])),
        (whose_requester_left, "mia", "requester", {"to": "999999", "reason": "Sam left"}, (400, [NewRequesterForm.WHO, "Sam left"])),
        (in_need_of_info, "sam", "answer", {"words": "The second", "seen": "submitted"}, (409, ["it is needs info now", "The second"])),
        (make_request, "sam", "notes", {"words": "y" * 2001}, (400, ["at most 2000", "y" * 2001])),
    ],
)  # fmt: skip
def test_a_refused_form_of_a_request_comes_back_with_what_was_typed(
    made: Callable[[], ReferenceRequest], who: str, name: str, posted: dict[str, str], told: tuple[int, list[str]]
) -> None:
    people = dict(zip(("sam", "ana", "mia"), make_cast(), strict=True))
    found, (code, shown) = made(), told
    client, where = signed_in(people[who]), reverse(f"requests:{name}", args=[found.pk])
    before = everything()
    answer = client.post(where, posted)
    whole = answer.content.decode()
    assert (answer.status_code, everything() == before) == (code, True)
    back = [f'action="{where}"', reverse("desk:request", args=[found.pk])]
    assert [words in whole for words in ('class="fh-errors"', *back, *shown)] == [True] * (3 + len(shown))


def test_what_was_refused_as_old_is_sent_from_the_page_that_says_so() -> None:
    sam, _, _ = make_cast()
    found = make_request()
    client, where = signed_in(sam), reverse("requests:withdrawal", args=[found.pk])
    whole = client.post(where, {"reason": "Plans changed", "seen": "draft"}).content.decode()
    assert 'name="seen" value="submitted"' in whole
    assert client.post(where, {"reason": "Plans changed", "seen": "submitted"}).status_code == 302
    assert ReferenceRequest.objects.get(pk=found.pk).status == "withdrawn"


def test_what_is_not_offered_any_more_is_refused_in_a_sentence() -> None:
    sam, _, _ = make_cast()
    found = make_request()
    actions.withdraw(found, by=sam)
    answer = signed_in(sam).post(reverse("requests:withdrawal", args=[found.pk]), {"reason": "Again", "seen": "submitted"})
    assert (answer.status_code, "<form" in answer.content.decode().partition("<main")[2]) == (409, False)


def on_a_panel() -> Ask:
    host = fixed()
    ReferenceRequest.objects.update(n_wanted=2)
    return host


@pytest.mark.parametrize(("name", "made"), [("swap", lambda: make_ask("scheduled")), ("panel", on_a_panel)])
def test_who_was_ticked_for_a_time_stays_ticked(name: str, made: Callable[[], Ask]) -> None:
    _, _, mia = make_cast()
    host, other = made(), make_rae("Ria Other", company="Nordbank")
    Willingness.objects.get_or_create(reference=other, activity_type=host.reference_request.activity_type)
    where = reverse(f"requests:{name}", args=[host.pk])
    posted = {"reference": str(other.pk), "reason": "They are ill", "exception": "For the board", "seen": "accepted"}
    answer = signed_in(mia).post(where, posted)
    whole = answer.content.decode()
    assert (answer.status_code, "it is scheduled now" in whole, "They are ill" in whole) == (409, True, name == "swap")
    assert re.search(rf'name="reference" value="{other.pk}"[^>]* checked', whole)
    assert Ask.objects.get(pk=host.pk).status == "scheduled"


def refuse(*_: object, **__: object) -> None:
    raise Refused("In this very moment it is not possible.")


def test_the_reason_for_an_exception_at_a_time_to_join_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, mia = make_cast()
    host = fixed()
    found = second_request()
    make_policy(limits={"asks": {"count": 1, "period": "quarter"}})
    client, where = signed_in(mia), reverse("requests:occasions", args=[found.pk])
    answer = client.post(where, {"ask": str(host.pk), "exception": " "})
    assert (answer.status_code, "Lift the rule and ask to join" in answer.content.decode()) == (409, True)
    monkeypatch.setattr(actions, "join", refuse)
    answer = client.post(where, {"ask": str(host.pk), "exception": "For the board"})
    whole = answer.content.decode()
    assert (answer.status_code, "In this very moment it is not possible." in whole, 'value="For the board"' in whole) == (409, True, True)


def test_a_debrief_of_what_did_not_happen_keeps_its_words() -> None:
    sam, _, _ = make_cast()
    ask = make_ask("scheduled")
    posted = {"grade": "4", "words": "They knew what they spoke of"}
    answer = signed_in(sam).post(reverse("requests:debrief", args=[ask.pk]), posted)
    whole = answer.content.decode()
    assert (answer.status_code, posted["words"] in whole, "It has not been held yet" in whole) == (409, True, True)

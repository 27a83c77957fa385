"""Named in a tender: a window, a yes for that tender, and a sheet with exactly what each agreed to show."""

import re
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from firsthand.core.refused import Refused
from firsthand.deals.models import Opportunity
from firsthand.desk.test_requests import by_link, signed_in, text_of
from firsthand.history.actions import Unsent
from firsthand.history.models import Event, Message
from firsthand.program.builders import make_activity_type
from firsthand.program.policy import in_force
from firsthand.references.actions import change_reference, record_consent, set_hold
from firsthand.references.models import Consent, Disclosure, Engagement, Hold, Reference, ReferenceAccount, Willingness
from firsthand.requests import actions, asking_mail
from firsthand.requests.answer_page import answer_page
from firsthand.requests.builders import make_cast, make_policy, make_rae
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import why_not_propose
from firsthand.requests.sheet import sheet
from firsthand.requests.silence import silence_of_ask
from firsthand.stories.builders import make_story
from firsthand.stories.models import Story
from firsthand.testing.clock import NOW
from firsthand.upkeep import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)
OVER = "Evaluators could call until 30 Apr 2026, which is past. Set a later window on the request first."


def tender(n_wanted: int = 3, *, with_window: bool = True) -> ReferenceRequest:
    """A request of Sam's to name references in Fennmark's tender."""
    sam, _, _ = make_cast()
    make_policy()
    deal = Opportunity.objects.create(name="Atlas", prospect_name="Fennmark", owner=sam)
    kind = make_activity_type("tender", is_live=False)
    wish = actions.Wish(kind, date(2026, 3, 24), "A bank our size", opportunity=deal, n_wanted=n_wanted)
    found = actions.file_request(wish, by=sam)
    return actions.set_window(found, by=sam, first=FIRST, last=LAST) if with_window else found


def make_person(name: str, company: str) -> Reference:
    found = make_rae(name, company=company)
    Willingness.objects.create(reference=found, activity_type=make_activity_type("tender"))
    return found


def asked(found: ReferenceRequest, reference: Reference) -> Ask:
    _, ana, mia = make_cast()
    [ask] = actions.propose(found, [reference], by=mia)
    return actions.send(actions.approve(ask, by=ana), by=mia)


def agreed(found: ReferenceRequest, reference: Reference, *items: str) -> Ask:
    ask = actions.accept(asked(found, reference), by=reference.contact)
    return actions.agree_to_show(ask, by=reference.contact, items=items)


def lines(found: ReferenceRequest) -> list[str]:
    sam, _, _ = make_cast()
    return sheet(found, sam).text().splitlines()


def test_nobody_is_proposed_before_the_window_is_known() -> None:
    sam, _, mia = make_cast()
    found = tender(with_window=False)
    with pytest.raises(Refused, match="Say first on the request from when until when evaluators may call"):
        actions.propose(found, [make_person("Rae Reference", "Ostvik Bank")], by=mia)
    with pytest.raises(Refused, match="The window ends before it begins"):
        actions.set_window(found, by=sam, first=LAST, last=FIRST)
    client = signed_in(sam)
    page = text_of(client.get(reverse("desk:request", args=[found.pk])))
    assert "Save window" in page
    client.post(reverse("requests:window", args=[found.pk]), {"first": FIRST.isoformat(), "last": LAST.isoformat(), "seen": "none"})
    assert "Evaluators may call between 1 Apr 2026 and 30 Apr 2026." in text_of(client.get(reverse("desk:request", args=[found.pk])))


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("", "", "Say from when until when evaluators may call, or keep a draft."),
        ("2026-04-01", "", "Say from when until when evaluators may call, or keep a draft."),
        ("2026-04-30", "2026-04-01", "The window ends before it begins, or is past. Choose two days that are still to come."),
        ("2026-04-01", "2027-05-01", "The window is at most a year long and within the next five years."),
    ],
)
def test_the_form_asks_for_the_window_of_a_tender(first: str, last: str, sentence: str) -> None:
    client, facts = filling()
    answer = client.post(reverse("requests:new"), {**facts, "activity": "tender", "window_from": first, "window_until": last})
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert not ReferenceRequest.objects.exists()


def test_a_tender_is_filed_with_its_window_and_a_draft_may_leave_it_open() -> None:
    client, facts = filling()
    page = client.get(reverse("requests:new")).content.decode()
    asked = page[page.index('data-for="tender"') : page.index('id="id_window_until"')]
    assert ("optional" in asked, " required" in asked) == (False, False)  # needed in a tender; hidden for all else
    client.post(reverse("requests:new"), {**facts, "activity": "tender", "act": "draft"})
    draft = ReferenceRequest.objects.get()
    assert (draft.status, draft.window) == ("draft", "none")
    window = {"window_from": FIRST.isoformat(), "window_until": LAST.isoformat()}
    client.post(reverse("requests:edit", args=[draft.pk]), {**facts, **window, "activity": "tender", "revision": str(draft.revision)})
    draft.refresh_from_db()
    assert (draft.status, draft.window, draft.slot_day) == ("submitted", "2026-04-01..2026-04-30", FIRST)


def test_a_draft_whose_window_is_over_is_not_submitted(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    make_policy()
    wish = actions.Wish(make_activity_type("tender", is_live=False), date(2026, 6, 24), "A bank our size", window=(FIRST, LAST))
    draft = actions.file_request(wish, by=sam, as_draft=True)
    clock.move_to(datetime(2026, 5, 1, 9, tzinfo=UTC))
    with pytest.raises(Refused, match=f"^{OVER}$"):
        actions.submit(draft, by=sam)
    draft.refresh_from_db()
    assert draft.status == "draft"
    clock.move_to(datetime(2026, 4, 30, 9, tzinfo=UTC))
    assert actions.submit(draft, by=sam).status == "submitted"


def test_nobody_is_proposed_approved_or_sent_once_the_window_is_over(clock: time_machine.Traveller) -> None:
    _, ana, mia = make_cast()
    found = tender()
    first, second = make_person("Rae Reference", "Ostvik Bank"), make_person("Ria Ready", "Ria Bank")
    [proposed] = actions.propose(found, [first], by=mia)
    [approved] = actions.propose(found, [second], by=mia)
    actions.approve(approved, by=ana)
    clock.move_to(datetime(2026, 5, 1, 9, tzinfo=UTC))
    for late in (
        lambda: actions.propose(found, [make_person("Rui Rasch", "Rui Bank")], by=mia),
        lambda: actions.approve(proposed, by=ana),
        lambda: actions.ask_in_person(proposed, by=ana),
        lambda: actions.send(approved, by=mia),
    ):
        with pytest.raises(Refused, match=f"^{OVER}$"):
            late()
    assert OVER in why_not_propose(mia, make_person("Ada Able", "Able Bank"), found)  # type: ignore[operator]
    assert actions.refuse(proposed, by=ana, reason="Too late").status == "refused"


@pytest.mark.parametrize("status", ["sent", "lapsed"])
def test_a_yes_after_the_windows_last_day_takes_no_slot(clock: time_machine.Traveller, status: str) -> None:
    found = tender()
    ask = asked(found, rae := make_person("Rae Reference", "Ostvik Bank"))
    Message.objects.filter(kind="ask").update(state=Message.State.SENT)
    if status == "lapsed":
        clock.move_to(datetime(2026, 4, 20, 9, tzinfo=UTC))
        assert actions.lapse_asks(timezone.now()) == 1
    clock.move_to(datetime(2026, 5, 1, 9, tzinfo=UTC))
    with pytest.raises(Refused, match="Evaluators could call until 30 Apr 2026, so nothing is asked of you any more"):
        actions.accept(ask, by=rae.contact)
    with pytest.raises(Refused, match=f"^{OVER}$"):
        actions.record_answer(ask, by=make_cast()[1], accepted=True, channel="by phone", day=LAST)
    assert actions.end_windows(timezone.now()) == 0
    client, address = by_link("ask")
    page = text_of(client.get(address))
    assert "Evaluators could call until 30 Apr 2026, so nothing is asked of you any more. Thank you." in page
    assert "You may name me" not in page
    assert silence_of_ask(Ask.objects.get(pk=ask.pk), in_force()) is None


def test_no_mail_asks_for_a_window_that_is_over(clock: time_machine.Traveller) -> None:
    ask = asked(tender(), make_person("Rae Reference", "Ostvik Bank"))
    clock.move_to(datetime(2026, 5, 1, 9, tzinfo=UTC))
    assert outbox.why_not(Message.objects.get(kind="ask"), timezone.now()) == Unsent("window_over")
    outbox.drop(Message.objects.get(kind="ask"), Unsent("window_over"))
    assert Ask.objects.get(pk=ask.pk).status == "canceled"


def test_no_other_activity_keeps_a_window() -> None:
    client, facts = filling()
    client.post(reverse("requests:new"), {**facts, "activity": "reference-call", "window_from": "2026-04-30", "window_until": "2026-04-01"})
    assert ReferenceRequest.objects.get().window == "none"


def filling() -> tuple[Client, dict[str, str]]:
    """Sam at the new-request form, and what stands in it but for the activity and the window."""
    sam, _, _ = make_cast()
    make_policy()
    make_activity_type("tender", is_live=False)
    make_activity_type()
    facts = {"form_key": str(uuid4()), "purpose": "deal", "needed_by": "2026-03-24", "n_wanted": "3", "wish": "A bank our size"}
    return signed_in(sam), {**facts, "prospect": "Fennmark", "act": "submit"}


def test_a_window_is_not_set_over_one_that_was_set_meanwhile() -> None:
    sam, _, mia = make_cast()
    found = tender()
    with pytest.raises(Refused, match="Somebody set another window in the meantime"):
        actions.set_window(found, by=mia, first=FIRST, last=date(2026, 5, 30), seen="none")
    found.refresh_from_db()
    assert found.window == "2026-04-01..2026-04-30"
    assert actions.set_window(found, by=sam, first=FIRST, last=date(2026, 5, 30), seen=found.window).window == "2026-04-01..2026-05-30"


def test_the_slot_is_held_for_the_window_and_the_window_stands() -> None:
    sam, _, _ = make_cast()
    found = tender()
    asked(found, make_person("Rae Reference", "Ostvik Bank"))
    assert Engagement.objects.get().day == FIRST
    with pytest.raises(Refused, match="Somebody was asked for the window as it stands"):
        actions.set_window(found, by=sam, first=FIRST, last=date(2026, 5, 30))


def test_the_desk_asks_for_no_time_and_later_whether_they_called(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    ask = agreed(tender(1), make_person("Rae Reference", "Ostvik Bank"))
    assert "with Rae Reference" not in text_of(signed_in(sam).get("/"))
    clock.move_to(datetime(2026, 5, 1, 9, tzinfo=UTC))
    page = signed_in(sam).get("/").content.decode()
    assert "Did it happen with Rae Reference?" in page
    assert f"/asks/{ask.pk}/#outcome" in page


def test_the_ask_tells_of_the_tender_without_its_name() -> None:
    asked(tender(), make_person("Rae Reference", "Ostvik Bank"))
    mail = outbox.render(Message.objects.get(kind="ask"), timezone.now())
    assert mail.subject == "May we name you in a tender?"
    assert "Evaluators may call you between 1 Apr 2026 and 30 Apr 2026." in mail.text()
    assert "Fennmark" not in mail.text()


def hidden_in(page: str, act: str) -> dict[str, str]:
    """What the form with this button sends along by itself."""
    form = next(each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'value="{act}"' in each)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_the_reference_ticks_on_their_page_and_nothing_is_ticked_for_them() -> None:
    found = tender()
    ask = asked(found, make_person("Rae Reference", "Ostvik Bank"))
    client, address = by_link("ask")
    assert "may we name you in a tender?" in text_of(client.get(address))
    client.post(address, {"act": "accept", "seen": "sent"})
    page = client.get(address).content.decode()
    assert "what may we show of you?" in page.lower()
    assert " checked" not in page
    client.post(address, {**hidden_in(page, "shows"), "act": "shows", "shows": ["company", "name"]})
    assert Ask.objects.get(pk=ask.pk).shows == ["company", "name"]
    assert lines(found) == [
        "Customer references of Our company",
        "For Fennmark.",
        "They may be called from 1 Apr 2026 to 30 Apr 2026.",
        "",
        "1. Ostvik Bank",
        "Name: Rae Reference",
    ]
    client.post(address, {"act": "shows", "seen": "accepted"})
    assert not [line for line in lines(found) if "Rae" in line or "Ostvik" in line]


def test_what_is_not_offered_is_refused() -> None:
    ask = actions.accept(asked(tender(), rae := make_person("Rae Reference", "Ostvik Bank")), by=rae.contact)
    with pytest.raises(Refused, match="That cannot be shown on the sheet"):
        actions.agree_to_show(ask, by=rae.contact, items=["revenue"])


def test_the_sheet_holds_those_who_said_yes_and_exactly_what_they_ticked() -> None:
    found = tender()
    agreed(found, make_person("Rae Reference", "Ostvik Bank"), "company", "name", "email")
    agreed(found, make_person("Łukasz Żółty", "Ελλάδα Τράπεζα"), "name")
    asked(found, make_person("Ria Silent", "Silent Bank"))
    whole = lines(found)
    assert whole[4:7] == ["1. Ostvik Bank", "Name: Rae Reference", f"E-mail: {Reference.objects.earliest('pk').contact.email}"]
    assert whole[8:10] == ["2. A company", "Name: Łukasz Żółty"]
    assert not [line for line in whole if "Silent" in line or "Τράπεζα" in line]
    sam, _, _ = make_cast()
    answer = signed_in(sam).get(reverse("requests:sheet", args=[found.pk]), {"as": "pdf"})
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")


def test_a_customer_not_named_outside_is_only_described() -> None:
    found = tender()
    rae = make_person("Rae Reference", "Ostvik Bank")
    agreed(found, rae, "company", "name", "email")
    rae.reference_account.disclosure = Disclosure.ANONYMOUS
    rae.reference_account.save(update_fields=["disclosure"])
    assert lines(found)[4:] == ["1. A company"]


def test_a_yes_to_one_story_is_none_to_the_next() -> None:
    found = tender()
    ask = actions.accept(asked(found, rae := make_person("Rae Reference", "Ostvik Bank")), by=rae.contact)
    first = make_story(rae.account, by=make_cast()[1], headline="Closing in a day")
    actions.agree_to_show(ask, by=rae.contact, items=["company", f"story:{first.pk}"])
    assert lines(found)[4:] == ["1. Ostvik Bank", "Story: Closing in a day"]
    make_story(rae.account, by=make_cast()[1], headline="How the audit failed")
    assert lines(found)[4:] == ["1. Ostvik Bank", "Story: Closing in a day"]
    page = answer_page(Ask.objects.get(pk=ask.pk))
    assert [words for code, words in page.offered_items if code.startswith("story:")] == [
        "Story: How the audit failed",
        "Story: Closing in a day",
    ]
    Story.objects.filter(pk=first.pk).update(retired_at=NOW)
    assert lines(found)[4:] == ["1. Ostvik Bank"]


def test_an_earlier_tick_is_for_the_story_of_its_day(clock: time_machine.Traveller) -> None:
    found = tender()
    rae, ria, ola = (make_person(name, f"{name} Bank") for name in ("Rae", "Ria", "Ola"))
    kept = make_story(rae.account, by=make_cast()[1], headline="Closing in a day")
    asks = [agreed(found, each, "company") for each in (rae, ria, ola)]
    Ask.objects.update(shows=["company", "story"])
    Event.objects.filter(subject_id=asks[2].pk, verb="show").delete()
    clock.shift(timedelta(days=1))
    for each in (rae, ria, ola):
        make_story(each.account, by=make_cast()[1], headline="How the audit failed")
    import_module("firsthand.requests.migrations.0011_which_story_was_agreed_to").name_stories(apps)
    assert list(Ask.objects.order_by("pk").values_list("shows", flat=True)) == [["company", f"story:{kept.pk}"], ["company"], ["company"]]


def test_a_withdrawn_consent_is_gone_from_the_next_sheet() -> None:
    found = tender()
    rae = make_person("Rae Reference", "Ostvik Bank")
    agreed(found, rae, "company", "name")
    record_consent(rae.contact, kind=Consent.Kind.WITHDRAWN, by=rae.contact.account.owner.actor)  # type: ignore[union-attr]
    assert len(lines(found)) == 3
    sam, _, _ = make_cast()
    answer = signed_in(sam).get(reverse("requests:sheet", args=[found.pk]), {"as": "txt"})
    assert (answer.status_code, "Nobody has agreed to be named yet" in text_of(answer)) == (409, True)


def test_a_limit_reached_since_takes_nobody_off_the_sheet_and_a_legal_hold_does() -> None:
    found, mia = tender(), make_cast()[2]
    rae = make_person("Rae Reference", "Ostvik Bank")
    agreed(found, rae, "company", "name")
    before = lines(found)
    change_reference(rae, by=mia.actor, limit_count=0, limit_period="year")
    assert lines(found) == before
    set_hold(rae, kind=Hold.Kind.LEGAL, by=mia, reason="A lawsuit", until=None)
    assert len(lines(found)) < len(before)


def test_no_time_is_fixed_in_a_tender() -> None:
    _, _, mia = make_cast()
    ask = agreed(tender(), make_person("Rae Reference", "Ostvik Bank"))
    with pytest.raises(Refused, match="Evaluators call when they like within the window"):
        actions.schedule(ask, by=mia, starts_at=NOW + timedelta(days=30))
    with pytest.raises(Refused, match="Evaluators may call from 1 April 2026 on, which has not come yet"):
        actions.hold(ask, by=mia)
    page = text_of(signed_in(mia).get(reverse("requests:ask", args=[ask.pk])))
    assert "Fix a time" not in page


def test_the_day_after_the_window_it_counts_as_held(clock: time_machine.Traveller) -> None:
    found = tender(n_wanted=1)
    ask = agreed(found, make_person("Rae Reference", "Ostvik Bank"))
    assert actions.end_windows(datetime(2026, 4, 30, 23, tzinfo=UTC)) == 0
    after = datetime(2026, 5, 1, 0, 1, tzinfo=UTC)
    clock.move_to(after)
    assert actions.end_windows(after) == 1
    ask.refresh_from_db()
    assert (ask.status, Engagement.objects.get().state) == ("held", "held")
    assert ReferenceRequest.objects.get(pk=found.pk).status == "fulfilled"


def test_the_window_stays_once_somebody_has_stood_by_in_it(clock: time_machine.Traveller) -> None:
    sam, _, _ = make_cast()
    found = tender(2)
    agreed(found, make_person("Rae Reference", "Ostvik Bank"), "company")
    clock.move_to(datetime(2026, 5, 1, 9, tzinfo=UTC))
    assert actions.end_windows(timezone.now()) == 1
    with pytest.raises(Refused, match="Somebody has stood by for evaluators in the window as it stands, so it stays"):
        actions.set_window(found, by=sam, first=date(2026, 6, 1), last=date(2026, 6, 30))
    assert "Save window" not in text_of(signed_in(sam).get(reverse("desk:request", args=[found.pk])))


def test_a_yes_told_in_person_is_followed_by_the_question_what_to_show() -> None:
    _, ana, mia = make_cast()
    found = tender()
    [ask] = actions.propose(found, [make_person("Rae Reference", "Ostvik Bank")], by=mia)
    actions.ask_in_person(ask, by=ana)
    actions.record_answer(ask, by=ana, accepted=True, channel="by phone", day=NOW.date())
    client, address = by_link("what_to_show")
    assert "What may we show of you?" in text_of(client.get(address))


def test_once_it_is_over_the_reference_still_takes_back_what_the_sheet_shows(clock: time_machine.Traveller) -> None:
    found, rae = tender(), make_person("Rae Reference", "Ostvik Bank")
    ReferenceAccount.objects.update(disclosure=Disclosure.NAMED)
    ask = agreed(found, rae, "company", "name")
    clock.move_to(datetime(2026, 4, 20, 9, tzinfo=UTC))
    actions.hold(ask, by=make_cast()[2])
    client, address = by_link("debrief")
    assert any("Ostvik Bank" in line for line in lines(found))
    for _ in range(2):  # before the debrief, and after it
        page = client.get(address).content.decode()
        assert re.findall(r'name="shows" value="(company|name)" checked', page) == ["company", "name"]
        assert client.post(address, {"act": "debrief", "grade": "5"}).status_code == 302
    assert client.post(address, {"act": "shows", "seen": "held", "shows": ["name"]}).status_code == 302
    assert Ask.objects.get(pk=ask.pk).shows == ["name"]
    assert not any("Ostvik Bank" in line for line in lines(found))


def test_whoever_decides_reads_when_evaluators_may_call() -> None:
    _, _, mia = make_cast()
    actions.propose(tender(), [make_person("Rae Reference", "Ostvik Bank")], by=mia)
    mail = asking_mail.approval(Message.objects.get(kind="approval", channel="mail"), NOW)
    window = "between 1 Apr 2026 and 30 Apr 2026"
    assert f"Evaluators may call them {window}." in " ".join(mail.text().split())
    client, address = by_link("approval")
    assert f"<dt>Evaluators may call</dt><dd>{window}</dd>" in client.get(address).content.decode()


def test_what_may_be_shown_is_recorded_with_a_yes_told_in_person() -> None:
    _, ana, mia = make_cast()
    found, rae = tender(), make_person("Rae Reference", "Ostvik Bank")
    ReferenceAccount.objects.update(disclosure=Disclosure.NAMED)
    [ask] = actions.propose(found, [rae], by=mia)
    actions.ask_in_person(ask, by=ana)
    client, address = by_link("approval")
    page = client.get(address).content.decode()
    assert ('value="company"' in page, "Company: Ostvik Bank" in page) == (True, True)
    said = {"answer_of": "reference", "seen": "sent", "answer": "yes", "channel": "over lunch", "day": "2026-03-10"}
    assert client.post(address, {**said, "shows": ["revenue"]}).status_code == 400
    assert client.post(address, {**said, "shows": ["name", "company"]}).status_code == 302
    fresh = Ask.objects.get(pk=ask.pk)
    assert (fresh.status, fresh.shows, fresh.answered_via) == ("accepted", ["company", "name"], "over lunch")
    shown = Event.objects.get(verb="show")
    assert (shown.actor_id, shown.facts["shows"]) == (ana.pk, ["company", "name"])
    assert any("Ostvik Bank" in line for line in lines(found))


def test_a_call_asks_nothing_of_a_sheet() -> None:
    _, ana, mia = make_cast()
    make_policy()
    [ask] = actions.propose(
        actions.file_request(actions.Wish(make_activity_type(), date(2026, 3, 24), "Speed"), by=mia), [make_rae()], by=mia
    )
    actions.ask_in_person(ask, by=ana)
    client, address = by_link("approval")
    assert 'name="shows"' not in client.get(address).content.decode()


def test_a_call_is_not_held_before_a_time_is_fixed() -> None:
    _, _, mia = make_cast()
    make_policy()
    found = actions.file_request(actions.Wish(make_activity_type(), date(2026, 3, 24), "Speed"), by=mia)
    rae = make_rae()
    ask = actions.accept(asked(found, rae), by=rae.contact)
    with pytest.raises(Refused, match="No time was fixed yet"):
        actions.hold(ask, by=mia)


def test_the_next_step_of_a_tender_is_what_is_missing_still() -> None:
    """Those who said yes stand by; the page speaks of whoever has not answered, then of the place that is still empty."""
    sam, _, mia = make_cast()
    found = tender(n_wanted=2)
    agreed(found, make_person("Rae Reference", "Ostvik Bank"))
    page = text_of(signed_in(mia).get(reverse("desk:request", args=[found.pk])))
    assert "Next for you Propose somebody else 1 of 2 agreed to be named. See matches" in page
    page = text_of(signed_in(sam).get(reverse("desk:request", args=[found.pk])))
    assert "proposes somebody else 1 of 2 agreed to be named. You hear by mail when somebody says yes." in page
    second = asked(found, make_person("Ray Second", "Second Bank"))
    page = text_of(signed_in(sam).get(reverse("desk:request", args=[found.pk])))
    assert "Waiting on Ray Second About asking Ray Second, for 1 min. 1 of 2 agreed to be named." in page
    actions.accept(second, by=second.reference.contact)
    page = text_of(signed_in(sam).get(reverse("desk:request", args=[found.pk])))
    assert "Next for you Give the evaluators the sheet They may call until 30 Apr 2026. 2 of 2 agreed to be named." in page

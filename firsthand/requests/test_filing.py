"""The new-request page: prefilled, typed, kept, refused with one sentence and with everything that was typed."""

from datetime import timedelta

import pytest
from django.test import Client

from firsthand.customers.builders import make_account
from firsthand.customers.finding import refresh_contacts
from firsthand.customers.models import Account, AccountValue, Contact
from firsthand.deals.builders import make_deal, make_stage
from firsthand.deals.models import Opportunity
from firsthand.history.models import Message
from firsthand.people.builders import make_colleague
from firsthand.people.models import Colleague, Team
from firsthand.program.builders import make_facet, make_value
from firsthand.references.models import NoGo, Reference
from firsthand.requests import actions
from firsthand.requests.builders import form_sent, make_cast, make_rae
from firsthand.requests.models import ReferenceRequest
from firsthand.requests.needs import need_of
from firsthand.requests.permissions import why_not_propose
from firsthand.requests.record_panels import of_deal
from firsthand.stories.models import Story
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seller")]


def make_known_rae() -> Reference:
    """Rae, found by search."""
    rae = make_rae()
    refresh_contacts(Contact.objects.select_related("person", "account"))
    return rae


def test_a_typed_prospect_that_is_an_account_is_that_account(client: Client) -> None:
    account = make_account("Fennmark Bank")
    client.post("/requests/new/", form_sent(prospect="fennmark bank"))
    assert Opportunity.objects.get().account == account


def test_the_same_form_sent_twice_makes_one_request_and_one_deal_and_says_so(client: Client) -> None:
    client.post("/requests/new/", form_sent(prospect="Fennmark Bank"))
    again = client.post("/requests/new/", form_sent(prospect="Fennmark Bank", wish="Something else"), follow=True)
    assert (ReferenceRequest.objects.count(), Opportunity.objects.count()) == (1, 1)
    assert ReferenceRequest.objects.get().wish == "How long did the first close take?"
    assert f"This form was sent already and became {ReferenceRequest.objects.get()}, which is submitted." in again.content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"needed_by": "2026-03-09"}, "The day it is needed by is past. Choose a later day."),
        ({"needed_by": ""}, "Choose the day it is needed by."),
        ({"needed_by": "2036-03-09"}, "Choose a day within the next five years."),
        ({"n_wanted": "0"}, "A request is for 1 to 20 references."),
        ({"n_wanted": "500"}, "A request is for 1 to 20 references."),
        ({"wish": " "}, "Say what the prospect wants to hear. The reference reads it word for word."),
        ({"purpose": "press"}, "Say which outlet, firm or event it is for."),
        ({"like": "Nobody & Co"}, "No customer and no story is called “Nobody &amp; Co”. Choose one from the list, or leave it empty."),
        ({"named": "Nobody"}, "Nobody we know is called “Nobody”. Choose them from the list, or say it in the wish."),
        ({"prospect": "---"}, "A prospect’s name needs at least one letter or digit."),
    ],
)
def test_bad_input_gets_one_sentence_and_keeps_what_was_typed(client: Client, change: dict[str, str], sentence: str) -> None:
    page = client.post("/requests/new/", form_sent(questions="Was it on time?\n\nWho did it?", **change))
    html = page.content.decode()
    assert (page.status_code, ReferenceRequest.objects.count()) == (400, 0)
    assert sentence in html
    assert "Who did it?" in html


def test_a_typed_deal_in_a_lost_stage_is_lost_already_and_a_draft_keeps_it(client: Client) -> None:
    lost = make_stage("Closed Lost", outcome="lost")
    typed = {"prospect": "Fennmark Bank", "stage": str(lost.pk), "amount": "42000"}
    page = client.post("/requests/new/", form_sent(**typed))
    assert (page.status_code, ReferenceRequest.objects.count(), Opportunity.objects.count()) == (400, 0, 0)
    assert "The deal with Fennmark Bank is lost already, so no reference is needed." in page.content.decode()
    assert client.post("/requests/new/", form_sent(**typed, act="draft")).status_code == 302
    draft = ReferenceRequest.objects.get()
    assert (draft.status, draft.opportunity and draft.opportunity.outcome) == ("draft", "lost")


def test_a_deal_that_is_lost_is_refused_with_the_form_kept(client: Client, seller: Colleague) -> None:
    deal = make_deal(owner=seller, account=make_account("Fennmark Bank"))
    Opportunity.objects.filter(pk=deal.pk).update(outcome="lost")
    page = client.post("/requests/new/", form_sent(opportunity=deal.pk))
    assert (page.status_code, ReferenceRequest.objects.count()) == (400, 0)
    assert "The deal with Fennmark Bank is lost already, so no reference is needed." in page.content.decode()
    assert "How long did the first close take?" in page.content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"wish": "What fennmark bank asks"},
            "The wish leaves the house word for word, and the reference reads Fennmark Bank there",
        ),
        ({"questions": "Was it worth €400k?"}, "The questions leave the house word for word, and “€400k” tells what the deal is worth."),
        ({"wish": "Did 420,000 pay off?"}, "The wish leaves the house word for word, and “420,000” tells what the deal is worth."),
        ({"wish": "Is 0.42 million a lot?"}, "and “0.42 million” tells what the deal is worth."),
    ],
)
def test_what_stays_inside_is_not_submitted_to_go_out_word_for_word(
    client: Client, seller: Colleague, change: dict[str, str], sentence: str
) -> None:
    deal = make_deal(owner=seller, account=make_account("Fennmark Bank"))
    page = client.post("/requests/new/", form_sent(opportunity=deal.pk, **change))
    assert (page.status_code, ReferenceRequest.objects.count()) == (400, 0)
    assert sentence in page.content.decode()
    client.post("/requests/new/", form_sent(opportunity=deal.pk, act="draft", **change))
    assert ReferenceRequest.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("wish", "amount"),
    [
        ("3 million invoices, at €10,000 each", 420_000),
        ("A bank in the Fennmark Bankers’ district", 420_000),
        ("4,200 users", 420_000),
        ("Somebody with 50,000 people, or 50k", 50_000),
        ("300k users", 310_000),
        ("They fear the price", 420_000),
    ],
)
def test_other_figures_and_words_are_the_requesters_matter(client: Client, seller: Colleague, wish: str, amount: int) -> None:
    deal = make_deal(owner=seller, account=make_account("Fennmark Bank"))
    Opportunity.objects.filter(pk=deal.pk).update(amount=amount, amount_base=amount, loss_reason="Price")
    client.post("/requests/new/", form_sent(opportunity=deal.pk, wish=wish))
    assert ReferenceRequest.objects.get().status == "submitted"


@pytest.mark.parametrize("said", [{"wish": "Speed"}, {"wish": "", "prospect": "Fennmark Bank"}])
def test_a_draft_needs_nothing_but_a_wish_or_a_deal(client: Client, said: dict[str, str]) -> None:
    page = client.post("/requests/new/", form_sent(act="draft", needed_by="", activity="", **said))
    assert (page.status_code, ReferenceRequest.objects.get().status) == (302, "draft")


def test_a_draft_is_its_writers_alone_even_once_it_is_withdrawn(client: Client, seller: Colleague) -> None:
    _, _, mia = make_cast()
    lead, eli = make_colleague("Lea Lead"), make_colleague("Eli Executive", role=Colleague.Role.EXECUTIVE)
    Colleague.objects.filter(pk=seller.pk).update(team=Team.objects.create(name="North", lead=lead))
    client.post("/requests/new/", form_sent(act="draft", prospect="Fennmark Bank"))
    draft = ReferenceRequest.objects.get()
    for status in ("draft", "withdrawn"):
        if status == "withdrawn":
            actions.withdraw(draft, by=seller)
        seen = {each.name for each in (seller, mia, lead, eli) if ReferenceRequest.objects.visible_to(each).exists()}
        assert seen == {"Sam Seller"}
        client.force_login(mia)
        pages = [client.get(f"/requests/{draft.pk}/"), client.get("/find/", {"q": f"RQ-{draft.pk}"}), client.get("/requests/?view=all")]
        assert [f"/requests/{draft.pk}/" in page.content.decode() for page in pages] == [False] * 3
        assert of_deal(Opportunity.objects.get(), mia) is None
    assert not Message.objects.exclude(recipient_id=seller.pk).filter(channel="notice").exists()


def test_a_request_that_was_submitted_is_read_by_all_who_may(client: Client) -> None:
    _, _, mia = make_cast()
    client.post("/requests/new/", form_sent(prospect="Fennmark Bank"))
    assert ReferenceRequest.objects.visible_to(mia).exists()


def test_an_empty_form_is_no_draft(client: Client) -> None:
    page = client.post("/requests/new/", form_sent(act="draft", wish=""))
    assert (page.status_code, ReferenceRequest.objects.count()) == (400, 0)
    assert "There is nothing to keep yet: write the wish, or choose the deal." in page.content.decode()


def test_a_draft_in_two_tabs_is_not_written_over_and_what_is_missing_keeps_it_a_draft(client: Client) -> None:
    client.post("/requests/new/", form_sent(act="draft", wish="", prospect="Fennmark Bank"))
    draft = ReferenceRequest.objects.get()
    address = f"/requests/{draft.pk}/edit/"
    revision = client.get(address).context["form"]["revision"].value()
    deal = draft.opportunity_id
    assert client.post(address, form_sent(wish="", opportunity=deal, revision=revision)).status_code == 400
    assert client.post(address, form_sent(act="draft", wish="From one tab", opportunity=deal, revision=revision)).status_code == 302
    other = client.post(address, form_sent(act="draft", wish="From the other", opportunity=deal, revision=revision))
    assert other.status_code == 409
    assert "You changed this draft in another tab." in other.content.decode()
    draft.refresh_from_db()
    assert (draft.wish, draft.status, draft.opportunity_id) == ("From one tab", "draft", deal)
    client.post(address, form_sent(wish="From one tab", opportunity=deal, revision=draft.revision))
    assert client.get(address).status_code == 409


def test_choosing_a_deal_brings_its_facts_and_keeps_what_was_typed(client: Client, seller: Colleague) -> None:
    account = make_account("Fennmark Bank")
    AccountValue.objects.create(account=account, value=make_value("Banking", facet=make_facet("industry")))
    deal = make_deal(owner=seller, account=account)
    assert [offer.title for offer in client.get("/requests/new/deals/?deal_q=relay").context["offers"]] == []
    page = client.post("/requests/new/", {**form_sent(wish="Speed"), "act": "", "pick": str(deal.pk)})
    html = page.content.decode()
    assert (page.status_code, ReferenceRequest.objects.count()) == (200, 0)
    assert "Speed</textarea>" in html
    assert "Banking must be" in html


def test_the_values_of_whom_it_should_be_like_become_criteria_that_stay_as_edited(client: Client) -> None:
    account = make_account("Ostvik Bank")
    banking, nordics = make_value("Banking", facet=make_facet("industry")), make_value("Nordics", facet=make_facet("geography"))
    for value in (banking, nordics):
        AccountValue.objects.create(account=account, value=value)
    shown = client.post("/requests/new/traits/", {**form_sent(like="Ostvik Bank"), "act": "traits"}).content.decode()
    assert "Banking must be" in shown
    assert "Nordics must be" in shown
    kept = {**form_sent(like="Ostvik Bank", taken_like="Ostvik Bank"), "criterion": [f"{banking.pk}:must"]}
    client.post("/requests/new/", kept)
    filed = ReferenceRequest.objects.get()
    assert (filed.like_account, [(each.value, each.importance) for each in filed.criteria.all()]) == (account, [(banking, "must")])
    assert need_of(filed).takes_values is False


def test_a_story_to_be_like_is_taken_at_the_latest_when_the_form_is_sent(client: Client) -> None:
    account = make_account("Ostvik Bank")
    banking = make_value("Banking", facet=make_facet("industry"))
    AccountValue.objects.create(account=account, value=banking)
    story = Story.objects.create(account=account, headline="From Corvid to Atlas")
    client.post("/requests/new/", form_sent(like="from corvid to atlas"))
    filed = ReferenceRequest.objects.get()
    assert (filed.like_story, [each.value for each in filed.criteria.all()]) == (story, [banking])


def test_of_namesakes_a_customer_is_meant_and_a_draft_keeps_whom_it_means(client: Client) -> None:
    prospect = make_account("Nordbank")
    Account.objects.filter(pk=prospect.pk).update(is_customer=False, is_prospect=True)
    client.post("/requests/new/", form_sent(like="Nordbank", act="draft"))
    draft = ReferenceRequest.objects.get()
    customers = [make_account("Nordbank") for _ in range(2)]
    client.post(f"/requests/{draft.pk}/edit/", form_sent(like="nordbank", act="draft", revision=draft.revision))
    client.post("/requests/new/", form_sent(like="Nordbank", form_key="6b1e7b6e-6f0e-4f0e-9d6c-0c8d3c2b1a09"))
    assert [each.like_account for each in ReferenceRequest.objects.order_by("pk")] == [prospect, customers[0]]


def test_of_stories_of_one_headline_the_one_in_use_is_meant(client: Client) -> None:
    account = make_account("Ostvik Bank")
    Story.objects.create(account=account, headline="From Corvid to Atlas", retired_at=NOW)
    told = Story.objects.create(account=account, headline="From Corvid to Atlas")
    client.post("/requests/new/", form_sent(like="From Corvid to Atlas"))
    assert ReferenceRequest.objects.get().like_story == told


def test_a_typed_prospect_that_is_known_brings_its_values_when_the_form_is_sent(client: Client) -> None:
    account = make_account("Fennmark Bank")
    banking, nordics = make_value("Banking", facet=make_facet("industry")), make_value("Nordics", facet=make_facet("geography"))
    AccountValue.objects.create(account=account, value=banking)
    typed = form_sent(prospect="Fennmark Bank", taken_prospect="")
    client.post("/requests/new/", {**typed, "criterion": [f"{nordics.pk}:must"]})
    assert {(each.value, each.importance) for each in ReferenceRequest.objects.get().criteria.all()} == {
        (nordics, "must"),
        (banking, "should"),
    }


def test_what_was_taken_off_a_typed_prospects_values_stays_off(client: Client) -> None:
    account = make_account("Fennmark Bank")
    AccountValue.objects.create(account=account, value=make_value("Banking", facet=make_facet("industry")))
    opened = client.get("/requests/new/?account=Fennmark+Bank").content.decode()
    assert "Banking must be" in opened
    assert 'name="taken_prospect" value="Fennmark Bank"' in opened
    client.post("/requests/new/", form_sent(prospect="Fennmark Bank", taken_prospect="Fennmark Bank"))
    assert not ReferenceRequest.objects.get().criteria.exists()


def test_another_button_does_not_forget_that_traits_are_still_to_be_taken(client: Client) -> None:
    banking = make_value("Banking", facet=make_facet("industry"))
    shown = client.post("/requests/new/", form_sent(like="Ostvik Bank", act="add", add=str(banking.pk))).content.decode()
    assert 'name="taken_like" value=""' in shown


def test_press_needs_an_outlet_and_hears_as_the_press(client: Client) -> None:
    client.post("/requests/new/", form_sent(purpose="press", outlet="Handelsblatt", prospect="Ignored"))
    filed = ReferenceRequest.objects.get()
    assert (filed.purpose, filed.outlet, filed.audience, filed.opportunity) == ("press", "Handelsblatt", "press", None)


def test_whoever_does_not_speak_to_an_outlet_is_barred_beside_the_form_and_after_it(client: Client) -> None:
    rae = make_known_rae()
    NoGo.objects.create(reference=rae, name="Gartner", key="gartner")
    said = form_sent(purpose="analyst", outlet="Gartner IT Symposium", named="Rae Reference, Ostvik Bank", named_why="They met")
    sentence = (
        "Rae Reference cannot be asked: they do not speak to Gartner, and “Gartner IT Symposium” bears that name. "
        "Choose somebody else for this request."
    )
    assert sentence in client.post("/requests/new/matches/", said).content.decode()
    client.post("/requests/new/", said)
    filed = ReferenceRequest.objects.get()
    assert (filed.outlet, why_not_propose(make_cast()[2], rae, filed)) == ("Gartner IT Symposium", sentence)


def test_a_named_person_is_kept_with_the_reason_and_shown_with_what_bars_them(client: Client) -> None:
    rae = make_known_rae()
    said = {"named": "Rae Reference, Ostvik Bank", "named_why": "They met at the user group"}
    beside = client.post("/requests/new/matches/", form_sent(prospect="Ostvik Bank", **said)).content.decode()
    assert "Rae Reference cannot be asked: Ostvik Bank belongs to the prospect&#x27;s own group. Choose somebody outside it." in beside
    client.post("/requests/new/", form_sent(**said))
    filed = ReferenceRequest.objects.get()
    assert (filed.named_contact, filed.named_why) == (rae.contact, "They met at the user group")
    client.force_login(make_cast()[2])
    matches = client.get(f"/requests/{filed.pk}/matches/").content.decode()
    assert "Asked for by name: Rae Reference, Ostvik Bank" in matches
    assert f'name="reference" value="{rae.pk}" form="propose" checked' in matches
    rae.contact.person.unsubscribed_at = NOW
    rae.contact.person.save()
    barred = client.get(f"/requests/{filed.pk}/matches/").content.decode()
    assert "Rae Reference cannot be asked: they unsubscribed from our messages. Only they can change that." in barred
    assert "checked" not in barred.partition("Asked for by name")[2].partition("</section>")[0]


def test_people_are_offered_with_their_company(client: Client) -> None:
    make_known_rae()
    assert 'value="Rae Reference, Ostvik Bank"' in client.get("/requests/new/names/?named=Rae").content.decode()


def test_the_day_that_stands_in_the_form_is_in_two_weeks(client: Client) -> None:
    assert client.get("/requests/new/").context["form"]["needed_by"].value() == NOW.date() + timedelta(days=14)


@pytest.mark.parametrize(("closes", "days"), [(6, 6), (30, 14), (0, 14), (-3, 14)])
def test_a_deal_that_closes_sooner_asks_for_its_last_day(client: Client, seller: Colleague, closes: int, days: int) -> None:
    deal = Opportunity.objects.create(name="Atlas", prospect_name="Fennmark", owner=seller, close_date=NOW.date() + timedelta(days=closes))
    form = client.get("/requests/new/", {"deal": deal.pk}).context["form"]
    assert form["needed_by"].value() == NOW.date() + timedelta(days=days)


def test_what_the_wish_would_have_them_speak_of_bars_beside_the_form_already(client: Client) -> None:
    rae = make_known_rae()
    rae.topics.create(value=make_value("Oracle", facet=make_facet("rival")), is_welcome=False)
    said = form_sent(wish="How they replaced Oracle", named="Rae Reference, Ostvik Bank", named_why="They met")
    beside = client.post("/requests/new/matches/", said).content.decode()
    assert "Rae Reference cannot be asked: they do not speak of Oracle. Leave that out." in beside


def test_what_the_wish_made_a_criterion_is_changed_on_the_request_and_not_by_a_look_at_the_matches(client: Client) -> None:
    make_value("Oracle", facet=make_facet("rival"))
    make_value("Banking", facet=make_facet("industry"))
    client.post("/requests/new/", form_sent(wish="How somebody in banking replaced Oracle", prospect="Fennmark"))
    filed = ReferenceRequest.objects.get()
    page = client.get(f"/requests/{filed.pk}/matches/").content.decode()
    chips = page[page.index('id="understood"') : page.index("</div>", page.index('id="understood"'))]
    assert f'href="/requests/{filed.pk}/wanted/"' in chips
    assert [name for name in ("Oracle", "Banking") if f'aria-label="Remove {name}"' in chips] == ["Banking"]

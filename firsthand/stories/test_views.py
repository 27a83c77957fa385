from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.finding import refresh_accounts
from firsthand.customers.models import AccountValue
from firsthand.people.builders import ana, eve, make_colleague, mia
from firsthand.people.models import Colleague
from firsthand.program.builders import make_program, make_value, value_named
from firsthand.references.builders import make_reference
from firsthand.references.models import Disclosure, Reference, ReferenceAccount
from firsthand.stories import actions
from firsthand.stories.actions import StoryFacts
from firsthand.stories.builders import ADDRESS, make_asset, make_story
from firsthand.stories.models import Asset, Metric, Story, StoryPerson, StoryValue

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert('x')</script>\" onfocus=alert(1)"


@pytest.fixture
def owner() -> Colleague:
    return ana()


@pytest.fixture
def story(owner: Colleague) -> Story:
    make_program()
    return make_story(make_account(owner=owner), by=owner)


@pytest.fixture
def signed_in(client: Client, owner: Colleague) -> Client:
    client.force_login(owner)
    return client


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def fill(number: int, by: Colleague) -> Story:
    """A story with one of everything."""
    account = make_account(f"Account {number}", owner=by)
    reference = make_reference(f"Rae {number}", account=account)
    AccountValue.objects.create(account=account, value=value_named("Banking"))
    story = make_story(account, by=by, headline=f"Story {number}", review_by=date(2026, 1, 1))
    for repeat in range(number):
        make_asset(story, by=by, url=f"{ADDRESS}/{repeat}", reach=Asset.Reach.PUBLIC)
        actions.add_metric(story, label=f"label {repeat}", words="4 days", by=by)
        actions.add_teller(story, contact=reference.contact, quote=f"Words {repeat}", by=by)
        actions.add_value(story, make_value(f"Product {number} {repeat}"), by=by)
    return story


def listed(client: Client, query: str) -> list[str]:
    page = client.get(f"/stories/?{query}").context["list"]
    return [name for name in ("Story 1", "Story 2", "Story 3") if any(name in row[0].text for row in page.rows)]


def test_the_list_asks_the_same_of_the_database_however_long_it_is(signed_in: Client, owner: Colleague) -> None:
    make_program()
    fill(1, owner)
    signed_in.get("/stories/")
    one = queries(signed_in, "/stories/")
    fill(2, owner)
    fill(3, owner)
    assert queries(signed_in, "/stories/") == one


def test_the_page_asks_the_same_of_the_database_however_full_it_is(signed_in: Client, owner: Colleague) -> None:
    make_program()
    first, third = fill(1, owner), fill(3, owner)
    signed_in.get(f"/stories/{first.pk}/")
    assert queries(signed_in, f"/stories/{third.pk}/") == queries(signed_in, f"/stories/{first.pk}/")


def test_the_list_is_searched_and_filtered(signed_in: Client, owner: Colleague) -> None:
    make_program()
    first, second, third = fill(1, owner), fill(2, owner), fill(3, owner)
    Story.objects.filter(pk__in=[first.pk, second.pk]).update(review_by=None)
    actions.retire_story(third, by=owner)
    product = StoryValue.objects.get(story=second, value__name="Product 2 1").value_id
    make_asset(first, by=owner, url=f"{ADDRESS}/video", form=Asset.Form.VIDEO)

    assert listed(signed_in, "") == ["Story 1", "Story 2"]
    assert listed(signed_in, "q=product+2") == ["Story 2"]
    assert listed(signed_in, f"industry={value_named('Financial services').pk}") == ["Story 1", "Story 2"]
    assert listed(signed_in, f"industry={value_named('Retail').pk}") == []
    assert listed(signed_in, f"product={product}") == ["Story 2"]
    assert listed(signed_in, "form=video") == listed(signed_in, "reach=internal") == ["Story 1"]
    assert listed(signed_in, "reach=out") == ["Story 1", "Story 2"]
    assert listed(signed_in, "whose=me") == ["Story 1", "Story 2"]
    assert listed(signed_in, "state=due") == []
    assert listed(signed_in, "state=retired") == ["Story 3"]


def test_a_links_review_makes_its_story_due(signed_in: Client, story: Story, owner: Colleague) -> None:
    make_asset(story, by=owner, review_by=date(2026, 1, 1))
    page = signed_in.get("/stories/?state=due").context["list"]
    assert [cell.text for cell in page.rows[0]][-1].count("Review due") == 1


def test_the_file_holds_what_the_list_holds(signed_in: Client, story: Story, owner: Colleague) -> None:
    actions.change_story(story, StoryFacts("=1+1", review_by=date(2027, 1, 1)), by=owner)
    lines = b"".join(signed_in.get("/stories/?as=csv")).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("'=1+1,Ostvik Bank,")
    assert "2027-01-01" in lines[1]


def test_a_story_is_added_to_an_account_that_was_looked_for(signed_in: Client, story: Story) -> None:
    refresh_accounts([story.account])
    assert f"/accounts/{story.account_id}/stories/new/" in signed_in.get("/stories/new/?q=ostvik").content.decode()
    path = f"/accounts/{story.account_id}/stories/new/"
    form_key = signed_in.get(path).context["form"]["form_key"].value()
    for _ in range(2):
        answer = signed_in.post(path, {"headline": "Brand\nnew", "form_key": form_key})
    assert answer.status_code == 302
    assert list(Story.objects.exclude(pk=story.pk).values_list("headline", flat=True)) == ["Brand new"]


def test_looking_for_an_account_finds_none_that_is_hidden(client: Client, story: Story) -> None:
    refresh_accounts([story.account])
    client.force_login(eve())
    assert "Ostvik Bank" in client.get("/stories/new/?q=ostvik").content.decode()
    story.account.is_hidden = True
    story.account.save()
    assert "Ostvik Bank" not in client.get("/stories/new/?q=ostvik").content.decode()


def test_a_story_is_edited(signed_in: Client, story: Story) -> None:
    path = f"/stories/{story.pk}/edit/"
    assert signed_in.get(path).context["form"]["headline"].value() == story.headline
    facts = {
        "account": "Ostvik Bank",
        "headline": "New",
        "impact": "More",
        "happened_on": "2026-05-04",
        "disclosure": "internal",
        "revision": 1,
    }
    assert signed_in.post(path, facts)["Location"] == f"/stories/{story.pk}/"
    story.refresh_from_db()
    assert (story.headline, story.impact, story.happened_on, story.disclosure) == ("New", "More", date(2026, 5, 4), "internal")
    stale = signed_in.post(path, facts | {"headline": "Stale"})
    assert stale.status_code == 400
    assert "Somebody changed this while you were editing." in stale.content.decode()


def test_a_story_is_given_to_another_customer(signed_in: Client, story: Story) -> None:
    other = make_account("Fennmark", owner=story.account.owner)
    signed_in.post(f"/stories/{story.pk}/edit/", {"account": "fennmark", "headline": story.headline})
    assert Story.objects.get().account == other


def test_editing_keeps_an_owner_who_is_gone(signed_in: Client, story: Story) -> None:
    gone = make_colleague("Gone Girl")
    gone.deactivated_at = story.created_at
    gone.save()
    Story.objects.filter(pk=story.pk).update(owner=gone)
    path = f"/stories/{story.pk}/edit/"
    form = signed_in.get(path).context["form"]
    signed_in.post(path, {name: form[name].value() or "" for name in form.fields} | {"headline": "New", "owner": gone.pk})
    assert Story.objects.values_list("headline", "owner__name").get() == ("New", "Gone Girl")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"headline": ""}, "Headline: This field is required."),
        ({"headline": "x" * 301}, "Headline: Ensure this value has at most 300 characters (it has 301)."),
        ({"headline": "a", "happened_on": "soon"}, "Happened on: Enter a valid date."),
        ({"headline": "a", "disclosure": "secret"}, "Disclosure: Select a valid choice. secret is not one of the available choices."),
        ({"headline": "a", "disclosure": "public"}, "Ostvik Bank is named one-to-one, so its story cannot be shown more widely."),
        ({"account": ""}, "Customer: This field is required."),
        ({"account": "Nobody Ltd"}, "Customer: No account is called Nobody Ltd."),
    ],
)
def test_bad_facts_are_refused_with_one_sentence(facts: dict[str, str], sentence: str, signed_in: Client, story: Story) -> None:
    answer = signed_in.post(f"/stories/{story.pk}/edit/", {"account": "Ostvik Bank", "headline": "a"} | facts)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert Story.objects.get().revision == 1


def test_figures_people_links_and_values_come_and_go(signed_in: Client, story: Story) -> None:
    contact, page = make_contact(account=story.account), f"/stories/{story.pk}/"
    assert signed_in.post(f"{page}metrics/", {"words": "4 days", "label": "to close"})["Location"] == page
    assert signed_in.post(f"{page}tellers/", {"contact": contact.pk, "quote": "Fridays."})["Location"] == page
    assert signed_in.post(f"{page}assets/", {"url": ADDRESS, "form": "video", "reach": "public"})["Location"] == page
    assert signed_in.post(f"{page}values/", {"text": "great britain"})["Location"] == page
    metric, person, asset = Metric.objects.get(), StoryPerson.objects.get(), Asset.objects.get()
    assert signed_in.post(f"/metrics/{metric.pk}/", {"words": "3 days", "label": "to close"})["Location"] == page
    assert signed_in.post(f"/tellers/{person.pk}/", {"contact": contact.pk, "quote": "Mondays."})["Location"] == page
    assert signed_in.post(f"/assets/{asset.pk}/", {"url": ADDRESS, "form": "video", "reach": "sendable", "revision": 1})["Location"] == page
    shown = signed_in.get(page).content.decode()
    for words in ("3 days", "“Mondays.”", "May be sent", "United Kingdom", 'value="https://www.example.com/story"'):
        assert words in shown
    for path in (f"/assets/{asset.pk}/retirement/", f"/metrics/{metric.pk}/removal/", f"/tellers/{person.pk}/removal/"):
        assert signed_in.post(path)["Location"] == page
    assert signed_in.post(f"{page}values/removal/", {"value": value_named("United Kingdom").pk})["Location"] == page
    assert signed_in.post(f"/assets/{asset.pk}/return/")["Location"] == page
    assert (Metric.objects.count(), StoryPerson.objects.count(), StoryValue.objects.count()) == (0, 0, 0)
    assert Asset.objects.get().retired_at is None
    assert signed_in.post(f"{page}retirement/")["Location"] == page
    assert "This story is retired." in signed_in.get(page).content.decode()
    assert signed_in.post(f"{page}return/")["Location"] == page
    assert Story.objects.get().retired_at is None


@pytest.mark.parametrize(
    ("path", "facts", "sentence"),
    [
        ("assets/", {"url": "javascript:alert(1)", "form": "video", "reach": "public"}, "Give a full address that begins with https://"),
        ("assets/", {"url": "", "form": "video", "reach": "public"}, "Give a full address that begins with https://"),
        ("metrics/", {"words": "", "label": "x"}, "Figure: This field is required."),
        ("tellers/", {"contact": "", "quote": ""}, "Name who tells it, give their words, or both."),
        ("tellers/", {"contact": "999999", "quote": ""}, "Select a valid choice."),
        ("tellers/", {"contact": "9" * 30, "quote": ""}, "Select a valid choice."),
        ("values/", {"text": "Bankng"}, "The closest is Banking (Industry)."),
        ("values/", {"text": "%%"}, "is not in the vocabulary."),
        ("values/removal/", {"value": "9" * 18}, "There is no such facet value. Nothing was changed."),
        ("values/removal/", {"value": "x"}, "There is no such facet value. Nothing was changed."),
    ],
)
def test_bad_parts_are_refused_with_one_sentence(path: str, facts: dict[str, str], sentence: str, signed_in: Client, story: Story) -> None:
    answer = signed_in.post(f"/stories/{story.pk}/{path}", facts)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert [model.objects.count() for model in (Asset, Metric, StoryPerson, StoryValue)] == [0, 0, 0, 0]


def test_hostile_words_are_shown_as_words(signed_in: Client, story: Story, owner: Colleague) -> None:
    actions.change_story(story, StoryFacts(HOSTILE, HOSTILE, HOSTILE, HOSTILE), by=owner)
    actions.add_metric(story, label=HOSTILE, words=HOSTILE, by=owner)
    actions.add_teller(story, contact=make_contact(HOSTILE, account=story.account), quote=HOSTILE, by=owner)
    asset = make_asset(story, by=owner, title=HOSTILE)
    pages = [f"/stories/{story.pk}/", "/stories/", f"/stories/{story.pk}/edit/", f"/assets/{asset.pk}/", f"/accounts/{story.account_id}/"]
    for page in pages:
        shown = signed_in.get(page).content.decode()
        assert "&lt;script&gt;alert" in shown
        assert "<script>alert" not in shown
        assert '" onfocus' not in shown


def test_an_address_that_an_import_brought_is_never_a_link_to_a_script(signed_in: Client, story: Story, owner: Colleague) -> None:
    asset = make_asset(story, by=owner)
    page = f"/stories/{story.pk}/"
    assert f'href="{ADDRESS}"' in signed_in.get(page).content.decode()
    Asset.objects.filter(pk=asset.pk).update(url="javascript:alert(1)")
    assert 'href="javascript:' not in signed_in.get(page).content.decode()


def test_what_must_not_be_sent_says_so_beside_the_button(signed_in: Client, story: Story, owner: Colleague) -> None:
    make_asset(story, by=owner)
    assert "For colleagues only: do not send it." in signed_in.get(f"/stories/{story.pk}/").content.decode()
    Asset.objects.update(reach=Asset.Reach.SENDABLE, review_by=date(2026, 1, 2))
    shown = signed_in.get(f"/stories/{story.pk}/").content.decode()
    assert "For colleagues only" not in shown
    assert "Past its review of 2 Jan 2026: ask Ana Owner before you send it." in shown
    ReferenceAccount.objects.create(account=story.account, disclosure=Disclosure.INTERNAL)
    assert "Ostvik Bank is not to be spoken of outside: do not send it." in signed_in.get(f"/stories/{story.pk}/").content.decode()
    actions.retire_story(story, by=owner)
    assert "This story is retired: do not send it." in signed_in.get(f"/stories/{story.pk}/").content.decode()


def test_whoever_may_not_change_it_is_told_why_and_sees_no_way_to(client: Client, story: Story, owner: Colleague) -> None:
    asset = make_asset(story, by=owner)
    metric = actions.add_metric(story, label="a", words="b", by=owner)
    client.force_login(eve())
    shown = client.get(f"/stories/{story.pk}/").content.decode()
    assert "Changing this story is for Ana Owner, who owns Ostvik Bank, the deputy, marketers and program managers." in shown
    assert "Add link" not in shown
    paths = [f"/stories/{story.pk}/edit/", f"/assets/{asset.pk}/", f"/metrics/{metric.pk}/", f"/accounts/{story.account_id}/stories/new/"]
    assert [client.get(path).status_code for path in paths] == [403] * 4


def test_a_hidden_story_is_nowhere(client: Client, story: Story, owner: Colleague) -> None:
    asset = make_asset(story, by=owner)
    client.force_login(eve())
    paths = [f"/stories/{story.pk}/", f"/stories/{story.pk}/edit/", f"/assets/{asset.pk}/"]
    assert [client.get(path).status_code for path in paths] == [200, 403, 403]
    Story.objects.filter(pk=story.pk).update(disclosure=Disclosure.HIDDEN)
    assert [client.get(path).status_code for path in paths] == [404] * 3
    assert client.get("/stories/").context["list"].total == 0


def test_a_name_that_is_not_disclosed_is_told_to_the_owner_and_managers_alone(client: Client, story: Story, owner: Colleague) -> None:
    reference = make_reference("Rae Reference", account=story.account)
    person = actions.add_teller(story, contact=reference.contact, quote="Fridays.", by=owner)
    marketer = make_colleague("Max Marketer")
    marketer.is_marketer = True
    marketer.save()

    def names(colleague: Colleague) -> list[bool]:
        client.force_login(colleague)
        paths = (f"/stories/{story.pk}/", f"/tellers/{person.pk}/", f"/stories/{story.pk}/tellers/")
        return ["Rae Reference" in client.get(path).content.decode() for path in paths]

    assert names(marketer) == [True, True, True]
    Reference.objects.update(disclosure=Disclosure.HIDDEN)
    assert names(marketer) == [False, False, True]  # to choose from they stand as on the account's page, whoever tells this one
    assert client.post(f"/tellers/{person.pk}/removal/").status_code == 403
    assert names(owner) == names(mia()) == [True, True, True]


def test_an_accounts_page_and_a_references_page_show_their_stories(signed_in: Client, story: Story, owner: Colleague) -> None:
    reference = make_reference("Rae Reference", account=story.account)
    assert story.headline in signed_in.get(f"/accounts/{story.account_id}/").content.decode()
    assert story.headline not in signed_in.get(f"/references/{reference.pk}/").content.decode()
    actions.add_teller(story, contact=reference.contact, quote="", by=owner)
    assert story.headline in signed_in.get(f"/references/{reference.pk}/").content.decode()
    actions.retire_story(story, by=owner)
    assert story.headline not in signed_in.get(f"/accounts/{story.account_id}/").content.decode()

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from firsthand.core import search
from firsthand.core.refused import Refused
from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import AccountValue
from firsthand.history.models import Event
from firsthand.people.builders import ana, eve
from firsthand.people.models import Colleague
from firsthand.program.builders import make_program, make_value, value_named
from firsthand.program.models import FacetValue
from firsthand.references.models import Disclosure, ReferenceAccount
from firsthand.stories import actions
from firsthand.stories.actions import AssetFacts, StoryFacts
from firsthand.stories.builders import ADDRESS, make_asset, make_story
from firsthand.stories.models import Asset, Metric, Story, StoryPerson, StoryTerm, StoryValue
from firsthand.stories.naming import read_value

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Colleague:
    return ana()


@pytest.fixture
def story(owner: Colleague) -> Story:
    return make_story(make_account(owner=owner), by=owner)


def verbs(story: Story) -> list[str]:
    return list(Event.objects.filter(context_kind="story", context_id=story.pk).order_by("pk").values_list("verb", flat=True))


def found(words: str) -> list[Story]:
    return list(search.narrow(Story.objects.all(), "story", words))


def refusal(deed: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        deed()
    return refused.value.status, refused.value.sentence


def test_a_story_is_found_by_its_words_and_by_its_customer(story: Story) -> None:
    assert found("april") == found("ostvik") == [story]
    assert StoryTerm.objects.filter(story=story, term="april").exists()
    assert verbs(story) == ["story_added"]


def test_a_form_sent_twice_adds_one_story(owner: Colleague) -> None:
    account, form_key = make_account(owner=owner), uuid4()
    first, second = (actions.add_story(account, StoryFacts("Once"), by=owner, form_key=form_key) for _ in range(2))
    assert first == second
    assert (Story.objects.count(), verbs(first)) == (1, ["story_added"])


def test_a_change_is_found_and_recorded_by_the_names_of_its_fields(story: Story, owner: Colleague) -> None:
    actions.change_story(story, StoryFacts("We closed May", impact="Calmer", happened_on=date(2026, 5, 4)), by=owner)
    assert (found("may"), found("april"), found("calmer")) == ([story], [], [story])
    assert Event.objects.get(verb="story_changed").facts == {"fields": ["happened_on", "headline", "impact"]}


def test_a_story_of_the_wrong_customer_goes_to_the_right_one(story: Story, owner: Colleague) -> None:
    right, before = make_account("Fennmark", owner=owner), story.account_id
    asset, metric = make_asset(story, by=owner), actions.add_metric(story, label="To close", words="4 days", by=owner)
    actions.add_teller(story, contact=None, quote="We sleep.", by=owner)
    actions.change_story(story, StoryFacts(story.headline), by=owner, account=right)
    moved = Story.objects.get()
    assert (moved.account, moved.revision) == (right, 2)
    assert (asset.story, metric.story, moved.people.count()) == (moved, moved, 1)
    assert (found("fennmark"), found("ostvik")) == ([moved], [])
    assert Event.objects.get(verb="story_moved").facts == {"account": [before, right.pk]}
    assert not Event.objects.filter(verb="story_changed").exists()


def test_people_of_the_old_customer_tell_no_story_of_another(story: Story, owner: Colleague) -> None:
    right = make_account("Fennmark", owner=owner)
    teller = actions.add_teller(story, contact=make_contact(account=story.account), quote="We sleep.", by=owner)

    def move() -> None:
        actions.change_story(story, StoryFacts("Another headline"), by=owner, account=right)

    assert refusal(move) == (
        409, "The story is told by 1 person of Ostvik Bank. Take them out of it, or leave only their words, and give it to Fennmark then.",
    )  # fmt: skip
    assert Story.objects.get().headline == story.headline
    actions.change_teller(teller, contact=None, quote="We sleep.", by=owner)
    move()
    assert Story.objects.get().account == right


def test_a_story_goes_only_where_one_may_add_stories(story: Story, owner: Colleague) -> None:
    theirs = make_account("Fennmark", owner=eve())
    status, _ = refusal(lambda: actions.change_story(story, StoryFacts(story.headline), by=owner, account=theirs))
    assert (status, Story.objects.get().account) == (403, story.account)


def test_a_story_goes_nowhere_it_would_be_shown_too_widely(owner: Colleague) -> None:
    story = make_story(make_account(owner=owner), by=owner, disclosure=Disclosure.NAMED)
    anonymous = make_account("Fennmark", owner=owner)
    ReferenceAccount.objects.create(account=anonymous, disclosure=Disclosure.ANONYMOUS)
    move = refusal(
        lambda: actions.change_story(story, StoryFacts(story.headline, disclosure=Disclosure.NAMED), by=owner, account=anonymous)
    )
    assert move == (400, "Fennmark is anonymous, so its story cannot be shown more widely.")
    assert Story.objects.get().account == story.account


def test_what_stays_the_same_is_not_recorded(story: Story, owner: Colleague) -> None:
    actions.change_story(story, StoryFacts(story.headline), by=owner)
    assert (verbs(story), Story.objects.get().revision) == (["story_added"], 1)


def test_what_somebody_else_changed_meanwhile_is_not_written_over(story: Story, owner: Colleague) -> None:
    actions.change_story(story, StoryFacts("Theirs"), by=owner, revision=1)
    assert refusal(lambda: actions.change_story(story, StoryFacts("Mine"), by=owner, revision=1)) == (
        409,
        "Somebody changed this while you were editing. Look at it again; nothing was saved.",
    )
    assert Story.objects.get().headline == "Theirs"


def test_a_story_is_never_shown_more_widely_than_its_customer(story: Story, owner: Colleague) -> None:
    ReferenceAccount.objects.create(account=story.account, disclosure=Disclosure.ANONYMOUS)
    assert refusal(lambda: actions.change_story(story, StoryFacts("New", disclosure=Disclosure.NAMED), by=owner)) == (
        400,
        "Ostvik Bank is anonymous, so its story cannot be shown more widely.",
    )
    assert Story.objects.get().headline == "We closed April in four days"
    actions.change_story(story, StoryFacts("New", disclosure=Disclosure.INTERNAL), by=owner)
    assert Story.objects.get().disclosure == Disclosure.INTERNAL


def test_a_story_needs_a_headline(owner: Colleague) -> None:
    assert refusal(lambda: make_story(make_account(owner=owner), by=owner, headline=" "))[0] == 400
    assert not Story.objects.exists()


def test_a_story_is_retired_and_brought_back_once(story: Story, owner: Colleague) -> None:
    for _ in range(2):
        actions.retire_story(story, by=owner)
    assert Story.objects.get().retired_at is not None
    for _ in range(2):
        actions.bring_back_story(story, by=owner)
    assert Story.objects.get().retired_at is None
    assert verbs(story) == ["story_added", "story_retired", "story_brought_back"]


def test_figures_are_added_changed_and_removed(story: Story, owner: Colleague) -> None:
    metric = actions.add_metric(story, label="to close a month", words=" 4 days ", by=owner)
    actions.change_metric(metric, label="to close a month", words="3 days", by=owner)
    actions.change_metric(metric, label="to close a month", words="3 days", by=owner)
    assert Metric.objects.get().words == "3 days"
    for _ in range(2):
        actions.remove_metric(metric, by=owner)
    assert verbs(story) == ["story_added", "metric_added", "metric_changed", "metric_removed"]
    assert refusal(lambda: actions.change_metric(metric, label="a", words="b", by=owner))[0] == 409
    assert refusal(lambda: actions.add_metric(story, label="", words="4 days", by=owner))[0] == 400


def test_those_who_tell_it_are_the_customers_own_people(story: Story, owner: Colleague) -> None:
    rae, other = make_contact(account=story.account), make_contact("Else Where", account=make_account("Other"))
    person = actions.add_teller(story, contact=rae, quote="Nobody thanked me for the software.", by=owner)
    assert found("thanked") == [story]
    assert refusal(lambda: actions.change_teller(person, contact=other, quote="", by=owner)) == (
        400,
        "Else Where does not work at Ostvik Bank. Choose one of its people.",
    )
    assert refusal(lambda: actions.add_teller(story, contact=None, quote=" ", by=owner))[0] == 400
    actions.change_teller(person, contact=None, quote="Fridays.", by=owner)
    assert (StoryPerson.objects.get().contact, found("thanked")) == (None, [])
    for _ in range(2):
        actions.remove_teller(person, by=owner)
    assert verbs(story) == ["story_added", "teller_added", "teller_changed", "teller_removed"]


def test_names_of_those_who_tell_it_are_not_searched_by(story: Story, owner: Colleague) -> None:
    actions.add_teller(story, contact=make_contact("Rae Reference", account=story.account), quote="", by=owner)
    assert found("rae") == []


def test_a_story_has_values_beyond_its_accounts(story: Story, owner: Colleague) -> None:
    own, theirs, retired = make_value("Ledger"), make_value("Banking"), make_value("Old")
    AccountValue.objects.create(account=story.account, value=theirs)
    FacetValue.objects.filter(pk=retired.pk).update(retired_at=story.created_at)
    for _ in range(2):
        actions.add_value(story, own, by=owner)
    assert found("ledger") == [story]
    assert refusal(lambda: actions.add_value(story, theirs, by=owner)) == (
        409,
        "Ostvik Bank has Banking already, so each of its stories has it too.",
    )
    assert refusal(lambda: actions.add_value(story, FacetValue.objects.get(name="Old"), by=owner))[0] == 400
    for _ in range(2):
        actions.drop_value(story, own, by=owner)
    assert not StoryValue.objects.exists()
    assert verbs(story) == ["story_added", "value_added", "value_dropped"]


def test_a_value_is_read_by_name_or_alias_and_the_closest_is_offered() -> None:
    make_program()
    assert read_value("great britain") == value_named("United Kingdom")
    assert read_value("Retail") == value_named("Retail")
    assert refusal(lambda: read_value("Bankng")) == (400, "“Bankng” is not in the vocabulary. The closest is Banking (Industry).")
    assert refusal(lambda: read_value("Zzyzx")) == (
        400,
        "“Zzyzx” is not in the vocabulary. A program manager can add it under Facets.",
    )
    twin = make_value("Retail")
    assert refusal(lambda: read_value("Retail")) == (
        400,
        "“Retail” can mean several values. Say which facet it belongs to: Industry or Product.",
    )
    assert read_value("Retail", twin.facet) == twin


def test_links_are_added_changed_retired_and_brought_back(story: Story, owner: Colleague) -> None:
    asset = make_asset(story, by=owner)
    actions.change_asset(asset, AssetFacts(ADDRESS, reach=Asset.Reach.PUBLIC), by=owner, revision=1)
    assert refusal(lambda: actions.change_asset(asset, AssetFacts(ADDRESS), by=owner, revision=1))[0] == 409
    for _ in range(2):
        actions.retire_asset(asset, by=owner)
    for _ in range(2):
        actions.bring_back_asset(asset, by=owner)
    assert Asset.objects.get().reach == Asset.Reach.PUBLIC
    assert verbs(story) == ["story_added", "asset_added", "asset_changed", "asset_retired", "asset_brought_back"]


def test_one_address_stands_once_among_a_storys_links_in_use(story: Story, owner: Colleague) -> None:
    asset = make_asset(story, by=owner)
    assert refusal(lambda: make_asset(story, by=owner))[0] == 409
    actions.retire_asset(asset, by=owner)
    make_asset(story, by=owner)
    assert refusal(lambda: actions.bring_back_asset(asset, by=owner))[0] == 409


HTTPS = "Give a full address that begins with https://, such as https://www.example.com/story."


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", HTTPS),
        ("http://www.example.com/story", HTTPS),
        ("www.example.com", HTTPS),
        ("javascript:alert(1)", HTTPS),
        ("https://javascript:alert(1)", HTTPS),
        ("data:text/html,<script>alert(1)</script>", HTTPS),
        ("https://", HTTPS),
        ("https://exa mple.com", HTTPS),
        ("https://[", HTTPS),
        ("https://ana:secret@www.example.com", "An address must not hold a user name or password. Leave out what stands before the @."),
        (f"https://www.example.com/{'a' * 480}", "An address has at most 500 signs. This one has 504."),
    ],
)
def test_a_bad_address_is_refused_with_one_sentence(address: str, sentence: str, story: Story, owner: Colleague) -> None:
    assert refusal(lambda: make_asset(story, by=owner, url=address)) == (400, sentence)
    assert not Asset.objects.exists()


def test_an_outsider_may_do_none_of_it(story: Story, owner: Colleague) -> None:
    outsider, asset = eve(), make_asset(story, by=owner)
    metric = actions.add_metric(story, label="a", words="b", by=owner)
    person = actions.add_teller(story, contact=None, quote="c", by=owner)
    value = make_value()
    deeds: list[Callable[[], object]] = [
        lambda: actions.add_story(story.account, StoryFacts("d"), by=outsider),
        lambda: actions.change_story(story, StoryFacts("d"), by=outsider),
        lambda: actions.retire_story(story, by=outsider),
        lambda: actions.bring_back_story(story, by=outsider),
        lambda: actions.add_metric(story, label="d", words="d", by=outsider),
        lambda: actions.change_metric(metric, label="d", words="d", by=outsider),
        lambda: actions.remove_metric(metric, by=outsider),
        lambda: actions.add_teller(story, contact=None, quote="d", by=outsider),
        lambda: actions.change_teller(person, contact=None, quote="d", by=outsider),
        lambda: actions.remove_teller(person, by=outsider),
        lambda: actions.add_value(story, value, by=outsider),
        lambda: actions.drop_value(story, value, by=outsider),
        lambda: make_asset(story, by=outsider, url=f"{ADDRESS}/2"),
        lambda: actions.change_asset(asset, AssetFacts(ADDRESS, title="d"), by=outsider),
        lambda: actions.retire_asset(asset, by=outsider),
        lambda: actions.bring_back_asset(asset, by=outsider),
    ]
    before = verbs(story)
    assert [refusal(deed)[0] for deed in deeds] == [403] * len(deeds)
    assert verbs(story) == before

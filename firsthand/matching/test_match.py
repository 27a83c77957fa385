"""The match as a whole: who is ranked, who is kept back, in whose eyes."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.models import Account, AccountValue, Relationship, Signal, Touch
from firsthand.matching.builders import TODAY, make_need, make_value
from firsthand.matching.exclusions import ACCOUNT, MUST
from firsthand.matching.match import Result, match
from firsthand.matching.need import Criterion, Deal, Need
from firsthand.matching.result_json import result_json
from firsthand.matching.rules import why_barred
from firsthand.people.builders import ana, eli, mia, sam
from firsthand.people.models import Colleague
from firsthand.program.policy import Limits, Policy
from firsthand.references.builders import make_engagement, make_reference
from firsthand.references.models import Consent, Disclosure, Reference
from firsthand.stories.actions import index_stories
from firsthand.stories.models import Story, StoryValue

pytestmark = pytest.mark.django_db


def person(name: str, company: str, *values: str, parent: str = "") -> Reference:
    top = make_account(parent) if parent else None
    account = make_account(company, parent=top)
    for value in values:
        AccountValue.objects.create(account=account, value=make_value(value))
    return make_reference(name, account=account)


def colleague_of(reference: Reference, name: str) -> Reference:
    return make_reference(name, account=reference.account)


def names(result: Result) -> list[str]:
    return [each.name for each in result.matches]


def kept_back(result: Result) -> dict[str, int]:
    return {each.rule: each.count for each in result.exclusions}


def story(reference: Reference, headline: str) -> Story:
    made = Story.objects.create(account=reference.account, headline=headline)
    index_stories([made.pk])
    return made


def wishing(*names_: str, importance: str = "should", **more: object) -> Need:
    return make_need(criteria=tuple(Criterion(make_value(name).pk, importance) for name in names_), **more)  # type: ignore[arg-type]


def test_those_in_the_wished_line_of_business_come_first() -> None:
    person("Bo Retail", "Shop", "Retail")
    person("Al Bank", "Bank", "Banking")
    found = match(wishing("Banking"), mia())
    assert names(found) == ["Al Bank"]
    assert found.matches[0].parts[0].sentence == "Banking, as wished."
    assert sum(part.points for part in found.matches[0].parts) == found.matches[0].score


def test_nobody_without_a_must_is_a_candidate_and_they_are_counted_apart() -> None:
    person("Bo Retail", "Shop", "Retail")
    person("Cy Nothing", "Unknown")
    person("Al Bank", "Bank", "Banking")
    found = match(wishing("Banking", importance="must"), mia())
    assert (names(found), kept_back(found), found.barred, found.lacking) == (["Al Bank"], {MUST: 2}, 0, 2)
    assert found.exclusions[0].sentence == "2 references cannot be asked: is not known for what must be there: Banking."


def test_a_must_is_not_met_by_a_story_that_the_viewer_may_not_see() -> None:
    owner = ana()
    reference = person("Al", "Al Bank")
    reference.account.owner = owner
    reference.account.save()
    hidden = Story.objects.create(account=reference.account, headline="Hushed", disclosure=Disclosure.HIDDEN)
    StoryValue.objects.create(story=hidden, value=make_value("Banking"))
    need = wishing("Banking", importance="must")
    assert {who.name: len(match(need, who).matches) for who in (owner, mia(), sam())} == {
        "Ana Owner": 1,
        "Mia Manager": 1,
        "Sam Seller": 0,
    }


def test_a_must_is_met_by_what_stands_below_it_and_two_of_one_facet_are_alternatives() -> None:
    finance = make_value("Finance")
    make_value("Banking", parent=finance)
    person("Al Bank", "Bank", "Banking")
    person("Bo Retail", "Shop", "Retail")
    person("Di Farm", "Farm", "Farming")
    assert sorted(names(match(wishing("Finance", "Retail", importance="must"), mia()))) == ["Al Bank", "Bo Retail"]


def test_what_is_to_be_avoided_sinks() -> None:
    person("Al Bank", "Bank", "Banking")
    person("Bo Retail", "Shop", "Retail")
    assert names(match(wishing("Retail", importance="avoid"), mia()))[0] == "Al Bank"


def test_a_wish_is_read_for_values_and_the_rest_ranks_the_stories() -> None:
    telling, silent = person("Al Bank", "Bank", "Banking"), person("Cy Bank", "Other bank", "Banking")
    story(telling, "Fraud checks in minutes")
    story(silent, "A new intranet")
    viewer = mia()
    found = match(make_need(wish="Banking, fraud checks"), viewer)
    assert names(found)[0] == "Al Bank"
    assert found.matches[0].stories == ("Fraud checks in minutes",)
    assert [criterion.matched_text for criterion in found.asked.understood.criteria] == ["Banking"]
    assert match(make_need(wish="Banking, fraud checks", removed=((0, 7),)), viewer).asked.understood.criteria == ()


def test_a_wish_that_fits_nothing_finds_nothing() -> None:
    story(person("Al Bank", "Bank", "Banking"), "Fraud checks in minutes")
    make_value("Energy")
    assert names(match(wishing("Energy", wish="drilling for oil"), mia())) == []


def test_a_wish_for_a_story_that_nobody_tells_offers_those_of_whom_nothing_is_told() -> None:
    story(person("Al Bank", "Bank"), "Fraud checks in minutes")
    person("Bo Silent", "Silent")
    viewer = mia()
    found = match(make_need(wish="drilling for oil"), viewer)
    assert (names(found), found.is_untold) == (["Bo Silent"], True)
    assert names(match(make_need(wish="fraud"), viewer)) == ["Al Bank"]


def test_each_barred_reference_is_counted_once_under_its_first_rule() -> None:
    both = person("Al Bank", "Bank")
    Reference.objects.filter(pk=both.pk).update(status="resting")
    Consent.objects.create(contact=both.contact, kind="withdrawn", given_on=date(2026, 2, 1))
    resting = person("Bo Retail", "Shop")
    Reference.objects.filter(pk=resting.pk).update(status="resting")
    person("Cy Free", "Free")
    found = match(make_need(), mia())
    assert (names(found), kept_back(found), found.barred) == (["Cy Free"], {"consent": 1, "resting": 1}, 2)


def escalated() -> Colleague:
    """The owner of an account with a severe escalation."""
    owner = ana()
    reference = make_reference(account=make_account(owner=owner))
    Signal.objects.create(account=reference.account, kind="escalation", severity="severe", happened_on=TODAY)
    return owner


def test_a_private_rule_is_named_to_those_close_to_the_account_only() -> None:
    owner = escalated()
    assert kept_back(match(make_need(), owner)) == {"severe_escalation": 1}
    found = match(make_need(), sam(), why=ACCOUNT)
    assert kept_back(found) == {ACCOUNT: 1}
    assert [each.sentence for each in found.exclusions[0].people] == ["Rae Reference cannot be asked: barred by a rule about its account."]


def test_a_hidden_reference_is_not_even_counted_for_others() -> None:
    owner = ana()
    account = make_account(owner=owner)
    make_reference(account=account)
    account.is_hidden = True
    account.save()
    assert kept_back(match(make_need(), sam())) == {}
    assert names(match(make_need(), owner)) == ["Rae Reference"]


def test_at_most_two_of_a_family_are_shown_and_the_others_are_offered_below() -> None:
    first = person("Al One", "Bank", parent="Group")
    for name in ("Bo Two", "Cy Three", "Di Four"):
        colleague_of(first, name)
    found = match(make_need(), mia())
    assert names(found) == ["Al One", "Bo Two"]
    assert [also.name for also in found.matches[1].more] == ["Cy Three", "Di Four"]
    assert (found.matches[0].more_count, found.matches[1].more_count, found.fits) == (0, 2, 4)


def test_a_tie_goes_to_the_one_asked_longest_ago() -> None:
    for name, day in (("Al Lately", 3), ("Bo Long", 1), ("Cy Between", 2)):
        asked = person(name, name)
        sent_at = datetime(2025, 1, day, tzinfo=UTC)
        Touch.objects.create(person=asked.contact.person, door="ask", about_kind="ask", about_id=1, sent_at=sent_at)
    assert names(match(make_need(), mia())) == ["Bo Long", "Cy Between", "Al Lately"]


def test_the_same_need_gives_the_same_list() -> None:
    for i in range(6):
        person(f"Al Number{i}", f"Bank {i}", "Banking")
    viewer = mia()
    first, second = (result_json(match(wishing("Banking"), viewer)) for _ in range(2))
    del first["milliseconds"], second["milliseconds"]
    assert first == second


def test_an_unconfirmed_person_is_matched_with_that_word() -> None:
    claimed = person("Al Bank", "Bank")
    Consent.objects.filter(contact=claimed.contact).delete()
    Consent.objects.create(contact=claimed.contact, kind="claimed", covers_all=True, given_on=date(2026, 1, 1))
    assert [each.is_confirmed for each in match(make_need(), mia()).matches] == [False]


def test_the_address_is_masked_but_to_the_owner_and_managers() -> None:
    owner = ana()
    make_reference(account=make_account(owner=owner))
    for reader in (sam(), eli()):
        assert [(each.contact, each.contact_is_masked) for each in match(make_need(), reader).matches] == [("r•••••@c•••••.example", True)]
    assert [each.contact for each in match(make_need(), mia()).matches] == ["rae@customer.example"]
    assert [each.contact for each in match(make_need(), owner).matches] == ["rae@customer.example"]


def test_the_group_of_a_prospect_one_may_not_see_is_not_told_by_its_bar() -> None:
    daughter = person("Al Bank", "Ostvik Bank", parent="Nordholm Group")
    Account.objects.filter(name="Nordholm Group").update(is_hidden=True)
    seller, owner, manager = sam(), ana(), mia()
    Account.objects.filter(name="Ostvik Bank").update(owner=owner)
    typed = make_need(deal=Deal(prospect_name="nordholm group"))
    known = make_need(deal=Deal(account_id=daughter.account.family_id, family_id=daughter.account.family_id))
    for need in (typed, known):
        assert [kept_back(match(need, reader)) for reader in (seller, owner, manager)] == [{ACCOUNT: 1}, {ACCOUNT: 1}, {"family": 1}]
        for reader, told in ((seller, False), (owner, False), (manager, True), (None, True)):
            [bar] = why_barred(need, daughter, viewer=reader)
            assert (bar.rule.code, "belongs to the prospect" in bar.sentence) == ("family", told)


def test_slots_the_last_ask_and_who_knows_them_stand_beside_the_match() -> None:
    reference = make_reference(account=make_account(owner=ana()), limit=4)
    make_engagement(reference, date(2026, 2, 1))
    make_engagement(reference, date(2026, 2, 2), state="reserved")
    viewer, policy = mia(), Policy(limits=Limits(min_gap_days=0))
    [found] = match(make_need(), viewer, policy=policy).matches
    assert (found.use.used, found.use.reserved, found.use.left) == (1, 1, 2)
    assert (found.best_placed, found.best_placed_why, found.last_asked) == ("Ana Owner", "owns the account", "Never, enrolled Mon 5 Jan")
    Relationship.objects.create(colleague=sam(), contact=reference.contact, kind="worked_with", strength=4)
    [found] = match(make_need(), viewer, policy=policy).matches
    assert (found.best_placed, found.best_placed_why) == ("Sam Seller", "has worked with them")


def test_the_json_has_exactly_the_documented_fields() -> None:
    person("Al Bank", "Bank", "Banking")
    Reference.objects.filter(pk=person("Bo Rest", "Shop", "Banking").pk).update(status="resting")
    told = result_json(match(wishing("Banking"), mia()))
    assert set(told) == {"matches", "exclusions", "milliseconds"}
    assert set(told["matches"][0]) == {"reference", "contact", "account", "stories", "score", "confirmed", "parts"}
    assert set(told["matches"][0]["parts"][0]) == {"name", "points", "sentence"}
    assert told["exclusions"] == [
        {
            "rule": "resting",
            "sentence": "1 reference cannot be asked: takes a rest from the program.",
            "count": 1,
            "contacts": ["Bo Rest"],
        }
    ]


def test_somebody_like_an_account_shares_its_values() -> None:
    model = make_account("Model")
    AccountValue.objects.create(account=model, value=make_value("Banking"))
    make_contact("Eve Elsewhere", account=model)
    person("Al Bank", "Bank", "Banking")
    person("Bo Retail", "Shop", "Retail")
    assert names(match(make_need(like_account_id=model.pk), mia())) == ["Al Bank"]


def test_the_number_of_statements_does_not_grow_with_the_matches() -> None:
    viewer, need = mia(), wishing("Banking", wish="fraud")
    statements = []
    for i in range(6):
        story(person(f"Al Number{i}", f"Bank {i}", "Banking"), "Fraud checks")
        with CaptureQueriesContext(connection) as captured:
            assert len(match(need, viewer).matches) == i + 1
        statements.append(len(captured))
    assert set(statements) == {statements[0]}

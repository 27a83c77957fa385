"""Every rule of `RULES`: one reference it bars with the sentence, and the nearest one it does not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from firsthand.core.words_key import key
from firsthand.customers.builders import make_account
from firsthand.customers.models import Account, Contact, Person, Signal, Touch
from firsthand.deals.models import Stage
from firsthand.matching.builders import TODAY, make_need, make_value
from firsthand.matching.match import match
from firsthand.matching.need import Deal, Need
from firsthand.matching.rules import RULES, Kind, why_barred
from firsthand.people.builders import ana, mia, sam
from firsthand.program.builders import make_activity_type
from firsthand.program.models import ActivityType
from firsthand.program.policy import Limit, Limits, Live, Policy, Risk
from firsthand.references.builders import make_engagement, make_reference
from firsthand.references.models import (
    Consent,
    ConsentScope,
    Disclosure,
    Hold,
    NoGo,
    Reference,
    ReferenceAccount,
    ReferenceTopic,
    Willingness,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 20)
LOOSE = Policy(
    limits=Limits(reference=Limit(count=0, period="quarter"), customer=Limit(count=0, period="quarter"),
                  asks=Limit(count=0, period="quarter"), min_gap_days=0),
    risk=Risk(renewal_window_days=30),
)  # fmt: skip


Told = Need | Policy | None


@dataclass(frozen=True)
class Case:
    """`bar` makes one fact of a free reference that bars it, `miss` the nearest that does not; both may change need and policy."""

    code: str
    bar: Callable[[Reference], Told]
    miss: Callable[[Reference], Told]
    words: str


def so(*done: object) -> Told:
    """What was done, one after the other; the last may be the need or the policy to judge by."""
    return done[-1] if isinstance(done[-1], Need | Policy) else None


def change(reference: Reference, **facts: object) -> Told:
    Reference.objects.filter(pk=reference.pk).update(**facts)
    return None


def consent(reference: Reference, kind: str, **facts: object) -> Told:
    given = {"given_on": date(2026, 2, 1), "covers_all": True} | facts
    Consent.objects.create(contact=reference.contact, kind=kind, **given)
    return None


def narrow(reference: Reference, to: str) -> Told:
    entry = Consent.objects.create(contact=reference.contact, kind=Consent.Kind.NARROWED, given_on=date(2026, 2, 1))
    ConsentScope.objects.create(consent=entry, activity_type=make_activity_type(to))
    return None


def hold(reference: Reference, kind: str, start: date, until: date | None, *, lifted: bool = False) -> Told:
    Hold.objects.create(
        reference=reference, kind=kind, starts_on=start, until=until, reason="busy quarter",
        lifted_at=datetime(2026, 3, 1, tzinfo=UTC) if lifted else None,
    )  # fmt: skip
    return None


def hold_customer(reference: Reference, kind: str, start: date, until: date | None) -> Told:
    Hold.objects.create(reference_account=reference.reference_account, kind=kind, starts_on=start, until=until, reason="talks")
    return None


def escalate(reference: Reference, severity: str, *, resolved_on: date | None = None) -> Told:
    Signal.objects.create(
        account=reference.account, kind="escalation", severity=severity, happened_on=date(2026, 3, 1), resolved_on=resolved_on
    )
    return None


def willing(reference: Reference, **facts: object) -> Told:
    Willingness.objects.filter(reference=reference).update(**facts)
    return None


def topic(reference: Reference, name: str, *, is_welcome: bool) -> Need:
    security = make_value("Security", facet="topic")
    audit = make_value("Audit", facet="topic", parent=security)
    ReferenceTopic.objects.create(reference=reference, value=make_value(name, facet="topic"), is_welcome=is_welcome)
    return make_need(topic_ids=(audit.pk,))


def prospect(name: str = "Fennmark Bank", *, parent: Account | None = None) -> Deal:
    account = make_account(name, parent=parent)
    return Deal(account_id=account.pk, family_id=account.family_id)


def refuse_company(reference: Reference, **names: object) -> Need:
    NoGo.objects.create(reference=reference, **names)
    return make_need(deal=Deal(prospect_name="Fennmark Bank"))


def renewing(reference: Reference, day: date) -> Told:
    Account.objects.filter(pk=reference.account.pk).update(renewal_date=day)
    return None


def stages(now: str) -> Need:
    for position, name in enumerate(["prospecting", "proposal", "negotiation"]):
        Stage.objects.create(name=name.capitalize(), key=name, position=position)
    return make_need(deal=Deal(stage_key=now))


def from_stage(now: str, *, live: bool = True) -> Callable[[Reference], Need]:
    return lambda _: replace(stages(now), activity_type=make_activity_type("reference-call" if live else "quote", is_live=live))


def of_size(amount: str | None) -> Callable[[Reference], Need]:
    return lambda _: make_need(deal=Deal(amount_base=Decimal(amount) if amount else None))


def limited(reference: Reference, count: int) -> Told:
    change(reference, limit_count=count)
    make_engagement(reference, date(2026, 3, 1))
    return None


def touched(reference: Reference, days_ago: int) -> Told:
    Touch.objects.create(
        person=reference.contact.person, door="ask", about_kind="ask", about_id=9,
        sent_at=datetime(2026, 3, 10, 12, tzinfo=UTC) - timedelta(days=days_ago),
    )  # fmt: skip
    return None


def a_quarter(count: int) -> Limit:
    return Limit(count=count, period="quarter")


def with_limits(**limits: object) -> Policy:
    return LOOSE.model_copy(update={"limits": LOOSE.limits.model_copy(update=limits)})


SERIOUS = LOOSE.model_copy(update={"live": Live(earliest_stage="proposal", least_amount=50_000)})

CASES = [
    Case("left", lambda r: change(r, status="alumni"), lambda r: None,
         "they left Ostvik Bank. Enroll their contact at the new company."),
    Case("consent", lambda r: consent(r, "withdrawn"), lambda r: consent(r, "void"),
         "they withdrew their consent on 1 Feb 2026. Only they can give it again."),
    Case("consent", lambda r: consent(r, "given", until=DAY - timedelta(days=1)), lambda r: consent(r, "given", until=DAY),
         "their consent ends on 19 Mar 2026. Ask them to renew it."),
    Case("consent", lambda r: narrow(r, "site-visit"), lambda r: narrow(r, "reference-call"),
         "their consent does not cover a reference call. Ask them to widen it."),
    Case("consent", lambda r: so(Consent.objects.all().delete()), lambda r: consent(r, "claimed"),
         "no consent is recorded. Record what they agreed to."),
    Case("consent", lambda r: consent(r, "refused"), lambda r: None,
         "they refused on 1 Feb 2026. Only they can change that."),
    Case("unsubscribed", lambda r: so(Person.objects.update(unsubscribed_at=datetime(2026, 3, 1, tzinfo=UTC))),
         lambda r: None, "they unsubscribed from our messages. Only they can change that."),
    Case("legal_hold", lambda r: hold_customer(r, "legal", TODAY, None), lambda r: hold(r, "legal", TODAY, None, lifted=True),
         "a legal hold stands until further notice (talks)."),
    Case("severe_escalation", lambda r: escalate(r, "severe"), lambda r: escalate(r, "severe", resolved_on=TODAY),
         "a severe escalation is open at Ostvik Bank since 1 Mar 2026. Free again once it is resolved."),
    Case("disclosure", lambda r: change(r, disclosure=Disclosure.INTERNAL), lambda r: change(r, disclosure=Disclosure.ANONYMOUS),
         "nobody outside may learn of Ostvik Bank. Its disclosure stands on the account's page."),
    Case("family", lambda r: make_need(deal=prospect(parent=r.account)), lambda r: make_need(deal=prospect()),
         "Ostvik Bank belongs to the prospect's own group. Choose somebody outside it."),
    Case("no_go", lambda r: refuse_company(r, name="Fennmark Bank", key="fennmark bank"),
         lambda r: refuse_company(r, name="Fennmark", key="fennmark"),
         "they do not speak to this company. Choose somebody else for this deal."),
    Case("resting", lambda r: change(r, status="resting"), lambda r: None,
         "they are resting. Make them active again on their page once they say so."),
    Case("paused", lambda r: hold(r, "own", TODAY, TODAY), lambda r: hold(r, "own", TODAY - timedelta(days=9), TODAY - timedelta(days=1)),
         "they paused until 10 Mar 2026. Free again 11 Mar 2026."),
    Case("owner_hold", lambda r: hold(r, "owner", DAY, None), lambda r: hold(r, "owner", DAY + timedelta(days=1), None),
         "their account owner keeps them back until further notice (busy quarter)."),
    Case("unwilling", lambda r: willing(r, answer="no"), lambda r: willing(r, answer="ask_first"),
         "they said no to a reference call. Ask for something they offer."),
    Case("audience", lambda r: willing(r, to_prospects=False), lambda r: willing(r, to_press=False),
         "they do not speak to prospects. Ask for another activity or audience."),
    Case("topic", lambda r: topic(r, "Security", is_welcome=False), lambda r: topic(r, "Security", is_welcome=True),
         "they do not speak of Security. Leave that out."),
    Case("own_limit", lambda r: limited(r, 1), lambda r: limited(r, 2),
         "1 used and 0 reserved of 1 in Q1 2026, as they wish. Free again 1 Apr 2026."),
    Case("own_gap", lambda r: so(change(r, min_gap_days=10), make_engagement(r, DAY - timedelta(days=9))),
         lambda r: so(change(r, min_gap_days=10), make_engagement(r, DAY - timedelta(days=10))),
         "asked or speaking less than 10 days away, their own gap."),
    Case("stage", from_stage("prospecting"), from_stage("proposal"),
         "the program keeps reference calls for deals from Proposal on. Ask again then."),
    Case("stage", from_stage("prospecting"), from_stage("prospecting", live=False),
         "the program keeps reference calls for deals from Proposal on. Ask again then."),
    Case("size", of_size("49999.99"), of_size("50000"),
         "the program keeps reference calls for deals of 50,000 EUR and more. Ask for something lighter."),
    Case("size", of_size("0"), of_size(None),
         "the program keeps reference calls for deals of 50,000 EUR and more. Ask for something lighter."),
    Case("default_limit", lambda r: so(make_engagement(r, date(2026, 1, 1)), with_limits(reference=a_quarter(1))),
         lambda r: so(make_engagement(r, date(2025, 12, 31)), with_limits(reference=a_quarter(1))),
         "1 used and 0 reserved of 1 in Q1 2026, the program's limit. Free again 1 Apr 2026."),
    Case("default_gap", lambda r: so(touched(r, 6), with_limits(min_gap_days=7)), lambda r: so(touched(r, 7), with_limits(min_gap_days=7)),
         "asked or speaking less than 7 days away, the program’s gap."),
    Case("customer_limit", lambda r: so(make_engagement(r, DAY), with_limits(customer=a_quarter(1))),
         lambda r: so(make_engagement(r, DAY), with_limits(customer=a_quarter(2))),
         "their company has 1 used and 0 reserved of 1 in Q1 2026. Free again 1 Apr 2026."),
    Case("ask_limit", lambda r: so(touched(r, 40), with_limits(asks=a_quarter(1))),
         lambda r: so(touched(r, 100), with_limits(asks=a_quarter(1))),
         "already asked 1 times in Q1 2026, the program's limit of asks."),
    Case("minor_escalation", lambda r: escalate(r, "minor"), lambda r: escalate(r, "minor", resolved_on=TODAY),
         "an escalation is open at Ostvik Bank since 1 Mar 2026. Free again once it is resolved."),
    Case("renewal", lambda r: renewing(r, DAY + timedelta(days=30)), lambda r: renewing(r, DAY + timedelta(days=31)),
         "Ostvik Bank renews on 19 Apr 2026. Free again 20 Apr 2026."),
]  # fmt: skip


def stated(reference: Reference, fact: Callable[[Reference], Told]) -> tuple[Need, Policy]:
    """Make the fact and give what to judge by."""
    changed = fact(reference)
    need = changed if isinstance(changed, Need) else make_need(DAY)
    if isinstance(changed, Policy):
        return need, changed
    return need, SERIOUS if need.deal.stage_key or need.deal.amount_base is not None else LOOSE


def judge(reference: Reference, fact: Callable[[Reference], Told]) -> list[tuple[str, str]]:
    need, policy = stated(reference, fact)
    fresh = Reference.objects.get(pk=reference.pk)
    return [(bar.rule.code, bar.sentence) for bar in why_barred(need, fresh, policy)]


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case.code}" for i, case in enumerate(CASES)])
def test_a_rule_bars_with_its_sentence(case: Case) -> None:
    assert judge(make_reference(), case.bar) == [(case.code, f"Rae Reference cannot be asked: {case.words}")]


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case.code}" for i, case in enumerate(CASES)])
def test_a_rule_leaves_the_nearest_case_alone(case: Case) -> None:
    assert judge(make_reference(), case.miss) == []


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case.code}" for i, case in enumerate(CASES)])
def test_the_list_says_what_the_button_says(case: Case) -> None:
    reference, viewer = make_reference(), mia()
    need, policy = stated(reference, case.bar)
    [exclusion] = match(need, viewer, policy=policy, why=case.code).exclusions
    fresh = Reference.objects.get(pk=reference.pk)
    assert [each.sentence for each in exclusion.people] == [bar.sentence for bar in why_barred(need, fresh, policy, viewer)]


def test_every_rule_has_a_case() -> None:
    assert {case.code for case in CASES} == {rule.code for rule in RULES}


def test_bars_come_absolute_first() -> None:
    reference = make_reference()
    escalate(reference, "minor")
    change(reference, status="resting")
    assert [bar.rule.code for bar in why_barred(make_need(), reference, LOOSE)] == ["resting", "minor_escalation"]
    assert [rule.kind for rule in RULES] == sorted(rule.kind for rule in RULES)
    assert Kind.ABSOLUTE < Kind.PROGRAM


def test_a_void_entry_brings_back_what_stood_before_it() -> None:
    reference = make_reference()
    withdrawn = Consent.objects.create(contact=reference.contact, kind="withdrawn", given_on=date(2026, 2, 1))
    assert [bar.rule.code for bar in why_barred(make_need(), reference, LOOSE)] == ["consent"]
    Consent.objects.create(contact=reference.contact, kind="void", given_on=date(2026, 2, 2), voids=withdrawn)
    assert why_barred(make_need(), reference, LOOSE) == []


def test_somebody_who_leaves_before_the_day_is_barred() -> None:
    reference = make_reference()
    Contact.objects.update(left_on=DAY)
    reference.refresh_from_db()
    assert [bar.sentence for bar in why_barred(make_need(DAY), reference, LOOSE)] == [
        "Rae Reference cannot be asked: they left Ostvik Bank on 20 Mar 2026. Enroll their contact at the new company."
    ]
    assert why_barred(make_need(DAY - timedelta(days=1)), reference, LOOSE) == []


def test_a_no_go_of_the_customer_binds_all_its_people_and_covers_the_whole_group() -> None:
    reference = make_reference()
    top = make_account("Fennmark Group")
    NoGo.objects.create(reference_account=reference.reference_account, account=top)
    assert [bar.rule.code for bar in why_barred(make_need(deal=prospect("Fennmark Bank", parent=top)), reference, LOOSE)] == ["no_go"]


@pytest.mark.parametrize(
    ("refused", "outlet", "said"),
    [
        ("Gartner", "Gartner", "this company"),
        ("gartner", "GARTNER IT Symposium, Orlando", "GARTNER, and “GARTNER IT Symposium, Orlando” bears that name"),
        ("Le Monde", "A talk with Le Monde", "Le Monde, and “A talk with Le Monde” bears that name"),
        ("Orange", "Orange County Register", "Orange, and “Orange County Register” bears that name"),
        ("Gartner", "Forrester", ""),
        ("Gartner", "Gartners", ""),
        ("Gartner IT", "Gartner", ""),
        ("Gartner", "", ""),
    ],
)
def test_a_no_go_is_kept_from_an_outlet_that_bears_its_name(refused: str, outlet: str, said: str) -> None:
    by_name, by_account = make_reference("Rae Reference"), make_reference("Ria Second", account=make_account("Second Bank"))
    refuse_company(by_name, name=refused, key=key(refused))
    NoGo.objects.create(reference_account=by_account.reference_account, account=make_account(refused))
    found = [why_barred(make_need(outlet=outlet), each, LOOSE) for each in (by_name, by_account)]
    assert [[bar.rule.code for bar in each] for each in found] == ([["no_go"]] * 2 if said else [[], []])
    if said:
        assert found[0][0].sentence.endswith(f"they do not speak to {said}. Choose somebody else for this request.")


def test_an_outlet_of_a_references_own_group_is_no_bar() -> None:
    reference = make_reference()
    assert why_barred(make_need(outlet="Ostvik Bank"), reference, LOOSE) == []


def test_a_prospect_known_by_name_only_is_found_among_the_accounts() -> None:
    reference = make_reference()
    named = make_need(deal=Deal(prospect_name="OSTVIK  BANK"))
    assert [bar.rule.code for bar in why_barred(named, reference, LOOSE)] == ["family"]


def test_a_day_that_is_past_is_judged_as_today() -> None:
    reference = make_reference()
    hold(reference, "own", TODAY - timedelta(days=9), TODAY - timedelta(days=1))
    assert why_barred(make_need(TODAY - timedelta(days=5)), reference, LOOSE) == []


def test_an_ask_does_not_bar_itself() -> None:
    reference = make_reference(limit=1)
    own = make_engagement(reference, DAY, state="reserved")
    touched(reference, 1)
    policy = with_limits(min_gap_days=7)
    assert {bar.rule.code for bar in why_barred(make_need(DAY), reference, policy)} == {"own_limit", "default_gap"}
    assert why_barred(make_need(DAY, besides=frozenset({own.pk}), touch_of=frozenset({9})), reference, policy) == []


def test_a_private_fact_is_told_to_those_close_to_the_account_only() -> None:
    owner = ana()
    reference = make_reference(account=make_account(owner=owner))
    escalate(reference, "severe")
    told = "Rae Reference cannot be asked: a severe escalation is open at Ostvik Bank since 1 Mar 2026. Free again once it is resolved."
    for viewer in (None, owner, mia()):
        assert [bar.sentence for bar in why_barred(make_need(), reference, LOOSE, viewer)] == [told]
    masked = [bar.sentence for bar in why_barred(make_need(), reference, LOOSE, sam())]
    assert masked == ["Rae Reference cannot be asked: barred by a rule about its account."]


def test_a_hold_until_the_last_day_there_is_stands_until_further_notice() -> None:
    reference = make_reference()
    hold(reference, "own", TODAY, date.max)
    assert [bar.sentence for bar in why_barred(make_need(), reference, LOOSE)] == [
        "Rae Reference cannot be asked: they paused until further notice."
    ]


def test_no_rule_names_the_company_of_somebody_who_is_hidden() -> None:
    owner = ana()
    reference = make_reference(account=make_account(owner=owner))
    change(reference, disclosure=Disclosure.HIDDEN)
    fresh = Reference.objects.get(pk=reference.pk)
    [told] = why_barred(make_need(), fresh, LOOSE, owner)
    assert "Ostvik Bank" in told.sentence
    [masked] = why_barred(make_need(), fresh, LOOSE, sam())
    assert masked.sentence == "a customer that is not disclosed cannot be asked: barred by a rule about its account."


NOT_TO = "Rae Reference cannot be asked: Ostvik Bank may not be named to {}. Its disclosure stands on the account's page."


@pytest.mark.parametrize(
    ("audience", "level", "barred"),
    [
        ("press", Disclosure.NAMED, NOT_TO.format("the press")),
        ("public", Disclosure.NAMED, NOT_TO.format("the public")),
        ("analysts", Disclosure.ANONYMOUS, NOT_TO.format("analysts")),
        ("press", Disclosure.PUBLIC, None),
        ("analysts", Disclosure.NAMED, None),
        ("prospects", Disclosure.ANONYMOUS, None),
    ],
)
def test_whoever_hears_it_has_to_be_one_whom_the_customer_may_be_named_to(audience: str, level: str, barred: str | None) -> None:
    reference = make_reference("Rae Reference", account=make_account("Ostvik Bank"))
    ReferenceAccount.objects.update(disclosure=level)
    bars = why_barred(replace(make_need(), audience=audience), Reference.objects.get(pk=reference.pk), LOOSE)
    assert next((bar.sentence for bar in bars), None) == barred


NOT_BEFORE = "Rae Reference cannot be asked: they do not speak to {}. Ask for another activity or audience."


@pytest.mark.parametrize(
    ("wanted_for", "activity_for", "level", "refused", "barred"),
    [
        ("prospects", "public", Disclosure.NAMED, (), NOT_TO.format("the public")),  # a social post, a quote, a logo for a deal
        ("prospects", "public", Disclosure.PUBLIC, (), None),
        ("prospects", "public", Disclosure.PUBLIC, ("to_public",), NOT_BEFORE.format("the public")),
        ("prospects", "public", Disclosure.PUBLIC, ("to_prospects",), None),
        ("", "press", Disclosure.NAMED, (), NOT_TO.format("the press")),
        ("press", "prospects", Disclosure.PUBLIC, ("to_prospects", "to_public"), None),
        ("analysts", "prospects", Disclosure.ANONYMOUS, (), NOT_TO.format("analysts")),
        ("public", "press", Disclosure.NAMED, (), NOT_TO.format("the public or the press")),
        ("public", "press", Disclosure.PUBLIC, ("to_press",), NOT_BEFORE.format("the press")),
        ("press", "public", Disclosure.PUBLIC, ("to_press", "to_public"), NOT_BEFORE.format("the press or the public")),
    ],
)
def test_whoever_hears_it_is_the_wider_circle_of_purpose_and_activity(
    wanted_for: str, activity_for: str, level: str, refused: tuple[str, ...], barred: str | None
) -> None:
    reference = make_reference("Rae Reference", account=make_account("Ostvik Bank"))
    ReferenceAccount.objects.update(disclosure=level)
    willing(reference, **dict.fromkeys(refused, False))
    ActivityType.objects.filter(pk=make_activity_type().pk).update(audience=activity_for)
    bars = why_barred(replace(make_need(), audience=wanted_for), Reference.objects.get(pk=reference.pk), LOOSE)
    assert [bar.sentence for bar in bars] == ([barred] if barred else [])

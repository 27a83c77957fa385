"""Contents first: a story that fits goes before a person where the policy says so, and gives way with one click."""

from datetime import date, timedelta

import pytest
import time_machine

from firsthand.customers.builders import make_account
from firsthand.deals.builders import make_deal, make_stage
from firsthand.deals.models import Opportunity
from firsthand.history.models import Event, Message
from firsthand.program.builders import make_activity_type, make_policy
from firsthand.references.models import Disclosure, ReferenceAccount
from firsthand.requests import actions, news_mail
from firsthand.requests.builders import make_cast
from firsthand.requests.contents import answered_with
from firsthand.requests.models import ReferenceRequest
from firsthand.stories.builders import make_asset, make_story
from firsthand.stories.models import Asset, Story
from firsthand.testing.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WISH = "How did they cut the time of the monthly financial close?"


def told() -> Story:
    """A story of the close, with a link that may be sent."""
    _, ana, _ = make_cast()
    story = make_story(make_account("Ostvik Bank", owner=ana), by=ana, headline="Monthly financial close in four days instead of ten")
    make_asset(story, by=ana, reach=Asset.Reach.SENDABLE)
    for other in ("Warehouse robots pick twice as fast", "Nurses plan shifts on a phone"):
        make_story(make_account(other, owner=ana), by=ana, headline=other)
    return story


def filed(stage: str = "Discovery", **changes: object) -> ReferenceRequest:
    sam, _, _ = make_cast()
    make_policy(content={"first_before": "Proposal"})
    make_stage("Discovery", position=10)
    make_stage("Proposal", position=20)
    deal: Opportunity = make_deal(owner=sam, stage=stage)
    given = {"activity_type": make_activity_type(), "needed_by": date(2026, 3, 20), "words": WISH, "opportunity": deal, **changes}
    return actions.file_request(actions.Wish(**given), by=sam)  # type: ignore[arg-type]


def test_a_story_that_fits_answers_an_early_request_at_once() -> None:
    story = told()
    sam, _, _ = make_cast()
    answered = filed()
    assert (answered.status, answered.submitted_at) == ("answered_with_content", NOW)
    assert Event.objects.get(verb="answer_with_content").facts == {"stories": [story.pk], "first": True}
    assert [(each.story, len(each.assets)) for each in answered_with(answered, sam)] == [(story, 1)]
    [news] = Message.objects.filter(kind="news", channel="mail")
    assert news.recipient_id == sam.pk
    words = news_mail.news(news, NOW).text()
    assert "The program answered with content." in words
    assert "“Monthly financial close in four days instead of ten”" in words
    assert "it is your turn. You say whether the content did it." in words


def test_that_did_it_fulfills_and_a_person_after_all_keeps_the_first_clock(clock: time_machine.Traveller) -> None:
    told()
    sam, _, _ = make_cast()
    assert actions.confirm_content(filed(), by=sam).status == "fulfilled"
    again = filed()
    clock.shift(timedelta(days=2))
    reopened = actions.reopen(again, by=sam)
    assert (reopened.status, reopened.submitted_at) == ("submitted", NOW)


@pytest.mark.parametrize(
    "change", [{"stage": "Proposal"}, {"words": "How do the forklifts get along with the new warehouse?"}, {"opportunity": None}]
)
def test_later_deals_other_wishes_and_no_deal_go_to_a_person(change: dict[str, object]) -> None:
    told()
    assert filed(**change).status == "submitted"  # type: ignore[arg-type]


def test_what_may_not_be_sent_does_not_go_first() -> None:
    story = told()
    Asset.objects.update(reach=Asset.Reach.INTERNAL)
    assert filed().status == "submitted"
    Asset.objects.update(reach=Asset.Reach.SENDABLE)
    ReferenceAccount.objects.create(account=story.account, disclosure=Disclosure.INTERNAL)
    assert filed().status == "submitted"

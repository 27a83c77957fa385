"""What this room's routes answer to whom."""

from firsthand.customers.builders import make_account
from firsthand.deals.actions import DealFacts, add_deal
from firsthand.deals.models import Opportunity
from firsthand.history.actions import Letter, post
from firsthand.history.models import Message
from firsthand.requests.access_table import ask_at
from firsthand.testing.access import ALL_TO_SIGN_IN, Access
from firsthand.testing.world import World
from firsthand.upkeep.join_deals import tell_apart
from firsthand.upkeep.merge_records import merge_accounts


def into_hidden(world: World) -> dict[str, int]:
    return {"into": world.hidden.account.pk}


def into_other(world: World) -> dict[str, int]:
    return {"into": world.hidden.contact.person_id}


def value(world: World) -> list[int]:
    return [world.value.pk]


def message(world: World) -> list[int]:
    """The mail that invites Eve, as any mail in the outbox."""
    letter = Letter("invitation", world.eve, world.eve, f"invitation:{world.eve.pk}")
    post([letter])
    return [Message.objects.latest("pk").pk]


def failed(world: World) -> list[int]:
    """The question to Ana, which no mail server took."""
    mails = Message.objects.filter(kind="approval", subject_id=ask_at(world, "proposed").pk, channel=Message.Channel.MAIL)
    mails.update(state=Message.State.FAILED)
    return [mails.get().pk]


def merge(world: World) -> list[int]:
    """A merge of two fresh accounts."""
    return [merge_accounts(make_account("Twin AB"), make_account("Twin"), by=world.mia).pk]


def typed(world: World) -> list[int]:
    """A deal that Sam typed, which is his deal of the CRM."""
    return [add_deal(DealFacts("", prospect_name="Fennmark Bank"), by=world.sam).pk]


def told_apart(world: World) -> list[int]:
    """The same deals, of which Sam said that they are two."""
    [pk] = typed(world)
    tell_apart(Opportunity.objects.get(pk=pk), world.opportunity, by=world.sam)
    return [pk, world.opportunity.pk]


def into_deal(world: World) -> dict[str, int]:
    return {"into": world.opportunity.pk}


ROWS = (
    Access("upkeep:load_demo", "GET", ALL_TO_SIGN_IN, note="once somebody can sign in"),
    Access("upkeep:load_demo", "POST", ALL_TO_SIGN_IN, note="once somebody can sign in"),
    Access("upkeep:duplicates", "GET", "in 403 403 403 200 403 403"),
    Access("upkeep:merge_account", "GET", "in 403 403 403 200 403 403", lambda world: [world.account.pk]),
    Access("upkeep:merge_account", "POST", "in 403 403 403 302 403 403", lambda world: [world.account.pk], into_hidden),
    Access("upkeep:merge_person", "GET", "in 403 403 403 200 403 403", lambda world: [world.contact.person_id]),
    Access("upkeep:merge_person", "POST", "in 403 403 403 302 403 403", lambda world: [world.contact.person_id], into_other),
    Access("upkeep:join_deal", "POST", "in 404 302 404 302 403 404", typed, into_deal),
    Access("upkeep:tell_apart", "POST", "in 404 302 404 302 403 404", typed, into_deal),
    Access("upkeep:ask_again", "POST", "in 404 302 404 302 403 404", told_apart),
    Access("upkeep:undo_merge", "POST", "in 403 403 403 302 403 403", merge),
    Access("upkeep:outbox", "GET", "in 403 403 403 200 403 200"),
    Access("upkeep:message", "GET", "in 403 403 403 200 403 200", message),
    Access("upkeep:message_sending", "POST", "in 403 403 403 302 403 403", failed),
    Access("upkeep:notices", "GET", "in 200 200 200 200 200 200"),
    Access("upkeep:notices_read", "POST", "in 302 302 302 302 302 302"),
    Access("upkeep:merge_value", "GET", "in 403 403 403 200 403 200", value),
    Access("upkeep:merge_value", "POST", "in 403 403 403 302 403 302", value, lambda world: {"into": world.other_value.pk}),
)

"""Every address of the program that a GET may ask for, with a record of the demo in it, read from the URLconf."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import Count, Model
from django.urls import URLPattern, URLResolver, get_resolver

from firsthand.customers.models import Account, Contact, Person, Relationship, Signal
from firsthand.deals.models import Opportunity
from firsthand.history.models import Message
from firsthand.people.models import Colleague, Team
from firsthand.program.models import ActivityType, Facet, FacetValue
from firsthand.references.models import Hold, Reference
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.stories.models import Asset, Metric, Story, StoryPerson

Find = Callable[[str], Any]  # from the database's alias to what stands in the address
ARGUMENT = re.compile(r"<(?:\w+:)?\w+>")


def first(model: type[Model], field: str = "pk", **facts: object) -> Find:
    return lambda alias: model._base_manager.using(alias).filter(**facts).values_list(field, flat=True).first()


def richest(model: type[Model], *relations: str, **facts: object) -> Find:
    """The record with the most rows about it, so that the page shows what it can."""
    counts = {f"count_{name}": Count(name, distinct=True) for name in relations}

    def found(alias: str) -> Any:
        counted = model._base_manager.using(alias).filter(**facts).annotate(**counts)
        return counted.order_by(*(f"-{name}" for name in counts), "pk").values_list("pk", flat=True).first()

    return found


# Whose page is looked at: a record for each noun of an address that is followed by one.
RECORDS: dict[str, Find] = {
    "accounts": richest(Account, "contacts__reference", "stories", "opportunities"),
    "activities": first(ActivityType, "code"),
    "activity-types": first(ActivityType),
    "asks": richest(Ask, "offered_times"),
    "assets": first(Asset),
    "colleagues": first(Colleague, name="Sam Okafor"),
    "contacts": richest(Contact, "relationships", reference=None),
    "deals": richest(Opportunity, "reference_requests"),
    "facets": first(Facet, code="industry"),
    "holds": first(Hold),
    "messages": first(Message),
    "metrics": first(Metric),
    "persons": first(Person),
    "references": richest(Reference, "engagements", "holds", "asks"),
    "requests": richest(ReferenceRequest, "asks"),
    "signals": first(Signal),
    "stories": richest(Story, "people", "metrics", "assets"),
    "teams": first(Team),
    "tellers": first(StoryPerson),
    "ties": first(Relationship),
    "values": richest(FacetValue, "aliases"),
}
# Routes that no colleague reaches by their address alone, and who looks at them instead.
ELSEWHERE: dict[str, str] = {
    "link": "only redirects, once its token is known; the journeys open real links",
    "account_inactive": "only after signing in as somebody who was deactivated",
    "intake:columns": "part of an import; test_import looks at it",
    "intake:import": "part of an import; test_import looks at it",
    "intake:values": "part of an import; test_import looks at it",
    "intake:undo": "part of an import; test_import looks at it",
    "intake:refused": "a file of an import; test_import reads it",
    "intake:example": "a file with the name of a kind in it",
    "intake:reading": "a POST reads a file once more",
    "intake:mapping": "a POST keeps a mapping",
    "intake:commit": "a POST confirms an import",
    "intake:stop": "a POST stops an import",
    "requests:in_person": "a POST, while somebody is unconfirmed; desk/test_owner_answers.py does",
    "requests:correction": "a POST, once it is settled; requests/test_correcting.py does",
    "requests:edit": "only a draft of one's own; test_requests looks at it",
    "requests:wanted": "only of an open request; test_requests looks at it",
    "requests:approval": "only the owner's, while it waits; test_requests looks at it",
    "requests:outside": "there is none before somebody logs one; test_door looks at it",
    "requests:outside_retraction": "a POST takes back what was logged; test_door does",
    "requests:debrief": "only the requester's, once it happened; test_thread looks at it",
    "requests:sheet": "only of a tender; desk/test_tender.py looks at it",
    "requests:answer_link": "only behind its link; test_thread opens it",
    "requests:pick_link": "only behind its link; test_meeting opens it",
    "requests:prospect_debrief": "only behind its link; test_meeting opens it",
    "requests:release_debrief": "a POST asks the prospect; test_meeting does",
    "requests:thanks": "only once it was held; test_meeting looks at it",
    "requests:came_of_it": "only once it was held; test_meeting looks at it",
    "requests:attendees": "a POST brings somebody along; desk/test_guests.py does",
    "requests:attendee_removal": "a POST takes somebody off; desk/test_guests.py does",
    "requests:times": "a POST releases times; test_meeting does",
    "requests:swap": "only while a time is fixed; test_meeting looks at it",
    "requests:panel": "only while a time is fixed that several may share; test_group_call looks at it",
    "requests:brief": "only while a time is fixed; test_meeting looks at it",
    "requests:moves": "only with requests that were ticked; test_queue looks at it",
    "requests:info_link": "only behind its link; test_queue opens it",
    "requests:status_link": "only behind its link; test_door opens it",
    "requests:approval_link": "only behind its link; test_thread opens it",
    "portal:page": "only behind its link; test_thread opens it",
    "upkeep:message": "there is none before somebody did something; test_thread looks at it",
    "upkeep:message_sending": "a POST sends a mail that failed; upkeep/test_worker.py does",
    "upkeep:join_deal": "a POST joins a typed deal; test_door does",
    "upkeep:tell_apart": "a POST keeps two deals apart; upkeep/test_join_deals.py does",
    "upkeep:ask_again": "a POST asks again whether two deals are one; upkeep/test_join_deals.py does",
    "upkeep:undo_merge": "a POST takes a merge back; test_program does",
    "people:invitation": "only behind its link; test_first_run opens it",
    "people:new_password": "only behind its link; test_first_run opens it",
    "program:first_run": "only on an empty installation; test_first_run opens it",
    "upkeep:load_demo": "only on an empty installation; test_first_run opens it",
    "filters:list": "a POST keeps a filter; test_lists does",
    "filters:filter": "a POST forgets a filter; test_lists does",
}
# What only one of the cast may see; the rest is looked at as Mia, who runs the program.
SEEN_BY: dict[str, str] = {}
SIGNED_OUT = ("account_login", "account_reset_password", "account_reset_password_done")


class Route(NamedTuple):
    """A named route and its address, with `<...>` where a record is named."""

    name: str
    pattern: str

    def address(self, alias: str) -> str:
        """The address with records of the demo in it. Raises `KeyError` for a noun that `RECORDS` does not know."""
        done = ""
        for part in self.pattern.split("/"):
            noun = done.rstrip("/").rpartition("/")[2]
            done += (str(RECORDS[noun](alias) or 1) if ARGUMENT.fullmatch(part) else part) + "/"
        return "/" + done.removesuffix("/")


def routes(resolver: URLResolver | None = None, namespace: str = "", before: str = "") -> Iterator[Route]:
    """Every route of the URLconf."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner, here)
        elif isinstance(pattern, URLPattern):
            yield Route(f"{namespace}{pattern.name or here}", here)

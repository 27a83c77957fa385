"""The sample stories written into the database as a program holds them, the quoted people enrolled, and asked through `match()`."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from firsthand.core.words_key import key
from firsthand.customers.models import Account, AccountValue, Contact, Person
from firsthand.history.actions import Actor
from firsthand.matching.columns import countries_in, values_in
from firsthand.matching.match import match
from firsthand.matching.need import Need
from firsthand.matching.need_json import need_from_json
from firsthand.matching.stored import stored_vocabulary
from firsthand.people.models import Colleague
from firsthand.program.actions import set_up
from firsthand.program.geography import provinces
from firsthand.references.actions import enroll, record_consent
from firsthand.references.models import Consent
from firsthand.stories.actions import index_stories
from firsthand.stories.models import Story, StoryPerson


def fill(folder: Path) -> Colleague:
    """Write the program and give its manager."""
    set_up()
    manager = Colleague.objects.create(name="Mia Manager", email="mia@firsthand.example", role=Colleague.Role.MANAGER)
    vocabulary, states = stored_vocabulary(), provinces()
    with (folder / "stories.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    stories = []
    for row in rows:
        name = row["Company"]
        account, _ = Account.objects.get_or_create(key=key(name), defaults={"name": name, "location": row["Location"], "is_customer": True})
        values = [*values_in(row["Industry"], vocabulary, "industry"), *countries_in(row["Location"], vocabulary, states)]
        for value in dict.fromkeys(values):
            AccountValue.objects.get_or_create(account=account, value_id=value)
        words = {field: row[field.capitalize()] for field in ("challenge", "solution", "impact")}
        story = Story.objects.create(account=account, headline=row["Headline"][:300], **words)
        StoryPerson.objects.create(story=story, contact=_enrolled(row, account, manager), quote=row["Quote"])
        stories.append(story.pk)
    index_stories(stories)
    return manager


def _enrolled(row: Mapping[str, str], account: Account, manager: Colleague) -> Contact:
    first, _, last = row["Quoted person"].partition(" ")
    contact = Contact.objects.create(person=Person.objects.create(first_name=first, last_name=last), account=account, title=row["Title"])
    enroll(contact, by=manager)
    record_consent(contact, kind=Consent.Kind.CLAIMED, by=Actor("import"), given_on=date(2026, 1, 1))
    return contact


def companies(query: Mapping[str, Any], viewer: Colleague, *, with_facets: bool) -> list[str]:
    """Accounts as `match()` ranks them, each once."""
    need: Need = need_from_json({
        "activity_type": "reference-call",
        "wish": query["query"],
        "criteria": _criteria(query["facets"]) if with_facets else [],
    })  # fmt: skip
    return list(dict.fromkeys(each.account for each in match(need, viewer).matches))


def _criteria(facets: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is no facet of ours (a platform) is left to the wish."""
    named = [(name, value) for name in ("industry", "theme") for value in facets.get(name, [])]
    named += [(name, facets[name]) for name in ("region", "country") if name in facets]
    known = stored_vocabulary()
    of = {"industry": "industry", "theme": "use_case", "region": "geography", "country": "geography"}
    return [{"facet": name, "value": value} for name, value in named if known.named(of[name], key(value))]

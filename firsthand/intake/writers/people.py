"""Contacts, relationships, support cases, and stories with the people they quote."""

from collections.abc import Sequence
from typing import Any, cast

from django.utils import timezone

from firsthand.core.models import SearchEntry
from firsthand.core.words_key import key
from firsthand.customers.models import Account, Contact, Signal
from firsthand.customers.people_upserts import (
    ContactRow,
    RelationshipRow,
    SignalRow,
    upsert_contacts,
    upsert_relationships,
    upsert_signals,
)
from firsthand.customers.upserts import AccountRow, upsert_accounts
from firsthand.history.upserts import Answer, Done, Refusal, State, whole
from firsthand.intake.writers.context import Context, Row, taken
from firsthand.program.policy import in_force
from firsthand.stories.upserts import StoryRow, upsert_stories

CONTACT = {
    "contact_id": "external_id", "account_id": "account_external_id", "account": "account_name", "email": "email", "title": "title",
    "phone": "phone", "time_zone": "time_zone", "custom": "custom",
}  # fmt: skip
OVER = frozenset({"closed", "resolved", "solved"})
PARTICLES = frozenset({"van", "von", "de", "der", "den", "di", "da", "del", "la", "le", "el", "al", "bin", "dos", "du", "ter", "ten", "zu"})
SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "phd", "ph.d."})


def write_contacts(rows: Sequence[Row], context: Context) -> list[Answer]:
    given = [contact_row(row, context) for row in rows]
    return upsert_contacts(given, by=context.by, change=context.change)


def contact_row(row: Row, context: Context) -> ContactRow:
    given: dict[str, Any] = taken(row, CONTACT) | person_names(row)
    persona = context.read_facet("persona", row["persona"], many=False) if "persona" in row else ()
    if persona:
        given["persona_id"] = persona[0]
    return cast("ContactRow", given)


def person_names(row: Row) -> dict[str, str]:
    """First and last name. “O'BRIEN, Siobhán” in one column is turned round; one name alone is split before its last word."""
    first, last = str(row.get("first_name", "")), str(row.get("last_name", ""))
    if first and not last and ", " in first:
        last, first = first.split(", ", 1)
    elif not first and not last and "name" in row:
        first, last = split_name(str(row["name"]))
    return {name: value for name, value in (("first_name", first), ("last_name", last)) if value}


def split_name(name: str) -> tuple[str, str]:
    """(first, last): “AD VAN DER VEER” is Ad, “Frank Greco Jr.” keeps his suffix."""
    if ", " in name:
        last, first = name.split(", ", 1)
        return first, last
    words = name.split()
    if len(words) < 2:
        return "", name
    at = len(words) - 1
    if words[at].lower() in SUFFIXES and at > 1:
        at -= 1
    while at > 1 and words[at - 1].lower() in PARTICLES:
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:])


def write_relationships(rows: Sequence[Row], context: Context) -> list[Answer]:
    contacts = find_contacts(rows)
    given: list[RelationshipRow | Refusal] = []
    for row, contact in zip(rows, contacts, strict=True):
        colleague = context.colleagues.find("", row.get("colleague_email", ""), row.get("colleague", ""))
        if contact is None:
            given.append(Refusal(f"No contact is known as {row.get('contact') or row.get('contact_email') or row.get('contact_id')}."))
        elif not isinstance(colleague, int):
            who = row.get("colleague") or row.get("colleague_email")
            given.append(colleague or Refusal(f"No colleague is known as {who}. Import colleagues first."))
        else:
            facts = taken(row, {"tie": "kind", "role": "role", "last_touch": "last_touch_on"})
            given.append(cast("RelationshipRow", {"colleague_id": colleague, "contact_id": contact} | facts))
    ready = [each for each in given if not isinstance(each, Refusal)]
    done = iter(upsert_relationships(ready, by=context.by, change=context.change))
    return [each if isinstance(each, Refusal) else next(done) for each in given]


def find_contacts(rows: Sequence[Row], *, email: str = "contact_email", name: str = "contact") -> list[int | None]:
    """The contact each row means: by id, by address, or by name where that means one person (at the row's account)."""
    externals = {row["contact_id"] for row in rows if "contact_id" in row}
    addresses = {row[email] for row in rows if email in row}
    by_external: dict[str, int] = {}
    by_email: dict[str, int] = {}
    if externals:
        by_external = dict(Contact.objects.exclude(external_id="").filter(external_id__in=externals).values_list("external_id", "id"))
    if addresses:
        by_email = dict(Contact.objects.filter(email__in=addresses).order_by("-pk").values_list("email", "id"))
    found = [by_external.get(row.get("contact_id", "")) or by_email.get(row.get(email, "")) for row in rows]
    names = {key(str(row[name])) for row, pk in zip(rows, found, strict=True) if pk is None and name in row}
    alike = contacts_named(names)
    return [
        pk or one_of(alike.get(key(str(row.get(name, ""))), []), key(str(row.get("account", ""))))
        for row, pk in zip(rows, found, strict=True)
    ]


def contacts_named(names: set[str]) -> dict[str, list[tuple[int, str]]]:
    """By folded name, the contacts called so with their account's folded name; found by what search keeps of them."""
    alike: dict[str, list[tuple[int, str]]] = {}
    if names:
        entries = SearchEntry.objects.filter(kind="contact", title__in=names).values_list("object_id", "title")
        titles = dict(entries)
        for pk, account in Contact.objects.filter(pk__in=titles).order_by("pk").values_list("id", "account__key"):
            alike.setdefault(titles[pk], []).append((pk, account))
    return alike


def one_of(alike: Sequence[tuple[int, str]], account: str) -> int | None:
    here = [pk for pk, at in alike if not account or at == account]
    return here[0] if len(here) == 1 else None


def write_cases(rows: Sequence[Row], context: Context) -> list[Answer]:
    """An escalated case is an escalation of its account; any other, an open one included, only ends the escalation it was."""
    ids = {case_id(row) for row in rows}
    known = set(Signal.objects.filter(external_id__in=ids, kind=Signal.Kind.ESCALATION).values_list("external_id", flat=True))
    told = [is_escalated(row) or case_id(row) in known for row in rows]
    named = [cast("ContactRow", taken(row, {"account_id": "account_external_id", "account": "account_name"})) for row in rows]
    accounts = iter(known_accounts([who for who, is_told in zip(named, told, strict=True) if is_told]))
    severe = {word.casefold() for word in in_force().risk.severe_case_priorities}
    given: list[SignalRow | Answer] = []
    for row, is_told in zip(rows, told, strict=True):
        if not is_told:
            given.append(Done(0, State.UNCHANGED))
            continue
        account = next(accounts)
        if account is None:
            given.append(Refusal("The account of this escalated case is not known. Import accounts first."))
        elif "opened_on" not in row:
            given.append(Refusal("The row has no opened on."))
        else:
            given.append(signal_row(row, account, severe, context))
    ready = [each for each in given if isinstance(each, dict)]
    done = iter(upsert_signals(ready, by=context.by, change=context.change))
    return [next(done) if isinstance(each, dict) else each for each in given]


def case_id(row: Row) -> str:
    return str(row.get("case_id") or row["number"])


def is_escalated(row: Row) -> bool:
    return bool(row.get("escalated")) or str(row.get("status", "")).casefold() == "escalated"


def signal_row(row: Row, account: int, severe: set[str], context: Context) -> SignalRow:
    return cast(
        "SignalRow",
        {
            "external_id": case_id(row),
            "account_id": account,
            "kind": "escalation",
            "severity": "severe" if str(row.get("priority", "")).casefold() in severe else "minor",
            "words": row.get("subject", ""),
            "happened_on": row["opened_on"],
        }
        | resolution(row, context),
    )


def resolution(row: Row, context: Context) -> dict[str, Any]:
    """When it ended: the day the file gives, today where it says that it did, and not at all where it says that it goes on.

    CRMs keep a closed case marked as escalated, so the mark alone opens nothing again.
    """
    if "closed_on" in row:
        return {"resolved_on": row["closed_on"]}
    if not is_escalated(row) or str(row.get("status", "")).casefold() in OVER:
        return {"over_on": timezone.localdate()}
    return {"resolved_on": None} if "closed_on" in context.mapped or "status" in row else {}


def known_accounts(rows: Sequence[ContactRow]) -> list[int | None]:
    """Accounts by id or by name, as they are; none is made."""
    keys = {key(row["account_name"])[:200] for row in rows if "account_name" in row}
    ids = {row["account_external_id"] for row in rows if "account_external_id" in row}
    by_key = dict(Account.objects.filter(key__in=keys).order_by("-pk").values_list("key", "id"))
    by_external = dict(Account.objects.exclude(external_id="").filter(external_id__in=ids).values_list("external_id", "id"))
    return [by_external.get(row.get("account_external_id", "")) or by_key.get(key(row.get("account_name", ""))[:200]) for row in rows]


STORY = {
    "headline": "headline", "challenge": "challenge", "solution": "solution", "impact": "impact", "metrics": "metrics",
    "review_by": "review_by", "quote": "quote", "url": "url", "visibility": "reach",
}  # fmt: skip
OF_ACCOUNT = ("industry", "location")


def write_stories(rows: Sequence[Row], context: Context) -> list[Answer]:
    """The customer first, then whoever is quoted, then the story. Where the company is and what it does belong to it."""
    accounts = upsert_accounts([story_account(row, context) for row in rows], by=context.by, change=context.change)
    people = write_quoted(rows, accounts, context)
    given: list[StoryRow | Refusal] = []
    for row, account, person in zip(rows, accounts, people, strict=True):
        if isinstance(account, Refusal):
            given.append(account)
            continue
        fields: dict[str, Any] = taken(row, STORY) | {"account_id": account.id}
        fields.setdefault("headline", row.get("account", ""))
        fields["external_id"] = row.get("story_id") or row.get("url", "")[:200]
        if isinstance(person, Done):
            fields["contact_id"] = person.id
        language = context.read_facet("language", row["language"], many=False) if "language" in row else ()
        if language:
            fields["language_id"] = language[0]
        fields["values"] = context.facet_values({name: value for name, value in row.items() if name not in OF_ACCOUNT})
        given.append(cast("StoryRow", fields))
    ready = [each for each in given if not isinstance(each, Refusal)]
    done = iter(upsert_stories(ready, by=context.by, change=context.change))
    stories: list[Answer] = [each if isinstance(each, Refusal) else next(done) for each in given]
    return [whole(story, account, person) for story, account, person in zip(stories, accounts, people, strict=True)]


def story_account(row: Row, context: Context) -> AccountRow:
    given: dict[str, Any] = taken(row, {"account_id": "external_id", "account": "name", "location": "location"})
    values = context.facet_values({name: row[name] for name in OF_ACCOUNT if name in row})
    return cast("AccountRow", given | {"default_kind": "is_customer", "values": values})


def write_quoted(rows: Sequence[Row], accounts: Sequence[Answer], context: Context) -> list[Answer | None]:
    """The contacts of the people quoted; None where nobody is."""
    quoted: list[ContactRow | None] = []
    for row, account in zip(rows, accounts, strict=True):
        if "quoted_person" not in row or isinstance(account, Refusal):
            quoted.append(None)
            continue
        names = person_names({"name": row["quoted_person"]})
        facts = taken(row, {"quoted_title": "title", "quoted_email": "email"})
        quoted.append(cast("ContactRow", {"account_pk": account.id} | names | facts))
    done = iter(upsert_contacts([each for each in quoted if each is not None], by=context.by, change=context.change))
    return [None if each is None else next(done) for each in quoted]

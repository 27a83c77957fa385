"""Colleagues, products, accounts, deals and their stage history."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any, cast

from firsthand.customers.upserts import AccountRow, upsert_accounts
from firsthand.deals.stages import StageRow, add_stage_changes
from firsthand.deals.upserts import OpportunityRow, upsert_opportunities
from firsthand.history.upserts import Answer
from firsthand.intake.writers.context import Context, Row, taken, whole_cents
from firsthand.intake.writers.standing import write_standing
from firsthand.people.upserts import ColleagueRow, upsert_colleagues
from firsthand.program.models import Facet
from firsthand.program.upserts import ValueRow, upsert_values


def write_colleagues(rows: Sequence[Row], context: Context) -> list[Answer]:
    names = {
        "colleague_id": "external_id", "email": "email", "title": "title", "office": "office", "team": "team",
        "team_lead": "lead", "time_zone": "time_zone",
    }  # fmt: skip
    given = [cast("ColleagueRow", taken(row, names) | full_name(row)) for row in rows]
    return upsert_colleagues(given, by=context.by, change=context.change)


def full_name(row: Row) -> dict[str, str]:
    """A first or a last name alone names somebody new, and never renames anybody."""
    if "name" in row:
        return {"name": row["name"]}
    parts = [str(row[part]) for part in ("first_name", "last_name") if part in row]
    return {"name" if len(parts) > 1 else "part": " ".join(parts)} if parts else {}


def write_products(rows: Sequence[Row], context: Context) -> list[Answer]:
    facet = Facet.objects.get(code="product")
    given = [cast("ValueRow", taken(row, {"name": "name", "series": "parent", "aliases": "aliases"})) for row in rows]
    return upsert_values(facet, given, by=context.by, change=context.change)


ACCOUNT = {
    "account_id": "external_id", "name": "name", "domain": "domain", "parent_id": "parent_external_id", "parent": "parent_name",
    "country": "location", "employees": "employees", "customer_since": "customer_since", "renewal_date": "renewal_date",
    "health": "health", "custom": "custom",
}  # fmt: skip
KIND_FLAGS = {"customer": "is_customer", "prospect": "is_prospect", "partner": "is_partner"}


def write_accounts(rows: Sequence[Row], context: Context) -> list[Answer]:
    given = [account_row(row, context) for row in rows]
    answers = upsert_accounts(given, by=context.by, change=context.change)
    return write_standing(rows, answers, context)


# What the program derives or keeps elsewhere; shown beside the account as the file says it.
WITHOUT_A_HOME = ("program_status", "searchable", "story_headline")


def plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def account_row(row: Row, context: Context) -> AccountRow:
    """An account's row for the deed; without a type, a company in an account file is a customer."""
    given: dict[str, Any] = taken(row, ACCOUNT)
    kept = {name: plain(row[name]) for name in WITHOUT_A_HOME if name in row}
    if kept:
        given["custom"] = {**given.get("custom", {}), **kept}
    money = context.amount(row, "annual_revenue")
    if money:
        given |= {"annual_revenue": money["amount"], "currency": money["currency"]}
    if "type" in row:
        given[KIND_FLAGS[row["type"]]] = True
    else:
        given["default_kind"] = "is_customer"
    if any(name in row for name in ("owner", "owner_email", "owner_id")):
        owner = context.owner(row)
        if owner:
            given["owner_id"] = owner
    values = context.facet_values(row)
    if "employees" in row and "segment" not in row and "company_size" in context.values.facets:
        values[context.values.facets["company_size"]] = context.values.band("company_size", row["employees"])
    return cast("AccountRow", given | {"values": values})


OPPORTUNITY = {
    "opportunity_id": "external_id", "name": "name", "account_id": "account_external_id", "account": "account_name",
    "stage": "stage", "is_closed": "is_closed", "is_won": "is_won", "probability": "probability", "created_on": "created_on",
    "close_date": "close_date", "type": "kind", "lead_source": "lead_source", "pipeline": "pipeline",
    "loss_reason": "loss_reason", "custom": "custom",
}  # fmt: skip


def write_opportunities(rows: Sequence[Row], context: Context) -> list[Answer]:
    given = []
    for row in rows:
        fields: dict[str, Any] = taken(row, OPPORTUNITY) | context.amount(row, "amount")
        owner = context.owner(row)
        if owner:
            fields["owner_id"] = owner
        values = context.facet_values(row)
        if "prospect_employees" in row and "company_size" in context.values.facets:
            values[context.values.facets["company_size"]] = context.values.band("company_size", row["prospect_employees"])
        given.append(cast("OpportunityRow", fields | {"values": values}))
    return upsert_opportunities(given, by=context.by, change=context.change)


def write_stage_history(rows: Sequence[Row], context: Context) -> list[Answer]:
    given = [
        cast(
            "StageRow",
            {
                "opportunity_external_id": row["opportunity_id"],
                "stage": row["stage"],
                "entered_at": datetime.combine(row["entered_at"], time(), tzinfo=UTC),
                "amount": whole_cents(row["amount"][0]) if "amount" in row else None,
            },
        )
        for row in rows
    ]
    return add_stage_changes(given, by=context.by, change=context.change)

"""How the typed rows of each kind reach the rooms' plural deeds."""

from collections.abc import Callable, Sequence

from firsthand.history.upserts import Answer
from firsthand.intake.writers import basics, people, references, requests
from firsthand.intake.writers.context import Context, Row

Writer = Callable[[Sequence[Row], Context], list[Answer]]

WRITERS: dict[str, Writer] = {
    "colleagues": basics.write_colleagues,
    "products": basics.write_products,
    "accounts": basics.write_accounts,
    "opportunities": basics.write_opportunities,
    "stage_history": basics.write_stage_history,
    "contacts": people.write_contacts,
    "relationships": people.write_relationships,
    "cases": people.write_cases,
    "stories": people.write_stories,
    "references": references.write_references,
    "consents": references.write_consents,
    "engagements": references.write_engagements,
    "requests": requests.write_requests,
}

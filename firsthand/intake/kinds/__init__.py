"""The file types that can be imported. One `Kind` each; their deeds stand in `intake/writers`."""

from firsthand.intake.kinds.base import Column, Kind, Type, folded
from firsthand.intake.kinds.customers import ACCOUNTS, CASES, CONTACTS, PRODUCTS
from firsthand.intake.kinds.deals import OPPORTUNITIES, STAGE_HISTORY
from firsthand.intake.kinds.people import COLLEAGUES, RELATIONSHIPS
from firsthand.intake.kinds.references import CONSENTS, ENGAGEMENTS, REFERENCES, REQUESTS
from firsthand.intake.kinds.stories import STORIES

__all__ = ["KINDS", "Column", "Kind", "Type", "folded"]

KINDS = {
    kind.name: kind
    for kind in (
        COLLEAGUES,
        PRODUCTS,
        ACCOUNTS,
        CONTACTS,
        RELATIONSHIPS,
        OPPORTUNITIES,
        STAGE_HISTORY,
        REFERENCES,
        CONSENTS,
        ENGAGEMENTS,
        REQUESTS,
        STORIES,
        CASES,
    )
}

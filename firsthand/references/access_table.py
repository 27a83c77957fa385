"""What this room's routes answer to whom."""

from firsthand.testing.access import Access
from firsthand.testing.world import World


def reference(world: World) -> list[int]:
    return [world.reference.pk]


def activity(world: World) -> list[int | str]:
    return [world.reference.pk, "reference-call"]


HOLD = {"kind": "owner", "reason": "Renewal talks"}
CONSENT = {"kind": "withdrawn", "given_on": "2026-03-01"}
EDIT = {"status": "active", "limit_period": "quarter"}
STANDING = {"disclosure": "named", "limit_period": "quarter"}

ROWS = (
    Access("references:list", "GET", "in 200 200 200 200 200 200"),
    Access("references:edit", "GET", "in 403 403 200 200 403 404", reference),
    Access("references:edit", "POST", "in 403 403 302 302 403 404", reference, EDIT),
    Access("references:hold", "GET", "in 403 403 200 200 403 404", reference),
    Access("references:hold", "POST", "in 403 403 302 302 403 404", reference, HOLD),
    Access("references:lift", "POST", "in 403 403 302 302 403 404", lambda world: [world.hold.pk]),
    Access("references:consent", "GET", "in 403 403 200 200 403 404", reference),
    Access("references:consent", "POST", "in 403 403 302 302 403 404", reference, CONSENT),
    Access("references:willingness", "GET", "in 403 403 200 200 403 404", activity),
    Access("references:willingness", "POST", "in 403 403 302 302 403 404", activity, {"answer": "yes", "limit_period": "quarter"}),
    Access("references:enroll", "GET", "in 403 403 200 200 403 404", lambda world: [world.reference.contact_id]),
    Access("references:enroll", "POST", "in 403 403 409 409 403 404", lambda world: [world.reference.contact_id]),
    Access("references:standing", "GET", "in 403 403 200 200 403 404", lambda world: [world.account.pk]),
    Access("references:standing", "POST", "in 403 403 302 302 403 404", lambda world: [world.account.pk], STANDING),
)

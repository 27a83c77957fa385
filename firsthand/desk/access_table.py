"""What this room's routes answer to whom."""

from firsthand.requests.access_table import sams
from firsthand.testing.access import Access

ROWS = (
    Access("desk:find", "GET", "in 200 200 200 200 200 200", query="?q=ostvik"),
    Access("desk:home", "GET", "in 200 200 200 200 200 200"),
    Access("desk:request", "GET", "in 404 200 404 200 200 404", lambda world: [sams(world).pk]),
    Access("desk:account", "GET", "in 200 200 200 200 200 404", lambda world: [world.account.pk]),
    Access("desk:account", "GET", "in 404 404 200 200 200 404", lambda world: [world.hidden.account.pk], note="hidden"),
    Access("desk:deal", "GET", "in 404 200 404 200 200 404", lambda world: [world.opportunity.pk]),
    Access("desk:reference", "GET", "in 200 200 200 200 200 404", lambda world: [world.reference.pk]),
    Access("desk:reference", "GET", "in 404 404 200 200 200 404", lambda world: [world.hidden.pk], note="hidden"),
    Access("desk:story", "GET", "in 200 200 200 200 200 404", lambda world: [world.story.pk]),
    Access("desk:story", "GET", "in 404 404 200 200 200 404", lambda world: [world.hidden_story.pk], note="hidden"),
)

"""What this room's routes answer to whom."""

from firsthand.testing.access import PUBLIC_GET, Access

ROWS = (
    Access("healthz", "GET", PUBLIC_GET),
    Access("readyz", "GET", PUBLIC_GET),
)

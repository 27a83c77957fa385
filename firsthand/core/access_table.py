"""What this room's routes answer to whom."""

from firsthand.testing.access import PUBLIC_404, Access

ROWS = (Access("link", "GET", PUBLIC_404, lambda world: ["not-a-token"], note="with a token nobody signed"),)

"""The deeds of this room, one record at a time."""

from firsthand.customers.actions.accounts import AccountFacts, add_account, add_value, change_account, drop_value
from firsthand.customers.actions.contacts import (
    ContactFacts,
    add_contact,
    change_contact,
    drop_tie,
    keep_time_zone,
    mark_back,
    mark_left,
    tie,
)
from firsthand.customers.actions.signals import SignalFacts, add_signal, resolve_signal

__all__ = [
    "AccountFacts",
    "ContactFacts",
    "SignalFacts",
    "add_account",
    "add_contact",
    "add_signal",
    "add_value",
    "change_account",
    "change_contact",
    "drop_tie",
    "drop_value",
    "keep_time_zone",
    "mark_back",
    "mark_left",
    "resolve_signal",
    "tie",
]

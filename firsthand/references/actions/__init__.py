"""Deeds on references."""

from firsthand.references.actions.consent import record_consent, set_willingness
from firsthand.references.actions.slots import (
    free_slot,
    grade_slot,
    hold_slot,
    keep_slot,
    lock_for_slots,
    log_slot,
    miss_slot,
    move_slot,
    take_slot,
)
from firsthand.references.actions.standing import change_reference, change_standing, enroll, lift_hold, set_hold

__all__ = [
    "change_reference",
    "change_standing",
    "enroll",
    "free_slot",
    "grade_slot",
    "hold_slot",
    "keep_slot",
    "lift_hold",
    "lock_for_slots",
    "log_slot",
    "miss_slot",
    "move_slot",
    "record_consent",
    "set_hold",
    "set_willingness",
    "take_slot",
]

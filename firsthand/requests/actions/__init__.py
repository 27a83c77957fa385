"""Deeds on requests and asks, the only writers of both. Each takes what it changes and who does it, and opens its transaction.

Deeds return the row as it stands afterwards and raise `Refused` when they may not be done, having changed nothing.
"""

from firsthand.requests.actions.answering import accept, decline, record_answer, send
from firsthand.requests.actions.approving import approve, ask_in_person, give_to_owner, postpone, refuse
from firsthand.requests.actions.changing import Wanted, change_wanted
from firsthand.requests.actions.correcting import correct_outcome
from firsthand.requests.actions.debriefing import give_debrief, release_debrief
from firsthand.requests.actions.due import (
    ask_whether_it_happened,
    end_unanswered,
    escalate_approvals,
    expire_reservations,
    lapse_asks,
    lock_of_ask,
    not_sent,
    pass_kept_times,
    tell_of_lost_deals,
)
from firsthand.requests.actions.ending import answer_with_content, cancel, close, confirm_content, reopen, withdraw
from firsthand.requests.actions.filing import Wish, add_note, ask_info, change_draft, file_request, give_info, submit
from firsthand.requests.actions.guests import bring, say_cannot, take_off
from firsthand.requests.actions.joining import end_joined, join
from firsthand.requests.actions.lifting import lift_bars
from firsthand.requests.actions.managing import give_requester, hand_on_requests, hand_over, tell_handed_over
from firsthand.requests.actions.meeting import hold, introduce, miss, schedule
from firsthand.requests.actions.offering import (
    ask_introduction,
    call_off,
    choose_zone,
    let_pick,
    not_now,
    offer_times,
    pick_time,
    withdraw_time,
)
from firsthand.requests.actions.outcomes import say_outcome, settle_outcomes
from firsthand.requests.actions.outside import Outside, debrief_outside, log_outside, retract_outside
from firsthand.requests.actions.proposing import propose
from firsthand.requests.actions.reminding import not_reminded, remind, send_reminders
from firsthand.requests.actions.sharing import set_places
from firsthand.requests.actions.standing import tell_of_holds, tell_what_stands
from firsthand.requests.actions.stopping import end_for_reference, end_withdrawn
from firsthand.requests.actions.swapping import ask_along, swap
from firsthand.requests.actions.tendering import agree_to_show, end_windows, set_window
from firsthand.requests.actions.thanking import ask_what_came_of_it, write_note

__all__ = [
    "Outside",
    "Wanted",
    "Wish",
    "accept",
    "add_note",
    "agree_to_show",
    "answer_with_content",
    "approve",
    "ask_along",
    "ask_in_person",
    "ask_info",
    "ask_introduction",
    "ask_what_came_of_it",
    "ask_whether_it_happened",
    "bring",
    "call_off",
    "cancel",
    "change_draft",
    "change_wanted",
    "choose_zone",
    "close",
    "confirm_content",
    "correct_outcome",
    "debrief_outside",
    "decline",
    "end_for_reference",
    "end_joined",
    "end_unanswered",
    "end_windows",
    "end_withdrawn",
    "escalate_approvals",
    "expire_reservations",
    "file_request",
    "give_debrief",
    "give_info",
    "give_requester",
    "give_to_owner",
    "hand_on_requests",
    "hand_over",
    "hold",
    "introduce",
    "join",
    "lapse_asks",
    "let_pick",
    "lift_bars",
    "lock_of_ask",
    "log_outside",
    "miss",
    "not_now",
    "not_reminded",
    "not_sent",
    "offer_times",
    "pass_kept_times",
    "pick_time",
    "postpone",
    "propose",
    "record_answer",
    "refuse",
    "release_debrief",
    "remind",
    "reopen",
    "retract_outside",
    "say_cannot",
    "say_outcome",
    "schedule",
    "send",
    "send_reminders",
    "set_places",
    "set_window",
    "settle_outcomes",
    "submit",
    "swap",
    "take_off",
    "tell_handed_over",
    "tell_of_holds",
    "tell_of_lost_deals",
    "tell_what_stands",
    "withdraw",
    "withdraw_time",
    "write_note",
]

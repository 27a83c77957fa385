"""The drafts of what is written to a reference afterwards. A colleague changes them as they like before they go out.

They say what the program knows: nobody was asked whether it helped, so no draft says that it did.
"""

from firsthand.people.models import Colleague
from firsthand.program.policy import day_here, in_force
from firsthand.references.disclosure import may_know
from firsthand.requests.models import Ask, PersonalNote
from firsthand.requests.prospects import described

CAME = {
    "won": "They have decided, and they are a customer now.",
    "lost": "They have decided otherwise this time.",
}
TURNED = {
    "won": "It has turned out otherwise than we wrote to you: they have decided after all, and they are a customer now.",
    "lost": "It has turned out otherwise than we wrote to you: in the end they have decided otherwise.",
}
GAVE = {
    True: "You gave your time to somebody who had a decision to make.",
    False: "You gave your time, and we know how little of it there is.",
}


def draft(ask: Ask, kind: str, by: Colleague) -> str:
    """Words to begin with: no name of the prospect, no amount, no reason; the reference's own only for who may know it."""
    person, activity = ask.reference.contact.person, ask.reference_request.activity_type
    signed = f"{by.name}, {in_force().company}"
    hello = f"Hello {person.first_name or person.name}," if may_know(ask.reference, by) else "Hello,"
    if kind == PersonalNote.Kind.THANKS:
        when = f" on {day_here(ask.occasion.starts_at):%-d %B}" if ask.occasion else ""  # of an introduction nobody knows the day
        to_decide = ask.reference_request.opportunity is not None and activity.has_time
        body = f"thank you for the {activity.noun}{when}. {GAVE[to_decide]}"
        return f"{hello}\n\n{body}\n\n{signed}"
    deal = ask.reference_request.opportunity
    told_before = ask.personal_notes.filter(kind=kind).exists()
    came = (TURNED if told_before else CAME).get(deal.outcome if deal else "", "")
    who = described(ask.reference_request)
    return f"{hello}\n\nyou gave {activity.a_noun} to {who}. {came}\n\nThank you again.\n\n{signed}"

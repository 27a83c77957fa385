"""The mails around asking: to the owner, to the reference, and that nobody is needed any more."""

from datetime import datetime

from firsthand.core.mail import Button, Mail, Part, Quote
from firsthand.history.actions import Unsent
from firsthand.history.models import Message
from firsthand.people.models import Colleague
from firsthand.program.policy import in_force
from firsthand.references.disclosure import shown_company, shown_name
from firsthand.requests import asking_words
from firsthand.requests.checks import why_window_over
from firsthand.requests.envelope import (
    Receiver,
    activity,
    an_activity,
    answer_day,
    ask_of,
    by_when,
    greeting,
    letter,
    link_of,
    moment,
    moment_to_come,
    own_page,
    reader_of,
    receiver,
    request_url,
    why_barred,
    why_not_colleague,
    why_not_seen,
    why_not_withdrawn,
    why_that_time,
    window_words,
)
from firsthand.requests.lifted import lifted_on
from firsthand.requests.models import Ask, ReferenceRequest
from firsthand.requests.permissions import bars_of, why_ended, why_in_person
from firsthand.requests.places import why_over
from firsthand.requests.prospects import prospect_for
from firsthand.requests.routing import answers_for_owner
from firsthand.requests.wording import length, named_why, questions_of, whom

A = Ask.Status


def approval(message: Message, now: datetime) -> Mail:
    """The question to the owner, answered by a link that needs no sign-in."""
    ask, to = ask_of(message), receiver(message)
    reference_request, name = ask.reference_request, shown_name(ask.reference, reader_of(to))
    prospect = whom(reference_request, to if isinstance(to, Colleague) else None)
    parts: tuple[Part, ...] = (
        greeting(to),
        (
            f"{reference_request.requester.name} needs {an_activity(ask)} for {prospect} {_when(reference_request)}. "
            f"We would like to ask {name} of {shown_company(ask.reference, reader_of(to))}.{_window(reference_request)}"
        ),
        Quote(reference_request.wish),
        *_in_particular(ask),
        *([f"A note for you: {ask.note}"] if ask.note else []),
        *_lifted(ask, to),
        *time_asked_for(ask, to),
        Button("Answer now", link_of(message)),
        f"{_answers(ask, name)} A slot is reserved until you answer, for at most three working days.",
    )
    return letter(to, f"May we ask {name}?", parts, url=request_url(ask))


def _when(reference_request: ReferenceRequest) -> str:
    return by_when(reference_request, late="as soon as possible")


def _window(reference_request: ReferenceRequest) -> str:
    """When evaluators of a tender would call, which is what the slot is held for."""
    return f" Evaluators may call them {window_words(reference_request)}." if reference_request.window_from else ""


def _in_particular(ask: Ask) -> list[Part]:
    """Why it should be this person, where the requester named them, and what the other side asks."""
    asked, lines = ask.reference_request, questions_of(ask.reference_request)
    why = f"{asked.requester.name} asks for them in particular: {asked.named_why}" if named_why(ask) else ""
    return [*([why] if why else []), *(["They would like to ask:\n" + "\n".join(f"- {line}" for line in lines)] if lines else [])]


def _answers(ask: Ask, name: str) -> str:
    """What the owner may answer: only they can ask somebody unconfirmed."""
    if why_in_person(ask, None):
        return f"{name} is unconfirmed: you can ask them yourself and record the answer, say not before a date, or refuse."
    return f"You can let the program ask, ask {name} yourself, say not before a date, or refuse."


def _lifted(ask: Ask, to: Receiver) -> list[Part]:
    """The owner reads what was lifted before they answer."""
    rows = lifted_on(ask, to if isinstance(to, Colleague) else None)
    return [f"{each.who} lifted a rule of the program for this ask ({each.title}: {each.meaning}): “{each.reason}”" for each in rows]


def why_not_approval(message: Message, now: datetime) -> Unsent | None:
    ask, to = ask_of(message), receiver(message)
    if ask.status != A.PROPOSED:
        return Unsent("answered", {"status": ask.status})
    if why_ended(ask.reference_request):
        return Unsent("ended")
    if ask.approver is not None and to != ask.approver:
        return Unsent("passed_on")
    is_theirs = isinstance(to, Colleague) and answers_for_owner(to, ask)
    return why_not_seen(message) or (None if is_theirs else Unsent("passed_on"))


def ask_in_person(message: Message, now: datetime) -> Mail:
    """The text an owner may use when asking in person."""
    ask, to = ask_of(message), receiver(message)
    parts: tuple[Part, ...] = (
        greeting(to),
        f"You ask {shown_name(ask.reference, reader_of(to))} yourself. Here is a text you may use:",
        Quote(in_person_text(ask)),
        Button("Record the answer", link_of(message)),
        f"It takes no sign-in. The slot is reserved until {answer_day(ask)}.",
    )
    return letter(to, f"Your text for asking {shown_name(ask.reference, reader_of(to))}", parts, url=request_url(ask))


def why_not_in_person(message: Message, now: datetime) -> Unsent | None:
    row = ask_of(message)
    return why_not_colleague(receiver(message)) if row.status == A.SENT else Unsent("ask", {"status": row.status})


def in_person_text(ask: Ask) -> str:
    """Ready words for asking in person."""
    reference_request, person = ask.reference_request, ask.reference.contact.person
    if reference_request.activity_type.is_tender:
        return (
            f"Hello {person.first_name or person.name}, may we name you as a reference in a tender of {prospect_for(ask)}? Evaluators may "
            f"call {window_words(reference_request)}. They look for: {reference_request.wish} Saying no is fine."
        )
    at = "".join(f" {sentence}" for sentence in time_asked_for(ask, ask.reference.contact))
    return (
        f"Hello {person.first_name or person.name}, {asking_words.question(reference_request)}? {asking_words.why(reference_request)} "
        f"It takes {length(reference_request.activity_type)}, {by_when(reference_request)}.{at} {asking_words.needs(reference_request)} "
        f"{reference_request.wish} Saying no is fine."
    )


def ask(message: Message, now: datetime) -> Mail:
    """The ask itself, to the reference."""
    row, to = ask_of(message), receiver(message)
    reference_request = row.reference_request
    asker = row.reference.account.owner or reference_request.requester
    subject, opening, closing = words_of_ask(row, to)
    parts: tuple[Part, ...] = (
        greeting(to),
        opening,
        Quote(reference_request.wish),
        *time_asked_for(row, to),
        Button("Answer", link_of(message)),
        closing,
        f"{asker.name}, {in_force().company}",
        own_page(message),
    )
    return letter(to, subject, parts)


def along_moved(message: Message, now: datetime) -> Mail:
    """To a reference who was asked to come to a time and has not answered: it is another one now."""
    row, to = ask_of(message), receiver(message)
    asker = row.reference.account.owner or row.reference_request.requester
    parts: tuple[Part, ...] = (
        greeting(to),
        f"the {activity(row)} we asked you to come to was moved. {' '.join(time_asked_for(row, to))}",
        Quote(row.reference_request.wish),
        Button("Answer", link_of(message)),
        f"You decide as before, and saying no is fine. If we hear nothing, we stop waiting on {answer_day(row)}.",
        f"{asker.name}, {in_force().company}",
        own_page(message),
    )
    return letter(to, f"Moved to {moment_to_come(row, to)}: the {activity(row)} we asked you for", parts)


def why_not_along_moved(message: Message, now: datetime) -> Unsent | None:
    """Judged as the ask itself is, in the transaction that sends it; and told once to whoever read another time."""
    row = ask_of(message)
    other = Message.objects.filter(subject_kind="ask", subject_id=row.pk, recipient_kind="contact").exclude(pk=message.pk)
    read = other.filter(kind__in=["ask", "remind_reference", "along_moved"], state=Message.State.SENT)
    if other.filter(kind="along_moved", pk__gt=message.pk).exists() or read.filter(sent_at__gt=message.created_at).exists():
        return Unsent("moved")
    if not read.exists():
        return Unsent("never_asked")
    return why_not_ask(message, now) or (None if moment_to_come(row, receiver(message)) else Unsent("ended"))


def time_asked_for(row: Ask, to: Receiver) -> list[str]:
    """The sentence that says to which time they would come."""
    at = moment_to_come(row, to)
    return [f"It would be on {at}: {why_that_time(row)}."] if at else []


def words_of_ask(row: Ask, to: Receiver) -> tuple[str, str, str]:
    """Subject, opening and closing."""
    if row.reference_request.activity_type.is_tender:
        return _tendering(row)
    return _joining(row, to) if row.joins else _asking(row)


def _tendering(row: Ask) -> tuple[str, str, str]:
    prospect, window = prospect_for(row), window_words(row.reference_request)
    return (
        "May we name you in a tender?",
        f"We answer a tender of {prospect} and would like to name you as a reference. Evaluators may call you {window}. They look for:",
        "You decide, and then choose what we may show of you: nothing that you did not tick. Saying no has no effect on your contract.",
    )


def what_to_show(message: Message, now: datetime) -> Mail:
    """To a reference whose yes to a tender was told in person: the question what the sheet may show."""
    row, to = ask_of(message), receiver(message)
    parts: tuple[Part, ...] = (
        greeting(to),
        f"thank you for letting us name you in the tender of {prospect_for(row)}. They may call {window_words(row.reference_request)}.",
        Button("Choose what we may show", link_of(message)),
        "Nothing is shown of you that you did not tick, and you can take it back there at any time.",
        own_page(message),
    )
    return letter(to, "What may we show of you?", parts)


def why_not_what_to_show(message: Message, now: datetime) -> Unsent | None:
    row = ask_of(message)
    return why_not_withdrawn(row) if row.status == A.ACCEPTED else Unsent("ask", {"status": row.status})


def _asking(row: Ask) -> tuple[str, str, str]:
    asked, when = row.reference_request, by_when(row.reference_request)
    question = asking_words.question(asked)
    return (
        f"{question[0].upper()}{question[1:]} {when}?" if asked.activity_type.has_time else f"{question[0].upper()}{question[1:]}?",
        f"{asking_words.why(asked)} {asking_words.request(asked, when)} {asking_words.needs(asked)}",
        "You decide every time. Saying no has no effect on your contract or your support. They get your address only when you accept.",
    )


def _joining(row: Ask, to: Receiver) -> tuple[str, str, str]:
    prospect = prospect_for(row)
    return (
        f"May one more join on {moment(row, to)}?",
        (
            f"{prospect[0].upper()}{prospect[1:]} would like to come to the {activity(row)} you give on {moment(row, to)}. "
            "It takes no more of your time. They ask:"
        ),
        "You decide. If you say no, it stands as it is for the others. They get your address only when you accept.",
    )


def why_not_ask(message: Message, now: datetime) -> Unsent | None:
    """What leaves the house is judged once more, in the transaction that sends it."""
    row = ask_of(message)
    if row.status != A.SENT:
        return Unsent("ask", {"status": row.status})
    if why_window_over(row.reference_request.window_until):
        return Unsent("window_over")
    if why_ended(row.reference_request):
        return Unsent("ended")
    return why_barred(bars_of(row.reference_request, row.reference, ask=row))


def no_longer(message: Message, now: datetime) -> Mail:
    """To a reference who was asked and is not needed any more; what they were asked to share stands, unless it is off by now."""
    row, to = ask_of(message), receiver(message)
    shared = row.joins.occasion if row.joins else None
    if row.joins and shared and why_over(row.joins, shared) is None:
        words = f"one more company does not join after all. Your {activity(row)} on {moment(row, to)} stands as it is."
        return letter(to, "One more does not join after all", (greeting(to), words, f"Thank you. {in_force().company}"))
    parts: tuple[Part, ...] = (
        greeting(to),
        f"the {activity(row)} we asked you for is not needed any more. Nothing is asked of you, and it does not count as a favor used.",
        f"Thank you. {in_force().company}",
    )
    return letter(to, "No longer needed, thank you", parts)


def why_not_no_longer(message: Message, now: datetime) -> Unsent | None:
    asked = Message.objects.filter(kind="ask", subject_kind="ask", subject_id=message.subject_id, state=Message.State.SENT)
    return None if asked.exists() else Unsent("never_asked")


def no_longer_in_person(message: Message, now: datetime) -> Mail:
    """To the owner who asks in person: it is not needed any more."""
    row, to = ask_of(message), receiver(message)
    name = shown_name(row.reference, reader_of(to))
    parts: tuple[Part, ...] = (greeting(to), f"{name} is not needed any more: {row.canceled_reason} Tell them if you have asked already.")
    return letter(to, f"{name} is not needed any more", parts, url=request_url(row))


def why_not_no_longer_in_person(message: Message, now: datetime) -> Unsent | None:
    return why_not_colleague(receiver(message))

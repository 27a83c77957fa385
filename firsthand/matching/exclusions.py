"""Why not the others: everybody who is kept back, counted in full, each under one rule."""

from collections import Counter
from dataclasses import dataclass

from firsthand.core.numbers import np
from firsthand.matching.asked import Asked, Question
from firsthand.matching.judged import FREE, LACKS_A_MUST, Judged, close_accounts
from firsthand.matching.rules import BY_CODE, MASKED, RULES, Kind
from firsthand.references.disclosure import shown_name
from firsthand.references.models import Reference

NAMES = 5  # people named under each rule, until all of one rule are asked for
PEOPLE = 50  # people named under one rule at most
# What a name and its disclosure need; sentences need more.
NAMED_BY = (
    "disclosure",
    "reference_account__disclosure",
    "contact__person__first_name",
    "contact__person__last_name",
    "contact__account__name",
    "contact__account__owner__deputy_id",
)
MUST, ACCOUNT = "must", "account"


@dataclass(frozen=True)
class Person:
    """Somebody who cannot be asked; the sentence is made only where it is shown."""

    reference_id: int
    name: str
    account: str
    sentence: str = ""


@dataclass(frozen=True)
class Exclusion:
    """All whom one rule keeps back; everybody is counted once, under their first rule."""

    rule: str
    kind: str
    title: str
    meaning: str
    count: int
    people: tuple[Person, ...]

    @property
    def sentence(self) -> str:
        """What keeps them back, as one sentence."""
        return f"{self.count:,} {'reference' if self.count == 1 else 'references'} cannot be asked: {self.meaning}."

    @property
    def others(self) -> int:
        """Those who are counted and not named."""
        return self.count - len(self.people)


def exclusions(question: Question, judged: Judged, why: str) -> tuple[Exclusion, ...]:
    """One exclusion per rule that keeps anybody back, in the order of the rules, those who lack a must last.

    `why` is the code of the rule of which every person gets their sentence.
    """
    codes = _codes(judged, question)
    counts = Counter(codes)
    ids: dict[str, list[int]] = {code: [] for code in counts}
    for code, pk in zip(codes, judged.id.tolist(), strict=True):
        if code and len(ids[code]) < (PEOPLE if code == why else NAMES):
            ids[code].append(pk)
    people = _people(question, ids, why)
    order = [*(rule.code for rule in RULES), ACCOUNT, MUST]
    return tuple(_exclusion(code, question.asked, counts[code], people[code]) for code in order if counts.get(code))


def _codes(judged: Judged, question: Question) -> list[str]:
    """The rule each reference is counted under, empty for those who are free; private rules under `ACCOUNT` but for those close."""
    viewer = question.viewer
    close = close_accounts(viewer)
    names = np.array([*(rule.code for rule in RULES), MUST, ""], dtype=object)
    codes = names[np.where(judged.bar == LACKS_A_MUST, len(RULES), np.where(judged.bar == FREE, len(RULES) + 1, judged.bar))]
    if viewer is not None and close is not None:
        private = np.isin(judged.bar, [place for place, rule in enumerate(RULES) if not rule.is_told_to_all(viewer)])
        codes[private & ~np.isin(judged.account, list(close))] = ACCOUNT
        codes[np.isin(judged.bar, [place for place in set(judged.bar.tolist()) if _is_unseen(place, question)])] = ACCOUNT
    return list(codes)


def _is_unseen(place: int, question: Question) -> bool:
    return 0 <= place < len(RULES) and RULES[place].is_unseen_by(question.viewer, question.need)


def _people(question: Question, ids: dict[str, list[int]], why: str) -> dict[str, tuple[Person, ...]]:
    viewer = question.viewer
    wanted = [pk for some in ids.values() for pk in some]
    rows = Reference.objects.filter(pk__in=wanted).select_related("contact__person", "contact__account__owner", "reference_account")
    found = {reference.pk: reference for reference in (rows if why else rows.only(*NAMED_BY))}

    def person(code: str, reference: Reference) -> Person:
        name = shown_name(reference, viewer)
        sentence = ""
        if code == why:
            rule = BY_CODE.get(code)
            sentence = rule.sentence(reference, question.need, question.policy, viewer) if rule else f"{name} cannot be asked: {MASKED}"
        return Person(reference.pk, name, reference.account.name, sentence)

    return {code: tuple(person(code, found[pk]) for pk in some) for code, some in ids.items()}


def _exclusion(code: str, asked: Asked, count: int, people: tuple[Person, ...]) -> Exclusion:
    if code == MUST:
        musts = ", ".join(asked.names(must) for must in asked.musts)
        return Exclusion(code, "need", "Lacks a must", f"is not known for what must be there: {musts}", count, people)
    if code == ACCOUNT:
        return Exclusion(code, Kind.ABSOLUTE, "About the account", "barred by a rule about its account", count, people)
    rule = BY_CODE[code]
    return Exclusion(code, rule.kind, rule.title, rule.meaning, count, people)

"""What a need comes to: the criteria that were given and those read out of the wish, and the text that ranks the stories."""

from collections import defaultdict
from dataclasses import dataclass

from firsthand.customers.models import AccountValue
from firsthand.matching.fit import Wished
from firsthand.matching.need import Criterion, Need
from firsthand.matching.stored import stored_vocabulary
from firsthand.matching.vocabulary import Vocabulary
from firsthand.matching.wish import Understood, merged, story_query, without
from firsthand.people.models import Colleague
from firsthand.program.policy import Policy
from firsthand.stories.models import Story, StoryValue
from firsthand.stories.text import Concept


@dataclass(frozen=True)
class Asked:
    """`criteria` are what candidates are measured by; `musts` those of them, one per facet, without which nobody is a candidate."""

    vocabulary: Vocabulary
    understood: Understood
    criteria: tuple[Wished, ...]
    musts: tuple[Wished, ...]
    ideas: tuple[Concept, ...]

    def under(self, wished: Wished) -> list[int]:
        """Ids of the values of a criterion and of all below them in the tree."""
        tops = set(wished.value_ids)
        return [value.id for value in self.vocabulary.values if tops & set(self.vocabulary.path(value.id))]

    def names(self, wished: Wished) -> str:
        """`Banking or Insurance`."""
        return " or ".join(self.vocabulary.by_id[value].name for value in wished.value_ids if value in self.vocabulary.by_id)


@dataclass(frozen=True)
class Question:
    """A need as read, the policy that judges it, and who asks: None is the program itself, which sees everything."""

    need: Need
    asked: Asked
    policy: Policy
    viewer: Colleague | None


def asked_by(need: Need) -> Asked:
    """Read a need. What the form says goes first; a wish adds to it and takes nothing away."""
    vocabulary = stored_vocabulary()
    given = _given(need, vocabulary)
    wish = " ".join(part for part in (need.wish, _headline(need)) if part)
    understood = without(wish, need.removed, vocabulary)
    return Asked(
        vocabulary,
        understood,
        tuple(merged(given, understood)),
        tuple(wished for wished in given if wished.importance == "must"),
        tuple(story_query(given, understood, vocabulary)),
    )


def _given(need: Need, vocabulary: Vocabulary) -> list[Wished]:
    """The criteria of the form. Musts of one facet are alternatives, as a chip beside a chip reads: Nordics or DACH."""
    musts: dict[str, list[int]] = defaultdict(list)
    others: list[Wished] = []
    for criterion in _stated(need):
        value = vocabulary.by_id.get(criterion.value_id)
        if value is None:
            continue
        if criterion.importance == "must":
            musts[value.facet].append(value.id)
        else:
            others.append(Wished((value.id,), value.facet, criterion.importance))
    return [*(Wished(tuple(ids), facet, "must") for facet, ids in musts.items()), *dict.fromkeys(others)]


def _stated(need: Need) -> list[Criterion]:
    named = [value for value in (need.persona_id, need.language_id, *need.topic_ids) if value is not None]
    said = [*need.criteria, *(Criterion(value) for value in named)]
    taken = {criterion.value_id for criterion in said}
    return [*said, *(Criterion(value) for value in _values_of_model(need) if value not in taken)]


def _values_of_model(need: Need) -> list[int]:
    """The facet values of the account or story that somebody like it is wished for."""
    values: list[int] = []
    if not need.takes_values:
        return values
    if need.like_account_id:
        values += AccountValue.objects.filter(account=need.like_account_id).order_by("pk").values_list("value", flat=True)
    if need.like_story_id:
        values += AccountValue.objects.filter(account__stories=need.like_story_id).order_by("pk").values_list("value", flat=True)
        values += StoryValue.objects.filter(story=need.like_story_id).order_by("pk").values_list("value", flat=True)
    return list(dict.fromkeys(values))


def _headline(need: Need) -> str:
    return Story.objects.filter(pk=need.like_story_id).values_list("headline", flat=True).first() or "" if need.like_story_id else ""

"""How far a story and the names in it go."""

from collections.abc import Iterable

from firsthand.people.models import Colleague
from firsthand.references.disclosure import WIDEST_FIRST, may_know, shown_name
from firsthand.references.models import Disclosure, Reference, ReferenceAccount
from firsthand.stories.models import Story, StoryPerson

NOT_NAMED = "Not named"


def customers_level(story: Story) -> Disclosure:
    """The customer's own disclosure, which no story of theirs exceeds; as a new customer's where nothing was settled."""
    standing: ReferenceAccount | None = getattr(story.account, "standing", None)
    return Disclosure(standing.disclosure) if standing else Disclosure.NAMED


def level_of(story: Story) -> Disclosure:
    """The narrower of the customer's disclosure and the story's own."""
    levels = [customers_level(story), Disclosure(story.disclosure or Disclosure.PUBLIC)]
    return max(levels, key=WIDEST_FIRST.index)


def references_of(people: Iterable[StoryPerson]) -> dict[int, Reference]:
    """The references among those who tell, by contact: their names go through their own disclosure."""
    contacts = [person.contact_id for person in people if person.contact_id]
    rows = Reference.objects.filter(contact__in=contacts)
    return {row.contact_id: row for row in rows.select_related("contact__person", "contact__account__owner", "reference_account")}


def teller(person: StoryPerson, reference: Reference | None, user: Colleague) -> str:
    """Who tells it, as far as the reader may know."""
    if person.contact is None:
        return NOT_NAMED
    return shown_name(reference, user) if reference else person.contact.person.name


def is_known(reference: Reference | None, user: Colleague) -> bool:
    """Whether the reader may know who that is, and so change what is told of them."""
    return reference is None or may_know(reference, user)

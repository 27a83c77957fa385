"""Who tells a story, and the words they are quoted with."""

from firsthand.core.locks import deed
from firsthand.core.refused import Refused
from firsthand.customers.models import Contact
from firsthand.history.actions import record
from firsthand.people.models import Colleague
from firsthand.stories.actions.indexing import find_stories
from firsthand.stories.actions.writing import held, write
from firsthand.stories.models import Story, StoryPerson


@deed
def add_teller(story: Story, *, contact: Contact | None, quote: str, by: Colleague) -> StoryPerson:
    """One of the customer's people, a quote nobody is named for, or both.

    Raises `Refused` (400) with neither, or when the contact works elsewhere.
    """
    story = held(story.pk, by)
    person = StoryPerson.objects.create(story=story, contact=_of(story, contact, quote), quote=quote.strip())
    find_stories([story.pk])
    record("teller_added", person, by=by.actor, context=story, contact=person.contact_id)
    return person


@deed
def change_teller(person: StoryPerson, *, contact: Contact | None, quote: str, by: Colleague) -> None:
    """Write who it is and what they say. What stays the same is not recorded."""
    story = held(person.story_id, by)
    there = StoryPerson.objects.filter(pk=person.pk, story=story).first()
    if there is None:
        raise Refused("Somebody took this person from the story meanwhile. Add them again if they still tell it.")
    contact = _of(story, contact, quote)
    if (there.contact_id, there.quote) != (contact.pk if contact else None, quote.strip()):
        write(there, {"contact": contact, "quote": quote.strip()})
        find_stories([story.pk])
        record("teller_changed", there, by=by.actor, context=story, contact=there.contact_id)


@deed
def remove_teller(person: StoryPerson, *, by: Colleague) -> None:
    """Take the person and their words from the story. Removing them twice changes nothing."""
    story = held(person.story_id, by)
    there = StoryPerson.objects.filter(pk=person.pk).first()
    if there is not None:
        record("teller_removed", there, by=by.actor, context=story, contact=there.contact_id)
        there.delete()
        find_stories([story.pk])


def _of(story: Story, contact: Contact | None, quote: str) -> Contact | None:
    if contact is None and not quote.strip():
        raise Refused("Name who tells it, give their words, or both.", status=400)
    if contact is not None and contact.account_id != story.account_id:
        raise Refused(f"{contact.person.name} does not work at {story.account.name}. Choose one of its people.", status=400)
    return contact

"""Contacts, relationships, cases and stories, through the whole import."""

from pathlib import Path

import pytest
from django.utils import timezone

from firsthand.customers.models import Account, Contact, Person, Relationship, Signal
from firsthand.customers.people_upserts import LEFT
from firsthand.intake import actions, results
from firsthand.intake.builders import counts, imported, refusals
from firsthand.intake.undo import undo
from firsthand.intake.writers.people import person_names
from firsthand.people.builders import ana
from firsthand.program.actions import set_up
from firsthand.stories.models import Story, StoryTerm

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


CONTACTS = (
    "Company,First Name,Last Name,Email,Phone\nAcme,Ada,Byron,Ada@Acme.example,1\nAcme Inc,Ada,Byron, ada@acme.example ,2\n"
    "Beta,Bo,Li,bo@beta.example; bo.li@beta.example,\nBeta,Cy,Oh,,\nBeta,Di,Ro,,\nBeta,Ed,Wu,ed@beta,\n"
)


def test_three_spellings_of_an_address_are_one_contact() -> None:
    intake = imported("contacts", CONTACTS)
    assert counts(intake) == (5, 0, 1, 0)
    assert Contact.objects.count() == Person.objects.count() == 5
    assert Contact.objects.get(email="ada@acme.example").phone == "2"
    assert Contact.objects.filter(email="").count() == 2
    told = "\n".join(results.warnings(intake))
    assert "bo@beta.example was taken" in told
    assert "no complete e-mail address; it was kept" in told
    assert counts(imported("contacts", CONTACTS)) == (0, 0, 6, 0)


def test_a_contact_at_an_account_nobody_knows_by_id_is_refused() -> None:
    imported("accounts", "Id,Company\nA-1,Acme\n")
    intake = imported("contacts", "Id,AccountId,Name,Title\nC-1,A-1,Ada Byron,CTO\nC-2,A-9,Bo Li,\nC-3,,Cy Oh,\n")
    assert counts(intake) == (1, 0, 0, 2)
    assert refusals(intake) == [(3, "No account has the id A-9. Import accounts first."), (4, "The row names no account.")]
    assert counts(imported("contacts", "Id,Name,Title\nC-1,Ada Lovelace,CTO\n")) == (0, 1, 0, 0)
    assert str(Contact.objects.get()) == "Ada Lovelace, Acme"


def test_a_contact_without_an_id_is_adopted_once() -> None:
    imported("contacts", "Company,Name\nAcme,Ada Byron\n")
    assert counts(imported("contacts", "Id,Company,Name\nC-1,Acme,Ada Byron\nC-2,Acme,Ada Byron\n")) == (1, 1, 0, 0)
    assert list(Contact.objects.order_by("id").values_list("external_id", flat=True)) == ["C-1", "C-2"]


def test_a_person_with_two_jobs_in_the_file_is_changed_once_and_put_back() -> None:
    imported("contacts", "Id,Company,Name\nC-1,Acme,Ada Byron\nC-2,Beta,Ada Byron\n")
    Contact.objects.filter(external_id="C-2").update(person=Contact.objects.get(external_id="C-1").person)
    intake = imported("contacts", "Id,Company,Name\nC-1,Acme,Ada Lovelace\nC-2,Beta,Ada Lovelace\n")
    assert counts(intake) == (0, 2, 0, 0)
    assert intake.change is not None
    assert intake.change.rows.filter(model="customers.person").count() == 1
    assert actions.run_here(undo(intake, background=False)).state == "done"
    assert {str(contact.person) for contact in Contact.objects.all()} == {"Ada Byron"}


def test_a_reference_does_not_move_to_another_account_with_their_consent() -> None:
    set_up()
    imported("references", "contact_id,Company,Name,Email\nC-1,Acme,Ada Byron,ada@mail.example\n")
    imported("contacts", "Id,Company,Name\nC-2,Acme,Bo Li\n")
    for row in ("C-1,Globex,Ada Byron,", ",Globex,Ada Byron,ada@mail.example"):
        intake = imported("contacts", f"Id,Company,Name,Email\n{row}\n")
        assert refusals(intake) == [(2, LEFT)]
    assert str(Contact.objects.get(external_id="C-1")) == "Ada Byron, Acme"
    assert counts(imported("contacts", "Id,Company,Name\nC-2,Globex,Bo Li\n")) == (0, 1, 0, 0)
    assert str(Contact.objects.get(external_id="C-2")) == "Bo Li, Globex"


def test_a_shared_address_means_another_person_at_another_account() -> None:
    imported("contacts", "Company,Name,Email\nAcme,Ada Byron,desk@agency.example\n")
    text = "Company,Name,Email\nBeta,Bo Li,desk@agency.example\n"
    assert counts(imported("contacts", text)) == (1, 0, 0, 0)
    assert counts(imported("contacts", text)) == (0, 0, 1, 0)
    assert [str(each) for each in Contact.objects.order_by("id")] == ["Ada Byron, Acme", "Bo Li, Beta"]
    unclear = imported("contacts", "Name,Email\nCy Oh,desk@agency.example\n")
    assert refusals(unclear) == [(2, "2 contacts share desk@agency.example. Add the account.")]


@pytest.mark.parametrize(
    ("cells", "first", "last"),
    [
        ({"first_name": "O'BRIEN, Siobhán"}, "Siobhán", "O'BRIEN"),
        ({"name": "AD VAN DER VEER"}, "AD", "VAN DER VEER"),
        ({"name": "Frank Greco Jr."}, "Frank", "Greco Jr."),
        ({"name": "Moor, Nils De"}, "Nils De", "Moor"),
        ({"name": "Madonna"}, "", "Madonna"),
        ({"first_name": "Änne", "last_name": "Groß", "name": "x"}, "Änne", "Groß"),
    ],
)
def test_names_are_split_where_people_split_them(cells: dict[str, str], first: str, last: str) -> None:
    names = person_names(cells)
    assert (names.get("first_name", ""), names.get("last_name", "")) == (first, last)


def test_a_relationship_joins_a_colleague_and_a_contact() -> None:
    owner = ana()
    imported("contacts", CONTACTS)
    text = (
        "Owner,Contact,Company,Relationship,Last Contacted\nAna Owner,cy oh,Beta,has worked with,2026-01-31\n"
        "Nobody,Cy Oh,Beta,,\nAna Owner,Unknown Person,Beta,,\n"
    )
    intake = imported("relationships", text)
    assert counts(intake) == (1, 0, 0, 2)
    assert refusals(intake) == [
        (3, "No colleague is known as Nobody. Import colleagues first."),
        (4, "No contact is known as Unknown Person."),
    ]
    tie = Relationship.objects.get()
    assert (tie.colleague, tie.contact.person.last_name, tie.kind, str(tie.last_touch_on)) == (owner, "Oh", "worked_with", "2026-01-31")
    assert counts(imported("relationships", text)) == (0, 0, 1, 2)


def test_an_owner_may_be_named_by_their_address() -> None:
    owner = ana()
    imported("accounts", f"Id,Company,Account Owner\nA-1,Acme,{str(owner.email).upper()}\n")
    assert Account.objects.get().owner == owner


def test_an_escalated_case_is_an_escalation_and_an_open_one_is_not() -> None:
    imported("accounts", "Id,Company\nA-1,Acme\n")
    text = "Id,AccountId,Subject,Priority,Status,IsEscalated,CreatedDate,ClosedDate\n{}".format(
        "5-1,A-1,Down,Critical,Escalated,true,2026-01-05,\n5-2,A-1,Question,Low,Open,false,2026-01-06,\n5-3,A-9,Down,High,Open,true,2026-01-07,\n"
    )
    assert counts(imported("cases", text)) == (1, 0, 1, 1)
    signal = Signal.objects.get()
    assert (signal.kind, signal.severity, signal.words, signal.resolved_on) == ("escalation", "severe", "Down", None)
    assert counts(imported("cases", text.replace("2026-01-05,", "2026-01-05,2026-01-09"))) == (0, 1, 1, 1)
    assert str(Signal.objects.get().resolved_on) == "2026-01-09"


CASE = "Id,AccountId,Subject,Priority,Status,IsEscalated,CreatedDate,ClosedDate\n5-1,A-1,Down,Critical,{},2026-01-05,{}\n"


def resolved(status: str, mark: str, closed: str = "") -> str:
    imported("cases", CASE.format(f"{status},{mark}", closed))
    return str(Signal.objects.get().resolved_on)


def test_an_escalation_closes_and_opens_again_with_its_case() -> None:
    today = str(timezone.localdate())
    imported("accounts", "Id,Company\nA-1,Acme\n")
    assert resolved("Escalated", "true") == "None"
    assert resolved("Closed", "false", "2026-01-09") == "2026-01-09"
    assert resolved("Escalated", "true") == "None"
    assert resolved("Open", "false") == today
    Signal.objects.update(resolved_on="2026-01-10")
    assert resolved("Open", "false") == "2026-01-10"
    imported("cases", "Id,AccountId,IsEscalated,CreatedDate\n5-1,A-1,true,2026-01-05\n")
    assert str(Signal.objects.get().resolved_on) == "2026-01-10"
    assert resolved("Open", "true") == "None"
    assert resolved("Closed", "true") == today


STORIES = (
    "Company,Location,Industry,Headline,Challenge,Quote,Quoted person,Title,URL\n"
    'AdForm,"Copenhagen, Denmark",Banking,Faster ads,Slow releases,"""We release daily.""",Edgaras Apšega,Engineer,https://a.example/s\n'
    "Slamtec,Shanghai,Robotics,,Robots,,,,\n"
)


def test_a_story_brings_its_customer_and_whoever_is_quoted() -> None:
    set_up()
    assert counts(imported("stories", STORIES)) == (2, 0, 0, 0)
    story = Story.objects.get(headline="Faster ads")
    told = story.people.get()
    assert told.contact is not None
    assert (str(told.contact), told.contact.title, told.quote) == ("Edgaras Apšega, AdForm", "Engineer", '"We release daily."')
    assert (story.assets.get().url, story.account.location, story.account.is_customer) == (
        "https://a.example/s",
        "Copenhagen, Denmark",
        True,
    )
    assert set(story.account.values.values_list("value__name", flat=True)) == {"Denmark", "Banking"}
    assert StoryTerm.objects.filter(story=story, term__startswith="releas").exists()
    assert Story.objects.get(account__name="Slamtec").headline == "Slamtec"
    assert counts(imported("stories", STORIES)) == (0, 0, 2, 0)
    assert counts(imported("stories", STORIES.replace("Faster ads", "Faster and calmer ads"))) == (0, 1, 1, 0)
    assert Account.objects.count() == 2


def test_a_story_of_another_id_is_another_story() -> None:
    text = "story_id,Company,Headline\nS-{},Acme,Faster\n"
    assert counts(imported("stories", text.format(1))) == (1, 0, 0, 0)
    assert counts(imported("stories", text.format(2))) == (1, 0, 0, 0)
    assert counts(imported("stories", text.format(1))) == (0, 0, 1, 0)
    assert sorted(Story.objects.values_list("external_id", flat=True)) == ["S-1", "S-2"]
    assert refusals(imported("stories", "Company,Headline\nAcme,Faster\n")) == [
        (2, "2 stories of this account are called Faster. Add the id."),
    ]


def test_a_deal_is_joined_by_name_where_one_is_called_so() -> None:
    imported("accounts", "Id,Company\nA-1,Acme\nA-2,Beta\n")
    imported("opportunities", "Id,Name,Account\n,Line 3,Acme\n,Line 4,Acme\n,Line 3,Beta\n")
    assert counts(imported("opportunities", "Name,Amount\nLine 4,9\n")) == (0, 1, 0, 0)
    assert refusals(imported("opportunities", "Name,Amount\nLine 3,9\n")) == [
        (2, "2 deals are called Line 3. Add the id or the account."),
    ]
    assert counts(imported("opportunities", "Name,Account,Amount\nLine 3,Beta,9\n")) == (0, 1, 0, 0)

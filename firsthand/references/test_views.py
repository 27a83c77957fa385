"""The list of references and its deeds, as a browser meets them."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firsthand.customers.builders import make_account, make_contact
from firsthand.customers.finding import refresh_contacts
from firsthand.customers.models import AccountValue
from firsthand.people.builders import ana, eve, mia
from firsthand.people.models import Colleague
from firsthand.program.actions import set_up
from firsthand.program.models import FacetValue
from firsthand.references.builders import make_reference
from firsthand.references.models import Consent, Disclosure, Hold, NoGo, Reference, Willingness

pytestmark = pytest.mark.django_db


def signed_in(colleague: Colleague) -> Client:
    client = Client()
    client.force_login(colleague)
    return client


def rae(owner: Colleague) -> Reference:
    return make_reference("Rae Reference", account=make_account("Ostvik Bank", owner=owner))


def test_the_list_shows_who_may_be_seen_and_hides_the_hidden() -> None:
    rae(ana())
    hidden = make_reference("Hid Away", account=make_account("Hidden Bank"))
    hidden.reference_account.account.is_hidden = True
    hidden.reference_account.account.save()
    page = signed_in(eve()).get("/references/").content.decode()
    assert ("Rae Reference" in page, "Hid Away" in page, "1 reference" in page) == (True, False, True)


def test_the_list_asks_as_often_for_three_rows_as_for_one() -> None:
    client = signed_in(mia())
    counts = []
    for number in range(3):
        make_reference(f"Rae{number} Reference", account=make_account(f"Bank {number}"))
        client.get("/references/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/references/")
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_the_list_is_searched_by_person_and_company() -> None:
    for person, company in (("Rae Reference", "Ostvik Bank"), ("Bo Berg", "Fjord Foods")):
        reference = make_reference(person, account=make_account(company))
        refresh_contacts([reference.contact])
    client = signed_in(mia())
    for text in ("berg", "fjord", "bo fjord"):
        page = client.get("/references/", {"q": text}).content.decode()
        assert ("Bo Berg" in page, "Rae Reference" in page) == (True, False)


def test_the_list_is_narrowed_to_an_industry_and_what_is_below_it() -> None:
    set_up()
    below = FacetValue.objects.filter(facet__code="industry", parent__isnull=False).select_related("parent")[0]
    reference = make_reference("Bo Berg", account=make_account("Fjord Foods"))
    AccountValue.objects.create(account=reference.account, value=below)
    make_reference("Rae Reference", account=make_account("Ostvik Bank"))
    page = signed_in(mia()).get("/references/", {"industry": str(below.parent_id)}).content.decode()
    assert ("Bo Berg" in page, "Rae Reference" in page) == (True, False)


def test_an_owner_enrolls_a_contact_and_goes_on_to_the_consent() -> None:
    owner = ana()
    contact = make_contact(account=make_account("Ostvik Bank", owner=owner))
    answer = signed_in(owner).post(f"/contacts/{contact.pk}/enrollment/")
    assert answer.headers["Location"] == f"/references/{Reference.objects.get().pk}/consents/"


def test_enrolling_twice_says_so_and_changes_nothing() -> None:
    owner = ana()
    reference = rae(owner)
    answer = signed_in(owner).post(f"/contacts/{reference.contact_id}/enrollment/")
    assert (answer.status_code, Reference.objects.count()) == (409, 1)
    assert "Rae Reference is a reference already." in answer.content.decode()


def test_an_outsider_may_not_enroll() -> None:
    contact = make_contact(account=make_account("Ostvik Bank", owner=ana()))
    answer = signed_in(eve()).post(f"/contacts/{contact.pk}/enrollment/")
    assert (answer.status_code, Reference.objects.count()) == (403, 0)


def test_a_consent_without_proof_is_refused_and_keeps_what_was_typed() -> None:
    owner = ana()
    reference = rae(owner)
    typed = {"kind": "given", "given_on": "2026-03-01", "wording": "Calls with peers"}
    answer = signed_in(owner).post(f"/references/{reference.pk}/consents/", typed)
    page = answer.content.decode()
    assert (answer.status_code, "Say how they gave it." in page, "Calls with peers" in page) == (400, True, True)
    assert Consent.objects.count() == 1


def test_a_withdrawal_is_a_new_entry() -> None:
    owner = ana()
    reference = rae(owner)
    signed_in(owner).post(f"/references/{reference.pk}/consents/", {"kind": "withdrawn", "given_on": "2026-03-01"})
    assert list(Consent.objects.order_by("pk").values_list("kind", "covers_all")) == [("given", True), ("withdrawn", False)]


def test_a_hold_on_the_whole_customer_stands_there() -> None:
    owner = ana()
    reference = rae(owner)
    typed = {"kind": "owner", "reason": "Renewal talks", "whole_customer": "on"}
    signed_in(owner).post(f"/references/{reference.pk}/holds/", typed)
    hold = Hold.objects.get()
    assert (hold.reference_account_id, hold.reference_id, hold.reason) == (reference.reference_account_id, None, "Renewal talks")


def test_lifting_a_hold_ends_it_once() -> None:
    owner = ana()
    reference = rae(owner)
    hold = Hold.objects.create(reference=reference, kind="owner", starts_on=date(2026, 1, 1), reason="Renewal talks")
    client = signed_in(owner)
    client.post(f"/holds/{hold.pk}/lifting/")
    first = Hold.objects.get().lifted_at
    client.post(f"/holds/{hold.pk}/lifting/")
    assert first is not None
    assert Hold.objects.get().lifted_at == first


def test_what_they_do_is_changed_for_one_activity() -> None:
    owner = ana()
    reference = rae(owner)
    typed = {"answer": "no", "audience": ["to_prospects"], "limit_count": "", "limit_period": "quarter"}
    signed_in(owner).post(f"/references/{reference.pk}/activities/reference-call/", typed)
    row = Willingness.objects.get()
    assert (row.answer, row.to_prospects, row.to_press) == ("no", True, False)


def test_a_disclosure_wider_than_the_customers_is_refused() -> None:
    owner = ana()
    reference = rae(owner)
    typed = {"status": "active", "disclosure": "public", "limit_period": "quarter"}
    answer = signed_in(owner).post(f"/references/{reference.pk}/edit/", typed)
    assert (answer.status_code, Reference.objects.get().disclosure) == (400, "")
    assert "cannot be shown more widely" in answer.content.decode()


def test_hiding_a_customer_hides_its_account_and_keeps_its_no_gos() -> None:
    owner = ana()
    reference = rae(owner)
    typed = {"disclosure": Disclosure.HIDDEN, "limit_period": "quarter", "no_go": "Sundvik\nKestrel Water\n\n"}
    signed_in(owner).post(f"/accounts/{reference.account.pk}/standing/", typed)
    reference.refresh_from_db()
    assert reference.account.is_hidden
    assert list(NoGo.objects.order_by("pk").values_list("name", flat=True)) == ["Sundvik", "Kestrel Water"]


def test_a_no_go_company_too_long_to_be_a_name_is_refused() -> None:
    owner = ana()
    reference = rae(owner)
    typed = {"disclosure": "named", "limit_period": "quarter", "no_go": f"Sundvik\n{'K' * 201}"}
    answer = signed_in(owner).post(f"/accounts/{reference.account.pk}/standing/", typed)
    assert (answer.status_code, NoGo.objects.count()) == (400, 0)
    assert "has at most 200 characters" in answer.content.decode()


def test_the_record_page_says_what_they_can_be_asked_for() -> None:
    owner = ana()
    reference = rae(owner)
    page = signed_in(owner).get(f"/references/{reference.pk}/").content.decode()
    assert ("Rae Reference" in page, "Can be asked" in page, "mail of 5 January" in page) == (True, True, True)


def test_evidence_of_consent_is_not_for_everybody() -> None:
    reference = rae(ana())
    page = signed_in(eve()).get(f"/references/{reference.pk}/").content.decode()
    assert ("Rae Reference" in page, "mail of 5 January" in page) == (True, False)


def test_a_legal_hold_is_not_for_everybody() -> None:
    owner = ana()
    reference = rae(owner)
    Hold.objects.create(reference=reference, kind="legal", starts_on=date(2026, 1, 1), reason="A lawsuit")
    for reader, told in ((owner, True), (eve(), False)):
        client = signed_in(reader)
        assert ("A lawsuit" in client.get(f"/references/{reference.pk}/").content.decode()) is told
        assert ("On hold" in client.get("/references/").content.decode()) is told


def test_a_hold_that_is_over_is_not_in_the_list() -> None:
    owner = ana()
    Hold.objects.create(reference=rae(owner), kind="owner", starts_on=date(2026, 1, 1), until=date(2026, 1, 2), reason="Busy")
    assert "On hold" not in signed_in(owner).get("/references/").content.decode()

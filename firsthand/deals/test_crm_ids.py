"""An id of the CRM means its deal however it is written: typed, imported, looked for."""

import pytest
from django.db import transaction

from firsthand.deals.actions import CRM_ID, DealFacts, add_deal
from firsthand.deals.crm_ids import deals_by_id, written
from firsthand.deals.models import Opportunity, StageChange
from firsthand.deals.stages import add_stage_changes
from firsthand.deals.upserts import OpportunityRow, upsert_opportunities
from firsthand.history.actions import PROGRAM
from firsthand.people.builders import sam

SHORT, LONG = "001A0000006Vm9u", "001A0000006Vm9uIAC"


@pytest.mark.parametrize(
    ("crm_id", "ways"),
    [
        (SHORT, (SHORT, LONG)),
        (LONG, (LONG, SHORT)),
        ("0065g00000AbCdE", ("0065g00000AbCdE", "0065g00000AbCdEAAV")),
        ("001A0000006Vm9uXXX", ("001A0000006Vm9uXXX",)),
        ("001A-000006Vm9u", ("001A-000006Vm9u",)),
        ("opportunity2026001", ("opportunity2026001",)),
        ("19873452210", ("19873452210",)),
        ("", ()),
    ],
)
def test_an_id_of_salesforce_is_written_in_two_ways(crm_id: str, ways: tuple[str, ...]) -> None:
    assert written(crm_id) == ways


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "sent"), [(SHORT, LONG), (LONG, SHORT), (SHORT, SHORT)])
def test_a_typed_deal_becomes_the_imported_one_in_whichever_way_its_id_is_written(typed: str, sent: str) -> None:
    deal = add_deal(DealFacts("", prospect_name="Quillhaven Bank"), by=sam(), crm_id=typed)
    row: OpportunityRow = {"external_id": sent, "name": "Atlas"}
    with transaction.atomic():
        upsert_opportunities([row], by=PROGRAM)
        add_stage_changes([{"opportunity_external_id": typed, "stage": "Proposal", "entered_at": deal.created_at}], by=PROGRAM)
    kept = Opportunity.objects.get()
    assert (kept.pk, kept.source, kept.external_id, kept.name) == (deal.pk, "crm", sent, "Atlas")
    assert (deals_by_id([SHORT, LONG]), StageChange.objects.get().opportunity_id) == ({SHORT: deal.pk, LONG: deal.pk}, deal.pk)


@pytest.mark.django_db
def test_of_two_deals_an_id_means_the_one_it_is_written_as() -> None:
    rows = {crm_id: Opportunity.objects.create(external_id=crm_id).pk for crm_id in (SHORT, LONG)}
    assert deals_by_id([SHORT, LONG, ""]) == rows


@pytest.mark.django_db
def test_a_deal_typed_under_an_id_that_is_there_written_otherwise_stands_beside_it() -> None:
    Opportunity.objects.create(external_id=LONG)
    deal = add_deal(DealFacts("", prospect_name="Quillhaven Bank"), by=sam(), crm_id=SHORT)
    assert (deal.external_id, deal.custom) == ("", {CRM_ID: SHORT})

"""An import from the upload to the last row."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from firsthand.core import jobs
from firsthand.core.models import Job
from firsthand.core.refused import Refused
from firsthand.customers.models import Account
from firsthand.deals.models import Opportunity, Stage, StageChange
from firsthand.history.models import Change, Event
from firsthand.intake import actions, pipeline, results
from firsthand.intake.builders import checked, counts, imported, refusals, uploaded, written
from firsthand.intake.casting import Plan
from firsthand.intake.models import Import
from firsthand.intake.writers import WRITERS
from firsthand.people.models import Colleague, Team
from firsthand.program.actions import set_up
from firsthand.program.models import FacetAlias, FacetValue

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

ACCOUNTS = "Id,Company,Sector,Country,Employees\nA-1,Nordbank,Banking,Sweden,840\nA-2,Acme,technolgy,Philipines,35\n"


@pytest.fixture
def vocabulary() -> None:
    set_up()


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def test_nothing_is_written_before_it_is_confirmed(vocabulary: None) -> None:
    before = Event.objects.count()
    intake = checked("accounts", ACCOUNTS)
    assert counts(intake) == (2, 0, 0, 0)
    assert (Account.objects.count(), Change.objects.count(), Event.objects.count()) == (0, 0, before)
    assert counts(written(intake)) == (2, 0, 0, 0)
    assert Account.objects.count() == 2


def test_the_same_file_twice_changes_nothing(vocabulary: None) -> None:
    imported("accounts", ACCOUNTS)
    assert counts(imported("accounts", ACCOUNTS)) == (0, 0, 2, 0)


def test_unknown_values_are_gathered_with_the_closest_known_one(vocabulary: None) -> None:
    intake = checked("accounts", ACCOUNTS)
    assert [(each["facet"], each["value"], each["rows"], each["closest"]) for each in results.unknown_values(intake)] == [
        ("geography", "Philipines", 1, "Philippines"),
        ("industry", "technolgy", 1, "Technology"),
    ]


def test_only_so_many_unknown_values_are_kept(vocabulary: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 2)
    monkeypatch.setattr(pipeline, "MAX_UNKNOWN", 3)
    sectors = [*(f"Zzz{number}" for number in range(6)), "Zzz1", "y" * 121]
    intake = checked("accounts", "Company,Sector\n" + "".join(f"A{at},{each}\n" for at, each in enumerate(sectors)))
    assert intake.values["unknown"] == {"industry": {"Zzz0": 1, "Zzz1": 2, "Zzz2": 1}}
    assert results.warnings(intake) == [
        "More than 3 values of industry are not known; the others were left out. (3)",
        "A value of industry is longer than 120 characters and was left out. (1)",
    ]


def test_a_mapped_value_is_asked_once(vocabulary: None) -> None:
    intake = checked("accounts", ACCOUNTS)
    actions.decide(intake, results.all_alike(intake, "closest"))
    written(intake)
    assert FacetAlias.objects.filter(key="technolgy", value__name="Technology").exists()
    again = imported("accounts", ACCOUNTS)
    assert (counts(again), results.unknown_values(again)) == ((0, 0, 2, 0), [])


def test_an_added_value_is_a_value_and_a_skipped_one_is_not(vocabulary: None) -> None:
    intake = checked("accounts", ACCOUNTS)
    actions.decide(intake, {"industry": {"technolgy": {"do": "add"}}, "geography": {"Philipines": {"do": "skip"}}})
    written(intake)
    assert FacetValue.objects.filter(facet__code="industry", name="technolgy").exists()
    assert not FacetAlias.objects.filter(key="philipines").exists()
    acme = Account.objects.get(key="acme")
    assert acme.values.filter(value__name="technolgy").exists()


def test_good_rows_are_kept_and_others_refused_with_line_and_sentence() -> None:
    text = "Deal Name,Stage,Close Date\nA,Open,2026-02-28\n\nB,Open,31/02/2026\n,Open,\nC,Open,,,x\n"
    intake = imported("opportunities", text)
    assert counts(intake) == (1, 0, 0, 3)
    assert refusals(intake) == [
        (4, "close_date: “31/02/2026” is no day of the calendar. Write dates as 2026-02-28."),
        (5, "The row has no opportunity id or name."),
        (6, "The row has 5 cells, 3 are expected; a comma in a text may lack quotation marks."),
    ]


def test_refused_rows_come_back_as_a_file_that_can_be_mended() -> None:
    intake = imported("accounts", "Company,Employees\n=1+1,many\n")
    text = b"".join(results.refused_csv(intake)).decode("utf-8-sig")
    assert text == "Company,Employees,Line,Why it was refused\r\n'=1+1,many,2,employees: “many” is no number.\r\n"
    mended = imported("accounts", text.replace("many,2", "5,2"))
    assert (counts(mended), Account.objects.get().name, Account.objects.get().custom) == ((1, 0, 0, 0), "=1+1", {})


def test_ambiguous_dates_are_asked_before_anything_else() -> None:
    intake = uploaded("opportunities", "Name,Close Date\nA,03/04/2024\n")
    with pytest.raises(Refused, match="close_date may be read two ways"):
        actions.check(intake)
    plan = Plan.from_json(intake.mapping)
    plan.orders["close_date"] = "dmy"
    actions.set_mapping(intake, plan)
    written(intake)
    assert str(Opportunity.objects.get().close_date) == "2024-04-03"


def test_an_order_taken_from_another_column_is_told() -> None:
    intake = uploaded("opportunities", "Name,Close Date,Created\nA,03/04/2024,25/12/2023\n")
    assert intake.mapping["notes"] == ["close_date: read with the day first, as the file's other dates are."]


def test_columns_without_a_home_become_custom_fields() -> None:
    imported("accounts", "Company,Founded,Fax\nNordbank,1901,\n")
    assert Account.objects.get().custom == {"Founded": "1901"}


def test_rows_that_mean_the_same_record_are_read_as_one() -> None:
    intake = imported("accounts", "Company,Website,Employees\nAcme,a.example,1\nACME,,2\nBeta,,\nacme,b.example,\n")
    assert counts(intake) == (2, 0, 2, 0)
    account = Account.objects.get(key="acme")
    assert (account.name, account.domain, account.employees) == ("acme", "b.example", 2)
    assert any("the same record as line 2, 3" in sentence for sentence in results.warnings(intake))
    assert counts(imported("accounts", "Company,Website,Employees\nAcme,a.example,1\nACME,,2\nBeta,,\nacme,b.example,\n"))[:2] == (0, 0)


REPEATED = "Id,Company,Employees,Website,Fax,Telex\nC-1,Acme,5,,1,7\nC-1,Acme,,a.example,2,\nB-1,Beta,1,,,\nC-1,Acme,many,,3,\n"


def test_a_refused_row_does_not_take_earlier_ones_of_its_record_with_it() -> None:
    intake = imported("accounts", REPEATED)
    assert counts(intake) == (2, 0, 1, 1)
    assert refusals(intake) == [(5, "employees: “many” is no number.")]
    account = Account.objects.get(external_id="C-1")
    assert (account.employees, account.domain, account.custom) == (5, "a.example", {"Fax": "2", "Telex": "7"})
    assert counts(imported("accounts", REPEATED)) == (0, 0, 3, 1)


def test_a_record_that_ends_deleted_is_not_written_by_an_earlier_row() -> None:
    intake = imported("accounts", "Id,Company,IsDeleted\nC-1,Acme,no\nC-1,Acme,yes\n")
    assert (counts(intake), Account.objects.count()) == ((0, 0, 0, 2), 0)
    assert [line for line, _ in refusals(intake)] == [2, 3]


def test_what_a_refused_row_says_is_not_taken_into_a_later_one() -> None:
    intake = imported("accounts", "Id,Company,Website,IsDeleted\nC-1,Acme,old.example,yes\nC-1,Acme,,no\n")
    assert (counts(intake), Account.objects.get().domain) == ((1, 0, 0, 1), "")


def test_custom_cells_of_rows_read_as_one_are_merged() -> None:
    intake = imported("accounts", "Id,Company,Fax,Telex\nC-1,Acme,1,7\nC-1,Acme,2,\n")
    assert Account.objects.get().custom == {"Fax": "2", "Telex": "7"}
    assert results.warnings(intake) == ["Line 3: the same record as line 2; they were read as one. Line 3 wins over Fax 1."]


@pytest.mark.parametrize(("short", "long"), [("0065g00000AbCdE", "0065g00000AbCdEAAV"), ("a0X5g00000AbCdE", "a0X5g00000AbCdEEAV")])
def test_an_id_written_in_two_ways_is_one_deal(short: str, long: str) -> None:
    text = f"Id,Opportunity Name,Amount\n{short},Atlas,5\n{long},Atlas two,EUR 6\n"
    intake = imported("opportunities", text)
    assert counts(intake) == (1, 0, 1, 0)
    assert list(Opportunity.objects.values_list("external_id", "name")) == [(long, "Atlas two")]
    said = "Line 3: the same record as line 2; they were read as one. Line 3 wins over name Atlas; amount 5."
    assert results.warnings(intake) == [said]
    assert counts(imported("opportunities", text))[:2] == (0, 0)


def test_the_parent_of_rows_read_as_one_is_the_last_one() -> None:
    text = "Id,Name,ParentId\nA,Able,B\nA,Able,C\nB,Baker,\nC,Charlie,\nD,Delta,C\nD,Delta,\n"
    assert counts(imported("accounts", text)) == (4, 0, 2, 0)
    assert dict(Account.objects.values_list("name", "parent__name")) == {
        "Able": "Charlie", "Baker": None, "Charlie": None, "Delta": "Charlie",
    }  # fmt: skip
    assert counts(imported("accounts", text)) == (0, 0, 6, 0)


def test_a_parent_may_stand_below_its_child() -> None:
    text = "Id,Name,ParentId\nA-1,Child,A-2\nA-2,Parent,\nA-3,Orphan,A-9\n"
    assert counts(imported("accounts", text)) == (3, 0, 0, 0)
    child = Account.objects.get(external_id="A-1")
    assert child.parent is not None
    assert (child.parent.name, child.family_id) == ("Parent", child.parent_id)
    assert counts(imported("accounts", text)) == (0, 0, 3, 0)


def test_a_chain_of_parents_in_one_file_is_one_family() -> None:
    text = "Id,Name,ParentId\nA,Able,B\nB,Baker,C\nC,Charlie,\n"
    assert counts(imported("accounts", text)) == (3, 0, 0, 0)
    assert set(Account.objects.values_list("family__name", flat=True)) == {"Charlie"}
    assert counts(imported("accounts", text)) == (0, 0, 3, 0)


def test_a_file_that_links_accounts_of_before_counts_each_once() -> None:
    imported("accounts", "Id,Name\nA,Able\nB,Baker\nC,Charlie\nD,Delta\n")
    assert counts(imported("accounts", "Id,Name,ParentId\nC,Charlie,D\nA,Able,B\nB,Baker,C\nD,Delta,\n")) == (0, 3, 1, 0)
    assert set(Account.objects.values_list("family__name", flat=True)) == {"Delta"}


def test_a_circle_of_parents_is_told_and_left_open() -> None:
    text = "Id,Name,ParentId\nA,Able,B\nB,Baker,A\n"
    intake = imported("accounts", text)
    assert (counts(intake), results.warnings(intake)) == ((2, 0, 0, 0), ["Line 3: B cannot be under itself. It has no new parent."])
    assert list(Account.objects.order_by("name").values_list("parent__name", "family__name")) == [("Baker", "Baker"), (None, "Baker")]
    again = imported("accounts", text.replace("Baker", "Baker Inc"))
    assert (counts(again), results.warnings(again)) == ((0, 0, 1, 1), [])
    assert refusals(again) == [(3, "Baker Inc cannot be under itself.")]


def test_a_colleague_is_a_name_first() -> None:
    text = "sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\nMoses Frase,Dustin Brinkmann,Central\n"
    assert counts(imported("colleagues", text)) == (2, 0, 0, 0)
    anna = Colleague.objects.get(name="Anna Snelling")
    assert (anna.email, anna.role, anna.office, anna.has_usable_password()) == (None, "member", "Central", False)
    assert Team.objects.get().name == "Team Dustin Brinkmann"
    assert counts(imported("colleagues", text)) == (0, 0, 2, 0)


@pytest.mark.parametrize("text", ["Email,Team\nana@firsthand.example,Nordics\n", "Email,Last name\nana@firsthand.example,Silva\n"])
def test_a_colleague_keeps_the_name_a_file_does_not_give_in_full(text: str) -> None:
    Colleague.objects.create(name="Ana Silva", email="ana@firsthand.example")
    imported("colleagues", text)
    assert Colleague.objects.get().name == "Ana Silva"
    imported("colleagues", text.replace("ana@", "bo@"))
    assert Colleague.objects.latest("id").name in {"bo@firsthand.example", "Silva"}


def test_an_import_never_hands_a_sign_in_to_another_mailbox() -> None:
    Colleague.objects.create(name="Mia", email="mia@firsthand.example", external_id="U1", role="admin")
    imported("colleagues", "Id,Name,Email\nU1,Mia,thief@evil.example\n")
    assert Colleague.objects.get().email == "mia@firsthand.example"


def test_products_stand_under_their_series(vocabulary: None) -> None:
    assert counts(imported("products", "product,series\nGTX Pro,GTX\nMG Special,MG\n")) == (2, 0, 0, 0)
    pro = FacetValue.objects.get(name="GTX Pro")
    assert pro.parent is not None
    assert (pro.parent.name, pro.path) == ("GTX", f"/{pro.parent_id}/{pro.pk}/")
    assert counts(imported("products", "product,series\nGTX Pro,GTX\nMG Special,MG\n")) == (0, 0, 2, 0)


def test_an_open_deal_needs_neither_account_nor_value_nor_date(vocabulary: None) -> None:
    imported("products", "product\nGTX Pro\n")
    imported("colleagues", "name\nMoses Frase\n")
    imported("accounts", "Company\nCancity\n")
    text = (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "1,Moses Frase,GTX Pro,Cancity,Won,2016-10-20,2017-03-01,1054\n2,Nobody,GTXPro,Elsewhere,Engaging,,,\n3,,,,Prospecting,,,\n"
    )
    intake = imported("opportunities", text)
    assert counts(intake) == (3, 0, 0, 0)
    won, elsewhere, blank = Opportunity.objects.order_by("external_id")
    assert (won.account.name if won.account else "", won.owner.name if won.owner else "", won.outcome) == ("Cancity", "Moses Frase", "won")
    assert (won.amount, won.currency, won.amount_base) == (Decimal(1054), "EUR", Decimal(1054))
    assert (elsewhere.account, elsewhere.prospect_name, elsewhere.owner, elsewhere.outcome) == (None, "Elsewhere", None, "open")
    assert (blank.account, blank.amount, blank.close_date) == (None, None, None)
    assert list(Stage.objects.values_list("name", flat=True)) == ["Prospecting", "Engaging", "Won"]
    assert counts(imported("opportunities", text)) == (0, 0, 3, 0)


def test_a_moved_deal_keeps_its_stage_history() -> None:
    imported("opportunities", "Id,Name,Stage\nD-1,Line 3,Proposal\n")
    imported("opportunities", "Id,Name,Stage\nD-1,Line 3,Closed Won\n")
    assert StageChange.objects.get().stage.outcome == "won"
    text = "OpportunityId,StageName,CreatedDate,Amount\nD-1,Prospecting,2026-01-05,10\nD-9,Prospecting,2026-01-05,10\n"
    intake = imported("stage_history", text)
    assert counts(intake) == (1, 0, 0, 1)
    assert refusals(intake) == [(3, "No deal has the id D-9. Import opportunities first.")]
    assert counts(imported("stage_history", text)) == (0, 0, 1, 1)


def test_a_header_without_rows_changes_nothing() -> None:
    intake = imported("accounts", "Company,Country\n")
    assert counts(intake) == (0, 0, 0, 0)
    assert results.as_json(intake, dry_run=False)["notes"] == ["The file has a header and no rows. There is nothing to import."]


def test_a_row_the_database_refuses_does_not_take_others_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = WRITERS["accounts"]

    def writer(rows: list[dict[str, object]], context: object) -> object:
        if any(row["name"] == "Bad" for row in rows):
            raise ValueError
        return real(rows, context)  # type: ignore[arg-type]

    monkeypatch.setitem(WRITERS, "accounts", writer)
    intake = imported("accounts", "Company\nA\nB\nBad\nC\nD\n")
    assert counts(intake) == (4, 0, 0, 1)
    assert refusals(intake)[0][0] == 4


def test_a_killed_import_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 2)
    monkeypatch.setattr(jobs, "STEP_SECONDS", 0.0)
    intake = uploaded("accounts", "Company\n" + "".join(f"Company {n}\n" for n in range(7)))
    job = actions.confirm(intake, by=None, background=False)
    real, kills = pipeline.keep, [3, 5]

    def killed(job: Job, *rest: object) -> None:
        real(job, *rest)  # type: ignore[arg-type]
        if kills and job.done >= kills[0]:
            kills.pop(0)
            raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "keep", killed)
    for _ in range(30):
        try:
            if jobs.run(job.pk, actions.STEPS, background=False) == jobs.Next.DONE:
                break
        except KeyboardInterrupt:
            continue
    intake.refresh_from_db()
    job.refresh_from_db()
    assert (kills, job.state, counts(intake)) == ([], "done", (7, 0, 0, 0))
    assert Account.objects.count() == 7


def test_one_import_commits_at_a_time() -> None:
    first = actions.confirm(uploaded("accounts", "Company\nA\n"), by=None, background=False)
    Job.objects.filter(pk=first.pk).update(state="running")
    second = actions.confirm(uploaded("accounts", "Company\nB\n"), by=None, background=False)
    assert jobs.run(second.pk, actions.STEPS, background=False) == jobs.Next.LATER
    Job.objects.filter(pk=first.pk).update(state="done")
    actions.run_here(second)
    assert Account.objects.get().name == "B"


def test_no_file_stays_behind_an_import_that_ended(tmp_path: Path) -> None:
    imported("accounts", "Company\nA\n")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_second_confirm_is_refused() -> None:
    intake = uploaded("accounts", "Company\nA\n")
    actions.confirm(intake, by=None, background=False)
    with pytest.raises(Refused, match="confirmed already"):
        actions.confirm(intake, by=None, background=False)


def test_a_saved_mapping_serves_the_next_file() -> None:
    intake = uploaded("accounts", "Firma,Land\nNordbank,Sweden\n")
    actions.set_mapping(intake, Plan(columns={"name": 1, "country": 2}))
    saved = actions.save_mapping(intake, name="ERP")
    other = uploaded("accounts", "Land,Extra,Firma\nSweden,x,Nordbank\n")
    actions.use_saved(other, saved)
    assert Import.objects.get(pk=other.pk).mapping["columns"] == {"name": 3, "country": 1}


def test_the_mark_a_person_chose_is_kept() -> None:
    intake = uploaded("accounts", "Company;Employees\nNordbank;1,200\n")
    plan = Plan.from_json(intake.mapping)
    assert plan.commas == ["employees"]
    plan.commas, plan.points = [], ["employees"]
    actions.set_mapping(intake, plan)
    written(intake)
    assert Account.objects.get().employees == 1200


def test_a_number_with_the_other_mark_is_refused() -> None:
    intake = imported("accounts", "Company;Annual Revenue\nA;1200.50\nB;99.90\nC;12,5\n")
    assert counts(intake) == (2, 0, 0, 1)
    assert refusals(intake) == [(4, "annual_revenue: “12,5” has a decimal comma, but the column is read with a decimal point.")]


def test_a_saved_mapping_does_not_overrule_what_the_file_proves() -> None:
    text = "Company;Annual Revenue;Renewal Date\nNordbank;{};{}\n"
    intake = uploaded("accounts", text.format("1.234,50", "25/12/2026"))
    saved = actions.save_mapping(intake, name="ERP")
    assert (saved.mapping["commas"], saved.mapping["orders"]) == (["annual_revenue"], {"renewal_date": "dmy"})
    other = uploaded("accounts", text.format("1234.50", "12/25/2026"))
    actions.use_saved(other, saved)
    written(other)
    account = Account.objects.get()
    assert (account.annual_revenue, str(account.renewal_date)) == (Decimal("1234.50"), "2026-12-25")
    open_to_both = uploaded("accounts", text.format("1.234", "03/04/2026"))
    actions.use_saved(open_to_both, saved)
    assert (open_to_both.mapping["commas"], open_to_both.mapping["orders"]) == (["annual_revenue"], {"renewal_date": "dmy"})


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (Plan(columns={"name": 1, "domain": 1}), "Two of our columns cannot take the same column of the file."),
        (Plan(columns={"name": 9}), "The mapping names a column that the file does not have."),
        (Plan(columns={"nonsense": 1}), "Accounts have no column nonsense."),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(plan: Plan, sentence: str) -> None:
    intake = uploaded("accounts", "Company,Country\nA,B\n")
    with pytest.raises(Refused) as refused:
        actions.set_mapping(intake, plan)
    assert refused.value.sentence == sentence


def test_the_result_is_plain_data(vocabulary: None) -> None:
    told = json.loads(json.dumps(results.as_json(imported("accounts", ACCOUNTS), dry_run=False)))
    assert {name: told[name] for name in ("kind", "rows", "new", "changed", "unchanged", "refused", "refusals")} == {
        "kind": "accounts", "rows": 2, "new": 2, "changed": 0, "unchanged": 0, "refused": 0, "refusals": [],
    }  # fmt: skip


def test_a_row_passed_over_is_read_again_once_its_record_was_touched() -> None:
    text = "Company,Employees\nNordbank,5\nAcme,6\n"
    imported("accounts", text)
    assert counts(imported("accounts", text)) == (0, 0, 2, 0)
    Account.objects.filter(key="acme").update(employees=7, revision=2)
    assert counts(imported("accounts", text)) == (0, 1, 1, 0)
    assert Account.objects.get(key="acme").employees == 6
    Account.objects.get(key="nordbank").delete()
    assert counts(imported("accounts", text)) == (1, 0, 1, 0)


def test_a_row_passed_over_is_read_again_once_more_is_known(vocabulary: None) -> None:
    text = "Company,Sector,Owner\nAcme,Geldhaus,Ana\nBeta,Banking,Nobody\n"
    Colleague.objects.create(name="Ana")
    imported("accounts", text)
    assert counts(imported("accounts", text)) == (0, 0, 2, 0)
    Colleague.objects.create(name="Nobody")
    banking = FacetValue.objects.get(key="banking")
    FacetAlias.objects.create(facet=banking.facet, value=banking, text="Geldhaus", key="geldhaus")
    assert counts(imported("accounts", text)) == (0, 2, 0, 0)
    mapped = uploaded("accounts", text)
    plan = Plan.from_json(mapped.mapping)
    plan.columns["domain"] = plan.columns.pop("owner")
    actions.set_mapping(mapped, plan)
    assert counts(written(mapped)) == (0, 2, 0, 0)

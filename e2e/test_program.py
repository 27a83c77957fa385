"""What a manager keeps in order: the policy, the facets, and records that are there twice."""

from playwright.sync_api import expect

from e2e.browser import check, shoot
from e2e.conftest import Open
from e2e.server import Server
from firsthand.customers.models import Account, Contact, Person
from firsthand.program.models import FacetAlias, FacetValue, PolicyVersion


def test_a_policy_is_changed_with_a_reason(demo: Server, open_page: Open) -> None:
    mia = open_page(demo, "mia", may_refuse=True)
    mia.goto("/policy/")
    shoot(mia, "policy", height=900)
    mia.get_by_role("link", name="Change policy").click()
    days = mia.get_by_label("Least gap")
    before = int(days.input_value())
    days.fill(str(before + 5))
    with demo.database() as alias:
        versions = PolicyVersion.objects.using(alias).count()
    mia.get_by_role("button", name="Save new version").click()
    expect(mia.get_by_role("main")).to_contain_text("Why this changes")
    with demo.database() as alias:
        assert PolicyVersion.objects.using(alias).count() == versions  # a change says why
    check(mia)
    mia.get_by_label("Why this changes").fill("Three customers told us that they were asked too often.")
    mia.get_by_role("button", name="Save new version").click()
    expect(mia.get_by_role("main")).to_contain_text(f"{before + 5} days")
    with demo.database() as alias:
        newest = PolicyVersion.objects.using(alias).latest("pk")
        assert PolicyVersion.objects.using(alias).count() == versions + 1
        assert (newest.author.name if newest.author else "", newest.reason) == (
            "Mia Lindgren",
            "Three customers told us that they were asked too often.",
        )
    mia.goto("/policy/versions/")
    expect(mia.get_by_role("main")).to_contain_text("asked too often")
    check(mia)


def test_a_facet_value_is_merged_after_a_preview(demo: Server, open_page: Open) -> None:
    with demo.database() as alias:
        values = FacetValue.objects.using(alias).filter(facet__code="rival", retired_at=None).order_by("pk")
        gone, kept = values[0], values[1]
    mia = open_page(demo, "mia")
    mia.goto(f"/facets/values/{gone.pk}/merge/")
    mia.get_by_role("main").get_by_role("combobox").select_option(label=kept.name)
    mia.get_by_role("button", name="Show what changes").click()
    expect(mia.get_by_role("heading", level=1)).to_have_text(f"{gone.name} becomes {kept.name}")
    check(mia)
    shoot(mia, "facet-merge", height=600)
    mia.get_by_role("button", name="Merge values").click()
    mia.wait_for_url(lambda url: "/merge/" not in url)
    with demo.database() as alias:
        assert not FacetValue.objects.using(alias).filter(pk=gone.pk, retired_at=None).exists()
        assert FacetAlias.objects.using(alias).filter(text=gone.name, value=kept.pk).exists()


def test_a_person_is_merged_and_the_merge_taken_back(demo: Server, open_page: Open) -> None:
    with demo.database() as alias:
        contacts = Contact.objects.using(alias).filter(reference=None).order_by("pk")
        first = contacts.select_related("person").first()
        assert first
        other = Account.objects.using(alias).exclude(pk=first.account_id).order_by("pk").first()
        assert other
        twin = Person.objects.using(alias).create(first_name=first.person.first_name, last_name=first.person.last_name)
        job = Contact.objects.using(alias).create(person=twin, account=other, title="Adviser")
    mia = open_page(demo, "mia")
    mia.goto("/duplicates/")
    check(mia)
    mia.goto(f"/persons/{twin.pk}/merge/?into={first.person_id}")
    expect(mia.get_by_role("heading", level=1)).to_have_text(f"Merge two entries of {first.person.name}")
    check(mia)
    mia.get_by_role("button", name="Merge entries").click()
    undo = mia.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    with demo.database() as alias:
        assert Contact.objects.using(alias).get(pk=job.pk).person_id == first.person_id
    undo.click()
    expect(mia.get_by_text("The merge was taken back.")).to_be_visible()
    with demo.database() as alias:
        assert Contact.objects.using(alias).get(pk=job.pk).person_id == twin.pk

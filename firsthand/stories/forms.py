"""What people type about stories. Whether it may be done is the deeds' matter."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model, QuerySet

from firsthand.core.refused import Refused
from firsthand.customers.forms import account_by_name
from firsthand.customers.models import Account, Contact
from firsthand.people.models import Colleague
from firsthand.program.models import Facet, FacetValue
from firsthand.references.models import Disclosure
from firsthand.stories.addresses import LONGEST, WHAT_FITS, read_address
from firsthand.stories.models import Asset, Story

LONGEST_TEXT = 20_000
if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[Contact]
else:
    ModelChoiceField = forms.ModelChoiceField


def shown(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """A row's columns as a form shows them first."""
    return {name: getattr(row, name) for name in names}


def keep(field: forms.Field, also: "QuerySet[Any]") -> None:
    """Offer what was chosen before, even when nobody could choose it now: saving must not take it away."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        field.queryset = field.queryset | also


def chosen(initial: Mapping[str, Any], name: str) -> list[int]:
    row = initial.get(name)
    return [row.pk] if row else []


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def text_field(label: str, hint: str, rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_TEXT, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


class StoryForm(forms.Form):
    """The story itself. `form_key` makes sending it twice add it once; `revision` says over which state it is written."""

    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    headline = forms.CharField(
        label="Headline", max_length=300, help_text="What changed for the customer, in one line.", widget=forms.Textarea(attrs={"rows": 2})
    )
    challenge = text_field("Challenge", "What was wrong before.")
    solution = text_field("Solution", "What they did, and what broke on the way.")
    impact = text_field("Impact", "What is different now.")
    owner = forms.ModelChoiceField(
        label="Owner", queryset=Colleague.objects.active().order_by("name"), required=False, empty_label="The account’s owner",
        help_text="Whom colleagues ask about it.",
    )  # fmt: skip
    happened_on = forms.DateField(label="Happened on", required=False, widget=day_input())
    review_by = forms.DateField(label="Review by", required=False, widget=day_input(), help_text="From then on it is checked before use.")
    disclosure = forms.ChoiceField(
        label="Disclosure",
        required=False,
        choices=[("", "As the customer’s"), *Disclosure.choices],
        help_text="Only narrower than the customer’s.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep(self.fields["owner"], Colleague.objects.filter(pk__in=chosen(self.initial, "owner")))

    def clean_headline(self) -> str:
        """One line, however it was pasted."""
        return " ".join(str(self.cleaned_data["headline"]).split())


class EditStoryForm(StoryForm):
    """A story that is there, whose customer may have been the wrong one. The customer is typed by name, since there may be very many."""

    account = forms.CharField(label="Customer", max_length=200, help_text="Whose story it is, by the account’s name.")

    def __init__(self, *args: Any, story: Story, user: Colleague, **kwargs: Any) -> None:
        self.story, self.user = story, user
        super().__init__(*args, **kwargs)
        self.initial["account"] = story.account.name

    def clean_account(self) -> Account | None:
        return account_by_name(self.cleaned_data["account"], self.user, kept=self.story.account)


class MetricForm(forms.Form):
    """A figure and what it measures."""

    words = forms.CharField(
        label="Figure", max_length=200, help_text="As the customer says it, such as “4 days” or “from hours to minutes”."
    )
    label = forms.CharField(label="What it measures", max_length=120, help_text="Such as “to close a month”.")


class ContactField(ModelChoiceField):
    """A customer's people by name and title."""

    def label_from_instance(self, contact: Contact) -> str:
        return f"{contact.person.name}, {contact.title}" if contact.title else contact.person.name


class TellerForm(forms.Form):
    """Who tells it, out of the customer's people, and their words."""

    contact = ContactField(label="Who tells it", queryset=Contact.objects.none(), required=False, empty_label="Somebody we do not name")
    quote = forms.CharField(
        label="Quote",
        required=False,
        max_length=LONGEST_TEXT,
        help_text="Their own words, as they said them. Nothing of ours stands here.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, story: Story, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.filter(account=story.account_id).select_related("person")
        field = self.fields["contact"]
        if isinstance(field, ContactField):
            field.queryset = people.order_by("person__last_name", "person__first_name", "pk")


class ValueForm(forms.Form):
    """A facet value as somebody calls it: by its name or by an alias."""

    text = forms.CharField(label="Value", max_length=120, help_text="Such as Retail, GTX Pro or UK: other spellings are understood.")
    facet = forms.ModelChoiceField(
        label="Facet",
        queryset=Facet.objects.filter(retired_at=None),
        to_field_name="code",
        required=False,
        empty_label="Any",
    )


class AssetForm(forms.Form):
    """Where a form of the story can be found, and how far it may go."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    form = forms.ChoiceField(label="Form", choices=Asset.Form.choices, initial=Asset.Form.CASE_STUDY)
    title = forms.CharField(label="Title", required=False, max_length=200, help_text="Empty: the form’s name.")
    url = forms.CharField(
        label="Address",
        help_text="It begins with https://.",
        error_messages={"required": WHAT_FITS},
        widget=forms.URLInput(attrs={"maxlength": LONGEST, "inputmode": "url", "placeholder": "https://"}),
    )
    language = forms.ModelChoiceField(
        label="Language", queryset=FacetValue.objects.in_use().filter(facet__code="language").order_by("name"), required=False,
        empty_label="Not said",
    )  # fmt: skip
    reach = forms.ChoiceField(label="How far it may go", choices=Asset.Reach.choices, initial=Asset.Reach.INTERNAL)
    review_by = forms.DateField(
        label="Review by", required=False, widget=day_input(), help_text="From then on it is checked before it is sent."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep(self.fields["language"], FacetValue.objects.filter(pk__in=chosen(self.initial, "language")))

    def clean_url(self) -> str:
        try:
            return read_address(str(self.cleaned_data["url"]))
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal

"""A form's field as a page shows it: label, control, help and error tied together."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Widget,
)
from django.forms.forms import BaseForm
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Field:
    """What `_field.html` needs. `shape` is `control`, `check`, `group` or `hidden`."""

    bound: BoundField
    label: str
    hint: str
    shape: str
    control: SafeString
    is_label_hidden: bool

    @property
    def id(self) -> str:
        return self.bound.auto_id or self.bound.html_name

    @property
    def first_error(self) -> str:
        return " ".join(str(error) for error in self.bound.errors)

    @property
    def described_by(self) -> str:
        return _described_by(self.id, self.hint, has_errors=bool(self.bound.errors))


@dataclass(frozen=True)
class Complaint:
    """A line of a form's error summary; `target` is the id of the control, empty for the whole form."""

    target: str
    sentence: str


def field(
    bound: BoundField, *, label: str = "", hint: str = "", hide_label: bool = False, is_boxed: bool = True, attrs: Mapping[str, str | bool]
) -> Field:
    """`attrs` go onto the control; an underscore in a name is written as a hyphen (`hx_get`).

    The options of a group are drawn as boxes unless something else shows them (a segmented switch, cards).
    """
    widget = bound.field.widget
    hint = hint or str(bound.help_text)
    given: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attrs.items()}
    if described := _described_by(bound.auto_id, hint, has_errors=bool(bound.errors)):
        given["aria-describedby"] = described
    given["class"] = _classes(widget, is_invalid=bool(bound.errors), extra=str(given.get("class", "")))
    shape = _shape(widget)
    if shape == "group":
        # The sub-widgets take their attributes from the widget, which belongs to this form alone.
        widget.attrs |= {"class": "form-check-input"} if is_boxed else {}
    return Field(
        bound, label or str(bound.label), hint, shape, bound.as_widget(attrs=given) if shape != "group" else SafeString(""), hide_label
    )


def complaints(form: BaseForm) -> list[Complaint]:
    """Every error of the form, its own first, then the fields' in their order."""
    own = [Complaint("", str(error)) for error in form.non_field_errors()]
    hidden = [Complaint("", _said(bound, error)) for bound in form.hidden_fields() for error in bound.errors]
    shown = [Complaint(_first_control(bound), _said(bound, error)) for bound in form.visible_fields() for error in bound.errors]
    return own + hidden + shown


def _said(bound: BoundField, error: object) -> str:
    return f"{str(bound.label).rstrip('?:')}: {error}"


def _first_control(bound: BoundField) -> str:
    return f"{bound.auto_id}_0" if _shape(bound.field.widget) == "group" else bound.auto_id


def _shape(widget: Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    return "check" if isinstance(widget, CheckboxInput) else "control"


def _classes(widget: Widget, *, is_invalid: bool, extra: str) -> str:
    if isinstance(widget, CheckboxInput):
        plain = "form-check-input"
    elif isinstance(widget, Select):
        plain = "form-select"
    else:
        plain = "form-control"
    own = str(widget.attrs.get("class", ""))
    return " ".join(part for part in (plain, own, extra, "is-invalid" if is_invalid else "") if part)


def _described_by(id_: str, hint: str, *, has_errors: bool) -> str:
    return " ".join(f"{id_}_{part}" for part, is_there in (("helptext", hint), ("error", has_errors)) if is_there and id_)

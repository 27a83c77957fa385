"""The policy as a form: one field per rule, made from the typed record, so that both always ask for the same."""

from dataclasses import dataclass
from typing import Any, get_origin

from django import forms
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from firsthand.people.forms import time_zone_choices
from firsthand.program.actions.policy import LONGEST_REASON
from firsthand.program.forms import currency
from firsthand.program.models import ActivityType
from firsthand.program.policy import ActivityRules, Policy, odd
from firsthand.program.policy_words import SECTIONS, Rule, Section, activity_rules, all_rules, value_of


@dataclass(frozen=True)
class Part:
    """A section with its fields, as the page shows them."""

    section: Section
    fields: list[forms.BoundField]


@dataclass(frozen=True)
class Line:
    """An activity type with its two fields."""

    activity_type: ActivityType
    approval: forms.BoundField
    routing: forms.BoundField


class PolicyForm(forms.Form):
    """Every rule of the policy, the version it was read from (`over`) and the reason of the change."""

    over = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why this changes", max_length=LONGEST_REASON, help_text="Shown beside the version for as long as it is kept."
    )

    def __init__(self, *args: Any, policy: Policy, over: int, activity_types: list[ActivityType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        self.activity_types = activity_types
        self.initial["over"] = over
        for rule in all_rules(activity_types):
            self.fields[rule.name] = _field(rule)
            self.initial[rule.name] = _as_typed(value_of(policy, rule.path))

    def write_over(self, version_id: int) -> None:
        """Start from that version from now on, with everything typed kept: what was refused may be saved again."""
        self.data = {name: self.data.get(name) for name in self.data} | {"over": str(version_id)}

    @property
    def parts(self) -> list[Part]:
        return [Part(section, [self[rule.name] for rule in section.rules]) for section in SECTIONS]

    @property
    def lines(self) -> list[Line]:
        return [Line(kind, self[approval.name], self[routing.name]) for kind, approval, routing in activity_rules(self.activity_types)]

    def clean_base_currency(self) -> str:
        return currency(str(self.cleaned_data["base_currency"]))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors:
            given["policy"] = self._policy(given)
            self._refuse_odd(given["policy"])
        return given

    def _refuse_odd(self, policy: Policy | None) -> None:
        """What no single field can tell."""
        for path, sentence in odd(policy) if policy else ():
            name = path.replace(".", "__")
            self.add_error(name if name in self.fields else None, sentence)

    def _policy(self, given: dict[str, Any]) -> Policy | None:
        rules: dict[str, Any] = self.policy.model_dump(mode="json")
        for rule in all_rules(self.activity_types):
            if given[rule.name] != value_of(self.policy, rule.path):
                _put(rules, rule.path, given[rule.name])
        try:
            return Policy.model_validate(rules)
        except ValidationError as error:  # a rule of the record that no field states
            self.add_error(None, "; ".join(f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors()))
            return None


def _field(rule: Rule) -> forms.Field:
    """The form field of a rule, with the bounds that the record gives it."""
    if rule.path == "time_zone":
        return forms.ChoiceField(label=rule.label, help_text=rule.hint, choices=time_zone_choices)
    if rule.choices:
        return forms.ChoiceField(label=rule.label, help_text=rule.hint, choices=rule.choices)
    info = _info(rule.path)
    if info.annotation is str:
        required = info.default != ""
        return forms.CharField(label=rule.label, help_text=rule.hint, required=required, max_length=120)
    if get_origin(info.annotation) is list:
        return ListField(label=rule.label, help_text=rule.hint, required=False, max_length=400)
    return _number(rule, info)


def _number(rule: Rule, info: FieldInfo) -> forms.Field:
    least, most = (_bound(info, name) for name in ("ge", "le"))
    whole = info.annotation is int
    kind = "a whole number" if whole else "a number"
    unit = f" of {rule.unit}s" if rule.unit else ""
    span = f" from {least} to {most}" if most is not None else f" from {least} up"
    sentence = f"Write {kind}{unit}{span}."
    errors = dict.fromkeys(("required", "invalid", "min_value", "max_value", "max_decimal_places", "max_digits"), sentence)
    is_time = rule.unit.endswith(("day", "month"))
    hint = " ".join(part for part in (rule.hint, f"In {rule.unit}s." if is_time else "") if part)
    field: type[forms.IntegerField] = forms.IntegerField if whole else forms.FloatField
    return field(label=rule.label, help_text=hint, min_value=least, max_value=most, error_messages=errors)


class ListField(forms.CharField):
    """Words separated by commas."""

    def clean(self, value: Any) -> Any:
        return [part for part in (piece.strip() for piece in str(super().clean(value)).split(",")) if part]


def _info(path: str) -> FieldInfo:
    """The record's own description of a rule."""
    model: type[BaseModel] = Policy
    *parents, last = path.split(".")
    for name in parents:
        annotation = model.model_fields[name].annotation
        model = annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else ActivityRules
    return model.model_fields[last]


def _bound(info: FieldInfo, name: str) -> int | None:
    found = next((getattr(part, name) for part in info.metadata if hasattr(part, name)), None)
    return None if found is None else int(found)


def _as_typed(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _put(rules: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for name in parents:
        rules = rules.setdefault(name, {})
    rules[last] = value

"""The forms of an import: the file, what its columns mean, what its unknown values mean."""

from typing import Any

from django import forms

from firsthand.intake.casting import Plan
from firsthand.intake.cells import Evidence
from firsthand.intake.detect import DELIMITERS
from firsthand.intake.kinds import KINDS, Kind, Type
from firsthand.intake.models import Import, SavedMapping
from firsthand.intake.reader import Heading
from firsthand.intake.staging import Staged

ORDERS = (("", "Not a date, or asked later"), ("dmy", "Day first: 3/4 is 3 April"), ("mdy", "Month first: 3/4 is 4 March"))
MARKS = (("", "As the file shows"), (".", "1,200.50"), (",", "1.200,50"))
SCALES = (("1", "As written"), ("1000", "In thousands"), ("1000000", "In millions"))
ENCODINGS = (("utf-8", "UTF-8"), ("cp1252", "Windows-1252 (Western Europe)"), ("cp1250", "Windows-1250 (Central Europe)"),
             ("iso-8859-1", "ISO-8859-1"), ("mac-roman", "Mac Roman"), ("shift_jis", "Shift JIS"), ("gb18030", "GB 18030"),
             ("utf-16", "UTF-16"))  # fmt: skip
DELIMITER_NAMES = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"}
CUSTOM, OUT = "custom", ""


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label="What is in the file", choices=[(kind.name, kind.label) for kind in KINDS.values()])
    file = forms.FileField(label="CSV or Excel file", widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}))


class ReadingForm(forms.Form):
    """How the file is read, where the detection got it wrong."""

    encoding = forms.ChoiceField(label="Characters", choices=ENCODINGS, required=False)
    delimiter = forms.ChoiceField(label="Between cells", choices=[(mark, DELIMITER_NAMES[mark]) for mark in DELIMITERS], required=False)
    header_line = forms.IntegerField(label="Line of the header", min_value=1, max_value=1000, required=False)


class SaveMappingForm(forms.Form):
    name = forms.CharField(label="Name of the mapping", max_length=80)


class UseMappingForm(forms.Form):
    saved = forms.ModelChoiceField(SavedMapping.objects.none(), label="Saved mapping")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["saved"] = forms.ModelChoiceField(SavedMapping.objects.filter(kind=kind).order_by("name"), label="Saved mapping")
        self.fields["saved"].label_from_instance = lambda saved: saved.name  # type: ignore[attr-defined]


class MappingForm(forms.Form):
    """One row for each column of the file: what it is, and how it is written where that is open."""

    def __init__(self, intake: Import, data: Any = None) -> None:
        super().__init__(data)
        self.intake = intake
        self.kind, self.staged = KINDS[intake.kind], Staged.from_json(intake.detected)
        self.plan = Plan.from_json(intake.mapping)
        ours = {position: name for name, position in self.plan.columns.items()}
        for heading in self.staged.headings:
            self.add(heading, self.staged.evidence[heading.position], ours.get(heading.position, ""))

    def add(self, heading: Heading, evidence: Evidence, ours: str) -> None:
        at = heading.position
        chosen = ours or (CUSTOM if at in self.plan.custom else OUT)
        self.fields[f"c{at}"] = forms.ChoiceField(label=heading.label, choices=self.choices(self.kind), initial=chosen, required=False)
        if evidence.either or evidence.day_first or evidence.month_first:
            order = self.plan.orders.get(ours, "")
            self.fields[f"o{at}"] = forms.ChoiceField(label=f"Dates in {heading.label}", choices=ORDERS, initial=order, required=False)
        is_date = bool(ours) and self.kind.column(ours).type == Type.DATE
        if evidence.serials and (is_date or evidence.either + evidence.clear_dates + evidence.day_first + evidence.month_first):
            allowed = ours in self.plan.serials
            label = "Bare numbers are Excel dates"
            self.fields[f"s{at}"] = forms.BooleanField(label=label, initial=allowed, required=False)
        if evidence.thousand or (evidence.point and evidence.comma):
            mark = "," if ours in self.plan.commas else "." if ours in self.plan.points else ""
            self.fields[f"d{at}"] = forms.ChoiceField(label=f"Numbers in {heading.label}", choices=MARKS, initial=mark, required=False)
        if ours and self.kind.column(ours).type == Type.MONEY:
            scale = str(int(self.plan.scale.get(ours, 1)))
            self.fields[f"x{at}"] = forms.ChoiceField(label=f"Amounts in {heading.label}", choices=SCALES, initial=scale, required=False)

    @staticmethod
    def choices(kind: Kind) -> list[tuple[str, str]]:
        custom = [(CUSTOM, "Custom field")] if kind.custom_fields else []
        return [(OUT, "Leave out"), *custom, *((column.name, column.label.capitalize()) for column in kind.columns)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = [data.get(f"c{heading.position}", "") for heading in self.staged.headings]
        for name in dict.fromkeys(names):
            if name not in (OUT, CUSTOM) and names.count(name) > 1:
                label = self.kind.column(name).label.capitalize()
                self.add_error(None, f"{label} is chosen for {names.count(name)} columns. Choose it for one.")
        return data

    def chosen(self) -> Plan:
        """The plan the form says."""
        data, plan = self.cleaned_data, Plan()
        for heading in self.staged.headings:
            at, name = heading.position, data.get(f"c{heading.position}", "")
            if name == CUSTOM:
                plan.custom[at] = heading.label
            elif name:
                plan.columns[name] = at
                if data.get(f"o{at}"):
                    plan.orders[name] = data[f"o{at}"]
                if data.get(f"s{at}"):
                    plan.serials.append(name)
                if mark := data.get(f"d{at}"):
                    (plan.commas if mark == "," else plan.points).append(name)
                if data.get(f"x{at}", "1") not in ("", "1"):
                    plan.scale[name] = float(data[f"x{at}"])
        return plan

    def rows(self) -> list[dict[str, Any]]:
        """The form as the page shows it: heading, samples, its fields."""
        return [
            {
                "heading": heading,
                "samples": self.staged.evidence[heading.position].samples,
                "column": self[f"c{heading.position}"],
                "more": [self[f"{letter}{heading.position}"] for letter in "osdx" if f"{letter}{heading.position}" in self.fields],
                "asked": heading.position in self.asked(),
            }
            for heading in self.staged.headings
        ]

    def asked(self) -> set[int]:
        return {self.plan.columns[name] for name in self.plan.questions if name in self.plan.columns}


class ValuesForm(forms.Form):
    """For each value nothing knows: map it to a known one, add it, or leave it out."""

    def __init__(self, unknown: list[dict[str, Any]], known: dict[str, list[tuple[str, str]]], data: Any = None) -> None:
        super().__init__(data)
        self.unknown = unknown
        for place, each in enumerate(unknown):
            near = [(f"map:{each['closest_id']}", f"Is {each['closest']}")] if each["closest_id"] else []
            others = [(f"map:{pk}", name) for pk, name in known.get(each["facet"], []) if pk != str(each["closest_id"])]
            choices = [*near, ("add", "Add it as a new value"), ("skip", "Leave it out"), ("Is another value", others)]
            initial = near[0][0] if near else "skip"
            self.fields[f"v{place}"] = forms.ChoiceField(label=each["value"], choices=choices, initial=initial)

    def rows(self) -> list[dict[str, Any]]:
        return [{**each, "field": self[f"v{place}"]} for place, each in enumerate(self.unknown)]

    def decisions(self) -> dict[str, dict[str, dict[str, Any]]]:
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for place, each in enumerate(self.unknown):
            do, _, value = self.cleaned_data[f"v{place}"].partition(":")
            found.setdefault(each["facet"], {})[each["value"]] = {"do": do, "value": int(value)} if value else {"do": do}
        return found

"""The pages of an import. A long step runs in the background, and its page says how far it is."""

from typing import IO, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firsthand.core import export
from firsthand.core.refused import Refused
from firsthand.core.ui.toasts import toast
from firsthand.intake import actions, results
from firsthand.intake import reading as reader
from firsthand.intake.casting import Plan
from firsthand.intake.forms import MappingForm, ReadingForm, SaveMappingForm, UploadForm, UseMappingForm, ValuesForm
from firsthand.intake.kinds import KINDS
from firsthand.intake.models import Import, SavedMapping
from firsthand.intake.permissions import demand
from firsthand.intake.shown import listed, shown
from firsthand.intake.staging import Staged
from firsthand.intake.undo import obstacles
from firsthand.intake.undo import undo as start_undo
from firsthand.intake.values import Values
from firsthand.people.forms import complain
from firsthand.people.signed_in import SignedIn

REFUSED_SHOWN = 50


def found(request: SignedIn, import_id: int, *, is_read: bool = True) -> Import:
    """The import; refused while its file is still being read, unless the page says that it is."""
    demand(request.user)
    intake = get_object_or_404(Import.objects.select_related("change", "commit_job", "preview_job", "uploaded_by"), pk=import_id)
    if is_read and not intake.detected:
        raise Refused("The file is still being read. Wait for its columns.")
    return intake


@require_http_methods(["GET", "POST"])
def imports(request: SignedIn) -> HttpResponse:
    """Past imports, and the form for the next one."""
    demand(request.user)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = cast("UploadedFile[Any]", form.cleaned_data["file"])
        try:
            opened = cast("IO[bytes]", file.file)
            intake = reader.upload(form.cleaned_data["kind"], opened, name=file.name or "file", by=request.user, background=True)
        except Refused as refusal:
            complain(form, refusal.sentence)
        else:
            return redirect("intake:columns" if intake.detected else "intake:import", intake.pk)
    context = {"form": form, "imports": listed(), "kinds": KINDS.values()}
    context["sizes"] = f"CSV up to {settings.IMPORT_MB:,} MB, Excel up to 50 MB."
    return render(request, "intake/imports.html", context, status=400 if form.errors else 200)


@require_GET
def example(request: SignedIn, kind: str) -> HttpResponseBase:
    """A file with a kind's columns and one example row, to fill in."""
    demand(request.user)
    if kind not in KINDS:
        raise Http404
    columns = KINDS[kind].columns
    lines = export.csv_lines([column.name for column in columns], [[column.example for column in columns]])
    return StreamingHttpResponse(lines, content_type=export.CSV_TYPE, headers={"Content-Disposition": f'attachment; filename="{kind}.csv"'})


@require_GET
def one(request: SignedIn, import_id: int) -> HttpResponse:
    """Where an import stands: being checked, to be confirmed, being written, done."""
    intake = found(request, import_id, is_read=False)
    page = shown(intake)
    if page.stage == "columns":
        columns_url = reverse("intake:columns", args=[intake.pk])
        return HttpResponse(headers={"HX-Redirect": columns_url}) if request.headers.get("HX-Request") else redirect(columns_url)
    context = {
        "page": page,
        "intake": intake,
        "refused": intake.refused_rows.order_by("line", "id")[:REFUSED_SHOWN],
        "told": results.as_told(intake) if intake.detected else [],
        "unknown": results.unknown_values(intake) if page.stage in ("checked", "done", "stopped") else [],
    }
    return render(request, "intake/import.html", context)


@require_http_methods(["GET", "POST"])
def columns(request: SignedIn, import_id: int) -> HttpResponse:
    """What the file's columns mean; then the check begins."""
    intake = found(request, import_id)
    if intake.confirmed_at is not None:
        return redirect("intake:import", intake.pk)
    form = MappingForm(intake, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_mapping(intake, form.chosen())
            actions.check_soon(intake)
        except Refused as refusal:
            form = MappingForm(intake, request.POST)
            form.is_valid()
            form.add_error(None, refusal.sentence)
        else:
            return redirect("intake:import", intake.pk)
    staged = Staged.from_json(intake.detected)
    context = {
        "form": form,
        "intake": intake,
        "page": shown(intake),
        "staged": staged,
        "plan": Plan.from_json(intake.mapping),
        "reading": ReadingForm(initial={"encoding": staged.shape.encoding.removesuffix("-sig"), "delimiter": staged.shape.delimiter,
                                        "header_line": staged.shape.header_line}),
        "use": UseMappingForm(kind=intake.kind) if SavedMapping.objects.filter(kind=intake.kind).exists() else None,
        "save": SaveMappingForm(),
    }  # fmt: skip
    return render(request, "intake/columns.html", context, status=400 if form.errors else 200)


@require_POST
def reading(request: SignedIn, import_id: int) -> HttpResponse:
    """Read the file again with another encoding, delimiter or header line."""
    intake = found(request, import_id)
    form = ReadingForm(request.POST)
    if not form.is_valid():
        raise Refused("Choose the characters, the mark between cells and the line of the header.", status=400)
    actions.read_again(
        intake,
        encoding=form.cleaned_data["encoding"],
        delimiter=form.cleaned_data["delimiter"],
        header_line=form.cleaned_data["header_line"] or 0,
    )
    return redirect("intake:columns", intake.pk)


@require_POST
def mapping(request: SignedIn, import_id: int) -> HttpResponse:
    """Save the mapping under a name, or use a saved one."""
    intake = found(request, import_id)
    use = UseMappingForm(request.POST, kind=intake.kind)
    if "saved" in request.POST and use.is_valid():
        actions.use_saved(intake, use.cleaned_data["saved"])
        toast(request, f"The columns are matched as in {use.cleaned_data['saved'].name}.")
    else:
        saved = actions.save_mapping(intake, name=request.POST.get("name", ""))
        toast(request, f"The mapping {saved.name} is saved for the next file of {KINDS[intake.kind].label.lower()}.")
    return redirect("intake:columns", intake.pk)


@require_http_methods(["GET", "POST"])
def values(request: SignedIn, import_id: int) -> HttpResponse:
    """Facet values nothing knows: map, add or leave out; then the check runs again."""
    intake = found(request, import_id)
    vocabulary = Values()
    unknown = results.unknown_values(intake, vocabulary)
    if intake.confirmed_at is not None or not unknown:
        return redirect("intake:import", intake.pk)
    form = ValuesForm(unknown, known_values(vocabulary, {each["facet"] for each in unknown}), request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.decide(intake, form.decisions())
        actions.check_soon(intake)
        return redirect("intake:import", intake.pk)
    context = {"form": form, "intake": intake, "page": shown(intake)}
    return render(request, "intake/values.html", context, status=400 if form.errors else 200)


def known_values(vocabulary: Values, facets: set[str]) -> dict[str, list[tuple[str, str]]]:
    known: dict[str, list[tuple[str, str]]] = {facet: [] for facet in facets}
    for value in vocabulary.vocabulary.values:
        if value.facet in facets:
            known[value.facet].append((str(value.id), value.name))
    return {facet: sorted(pairs, key=lambda pair: pair[1].casefold()) for facet, pairs in known.items()}


@require_POST
def commit(request: SignedIn, import_id: int) -> HttpResponse:
    intake = found(request, import_id)
    actions.confirm_soon(intake, by=request.user)
    return redirect("intake:import", intake.pk)


@require_POST
def stop(request: SignedIn, import_id: int) -> HttpResponse:
    intake = found(request, import_id)
    actions.stop(intake)
    toast(request, "The import is stopped. What was written stays until it is undone.")
    return redirect("intake:import", intake.pk)


@require_http_methods(["GET", "POST"])
def undo(request: SignedIn, import_id: int) -> HttpResponse:
    """What stands in the way of an undo, or the undo."""
    intake = found(request, import_id)
    if request.method == "POST":
        start_undo(intake)
        return redirect("intake:import", intake.pk)
    in_the_way = obstacles(intake.change) if intake.change else []
    return render(request, "intake/undo.html", {"intake": intake, "page": shown(intake), "obstacles": in_the_way})


@require_GET
def refused(request: SignedIn, import_id: int) -> HttpResponseBase:
    """The refused rows as a file, with line number and sentence."""
    intake = found(request, import_id)
    name = f"{intake.file_name.rsplit('.', 1)[0]}-refused.csv".replace('"', "")
    response = StreamingHttpResponse(results.refused_csv(intake), content_type=export.CSV_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""The rows of a list as a page shows them, and one of them mended or decided."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import requires, signed_in
from kit.posting import posted, tell_refusal
from participants import actions, queries
from participants.forms.imports import RowForm
from participants.models import IMPORT_DUTIES, ImportPurpose, ImportRow, RegistrationImport
from participants.sheets import reader_of, sentence
from participants.sheets.mistakes import column_name, shown
from programs.models import Batch

LISTS = tuple(duty for duties in IMPORT_DUTIES.values() for duty in duties)
# Of each purpose: whose row it is, the number that is masked, and what stands beside it.
SHOWN = {
    ImportPurpose.REGISTRATIONS: ("full_name", "nik", "region"),
    ImportPurpose.ACCOUNTS: ("payee", "number", "bank"),
}
DECISIONS = {"leave_out": actions.leave_out_row, "take_back": actions.take_row_back, "let_in": actions.let_row_in}


HEADS = {
    ImportPurpose.REGISTRATIONS: (_lazy("Name"), _lazy("NIK"), _lazy("Urban village")),
    ImportPurpose.ACCOUNTS: (_lazy("Payee"), _lazy("Account number"), _lazy("Bank")),
}


@dataclass(frozen=True)
class ShownRow:
    """Three cells as they stand in the file, of the number only the end, and a sentence for each mistake."""

    row: ImportRow
    name: str
    number: str
    place: str
    findings: list[tuple[str, str]]


def lines_of(upload: RegistrationImport, rows: Sequence[ImportRow]) -> list[ShownRow]:
    columns: dict[str, int] = upload.columns.get("of", {})
    return [_shown(upload, row, columns) for row in rows]


def headings_of(upload: RegistrationImport) -> tuple[Any, ...]:
    return HEADS[ImportPurpose(upload.purpose)]


def _shown(upload: RegistrationImport, row: ImportRow, columns: dict[str, int]) -> ShownRow:
    cells = json.loads(row.content)["cells"] if row.content else []

    def text(name: str) -> str:
        place = columns.get(name, len(cells))
        return shown(cells[place]) if place < len(cells) else ""

    problems = [*row.problems, *row.clashes]
    found = [(column_name(upload, problem[0]), sentence(problem)) for problem in problems]
    whose, masked, place = SHOWN[ImportPurpose(upload.purpose)]
    number = text(masked)
    shown_end = f"… {number[-4:]}" if number[-4:].isdigit() and len(number) > 4 else ""
    return ShownRow(row, text(whose) or text("entry"), shown_end, text(place), found)


def _row(request: HttpRequest, pk: int, number: int) -> tuple[RegistrationImport, ImportRow, list[Batch]]:
    user = signed_in(request)
    seen = RegistrationImport.objects.visible_to(user).with_parts()
    upload = get_object_or_404(seen, pk=pk)
    row = get_object_or_404(upload.rows.filter(content__isnull=False), number=number)
    return upload, row, queries.batches_of_import(upload, user)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*LISTS)
def import_row(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One row in the browser: each mistake beside its cell."""
    upload, row, batches = _row(request, pk, number)
    if upload.state != RegistrationImport.State.CHECKED or not batches:
        return redirect(upload)
    problems = [*row.problems, *row.clashes]
    told = {"upload": upload, "cells": json.loads(row.content or "{}")["cells"], "version": row.version}
    told |= {"faulty": {problem[0] for problem in problems}}
    if request.method != "POST":
        form = RowForm.filled([(problem[0], sentence(problem)) for problem in problems], **told)
    else:
        form = RowForm(posted(request), **told)
        if form.is_valid() and _mended(request, form, upload, row, batches):
            return redirect(upload)
    status = 422 if request.method == "POST" else 200
    context = {"upload": upload, "row": row, "form": form}
    return render(request, "participants/import_row.html", context, status=status)


def _mended(
    request: HttpRequest, form: RowForm, upload: RegistrationImport, row: ImportRow, batches: list[Batch]
) -> bool:
    read = reader_of(upload, batches, timezone.now()).read(row.number, form.mended)
    if read is None or read.problems:
        example = [(SHOWN[ImportPurpose(upload.purpose)][0], _("This row is empty, or the example of the template."))]
        form.add_problems([(problem[0], sentence(problem)) for problem in read.problems] if read else example)
        return False
    try:
        seen, by = form.cleaned_data["version"], signed_in(request)
        fresh = actions.fix_row(row=row, read=read, seen=seen, batches=batches, by=by)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    if fresh.clashes:
        messages.warning(request, " ".join(sentence(problem) for problem in fresh.clashes))
    else:
        messages.success(request, _("Row %(number)d can be brought in now.") % {"number": row.number})
    return True


@require_POST
@requires(*LISTS)
def import_row_decide(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Leaves a row out, lets a doubtful one in, or takes that back."""
    upload, row, batches = _row(request, pk, number)
    decide = DECISIONS.get(request.POST.get("decision", ""))
    if decide is not None:
        tell_refusal(request, lambda: decide(row=row, batches=batches, by=signed_in(request)))
    return redirect(f"{upload.get_absolute_url()}?rows={row.state}")

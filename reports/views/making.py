"""The buttons of the board: making the papers that are missing, and putting papers together to print."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from jobs.actions import start
from kit.posting import form_page, require
from reports.permissions import can_issue_for, can_issue_in
from reports.views.completeness import batch_context, make_form, program_context, visible_batch, visible_program


@require_POST
@requires(Permission.ISSUE_DOCUMENTS)
def completeness_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is missing, or one kind, as work in the background."""
    batch = visible_batch(request, pk)
    require(can_issue_in(signed_in(request), batch))
    form = make_form(request, batch.program.agency)
    if not form.is_valid():
        return form_page(request, "reports/completeness_batch.html", form, **batch_context(request, batch))
    title = _("Papers of %(name)s") % {"name": batch.name}
    params: dict[str, Any] = {"batch": batch.pk, "kinds": form.codes, "date": form.day}
    told = {"title": title, "place": reverse("reports:completeness_batch", args=[pk])}
    job = start(kind="papers_make", params=params, agency=batch.program.agency, by=signed_in(request), **told)
    return redirect("jobs:job_detail", job.pk)


@require_POST
@requires(Permission.VIEW_DOCUMENTS)
def completeness_print(request: HttpRequest, pk: int) -> HttpResponse:
    batch = visible_batch(request, pk)
    title = _("Print: papers of %(name)s") % {"name": batch.name}
    params = {"batch": batch.pk}
    job = start(kind="papers_print", params=params, agency=batch.program.agency, by=signed_in(request), title=title)
    return redirect("jobs:job_detail", job.pk)


@require_POST
@requires(Permission.ISSUE_DOCUMENTS)
def completeness_program_make(request: HttpRequest, pk: int) -> HttpResponse:
    program = visible_program(request, pk)
    require(can_issue_for(signed_in(request), program))
    form = make_form(request, program.agency)
    if not form.is_valid():
        return form_page(request, "reports/completeness_program.html", form, **program_context(request, program))
    title = _("Papers of %(name)s") % {"name": program.name}
    params: dict[str, Any] = {"program": program.pk, "kinds": form.codes, "date": form.day}
    told = {"title": title, "place": reverse("reports:completeness_program", args=[pk])}
    job = start(kind="papers_make", params=params, agency=program.agency, by=signed_in(request), **told)
    return redirect("jobs:job_detail", job.pk)


@require_POST
@requires(Permission.VIEW_DOCUMENTS)
def completeness_program_print(request: HttpRequest, pk: int) -> HttpResponse:
    program = visible_program(request, pk)
    title = _("Print: papers of %(name)s") % {"name": program.name}
    params = {"program": program.pk}
    job = start(kind="papers_print", params=params, agency=program.agency, by=signed_in(request), title=title)
    return redirect("jobs:job_detail", job.pk)

"""The register of processing activities, and who processes for the office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from accounts.permissions import requires, signed_in
from kit.posting import attempt, form_page, posted
from kit.sheets import XLSX
from participants import actions
from participants.forms.privacy import ActivityForm, ProcessorForm
from participants.models import ProcessingActivity, Processor
from participants.rules import PORTAL_LINES
from participants.sheets import write_register
from participants.views.confirming import confirmation
from participants.views.privacy import KEEPS, SEES, may_keep, office

ACTIVITY = ("name", "purpose", "basis", "legal_basis", "people", "data_items", "specific_items", "recipients") + (
    "kept",
    "safeguards",
    "responsible",
    "is_high_risk",
)
PROCESSOR = ("name", "service", "place", "contact", "agreement", "agreed_from", "agreed_until")


@require_safe
@never_cache
@requires(SEES)
def processing_list(request: HttpRequest) -> HttpResponse:
    agency = office(request)
    lines = ProcessingActivity.objects.filter(agency=agency).prefetch_related("processors")
    context = {
        "agency": agency,
        "activities": [line for line in lines if line.ended_at is None],
        "ended": [line for line in lines if line.ended_at is not None],
        "processors": Processor.objects.filter(agency=agency),
        "missing": len(PORTAL_LINES) - lines.filter(name__in=[line["name"] for line in PORTAL_LINES]).count(),
        "may_keep": may_keep(request, agency),
    }
    return render(request, "participants/processing_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def processing_create(request: HttpRequest) -> HttpResponse:
    return _activity(request, office(request, KEEPS), None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def processing_edit(request: HttpRequest, pk: int) -> HttpResponse:
    agency = office(request, KEEPS)
    return _activity(request, agency, get_object_or_404(ProcessingActivity, agency=agency, pk=pk))


def _activity(request: HttpRequest, agency: Agency, line: ProcessingActivity | None) -> HttpResponse:
    """A line of the register, or a new one."""
    by = signed_in(request)
    first = {name: getattr(line, name) for name in ACTIVITY} | {"processors": line.processors.all()} if line else {}
    form = ActivityForm(posted(request), agency=agency, initial=first)
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if attempt(form, lambda: actions.save_activity(agency=agency, activity=line, by=by, **data)):
        messages.success(request, _("The line is saved."))
        return redirect("participants:processing_list")
    return form_page(
        request, f"participants/processing_{'edit' if line else 'create'}.html", form, agency=agency, line=line
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def processing_end(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(ProcessingActivity, agency=office(request, KEEPS), pk=pk)
    if request.method != "POST":
        words = _("The line moves to what has ended and stays readable there. It cannot be taken up again.")
        step, back = _("The office no longer does this"), reverse("participants:processing_list")
        return confirmation(request, step, words, of=line.name, back=back)
    actions.end_activity(activity=line, by=signed_in(request))
    messages.success(request, _("It stands among what has ended."))
    return redirect("participants:processing_list")


@require_POST
@requires(KEEPS)
def processing_take_over(request: HttpRequest) -> HttpResponse:
    agency, by = office(request, KEEPS), signed_in(request)
    count = actions.take_over_activities(agency=agency, lines=PORTAL_LINES, by=by)
    told = ngettext("%(count)d line was taken over.", "%(count)d lines were taken over.", count)
    messages.success(request, told % {"count": count})
    return redirect("participants:processing_list")


@require_safe
@never_cache
@requires(SEES)
def processing_export(request: HttpRequest) -> HttpResponse:
    agency = office(request)
    name = f"rekam-pemrosesan-{agency.slug}-{agency.today():%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write_register(agency), content_type=XLSX, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def processor_create(request: HttpRequest) -> HttpResponse:
    return _processor(request, office(request, KEEPS), None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def processor_edit(request: HttpRequest, pk: int) -> HttpResponse:
    agency = office(request, KEEPS)
    return _processor(request, agency, get_object_or_404(Processor, agency=agency, pk=pk))


def _processor(request: HttpRequest, agency: Agency, row: Processor | None) -> HttpResponse:
    by = signed_in(request)
    first = {name: getattr(row, name) for name in PROCESSOR} if row else {}
    form = ProcessorForm(posted(request), initial=first)
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if attempt(form, lambda: actions.save_processor(agency=agency, processor=row, by=by, **data)):
        messages.success(request, _("Saved."))
        return redirect("participants:processing_list")
    return form_page(
        request, f"participants/processor_{'edit' if row else 'create'}.html", form, agency=agency, row=row
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def processor_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Processor, agency=office(request, KEEPS), pk=pk)
    if request.method != "POST":
        words = _("The processor and its agreement leave the register, also in the lines that name it.")
        step, back = _("Take the processor out"), reverse("participants:processing_list")
        return confirmation(request, step, words, of=row.name, back=back)
    actions.remove_processor(processor=row, by=signed_in(request))
    messages.success(request, _("Taken out of the register."))
    return redirect("participants:processing_list")

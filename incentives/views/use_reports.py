"""Reports on the use of awards, at the desk: read, sent back, replaced by a visit, taken away as a list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from incentives import actions
from incentives.forms.after import DecideForm, UseSheet, VisitHead
from incentives.models import UsePhoto, UseReport
from incentives.permissions import can_manage_competition
from incentives.queries.after import told_use
from incentives.queries.awards import payee_name
from incentives.sheets import use_sheet
from incentives.views.photos import photo_answer
from incentives.views.results import visible_competition
from kit.posting import attempt, form_page, posted, require
from kit.sheets import XLSX

PARTS = (
    "award__tier",
    "award__payment",
    "award__competition__program__agency",
    "award__entry__registration",
    "visited_by",
)


def _report(request: HttpRequest, pk: int) -> UseReport:
    user = signed_in(request)
    rows = UseReport.objects.visible_to(user).visible_to(user, Permission.VIEW_BUDGETS).standing()
    return get_object_or_404(rows.select_related(*PARTS), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_BUDGETS)
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the winner wrote; drafts are the winner's own until they are sent."""
    report, user = _report(request, pk), signed_in(request)
    may = can_manage_competition(user, report.award.competition)
    form = DecideForm(posted(request))
    if request.method == "POST":
        require(may)
    accepted = request.POST.get("step") == "accept"

    def decide() -> None:
        actions.decide_use_report(report=report, accepted=accepted, by=user, **form.cleaned_data)

    if attempt(form, decide):
        messages.success(request, _("The report is accepted.") if accepted else _("The report is sent back."))
        return redirect("incentives:follow_up", report.award.competition_id)
    told = told_use(report) if report.state != UseReport.State.DRAFT else {}
    context = {"report": report, "may": may, "name": payee_name(report.award)}
    return form_page(request, "incentives/report_detail.html", form, **context, **told)


@require_safe
@never_cache
@requires(Permission.VIEW_BUDGETS)
def report_photo(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    report = _report(request, pk)
    rows = UsePhoto.objects.select_related("stored").exclude(line__report__state=UseReport.State.DRAFT)
    return photo_answer(get_object_or_404(rows, pk=photo, line__report=report))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.MANAGE_COMPETITIONS)
def report_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """What an officer saw, instead of what the winner would have sent."""
    report, user = _report(request, pk), signed_in(request)
    require(can_manage_competition(user, report.award.competition))
    form = UseSheet(posted(request), report=report, head=VisitHead)

    def note() -> None:
        actions.note_visit(report=report, use=form.use, visited_on=form.visited_on, by=user)

    if attempt(form, note):
        messages.success(request, _("The visit is noted."))
        return redirect("incentives:follow_up", report.award.competition_id)
    return form_page(request, "incentives/report_visit.html", form, report=report, name=payee_name(report.award))


@require_POST
@requires(Permission.VIEW_BUDGETS)
def report_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Every award with its answer, its report and each line, as a spreadsheet."""
    competition, user = visible_competition(request, pk), signed_in(request)
    require(holds(user, Permission.VIEW_BUDGETS, agency_id=competition.program.agency_id))
    actions.note_use_exported(competition=competition, by=user)
    name = f"penggunaan-penghargaan-{competition.slug}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(use_sheet(competition), content_type=XLSX, headers=headers)

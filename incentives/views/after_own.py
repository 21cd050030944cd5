"""What a winner says on the own page: whether the money came, and how it was used."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incentives import actions
from incentives.forms.after import MOST_BYTES, ReceiptForm, UseSheet
from incentives.models import Award, ReceiptCheck, UsePhoto, UseReport
from incentives.queries import Place
from incentives.queries.after import award_won_by, standing_check, told_use
from incentives.views.doors import own_place
from incentives.views.photos import photo_answer
from kit.posting import attempt, form_page, posted
from kit.throttle import limited
from kit.uploads import takes_files


def _award(place: Place) -> Award:
    award = award_won_by(place.entry.pk) if place.entry is not None else None
    if award is None:
        raise Http404
    return award


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("pitch")
@own_place
def receipt_own(request: HttpRequest, place: Place) -> HttpResponse:
    """Only of the own award; the amount is shown behind the PIN alone."""
    award = _award(place)
    check = standing_check(award)
    if check is None:
        raise Http404
    form = ReceiptForm(posted(request), initial=_said(check))

    def answer() -> None:
        actions.answer_receipt(check=check, said=form.said, revision=form.seen, by=None)

    if attempt(form, answer):
        messages.success(request, _("Thank you. Your answer is noted."))
        return redirect("incentives:receipt_own", place.competition.pk)
    context = {"place": place, "award": award, "check": check, "portal_agency": place.competition.program.agency}
    return form_page(request, "incentives/receipt_own.html", form, **context)


def _said(check: ReceiptCheck) -> dict[str, Any]:
    return {"answer": check.answer, "amount": check.amount, "words": check.words or ""}


def _report(place: Place) -> UseReport:
    rows = UseReport.objects.standing().select_related(
        "award__tier", "award__payment", "award__competition__program__agency"
    )
    return get_object_or_404(rows, award=_award(place))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(MOST_BYTES)
@limited("pitch")
@own_place
def report_own(request: HttpRequest, place: Place) -> HttpResponse:
    """Saved as it is at any time; sent when it is whole."""
    report = _report(place)
    if request.method == "POST" and not report.is_owed:
        return redirect("incentives:report_own", place.competition.pk)
    sheet = UseSheet(posted(request), request.FILES if request.method == "POST" else None, report=report)
    if sheet.is_bound and _received(request, report, sheet):
        return redirect("incentives:report_own", place.competition.pk)
    report.refresh_from_db()
    context = {"place": place, "report": report, "portal_agency": place.competition.program.agency}
    return form_page(request, "incentives/report_own.html", sheet, **context, **told_use(report))


def _received(request: HttpRequest, report: UseReport, sheet: UseSheet) -> bool:
    """Whether all of it is kept. What could be read is, whatever else is said on the page."""
    is_whole, is_sent = sheet.is_valid(), request.POST.get("step") == "send"
    if not _try(sheet, lambda: actions.save_use_report(report=report, use=sheet.use, revision=sheet.seen, by=None)):
        return False
    is_whole = _photographed(report, sheet) and is_whole
    if is_whole and is_sent:
        is_whole = _try(sheet, lambda: actions.send_use_report(report=report, by=None))
    if not is_whole:
        sheet.show_kept(report)
        return False
    messages.success(request, _("Your report has been sent.") if is_sent else _("Saved. It is not sent yet."))
    return True


def _try(sheet: UseSheet, act: Any) -> bool:
    try:
        act()
    except ValidationError as refusal:
        sheet.add_error(None, refusal)
        return False
    return True


def _photographed(report: UseReport, sheet: UseSheet) -> bool:
    """Each photo is judged for itself: one that is refused takes no other with it, and no word."""
    is_fine = True
    for row, line, content in sheet.photos(report.lines.all()):
        try:
            actions.add_use_photo(line=line, content=content, by=None)
        except ValidationError as refusal:
            row.add_error(None, refusal)
            sheet.add_error(None, refusal)
            is_fine = False
    return is_fine


@login_not_required
@require_safe
@own_place
def report_own_photo(request: HttpRequest, place: Place, photo: int) -> HttpResponse:
    rows = UsePhoto.objects.select_related("stored", "line")
    return photo_answer(get_object_or_404(rows, pk=photo, line__report=_report(place)))

"""The signed sheet of a session: its pictures, what it says, the differences, and the end of it."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from jobs.actions import note_download
from kit.pages import counting, keyset_page
from kit.posting import attempt, form_page, posted, tell_refusal
from kit.scans import MOST_BYTES
from kit.uploads import takes_files
from participants import actions, queries
from participants.forms.attendance import CaseForm, DifferenceForm, ReasonForm, ScanForm, SettleForm, SheetReadForm
from participants.models import DoorCase, Registration, SheetScan, SignedSheet, awaiting_settlement
from participants.permissions import can_settle_attendance
from participants.views.attendance import TAKES, hall
from programs.models import Session

SETTLES = Permission.SETTLE_ATTENDANCE


@require_safe
@requires(TAKES)
def attendance_board(request: HttpRequest) -> HttpResponse:
    """What waits, the newest first: sessions that are over and not settled, and all with an open case at the door."""
    seen = Session.objects.visible_to(signed_in(request), TAKES)
    cases = DoorCase.objects.open().filter(session=OuterRef("pk"))
    waits = Q(pk__in=awaiting_settlement(seen, timezone.now()).values("pk")) | Exists(cases)
    rows = seen.filter(waits).annotate(open_cases=counting(cases)).with_places().with_moment()
    page = keyset_page(rows, request.GET, size=30, by=["moment", "pk"])
    context = {"page": page, "cards": queries.session_cards(page.rows)}
    return render(request, "participants/attendance_board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(TAKES)
def attendance_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The list to tick against the paper; below, what differs and the button that ends it."""
    session = hall(request, pk)
    people = queries.with_states(list(queries.people_of(session)), session)
    form = SheetReadForm(posted(request), people=[entry.pk for entry, _state in people], initial=_counted(session))

    def read() -> None:
        count = form.cleaned_data["signatures"]
        actions.read_sheet(session=session, signatures=count, signed=form.signed, by=signed_in(request))

    if attempt(form, read):
        messages.success(request, _("What the paper says is kept."))
        return redirect("participants:attendance_sheet", pk)
    return form_page(request, "participants/attendance_sheet.html", form, **_paper(request, session, people, form))


def _counted(session: Session) -> dict[str, Any]:
    sheet = SignedSheet.objects.filter(session=session).first()
    return {"signatures": sheet.signatures if sheet else None}


def _paper(request: HttpRequest, session: Session, people: list[Any], form: SheetReadForm) -> dict[str, Any]:
    """Ticked: what was sent, else what was read before, else who is marked as present."""
    sheet = SignedSheet.objects.filter(session=session).select_related("settled_by", "read_by").first()
    lines = dict(sheet.lines.values_list("registration", "signed")) if sheet else {}
    present = {entry.pk for entry, state in people if state is not None and state.status == "present"}
    read = {pk for pk, signed in lines.items() if signed}
    ticked = form.signed if form.is_bound else (read if lines else present)
    return {
        "session": session,
        "batch": session.batch,
        "card": queries.session_cards([session])[0],
        "sheet": sheet,
        "rows": [(entry, state, entry.pk in ticked) for entry, state in people],
        "figures": queries.sheet_figures(session),
        "differences": queries.differences_of(session),
        "scans": SheetScan.objects.filter(session=session, removed_at__isnull=True).select_related(
            "stored", "added_by"
        ),
        "cases": DoorCase.objects.open().filter(session=session).select_related("registration"),
        "scan_form": ScanForm(),
        "settle_form": SettleForm(),
        "is_over": session.during.upper <= timezone.now(),
        "may_settle": can_settle_attendance(signed_in(request), session.batch),
    }


@require_POST
@takes_files(MOST_BYTES)
@requires(TAKES)
def sheet_scan(request: HttpRequest, pk: int) -> HttpResponse:
    session, form = hall(request, pk), ScanForm(request.POST, request.FILES)
    scan = form.cleaned_data["file"] if form.is_valid() else None
    if scan is None:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    elif tell_refusal(request, lambda: actions.add_scan(session=session, scan=scan, by=signed_in(request))):
        messages.success(request, _("The page of the sheet is kept."))
    return redirect("participants:attendance_sheet", pk)


def _scan(request: HttpRequest, pk: int) -> SheetScan:
    seen = Session.objects.visible_to(signed_in(request), TAKES).values("pk")
    rows = SheetScan.objects.filter(session__in=seen).select_related("stored", "session__batch__program__agency")
    return get_object_or_404(rows, pk=pk)


@require_safe
@requires(TAKES)
def sheet_scan_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself; who opened it stands in the trail."""
    stored = _scan(request, pk).stored
    note_download(stored=stored, by=signed_in(request))
    response = HttpResponse(stored.content(), content_type=stored.content_type)
    response["Content-Disposition"] = content_disposition_header(True, stored.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@requires(TAKES)
def sheet_scan_remove(request: HttpRequest, pk: int) -> HttpResponse:
    scan = _scan(request, pk)
    if tell_refusal(request, lambda: actions.remove_scan(scan=scan, by=signed_in(request))):
        messages.success(request, _("This page is set aside."))
    return redirect("participants:attendance_sheet", scan.session_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SETTLES)
def sheet_decide(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """One difference between paper and marks."""
    session = hall(request, pk, SETTLES)
    row = get_object_or_404(queries.listed_in(session).select_related("person"), pk=entry)
    found = next((one for one in queries.differences_of(session) if one.line.registration_id == entry), None)
    form = DifferenceForm(posted(request))

    def decide() -> None:
        actions.decide_difference(session=session, registration=row, by=signed_in(request), **form.cleaned_data)

    if attempt(form, decide):
        messages.success(request, _("Decided. The marks follow."))
        return redirect("participants:attendance_sheet", pk)
    context = {"session": session, "batch": session.batch, "person": row, "difference": found}
    marks = queries.marks_of(session, row)
    return form_page(request, "participants/sheet_decide.html", form, marks=marks, **context)


@require_POST
@requires(SETTLES)
def sheet_settle(request: HttpRequest, pk: int) -> HttpResponse:
    session, form = hall(request, pk, SETTLES), SettleForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    if tell_refusal(request, lambda: actions.settle_sheet(session=session, note=note, by=signed_in(request))):
        messages.success(request, _("The attendance of this session is settled."))
    return redirect("participants:attendance_sheet", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(SETTLES)
def sheet_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    session, form = hall(request, pk, SETTLES), ReasonForm(posted(request))

    def reopen() -> None:
        actions.reopen_sheet(session=session, reason=form.cleaned_data["reason"], by=signed_in(request))

    if attempt(form, reopen):
        messages.success(request, _("The session is open again."))
        return redirect("participants:attendance_sheet", pk)
    return form_page(request, "participants/sheet_reopen.html", form, session=session, batch=session.batch)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SETTLES)
def door_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who was let in against the rules: counted or not, and why."""
    seen = Session.objects.visible_to(signed_in(request), SETTLES).values("pk")
    rows = DoorCase.objects.filter(session__in=seen).select_related("registration__person", "by", "device")
    case = get_object_or_404(rows, pk=pk)
    session = hall(request, case.session_id, SETTLES)
    known: Registration | None = case.registration
    form = CaseForm(posted(request), session=session, known=known)
    if attempt(form, lambda: actions.settle_case(case=case, by=signed_in(request), **form.decision)):
        messages.success(request, _("Decided."))
        return redirect("participants:attendance_sheet", session.pk)
    context = {"case": case, "session": session, "batch": session.batch}
    return form_page(request, "participants/door_case.html", form, **context)

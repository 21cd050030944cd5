"""Failures of data protection: the register with its clock, one incident, and every step with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from kit.pages import keyset_page
from kit.posting import Sent, attempt, form_page, key_in, posted, tell_refusal
from kit.sheets import XLSX
from participants import actions, notices, queries
from participants.forms.incidents import (
    AuthorityForm,
    CloseIncidentForm,
    IncidentForm,
    IncidentNoteForm,
    PeopleForm,
    TellForm,
)
from participants.models import Incident, IncidentPerson
from participants.sheets import write_people_concerned
from participants.views.privacy import KEEPS, SEES, may_keep, office

PAGE_SIZE = 25
LETTERS = 200


@require_safe
@never_cache
@requires(SEES)
def incident_list(request: HttpRequest) -> HttpResponse:
    agency, now = office(request), timezone.now()
    seen = (
        Incident.objects.visible_to(signed_in(request)).filter(agency=agency).defer("happening", "effect", "handling")
    )
    page = keyset_page(seen, request.GET, size=PAGE_SIZE)
    rows = [(incident, incident.is_overdue_at(now)) for incident in page.rows]
    context = {"agency": agency, "page": page, "rows": rows, "now": now, "may_keep": may_keep(request, agency)}
    return render(request, "participants/incident_list.html", context)


def _visible(request: HttpRequest, pk: int, *, to_change: bool = False) -> Incident:
    mine = Incident.objects.visible_to(signed_in(request), KEEPS if to_change else SEES)
    incident = get_object_or_404(mine.select_related("agency__region", "reported_by", "closed_by"), pk=pk)
    timezone.activate(incident.agency.zone)
    return incident


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def incident_report(request: HttpRequest) -> HttpResponse:
    agency, by = office(request, KEEPS), signed_in(request)
    form = IncidentForm(posted(request), agency=agency)
    made: list[Incident] = []
    if attempt(form, lambda: made.append(actions.report_incident(agency=agency, by=by, **form.facts))):
        messages.success(request, _("Written down. Next: who is concerned?"))
        return redirect(made[0])
    return form_page(request, "participants/incident_report.html", form, agency=agency)


@require_safe
@never_cache
@requires(SEES)
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    incident, now = _visible(request, pk), timezone.now()
    context = {
        "incident": incident,
        "events": incident.events.select_related("by"),
        "overdue": incident.is_overdue_at(now),
        "left": incident.due_at - now,
        "told": queries.told_counts(incident),
        "sample": incident.people.select_related("registration__region", "registration__batch__program")[:10],
        "papers": queries.papers_of_incident(incident),
        "may_keep": may_keep(request, incident.agency),
    }
    return render(request, "participants/incident_detail.html", context)


def _step(
    request: HttpRequest, incident: Incident, form: Sent, act: Callable[[], Any], template: str, **context: Any
) -> HttpResponse:
    """A form about one incident: done, back to it; refused, the form again."""
    if attempt(form, act):
        messages.success(request, _("Written into the timeline."))
        return redirect(incident)
    return form_page(request, f"participants/{template}.html", form, incident=incident, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def incident_edit(request: HttpRequest, pk: int) -> HttpResponse:
    incident, by = _visible(request, pk, to_change=True), signed_in(request)
    form = IncidentForm(posted(request), agency=incident.agency, incident=incident)

    def change() -> None:
        actions.change_incident(incident=incident, by=by, **form.facts)

    return _step(request, incident, form, change, "incident_edit")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def incident_people(request: HttpRequest, pk: int) -> HttpResponse:
    """First the number, then the press that freezes the list."""
    incident, by = _visible(request, pk, to_change=True), signed_in(request)
    form = PeopleForm(posted(request), agency=incident.agency)
    if request.method == "POST" and "count" in request.POST and form.is_valid():
        found = queries.people_concerned(incident, form.criteria).count()
        return form_page(request, "participants/incident_people.html", form, incident=incident, found=found)
    count = 0

    def freeze() -> None:
        nonlocal count
        count = actions.list_people(incident=incident, criteria=form.criteria, by=by)

    if attempt(form, freeze):
        told = ngettext("%(count)d person stands on the list.", "%(count)d people stand on the list.", count)
        messages.success(request, told % {"count": count})
        return redirect(incident)
    return form_page(request, "participants/incident_people.html", form, incident=incident, found=None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def incident_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """The message as the first of the list would read it, and the press that sends it to all."""
    incident, by = _visible(request, pk, to_change=True), signed_in(request)
    untold = IncidentPerson.objects.filter(incident=incident).untold()
    count = untold.count()
    form = TellForm(posted(request), initial={"expected": str(count)})
    act = actions.note_letters if "letters" in request.POST else actions.tell_people

    def tell() -> None:
        act(incident=incident, expected=form.cleaned_data["expected"], by=by)

    preview = notices.incident_preview(incident) if count else None
    return _step(request, incident, form, tell, "incident_tell", count=count, preview=preview)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def incident_authority(request: HttpRequest, pk: int) -> HttpResponse:
    incident, by = _visible(request, pk, to_change=True), signed_in(request)
    issued = queries.papers_of_incident(incident).report
    form = AuthorityForm(posted(request), agency=incident.agency, reference=issued.number if issued else "")

    def note() -> None:
        reference = form.cleaned_data["reference"]
        actions.note_authority(incident=incident, told_at=form.told_at, reference=reference, by=by)

    return _step(request, incident, form, note, "incident_authority")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def incident_note(request: HttpRequest, pk: int) -> HttpResponse:
    incident, by = _visible(request, pk, to_change=True), signed_in(request)
    form = IncidentNoteForm(posted(request))

    def note() -> None:
        actions.note_incident(incident=incident, text=form.cleaned_data["text"], by=by)

    return _step(request, incident, form, note, "incident_note")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(KEEPS)
def incident_close(request: HttpRequest, pk: int) -> HttpResponse:
    incident, by = _visible(request, pk, to_change=True), signed_in(request)
    form = CloseIncidentForm(posted(request))

    def close() -> None:
        actions.close_incident(incident=incident, by=by, **form.cleaned_data)

    return _step(request, incident, form, close, "incident_close")


@require_POST
@never_cache
@requires(KEEPS)
def incident_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    incident, by = _visible(request, pk, to_change=True), signed_in(request)
    if tell_refusal(request, lambda: actions.reopen_incident(incident=incident, note="", by=by)):
        messages.success(request, _("The incident is open again."))
    return redirect(incident)


def _letters(incident: Incident, begin: int) -> dict[str, Any]:
    """A stack that a printer takes at once, and where the next one begins."""
    untold = incident.people.select_related("registration__region").order_by("registration__region", "pk").untold()
    total, people = untold.count(), untold[begin : begin + LETTERS]
    last = min(begin + LETTERS, total)
    return {"people": people, "total": total, "first": begin + 1, "last": last, "more": last < total}


@require_safe
@never_cache
@requires(SEES)
def incident_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """To print on the office's letterhead: to the authority, or one for each of the people that no message reached."""
    incident = _visible(request, pk)
    context = {"incident": incident, "agency": incident.agency, "today": incident.agency.today()}
    with translation.override("id"):
        context["letter_data"] = incident.data_labels
    if request.GET.get("untuk") == "warga":
        context |= _letters(incident, key_in(request.GET.get("sesudah", "")))
    return render(request, "participants/incident_letter.html", context)


@require_POST
@never_cache
@requires(KEEPS)
def incident_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of people concerned as a spreadsheet; who took it stands in the trail."""
    incident, by = _visible(request, pk, to_change=True), signed_in(request)
    actions.note_incident_sheet(incident=incident, by=by)
    content = write_people_concerned(incident, by=by)
    name = f"insiden-{incident.pk}-orang-terdampak.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)

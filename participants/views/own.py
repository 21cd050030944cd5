"""The resident's own page: who they are is asked once, then everything of theirs stands together."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.models import Document
from kit.own_page import own_cards
from kit.posting import form_page, key_in, posted
from kit.throttle import limited
from participants import actions, queries
from participants.forms import StatusForm
from participants.forms.rights import OwnCodeEnterForm, OwnCodeForm
from participants.models import Person, Registration, hash_nik
from participants.queries import OwnAttendance
from participants.views import doors
from participants.views.doors import Visitor


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("status")
def own_sign_in(request: HttpRequest) -> HttpResponse:
    """Number and PIN here; the way by a code stands beside it."""
    form = StatusForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            registration = actions.open_with_pin(**form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            response = redirect("participants:own_page")
            doors.open_entry(response, registration)
            return response
    return form_page(request, "participants/own_sign_in.html", form, entry=doors.entry_of(request))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("own_code")
def own_code(request: HttpRequest) -> HttpResponse:
    """Asks for the identity number; the answer is the same whether anybody bears it or not."""
    form = OwnCodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        nik = form.cleaned_data["nik"]
        actions.send_own_page_code(nik=nik)
        response = redirect("participants:own_code_enter")
        doors.note_asked(response, hash_nik(nik))
        return response
    return form_page(request, "participants/own_code.html", form)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("status")
def own_code_enter(request: HttpRequest) -> HttpResponse:
    asked = doors.asked_of(request)
    if not asked:
        return redirect("participants:own_code")
    form = OwnCodeEnterForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            code = form.cleaned_data["one_time_code"]
            registration = actions.open_with_own_page_code(nik_hash=asked, code=code)
        except ValidationError as refusal:
            form.add_error("one_time_code", refusal)
        else:
            response = redirect("participants:own_page")
            doors.open_entry(response, registration, doors.BY_CODE)
            return response
    return form_page(request, "participants/own_code_enter.html", form)


@dataclass(frozen=True)
class OwnEntry:
    """One registration with what belongs to it."""

    entry: Registration
    attendance: OwnAttendance | None
    papers: list[Document]


def _own_entries(visitor: Visitor) -> list[OwnEntry]:
    entries = list(queries.entries_of_subject(visitor.subject).prefetch_related("attendances")[:50])
    papers: dict[str, list[Document]] = {}
    for paper in queries.papers_of(visitor.subject):
        papers.setdefault(paper.subject, []).append(paper)
    return [
        OwnEntry(
            entry,
            queries.attendance_of(entry) if entry.seat == "held" else None,
            [paper for paper in papers.get(f"entry:{entry.pk}", []) if paper.is_in_force],
        )
        for entry in entries
    ]


@login_not_required
@require_safe
@doors.own_page
def own_page(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    entries = _own_entries(visitor)
    context = {
        "visitor": visitor,
        "entries": entries,
        "cards": own_cards([own.entry.pk for own in entries]),
        "known": queries.job_card_of(visitor.subject) if isinstance(visitor.subject, Person) else None,
        "businesses": sorted({own.entry.business for own in entries} - {""}),
        "requests": queries.requests_of(visitor.subject).without_words()[:10],
        "portal_agency": visitor.registration.batch.program.agency,
    }
    return render(request, "participants/own_page.html", context)


@login_not_required
@require_POST
@doors.own_page
def own_open(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Goes to the page of one of the own entries: tickets, corrections and cancelling are there."""
    wanted = key_in(request.POST.get("entry", ""))
    entry = queries.entries_of_subject(visitor.subject).filter(pk=wanted).first()
    target = request.POST.get("to", "")
    to = {"ticket": "participants:ticket"}.get(target, "participants:status_detail")
    response = redirect(reverse(to)) if entry is not None else redirect("participants:own_page")
    if entry is not None:
        doors.open_entry(response, entry, visitor.way)
    return response

"""The juror's own pages, made for a phone in the hall. Every one works without JavaScript."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incentives import actions, queries
from incentives.actions.jurors import token_hash
from incentives.forms.jury import ChoosePinForm, DeclareForm, DoorForm, RecuseForm, SheetForm, read_sheet
from incentives.models import Edition, Juror, ScoreSheet
from incentives.views.jury_doors import as_juror, device_mark, juror_of, let_in, let_out, marked
from incentives.views.jury_offline import kept_pages
from incentives.views.pitches import file_answer
from kit.posting import attempt, form_page, posted
from kit.throttle import limited

LOST = {"stale", "submitted", "sheet_closed", "locked"}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("juror_pin")
def jury_link(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation: opening it takes nothing, choosing the PIN takes it once."""
    juror = queries.juror_of_link(token_hash(token))
    form, joined = ChoosePinForm(posted(request)), juror

    def join() -> None:
        nonlocal joined
        joined = actions.join_jury(token=token, pin=form.cleaned_data["pin"])

    if attempt(form, join) and joined is not None:
        response = redirect("incentives:jury_home")
        let_in(response, joined)
        return response
    return form_page(request, "incentives/jury_link.html", form, juror=juror)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("juror_pin")
def jury_door(request: HttpRequest) -> HttpResponse:
    """On another device: number and PIN."""
    form = DoorForm(posted(request), initial={"number": request.GET.get("nomor", "")[:25]})
    found: list[Juror] = []

    def enter() -> None:
        known = queries.juror_of_number(form.cleaned_data["number"])
        found.append(actions.enter_jury(juror=known, pin=form.cleaned_data["pin"]))

    if attempt(form, enter):
        response = redirect("incentives:jury_home")
        let_in(response, found[0])
        return response
    known = juror_of(request)
    return marked(form_page(request, "incentives/jury_door.html", form, is_in=known is not None), known)


@login_not_required
@require_POST
def jury_leave(request: HttpRequest) -> HttpResponse:
    response = redirect("incentives:jury_door")
    let_out(response)
    return marked(response, None)


@login_not_required
@require_safe
@as_juror
def jury_home(request: HttpRequest, juror: Juror) -> HttpResponse:
    """The own entries in the order of the day."""
    sheets = queries.own_sheets(juror)
    real = [one for one in sheets if not one.sheet.entry.is_training]
    due = [one for one in real if one.sheet.state not in ScoreSheet.OUT]
    context = {
        "juror": juror,
        "competition": juror.competition,
        "training": [one for one in sheets if one.sheet.entry.is_training],
        "sheets": real,
        "done": sum(one.sheet.state == "submitted" for one in due),
        "due": len(due),
        "number": queries.juror_number(juror.pk),
        "news": queries.news_of(juror),
        "keep": kept_pages(juror, sheets),
    }
    return render(request, "incentives/jury_home.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@as_juror
def jury_declare(request: HttpRequest, juror: Juror) -> HttpResponse:
    """Before the first sheet: with whom the juror has to do."""
    entries = list(queries.judged(juror.competition).defer("content"))
    names = {one.pk: " · ".join(filter(None, queries.entry_names(one, juror.competition.edition))) for one in entries}
    noted = {one.entry_id: one for one in queries.suggestions_of(juror)}
    initial = {f"kind_{pk}": one.kind for pk, one in noted.items() if one.declared}
    form = DeclareForm(posted(request), entries=entries, names=names, initial=initial)
    if attempt(form, lambda: actions.declare_conflicts(juror=juror, said=form.said)):
        messages.success(request, _("Thank you. You can begin to score."))
        return redirect("incentives:jury_home")
    rows = [(form[f"kind_{one.pk}"], noted.get(one.pk)) for one in entries]
    return form_page(request, "incentives/jury_declare.html", form, juror=juror, rows=rows)


def own_sheet(juror: Juror, pk: int) -> ScoreSheet:
    rows = queries.sheets_of(juror).select_related("entry__registration", "entry__region", "edition")
    return get_object_or_404(rows, pk=pk)


def edition_of(sheet: ScoreSheet, juror: Juror) -> Edition:
    """An open sheet follows the method in force; a closed one keeps the one it was scored by."""
    in_force = juror.competition.edition
    return in_force if sheet.is_open and in_force is not None else sheet.edition


def ahead(juror: Juror, sheet: ScoreSheet) -> str:
    """What has to be done before this sheet: the declaration, then the training entry."""
    if juror.declared_at is None:
        return "incentives:jury_declare"
    if not sheet.entry.is_training and queries.waits_for_training(juror) is not None:
        return "incentives:jury_home"
    return ""


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@as_juror
def jury_sheet(request: HttpRequest, juror: Juror, pk: int) -> HttpResponse:
    """One entry and its sheet. Without JavaScript a button keeps the draft, and another leads to submitting."""
    sheet = own_sheet(juror, pk)
    if before := ahead(juror, sheet):
        messages.info(request, _("First this step, then the sheets open."))
        return redirect(before)
    edition = edition_of(sheet, juror)
    form = SheetForm(posted(request), criteria=list(edition.criteria.all()))
    if attempt(form, lambda: actions.save_sheet(sheet=sheet, given=form.told)):
        if "send" in request.POST:
            return redirect("incentives:jury_send", pk)
        messages.success(request, _("Kept as a draft."))
        return redirect("incentives:jury_sheet", pk)
    context = sheet_context(juror, sheet, edition) | {"lines": queries.lines_of(sheet, edition, form.typed)}
    return form_page(request, "incentives/jury_sheet.html", form, **context)


def sheet_context(juror: Juror, sheet: ScoreSheet, edition: Edition) -> dict[str, Any]:
    name, sub = queries.entry_names(sheet.entry, edition)
    lines = queries.lines_of(sheet, edition)
    order = list(queries.sheets_of(juror).values_list("pk", flat=True))
    place = order.index(sheet.pk)
    return {
        "juror": juror,
        "competition": juror.competition,
        "mark": device_mark(juror),
        "sheet": sheet,
        "name": name,
        "sub": sub,
        "lines": lines,
        "total": queries.total_of(lines),
        "shown": queries.for_jury(sheet.entry, edition),
        "facts": queries.shown_facts(sheet.entry, edition),
        "is_open": sheet.is_open,
        "next_sheet": order[place + 1] if place + 1 < len(order) else None,
        "previous_sheet": order[place - 1] if place else None,
        "client_id": uuid.uuid4(),
        "place": place + 1,
        "number": len(order),
    }


@login_not_required
@require_safe
@as_juror
def jury_file(request: HttpRequest, juror: Juror, pk: int, file: int) -> HttpResponse:
    """A picture or the slides of an entry that the juror scores; where the jury is blind, no picture."""
    sheet = own_sheet(juror, pk)
    shown = queries.for_jury(sheet.entry, edition_of(sheet, juror))
    found = next((one for one in shown.files if one.pk == file), None)
    if found is None:
        raise Http404
    return file_answer(found)


@login_not_required
@require_POST
@as_juror
def jury_save(request: HttpRequest, juror: Juror, pk: int) -> JsonResponse:
    """What the page keeps and sends by itself: a draft, or with a `client_id` the submission."""
    sheet = own_sheet(juror, pk)
    try:
        given, client_id = read_sheet(request.body)
        if ahead(juror, sheet):
            raise ValidationError(_("First this step, then the sheets open."), code="not_yet")
        if client_id is not None:
            saved = actions.submit_sheet(sheet=sheet, given=given, client_id=client_id)
        else:
            saved = actions.save_sheet(sheet=sheet, given=given)
    except ValidationError as refusal:
        fresh = own_sheet(juror, pk)
        status = 409 if refusal.code in LOST else 422
        said = {"error": refusal.code, "message": " ".join(refusal.messages), "theirs": queries.version_of(fresh)}
        return JsonResponse(said, status=status)
    return JsonResponse({"saved": queries.version_of(saved)})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@as_juror
def jury_send(request: HttpRequest, juror: Juror, pk: int) -> HttpResponse:
    """The second look before a sheet is closed."""
    sheet = own_sheet(juror, pk)
    if before := ahead(juror, sheet):
        return redirect(before)
    edition = edition_of(sheet, juror)
    form = SheetForm(posted(request), criteria=list(edition.criteria.all()))

    def submit() -> None:
        client_id = form.cleaned_data["client_id"]
        actions.submit_sheet(sheet=sheet, given=form.told, client_id=client_id)

    if attempt(form, submit):
        messages.success(request, _("Submitted. Thank you."))
        return redirect("incentives:jury_home")
    return form_page(request, "incentives/jury_send.html", form, **sheet_context(juror, sheet, edition))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@as_juror
def jury_recuse(request: HttpRequest, juror: Juror, pk: int) -> HttpResponse:
    """Conflict noticed later, or a pitch missed."""
    sheet = own_sheet(juror, pk)
    form = RecuseForm(posted(request), initial={"client_id": uuid.uuid4()})

    def act() -> None:
        given = form.cleaned_data
        if given["kind"] == "abstain":
            actions.abstain(sheet=sheet, reason=given["note"], client_id=given["client_id"])
        else:
            actions.recuse(juror=juror, entry=sheet.entry, said=actions.Said(given["kind"], given["note"]))

    if attempt(form, act):
        messages.success(request, _("Noted. This entry is judged without you."))
        return redirect("incentives:jury_home")
    name, sub = queries.entry_names(sheet.entry, juror.competition.edition)
    return form_page(request, "incentives/jury_recuse.html", form, juror=juror, sheet=sheet, name=name, sub=sub)

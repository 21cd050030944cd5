"""Pitches at the office: the list, one pitch with its check, how it ends."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from incentives import actions, queries
from incentives.forms.entries import EntryCheckForm, EntryEndForm, EntryFilterForm
from incentives.models import Competition, Entry, EntryFile
from incentives.permissions import can_check_pitch, can_manage_competition
from incentives.queries import lists
from incentives.views.pitches import file_answer
from kit.pages import counted, keyset_page
from kit.posting import attempt, form_page, posted, require, tell_refusal

SEES = Permission.VIEW_COMPETITIONS
PAGE_SIZE = 50
PARTS = ("competition__program__agency", "competition__edition", "competition__venue")


def seen_competition(request: HttpRequest, pk: int) -> Competition:
    return get_object_or_404(Competition.objects.visible_to(signed_in(request)).with_parts(), pk=pk)


def seen_entry(request: HttpRequest, pk: int) -> Entry:
    """Nobody at the office reads a draft."""
    rows = Entry.objects.visible_to(signed_in(request)).exclude(state=Entry.State.DRAFT).real()
    parts = ("region", "checked_by", "registration__completion", "registration__batch", "registration__person")
    return get_object_or_404(rows.select_related(*PARTS, *parts), pk=pk)


def checked_entry(request: HttpRequest, pk: int) -> Entry:
    entry = seen_entry(request, pk)
    require(can_check_pitch(signed_in(request), entry))
    return entry


@require_safe
@requires(SEES)
def entry_list(request: HttpRequest, pk: int) -> HttpResponse:
    competition, user = seen_competition(request, pk), signed_in(request)
    form, state = EntryFilterForm(request.GET), request.GET.get("keadaan", "")
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = lists.narrowed(lists.entries_seen(user, competition), state=state, text=text)
    context = {
        "competition": competition,
        "form": form,
        "state": state if state in lists.SHOWN else "",
        "counts": lists.counts_of(user, competition),
        "page": keyset_page(found, request.GET, size=PAGE_SIZE, newest_first=False),
        "total": counted(found),
        "narrowed": bool(text or state),
        "categories": queries.category_names(competition),
        "may_order": can_manage_competition(user, competition),
    }
    return render(request, "incentives/entry_list.html", context)


@require_safe
@requires(SEES)
def entry_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Every pitch that was sent, on paper."""
    competition = seen_competition(request, pk)
    rows = lists.entries_seen(signed_in(request), competition).order_by("pk")
    context = {"competition": competition, "rows": rows, "categories": queries.category_names(competition)}
    return render(request, "incentives/entry_print.html", context)


def _page_of(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    user, files = signed_in(request), list(entry.files.all())
    return {
        "entry": entry,
        "competition": entry.competition,
        "told": queries.told_facts(entry),
        "checks": queries.checks_of(entry),
        "pictures": [file for file in files if file.kind == EntryFile.Kind.PICTURE],
        "slides": next((file for file in files if file.kind == EntryFile.Kind.SLIDES), None),
        "category": queries.category_names(entry.competition).get(entry.category, ""),
        "may_check": can_check_pitch(user, entry) and entry.competition.first_score_at is None,
        "may_end": can_check_pitch(user, entry) and entry.competition.locked_at is None,
    }


@require_safe
@never_cache
@requires(SEES)
def entry_detail(request: HttpRequest, pk: int) -> HttpResponse:
    entry = seen_entry(request, pk)
    context = _page_of(request, entry) | {"form": EntryCheckForm()}
    return render(request, "incentives/entry_detail.html", context)


@require_safe
@never_cache
@requires(SEES)
def entry_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    entry = seen_entry(request, pk)
    return file_answer(get_object_or_404(entry.files.select_related("stored", "entry"), pk=file))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHECK_PITCHES)
def entry_check(request: HttpRequest, pk: int) -> HttpResponse:
    entry, by = checked_entry(request, pk), signed_in(request)
    form = EntryCheckForm(posted(request))

    def decide() -> None:
        note = form.cleaned_data["note"]
        steps = {
            "admit": partial(actions.admit_entry, entry=entry, by=by),
            "fix": partial(actions.ask_entry_fix, entry=entry, note=note, by=by),
            "refuse": partial(actions.refuse_entry, entry=entry, reason=note, by=by),
        }
        steps[form.cleaned_data["decision"]]()

    if attempt(form, decide):
        messages.success(request, _("Noted, and the resident is told."))
        return redirect("incentives:entry_list", entry.competition_id)
    return form_page(request, "incentives/entry_check.html", form, **_page_of(request, entry))


@require_POST
@requires(Permission.CHECK_PITCHES)
def entry_undo(request: HttpRequest, pk: int) -> HttpResponse:
    entry = checked_entry(request, pk)
    if tell_refusal(request, lambda: actions.undo_entry_check(entry=entry, by=signed_in(request))):
        messages.success(request, _("The decision is taken back; the pitch waits for the check again."))
    return redirect(entry)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHECK_PITCHES)
def entry_end(request: HttpRequest, pk: int) -> HttpResponse:
    entry = checked_entry(request, pk)
    form = EntryEndForm(posted(request))
    if attempt(form, lambda: actions.end_entry(entry=entry, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, _("The pitch is out of the competition, and the resident is told."))
        return redirect(entry)
    return form_page(request, "incentives/entry_end.html", form, entry=entry, competition=entry.competition)

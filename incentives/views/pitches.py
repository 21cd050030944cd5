"""The resident's pitch: one page that saves at any time, its files, and taking it back."""

import logging
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incentives import actions, queries
from incentives.forms.pitches import PitchForm, PitchWithdrawForm
from incentives.models import Entry, EntryFile
from incentives.queries import Place
from incentives.queries.own import own_certificates
from incentives.views.doors import own_place
from kit.crypto import UndecryptableError
from kit.posting import attempt, form_page, posted
from kit.slides.apart import MOST_BYTES
from kit.throttle import limited
from kit.uploads import takes_files
from participants.actions import certificate_bytes, note_certificate_fetched

logger = logging.getLogger(__name__)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(MOST_BYTES)
@limited("pitch")
@own_place
def pitch_own(request: HttpRequest, place: Place) -> HttpResponse:
    """Saved as it is at any time; sent when it is whole."""
    against = queries.obstacle(place.competition, place.registration, place.entry, timezone.now())
    if against and (place.entry is None or request.method != "POST"):
        return render(request, "incentives/pitch_own.html", {"place": place, "against": against} | _shown(place))
    files = request.FILES if request.method == "POST" else None
    form = PitchForm(posted(request), competition=place.competition, entry=place.entry, files=files)
    if form.is_bound and _received(request, place, form):
        return redirect("incentives:pitch_own", place.competition.pk)
    fresh = Place(place.competition, place.registration, form.entry)
    return form_page(request, "incentives/pitch_own.html", form, place=fresh, **_shown(fresh))


def _received(request: HttpRequest, place: Place, form: PitchForm) -> bool:
    """Whether all of it is kept. A draft keeps what could be read of it, whatever else is said on the form."""
    is_whole, key = form.is_valid(), form.cleaned_data.get("submission_key")
    is_sent = request.POST.get("step") == "send"
    if isinstance(key, uuid.UUID) and place.state not in {Entry.State.SUBMITTED, Entry.State.ADMITTED}:
        if not _kept(place, form, key) or not is_whole:
            return False
        if is_sent and not attempt(form, lambda: _save(place, form, is_sent=True)):
            return False
    elif not is_whole or not attempt(form, lambda: _save(place, form, is_sent=True)) or not _filed(form, key):
        return False
    sent = _("Your pitch has been sent. A message confirms it.")
    messages.success(request, sent if is_sent or place.is_sent else _("Saved. It is not sent yet."))
    return True


def _kept(place: Place, form: PitchForm, key: uuid.UUID) -> bool:
    try:
        _save(place, form, is_sent=False)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return _filed(form, key)


def _save(place: Place, form: PitchForm, *, is_sent: bool) -> None:
    form.entry = actions.save_pitch(
        competition=place.competition, registration=place.registration, pitch=form.pitch, is_sent=is_sent, by=None
    )


def _filed(form: PitchForm, key: Any) -> bool:
    """Each file is judged for itself: one that is refused takes no other with it, and no word of the text."""
    is_fine, entry = True, form.entry
    assert entry is not None  # noqa: S101 - it was saved before
    for number, (kind, content) in enumerate(form.sent_files):
        try:
            own_key = uuid.uuid5(key, f"{kind} {number}")
            actions.add_pitch_file(entry=entry, kind=kind, content=content, form_key=own_key, by=None)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            is_fine = False
    return is_fine


def _shown(place: Place) -> dict[str, Any]:
    files = list(place.entry.files.all()) if place.entry is not None and place.entry.pk else []
    return {
        "certificate": own_certificates([place.entry.pk]).get(place.entry.pk)
        if place.entry is not None and place.entry.pk
        else None,
        "portal_agency": place.competition.program.agency,
        "edition": place.competition.edition,
        "pictures": [file for file in files if file.kind == EntryFile.Kind.PICTURE],
        "slides": next((file for file in files if file.kind == EntryFile.Kind.SLIDES), None),
        "most_pictures": queries.MOST_PICTURES,
        "told": queries.told_facts(place.entry) if place.entry is not None else [],
    }


def file_response(file: EntryFile, content: bytes) -> HttpResponse:
    """What no browser takes for anything else, keeps, or gives to another page."""
    is_picture = file.kind == EntryFile.Kind.PICTURE
    mime, name = (
        ("image/jpeg", f"gambar-{file.pk}.jpg") if is_picture else ("application/pdf", f"salindia-{file.pk}.pdf")
    )
    disposition = {"Content-Disposition": f'{"inline" if is_picture else "attachment"}; filename="{name}"'}
    return HttpResponse(content, content_type=mime, headers=HEADERS | disposition)


def file_answer(file: EntryFile) -> HttpResponse:
    try:
        return file_response(file, queries.read_entry_file(file))
    except (UndecryptableError, ValueError) as error:
        logger.exception("A file of a pitch cannot be read.")
        raise Http404 from error


def own_file(place: Place, file: int) -> EntryFile:
    return get_object_or_404(EntryFile.objects.select_related("stored", "entry"), pk=file, entry=place.entry)


@login_not_required
@require_safe
@own_place
def pitch_own_file(request: HttpRequest, place: Place, file: int) -> HttpResponse:
    return file_answer(own_file(place, file))


@login_not_required
@require_safe
@limited("certificate", "GET")
@own_place
def pitch_own_certificate(request: HttpRequest, place: Place) -> HttpResponse:
    """The winner's own certificate; a worker sets it within seconds, not the winner."""
    entry = place.entry
    document = own_certificates([entry.pk]).get(entry.pk) if entry is not None else None
    if document is None:
        raise Http404
    if document.file_id is None:
        return redirect("incentives:pitch_own", place.competition.pk)
    content = certificate_bytes(document=document, by=None)
    if request.method == "GET":
        note_certificate_fetched(registration=place.registration, document=document)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=document.file_name) or ""
    return answer


@login_not_required
@require_POST
@limited("pitch")
@own_place
def pitch_own_file_remove(request: HttpRequest, place: Place, file: int) -> HttpResponse:
    try:
        actions.remove_pitch_file(file=own_file(place, file), by=None)
        messages.success(request, _("The file has been removed."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("incentives:pitch_own", place.competition.pk)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("pitch")
@own_place
def pitch_own_withdraw(request: HttpRequest, place: Place) -> HttpResponse:
    """Asks first: what is taken back is not before the jury."""
    entry = place.entry
    if entry is None:
        raise Http404
    form = PitchWithdrawForm(posted(request))
    if attempt(form, lambda: actions.withdraw_pitch(entry=entry, by=None, **form.cleaned_data)):
        messages.success(request, _("Your pitch has been taken back."))
        return redirect("participants:own_page")
    return form_page(request, "incentives/pitch_own_withdraw.html", form, place=place, entry=entry)

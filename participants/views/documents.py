"""Photos of documents on the resident's side: send, replace, look at, take back."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from kit.crypto import UndecryptableError
from kit.throttle import allow, limited
from kit.uploads import takes_files
from participants import actions, queries
from participants.forms import DocumentForm
from participants.forms.documents import MOST_BYTES
from participants.models import EvidenceFile, Registration
from participants.queries import Document
from participants.views import doors

logger = logging.getLogger(__name__)

SALT = "participants.document"
SECONDS = 600
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Shown:
    """A document with an address of its photo that works for a few minutes."""

    document: Document
    address: str = ""


def with_addresses(registration: Registration, documents: Sequence[Document]) -> list[Shown]:
    return [Shown(document, _address(registration, document.photo)) for document in documents]


def _address(registration: Registration, photo: EvidenceFile | None) -> str:
    if photo is None:
        return ""
    return reverse("participants:document_photo", args=[signing.dumps([photo.pk, registration.pk], salt=SALT)])


def photo_response(photo: EvidenceFile, content: bytes) -> HttpResponse:
    """A picture that no browser takes for anything else, keeps, or gives to another page."""
    name = f"{photo.kind}-{photo.pk}.jpg"
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="image/jpeg", headers=HEADERS | disposition)


def document_of(registration: Registration, kind: str) -> Document:
    """404 when the programme does not ask this resident for it."""
    found = next((document for document in queries.documents_of(registration) if document.kind == kind), None)
    if found is None:
        raise Http404
    return found


def received(form: DocumentForm, registration: Registration, kind: str, by: User | None = None) -> bool:
    """Whether the photo is stored now. What refuses it stands on the form."""
    if not form.is_valid():
        return False
    tries = settings.EVIDENCE["attempts_an_hour"]
    if not allow(f"document:{registration.pk}", tries, 3600):
        form.add_error("photo", _("Too many attempts. Please try again in an hour."))
        return False
    try:
        actions.add_evidence(registration=registration, kind=kind, content=form.cleaned_data["content"], by=by)
    except ValidationError as refusal:
        form.add_error("photo", refusal)
        return False
    return True


def answered(
    request: HttpRequest, form: DocumentForm, registration: Registration, kind: str, home: str, by: User | None = None
) -> HttpResponse | None:
    """The answer to a photo, for a script in its own words; None where the page shows what was wrong."""
    is_received, by_script = received(form, registration, kind, by), request.headers.get("X-Requested-With") == "fetch"
    if is_received:
        messages.success(request, _("The photo has been received. Thank you."))
        return JsonResponse({"next": home}) if by_script else redirect(home)
    sentence = " ".join(str(error) for error in form.errors["photo"])
    return JsonResponse({"error": sentence}, status=422) if by_script else None


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(MOST_BYTES)
@limited("evidence")
@doors.own_by_code
def document_send(request: HttpRequest, registration: Registration, kind: str) -> HttpResponse:
    document, home = document_of(registration, kind), doors.home_of(request, registration)
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    if request.method == "POST" and (answer := answered(request, form, registration, kind, reverse(home))):
        return answer
    context = {
        "form": form,
        "registration": registration,
        "shown": with_addresses(registration, [document])[0],
        "can_send": registration.can_be_corrected,
        "home": reverse(home),
        "limits": settings.EVIDENCE,
        "portal_agency": registration.batch.program.agency,
    }
    return render(request, "participants/document_send.html", context, status=422 if form.errors else 200)


@login_not_required
@require_POST
@limited("evidence")
@doors.own_by_code
def document_remove(request: HttpRequest, registration: Registration, kind: str) -> HttpResponse:
    document_of(registration, kind)
    try:
        actions.remove_evidence(registration=registration, kind=kind, by=None)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The photo has been deleted."))
    return redirect(doors.home_of(request, registration))


@login_not_required
@require_safe
def document_photo(request: HttpRequest, token: str) -> HttpResponse:
    """The address works for some minutes, and only in the browser in which the entry is open."""
    try:
        key, registration_key = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.SignatureExpired:
        return redirect("participants:status_detail")
    except signing.BadSignature as error:
        raise Http404 from error
    registration = next((entry for entry in doors.open_doors(request) if entry.pk == registration_key), None)
    if registration is None:
        return redirect("participants:status")
    photo = get_object_or_404(registration.evidence.kept().select_related("stored"), pk=key)
    try:
        return photo_response(photo, queries.read_photo(photo))
    except UndecryptableError as error:
        logger.exception("A photo of a document cannot be decrypted.")
        raise Http404 from error

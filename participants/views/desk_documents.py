"""Photos of documents at the office: look at them while checking, and send them for a resident at the desk."""

import logging

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.crypto import UndecryptableError, keyed_hash
from kit.posting import require
from kit.uploads import takes_files
from participants import actions, queries
from participants.forms import DocumentForm
from participants.forms.documents import MOST_BYTES
from participants.models import EvidenceFile, Registration
from participants.permissions import can_correct, can_verify
from participants.views.desk import visible_registration
from participants.views.documents import SECONDS, Shown, answered, document_of, photo_response

logger = logging.getLogger(__name__)

SALT = "participants.registration_photo"
SEES = Permission.VIEW_REGISTRATIONS


def _session(request: HttpRequest) -> str:
    """A mark of this sign-in: an address that is passed on opens nothing elsewhere."""
    return keyed_hash("photo address", str(request.session.session_key))[:16]


def with_addresses(request: HttpRequest, registration: Registration) -> list[Shown]:
    """The documents of an entry, with addresses of their photos for this person, this sign-in and some minutes."""
    return [
        Shown(document, _address(request, document.photo) if document.photo else "")
        for document in queries.documents_of(registration)
    ]


def _address(request: HttpRequest, photo: EvidenceFile) -> str:
    token = signing.dumps([photo.pk, signed_in(request).pk, _session(request)], salt=SALT)
    return reverse("participants:registration_photo", args=[photo.registration_id, token])


@require_safe
@never_cache
@requires(SEES)
def registration_photo(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Only for who verifies this entry. Each look is written down."""
    registration, user = visible_registration(request, pk), signed_in(request)
    require(can_verify(user, registration))
    try:
        key, user_key, session = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.SignatureExpired:
        messages.info(request, _("The address of the photo had expired. Here it is again."))
        return redirect("participants:registration_verify", pk)
    except signing.BadSignature as error:
        raise Http404 from error
    if (user_key, session) != (user.pk, _session(request)):
        raise Http404
    photo = get_object_or_404(registration.evidence.kept().select_related("stored"), pk=key)
    try:
        return photo_response(photo, actions.look_at_evidence(photo=photo, by=user))
    except UndecryptableError as error:
        logger.exception("A photo of a document cannot be decrypted.")
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@takes_files(MOST_BYTES)
@requires(SEES)
def registration_document(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """For a resident who stands at the desk: the officer photographs the card, or sends the resident's picture."""
    registration, by = visible_registration(request, pk), signed_in(request)
    require(can_correct(by, registration))
    document = document_of(registration, kind)
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    home = registration.get_absolute_url()
    if request.method == "POST" and (answer := answered(request, form, registration, kind, home, by)):
        return answer
    context = {
        "form": form,
        "registration": registration,
        "document": document,
        "can_send": registration.can_be_corrected,
    }
    status = 422 if form.errors else 200
    return render(request, "participants/registration_document.html", context, status=status)


@require_POST
@never_cache
@requires(SEES)
def registration_document_remove(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    registration, by = visible_registration(request, pk), signed_in(request)
    require(can_correct(by, registration))
    document_of(registration, kind)
    try:
        actions.remove_evidence(registration=registration, kind=kind, by=by)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The photo has been deleted."))
    return redirect(registration)

"""The owner's own address of a certificate: from the message or the own page, never from the sheet."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from documents.models import Document
from kit.throttle import limited
from participants import actions, queries
from participants.models import Registration
from participants.papers.certificates import CERTIFICATE_CODE, told_of_certificate


def own_certificate(token: str, seal: str) -> Document:
    """The newest edition at this address; 404 for everybody who has only the code of the sheet."""
    if not constant_time_compare(seal, queries.certificate_seal(token)):
        raise Http404
    editions = Document.objects.filter(token=token, kind=CERTIFICATE_CODE).select_related("agency", "layout", "file")
    document = editions.order_by("-edition").first()
    if document is None:
        raise Http404
    timezone.activate(document.agency.zone)
    return document


@login_not_required
@require_safe
@never_cache
def certificate_own(request: HttpRequest, token: str, seal: str) -> HttpResponse:
    document = own_certificate(token, seal)
    context = {"document": document, "seal": seal, "told": told_of_certificate(document.printed)}
    return render(request, "participants/certificate_own.html", context)


@login_not_required
@require_safe
@never_cache
@limited("certificate", "GET")
def certificate_file(request: HttpRequest, token: str, seal: str) -> HttpResponse:
    """The file of a certificate that is in force."""
    document = own_certificate(token, seal)
    if not document.is_in_force:
        raise Http404
    if document.file_id is None:  # a worker sets it within seconds, not the visitor
        return redirect("participants:certificate_own", token, seal)
    content = actions.certificate_bytes(document=document, by=None)
    entry = Registration.objects.filter(pk=document.subject.partition(":")[2]).select_related("person").first()
    if entry is not None and request.method == "GET":
        actions.note_certificate_fetched(registration=entry, document=document)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=document.file_name) or ""
    return answer

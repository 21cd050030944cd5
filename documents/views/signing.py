"""Signing on the screen, and the scans of what was signed by hand."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from documents import actions
from documents.forms.signing import (
    MOST_CERTIFICATE,
    MOST_SCAN,
    CertificateForm,
    ScanForm,
    ServiceForm,
    SigningForm,
    WithdrawForm,
)
from documents.kinds import ISSUING, SEEING, permission_for
from documents.models import (
    Document,
    Method,
    Official,
    Signature,
    Status,
    kinds_signed_by,
    own_places,
    paper_file,
    signatories_on,
)
from documents.signing import service
from jobs.models import StoredFile
from kit.pages import keyset_page
from kit.posting import attempt, form_page, posted
from kit.uploads import takes_files

PAGE_SIZE = actions.MOST_AT_ONCE


@require_safe
@never_cache
@requires(Permission.SIGN_DOCUMENTS)
def signing_list(request: HttpRequest) -> HttpResponse:
    """Papers that bear one's name and are not signed yet, newest first."""
    user = signed_in(request)
    found = Document.objects.visible_to(user, Permission.SIGN_DOCUMENTS).filter(
        status=Status.ISSUED, file__isnull=False, kind__in=kinds_signed_by(user)
    )
    page = keyset_page(found.select_related("region", "agency"), request.GET, size=PAGE_SIZE)
    mine = own_places(page.rows, user)
    rows = [document for document in page.rows if document.pk in mine]
    context = {
        "rows": rows,
        "page": page,
        "is_linked": Official.objects.filter(user=user).exists(),
        "all_chosen": "semua" in request.GET,
    }
    return render(request, "documents/signing_list.html", context)


@sensitive_post_parameters("password", "passphrase", "nik")
@takes_files(MOST_CERTIFICATE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.SIGN_DOCUMENTS)
def signing_confirm(request: HttpRequest) -> HttpResponse:
    """The chosen papers once more, then certificate file or e-sign service; all are signed or none."""
    user = signed_in(request)
    papers = chosen_papers(request, user)
    if not papers:
        messages.error(request, _("Choose the papers to be signed first."))
        return redirect("documents:signing_list")
    method = request.POST.get("method", "")
    forms: dict[str, SigningForm] = {
        "certificate": CertificateForm(*_sent(request, "certificate")),
        "service": ServiceForm(*_sent(request, "service")),
    }
    form = forms.get(method, forms["certificate"])
    if attempt(form, lambda: actions.sign_papers(documents=papers, signer=form.signer(), by=user)):
        done = ngettext("%(count)d paper is signed.", "%(count)d papers are signed.", len(papers))
        messages.success(request, done % {"count": len(papers)})
        return redirect("documents:signing_list")
    context = {"papers": papers, "forms": forms, "has_service": service.is_set_up()}
    return form_page(request, "documents/signing_confirm.html", form, **context)


def chosen_papers(request: HttpRequest, user: User) -> list[Document]:
    """Those of the request that wait for this person; others are left out without a word."""
    wanted = (request.POST if request.method == "POST" else request.GET).getlist("naskah")[: PAGE_SIZE + 1]
    keys = [int(key) for key in wanted if key.isascii() and key.isdigit() and len(key) < 18]
    found = Document.objects.visible_to(user, Permission.SIGN_DOCUMENTS).filter(
        pk__in=keys, status=Status.ISSUED, file__isnull=False
    )
    papers = list(found.select_related("agency__region", "file", "region").order_by("-pk"))
    mine = own_places(papers, user)
    return [paper for paper in papers if paper.pk in mine]


@require_safe
@never_cache
@requires(*SEEING)
def signing_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it is now, to be read before signing and handed out after."""
    user = signed_in(request)
    document = get_object_or_404(Document.objects.visible_to(user).select_related("agency", "file"), pk=pk)
    file = paper_file(document)
    if file is None:
        raise Http404
    return shown_file(document, file, user)


@takes_files(MOST_SCAN)
@require_http_methods(["GET", "HEAD", "POST"])
@requires(*ISSUING)
def scan_create(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    rows = Document.objects.visible_to(user, Permission.ISSUE_DOCUMENTS).select_related("agency", "region")
    document = get_object_or_404(rows, pk=pk)
    form = ScanForm(posted(request), request.FILES or None)
    if attempt(form, lambda: actions.keep_scan(document=document, content=form.cleaned_data["scan"], by=user)):
        messages.success(request, _("The scan is kept, and the paper is signed."))
        return redirect("documents:signature_list", pk)
    waits = document.status == Status.ISSUED and document.file_id is not None
    return form_page(request, "documents/scan_create.html", form, document=document, waits=waits)


@require_safe
@requires(*SEEING)
def signature_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has signed this paper and how, and what is still to be signed."""
    user = signed_in(request)
    document = get_object_or_404(Document.objects.visible_to(user).select_related("agency", "region", "file"), pk=pk)
    signatures = list(document.signatures.in_order().select_related("signed_by", "withdrawn_by"))
    standing = {one.place: one for one in signatures if one.withdrawn_at is None}
    waits = document.status == Status.ISSUED and document.file_id is not None
    asked = permission_for(document.kind, Permission.ISSUE_DOCUMENTS)
    may_issue = holds(user, asked, document.agency_id, document.region_id)
    context = {
        "document": document,
        "rows": [
            (who, standing.get(place) or standing.get(None)) for place, who in enumerate(signatories_on(document))
        ],
        "signatures": signatures,
        "is_mine": waits and document.pk in own_places([document], user),
        "may_scan": waits and may_issue and not standing,
        "may_issue": may_issue,
        "wet": Method.WET,
    }
    return render(request, "documents/signature_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*ISSUING)
def scan_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user, signature = signed_in(request), visible_signature(request, pk)
    if signature.method != Method.WET:
        raise PermissionDenied
    form = WithdrawForm(posted(request))
    if attempt(form, lambda: actions.withdraw_scan(signature=signature, reason=form.cleaned_data["reason"], by=user)):
        messages.success(request, _("The scan no longer counts. The paper waits for its signature again."))
        return redirect("documents:signature_list", signature.document_id)
    return form_page(request, "documents/scan_withdraw.html", form, document=signature.document)


@require_safe
@never_cache
@requires(*SEEING)
def signature_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of one signature, a withdrawn scan too."""
    signature = visible_signature(request, pk)
    return shown_file(signature.document, signature.file, signed_in(request))


def visible_signature(request: HttpRequest, pk: int) -> Signature:
    rows = Signature.objects.visible_to(signed_in(request)).select_related("document__agency__region", "file")
    return get_object_or_404(rows, pk=pk)


def shown_file(document: Document, file: StoredFile, user: User) -> HttpResponse:
    """In the browser's own viewer: scans were looked through for anything that acts by itself."""
    response = HttpResponse(file.content(), content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(False, file.name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    actions.note_read(document=document, by=user)
    return response


def _sent(request: HttpRequest, method: str) -> tuple[Any, Any]:
    """What was sent for this way to sign; the other form stays blank."""
    return (request.POST, request.FILES) if request.POST.get("method") == method else (None, None)

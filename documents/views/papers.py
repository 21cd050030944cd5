"""Papers: found, looked at before they count, issued, read, corrected, revoked, and verified by anybody."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from documents import actions
from documents.forms.papers import IssueForm, PaperFilterForm, ReasonForm
from documents.kinds import ISSUING, SEEING, PaperKind, Subject, paper_kind, permission_for, scope_key
from documents.models import Document, paper_file, standing_signatures
from documents.queries import changes_since, copy_for, drafts_of, subject_of
from documents.typesetting import LayoutFault, Typesetter
from documents.views.signing import shown_file
from jobs.actions import start
from kit.pages import counted, keyset_page
from kit.posting import attempt, form_page, posted

PAGE_SIZE = 50
# So many papers are issued while somebody waits; more are long work with progress.
AT_ONCE = 3


@require_safe
@requires(*SEEING)
def document_list(request: HttpRequest) -> HttpResponse:
    form = PaperFilterForm(request.GET)
    found = form.narrow(Document.objects.visible_to(signed_in(request)))
    page = keyset_page(found.listed(), request.GET, size=PAGE_SIZE)
    context = {"form": form, "page": page, "total": counted(found), "narrowed": bool(request.GET)}
    return render(request, "documents/document_list.html", context)


@require_safe
@never_cache
@requires(*SEEING)
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, document = signed_in(request), visible_document(request, pk)
    editions = Document.objects.filter(token=document.token).exclude(pk=document.pk).listed().order_by("-edition")
    subject = subject_of(document, user) if document.is_in_force else None
    context = {
        "document": document,
        "editions": list(editions),
        "may": may_issue(user, document),
        "signatures": standing_signatures(document),
        "is_groundless": document.is_in_force and subject is None,
        "changes": changes_since(document, subject) if subject else [],
    }
    return render(request, "documents/document_detail.html", context)


@require_safe
@never_cache
@requires(*SEEING)
def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper to hand out: as it was signed, and until then as it was issued."""
    user, document = signed_in(request), visible_document(request, pk)
    if document.signatures.standing().exists() and (file := paper_file(document)):
        return shown_file(document, file, user)
    return _original(request, document, user)


@require_safe
@never_cache
@requires(*SEEING)
def document_original(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes as they were issued, without signatures, whoever asks and however often."""
    return _original(request, visible_document(request, pk), signed_in(request))


@require_safe
@never_cache
@requires(*SEEING)
def document_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody who lost the sheet: marked as a copy with today's day, and kept nowhere."""
    document = visible_document(request, pk)
    if not document.is_in_force:
        raise Http404
    try:
        with Typesetter() as typesetter:
            content = typesetter.pdf(copy_for(document, document.agency.today()))
    except LayoutFault as fault:
        messages.error(request, str(fault))
        return redirect(document)
    actions.note_copied(document=document, by=signed_in(request))
    return pdf_answer(content, f"salinan-{document.file_name}")


def _original(request: HttpRequest, document: Document, user: User) -> HttpResponse:
    try:
        content = actions.reprint(document=document, by=user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(document)
    actions.note_opened(document=document, by=user)
    return pdf_answer(content, document.file_name)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*ISSUING)
def document_issue(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Shows for whom the papers would be, then gives them their numbers: a few at once, many as long work."""
    user = signed_in(request)
    kind, subjects = asked_for(user, code, pk)
    agency = subjects[0].agency if subjects else None
    form = IssueForm(posted(request), initial={"date": agency.today() if agency else None})
    if subjects and attempt(form, lambda: _issue(kind, pk, subjects, form, user)):
        if len(subjects) > AT_ONCE:
            messages.success(request, _("The papers are being made. You can leave this page; the work goes on."))
            return redirect("jobs:job_list")
        messages.success(request, _("Issued."))
        return redirect(Document.objects.in_force().get(kind=kind.code, subject=subjects[0].key))
    known = Document.objects.in_force().filter(kind=kind.code, subject__in=[one.key for one in subjects])
    context = {"kind": kind, "pk": pk, "subjects": subjects[:PAGE_SIZE], "total": len(subjects)}
    return form_page(request, "documents/document_issue.html", form, **context, issued=known.count())


def _issue(kind: PaperKind, pk: int, subjects: list[Subject], form: IssueForm, user: User) -> None:
    date, agency = form.cleaned_data["date"], subjects[0].agency
    if len(subjects) > AT_ONCE:
        params = {"kind": kind.code, "pk": pk, "date": date.isoformat()}
        place = f"{reverse('documents:document_list')}?{urlencode({'kind': kind.code, 'scope': scope_key(kind, pk)})}"
        start(kind="papers_issue", params=params, agency=agency, by=user, title=kind.name, place=place)
        return
    actions.issue_many(kind=kind, scope=scope_key(kind, pk), subjects=subjects, date=date, by=user)


@require_safe
@never_cache
@requires(*ISSUING)
def document_draft(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The first paper as it would be, with the word for draft on each page, no number and no address."""
    kind, subjects = asked_for(signed_in(request), code, pk)
    if not subjects:
        raise Http404
    try:
        [order] = drafts_of(kind, subjects[:1], subjects[0].agency.today())
        with Typesetter() as typesetter:
            content = typesetter.pdf(order)
    except (ValidationError, LayoutFault) as refusal:
        messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect("documents:document_issue", code, pk)
    return pdf_answer(content, f"konsep-{kind.code}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*ISSUING)
def document_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user, document = signed_in(request), issuable_document(request, pk)
    form = ReasonForm(posted(request))
    if attempt(form, lambda: actions.revoke(document=document, reason=form.cleaned_data["reason"], by=user)):
        messages.success(request, _("Revoked. Number and public page stay, and say so."))
        return redirect(document)
    return form_page(request, "documents/document_revoke.html", form, document=document)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*ISSUING)
def document_reissue(request: HttpRequest, pk: int) -> HttpResponse:
    """A corrected edition from today's data, under the same number and address."""
    user, document = signed_in(request), issuable_document(request, pk)
    form, made = ReasonForm(posted(request)), list[Document]()
    if attempt(form, lambda: made.append(_reissue(user, document, form.cleaned_data["reason"]))):
        messages.success(request, _("The corrected edition is issued under the same number."))
        return redirect(made[0])
    return form_page(request, "documents/document_reissue.html", form, document=document)


def _reissue(user: User, document: Document, reason: str) -> Document:
    subject = subject_of(document, user)
    if subject is None:
        raise ValidationError(_("What this paper is about is no longer there."), code="subject_gone")
    return actions.reissue(document=document, subject=subject, reason=reason, by=user)


@login_not_required
@require_safe
@never_cache
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """What anybody may know of a paper whose address they hold: what it is and whether it counts.

    No person, unless the kind says so, and then nothing but what it tells.
    """
    editions = Document.objects.filter(token=token).select_related("agency").defer("content").order_by("-edition")
    document = get_object_or_404(editions[:1])
    context = {
        "document": document,
        "told": document.paper.tells(document.printed) if document.paper and document.paper.tells else None,
        "signatures": standing_signatures(document),
        "is_visible": Document.objects.visible_to(request.user).filter(pk=document.pk).exists(),
    }
    return render(request, "documents/verify.html", context)


def visible_document(request: HttpRequest, pk: int) -> Document:
    rows = Document.objects.visible_to(signed_in(request)).select_related("region", "agency", "layout", "file")
    return get_object_or_404(rows.select_related("issued_by", "revoked_by"), pk=pk)


def issuable_document(request: HttpRequest, pk: int) -> Document:
    document = visible_document(request, pk)
    if not may_issue(signed_in(request), document):
        raise PermissionDenied
    return document


def may_issue(user: User, document: Document) -> bool:
    region = document.region_id or document.agency.region_id
    return holds(user, permission_for(document.kind, Permission.ISSUE_DOCUMENTS), document.agency_id, region)


def asked_for(user: User, code: str, pk: int) -> tuple[PaperKind, list[Subject]]:
    """404 for kinds and things that the person cannot see, 403 where they may only look."""
    kind = paper_kind(code)
    thing: Any = kind.find(user, pk) if kind else None
    if kind is None or thing is None:
        raise Http404
    subjects = list(kind.subjects(thing))
    for region, agency in {(one.region_id or one.agency.region_id, one.agency.pk) for one in subjects}:
        if not holds(user, kind.issues, agency, region):
            raise PermissionDenied
    return kind, subjects


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response

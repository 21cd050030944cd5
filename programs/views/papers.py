"""Papers of instructors: kept encrypted, opened by a button, each look in the trail."""

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.crypto import UndecryptableError
from kit.posting import attempt, form_page
from kit.uploads import takes_files
from programs import actions
from programs.actions.files import PDF_TYPE
from programs.forms.papers import MOST_BYTES, PaperForm
from programs.models import InstructorDocument
from programs.views.instructors import visible_instructor

logger = logging.getLogger(__name__)


def attachment(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file that no browser opens as a page, keeps, or takes for anything else."""
    ending = "pdf" if content_type == PDF_TYPE else "jpg"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@takes_files(MOST_BYTES)
@requires(Permission.MANAGE_RESOURCES)
def instructor_paper(request: HttpRequest, pk: int) -> HttpResponse:
    instructor, by = visible_instructor(request, pk), signed_in(request)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()

    def keep() -> None:
        data = form.cleaned_data
        actions.add_paper(instructor=instructor, kind=data["kind"], label=data["label"], content=data["content"], by=by)

    if attempt(form, keep):
        messages.success(request, _("The paper is kept, encrypted."))
        return redirect("programs:instructor_detail", pk)
    return form_page(request, "programs/instructor_paper.html", form, instructor=instructor)


@require_POST
@never_cache
@requires(Permission.MANAGE_RESOURCES)
def paper_open(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    row = _paper(request, pk, paper)
    try:
        content = actions.read_paper(paper=row, by=signed_in(request))
    except UndecryptableError as error:
        logger.exception("A paper of an instructor cannot be decrypted.")
        raise Http404 from error
    return attachment(content, row.stored.content_type, f"{row.kind}-{row.pk}")


@require_POST
@requires(Permission.MANAGE_RESOURCES)
def paper_remove(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    actions.remove_paper(paper=_paper(request, pk, paper), by=signed_in(request))
    messages.success(request, _("The paper was deleted."))
    return redirect("programs:instructor_detail", pk)


def _paper(request: HttpRequest, pk: int, paper: int) -> InstructorDocument:
    instructor = visible_instructor(request, pk)
    rows = InstructorDocument.objects.select_related("stored", "instructor__agency")
    return get_object_or_404(rows, pk=paper, instructor=instructor)

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from jobs import actions, links, storage
from jobs.models import Job, StoredFile
from kit.pages import keyset_page


@require_GET
@never_cache
def job_list(request: HttpRequest) -> HttpResponse:
    page = keyset_page(Job.objects.visible_to(request.user).select_related("result"), request.GET, size=30)
    return render(request, "jobs/job_list.html", {"page": page})


@require_GET
@never_cache
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("result"), pk=pk)
    return render(request, "jobs/job_detail.html", {"job": job})


@require_GET
@never_cache
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes, for htmx."""
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("result"), pk=pk)
    return render(request, "jobs/job_progress.html", {"job": job})


@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("agency"), pk=pk)
    try:
        actions.cancel(job=job, by=cast(User, request.user))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("jobs:job_detail", pk=pk)


@require_GET
@never_cache
def job_download(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes the short-lived address at the moment of the click, so that a page left open stays good."""
    jobs = Job.objects.visible_to(request.user).select_related("result")
    job = get_object_or_404(jobs, pk=pk, result__isnull=False)
    token = links.download_token(cast(StoredFile, job.result), cast(User, request.user))
    return redirect("jobs:file_download", token=token)


@require_GET
@never_cache
def file_download(request: HttpRequest, token: str) -> HttpResponseBase:
    user = cast(User, request.user)
    try:
        key = links.read_token(token, user)
    except SignatureExpired:
        messages.info(request, _("This download address has expired. Please press Download again."))
        return redirect("jobs:job_list")
    except BadSignature as error:
        raise Http404 from error
    kept = StoredFile.objects.visible_to(user).kept(timezone.now()).select_related("agency")
    stored = get_object_or_404(kept, pk=key)
    response = FileResponse(
        storage.open_private(stored.path), as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    actions.note_download(stored=stored, by=user)
    return response

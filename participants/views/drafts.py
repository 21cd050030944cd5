"""Forms that wait on a visitor's device: keep, go on, take along to another batch, wipe."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from kit.form_keys import KEYS
from kit.posting import key_in
from kit.throttle import allow_request, limited, refuse
from participants import actions
from participants.forms import ResumedForm, values_to_keep
from participants.models import RegistrationDraft, RegistrationDraftQuerySet
from participants.views import devices, public
from programs.models import Batch


@login_not_required
@require_POST
@limited("draft")
def draft_save(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    """Keeps the form as it is, by the button or by itself while it is filled in."""
    batch = get_object_or_404(Batch.objects.public(), program__slug=slug, slug=batch_slug)
    device = devices.secret_of(request)
    if not device and not allow_request(request, "draft_device"):
        return refuse(request, "draft_device")
    by_itself = request.headers.get("X-Requested-With") == "fetch"
    response = HttpResponse(status=204) if by_itself else redirect("participants:draft_list")
    device = device or devices.new_secret()
    values = values_to_keep(request.POST)
    try:
        kept = actions.save_draft(device=device, batch=batch, values=values, submission_key=_key_of(request))
    except ValidationError as refusal:
        if by_itself:
            return HttpResponse(status=422)
        messages.error(request, " ".join(refusal.messages))
        return response
    if kept:
        devices.remember(response, device)
    return response


def _key_of(request: HttpRequest) -> UUID | None:
    try:
        return UUID(KEYS.unsign(request.POST.get("submission_key", "")))
    except (BadSignature, ValueError):
        return None


@login_not_required
@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    """What this device keeps, until when, and where it can go when its batch has closed."""
    now = timezone.now()
    drafts = list(_own(request).select_related("batch__program", "batch__region").order_by("-updated_at"))
    waiting = [(draft, draft.batch.phase(now) in {"open", "waiting"}) for draft in drafts]
    closed = {draft.batch.program_id for draft, is_open in waiting if not is_open}
    others = Batch.objects.accepting(now).filter(program__in=closed).select_related("region").soonest_first()
    places = {program: [batch for batch in others if batch.program_id == program] for program in closed}
    rows = [(draft, is_open, [] if is_open else places[draft.batch.program_id]) for draft, is_open in waiting]
    response = render(request, "participants/draft_list.html", {"rows": rows})
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_safe
def draft_resume(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    """The form as it was left; of a batch that closed meanwhile the page that shows other ones."""
    batch = public.public_batch(slug, batch_slug)
    draft = devices.draft_of(request, batch)
    if draft is None:
        return redirect("participants:register", slug, batch_slug)
    if batch.phase() not in {"open", "waiting"}:
        return redirect("participants:draft_list")
    return public.form_page(request, batch, ResumedForm(draft.opened(devices.secret_of(request)), batch=batch))


@login_not_required
@require_POST
def draft_move(request: HttpRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(_own(request).select_related("batch"), pk=pk)
    others = Batch.objects.accepting(timezone.now()).filter(program=draft.batch.program_id).select_related("program")
    to = get_object_or_404(others, pk=key_in(request.POST.get("to", "")))
    actions.move_draft(device=devices.secret_of(request), draft=draft, to=to)
    return redirect("participants:draft_resume", to.program.slug, to.slug)


@login_not_required
@require_POST
def draft_forget(request: HttpRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(_own(request), pk=pk)
    actions.forget_drafts(device=devices.secret_of(request), batch_id=draft.batch_id)
    return redirect("participants:draft_list")


@login_not_required
@require_POST
def device_clear(request: HttpRequest) -> HttpResponse:
    """For a phone or computer that others use too: drafts, open pages and cookies of this browser go at once."""
    if device := devices.secret_of(request):
        actions.forget_drafts(device=device)
    response = redirect("participants:draft_list")
    devices.clear(request, response)
    return response


def _own(request: HttpRequest) -> RegistrationDraftQuerySet:
    device = devices.secret_of(request)
    drafts = RegistrationDraft.objects.in_time(timezone.now())
    return drafts.of_device(device) if device else drafts.none()

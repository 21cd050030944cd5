"""Who teaches the sessions of a batch: choose from a ranked list, ask, and see the answers."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.posting import require, tell_refusal
from programs import actions, queries
from programs.forms.teaching import InviteForm, StaffForm
from programs.models import Batch, Instructor, Session, TeachingInvitation
from programs.permissions import can_manage_batch

SHOWN_CANDIDATES = 25


@require_safe
@requires(Permission.VIEW_BATCHES)
def batch_staffing(request: HttpRequest, pk: int) -> HttpResponse:
    batch, user = _batch(request, pk), signed_in(request)
    rows = queries.staffing_of(batch, timezone.now())
    context = {
        "batch": batch,
        "rows": rows,
        "declined": queries.declined_lately(batch),
        "open": queries.open_questions(batch),
        "may": can_manage_batch(user, batch) and batch.state not in {Batch.State.FINISHED, Batch.State.CANCELLED},
        "to_ask": _to_ask(rows),
        "missing": sum(row.answer == "nobody" for row in rows),
        "form": InviteForm(),
    }
    return render(request, "programs/batch_staffing.html", context)


def _to_ask(rows: list[queries.Staffed]) -> dict[int, Instructor]:
    """Who has sessions ahead and no answer or open question for them."""
    open_ones = [row for row in rows if row.answer in {"not_asked", "moved", "late"} and not row.has_begun]
    return {row.session.instructor.pk: row.session.instructor for row in open_ones if row.session.instructor}


@require_POST
@requires(Permission.MANAGE_BATCHES)
def teaching_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks one instructor, or everybody of the batch who was not asked yet."""
    batch, by = _managed(request, pk), signed_in(request)
    form = InviteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("An answer takes 1 to 30 days."))
        return redirect("programs:batch_staffing", pk)
    people, chosen = _to_ask(queries.staffing_of(batch, timezone.now())), form.cleaned_data["instructor"]
    wanted = list(people.values()) if chosen is None else [people[chosen]] if chosen in people else []
    days = form.cleaned_data["days"]
    invite = actions.invite_instructor
    asked = sum(tell_refusal(request, partial(invite, batch=batch, instructor=one, days=days, by=by)) for one in wanted)
    if asked:
        told = ngettext("%(count)d instructor is asked.", "%(count)d instructors are asked.", asked)
        messages.success(request, told % {"count": asked})
    return redirect("programs:batch_staffing", pk)


@require_POST
@requires(Permission.MANAGE_BATCHES)
def teaching_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    rows = TeachingInvitation.objects.filter(batch__in=Batch.objects.visible_to(user, Permission.MANAGE_BATCHES))
    invitation = get_object_or_404(rows.select_related("instructor", "batch"), pk=pk)
    if tell_refusal(request, lambda: actions.withdraw_invitation(invitation=invitation, by=user)):
        messages.success(request, _("The question was taken back."))
    return redirect("programs:batch_staffing", invitation.batch_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def session_staff(request: HttpRequest, pk: int) -> HttpResponse:
    """The candidates for one session with their reasons; a button gives the session to one of them."""
    user = signed_in(request)
    batches = Batch.objects.visible_to(user, Permission.MANAGE_BATCHES)
    parts = ("batch__program__agency", "batch__region", "venue", "topic", "instructor")
    session = get_object_or_404(Session.objects.planned().select_related(*parts), pk=pk, batch__in=batches)
    if request.method == "POST":
        form = StaffForm(request.POST, agency=session.batch.program.agency)
        if form.is_valid() and tell_refusal(request, lambda: _give(session, form, request)):
            messages.success(request, _("Saved. Ask them next, so that they know."))
            return redirect("programs:batch_staffing", session.batch_id)
        return redirect("programs:session_staff", pk)
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    matches = queries.candidates_for(session, text)
    context = {
        "session": session,
        "batch": session.batch,
        "q": text,
        "free": [match for match in matches if match.is_free][:SHOWN_CANDIDATES],
        "others": [match for match in matches if not match.is_free][:SHOWN_CANDIDATES],
    }
    return render(request, "programs/session_staff.html", context)


def _give(session: Session, form: StaffForm, request: HttpRequest) -> None:
    instructor = form.cleaned_data["instructor"]
    actions.staff_session(session=session, instructor=instructor, by=signed_in(request))


def _batch(request: HttpRequest, pk: int) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(signed_in(request)).with_office(), pk=pk)


def _managed(request: HttpRequest, pk: int) -> Batch:
    batch = _batch(request, pk)
    require(can_manage_batch(signed_in(request), batch))
    return batch

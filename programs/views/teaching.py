"""The page behind the link of an invitation to teach: no account, an answer by a button, never by merely opening it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kit.throttle import limited
from programs import actions
from programs.forms.teaching import AnswerForm
from programs.models import InvitedSession, TeachingInvitation


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("offer")
def teaching_answer(request: HttpRequest, token: str) -> HttpResponse:
    invitation = TeachingInvitation.objects.by_token(token)
    if invitation is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _answer(request, invitation, form)
        return redirect("programs:teaching_answer", token=token)
    now = timezone.now()
    asked = InvitedSession.objects.filter(invitation=invitation).select_related("session__venue", "session__topic")
    rows = [row.session for row in asked if not row.session.cancelled]
    context = {
        "invitation": invitation,
        "form": form,
        "batch": invitation.batch,
        "sessions": [row for row in rows if row.instructor_id == invitation.instructor_id],
        "is_open": invitation.is_open_at(now),
        "may_decline": invitation.state == TeachingInvitation.State.ACCEPTED,
        "portal_agency": invitation.batch.program.agency,
    }
    with timezone.override(invitation.batch.program.agency.zone):
        return render(request, "programs/teaching_answer.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, invitation: TeachingInvitation, form: AnswerForm) -> None:
    try:
        if form.cleaned_data["answer"] == "accept":
            actions.accept_invitation(invitation=invitation)
            messages.success(request, _("Thank you. The office knows that you will teach."))
        else:
            actions.decline_invitation(invitation=invitation, note=form.cleaned_data["note"])
            messages.success(request, _("Thank you for telling us. The office looks for somebody else."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))

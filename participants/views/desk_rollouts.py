"""A rollout plan put into force: batches are created and moved, and everybody concerned is told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted, require
from participants import actions
from participants.forms.rollouts import ApplyForm
from participants.models import Registration
from programs.actions import foresee_rollout
from programs.models import Rollout
from programs.permissions import can_manage_program


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def rollout_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """What will happen in figures, and one button; or what has to be put right first."""
    user = signed_in(request)
    rollout = get_object_or_404(Rollout.objects.visible_to(user).with_office(), pk=pk)
    require(can_manage_program(user, rollout.program))
    coming = foresee_rollout(rollout=rollout, by=user)
    asked = {"has_new": bool(coming.new), "has_points": bool(coming.points)}
    form = ApplyForm(posted(request), initial={"seen": rollout.revision}, **asked)
    done = list[actions.RolledOut]()

    def apply() -> None:
        seen, publish = form.cleaned_data["seen"], form.publishes
        done.append(actions.apply_rollout(rollout=rollout, seen=seen, publish=publish, by=user))

    if attempt(form, apply):
        messages.success(request, _told(done[0]))
        return redirect(rollout)
    people = Registration.objects.filter(batch__in=coming.moving).active().count()
    context = {"rollout": rollout, "coming": coming, "people": people}
    return form_page(request, "participants/rollout_apply.html", form, **context)


def _told(done: actions.RolledOut) -> str:
    said = [ngettext("%(count)d batch was created.", "%(count)d batches were created.", done.created)]
    figures = [done.created]
    if done.moved:
        said.append(ngettext("%(count)d batch was moved.", "%(count)d batches were moved.", done.moved))
        said.append(ngettext("%(count)d person is told.", "%(count)d people are told.", done.told))
        figures += [done.moved, done.told]
    return " ".join(text % {"count": count} for text, count in zip(said, figures, strict=True))

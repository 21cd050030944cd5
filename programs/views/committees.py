"""Who carries out a programme, and who selects its participants: the rows of the decree."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted
from programs import actions
from programs.forms.committees import TeamSheet
from programs.models import CommitteeMember
from programs.views.programmes import managed_program


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def program_committee(request: HttpRequest, pk: int, team: str) -> HttpResponse:
    if team not in CommitteeMember.Team.values:
        raise Http404
    user, program = signed_in(request), managed_program(request, pk)
    sheet = TeamSheet(posted(request), members=list(program.members.filter(team=team)))
    form = cast(forms.BaseForm, sheet)

    def act() -> None:
        actions.name_committee(program=program, team=team, members=sheet.members, by=user)

    if attempt(form, act):
        messages.success(request, _("The team is saved. Papers that are issued from now on name it."))
        return redirect("programs:program_committee", pk, team)
    context = {"program": program, "team": CommitteeMember.Team(team), "teams": CommitteeMember.Team}
    return form_page(request, "programs/program_committee.html", form, **context)

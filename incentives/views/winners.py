"""Who won, for anybody; and the form of whoever does not agree."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incentives import actions
from incentives.forms.objections import ObjectionForm
from incentives.models import Competition
from incentives.queries.winners import winners_page
from kit import gates
from kit.posting import attempt, form_page, posted
from kit.throttle import limited
from programs.models import Program


def public_competition(program: str, slug: str) -> Competition:
    rows = Competition.objects.public().with_parts()
    found = get_object_or_404(rows, program__slug=program, slug=slug, program__state__in=Program.PUBLIC_STATES)
    timezone.activate(found.program.agency.zone)
    return found


@login_not_required
@require_safe
def winners(request: HttpRequest, program: str, slug: str) -> HttpResponse:
    page = winners_page(public_competition(program, slug))
    return render(request, "incentives/winners.html", page)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("objection")
def objection_send(request: HttpRequest, program: str, slug: str) -> HttpResponse:
    """A program that fills in the field nobody sees is thanked and not listened to."""
    competition = public_competition(program, slug)
    form, place = ObjectionForm(posted(request)), ("incentives:winners", program, slug)
    thanks = _("Your objection has arrived. The office answers it before the winners are decreed.")
    if request.POST.get(gates.TRAP):
        messages.success(request, thanks)
        return redirect(*place)
    if attempt(form, lambda: actions.object_to_result(competition=competition, said=form.said, by=None)):
        messages.success(request, thanks)
        return redirect(*place)
    page = winners_page(competition)
    return form_page(request, "incentives/objection_send.html", form, **page)

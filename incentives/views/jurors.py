"""The jury as the office keeps it: who judges, conflicts, who scores what."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from incentives import actions, queries
from incentives.forms.jury import DecideForm, JurorForm, TrainingForm, WithdrawJurorForm
from incentives.models import Competition, Conflict, Juror
from kit.posting import attempt, form_page, posted, tell_refusal

MANAGES = Permission.MANAGE_COMPETITIONS


def managed(request: HttpRequest, pk: int) -> Competition:
    rows = Competition.objects.visible_to(signed_in(request), MANAGES).with_parts()
    return get_object_or_404(rows, pk=pk)


def managed_juror(request: HttpRequest, pk: int) -> Juror:
    rows = Juror.objects.visible_to(signed_in(request), MANAGES)
    return get_object_or_404(rows.select_related("competition__program__agency"), pk=pk)


@require_safe
@requires(Permission.VIEW_COMPETITIONS)
def juror_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Jurors with their progress, and the conflicts that wait for a decision. No scores."""
    user = signed_in(request)
    competition = get_object_or_404(Competition.objects.visible_to(user).with_parts(), pk=pk)
    conflicts = Conflict.objects.filter(juror__competition=competition).select_related("juror", "entry")
    context = {
        "competition": competition,
        "board": queries.board_of(competition),
        "waiting": [one for one in conflicts if one.state == Conflict.State.SUGGESTED],
        "settled": [one for one in conflicts if one.state != Conflict.State.SUGGESTED],
        "may": Competition.objects.visible_to(user, MANAGES).filter(pk=pk).exists(),
        "training": competition.entries.filter(is_training=True).first(),
    }
    return render(request, "incentives/juror_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGES)
def juror_create(request: HttpRequest, pk: int) -> HttpResponse:
    competition = managed(request, pk)
    form = JurorForm(posted(request), competition=competition)
    add = actions.add_juror
    if attempt(form, lambda: add(competition=competition, given=form.told, by=signed_in(request))):
        messages.success(request, _("Saved. Invite the juror next."))
        return redirect("incentives:juror_list", pk)
    return form_page(request, "incentives/juror_create.html", form, competition=competition)


@require_POST
@never_cache
@requires(MANAGES)
def juror_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """The link stands on this answer alone, for who is told by hand; making another one ends it."""
    juror = managed_juror(request, pk)
    links: list[str] = []
    if not tell_refusal(request, lambda: links.append(actions.invite_juror(juror=juror, by=signed_in(request)))):
        return redirect("incentives:juror_list", juror.competition_id)
    link = settings.SITE_URL + reverse("incentives:jury_link", args=links)
    context = {"juror": juror, "competition": juror.competition, "link": link, "days": settings.JUROR_LINK_DAYS}
    return render(request, "incentives/juror_invite.html", context)


@require_POST
@requires(MANAGES)
def juror_chair(request: HttpRequest, pk: int) -> HttpResponse:
    juror = managed_juror(request, pk)
    if tell_refusal(request, partial(actions.name_chair, juror=juror, by=signed_in(request))):
        messages.success(request, _("%(name)s chairs the jury.") % {"name": juror})
    return redirect("incentives:juror_list", juror.competition_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGES)
def juror_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    juror, by = managed_juror(request, pk), signed_in(request)
    form = WithdrawJurorForm(posted(request))
    if attempt(form, lambda: actions.withdraw_juror(juror=juror, by=by, **form.cleaned_data)):
        messages.success(request, _("The juror is out on every device; open sheets went to others where needed."))
        return redirect("incentives:juror_list", juror.competition_id)
    return form_page(request, "incentives/juror_withdraw.html", form, juror=juror, competition=juror.competition)


@require_POST
@requires(MANAGES)
def juror_assign(request: HttpRequest, pk: int) -> HttpResponse:
    competition, made = managed(request, pk), [0]

    def assign() -> None:
        made[0] = actions.assign_sheets(competition=competition, by=signed_in(request))

    if tell_refusal(request, assign):
        told = ngettext("%(count)d sheet is new.", "%(count)d sheets are new.", made[0])
        messages.success(request, told % {"count": made[0]})
    return redirect("incentives:juror_list", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGES)
def juror_training(request: HttpRequest, pk: int) -> HttpResponse:
    """The invented entry that everybody scores first."""
    competition, by = managed(request, pk), signed_in(request)
    form = TrainingForm(posted(request))
    make = actions.make_training_entry
    if attempt(form, lambda: make(competition=competition, by=by, **form.cleaned_data)):
        messages.success(request, _("The jurors score this entry first."))
        return redirect("incentives:juror_list", pk)
    return form_page(request, "incentives/juror_training.html", form, competition=competition)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGES)
def juror_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """What the data suggests, and what the office says of it."""
    seen = Juror.objects.visible_to(signed_in(request), MANAGES)
    rows = Conflict.objects.filter(juror__in=seen).select_related("juror__competition__program__agency", "entry")
    conflict = get_object_or_404(rows, pk=pk)
    form = DecideForm(posted(request))
    decide = actions.decide_conflict
    if attempt(form, lambda: decide(conflict=conflict, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, _("Decided."))
        return redirect("incentives:juror_list", conflict.juror.competition_id)
    context = {"conflict": conflict, "competition": conflict.juror.competition}
    return form_page(request, "incentives/juror_conflict.html", form, **context)

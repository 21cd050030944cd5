"""Competitions at the desk: drafted, declared, changed with a reason, called off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from incentives import actions
from incentives.actions.drafting import open_draft
from incentives.forms.dates import StartForm
from incentives.forms.methods import MethodSheet
from incentives.forms.steps import CancelForm
from incentives.models import Competition
from incentives.permissions import can_manage_competition, competing_agencies
from incentives.queries.competitions import competition_page, confirmation, faults_by_part, listed, phase_of
from kit.pages import keyset_page
from kit.posting import attempt, form_page, posted, require, tell_refusal

PAGE_SIZE = 25
DRAFT, DECLARED = Competition.State.DRAFT, Competition.State.DECLARED


@require_safe
@requires(Permission.VIEW_COMPETITIONS)
def competition_list(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    page, now = keyset_page(listed(user), request.GET, size=PAGE_SIZE), timezone.now()
    rows = [(row, phase_of(row, now)) for row in page.rows]
    context = {"page": page, "rows": rows, "may": bool(competing_agencies(user))}
    return render(request, "incentives/competition_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_COMPETITIONS)
def competition_create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = StartForm(posted(request), agencies=[agency.pk for agency in competing_agencies(user)])
    made: list[Competition] = []

    def create() -> None:
        data = form.cleaned_data
        dates = form.dates(data["program"].agency.zone)
        made.append(actions.create_competition(program=data["program"], name=data["name"], dates=dates, by=user))

    if attempt(form, create):
        messages.success(
            request, _("The competition is there as a draft. Look through the way of judging and its awards.")
        )
        return redirect("incentives:competition_edit", made[0].pk)
    return form_page(request, "incentives/competition_create.html", form)


@require_safe
@requires(Permission.VIEW_COMPETITIONS)
def competition_detail(request: HttpRequest, pk: int) -> HttpResponse:
    competition = visible_competition(request, pk)
    may = can_manage_competition(signed_in(request), competition)
    context = competition_page(competition, may=may, now=timezone.now())
    return render(request, "incentives/competition_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_COMPETITIONS)
def competition_edit(request: HttpRequest, pk: int) -> HttpResponse:
    competition = managed_competition(request, pk)
    if competition.state != DRAFT:
        return redirect(competition)
    return _method_page(request, competition, "incentives/competition_edit.html", "incentives:competition_declare")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_COMPETITIONS)
def competition_change(request: HttpRequest, pk: int) -> HttpResponse:
    competition = managed_competition(request, pk)
    if competition.state != DECLARED or competition.locked_at is not None:
        return redirect(competition)
    template = "incentives/competition_change.html"
    return _method_page(request, competition, template, "incentives:competition_change_declare")


def _method_page(request: HttpRequest, competition: Competition, template: str, after: str) -> HttpResponse:
    user = signed_in(request)
    edition, dates = open_draft(competition)
    sheet = MethodSheet(posted(request), competition=competition, edition=edition, dates=dates)

    def save() -> None:
        given = {name: sheet.head.cleaned_data.get(name, "") for name in ("name", "reason")}
        actions.save_draft(competition=competition, dates=sheet.dates, wording=sheet.wording, by=user, **given)

    if attempt(sheet, save):
        if faults := faults_by_part(competition):
            total = sum(len(sentences) for sentences in faults.values())
            text = ngettext(
                "Saved. %(total)d thing is still missing.", "Saved. %(total)d things are still missing.", total
            )
            messages.warning(request, text % {"total": total})
            return redirect(request.path)
        messages.success(request, _("Saved. Nothing is declared yet."))
        return redirect(after, competition.pk)
    faults = {} if sheet.is_bound else faults_by_part(competition)
    return form_page(request, template, sheet, competition=competition, faults=faults, head=sheet.head)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_COMPETITIONS)
def competition_declare(request: HttpRequest, pk: int) -> HttpResponse:
    user, competition = signed_in(request), managed_competition(request, pk)
    if competition.state != DRAFT:
        return redirect(competition)
    if request.method == "POST" and tell_refusal(
        request, lambda: actions.declare_competition(competition=competition, by=user)
    ):
        messages.success(request, _("The competition is declared, and the money of its awards is kept."))
        return redirect(competition)
    return render(request, "incentives/competition_declare.html", confirmation(competition))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_COMPETITIONS)
def competition_change_declare(request: HttpRequest, pk: int) -> HttpResponse:
    user, competition = signed_in(request), managed_competition(request, pk)
    if competition.state != DECLARED or not competition.editions.filter(declared_at=None).exists():
        return redirect(competition)
    if request.method == "POST" and tell_refusal(
        request, lambda: actions.declare_change(competition=competition, by=user)
    ):
        messages.success(request, _("The new edition is in force."))
        return redirect(competition)
    return render(request, "incentives/competition_change_declare.html", confirmation(competition))


@require_POST
@requires(Permission.MANAGE_COMPETITIONS)
def competition_change_discard(request: HttpRequest, pk: int) -> HttpResponse:
    user, competition = signed_in(request), managed_competition(request, pk)
    if tell_refusal(request, lambda: actions.discard_change(competition=competition, by=user)):
        messages.success(request, _("The proposed change is thrown away. What was declared stays as it is."))
    return redirect(competition)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_COMPETITIONS)
def competition_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user, competition = signed_in(request), managed_competition(request, pk)
    form = CancelForm(posted(request))
    if attempt(
        form,
        lambda: actions.cancel_competition(competition=competition, reason=form.cleaned_data["reason"], by=user),
    ):
        messages.success(request, _("The competition is called off, and its money is free again."))
        return redirect(competition)
    return form_page(request, "incentives/competition_cancel.html", form, competition=competition)


def visible_competition(request: HttpRequest, pk: int) -> Competition:
    rows = Competition.objects.visible_to(signed_in(request)).with_parts()
    return get_object_or_404(rows.select_related("program__fund_source"), pk=pk)


def managed_competition(request: HttpRequest, pk: int) -> Competition:
    """404 for competitions that the person cannot see, 403 where they may only look."""
    competition = visible_competition(request, pk)
    require(can_manage_competition(signed_in(request), competition))
    return competition

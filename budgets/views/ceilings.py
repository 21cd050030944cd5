"""Versions of a fund's ceilings: all lines at once, or a shift from one line to another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions
from budgets.forms.funds import CeilingsForm, ShiftForm
from budgets.forms.rules import RulesForm
from budgets.models import CeilingVersion, FundSource
from budgets.views.funds import managed_fund
from kit.posting import attempt, form_page, posted


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BUDGETS)
def fund_ceilings(request: HttpRequest, pk: int) -> HttpResponse:
    user, fund = signed_in(request), managed_fund(request, pk)
    form = CeilingsForm(posted(request), fund=fund)
    if attempt(form, lambda: actions.apply_version(fund=fund, decree=form.decree, amounts=form.amounts, by=user)):
        messages.success(request, _("The new ceilings are in force."))
        return redirect(fund)
    return form_page(request, "budgets/fund_ceilings.html", form, fund=fund)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BUDGETS)
def fund_shift(request: HttpRequest, pk: int) -> HttpResponse:
    user, fund = signed_in(request), managed_fund(request, pk)
    form = ShiftForm(posted(request), fund=fund)

    def shift() -> None:
        told = {name: form.cleaned_data[name] for name in ("source", "target", "amount")}
        actions.shift_between(**told, decree=form.decree, by=user)

    if attempt(form, shift):
        messages.success(request, _("The money was shifted."))
        return redirect(fund)
    return form_page(request, "budgets/fund_shift.html", form, fund=fund)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BUDGETS)
def fund_rules(request: HttpRequest, pk: int) -> HttpResponse:
    user, fund = signed_in(request), managed_fund(request, pk)
    form = RulesForm(posted(request), fund=fund)
    if attempt(form, lambda: actions.set_fund_rules(fund=fund, **form.rules(fund), by=user)):
        messages.success(request, _("Saved."))
        return redirect(fund)
    return form_page(request, "budgets/fund_rules.html", form, fund=fund)


@require_safe
@requires(Permission.VIEW_BUDGETS)
def version_detail(request: HttpRequest, pk: int) -> HttpResponse:
    funds = FundSource.objects.visible_to(signed_in(request))
    rows = CeilingVersion.objects.filter(fund__in=funds).select_related("fund", "created_by")
    version = get_object_or_404(rows, pk=pk)
    amounts = version.amounts.select_related("line").order_by("line__sub_activity_key", "line__account_key", "pk")
    found = [(row, row.amount - row.before) for row in amounts]
    return render(request, "budgets/version_detail.html", {"version": version, "rows": found, "fund": version.fund})

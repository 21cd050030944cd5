"""Funds and their lines at the desk: what there is, what is kept, what is spent."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions
from budgets.forms.funds import FundForm, LineForm
from budgets.models import BudgetLine, FundSource
from budgets.permissions import can_manage_fund, fund_agencies
from budgets.queries import Absorption, absorption_of, share_sums
from kit.pages import keyset_page
from kit.posting import attempt, form_page, posted, require, tell_refusal

PAGE_SIZE = 25
LINES_ON_A_PAGE = 50


@require_safe
@requires(Permission.VIEW_BUDGETS)
def fund_list(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    found = FundSource.objects.visible_to(user).select_related("agency").with_sums()
    page = keyset_page(found, request.GET, size=PAGE_SIZE)
    rows = [(fund, sums_of(fund)) for fund in page.rows]
    return render(request, "budgets/fund_list.html", {"page": page, "rows": rows, "may": bool(fund_agencies(user))})


@require_safe
@requires(Permission.VIEW_BUDGETS)
def fund_detail(request: HttpRequest, pk: int) -> HttpResponse:
    fund, query = visible_fund(request, pk), request.GET.get("q", "")[:100]
    lines = fund.lines.select_related("share").matching(query)
    page = Paginator(lines, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "fund": fund,
        "sums": sums_of(fund),
        "page": page,
        "rows": [(line, absorption_of([line])) for line in page],
        "q": query,
        "versions": fund.versions.select_related("created_by").order_by("-position"),
        "shares": share_sums(fund),
        "groups": fund.groups.all(),
        "reports": fund.reports.all(),
        "may": can_manage_fund(signed_in(request), fund),
    }
    return render(request, "budgets/fund_detail.html", context)


@require_safe
@requires(Permission.VIEW_BUDGETS)
def line_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rows = BudgetLine.objects.visible_to(signed_in(request)).with_fund()
    line = get_object_or_404(rows, pk=pk)
    context = {
        "line": line,
        "sums": absorption_of([line]),
        "amounts": line.amounts.select_related("version").order_by("-version__position"),
        "reservations": line.reservations.filter(released_at=None)[:LINES_ON_A_PAGE],
    }
    return render(request, "budgets/line_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BUDGETS)
def fund_create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = FundForm(posted(request), user=user, initial={"fiscal_year": fund_agencies(user)[0].today().year})
    if attempt(form, lambda: actions.save_fund(fund=form.instance, changed=form.changed_data, by=user)):
        messages.success(request, _("The fund is there. Now upload its budget, or enter its lines."))
        return redirect(form.instance)
    return form_page(request, "budgets/fund_create.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BUDGETS)
def fund_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, fund = signed_in(request), managed_fund(request, pk)
    form = FundForm(posted(request), user=user, instance=fund)
    if attempt(form, lambda: actions.save_fund(fund=form.instance, changed=form.changed_data, by=user)):
        messages.success(request, _("Saved."))
        return redirect(fund)
    return form_page(request, "budgets/fund_edit.html", form, fund=FundSource.objects.get(pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BUDGETS)
def line_create(request: HttpRequest, pk: int) -> HttpResponse:
    user, fund = signed_in(request), managed_fund(request, pk)
    form = LineForm(posted(request), fund=fund)
    if attempt(form, lambda: actions.enter_line(line=form.instance, by=user)):
        messages.success(request, _("The line is in the budget, at Rp0. Set its ceiling with the decree."))
        return redirect(fund)
    return form_page(request, "budgets/line_create.html", form, fund=fund)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BUDGETS)
def fund_close(request: HttpRequest, pk: int) -> HttpResponse:
    user, fund = signed_in(request), managed_fund(request, pk)
    if request.method == "POST" and tell_refusal(request, lambda: actions.close_fund(fund=fund, by=user)):
        messages.success(request, _("The year of this fund is closed."))
        return redirect(fund)
    return render(request, "budgets/fund_close.html", {"fund": fund})


def sums_of(fund: FundSource) -> Absorption:
    """Of a fund that was read `with_sums`."""
    return Absorption(*(getattr(fund, name) for name in ("ceiling", "reserved", "spent")))


def visible_fund(request: HttpRequest, pk: int) -> FundSource:
    rows = FundSource.objects.visible_to(signed_in(request)).select_related("agency").with_sums()
    return get_object_or_404(rows, pk=pk)


def managed_fund(request: HttpRequest, pk: int) -> FundSource:
    """404 for funds that the person cannot see, 403 where they may only look."""
    fund = visible_fund(request, pk)
    require(can_manage_fund(signed_in(request), fund))
    return fund

"""A budget from a spreadsheet: read, looked at with a sentence for each broken cell, then taken over as a whole."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions
from budgets.forms.funds import MOST_BYTES, SheetForm
from budgets.models import BudgetSheet
from budgets.sheets import budget_template, read_budget
from budgets.views.funds import managed_fund
from kit.posting import attempt, form_page, tell_refusal
from kit.sheets import XLSX
from kit.uploads import takes_files


def attachment(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(MOST_BYTES)
@requires(Permission.MANAGE_BUDGETS)
def fund_upload(request: HttpRequest, pk: int) -> HttpResponse:
    user, fund = signed_in(request), managed_fund(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form, kept = SheetForm(*sent, fund=fund), []

    def keep() -> None:
        rows = read_budget(form.cleaned_data["file"].read(), fund)
        kept.append(actions.keep_sheet(sheet=form.sheet(rows), by=user))

    if attempt(form, keep):
        return redirect("budgets:sheet_detail", kept[0].pk)
    return form_page(request, "budgets/fund_upload.html", form, fund=fund)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BUDGETS)
def sheet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    sheet = get_object_or_404(BudgetSheet.objects.visible_to(user).select_related("fund"), pk=pk)
    if request.method == "POST" and tell_refusal(request, lambda: actions.take_over_sheet(sheet=sheet, by=user)):
        messages.success(request, _("The budget of the spreadsheet is in force."))
        return redirect(sheet.fund)
    broken = [row for row in sheet.rows if row["problems"]]
    context = {
        "sheet": sheet,
        "fund": sheet.fund,
        "broken": broken,
        "sentences": sum(len(row["problems"]) for row in broken),
        "total": sum(row["amount"] for row in sheet.rows),
        "added": sum(row.get("before") is None for row in sheet.rows),
    }
    return render(request, "budgets/sheet_detail.html", context)


@require_safe
@requires(Permission.MANAGE_BUDGETS)
def fund_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines as they are, in the columns that the upload reads."""
    fund = managed_fund(request, pk)
    name = f"anggaran-{fund.code}-{fund.fiscal_year}.xlsx"
    return attachment(budget_template(fund), name)

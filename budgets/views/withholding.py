"""Tax that was kept back, month by month, for whoever types the slips into the tax system."""

import datetime as dt

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions
from budgets.forms.withholding import WithheldForm
from budgets.models import Payment
from budgets.permissions import duty_agencies
from budgets.queries import withheld_from, withheld_in
from budgets.rules import Withheld
from budgets.sheets import withholding_workbook
from budgets.views.sheets import attachment
from kit.months import month_named, next_month
from kit.payees import identity_numbers
from kit.posting import attempt, form_page, posted, require

MOST = 500


def _month(request: HttpRequest) -> dt.date:
    """That of today where the address names none."""
    return month_named(request.GET.get("bulan", "")) or timezone.localdate().replace(day=1)


@require_safe
@never_cache
@requires(Permission.VIEW_BUDGETS)
def withholding_list(request: HttpRequest) -> HttpResponse:
    """Numbers are masked here for everybody."""
    user, month = signed_in(request), _month(request)
    found = withheld_in(Payment.objects.visible_to(user), month).select_related("tax_rule")
    payments = list(found[: MOST + 1])
    rows = withheld_from(payments[:MOST], identity_numbers([row.payee_key for row in payments]))
    context = {
        "month": month,
        "before": next_month(month, -1),
        "after": next_month(month),
        "rows": list(zip(payments, rows, strict=False)),
        "more": len(payments) > MOST,
        # Of the whole month, whatever is shown.
        **found.aggregate(gross=Coalesce(Sum("gross"), 0), tax=Coalesce(Sum("tax"), 0), count=Count("pk")),
        "may": bool(duty_agencies(user, Permission.RECORD_PAYMENTS)),
    }
    return render(request, "budgets/withholding_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_BUDGETS)
def withholding_sheet(request: HttpRequest) -> HttpResponse:
    user, month, found = signed_in(request), _month(request), list[Withheld]()
    require(bool(duty_agencies(user, Permission.RECORD_PAYMENTS)))
    form = WithheldForm(posted(request), user=user)

    def hand_out() -> None:
        found.extend(actions.hand_out_withheld(month=month, by=user, **form.cleaned_data))

    if not attempt(form, hand_out):
        return form_page(request, "budgets/withholding_sheet.html", form, month=month)
    name = f"pph-dipotong-{month:%Y-%m}.xlsx"
    content = withholding_workbook(found, month=month, office=form.cleaned_data["agency"].name)
    return attachment(content, name)

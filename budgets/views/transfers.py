"""Transfer lists: made from approved payments, downloaded by the treasurer, and their outcome recorded."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions
from budgets.forms.payments import StepForm
from budgets.forms.transfers import OutcomeForm, TransferForm
from budgets.models import Payment, TransferList
from budgets.permissions import acting, duty_agencies
from budgets.queries import Candidate, candidates, shared_by_lines, shared_by_payments
from budgets.rules import Orders, bank_file
from budgets.sheets import transfer_workbook
from budgets.views.payments import TOGETHER, chosen
from budgets.views.sheets import attachment
from kit.pages import keyset_page
from kit.posting import attempt, form_page, key_in, posted, require, tell_refusal

PAGE_SIZE = 50


@require_safe
@never_cache
@requires(Permission.VIEW_BUDGETS)
def transfer_list(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    rows = TransferList.objects.visible_to(user).with_sums().select_related("layout", "made_by")
    page = keyset_page(rows, request.GET, size=PAGE_SIZE)
    may = bool(duty_agencies(user, Permission.RECORD_PAYMENTS))
    return render(request, "budgets/transfer_list.html", {"page": page, "may": may})


def _offered(request: HttpRequest, offices: set[int]) -> list[Candidate]:
    """What was ticked elsewhere, the payments of a bundle, or everything that is approved; with what hinders each."""
    user, asked = signed_in(request), request.GET
    found = Payment.objects.visible_to(user).with_parts().filter(agency__in=offices, state=Payment.State.APPROVED)
    if "payment" in asked:
        found = found.filter(pk__in=[key_in(key) for key in asked.getlist("payment")[:TOGETHER]])
    elif bundle := asked.get("bundle", "")[:60].replace("\0", ""):
        found = found.filter(bundle=bundle)
    return candidates(list(found.order_by("pk")[:TOGETHER]), user)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_BUDGETS)
def transfer_create(request: HttpRequest) -> HttpResponse:
    """The rows with their sums; "count" shows the sum of what is ticked, "make" makes the list."""
    user, made = signed_in(request), list[TransferList]()
    offices = duty_agencies(user, Permission.RECORD_PAYMENTS)
    require(bool(offices))
    offered = _offered(request, offices)
    rows = chosen(request) if request.method == "POST" else []
    ticked = {row.pk for row in rows} if request.method == "POST" else None
    form = TransferForm(posted(request), agency=offered[0].payment.agency if offered else None)

    def make() -> None:
        made.append(actions.make_transfer_list(payments=rows, by=user, **form.cleaned_data))

    if request.POST.get("step") == "make" and attempt(form, make):
        messages.success(request, _("The transfer list %(list)s is made.") % {"list": made[0]})
        return redirect(made[0])
    going = _going(offered, ticked)
    shared = shared_by_payments(going[0].agency, going) if going else []
    context = {"offered": offered, "ticked": ticked, "sums": _sums(going), "shared": shared}
    return form_page(request, "budgets/transfer_create.html", form, **context)


def _going(offered: list[Candidate], ticked: set[int] | None) -> list[Payment]:
    return [one.payment for one in offered if one.fits and (ticked is None or one.payment.pk in ticked)]


def _sums(rows: list[Payment]) -> dict[str, int]:
    gross, tax = sum(row.gross for row in rows), sum(row.tax or 0 for row in rows)
    return {"count": len(rows), "gross": gross, "tax": tax, "net": gross - tax}


def _visible(request: HttpRequest, pk: int) -> TransferList:
    rows = TransferList.objects.visible_to(signed_in(request)).with_sums()
    return get_object_or_404(rows.select_related("agency", "layout", "made_by", "cancelled_by"), pk=pk)


def _kept(request: HttpRequest, pk: int) -> TransferList:
    """For the treasurer of the office, or who stands in."""
    made = _visible(request, pk)
    require(acting(signed_in(request), Permission.RECORD_PAYMENTS, made.agency) is not None)
    return made


@require_safe
@never_cache
@requires(Permission.VIEW_BUDGETS)
def transfer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    made = _visible(request, pk)
    lines = list(made.lines.select_related("payment").defer("number").order_by("position"))
    keeps = acting(signed_in(request), Permission.RECORD_PAYMENTS, made.agency) is not None
    states = {line.state for line in lines}
    context: dict[str, Any] = {
        "made": made,
        "lines": lines,
        "sums": {"gross": sum(line.gross for line in lines), "tax": sum(line.tax for line in lines)},
        "shared": shared_by_lines(made.agency, lines) if made.is_open else [],
        "keeps": keeps,
        "cancels": keeps and made.is_open and states == {"waiting"},
        "records": keeps and made.state != TransferList.State.CANCELLED and bool(states & {"waiting", "paid"}),
        "hands_out": keeps and made.state != TransferList.State.CANCELLED,
    }
    return render(request, "budgets/transfer_detail.html", context)


def _handed_out(request: HttpRequest, made: TransferList, what: str) -> Orders | None:
    user, found = signed_in(request), list[Orders]()
    tell_refusal(request, lambda: found.append(actions.hand_out_orders(transfer_list=made, what=what, by=user)))
    return found[0] if found else None


@require_POST
@never_cache
@requires(Permission.VIEW_BUDGETS)
def transfer_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    made = _kept(request, pk)
    orders = _handed_out(request, made, "xlsx")
    if orders is None:
        return redirect(made)
    name = f"daftar-transfer-{made.year}-{made.number:03d}.xlsx"
    return attachment(transfer_workbook(orders), name)


@require_POST
@never_cache
@requires(Permission.VIEW_BUDGETS)
def transfer_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of the bank's layout; plain octets, so that no browser shows account numbers."""
    made = _kept(request, pk)
    orders = _handed_out(request, made, made.layout.code)
    if orders is None:
        return redirect(made)
    layout = made.layout.layout
    name = f"transfer-{made.year}-{made.number:03d}.{layout.extension}"
    return attachment(bank_file(layout, orders), name, "application/octet-stream")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def transfer_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    made, form = _kept(request, pk), StepForm(posted(request))
    by = signed_in(request)
    if attempt(form, lambda: actions.cancel_transfer_list(transfer_list=made, by=by, **form.cleaned_data)):
        messages.success(request, _("The list is cancelled. Its payments are approved and can go onto another one."))
        return redirect(made)
    return form_page(request, "budgets/transfer_cancel.html", form, made=made)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_BUDGETS)
def transfer_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    made, by = _kept(request, pk), signed_in(request)
    lines = list(made.lines.defer("number").order_by("position"))
    form = OutcomeForm(posted(request), lines=lines, today=made.agency.today())
    if attempt(form, lambda: actions.record_outcome(transfer_list=made, outcome=form.outcome, by=by)):
        messages.success(request, _("Recorded. Each payment has its new state."))
        return redirect(made)
    return form_page(request, "budgets/transfer_outcome.html", form, made=made)

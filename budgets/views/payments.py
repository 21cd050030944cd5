"""Payments at the desk: the list of what waits for whom, one payment with its steps, and several approved at once."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions
from budgets.forms.payments import ManyPaidForm, PaymentFilterForm
from budgets.models import Payment, PaymentQuerySet, TransferLine
from budgets.permissions import can_propose, duty_agencies, may_approve, may_record, may_reveal_account
from kit.pages import Counted, counted, find, keyset_page
from kit.posting import attempt, form_page, posted, require, tell_refusal

PAGE_SIZE = 50
TOGETHER = 200
State = Payment.State
BACK = (State.PROPOSED, State.APPROVED, State.FAILED, State.RETURNED)


def _waiting(user: User) -> dict[str, PaymentQuerySet]:
    """What waits for this person, by tab; nobody sees their own there."""
    seen, found = Payment.objects.visible_to(user), {}
    if offices := duty_agencies(user, Permission.APPROVE_PAYMENTS):
        found["approve"] = seen.filter(agency__in=offices, state=State.PROPOSED).exclude(proposed_by=user)
    if offices := duty_agencies(user, Permission.RECORD_PAYMENTS):
        mine = Q(proposed_by=user) | Q(approved_by=user)
        found["pay"] = seen.filter(agency__in=offices, state=State.APPROVED).exclude(mine)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_BUDGETS)
def payment_list(request: HttpRequest) -> HttpResponse:
    """The filter is sent by POST and comes back in an address without names."""
    if request.method == "POST":
        return redirect(f"{reverse('budgets:payment_list')}?{PaymentFilterForm(request.POST).address_query}")
    user, form = signed_in(request), PaymentFilterForm(request.GET)
    waiting, wanted = _waiting(user), form.wanted
    tab = wanted["tab"] if wanted.get("tab") in waiting else ""
    seen = waiting[tab] if tab else Payment.objects.visible_to(user)
    context: dict[str, Any] = {"form": form, "tab": tab, "wanted": wanted.keys() - {"tab"}}
    if "q" in wanted:
        found = find(Payment.objects.all(), seen.with_parts(), form.narrow)
        context |= {"page": found, "more": found.more, "total": Counted(len(found.rows), found.more)}
    else:
        page = keyset_page(form.narrow(seen).with_parts(), request.GET, size=PAGE_SIZE)
        context |= {"page": page, "total": counted(form.narrow(seen))}
    context["counts"] = {name: counted(rows) for name, rows in waiting.items()}
    return render(request, "budgets/payment_list.html", context)


def visible_payment(request: HttpRequest, pk: int) -> Payment:
    return get_object_or_404(Payment.objects.visible_to(signed_in(request)).with_parts(), pk=pk)


def rights(user: User, payment: Payment, *, is_listed: bool) -> dict[str, bool]:
    """The buttons of one payment; each view and action asks again. What is on its way to the bank has none."""
    if is_listed:
        return {"reveal": may_reveal_account(user, payment.agency)}
    approves = payment.state == State.PROPOSED and may_approve(user, payment)
    records = may_record(user, payment) if payment.state in {State.APPROVED, State.PAID} else False
    proposes = payment.state in BACK and can_propose(user, payment.agency)
    return {
        "approve": approves,
        "pay": records and payment.state == State.APPROVED,
        "give_back": records and payment.state == State.PAID,
        "propose": proposes,
        "reveal": may_reveal_account(user, payment.agency),
    }


@require_safe
@never_cache
@requires(Permission.VIEW_BUDGETS)
def payment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, payment = signed_in(request), visible_payment(request, pk)
    orders = TransferLine.objects.filter(payment=payment).exclude(state=TransferLine.State.DROPPED)
    last = orders.defer("number").select_related("transfer_list").order_by("-pk").first()
    is_listed = last is not None and last.state == TransferLine.State.WAITING
    context = {
        "payment": payment,
        "listed": last.transfer_list if last else None,
        "is_listed": is_listed,
        "rule": payment.tax_rule,
        "steps": payment.steps.select_related("by", "instead_of"),
        "may": rights(user, payment, is_listed=is_listed),
        "own": user.pk in {payment.proposed_by_id, payment.approved_by_id},
    }
    return render(request, "budgets/payment_detail.html", context)


def chosen(request: HttpRequest) -> list[Payment]:
    """What was ticked, as far as one sees it; addresses with something else in them choose nothing."""
    given = request.POST if request.method == "POST" else request.GET
    keys = [key for key in given.getlist("payment")[:TOGETHER] if key.isascii() and key.isdigit() and len(key) < 19]
    return list(Payment.objects.visible_to(signed_in(request)).with_parts().filter(pk__in=keys).order_by("pk"))


@require_POST
@requires(Permission.VIEW_BUDGETS)
def payment_approve(request: HttpRequest) -> HttpResponse:
    """One, or all that are ticked in the list: all of them or none."""
    user = signed_in(request)
    require(bool(duty_agencies(user, Permission.APPROVE_PAYMENTS)))
    rows = chosen(request)
    if tell_refusal(request, lambda: actions.approve_payments(payments=rows, by=user)):
        told = ngettext("%(count)d payment is approved.", "%(count)d payments are approved.", len(rows))
        messages.success(request, told % {"count": len(rows)})
    if len(rows) == 1:
        return redirect(rows[0])
    return redirect(f"{reverse('budgets:payment_list')}?tab=approve")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_BUDGETS)
def payment_pay_many(request: HttpRequest) -> HttpResponse:
    """What one transfer list or one line of the cash book paid."""
    user, rows = signed_in(request), chosen(request)
    require(bool(duty_agencies(user, Permission.RECORD_PAYMENTS)))
    if not rows:
        return redirect(f"{reverse('budgets:payment_list')}?tab=pay")
    form = ManyPaidForm(posted(request), today=rows[0].agency.today())
    if attempt(form, lambda: actions.record_paid(payments=rows, by=user, **form.cleaned_data)):
        told = ngettext("%(count)d payment is recorded.", "%(count)d payments are recorded.", len(rows))
        messages.success(request, told % {"count": len(rows)})
        return redirect(f"{reverse('budgets:payment_list')}?tab=pay")
    sums = Payment.objects.filter(pk__in=[row.pk for row in rows]).aggregate(gross=Sum("gross"), tax=Sum("tax"))
    sums["net"] = sums["gross"] - (sums["tax"] or 0)
    return form_page(request, "budgets/payment_pay_many.html", form, rows=rows, sums=sums)

"""The steps of one payment that need words: each a small form of its own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions
from budgets.forms.payments import AgainForm, PaidForm, StepForm
from budgets.models import Payment
from budgets.permissions import can_propose, may_approve, may_record
from budgets.views.payments import visible_payment
from kit.posting import attempt, form_page, posted, require

Form = PaidForm | StepForm | AgainForm


def _answer(
    request: HttpRequest, payment: Payment, form: Form, *, template: str, act: Callable[..., Any], done: str
) -> HttpResponse:
    if attempt(form, lambda: act(by=signed_in(request))):
        messages.success(request, done)
        return redirect(payment)
    return form_page(request, template, form, payment=visible_payment(request, payment.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def payment_reject(request: HttpRequest, pk: int) -> HttpResponse:
    payment, form = visible_payment(request, pk), StepForm(posted(request))
    require(may_approve(signed_in(request), payment))

    def act(**who: Any) -> None:
        actions.reject_payment(payment=payment, reason=form.cleaned_data["reason"], **who)

    done = _("The payment is rejected, and the line has its money again.")
    return _answer(request, payment, form, template="budgets/payment_reject.html", act=act, done=done)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def payment_pay(request: HttpRequest, pk: int) -> HttpResponse:
    payment = visible_payment(request, pk)
    require(may_record(signed_in(request), payment))
    form = PaidForm(posted(request), payment=payment)

    def act(**who: Any) -> None:
        actions.record_paid(payments=[payment], **form.told, **who)

    done = _("The payment is recorded as made.")
    return _answer(request, payment, form, template="budgets/payment_pay.html", act=act, done=done)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def payment_fail(request: HttpRequest, pk: int) -> HttpResponse:
    payment, form = visible_payment(request, pk), StepForm(posted(request))
    require(may_record(signed_in(request), payment))

    def act(**who: Any) -> None:
        actions.record_failed(payment=payment, reason=form.cleaned_data["reason"], **who)

    done = _("Recorded. The money stays reserved until the payment is proposed again or taken back.")
    return _answer(request, payment, form, template="budgets/payment_fail.html", act=act, done=done)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def payment_return(request: HttpRequest, pk: int) -> HttpResponse:
    payment, form = visible_payment(request, pk), StepForm(posted(request))
    require(may_record(signed_in(request), payment))

    def act(**who: Any) -> None:
        actions.record_returned(payment=payment, reason=form.cleaned_data["reason"], **who)

    done = _("Recorded. The money stays reserved until the payment is proposed again or taken back.")
    return _answer(request, payment, form, template="budgets/payment_return.html", act=act, done=done)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def payment_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    payment, form = visible_payment(request, pk), StepForm(posted(request))
    require(can_propose(signed_in(request), payment.agency))

    def act(**who: Any) -> None:
        actions.cancel_payment(payment=payment, reason=form.cleaned_data["reason"], **who)

    done = _("The payment is taken back, and the line has its money again.")
    return _answer(request, payment, form, template="budgets/payment_cancel.html", act=act, done=done)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def payment_again(request: HttpRequest, pk: int) -> HttpResponse:
    payment = visible_payment(request, pk)
    require(can_propose(signed_in(request), payment.agency))
    form = AgainForm(posted(request), payment=payment)

    def act(**who: Any) -> None:
        actions.propose_again(payment=payment, **form.cleaned_data, **who)

    done = _("Proposed again. It is approved and paid once more.")
    return _answer(request, payment, form, template="budgets/payment_again.html", act=act, done=done)

"""Proofs of transfers at the desk: kept for one payment or a bundle, looked at, withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions
from budgets.forms.proofs import ProofForm, ProofWithdrawForm
from budgets.models import Payment, PaymentQuerySet, ProvenPayment, TransferProof
from budgets.permissions import duty_agencies
from budgets.views.payments import TOGETHER
from kit.posting import attempt, form_page, key_in, posted, require
from kit.scans import MOST_BYTES
from kit.uploads import takes_files

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


def _transfers(request: HttpRequest) -> PaymentQuerySet:
    """Those of the bundle that the address names, or the payments that it names one by one; else what has no proof."""
    rows = Payment.objects.visible_to(signed_in(request)).with_parts().filter(state=Payment.State.PAID)
    rows = rows.filter(method=Payment.Method.TRANSFER).order_by("pk")
    bundle = request.GET.get("bundle", "").replace("\0", "")[:60]
    if bundle:
        return rows.filter(bundle=bundle, pk__in=rows.filter(bundle=bundle).values("pk")[:TOGETHER])
    if named := _named(request):
        return rows.filter(pk__in=named)
    proven = ProvenPayment.objects.standing().values("payment")
    return rows.filter(pk__in=rows.exclude(pk__in=proven).values("pk")[:TOGETHER])


def _named(request: HttpRequest) -> list[int]:
    return [key_in(text) for text in request.GET.getlist("payment")[:TOGETHER]]


def _context(request: HttpRequest, rows: PaymentQuerySet) -> dict[str, Any]:
    shown = list(rows)
    proven = ProvenPayment.objects.standing().filter(payment__in=shown).select_related("proof__kept_by")
    by_payment: dict[int, list[TransferProof]] = {}
    for one in proven.order_by("pk"):
        by_payment.setdefault(one.payment_id, []).append(one.proof)
    records = duty_agencies(signed_in(request), Permission.RECORD_PAYMENTS)
    return {
        "rows": [(row, by_payment.get(row.pk, [])) for row in shown],
        "bundle": request.GET.get("bundle", ""),
        "is_named": bool(request.GET),
        "records": records,
        "may": any(row.agency_id in records for row in shown),
        "waiting": [row.pk for row in shown if row.pk not in by_payment],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(MOST_BYTES)
@never_cache
@requires(Permission.VIEW_BUDGETS)
def proof_list(request: HttpRequest) -> HttpResponse:
    """Payments that were transferred together, with what proves them; who records payments adds a scan."""
    rows = _transfers(request)
    context = _context(request, rows)
    if request.method == "POST":
        require(context["may"])
    open_rows = rows.filter(pk__in=context["waiting"], agency__in=context["records"])
    files = request.FILES if request.method == "POST" else None
    form = ProofForm(posted(request), files, payments=open_rows)
    if attempt(form, lambda: _keep(request, form)):
        messages.success(request, _("The proof is kept."))
        return redirect(f"{reverse('budgets:proof_list')}?{_address(request)}")
    return form_page(request, "budgets/proof_list.html", form, **context)


def _keep(request: HttpRequest, form: ProofForm) -> None:
    told = form.cleaned_data
    actions.keep_proof(payments=list(told["payment"]), scan=told["file"], by=signed_in(request))


def _address(request: HttpRequest) -> str:
    """The same page once more."""
    bundle = request.GET.get("bundle", "")
    return urlencode({"bundle": bundle} if bundle else {"payment": _named(request)}, doseq=True)


def _proof(request: HttpRequest, pk: int) -> TransferProof:
    seen = TransferProof.objects.visible_to(signed_in(request)).select_related("stored", "agency")
    return get_object_or_404(seen, pk=pk)


@require_GET
@requires(Permission.VIEW_BUDGETS)
def proof_file(request: HttpRequest, pk: int) -> HttpResponse:
    proof = _proof(request, pk)
    content = actions.look_at_proof(proof=proof, by=signed_in(request))
    is_picture = proof.content_type == "image/jpeg"
    response = HttpResponse(content, content_type=proof.content_type, headers=HEADERS)
    response["Content-Disposition"] = content_disposition_header(not is_picture, proof.file_name) or "attachment"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_BUDGETS)
def proof_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    proof, user = _proof(request, pk), signed_in(request)
    require(proof.agency_id in duty_agencies(user, Permission.RECORD_PAYMENTS))
    first = proof.payments.select_related("payment").order_by("pk")[0].payment
    form = ProofWithdrawForm(posted(request))
    if attempt(form, lambda: actions.withdraw_proof(proof=proof, by=user, **form.cleaned_data)):
        messages.success(request, _("The proof is withdrawn."))
        wanted = {"bundle": first.bundle} if first.bundle else {"payment": first.pk}
        return redirect(f"{reverse('budgets:proof_list')}?{urlencode(wanted)}")
    return form_page(request, "budgets/proof_withdraw.html", form, proof=proof, payment=first)

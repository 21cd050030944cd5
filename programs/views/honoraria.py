"""The honorarium of a batch: what each session comes to and why, and the proposal to pay it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted, require
from programs import actions, queries
from programs.forms.honoraria import HonorariumForm
from programs.models import Batch


@dataclass(frozen=True)
class Sums:
    """The columns of the table, added up."""

    ready: int
    proposed: int
    ahead: int


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def batch_honorarium(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    batch = get_object_or_404(Batch.objects.visible_to(user).with_office(), pk=pk)
    agency = batch.program.agency_id
    require(holds(user, Permission.VIEW_BUDGETS, agency_id=agency))
    may = holds(user, Permission.PROPOSE_PAYMENTS, agency_id=agency)
    require(may or request.method != "POST")
    form, proposed = HonorariumForm(posted(request), batch=batch), 0

    def propose() -> None:
        nonlocal proposed
        proposed = len(actions.propose_honoraria(batch=batch, line=form.cleaned_data["line"], by=user))

    if attempt(form, propose):
        told = ngettext("%(count)d payment is proposed.", "%(count)d payments are proposed.", proposed)
        messages.success(request, told % {"count": proposed})
        return redirect("programs:batch_honorarium", pk)
    rows = queries.fees_of(batch, timezone.now())
    context = {"batch": batch, "rows": rows, "sums": _sums(rows), "may": may}
    return form_page(request, "programs/batch_honorarium.html", form, **context)


def _sums(rows: Sequence[queries.FeeLine]) -> Sums:
    return Sums(
        ready=sum(row.fee.gross for row in rows if row.fee and row.is_ready),
        proposed=sum(row.payment.gross for row in rows if row.payment),
        ahead=sum(row.fee.gross for row in rows if row.fee and row.obstacle == "not_over"),
    )

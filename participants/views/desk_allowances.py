"""The allowance of a batch's participants: who gets it, and the proposal to pay it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from budgets.permissions import keeps_accounts
from kit.posting import attempt, form_page, posted, require
from participants import actions, queries
from participants.forms.allowances import AllowanceForm
from participants.queries.import_accounts import without_account
from participants.views.desk import visible_batch


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def batch_allowances(request: HttpRequest, pk: int) -> HttpResponse:
    user, batch = signed_in(request), visible_batch(request, pk)
    require(holds(user, Permission.VIEW_BUDGETS, agency_id=batch.program.agency_id))
    may = holds(user, Permission.PROPOSE_PAYMENTS, agency_id=batch.program.agency_id)
    require(may or request.method != "POST")
    form, proposed = AllowanceForm(posted(request), batch=batch), 0

    def propose() -> None:
        nonlocal proposed
        proposed = len(actions.propose_allowances(batch=batch, by=user, **form.cleaned_data))

    if attempt(form, propose):
        told = ngettext("%(count)d allowance is proposed.", "%(count)d allowances are proposed.", proposed)
        messages.success(request, told % {"count": proposed})
        return redirect("participants:batch_allowances", pk)
    context = {"batch": batch, "found": queries.allowances_in(batch), "may": may}
    context |= {"without": len(without_account(batch)), "keeps": keeps_accounts(user, batch.program.agency)}
    return form_page(request, "participants/batch_allowances.html", form, **context)

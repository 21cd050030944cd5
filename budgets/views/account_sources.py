"""Accounts that came with one list, before the second person confirms them together."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Agency
from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions, queries
from budgets.forms.accounts import ConfirmListForm
from budgets.models import PayeeAccount
from budgets.permissions import keeps_accounts
from kit.posting import attempt, form_page, posted, require


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_BUDGETS)
def account_source(request: HttpRequest, agency_id: int, source: str) -> HttpResponse:
    """Masked numbers, holder beside payee; one tick and one button for all that wait."""
    user, agency = signed_in(request), get_object_or_404(Agency, pk=agency_id)
    if not PayeeAccount.objects.visible_to(user).filter(agency=agency).from_list(source).exists():
        raise Http404
    require(keeps_accounts(user, agency) or request.method != "POST")
    rows = queries.listed_accounts(agency, source)
    waiting = [row.account for row in rows if row.account.state == PayeeAccount.State.PENDING]
    form = ConfirmListForm(posted(request), initial={"seen": ",".join(str(row.pk) for row in waiting)})
    confirmed = 0

    def confirm() -> None:
        nonlocal confirmed
        confirmed = actions.confirm_listed(agency=agency, source=source, seen=form.cleaned_data["seen"], by=user)

    if attempt(form, confirm):
        told = ngettext("%(count)d account is in force.", "%(count)d accounts are in force.", confirmed)
        messages.success(request, told % {"count": confirmed})
        return redirect("budgets:account_source", agency.pk, source)
    decides = keeps_accounts(user, agency) and not any(row.entered_by_id == user.pk for row in waiting)
    context = {"rows": rows, "waiting": waiting, "decides": decides and bool(waiting), "first": rows[0].account}
    context["some_decided"] = len(waiting) < len(rows)
    return form_page(request, "budgets/account_source.html", form, **context)

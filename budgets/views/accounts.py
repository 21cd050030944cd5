"""Accounts of payees: entered by one, confirmed by another, seen whole only with a reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions, queries
from budgets.forms.accounts import AccountFilterForm, AccountForm, RefuseForm, RevealForm, keeping_agencies
from budgets.models import PayeeAccount
from budgets.permissions import keeps_accounts, may_reveal_account
from kit.pages import counted, keyset_page
from kit.posting import attempt, form_page, posted, require, tell_refusal
from kit.sealed import unseal

PAGE_SIZE = 50
SHOWN = ("agency", "bank", "entered_by", "decided_by")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_BUDGETS)
def account_list(request: HttpRequest) -> HttpResponse:
    """What waits for this person to confirm, and every account; names never stand in the address."""
    if request.method == "POST":
        return redirect(f"{reverse('budgets:account_list')}?{AccountFilterForm(request.POST).address_query}")
    user, form = signed_in(request), AccountFilterForm(request.GET)
    seen, wanted = PayeeAccount.objects.visible_to(user), form.wanted
    offices = keeping_agencies(user)
    waiting = seen.filter(state=PayeeAccount.State.PENDING, agency__in=offices).exclude(entered_by=user)
    tab = "confirm" if offices and wanted.get("tab") == "confirm" else ""
    found = (waiting if tab else seen).called(wanted.get("q", ""))
    page = keyset_page(found.select_related(*SHOWN).defer("number"), request.GET, size=PAGE_SIZE)
    context = {"form": form, "tab": tab, "page": page, "may": bool(offices), "searched": "q" in wanted}
    context["lists"] = queries.waiting_lists(seen.filter(agency__in=offices), user) if offices else []
    return render(request, "budgets/account_list.html", context | {"waiting": counted(waiting)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.PROPOSE_PAYMENTS, Permission.RECORD_PAYMENTS)
def account_create(request: HttpRequest) -> HttpResponse:
    user, made = signed_in(request), PayeeAccount()
    asked = {name: request.GET.get(name, "")[:600].replace("\0", "") for name in ("owner", "name")}
    form = AccountForm(posted(request), user=user, owner=asked["owner"][:60], name=unseal(asked["name"]))

    def enter() -> None:
        nonlocal made
        made = actions.enter_account(by=user, **form.told)

    if attempt(form, enter):
        waits = _("A second person confirms the account before it is used.")
        messages.success(request, _("The account is in force.") if made.is_in_force else waits)
        return redirect("budgets:account_detail", made.pk)
    return form_page(request, "budgets/account_create.html", form)


def _visible(request: HttpRequest, pk: int) -> PayeeAccount:
    rows = PayeeAccount.objects.visible_to(signed_in(request)).select_related(*SHOWN).defer("number")
    return get_object_or_404(rows, pk=pk)


@require_safe
@never_cache
@requires(Permission.VIEW_BUDGETS)
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, account = signed_in(request), _visible(request, pk)
    keeps = keeps_accounts(user, account.agency)
    former = PayeeAccount.objects.filter(agency=account.agency_id, owner=account.owner).exclude(pk=pk)
    context: dict[str, Any] = {
        "account": account,
        "others": former.select_related("bank").defer("number")[:20],
        "keeps": keeps,
        "decides": keeps and account.state == PayeeAccount.State.PENDING and account.entered_by_id != user.pk,
        "reveals": may_reveal_account(user, account.agency),
    }
    return render(request, "budgets/account_detail.html", context)


def _kept(request: HttpRequest, pk: int) -> PayeeAccount:
    account = _visible(request, pk)
    require(keeps_accounts(signed_in(request), account.agency))
    return account


@require_POST
@requires(Permission.VIEW_BUDGETS)
def account_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    account = _kept(request, pk)
    if tell_refusal(request, lambda: actions.confirm_account(account=account, by=signed_in(request))):
        messages.success(request, _("The account is in force."))
    return redirect("budgets:account_detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def account_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    account, form = _kept(request, pk), RefuseForm(posted(request))
    if attempt(form, lambda: actions.refuse_account(account=account, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, _("The account is refused. The one before it stays in force."))
        return redirect("budgets:account_detail", pk)
    return form_page(request, "budgets/account_refuse.html", form, account=account)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_BUDGETS)
def account_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The full number stands in the answer to this one POST and nowhere else."""
    account, number = _visible(request, pk), ""
    require(may_reveal_account(signed_in(request), account.agency))
    form = RevealForm(posted(request))

    def reveal() -> None:
        nonlocal number
        number = actions.reveal_account(account=account, by=signed_in(request), **form.cleaned_data)

    attempt(form, reveal)
    return form_page(request, "budgets/account_reveal.html", form, account=account, number=number)

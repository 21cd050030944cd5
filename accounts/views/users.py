"""The people of the office, for its administrators."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.forms import ReasonForm, UserFilterForm
from accounts.models import User
from accounts.permissions import can_change_person, requires, signed_in
from accounts.queries import managed_users, second_steps
from accounts.roles import Permission
from accounts.views.second_factor import show_codes
from kit.sealed import seal

MANAGES = Permission.MANAGE_USERS
PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGES)
def user_list(request: HttpRequest) -> HttpResponse:
    """By POST to here, then by GET with the words sealed: names stand in no address."""
    form = UserFilterForm(request.POST or request.GET)
    if request.method == "POST" and form.is_valid():
        query = QueryDict(mutable=True)
        wanted = {"q": seal(form.cleaned_data["q"]), "state": form.cleaned_data["state"]}
        query.update({name: value for name, value in wanted.items() if value})
        return redirect(f"{reverse('accounts:user_list')}?{query.urlencode()}")
    people = form.narrow(managed_users(request.user)).prefetch_related("role_assignments__region", "authenticator_set")
    page = Paginator(people.select_related("agency").order_by("full_name", "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "accounts/user_list.html", {"form": form, "page": page})


@require_safe
@never_cache
@requires(MANAGES)
def user_detail(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(managed_users(request.user), pk=pk)
    return render(request, "accounts/user_detail.html", detail(request, person))


def detail(request: HttpRequest, person: User, **more: Any) -> dict[str, Any]:
    return {
        "person": person,
        "assignments": person.role_assignments.select_related("agency", "region"),
        "steps": second_steps(person),
        "devices": person.devices.live(),
        "invitation": person.invitations.open().first(),
        "may_change": can_change_person(signed_in(request), person) and person.pk != request.user.pk,
        "reset_form": ReasonForm(),
        "sheet_form": ReasonForm(),
    } | more


@require_POST
@requires(MANAGES)
def user_close(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, actions.deactivate_user, _("The account is closed and signed out everywhere."))


@require_POST
@requires(MANAGES)
def user_open(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, actions.reactivate_user, _("The account is open again."))


@require_POST
@requires(MANAGES)
def user_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, actions.lift_lockout, _("Wrong attempts are forgotten; signing in is possible at once."))


@require_POST
@requires(MANAGES)
def user_sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, actions.end_all_devices, _("Signed out everywhere."))


def act(request: HttpRequest, pk: int, action: Callable[..., Any], done: str) -> HttpResponse:
    person = get_object_or_404(managed_users(request.user), pk=pk)
    try:
        action(by=signed_in(request), user=person)
        messages.success(request, done)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("accounts:user_detail", pk=pk)


@require_POST
@requires(MANAGES)
def user_reset_step(request: HttpRequest, pk: int) -> HttpResponse:
    person, form = get_object_or_404(managed_users(request.user), pk=pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            actions.reset_second_factor(by=signed_in(request), user=person, reason=reason)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The second step is reset. At the next sign-in it is set up anew."))
            return redirect("accounts:user_detail", pk=pk)
    return show_person(request, person, reset_form=form, opened="reset")


@require_POST
@never_cache
@requires(MANAGES)
def user_code_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    person, form = get_object_or_404(managed_users(request.user), pk=pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            codes = actions.issue_code_sheet(by=signed_in(request), user=person, reason=reason)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return show_codes(request, person, codes, is_own=False)
    return show_person(request, person, sheet_form=form, opened="sheet")


def show_person(request: HttpRequest, person: User, **more: Any) -> HttpResponse:
    return render(request, "accounts/user_detail.html", detail(request, person, **more))

"""Inviting people, and being invited."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.adapter import take_attempt
from accounts.forms import AcceptForm, ChooseForm, InviteForm, InviteManyForm
from accounts.models import Invitation, Way
from accounts.permissions import requires, signed_in
from accounts.queries import (
    administered_agencies,
    invitation_of_code,
    invitation_of_token,
    managed_invitations,
    managed_users,
)
from accounts.roles import Permission

MANAGES = Permission.MANAGE_USERS


@requires(MANAGES)
def user_invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, agencies=administered_agencies(signed_in(request)))
    if request.method == "POST" and form.is_valid() and invite_all(request, form):
        return redirect("accounts:invitation_list")
    return render(request, "accounts/user_invite.html", {"form": form})


@requires(MANAGES)
def user_invite_many(request: HttpRequest) -> HttpResponse:
    """First shown line by line; sent when nothing is wrong and the second button is pressed."""
    form = InviteManyForm(request.POST or None, agencies=administered_agencies(signed_in(request)))
    checked = request.method == "POST" and form.is_valid()
    if checked and not form.wrong_rows and "send" in request.POST and invite_all(request, form):
        return redirect("accounts:invitation_list")
    return render(request, "accounts/user_invite_many.html", {"form": form, "checked": checked and not form.errors})


def invite_all(request: HttpRequest, form: InviteForm | InviteManyForm) -> bool:
    try:
        invited = actions.invite(by=signed_in(request), agency=form.agency, guests=form.guests)
    except ValidationError as refusal:
        form.add_error(None, ValidationError(refusal.messages))
        return False
    told = ngettext("%(count)d person is invited.", "%(count)d people are invited.", len(invited))
    messages.success(request, told % {"count": len(invited)})
    return True


@require_safe
@requires(MANAGES)
def invitation_list(request: HttpRequest) -> HttpResponse:
    invitations = managed_invitations(request.user).open().select_related("user", "agency")
    listed = list(invitations.order_by("way", "user__full_name"))
    letters = [invitation for invitation in listed if invitation.is_letter]
    return render(request, "accounts/invitation_list.html", {"invitations": listed, "letters": letters})


@require_POST
@never_cache
@requires(MANAGES)
def invitation_letters(request: HttpRequest) -> HttpResponse:
    """The codes stand on this answer alone: printing again makes new ones."""
    numbers = [int(number) for number in request.POST.getlist("letter") if number.isascii() and number.isdigit()]
    wanted = managed_invitations(request.user).open().filter(way=Way.LETTER, pk__in=numbers[:500])
    letters = actions.print_letters(by=signed_in(request), invitations=list(wanted))
    if not letters:
        messages.warning(request, _("Choose whose letters to print."))
        return redirect("accounts:invitation_list")
    letters.sort(key=lambda letter: letter[0].user.full_name)
    context = {"letters": letters, "agency": letters[0][0].agency, "now": timezone.now()}
    return render(request, "accounts/invitation_letters.html", context)


@require_POST
@requires(MANAGES)
def invitation_end(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(managed_invitations(request.user), pk=pk)
    try:
        actions.end_invitation(by=signed_in(request), invitation=invitation)
        messages.success(request, _("The invitation is taken back and the account closed."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("accounts:invitation_list")


@require_POST
@requires(MANAGES)
def user_reinvite(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(managed_users(request.user), pk=pk)
    try:
        actions.renew_invitation(by=signed_in(request), user=user)
        messages.success(request, _("Invited anew. The earlier invitation does not count any more."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("accounts:invitation_list")


@login_not_required
@never_cache
def invitation_accept(request: HttpRequest) -> HttpResponse:
    """With the letter. A wrong code counts like a wrong password, whether or not such a person was invited."""
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            attempt = take_attempt(request, form.cleaned_data["username"])
            invitation = invitation_of_code(form.cleaned_data["username"], form.cleaned_data["code"])
            if invitation is None:
                actions.note_failed_sign_in(login=form.cleaned_data["username"], attempt=attempt)
                form.add_error("code", _("The user name or the code is not right, or the code has expired."))
            elif accepted(request, form, invitation):
                return redirect("account_login")
            else:
                actions.settle_attempt(attempt=attempt)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "accounts/invitation_accept.html", {"form": form})


@login_not_required
@never_cache
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """With the link of the e-mail."""
    invitation = invitation_of_token(token)
    form = ChooseForm(request.POST or None, user=invitation.user if invitation else None)
    if invitation and request.method == "POST" and form.is_valid() and accepted(request, form, invitation):
        return redirect("account_login")
    return render(request, "accounts/invitation_open.html", {"form": form, "invitation": invitation})


def accepted(request: HttpRequest, form: ChooseForm, invitation: Invitation) -> bool:
    """The rules for passwords are asked again now that it is known whose it is."""
    form.user = invitation.user
    try:
        form.clean_password1()
        actions.accept_invitation(invitation=invitation, password=form.cleaned_data["password1"])
    except ValidationError as refusal:
        form.add_error("password1", refusal)
        return False
    messages.success(request, _("Your password is saved. Sign in with it now."))
    return True

"""Where one is signed in, and the way out of it."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.middleware import device_key, note_device
from accounts.permissions import signed_in


@require_safe
def device_list(request: HttpRequest) -> HttpResponse:
    devices = signed_in(request).devices.live()
    return render(request, "accounts/device_list.html", {"devices": devices, "own_key": device_key(request)})


@require_POST
def device_end(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    device = get_object_or_404(user.devices, pk=pk)
    if device.key == device_key(request):
        return redirect("account_logout")
    actions.end_device(by=user, device=device)
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:device_list")


@require_POST
def device_end_all(request: HttpRequest) -> HttpResponse:
    """This one stays: whoever asks wants to go on here."""
    user = signed_in(request)
    ended = actions.end_all_devices(by=user, user=user, keep=device_key(request))
    update_session_auth_hash(request, user)
    note_device(request, user)
    told = ngettext("%(count)d other device is signed out.", "%(count)d other devices are signed out.", ended)
    messages.success(request, told % {"count": ended} if ended else _("You were signed in nowhere else."))
    return redirect("accounts:device_list")

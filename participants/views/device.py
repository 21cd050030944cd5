"""The attendance device: a page that lies in the browser, and what it says to the portal and hears from it."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from accounts.rules import browser_family
from kit.pages import keyset_page
from kit.shells import weighed
from participants import actions, queries
from participants.actions import MarkResult
from participants.forms.devices import Parcel, read_parcel, read_preparation
from participants.models import MARK_REFUSALS, AttendanceDevice
from participants.views.camera import with_camera
from participants.views.device_words import device_words

STYLES = ("vendor/bootstrap/bootstrap.min.css", "css/theme.css", "css/portal.css", "css/staff.css", "css/device.css")
SCRIPTS = tuple(
    f"js/{name}.js"
    for name in (
        *("ticket-scan", "device-store", "device-outbox", "device-app", "device-parts", "device-checks"),
        *("device-door", "device-screens"),
    )
)
PICTURES = ("img/icons.svg", "img/mark.svg", "img/icon-180.png", "img/sample-code.png", "img/attendance.webmanifest")
READER = "vendor/jsqr/jsQR.js"
OF_THE_WORKER = ("js/device-store.js", "js/device-outbox.js", "js/device-worker.js")
PARTS = (*STYLES, *SCRIPTS, *PICTURES, READER)
SAMPLE_CODE = "PRCB2345"
TEMPLATE = "participants/attendance_device.html"
ICONS = (
    *("alert-triangle", "arrow-back-up", "arrow-right", "calendar-event", "camera", "check", "checks", "chevron-left"),
    *(
        "circle-check",
        "circle-x",
        "device-mobile",
        "help-circle",
        "hourglass",
        "info-circle",
        "lock",
        "login",
        "refresh",
        "send",
        "x",
    ),
)


@lru_cache(maxsize=8)
def shell_version(language: str, _static_url: str) -> str:
    """Another one as soon as anything of the page changes, so that a browser with the old one fetches it anew."""
    words = f"{language} {TEMPLATE}{json.dumps(device_words())}"
    return weighed(words, templates=[TEMPLATE], statics=(*PARTS, *OF_THE_WORKER))


def version() -> str:
    return shell_version(get_language() or settings.LANGUAGE_CODE, settings.STATIC_URL)


@require_safe
@requires(Permission.TAKE_ATTENDANCE)
@with_camera
def attendance_device(request: HttpRequest) -> HttpResponse:
    """The shell, without a name of anybody in it: it is kept by the browser, whoever uses that next."""
    page = reverse("participants:attendance_device")
    config = {
        "page": page,
        "worker": reverse("participants:attendance_worker"),
        "version": version(),
        "reader": static(READER),
        "sample": static("img/sample-code.png"),
        "sampleCode": SAMPLE_CODE,
        "login": f"{reverse('account_login')}?{urlencode({'next': page})}",
        "online": reverse("participants:attendance_day"),
        "zone": timezone.get_current_timezone_name(),
        "locale": "en-GB" if get_language() == "en" else "id-ID",
        "deviceName": browser_family(request.headers.get("User-Agent", "")) or _("Device"),
    }
    context = {"config": config, "words": device_words(), "styles": STYLES, "scripts": SCRIPTS, "icons": ICONS}
    return render(request, "participants/attendance_device.html", context)


@login_not_required
@require_safe
def attendance_worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its address bounds what it may touch: the pages below its own folder, nothing else."""
    shell = {
        "version": version(),
        "page": reverse("participants:attendance_device"),
        "parts": [static(name) for name in PARTS],
    }
    imported = ", ".join(json.dumps(static(name)) for name in OF_THE_WORKER)
    text = f"self.SHELL = {json.dumps(shell)};\nimportScripts({imported});\n"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-store"})


@require_safe
@requires(Permission.TAKE_ATTENDANCE)
def attendance_device_state(request: HttpRequest) -> JsonResponse:
    """Time, token, what may be chosen, and how things stand in the sessions that the device holds."""
    user, now = signed_in(request), timezone.now()
    device = _device(request)
    said: dict[str, Any] = {
        "now": queries.millis(now),
        "csrf": get_token(request),
        "user": user.full_name or user.username,
        "version": version(),
        "sessions": queries.sessions_to_hold(user, now),
        "device": None,
        "present": {},
    }
    if device is not None:
        mine, holds = device.user_id == user.pk, device.holds_lists(now)
        state = "revoked" if device.revoked_at else "ready" if holds else "expired"
        said["device"] = {"state": state, "mine": mine, "secret": device.opener if mine and holds else ""}
        if holds:
            said["present"] = queries.standing_for(device, user)
    return JsonResponse(said)


def _device(request: HttpRequest) -> AttendanceDevice | None:
    """Any device that names itself by a key nobody can guess; one that is not known has been cleared away."""
    try:
        return AttendanceDevice.objects.filter(key=request.GET.get("perangkat", "")).first()
    except ValidationError:
        return None


@require_POST
@requires(Permission.TAKE_ATTENDANCE)
def attendance_device_prepare(request: HttpRequest) -> JsonResponse:
    try:
        asked = read_preparation(request.body)
        device = actions.prepare_device(
            key=asked.device, name=asked.name, sessions=asked.sessions, by=signed_in(request)
        )
    except ValidationError as refusal:
        return _refused(refusal)
    said = {
        "secret": device.opener,
        "expires": queries.millis(device.expires_at),
        "now": queries.millis(timezone.now()),
    }
    return JsonResponse(said | {"lists": queries.device_lists(device)})


@require_POST
@requires(Permission.TAKE_ATTENDANCE)
def attendance_send(request: HttpRequest) -> JsonResponse:
    """What was marked without network. Sent twice, it is noted once."""
    try:
        parcel = read_parcel(request.body)
        results = actions.receive_marks(
            key=parcel.device, marks=parcel.marks, sent_at=parcel.sent_at, by=signed_in(request)
        )
    except ValidationError as refusal:
        return _refused(refusal)
    return JsonResponse({"results": _told(parcel, results)})


def _told(parcel: Parcel, results: list[MarkResult]) -> list[dict[str, Any]]:
    arrivals = {mark.client_id for mark in parcel.marks if mark.kind == "arrived"}
    return [
        {
            "id": str(result.client_id),
            "state": result.outcome,
            "code": result.code,
            "at": queries.millis(result.first_at) if result.client_id in arrivals else None,
            "message": str(MARK_REFUSALS.get(result.code, "")),
        }
        for result in results
    ]


def _refused(refusal: ValidationError) -> JsonResponse:
    said = {"error": getattr(refusal, "code", None) or "broken", "message": " ".join(refusal.messages)}
    return JsonResponse(said, status=400)


@require_safe
@requires(Permission.TAKE_ATTENDANCE)
def attendance_device_list(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    rows = AttendanceDevice.objects.visible_to(user).with_parts()
    page = keyset_page(rows, request.GET)
    context = {"page": page, "now": timezone.now(), "user_id": user.pk}
    return render(request, "participants/attendance_device_list.html", context)


@require_POST
@requires(Permission.TAKE_ATTENDANCE)
def attendance_device_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    device = get_object_or_404(AttendanceDevice.objects.visible_to(signed_in(request)), pk=pk)
    actions.revoke_device(device=device, by=signed_in(request))
    messages.success(
        request, _("%(name)s is locked. It deletes its lists at its next contact.") % {"name": device.name}
    )
    return redirect("participants:attendance_device_list")

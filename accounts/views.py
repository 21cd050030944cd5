"""One's own account, and the trail for those who audit."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions
from accounts.forms import AuditFilterForm, ProfileForm
from accounts.models import AuditEntryQuerySet, User
from accounts.permissions import assignments_of, requires
from accounts.queries import visible_entries
from accounts.roles import Permission
from kit.pages import keyset_page


def profile(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_profile(by=user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Your account was changed."))
            response = redirect("accounts:profile")
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
            return response
    return render(request, "accounts/profile.html", {"form": form, "assignments": assignments_of(request.user)})


@requires(Permission.VIEW_AUDIT)
def audit_list(request: HttpRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET or None)
    entries = visible_entries(request.user).select_related("agency")
    if form.is_valid():
        entries = filtered(entries, form.cleaned_data)
    page = keyset_page(entries, request.GET)
    return render(request, "accounts/audit_list.html", {"form": form, "page": page})


def filtered(entries: AuditEntryQuerySet, wanted: dict) -> AuditEntryQuerySet:
    """Whole days of the office's calendar; an action by its beginning (`registration.`), a person by a part."""
    if wanted["action"]:
        entries = entries.filter(action__startswith=wanted["action"])
    if wanted["actor"]:
        entries = entries.filter(actor_label__icontains=wanted["actor"])
    if wanted["object_type"]:
        entries = entries.filter(object_type=wanted["object_type"])
    if wanted["object_id"]:
        entries = entries.filter(object_id=wanted["object_id"])
    if wanted["since"]:
        entries = entries.filter(at__gte=midnight(wanted["since"]))
    if wanted["until"] and wanted["until"] < dt.date.max:
        entries = entries.filter(at__lt=midnight(wanted["until"] + dt.timedelta(days=1)))
    return entries


def midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))

"""What an hour of teaching is paid, since when and by what law."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.pages import keyset_page
from kit.posting import attempt, form_page, posted, require
from programs import actions
from programs.forms.resources import RateForm
from programs.models import HonorariumRate
from programs.permissions import resource_agencies

PAGE_SIZE = 50


@require_safe
@requires(Permission.MANAGE_RESOURCES)
def rate_list(request: HttpRequest) -> HttpResponse:
    found = HonorariumRate.objects.visible_to(signed_in(request)).select_related("agency")
    page = keyset_page(found, request.GET, size=PAGE_SIZE)
    rows = [(rate, rate.agency.today() in rate.valid) for rate in page.rows]
    return render(request, "programs/rate_list.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def rate_create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(bool(resource_agencies(user)))
    form = RateForm(posted(request), user=user, initial={"minutes_per_unit": 45})
    if attempt(form, lambda: _save(request, form)):
        messages.success(request, _("The rate is in the list."))
        return redirect("programs:rate_list")
    return form_page(request, "programs/rate_create.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def rate_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a slip. What was proposed for payment keeps its amount."""
    form = RateForm(posted(request), user=signed_in(request), instance=_rate(request, pk))
    if attempt(form, lambda: _save(request, form)):
        messages.success(request, _("Saved."))
        return redirect("programs:rate_list")
    return form_page(request, "programs/rate_edit.html", form, rate=_rate(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def rate_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """A new amount from a day on; the former one ends the day before."""
    rate = _rate(request, pk)
    names = ("role", "grade", "unit", "minutes_per_unit", "legal_basis", "max_amount", "local_amount")
    same = {name: getattr(rate, name) for name in names}
    begins = max(rate.first_day + timedelta(days=1), rate.agency.today())
    fresh = HonorariumRate(agency=rate.agency, **same)
    form = RateForm(posted(request), user=signed_in(request), instance=fresh, initial={**same, "first_day": begins})
    if attempt(form, lambda: actions.end_rate(rate=rate, successor=form.instance, by=signed_in(request))):
        messages.success(request, _("The new rate is in the list, and the former one ends the day before."))
        return redirect("programs:rate_list")
    return form_page(request, "programs/rate_replace.html", form, rate=rate)


def _save(request: HttpRequest, form: RateForm) -> None:
    row = form.instance
    actions.save_resource(row=row, agency=row.agency, changed=form.changed_data, by=signed_in(request))


def _rate(request: HttpRequest, pk: int) -> HonorariumRate:
    rows = HonorariumRate.objects.visible_to(signed_in(request)).select_related("agency")
    return get_object_or_404(rows, pk=pk)

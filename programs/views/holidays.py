"""The days on which the office does not train."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Agency
from accounts.permissions import assignments_with, requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted, require
from programs import actions
from programs.forms.rollout_rows import HolidayForm, YearForm
from programs.models import Holiday
from programs.permissions import programming_agencies
from programs.views.rollouts import carried_out


def seen_agency(request: HttpRequest) -> Agency:
    """The office whose list is shown: the one asked for, else the first of the person's own."""
    given = [grant.agency for grant in assignments_with(signed_in(request), Permission.VIEW_BATCHES)]
    wanted = request.GET.get("agency", "")
    found = [agency for agency in given if str(agency.pk) == wanted] or given
    return found[0]


def kept_agency(request: HttpRequest, pk: str) -> Agency:
    """The office whose list is changed, the person's own where none is named; 403 for another's."""
    own = programming_agencies(signed_in(request))
    found = [agency for agency in own if pk in {"", str(agency.pk)}]
    if not found:
        raise PermissionDenied
    return found[0]


def kept_holiday(request: HttpRequest, pk: int) -> Holiday:
    user = signed_in(request)
    holiday = get_object_or_404(Holiday.objects.visible_to(user).select_related("agency"), pk=pk)
    require(holiday.agency in programming_agencies(user))
    return holiday


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BATCHES)
def holiday_list(request: HttpRequest) -> HttpResponse:
    agency, user = seen_agency(request), signed_in(request)
    agency = kept_agency(request, str(agency.pk)) if request.method == "POST" else agency
    chosen = YearForm(request.GET)
    year = chosen.cleaned_data["year"] if chosen.is_valid() else agency.today().year
    form = HolidayForm(posted(request))
    if attempt(form, lambda: actions.add_holiday(agency=agency, by=user, **form.cleaned_data)):
        messages.success(request, _("The day is on the list. Plans that use it show the clash."))
        return _back(agency, form.cleaned_data["day"].year)
    rows = list(Holiday.objects.filter(agency=agency, day__year=year))
    context = {"agency": agency, "year": year, "rows": rows, "years": (year - 1, year, year + 1)}
    context["may"] = agency in programming_agencies(user)
    return form_page(request, "programs/holiday_list.html", form, **context)


def _back(agency: Agency, year: int) -> HttpResponse:
    response = redirect("programs:holiday_list")
    response["Location"] += f"?agency={agency.pk}&year={year}"
    return response


@require_POST
@requires(Permission.MANAGE_BATCHES)
def holiday_fetch(request: HttpRequest) -> HttpResponse:
    """Takes over the official list of a year; what the office has written stays."""
    agency, form = kept_agency(request, request.POST.get("agency", "")), YearForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please write the year with four digits."))
        return redirect("programs:holiday_list")
    year = form.cleaned_data["year"]
    added = actions.fetch_holidays(agency=agency, year=year, by=signed_in(request))
    text = ngettext("%(count)d day was added.", "%(count)d days were added.", added)
    messages.success(request, text % {"count": added} if added else _("The list is complete already."))
    return _back(agency, year)


@require_POST
@requires(Permission.MANAGE_BATCHES)
def holiday_switch(request: HttpRequest, pk: int) -> HttpResponse:
    holiday = kept_holiday(request, pk)
    actions.change_holiday(holiday=holiday, observed="observed" in request.POST, by=signed_in(request))
    return _back(holiday.agency, holiday.day.year)


@require_POST
@requires(Permission.MANAGE_BATCHES)
def holiday_remove(request: HttpRequest, pk: int) -> HttpResponse:
    holiday, user = kept_holiday(request, pk), signed_in(request)
    agency, year = holiday.agency, holiday.day.year
    carried_out(request, lambda: actions.remove_holiday(holiday=holiday, by=user), _("The day is off the list."))
    return _back(agency, year)

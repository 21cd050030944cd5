"""Places where batches meet: how many fit in, when they are open, and what stands there already."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.pages import counted, keyset_page
from kit.posting import attempt, form_page, posted, require
from programs import actions
from programs.forms.resources import DaysForm, VenueForm
from programs.models import Session, Venue, VenueClosure
from programs.permissions import resource_agencies

PAGE_SIZE = 30
SHOWN_SESSIONS = 30


@require_safe
@requires(Permission.MANAGE_RESOURCES)
def venue_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = Venue.objects.visible_to(signed_in(request)).select_related("region")
    if text:
        found = found.filter(name__icontains=text)
    page = keyset_page(found, request.GET, size=PAGE_SIZE)
    context = {"page": page, "q": text, "total": counted(found)}
    return render(request, "programs/venue_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def venue_create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(bool(resource_agencies(user)))
    form = VenueForm(posted(request), user=user)
    if attempt(form, lambda: _save(request, form)):
        messages.success(request, _("The venue is in the list."))
        return redirect(form.instance)
    return form_page(request, "programs/venue_create.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def venue_edit(request: HttpRequest, pk: int) -> HttpResponse:
    venue = _venue(request, pk)
    form = VenueForm(posted(request), user=signed_in(request), instance=venue)
    if attempt(form, lambda: _save(request, form)):
        messages.success(request, _("Saved."))
        return redirect("programs:venue_detail", pk)
    return form_page(request, "programs/venue_edit.html", form, venue=_venue(request, pk))


def _save(request: HttpRequest, form: VenueForm) -> None:
    row = form.instance
    actions.save_resource(row=row, agency=row.agency, changed=form.changed_data, by=signed_in(request))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def venue_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The venue with what stands there, and a form for days on which it is closed."""
    venue, form = _venue(request, pk), DaysForm(posted(request))

    def close() -> None:
        row = VenueClosure(venue=venue, days=form.days, reason=form.cleaned_data["reason"])
        actions.save_resource(row=row, agency=venue.agency, changed=["days"], by=signed_in(request))

    if attempt(form, close):
        messages.success(request, _("Noted."))
        return redirect(venue)
    planned = Session.objects.planned().filter(venue=venue, during__endswith__gt=timezone.now())
    context = {
        "venue": venue,
        "closures": list(venue.closures.filter(days__endswith__gt=venue.agency.today())),
        "sessions": planned.in_order().select_related("batch__region", "topic", "instructor")[:SHOWN_SESSIONS],
        "facilities": [Venue.Facility(code).label for code in venue.facilities],
    }
    return form_page(request, "programs/venue_detail.html", form, **context)


@require_POST
@requires(Permission.MANAGE_RESOURCES)
def closure_remove(request: HttpRequest, pk: int, closure: int) -> HttpResponse:
    venue = _venue(request, pk)
    row = get_object_or_404(venue.closures, pk=closure)
    actions.remove_resource(row=row, agency=venue.agency, by=signed_in(request))
    messages.success(request, _("Taken out."))
    return redirect(venue)


def _venue(request: HttpRequest, pk: int) -> Venue:
    rows = Venue.objects.visible_to(signed_in(request)).select_related("agency", "region")
    return get_object_or_404(rows, pk=pk)

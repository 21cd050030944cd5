"""Finding an entry without knowing its batch: somebody phones with a number, or asks for their data."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.pages import Found
from participants.forms.staff import RegistrationFilterForm, RegistrationFindForm
from participants.models import Registration
from participants.queries import find_entries


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_REGISTRATIONS)
def registration_search(request: HttpRequest) -> HttpResponse:
    """By POST to here, then by GET with what may stand in an address; without a question nothing is listed."""
    if request.method == "POST":
        return _to_result(request)
    form = RegistrationFilterForm(request.GET)
    asked = {name for name in form.wanted if name in {"q", "h"}}
    seen = Registration.objects.visible_to(signed_in(request)).select_related("batch__region").defer("nik")
    found = find_entries(seen, form.narrow) if asked else Found[Registration]([], more=False)
    return render(
        request, "participants/registration_search.html", {"form": form, "found": found, "asked": bool(asked)}
    )


def _to_result(request: HttpRequest) -> HttpResponse:
    form, query = RegistrationFindForm(request.POST), QueryDict(mutable=True)
    if form.is_valid():
        query.update(form.address_query)
    else:
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(f"{reverse('participants:registration_search')}?{query.urlencode()}")

"""How people's data is protected: the notice of each office in its edition in force, and every former one."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Agency
from participants import queries
from participants.models import ConsentPurpose, ConsentText

NOTICE = ConsentPurpose.NOTICE


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice of the only office, or that of the portal with all offices that answer for their own data."""
    agencies = list(Agency.objects.active())
    if len(agencies) == 1:
        return _notice(request, agencies[0], "")
    words = dict(queries.portal_texts())[NOTICE]
    context = {
        "agencies": agencies,
        "words": words,
        "text": queries.filled(words.said, None),
        "several": len(agencies) > 1,
    }
    return render(request, "ikm_portal/privacy.html", context)


@login_not_required
@require_safe
def privacy_of(request: HttpRequest, slug: str) -> HttpResponse:
    agency = get_object_or_404(Agency.objects.active(), slug=slug)
    return _notice(request, agency, request.GET.get("edisi", ""))


def _notice(request: HttpRequest, agency: Agency, version: str) -> HttpResponse:
    timezone.activate(agency.zone)
    now = timezone.now()
    in_force = queries.texts_in_force(agency, now)[NOTICE]
    words = queries.words_read(agency, NOTICE, version) if version else in_force
    if words is None:
        raise Http404
    own = ConsentText.objects.published().filter(agency=agency, purpose=NOTICE)
    context: dict[str, Any] = {
        "agency": agency,
        "agencies": [agency],
        "portal_agency": agency,
        "words": words,
        "text": queries.filled(words.said, agency),
        "in_force": in_force,
        "is_former": words.version != in_force.version,
        "begins_later": words.since is not None and words.since > now,
        "editions": own.order_by("-in_force_from")[:20],
        "portal_edition": queries.PORTAL_EDITION,
    }
    return render(request, "ikm_portal/privacy.html", context)

"""The guard of public forms: what it counts, and an administrator's switch."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit import watch
from participants import actions
from programs.models import Batch


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_USERS)
def form_guard(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.switch_guard(mode=request.POST.get("mode", ""), by=signed_in(request))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("The guard has been switched."))
        return redirect("participants:form_guard")
    seen = watch.state()
    context = {
        "alarms": _named(seen),
        "ordered": seen.ordered,
        "score": watch.score_now(),
        "limits": settings.WATCH,
    }
    return render(request, "participants/form_guard.html", context)


def _named(seen: watch.State) -> list[tuple[Batch | None, datetime]]:
    """Each guarded form with its batch, soonest first; None stands for all forms."""
    places = seen.places()
    slugs = {place.partition("/")[2] for place in places}
    batches = Batch.objects.filter(slug__in=slugs).select_related("program", "region") if slugs - {""} else []
    by_place = {f"{batch.program.slug}/{batch.slug}": batch for batch in batches}
    return sorted(((by_place.get(place), since) for place, since in places.items()), key=lambda row: row[1])

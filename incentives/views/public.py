"""What anybody may read of a competition."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from incentives.models import Competition
from incentives.queries.competitions import public_page
from programs.models import Program


@login_not_required
@require_safe
def competition_public(request: HttpRequest, program: str, slug: str) -> HttpResponse:
    """A competition that was called off stays there and says so, because its address was given away."""
    rows = Competition.objects.with_parts().exclude(edition=None)
    competition = get_object_or_404(rows, program__slug=program, slug=slug, program__state__in=Program.PUBLIC_STATES)
    timezone.activate(competition.program.agency.zone)
    return render(request, "incentives/competition_public.html", public_page(competition, timezone.now()))

"""How the seats of a batch are given, for everybody: the method, the hash of the seed, and the list to recompute."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participants import queries
from participants.models import Selection
from participants.views.public import public_batch
from programs.models import Batch, Program


def _selecting_batch(slug: str, batch_slug: str) -> Batch:
    batch = public_batch(slug, batch_slug)
    if batch.selection_method == Program.SelectionMethod.FIRST_COME:
        raise Http404
    return batch


@login_not_required
@require_safe
def selection_public(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    batch = _selecting_batch(slug, batch_slug)
    declared = queries.terms_of(batch)
    context = {
        "batch": batch,
        "program": batch.program,
        "portal_agency": batch.program.agency,
        "phase": batch.phase(timezone.now()),
        "declared": declared,
        "terms": queries.told_terms(declared.terms) if declared else None,
        "selection": Selection.objects.filter(batch=batch.pk).first(),
    }
    return render(request, "participants/selection_public.html", context)


@login_not_required
@require_safe
def selection_csv(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    """Numbers, points and groups under letters: no name, no address, nothing else of anybody."""
    batch = _selecting_batch(slug, batch_slug)
    selection = Selection.objects.filter(batch=batch.pk).first()
    if selection is None:
        raise Http404
    response = HttpResponse(queries.stored_list(selection), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="seleksi-{batch.slug}.csv"'
    return response

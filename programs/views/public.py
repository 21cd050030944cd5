"""What residents read before they register."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from kit.pages import counted, keyset_page
from kit.throttle import limited
from programs import queries
from programs.forms.public import EligibilityForm
from programs.models import Batch, BatchQuerySet, Program, Session
from programs.rules import Facts, refusals

SEARCH_MAX = 80
PAGE_SIZE = 30


def _listed() -> BatchQuerySet:
    return Batch.objects.public().with_parts()


def _wanted(request: HttpRequest) -> str:
    """The search text; PostgreSQL knows no NUL."""
    return request.GET.get("q", "").replace("\x00", "")[:SEARCH_MAX]


@login_not_required
@require_safe
def program_list(request: HttpRequest) -> HttpResponse:
    """Batches that are not over, by kelurahan or name, those that can be joined first; the programmes below."""
    text = _wanted(request)
    now = timezone.now()
    coming = _listed().filter(state=Batch.State.PUBLISHED, program__state=Program.State.OPEN).not_over(now)
    found = queries.find_batches(coming, text)
    listed = found.with_chance(now).with_moment()
    page = keyset_page(listed, request.GET, size=PAGE_SIZE, newest_first=False, by=["chance", "moment", "pk"])
    is_first = page.previous_key is None
    programs = Program.objects.public().select_related("agency", "fund_source") if is_first else Program.objects.none()
    programs = programs.order_by("-fund_source__fiscal_year", "name")
    context = {"page": page, "batches": page.rows, "total": counted(found), "programs": programs, "q": text}
    return render(request, "programs/program_list.html", context)


@login_not_required
@require_safe
def program_detail(request: HttpRequest, slug: str) -> HttpResponse:
    programs = Program.objects.public().select_related("agency", "fund_source").prefetch_related("rules")
    program = get_object_or_404(programs, slug=slug)
    text = _wanted(request)
    found = queries.find_batches(_listed().filter(program=program), text)
    page = keyset_page(found, request.GET, size=PAGE_SIZE, newest_first=False)
    context = {"program": program, "page": page, "batches": page.rows, "q": text}
    context["portal_agency"] = program.agency
    return render(request, "programs/program_detail.html", context)


@login_not_required
@require_safe
def batch_detail(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    batch = public_batch(slug, batch_slug)
    return _batch_page(request, batch, EligibilityForm(batch=batch), Facts())


@login_not_required
@require_POST
@limited("eligibility")
def eligibility_check(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    """Answers the rules line by line. By POST, for a birth date does not belong in an address; nothing is kept."""
    batch = public_batch(slug, batch_slug)
    form = EligibilityForm(request.POST, batch=batch)
    return _batch_page(request, batch, form, form.facts if form.is_valid() else Facts())


def public_batch(slug: str, batch_slug: str) -> Batch:
    """Times of the page are then those of its office."""
    sessions = Session.objects.in_order().select_related("topic", "venue", "instructor", "partner")
    batches = _listed().prefetch_related(Prefetch("sessions", sessions))
    batch = get_object_or_404(batches, program__slug=slug, slug=batch_slug)
    timezone.activate(batch.program.agency.zone)
    return batch


def _batch_page(request: HttpRequest, batch: Batch, form: EligibilityForm, facts: Facts) -> HttpResponse:
    now = timezone.now()
    lines = queries.answer_requirements(batch, facts, now=now)
    context = {
        "batch": batch,
        "program": batch.program,
        "portal_agency": batch.program.agency,
        "phase": batch.phase(now),
        "form": form,
        "lines": lines,
        "answered": form.is_bound and form.is_valid(),
        "refused": bool(refusals(lines)),
        "not_twice": batch.program.duplicate_rule,
    }
    return render(request, "programs/batch_detail.html", context)

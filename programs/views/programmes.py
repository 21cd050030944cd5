"""Programmes and topics at the desk: from a fund to what batches are planned for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.pages import counted, keyset_page
from kit.posting import attempt, form_page, posted
from programs import actions
from programs.forms.programmes import ProgramForm, RequirementsForm, TopicForm
from programs.models import Batch, Program, Topic
from programs.permissions import can_manage_program, programming_agencies

PAGE_SIZE = 25
ENDED = (Program.State.FINISHED, Program.State.CANCELLED)


@require_safe
@requires(Permission.VIEW_BATCHES)
def program_board(request: HttpRequest) -> HttpResponse:
    user, ended = signed_in(request), request.GET.get("state") == "ended"
    found = Program.objects.visible_to(user).filter(Q(state__in=ENDED) if ended else ~Q(state__in=ENDED))
    page = keyset_page(found.select_related("fund_source", "agency"), request.GET, size=PAGE_SIZE, newest_first=True)
    sums = _sums(Program.objects.filter(pk__in=[row.pk for row in page.rows]))
    rows = [(program, sums[program.pk]) for program in page.rows]
    context = {"rows": rows, "page": page, "ended": ended, "may": bool(programming_agencies(user))}
    return render(request, "programs/program_board.html", context | {"total": counted(found)})


def _sums(programs: QuerySet[Program]) -> dict[int, dict[str, int]]:
    """Batches that were not cancelled, and their seats, by programme."""
    living = ~Q(batches__state=Batch.State.CANCELLED)
    found = programs.order_by().annotate(
        total=Count("batches", filter=living),
        seats=Sum("batches__quota", filter=living, default=0),
        taken=Sum("batches__seats_held", filter=living, default=0),
    )
    return {row.pk: {"batches": row.total, "seats": row.seats, "taken": row.taken} for row in found}


@require_safe
@requires(Permission.VIEW_BATCHES)
def program_desk(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    rows = (
        Program.objects.visible_to(user)
        .select_related("agency", "fund_source")
        .prefetch_related("rules", "budget_lines")
    )
    program = get_object_or_404(rows, pk=pk)
    context = {
        "program": program,
        "sums": _sums(Program.objects.filter(pk=pk))[pk],
        "rules": list(program.rules.all()),
        "may": can_manage_program(user, program),
        "next": [Program.State(state) for state in actions.NEXT_STATES[program.state]],
    }
    return render(request, "programs/program_desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def program_create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = ProgramForm(posted(request), user=user)
    if attempt(form, lambda: actions.save_reference(row=form.instance, changed=form.changed_data, by=user)):
        messages.success(request, _("The programme is a draft. Set its requirements, then open it."))
        return redirect("programs:program_desk", form.instance.pk)
    has_fund = form.fields["fund_source"].queryset.exists()  # type: ignore[attr-defined]  # a ModelChoiceField
    return form_page(request, "programs/program_create.html", form, has_fund=has_fund)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def program_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, program = signed_in(request), managed_program(request, pk)
    form = ProgramForm(posted(request), user=user, instance=program)
    if attempt(form, lambda: _save(form, user)):
        messages.success(request, _("Saved."))
        return redirect("programs:program_desk", pk)
    return form_page(request, "programs/program_edit.html", form, program=Program.objects.get(pk=pk), has_fund=True)


def _save(form: ProgramForm, by: User) -> None:
    changed = form.changed_data
    actions.save_reference(row=form.instance, changed=changed, budget_lines=form.chosen_lines, by=by)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def program_requirements(request: HttpRequest, pk: int) -> HttpResponse:
    user, program = signed_in(request), managed_program(request, pk)
    form = RequirementsForm(posted(request), program=program)
    if attempt(form, lambda: actions.set_requirements(program=program, requirements=form.requirements, by=user)):
        messages.success(request, _("Saved. Entries made before keep the answers that they were given."))
        return redirect("programs:program_desk", pk)
    return form_page(request, "programs/program_requirements.html", form, program=program)


@require_POST
@requires(Permission.MANAGE_BATCHES)
def program_move(request: HttpRequest, pk: int) -> HttpResponse:
    program = managed_program(request, pk)
    try:
        actions.move_program(program=program, to=request.POST.get("state", ""), by=signed_in(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("programs:program_desk", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def topic_list(request: HttpRequest) -> HttpResponse:
    """All topics of the office, and a form for one more."""
    user = signed_in(request)
    if not programming_agencies(user):
        raise PermissionDenied
    form = TopicForm(posted(request), user=user)
    if attempt(form, lambda: actions.save_reference(row=form.instance, changed=form.changed_data, by=user)):
        messages.success(request, _("The topic is in the list."))
        return redirect("programs:topic_list")
    found = Topic.objects.filter(agency__in=programming_agencies(user)).select_related("agency")
    page = keyset_page(found.annotate(batch_count=Count("batches")), request.GET, size=PAGE_SIZE)
    return form_page(request, "programs/topic_list.html", form, page=page)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def topic_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    topic = get_object_or_404(Topic.objects.filter(agency__in=programming_agencies(user)), pk=pk)
    form = TopicForm(posted(request), user=user, instance=topic)
    if attempt(form, lambda: actions.save_reference(row=form.instance, changed=form.changed_data, by=user)):
        messages.success(request, _("Saved."))
        return redirect("programs:topic_list")
    return form_page(request, "programs/topic_edit.html", form)


def managed_program(request: HttpRequest, pk: int) -> Program:
    """404 for programmes that the person cannot see, 403 where they may only look."""
    user = signed_in(request)
    program = get_object_or_404(Program.objects.visible_to(user).select_related("agency"), pk=pk)
    if not can_manage_program(user, program):
        raise PermissionDenied
    return program

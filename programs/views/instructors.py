"""The office's instructors: who can teach what, when they can be had, and how to reach them."""

from datetime import date, datetime, time

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.pages import counted, keyset_page
from kit.posting import attempt, form_page, posted, require, tell_refusal
from programs import actions
from programs.forms.papers import CompetenceForm
from programs.forms.resources import DaysForm, InstructorFilterForm, InstructorForm
from programs.models import Instructor, InstructorAbsence, InstructorCompetence, Session
from programs.permissions import resource_agencies

PAGE_SIZE = 30
SHOWN_SESSIONS = 20


@require_safe
@requires(Permission.MANAGE_RESOURCES)
def instructor_list(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = InstructorFilterForm(request.GET, user=user)
    asked = form.cleaned_data if form.is_valid() else {}
    found = Instructor.objects.visible_to(user).named(asked.get("q", ""))
    found = found.filter(state=asked["state"]) if asked.get("state") else found.active()
    if asked.get("topic"):
        found = found.filter(competences__topic=asked["topic"])
    page = keyset_page(found.select_related("region"), request.GET, size=PAGE_SIZE)
    ahead = Q(sessions__cancelled=False, sessions__during__startswith__gt=timezone.now())
    loads = Instructor.objects.filter(pk__in=[row.pk for row in page.rows]).order_by()
    coming = dict(loads.annotate(total=Count("sessions", filter=ahead)).values_list("pk", "total"))
    taught = _topics_of([row.pk for row in page.rows])
    rows = [(row, taught.get(row.pk, []), coming[row.pk]) for row in page.rows]
    context = {"form": form, "page": page, "rows": rows, "total": counted(found), "narrowed": bool(request.GET)}
    return render(request, "programs/instructor_list.html", context)


def _topics_of(keys: list[int]) -> dict[int, list[InstructorCompetence]]:
    found: dict[int, list[InstructorCompetence]] = {}
    for row in InstructorCompetence.objects.filter(instructor__in=keys).select_related("topic"):
        found.setdefault(row.instructor_id, []).append(row)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def instructor_create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(bool(resource_agencies(user)))
    form = InstructorForm(posted(request), user=user, instance=Instructor(state=Instructor.State.CANDIDATE))
    if attempt(form, lambda: _save(request, form)):
        messages.success(request, _("The instructor is listed. Now note what they can teach."))
        return redirect("programs:instructor_competence", form.instance.pk)
    return form_page(request, "programs/instructor_create.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def instructor_edit(request: HttpRequest, pk: int) -> HttpResponse:
    instructor = visible_instructor(request, pk)
    form = InstructorForm(posted(request), user=signed_in(request), instance=instructor)
    if attempt(form, lambda: _save(request, form)):
        messages.success(request, _("Saved."))
        return redirect("programs:instructor_detail", pk)
    return form_page(request, "programs/instructor_edit.html", form, instructor=instructor)


def _save(request: HttpRequest, form: InstructorForm) -> None:
    data = form.cleaned_data
    actions.save_instructor(
        row=form.instance,
        nik=data["nik"] or None,
        regions=data["regions"],
        changed=form.changed_data,
        by=signed_in(request),
    )


@require_safe
@requires(Permission.MANAGE_RESOURCES)
def instructor_detail(request: HttpRequest, pk: int) -> HttpResponse:
    instructor, now = visible_instructor(request, pk), timezone.now()
    planned = Session.objects.planned().filter(instructor=instructor).select_related("batch__region", "topic", "venue")
    today = instructor.agency.today()
    context = {
        "instructor": instructor,
        "competences": instructor.competences.select_related("topic", "evidence"),
        "absences": instructor.absences.filter(days__endswith__gt=today),
        "documents": instructor.documents.select_related("stored").defer("key"),
        "regions": instructor.regions.all(),
        "records": instructor.records.select_related("batch")[:SHOWN_SESSIONS],
        "sessions": planned.filter(during__endswith__gt=now).in_order()[:SHOWN_SESSIONS],
        "past_count": counted(planned.filter(during__endswith__lte=now)),
        "today": today,
    }
    return render(request, "programs/instructor_detail.html", context)


@require_POST
@requires(Permission.MANAGE_RESOURCES)
def instructor_move(request: HttpRequest, pk: int) -> HttpResponse:
    instructor, to = visible_instructor(request, pk), request.POST.get("state", "")
    if tell_refusal(request, lambda: actions.move_instructor(instructor=instructor, to=to, by=signed_in(request))):
        messages.success(request, _("Saved."))
    return redirect(instructor)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def instructor_competence(request: HttpRequest, pk: int) -> HttpResponse:
    """One more topic; a topic that is there already is changed."""
    instructor = visible_instructor(request, pk)
    topic = request.POST.get("topic", "") if request.method == "POST" else request.GET.get("topic", "")
    known = instructor.competences.filter(topic=int(topic)).first() if topic.isdecimal() and len(topic) < 10 else None
    form = CompetenceForm(posted(request), instance=known or InstructorCompetence(instructor=instructor))
    by, agency = signed_in(request), instructor.agency
    save = actions.save_resource
    if attempt(form, lambda: save(row=form.instance, agency=agency, changed=form.changed_data, by=by)):
        messages.success(request, _("Saved."))
        return redirect("programs:instructor_competence", pk)
    competences = instructor.competences.select_related("topic", "evidence")
    context = {"instructor": instructor, "competences": competences, "known": known}
    return form_page(request, "programs/instructor_competence.html", form, **context)


@require_POST
@requires(Permission.MANAGE_RESOURCES)
def competence_remove(request: HttpRequest, pk: int, competence: int) -> HttpResponse:
    instructor = visible_instructor(request, pk)
    row = get_object_or_404(InstructorCompetence.objects.select_related("topic"), pk=competence, instructor=instructor)
    actions.remove_resource(row=row, agency=instructor.agency, by=signed_in(request))
    messages.success(request, _("Taken out."))
    return redirect("programs:instructor_competence", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def instructor_absence(request: HttpRequest, pk: int) -> HttpResponse:
    instructor = visible_instructor(request, pk)
    form = DaysForm(posted(request))

    def note() -> None:
        row = InstructorAbsence(instructor=instructor, days=form.days, reason=form.cleaned_data["reason"])
        actions.save_resource(row=row, agency=instructor.agency, changed=["days"], by=signed_in(request))

    if attempt(form, note):
        _tell_absence(request, instructor, form.days)
        return redirect("programs:instructor_absence", pk)
    absences = list(instructor.absences.filter(days__endswith__gt=instructor.agency.today()))
    return form_page(request, "programs/instructor_absence.html", form, instructor=instructor, absences=absences)


def _tell_absence(request: HttpRequest, instructor: Instructor, days: tuple[date, date]) -> None:
    """Sessions that stand on these days stay where they are: the office decides who teaches them."""
    first, after = (datetime.combine(day, time(), instructor.agency.zone) for day in days)
    there = Session.objects.planned().filter(instructor=instructor, during__overlap=(first, after)).count()
    messages.success(request, _("Noted."))
    if there:
        sentence = ngettext(
            "%(count)d session stands on these days already. Please give it to somebody else.",
            "%(count)d sessions stand on these days already. Please give them to somebody else.",
            there,
        )
        messages.warning(request, sentence % {"count": there})


@require_POST
@requires(Permission.MANAGE_RESOURCES)
def absence_remove(request: HttpRequest, pk: int, absence: int) -> HttpResponse:
    instructor = visible_instructor(request, pk)
    row = get_object_or_404(instructor.absences, pk=absence)
    actions.remove_resource(row=row, agency=instructor.agency, by=signed_in(request))
    messages.success(request, _("Taken out."))
    return redirect("programs:instructor_absence", pk)


def visible_instructor(request: HttpRequest, pk: int) -> Instructor:
    rows = Instructor.objects.visible_to(signed_in(request)).select_related("agency", "region")
    return get_object_or_404(rows, pk=pk)

"""Rights of people who register for nothing: who judges, and who objects. Served by an officer at the desk."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from incentives import actions
from incentives.forms.others import EraseOtherForm, FindOtherForm, HandOverForm
from incentives.models import Juror, Objection
from incentives.privacy import told_of_juror, told_of_objection
from incentives.queries.others import ANSWERS, Other, find_others, obstacle_to_erasing
from kit.posting import attempt, form_page, posted
from kit.privacy import Section, as_json

ERASES = Permission.MANAGE_PRIVACY


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(ANSWERS)
def other_list(request: HttpRequest) -> HttpResponse:
    """What is looked for is sent, so that no name stands in an address or a log."""
    form = FindOtherForm(posted(request))
    found = find_others(signed_in(request), form.cleaned_data["text"]) if form.is_bound and form.is_valid() else None
    return form_page(request, "incentives/other_list.html", form, found=found)


def _other(request: HttpRequest, kind: str, pk: int, permission: Permission) -> Other:
    user = signed_in(request)
    if kind == "juri":
        jurors = Juror.objects.visible_to(user, permission)
        return get_object_or_404(jurors.select_related("competition__program__agency", "region"), pk=pk)
    if kind == "penyanggah":
        objections = Objection.objects.visible_to(user, permission)
        return get_object_or_404(objections.select_related("competition__program__agency"), pk=pk)
    raise Http404


def _told(other: Other) -> list[Section]:
    return told_of_juror(other) if isinstance(other, Juror) else told_of_objection(other)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(ANSWERS)
def other_detail(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Everything is told once somebody says why; until then only who it is."""
    other, by = _other(request, kind, pk, ANSWERS), signed_in(request)
    form = HandOverForm(posted(request))
    if attempt(form, lambda: actions.note_copy(other=other, by=by, **form.cleaned_data)):
        if form.cleaned_data["file_format"] == "json":
            return _as_json(other)
        told = {"other": other, "sections": _told(other), "now": timezone.now()}
        return render(request, "incentives/other_told.html", told)
    agency = other.competition.program.agency_id
    context = {
        "other": other,
        "kind": kind,
        "may_erase": holds(by, ERASES, agency_id=agency),
        "obstacle": obstacle_to_erasing(other, other.competition),
    }
    return form_page(request, "incentives/other_detail.html", form, **context)


def _as_json(other: Other) -> HttpResponse:
    content = as_json(_told(other), other.competition.program.agency.name, timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="salinan-data.json"'}
    return HttpResponse(content, content_type="application/json; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(ERASES)
def other_erase(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    other, by = _other(request, kind, pk, ERASES), signed_in(request)
    form = EraseOtherForm(posted(request))

    def erase() -> None:
        actions.erase_other(other=other, reason=form.cleaned_data["reason"], by=by)

    if attempt(form, erase):
        messages.success(request, _("Erased. The trail keeps that it was done, and why."))
        return redirect("incentives:other_detail", kind, pk)
    context = {"other": other, "kind": kind, "rule": "jurors" if isinstance(other, Juror) else "objections"}
    return form_page(request, "incentives/other_erase.html", form, **context)

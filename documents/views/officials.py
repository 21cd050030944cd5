"""Who signs: officials, their positions, and from which day to which."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from documents import actions
from documents.forms.officials import EndForm, HolderForm, MandateForm, OfficialForm, PositionForm, offices_of
from documents.kinds import paper_kinds
from documents.models import Mandate, Official, Position, Tenure, signatories_for
from kit.pages import keyset_page
from kit.posting import attempt, form_page, posted

SEES = (Permission.VIEW_DOCUMENTS, Permission.MANAGE_TEMPLATES)
PAGE_SIZE = 25


def chosen_office(request: HttpRequest) -> Agency:
    """The one of the address, or the first of those whose papers one words."""
    offices = offices_of(signed_in(request))
    wanted = request.GET.get("kantor", "")
    found = [office for office in offices if office.slug == wanted] or offices
    if not found:
        raise PermissionDenied
    return found[0]


@require_safe
@requires(*SEES)
def position_list(request: HttpRequest) -> HttpResponse:
    """Positions, and who signs for each today."""
    user, closed = signed_in(request), request.GET.get("state") == "closed"
    found = Position.objects.visible_to(user).filter(closed=closed).select_related("agency")
    page = keyset_page(found.with_holders(timezone.localdate()), request.GET, size=PAGE_SIZE, newest_first=False)
    return render(
        request, "documents/position_list.html", {"page": page, "closed": closed, "offices": offices_of(user)}
    )


@require_safe
@requires(*SEES)
def official_list(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    found = Official.objects.visible_to(user).select_related("agency", "user")
    page = keyset_page(found, request.GET, size=PAGE_SIZE)
    return render(request, "documents/official_list.html", {"page": page, "offices": offices_of(user)})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def official_create(request: HttpRequest) -> HttpResponse:
    user, agency = signed_in(request), chosen_office(request)
    form = OfficialForm(posted(request), agency=agency)
    if attempt(form, lambda: actions.save_official(row=form.instance, changed=form.changed_data, by=user)):
        messages.success(request, _("The official is entered. Now give the position."))
        return redirect("documents:position_list")
    return form_page(request, "documents/official_create.html", form, agency=agency, offices=offices_of(user))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def official_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    official = get_object_or_404(Official.objects.changeable_by(user).select_related("agency"), pk=pk)
    name = official.written_name
    form = OfficialForm(posted(request), instance=official, agency=official.agency)
    if attempt(form, lambda: actions.save_official(row=form.instance, changed=form.changed_data, by=user)):
        messages.success(request, _("Saved. Papers that were issued keep the name that stands on them."))
        return redirect("documents:official_list")
    return form_page(request, "documents/official_edit.html", form, name=name)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def position_create(request: HttpRequest) -> HttpResponse:
    user, agency = signed_in(request), chosen_office(request)
    form = PositionForm(posted(request), agency=agency)
    if attempt(form, lambda: actions.save_position(row=form.instance, changed=form.changed_data, by=user)):
        messages.success(request, _("The position is entered. Now say who holds it."))
        return redirect("documents:position_detail", form.instance.pk)
    return form_page(request, "documents/position_create.html", form, agency=agency, offices=offices_of(user))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def position_edit(request: HttpRequest, pk: int) -> HttpResponse:
    position = kept_position(request, pk)
    title, form = position.title, PositionForm(posted(request), instance=position, agency=position.agency)
    act: Callable[[], Any] = lambda: actions.save_position(  # noqa: E731 - as short as the others
        row=form.instance, changed=form.changed_data, by=signed_in(request)
    )
    if attempt(form, act):
        messages.success(request, _("Saved. Papers that were issued keep the title that stands on them."))
        return redirect("documents:position_detail", pk)
    return form_page(request, "documents/position_edit.html", form, title=title, position=position)


@require_safe
@requires(*SEES)
def position_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who signs today as it will be printed, and everybody before and after."""
    user = signed_in(request)
    position = get_object_or_404(Position.objects.visible_to(user).select_related("agency"), pk=pk)
    today = position.agency.today()
    kinds = {code: kind.title for code, kind in paper_kinds().items()}
    mandates = position.mandates.select_related("deputy", "via")[:PAGE_SIZE]
    context = {
        "position": position,
        "today": today,
        "signing": signatories_for(position.agency, position, today),
        "tenures": position.tenures.select_related("official")[:PAGE_SIZE],
        "mandates": [(mandate, [kinds.get(code, code) for code in mandate.kinds]) for mandate in mandates],
        "may": position.agency in offices_of(user),
    }
    return render(request, "documents/position_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def tenure_create(request: HttpRequest, pk: int) -> HttpResponse:
    user, position = signed_in(request), kept_position(request, pk)
    form = HolderForm(posted(request), position=position)
    if attempt(form, lambda: actions.give_position(position=position, by=user, **form.cleaned_data)):
        messages.success(request, _("Saved. Papers of these days are signed so."))
        return redirect("documents:position_detail", pk)
    return form_page(request, "documents/tenure_create.html", form, position=position)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def mandate_create(request: HttpRequest, pk: int) -> HttpResponse:
    user, position = signed_in(request), kept_position(request, pk)
    form = MandateForm(posted(request), position=position)
    if attempt(form, lambda: actions.give_mandate(position=position, by=user, **form.cleaned_data)):
        messages.success(request, _("Saved. Papers of these days may be signed so."))
        return redirect("documents:position_detail", pk)
    return form_page(request, "documents/mandate_create.html", form, position=position)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def tenure_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day, or out with what was entered by mistake."""
    tenure = get_object_or_404(_tenures(request), pk=pk)
    form = EndForm(posted(request), first=tenure.first_day, initial={"last": tenure.last_day})
    user = signed_in(request)
    if attempt(form, lambda: actions.end_tenure(tenure=tenure, last=form.cleaned_data["last"], by=user)):
        return _back(request, tenure.position)
    return _end_page(request, "documents/tenure_end.html", form, tenure)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def mandate_end(request: HttpRequest, pk: int) -> HttpResponse:
    mandate = get_object_or_404(_mandates(request), pk=pk)
    form = EndForm(posted(request), first=mandate.first_day, initial={"last": mandate.last_day})
    user = signed_in(request)
    if attempt(form, lambda: actions.end_mandate(mandate=mandate, last=form.cleaned_data["last"], by=user)):
        return _back(request, mandate.position)
    return _end_page(request, "documents/mandate_end.html", form, mandate)


@require_POST
@requires(Permission.MANAGE_TEMPLATES)
def tenure_remove(request: HttpRequest, pk: int) -> HttpResponse:
    tenure = get_object_or_404(_tenures(request), pk=pk)
    actions.remove_tenure(tenure=tenure, by=signed_in(request))
    return _back(request, tenure.position)


@require_POST
@requires(Permission.MANAGE_TEMPLATES)
def mandate_remove(request: HttpRequest, pk: int) -> HttpResponse:
    mandate = get_object_or_404(_mandates(request), pk=pk)
    actions.remove_mandate(mandate=mandate, by=signed_in(request))
    return _back(request, mandate.position)


def kept_position(request: HttpRequest, pk: int) -> Position:
    rows = Position.objects.changeable_by(signed_in(request)).select_related("agency")
    return get_object_or_404(rows, pk=pk)


def _tenures(request: HttpRequest) -> Any:
    mine = Position.objects.changeable_by(signed_in(request))
    return Tenure.objects.filter(position__in=mine).select_related("position__agency", "official")


def _mandates(request: HttpRequest) -> Any:
    mine = Position.objects.changeable_by(signed_in(request))
    return Mandate.objects.filter(position__in=mine).select_related("position__agency", "deputy", "via")


def _end_page(request: HttpRequest, template: str, form: forms.Form, row: Tenure | Mandate) -> HttpResponse:
    return form_page(request, template, form, row=row, position=row.position)


def _back(request: HttpRequest, position: Position) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("documents:position_detail", position.pk)

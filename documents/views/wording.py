"""The office's own texts of its papers, with a preview, and how its papers are numbered."""

import base64
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from documents import actions
from documents.forms.officials import offices_of
from documents.forms.papers import NumberingForm, RegisterForm, TemplateForm
from documents.kinds import PaperKind, paper_kind, paper_kinds
from documents.models import Numbering, NumberSequence, TemplateVersion, agencies_with_templates_of
from documents.queries import Wording, fault_in_words, sample_order, template_of, texts_of
from documents.rules import STANDARD_PATTERN, TOKENS, Series, written_number
from documents.typesetting import LayoutFault, Typesetter
from documents.views.officials import chosen_office
from kit.posting import attempt, form_page, posted

PREVIEW_PPI = 72


@require_safe
@requires(Permission.MANAGE_TEMPLATES)
def template_list(request: HttpRequest) -> HttpResponse:
    agency = chosen_office(request)
    own = {version.kind: version for version in TemplateVersion.objects.in_force(agency).select_related("edited_by")}
    rows = [(kind, own.get(code)) for code, kind in paper_kinds().items()]
    context = {"agency": agency, "offices": offices_of(signed_in(request)), "rows": rows}
    return render(request, "documents/template_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def template_edit(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Saves, or shows the sample in the words that are typed. What cannot be set leaves the last good version."""
    agency, kind = _place(request, slug, code)
    now = template_of(agency, kind)
    lays_out = agency in agencies_with_templates_of(request.user, Permission.EDIT_LAYOUTS)
    form = TemplateForm(posted(request), kind=kind, initial=_initial(kind, now), lays_out=lays_out)
    looking = "preview" in request.POST
    if not looking and attempt(form, lambda: _save(request, agency, kind, form, now)):
        return redirect("documents:template_edit", slug, code)
    sample, fault = _sample(agency, kind, _wording(form, now) if form.is_bound and form.is_valid() else _standing(now))
    context = {"agency": agency, "kind": kind, "now": now, "sample": sample, "fault": fault, "lays_out": lays_out}
    return form_page(request, "documents/template_edit.html", form, **context)


def _save(
    request: HttpRequest, agency: Agency, kind: PaperKind, form: TemplateForm, now: TemplateVersion | None
) -> None:
    typed, based_on = _wording(form, now), form.cleaned_data["based_on"]
    saved = actions.save_template(agency=agency, kind=kind, wording=typed, based_on=based_on, by=signed_in(request))
    if saved:
        messages.success(request, _("Saved. Papers issued from now on read so."))
    else:
        messages.info(request, _("Nothing was changed."))


def _initial(kind: PaperKind, now: TemplateVersion | None) -> dict[str, Any]:
    standing = _standing(now)
    initial = {f"block_{code}": text for code, text in texts_of(kind, now).items()}
    looks = {"paper_size": standing.paper_size, "with_letterhead": standing.with_letterhead, "layout": standing.layout}
    return initial | looks | {"based_on": now.version if now else 0}


def _standing(now: TemplateVersion | None) -> Wording:
    return Wording(now.blocks, now.paper_size, now.with_letterhead, now.layout) if now else Wording({})


def _wording(form: TemplateForm, now: TemplateVersion | None) -> Wording:
    """What was typed; who may not change the layout keeps the one in force."""
    data = form.cleaned_data
    blocks = {block.code: data[f"block_{block.code}"] for block in form.kind.blocks}
    layout = data["layout"] if "layout" in data else _standing(now).layout
    return Wording(blocks, data["paper_size"], data["with_letterhead"], layout)


def _sample(agency: Agency, kind: PaperKind, wording: Wording) -> tuple[list[str], str]:
    """The pages of the sample as pictures, and what kept them from being set."""
    try:
        with Typesetter() as typesetter:
            pages = typesetter.pages(sample_order(agency, kind, wording, format="png", ppi=PREVIEW_PPI))
    except LayoutFault as fault:
        return [], fault_in_words(fault)
    return [f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in pages], ""


@require_safe
@requires(Permission.MANAGE_TEMPLATES)
def template_history(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    agency, kind = _place(request, slug, code)
    versions = list(TemplateVersion.objects.versions(agency, code)[:100])
    context = {"agency": agency, "kind": kind, "versions": versions}
    return render(request, "documents/template_history.html", context)


@require_POST
@requires(Permission.MANAGE_TEMPLATES)
def template_restore(request: HttpRequest, pk: int) -> HttpResponse:
    rows = TemplateVersion.objects.visible_to(signed_in(request)).select_related("agency")
    version = get_object_or_404(rows, pk=pk)
    try:
        actions.restore_template(version=version, by=signed_in(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("That version is in force again."))
    return redirect("documents:template_edit", version.agency.slug, version.kind)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def numbering_list(request: HttpRequest) -> HttpResponse:
    """How each kind is numbered, how far each register has counted, and where the office goes on from."""
    user, agency = signed_in(request), chosen_office(request)
    numberings = {row.kind: row for row in Numbering.objects.filter(agency=agency)}
    registers = sorted({row.register for row in numberings.values()})
    form = RegisterForm(posted(request), registers=registers, initial={"year": agency.today().year})
    if attempt(form, lambda: actions.open_register(agency=agency, **form.cleaned_data, by=user)):
        messages.success(request, _("Saved. The next paper of this register takes that number."))
        return redirect(f"{request.path}?kantor={agency.slug}")
    books = NumberSequence.objects.of(agency).order_by("-year", "register")[:50]
    kinds = [(kind, numberings.get(code)) for code, kind in paper_kinds().items() if kind.numbered]
    context = {"agency": agency, "offices": offices_of(user), "general": numberings.get(""), "kinds": kinds}
    return form_page(request, "documents/numbering_list.html", form, **context, books=books)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEMPLATES)
def numbering_edit(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The pattern of one kind; `semua` is that of all kinds without one of their own."""
    agency = _office(request, slug)
    kind = None if code == "semua" else paper_kind(code)
    if kind is None and code != "semua":
        raise Http404
    stored = "" if kind is None else kind.code
    now = Numbering.objects.filter(agency=agency, kind=stored).first()
    form = NumberingForm(posted(request), initial=_numbering_initial(agency, now))
    given = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    series = Series(given["pattern"], given["classification"], given["unit"], given["code"])
    if attempt(form, lambda: _save_numbering(request, agency, stored, form, series)):
        messages.success(request, _("Saved. Numbers that were given stay as they are."))
        return redirect(f"{_numberings()}?kantor={agency.slug}")
    example = written_number(series, 45, agency.today())
    context = {"agency": agency, "kind": kind, "now": now, "example": example, "tokens": TOKENS}
    return form_page(request, "documents/numbering_edit.html", form, **context)


def _numbering_initial(agency: Agency, now: Numbering | None) -> dict[str, Any]:
    general = now or Numbering.objects.filter(agency=agency, kind="").first()
    if general is None:
        return {"pattern": STANDARD_PATTERN, "register": "surat", "classification": "", "unit": "", "code": ""}
    return {name: getattr(general, name) for name in ("pattern", "register", "classification", "unit", "code")}


def _save_numbering(request: HttpRequest, agency: Agency, kind: str, form: NumberingForm, series: Series) -> None:
    register = form.cleaned_data["register"]
    actions.save_numbering(agency=agency, kind=kind, register=register, series=series, by=signed_in(request))


@require_POST
@requires(Permission.MANAGE_TEMPLATES)
def numbering_drop(request: HttpRequest, pk: int) -> HttpResponse:
    agencies = agencies_with_templates_of(signed_in(request))
    numbering = get_object_or_404(Numbering.objects.filter(agency__in=agencies).select_related("agency"), pk=pk)
    slug = numbering.agency.slug
    try:
        actions.drop_numbering(numbering=numbering, by=signed_in(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("This kind is numbered like all others again."))
    return redirect(f"{_numberings()}?kantor={slug}")


def _numberings() -> str:
    return reverse("documents:numbering_list")


def _office(request: HttpRequest, slug: str) -> Agency:
    agency = next((one for one in agencies_with_templates_of(request.user) if one.slug == slug), None)
    if agency is None:
        raise Http404
    return agency


def _place(request: HttpRequest, slug: str, code: str) -> tuple[Agency, PaperKind]:
    agency, kind = _office(request, slug), paper_kind(code)
    if kind is None:
        raise Http404
    return agency, kind

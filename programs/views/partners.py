"""Partners of five kinds and what was agreed with them in writing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.pages import counted, keyset_page
from kit.posting import attempt, form_page, posted, require
from kit.uploads import takes_files
from programs import actions
from programs.forms.papers import MOST_BYTES, AgreementForm
from programs.forms.resources import PartnerForm
from programs.models import Partner, PartnerAgreement, Session
from programs.permissions import resource_agencies
from programs.views.papers import attachment

PAGE_SIZE = 30
SHOWN_SESSIONS = 20


@require_safe
@requires(Permission.MANAGE_RESOURCES)
def partner_list(request: HttpRequest) -> HttpResponse:
    text, kind = request.GET.get("q", "").replace("\0", "").strip()[:100], request.GET.get("kind", "")
    found = Partner.objects.visible_to(signed_in(request)).prefetch_related("agreements")
    if text:
        found = found.filter(name__icontains=text)
    if kind in Partner.Kind.values:
        found = found.filter(kind=kind)
    page = keyset_page(found, request.GET, size=PAGE_SIZE)
    context = {"page": page, "q": text, "kind": kind, "kinds": Partner.Kind.choices, "total": counted(found)}
    return render(request, "programs/partner_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def partner_create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(bool(resource_agencies(user)))
    form = PartnerForm(posted(request), user=user)
    if attempt(form, lambda: _save(request, form)):
        messages.success(request, _("The partner is in the list. Now enter what was agreed."))
        return redirect(form.instance)
    return form_page(request, "programs/partner_create.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_RESOURCES)
def partner_edit(request: HttpRequest, pk: int) -> HttpResponse:
    form = PartnerForm(posted(request), user=signed_in(request), instance=_partner(request, pk))
    if attempt(form, lambda: _save(request, form)):
        messages.success(request, _("Saved."))
        return redirect("programs:partner_detail", pk)
    return form_page(request, "programs/partner_edit.html", form, partner=_partner(request, pk))


def _save(request: HttpRequest, form: PartnerForm) -> None:
    row = form.instance
    actions.save_resource(row=row, agency=row.agency, changed=form.changed_data, by=signed_in(request))


@require_safe
@requires(Permission.MANAGE_RESOURCES)
def partner_detail(request: HttpRequest, pk: int) -> HttpResponse:
    partner = _partner(request, pk)
    planned = Session.objects.planned().filter(partner=partner).order_by("-during")
    today = partner.agency.today()
    context = {
        "partner": partner,
        "agreements": [(row, row.in_force(today)) for row in partner.agreements.all()],
        "sessions": planned.select_related("batch__region", "topic")[:SHOWN_SESSIONS],
    }
    return render(request, "programs/partner_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(MOST_BYTES)
@requires(Permission.MANAGE_RESOURCES)
def agreement_create(request: HttpRequest, pk: int) -> HttpResponse:
    partner = _partner(request, pk)
    return _agreement_page(request, "programs/agreement_create.html", PartnerAgreement(partner=partner), partner)


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(MOST_BYTES)
@requires(Permission.MANAGE_RESOURCES)
def agreement_edit(request: HttpRequest, pk: int, agreement: int) -> HttpResponse:
    partner = _partner(request, pk)
    row = get_object_or_404(partner.agreements.select_related("file"), pk=agreement)
    return _agreement_page(request, "programs/agreement_edit.html", row, partner)


def _agreement_page(request: HttpRequest, template: str, row: PartnerAgreement, partner: Partner) -> HttpResponse:
    files = request.FILES if request.method == "POST" else None
    form = AgreementForm(posted(request), files, instance=row, partner=partner)

    def save() -> None:
        content, changed = form.cleaned_data["content"], form.changed_data
        actions.save_agreement(row=form.instance, content=content, changed=changed, by=signed_in(request))

    if attempt(form, save):
        messages.success(request, _("The agreement is kept."))
        return redirect(partner)
    return form_page(request, template, form, partner=partner)


@require_safe
@never_cache
@requires(Permission.MANAGE_RESOURCES)
def agreement_file(request: HttpRequest, pk: int, agreement: int) -> HttpResponse:
    row = get_object_or_404(_partner(request, pk).agreements.select_related("file"), pk=agreement)
    if row.file is None:
        raise Http404
    return attachment(row.file.content(), row.file.content_type, f"perjanjian-{row.pk}")


def _partner(request: HttpRequest, pk: int) -> Partner:
    rows = Partner.objects.visible_to(signed_in(request)).select_related("agency", "region")
    return get_object_or_404(rows, pk=pk)

"""The office's certificates: who gets one and who not, issuing them, telling people, printing for the village hall."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.functions import Upper
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from jobs.actions import start
from kit.booklets import Sides
from kit.pages import keyset_page
from kit.posting import form_page, posted, require
from participants import actions, queries
from participants.forms.certificates import CertificateFilterForm, IssueCertificatesForm, PrintCertificatesForm
from participants.permissions import can_write_to
from participants.views.desk import visible_batch
from programs.models import Batch, Program

SEES, ISSUES = Permission.VIEW_DOCUMENTS, Permission.ISSUE_DOCUMENTS
PAGE_SIZE = 50
BATCHES_SHOWN = 30


class Chosen:
    """A batch, or all batches of a programme that are over: what the buttons are about."""

    def __init__(self, request: HttpRequest, of: str, pk: int) -> None:
        self.of, self.pk, self.user = of, pk, signed_in(request)
        if of == queries.BATCH:
            self.batch: Batch | None = visible_batch(request, pk, SEES)
            self.program: Program = self.batch.program
        elif of == queries.PROGRAM:
            self.batch = None
            self.program = get_object_or_404(queries.certified_programs(self.user), pk=pk)
        else:
            raise Http404
        self.agency = self.program.agency

    @property
    def name(self) -> str:
        return self.batch.name if self.batch else str(self.program)

    def batches(self) -> "QuerySet[Batch]":
        found = queries.certificate_batches(self.user, self.of, self.pk, SEES)
        return found.filter(ends_at__lte=timezone.now())

    def figures(self) -> queries.CertificateFigures:
        counted = queries.certificate_figures(list(self.batches().values_list("pk", flat=True))).values()
        return queries.CertificateFigures(sum(one.earned for one in counted), sum(one.issued for one in counted))

    def may_issue(self) -> bool:
        return self._holds(ISSUES)

    def may_tell(self) -> bool:
        return self._holds(Permission.SEND_MESSAGES)

    def _holds(self, permission: Permission) -> bool:
        region = self.batch.region_id if self.batch else self.agency.region_id
        return holds(self.user, permission, self.agency.pk, region)

    def context(self) -> dict[str, Any]:
        may = {"issue": self.may_issue(), "tell": self.may_tell()}
        return {"of": self.of, "pk": self.pk, "batch": self.batch, "program": self.program, "may": may}


@require_safe
@requires(SEES)
def certificate_list(request: HttpRequest) -> HttpResponse:
    """Batches that are over, the last first, with how many certificates are due and in force."""
    user = signed_in(request)
    form = CertificateFilterForm(request.GET, programs=queries.certified_programs(user).order_by("name", "pk"))
    found = Batch.objects.visible_to(user, SEES).filter(ends_at__lte=timezone.now())
    found = found.exclude(state=Batch.State.CANCELLED)
    if program := form.chosen:
        found = found.filter(program=program)
    page = keyset_page(found.with_office().with_moment(), request.GET, size=BATCHES_SHOWN, by=["moment", "pk"])
    figures = queries.certificate_figures([batch.pk for batch in page.rows])
    rows = [(batch, figures[batch.pk]) for batch in page.rows]
    context = {"form": form, "page": page, "rows": rows, "chosen": program, "narrowed": bool(request.GET)}
    if program:
        context |= {"whole": _whole(request, program), "of": queries.PROGRAM}
    return render(request, "participants/certificate_list.html", context)


def _whole(request: HttpRequest, program: Program) -> dict[str, Any]:
    chosen = Chosen(request, queries.PROGRAM, program.pk)
    return chosen.context() | {"figures": chosen.figures()}


@require_safe
@never_cache
@requires(SEES)
def certificate_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody of the batch: who has a certificate, who gets one, who does not and why."""
    chosen = Chosen(request, queries.BATCH, pk)
    batch = visible_batch(request, pk, SEES)
    tab = request.GET.get("hasil", "all")
    wanted = queries.TABS.get(tab, queries.TABS["all"])
    entries = queries.with_certificates(batch).filter(wanted).select_related("person", "completion", "region")
    entries = entries.defer("nik", "person__nik")
    page = Paginator(entries.order_by(Upper("shown_name"), "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.certificate_rows(batch, list(page)),
        "counts": queries.certificate_counts(batch),
        "on_tab": {name: name == tab for name in queries.TABS},
        "is_over": batch.is_over,
        "figures": chosen.figures(),
        "untold": queries.untold(batch),
    }
    return render(request, "participants/certificate_batch.html", chosen.context() | context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(ISSUES)
def certificate_issue(request: HttpRequest, of: str, pk: int) -> HttpResponse:
    """All who earned one and have none, as work in the background; numbers are taken there."""
    chosen = Chosen(request, of, pk)
    require(chosen.may_issue())
    figures = chosen.figures()
    initial = {"date": chosen.agency.today()}
    form = IssueCertificatesForm(posted(request), may_tell=chosen.may_tell(), initial=initial)
    if figures.missing and form.is_bound and form.is_valid():
        title = _("Certificates of %(name)s") % {"name": chosen.name}
        batch, board = chosen.batch, reverse("participants:certificate_list")
        place = reverse("participants:certificate_batch", args=[batch.pk]) if batch else board
        return _started(chosen, "certificates_issue", title, form.params, place)
    return form_page(request, "participants/certificate_issue.html", form, figures=figures, **chosen.context())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SEES)
def certificate_print(request: HttpRequest, of: str, pk: int) -> HttpResponse:
    chosen = Chosen(request, of, pk)
    figures = chosen.figures()
    form = PrintCertificatesForm(posted(request), initial={"sides": Sides.TWO_SIDED})
    if figures.issued and form.is_bound and form.is_valid():
        title = _("Print: certificates of %(name)s") % {"name": chosen.name}
        return _started(chosen, "certificates_print", title, form.cleaned_data)
    return form_page(request, "participants/certificate_print.html", form, figures=figures, **chosen.context())


def _started(chosen: Chosen, kind: str, title: str, params: dict[str, Any], place: str = "") -> HttpResponse:
    given = {"of": chosen.of, "pk": chosen.pk, **params}
    job = start(kind=kind, params=given, agency=chosen.agency, by=chosen.user, title=title[:200], place=place)
    return redirect("jobs:job_detail", job.pk)


@require_POST
@requires(Permission.SEND_MESSAGES)
def certificate_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """A message with the owner's own address to everybody who was not told yet."""
    batch = visible_batch(request, pk, SEES)
    require(can_write_to(signed_in(request), batch))
    told = actions.tell_certificates(batch=batch, by=signed_in(request))
    if told:
        sentence = ngettext("%(told)d person is told.", "%(told)d people are told.", told) % {"told": told}
        messages.success(request, sentence)
    else:
        messages.info(request, _("Everybody with a certificate has been told already."))
    return redirect("participants:certificate_batch", pk)

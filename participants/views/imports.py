"""Lists: sent, their columns settled, looked at, brought in, taken back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from jobs.actions import start
from jobs.models import Job
from kit.pages import keyset_page
from kit.posting import attempt, form_page, key_in, posted, tell_refusal
from kit.sheets import XLSX
from kit.tables.apart import Head, read_head
from kit.uploads import takes_files
from participants import actions, queries
from participants.forms.imports import BringInAccountsForm, BringInForm, ColumnsForm, ImportForm
from participants.jobs import import_limits
from participants.models import ImportLayout, ImportPurpose, ImportRow, RegistrationImport
from participants.sheets import (
    COLUMNS,
    Layout,
    columns_of,
    columns_read,
    found_layout,
    title_of,
    unread_headings,
    write_template,
)
from participants.views.confirming import confirmation
from participants.views.import_lines import LISTS, headings_of, lines_of
from programs.models import Batch

IMPORTS = Permission.IMPORT_REGISTRATIONS
PAGE_SIZE = 50
SAMPLES = 3
# Digits of a cell that are shown while nobody has said what its column holds; an account number may have five.
LONGEST_SHOWN = {ImportPurpose.REGISTRATIONS: 8, ImportPurpose.ACCOUNTS: 4}
MOST_OFFERED = 300
TAKEN_BACK = {
    ImportPurpose.REGISTRATIONS: _lazy("The list was taken back. Nobody of it is registered any more."),
    ImportPurpose.ACCOUNTS: _lazy("The list was taken back. Its accounts are gone; those before them wait again."),
}
TABS = ("wrong", "doubtful", "good", "left_out", "imported")


def visible_import(request: HttpRequest, pk: int) -> RegistrationImport:
    seen = RegistrationImport.objects.visible_to(signed_in(request)).with_parts().select_related("stored")
    return get_object_or_404(seen, pk=pk)


@require_safe
@never_cache
@requires(*LISTS)
def import_list(request: HttpRequest) -> HttpResponse:
    seen = RegistrationImport.objects.visible_to(signed_in(request)).with_parts()
    page = keyset_page(seen.defer("file_key"), request.GET, size=30)
    context = {"days": settings.IMPORTS["days"], "registers": holds(signed_in(request), IMPORTS)}
    return render(request, "participants/import_list.html", {"page": page} | context)


def _offered(request: HttpRequest) -> tuple[list[Batch], bool]:
    """What a list can be brought into, the batch of the address too; and whether there is more than a page holds."""
    user, asked = signed_in(request), key_in(request.GET.get("batch", ""))
    found = queries.open_batches(user, most=MOST_OFFERED + 1)
    shown = found[:MOST_OFFERED]
    if asked and asked not in {one.pk for one in shown}:
        shown += queries.open_batches(user, batch=asked)
        shown.sort(key=lambda one: (one.program.name, one.program_id))
    return shown, len(found) > MOST_OFFERED


@takes_files(settings.IMPORTS["megabytes"] * 2**20)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(IMPORTS)
def import_start(request: HttpRequest) -> HttpResponse:
    """A file whose headings are known goes on by itself; of another one somebody says what its columns hold."""
    user, (batches, is_more) = signed_in(request), _offered(request)
    wanted = {"target": f"b{key_in(request.GET.get('batch', ''))}"}
    form = ImportForm(posted(request), request.FILES or None, batches=batches, initial=wanted)
    made: list[RegistrationImport] = []

    def send() -> None:
        batch = form.batch
        region = batch.region if batch else form.program.agency.region
        told: dict[str, Any] = {"program": form.program, "batch": batch, "region": region}
        made.append(sent_list(form.cleaned_data["file"], ImportPurpose.REGISTRATIONS, user, **told))

    if attempt(form, send):
        return after_sending(made[0])
    return form_page(request, "participants/import_start.html", form, batches=batches, is_more=is_more)


def sent_list(file: Any, purpose: ImportPurpose, user: User, **told: Any) -> RegistrationImport:
    """Reads the head of the file, which refuses what is none, and goes on where its headings are known."""
    content = file.read()
    head = read_head(content, import_limits())
    layout = found_layout(head.rows, COLUMNS[purpose])
    told |= {"file_name": file.name[-200:], "content": content, "purpose": purpose}
    upload = actions.start_import(by=user, **told)
    _go_on(upload, head, layout, user)
    return upload


def after_sending(upload: RegistrationImport) -> HttpResponse:
    fresh = RegistrationImport.objects.get(pk=upload.pk)
    settled = fresh.state != RegistrationImport.State.UPLOADED
    return redirect("participants:import_detail" if settled else "participants:import_columns", upload.pk)


def _go_on(upload: RegistrationImport, head: Head, layout: Layout, user: Any) -> None:
    """With the columns that the headings tell, or that a colleague once said for the same headings."""
    known = ImportLayout.objects.known(upload.agency, layout.fingerprint)
    columns = known.columns if known else layout.columns
    if not columns_of(upload).missing(columns):
        _settle(upload, head, layout, columns, user)


def _settle(upload: RegistrationImport, head: Head, layout: Layout, columns: dict[str, int], user: Any) -> None:
    actions.settle_columns(
        upload=upload,
        columns=columns,
        headings=layout.headings,
        heading_row=layout.row,
        sheet=head.sheet,
        fingerprint=layout.fingerprint,
        by=user,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*LISTS)
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    upload, user, asked = visible_import(request, pk), signed_in(request), request.GET.get("sheet", "")
    if upload.has_ended or upload.stored is None:
        return redirect(upload)
    try:
        head = read_head(queries.file_of_import(upload), import_limits(), key_in(asked) if asked else None)
        layout = found_layout(head.rows, columns_of(upload))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(upload)
    known = ImportLayout.objects.known(upload.agency, layout.fingerprint)
    held = known.columns if known else layout.columns
    form = ColumnsForm(posted(request), of=columns_of(upload), headings=layout.headings, columns=held)
    if attempt(form, lambda: _settle(upload, head, layout, form.columns, user)):
        return redirect(upload)
    context = {"upload": upload, "head": head, "columns": samples_of(form, head, layout, upload), "found": len(held)}
    return form_page(request, "participants/import_columns.html", form, **context)


def samples_of(
    form: ColumnsForm, head: Head, layout: Layout, upload: RegistrationImport
) -> list[tuple[Any, list[str]]]:
    """Beside each column what stands in its first rows, of long numbers only the end."""
    below = [cells for number, cells in head.rows if number > layout.row][:SAMPLES]
    texts = [[cell if isinstance(cell, str) else str(cell[1]) for cell in cells] for cells in below]
    most = LONGEST_SHOWN[ImportPurpose(upload.purpose)]
    return [
        (form[f"c{place}"], [_veiled(cells[place], most) for cells in texts if place < len(cells) and cells[place]])
        for place in range(len(layout.headings))
    ]


def _veiled(text: str, most: int) -> str:
    digits = sum(sign.isdigit() for sign in text)
    return f"… {text[-4:]}" if digits > most else text[:40]


@require_safe
@requires(IMPORTS)
def import_template(request: HttpRequest) -> HttpResponse:
    """For one batch, or with `?program=` for all that are open in it."""
    program, batch = key_in(request.GET.get("program", "")), key_in(request.GET.get("batch", ""))
    one = {"batch": batch} if batch else {"program": program}
    chosen = queries.open_batches(signed_in(request), **one)
    if not chosen:
        raise Http404
    content = write_template(chosen[0].program, chosen, whole_programme=not batch)
    name = f"templat-pendaftaran-{chosen[0].slug if batch else chosen[0].program.slug}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_safe
@never_cache
@requires(*LISTS)
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the list stands: the work under way, its rows, or what became of it."""
    upload = visible_import(request, pk)
    tab = request.GET.get("rows", "")
    tab = tab if tab in TABS else next((name for name in TABS if upload.count(name)), "good")
    rows = upload.rows.filter(state=tab).select_related("batch__region")
    page = keyset_page(rows, request.GET, size=PAGE_SIZE, newest_first=False, by=("number",))
    context = {
        "upload": upload,
        "tab": tab,
        "tabs": [(name, _row_state(upload, name), upload.count(name)) for name in TABS if upload.count(name)],
        "page": page,
        "lines": lines_of(upload, page.rows),
        "heads": headings_of(upload),
        "ready": upload.count("good") + upload.count("let_in"),
        "refused": _refused(upload),
        "columns": _columns_read(upload),
        "unread": unread_headings(upload),
    }
    return render(request, "participants/import_detail.html", context)


def _columns_read(upload: RegistrationImport) -> list[str]:
    return [title_of(upload, name) for name in columns_of(upload).fields if name in columns_read(upload)]


def _row_state(upload: RegistrationImport, name: str) -> str:
    """Rows of a list that was taken back are not called brought in any more."""
    undone = upload.state == RegistrationImport.State.UNDONE and name == ImportRow.State.IMPORTED
    return str(upload.get_state_display() if undone else ImportRow.State(name).label)


def _refused(upload: RegistrationImport) -> str:
    """Why the last work on the list came to nothing."""
    if upload.state not in {RegistrationImport.State.UPLOADED, RegistrationImport.State.CHECKED}:
        return ""
    kinds = ["import_check", "import_apply"]
    last = Job.objects.filter(kind__in=kinds, params__import=upload.pk, agency=upload.agency_id).order_by("-pk")[:2]
    failed = [job for job in last if job.state == "failed"]
    return failed[0].message if failed else ""


@require_safe
@never_cache
@requires(*LISTS)
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while a worker is at it; at the end the whole page comes anew."""
    upload = visible_import(request, pk)
    if upload.state not in RegistrationImport.WORKING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "participants/import_progress.html", {"upload": upload})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*LISTS)
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    upload, user = visible_import(request, pk), signed_in(request)
    if upload.state != RegistrationImport.State.CHECKED:
        return redirect(upload)
    accounts = upload.purpose == ImportPurpose.ACCOUNTS
    kind = BringInAccountsForm if accounts else BringInForm
    form = kind(posted(request), initial={"expected": queries.as_told(upload.counts)})

    def bring() -> None:
        data = form.cleaned_data
        actions.start_bringing_in(upload=upload, expected=data["expected"], tell=data.get("tell", False), by=user)

    if attempt(form, bring):
        return redirect(upload)
    shares = queries.shares_of_import(upload)
    page = "participants/import_confirm_accounts.html" if accounts else "participants/import_confirm.html"
    return form_page(request, page, form, upload=upload, shares=shares, rows=sum(share.rows for share in shares))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*LISTS)
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands in the way is said before anybody presses."""
    upload, user = visible_import(request, pk), signed_in(request)
    if upload.state != RegistrationImport.State.IMPORTED:
        return redirect(upload)
    if request.method == "POST":
        if tell_refusal(request, lambda: actions.undo_import(upload=upload, by=user)):
            messages.success(request, TAKEN_BACK[ImportPurpose(upload.purpose)])
        return redirect(upload)
    reasons = queries.built_on_import(upload)
    return render(request, "participants/import_undo.html", {"upload": upload, "reasons": reasons})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*LISTS)
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    upload = visible_import(request, pk)
    if request.method != "POST":
        if upload.has_ended or upload.state in RegistrationImport.WORKING:
            return redirect(upload)
        words = _("The file and its rows are deleted, with all that was corrected here. Nothing of it was brought in.")
        step, back = _("Discard this list"), upload.get_absolute_url()
        return confirmation(request, step, words, of=upload.file_name, back=back)
    if tell_refusal(request, lambda: actions.discard_import(upload=upload, by=signed_in(request))):
        messages.success(request, _("The list was discarded: its file and its rows are gone."))
        return redirect("participants:import_list")
    return redirect(upload)


@require_POST
@requires(*LISTS)
def import_recheck(request: HttpRequest, pk: int) -> HttpResponse:
    upload = visible_import(request, pk)
    tell_refusal(request, lambda: actions.check_again(upload=upload, by=signed_in(request)))
    return redirect(upload)


@require_POST
@requires(*LISTS)
def import_mistakes(request: HttpRequest, pk: int) -> HttpResponse:
    """The same list with the column Kesalahan, made by a worker."""
    upload, user = visible_import(request, pk), signed_in(request)
    params = {"import": upload.pk, "all": request.POST.get("all") == "1"}
    title = _("Mistakes in %(name)s") % {"name": upload.file_name}
    job = start(kind="import_mistakes", params=params, agency=upload.agency, by=user, title=title[:200])
    return redirect("jobs:job_detail", job.pk)

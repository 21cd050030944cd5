"""Bank accounts of the participants of a batch, from a spreadsheet: its template, and the file that comes back."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import requires, signed_in
from budgets.permissions import keeps_accounts
from kit.posting import attempt, form_page, posted, require
from kit.sheets import XLSX
from kit.uploads import takes_files
from participants.forms.imports import ListForm
from participants.models import IMPORT_DUTIES, ImportPurpose, RegistrationImport
from participants.queries.import_accounts import entries_with_payees, without_account
from participants.sheets import write_account_template
from participants.views.desk import visible_batch
from participants.views.imports import after_sending, sent_list
from programs.models import Batch


def _batch(request: HttpRequest, pk: int) -> Batch:
    batch = visible_batch(request, pk)
    require(keeps_accounts(signed_in(request), batch.program.agency))
    return batch


@takes_files(settings.IMPORTS["megabytes"] * 2**20)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*IMPORT_DUTIES[ImportPurpose.ACCOUNTS])
def batch_accounts(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has no account here yet, the template with their names, and the file that is sent back."""
    user, batch = signed_in(request), _batch(request, pk)
    form, made = ListForm(posted(request), request.FILES or None), list[RegistrationImport]()

    def send() -> None:
        told: dict[str, Any] = {"program": batch.program, "batch": batch, "region": batch.region}
        made.append(sent_list(form.cleaned_data["file"], ImportPurpose.ACCOUNTS, user, **told))

    if attempt(form, send):
        return after_sending(made[0])
    payees, without = entries_with_payees(batch), without_account(batch)
    uploads = RegistrationImport.objects.visible_to(user).filter(batch=batch, purpose=ImportPurpose.ACCOUNTS)
    context = {"batch": batch, "payees": payees, "without": without, "uploads": uploads.with_parts()[:5]}
    return form_page(request, "participants/batch_accounts.html", form, **context)


@require_safe
@never_cache
@requires(*IMPORT_DUTIES[ImportPurpose.ACCOUNTS])
def batch_accounts_template(request: HttpRequest, pk: int) -> HttpResponse:
    """With those who have no account yet; when everybody has one, with everybody."""
    batch = _batch(request, pk)
    content = write_account_template(batch, without_account(batch) or entries_with_payees(batch))
    name = f"templat-rekening-{batch.slug}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})

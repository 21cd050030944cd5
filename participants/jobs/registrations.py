"""Registrations as long work: exports, results of selections, lists that are brought in."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Permission
from jobs.models import Job, StoredFile
from kit.replica import works_on_replica
from kit.tables.apart import reading
from kit.tables.limits import Limits
from kit.templatetags.kit import moment
from participants import actions, queries
from participants.forms.staff import RegistrationFilterForm
from participants.models import ConsentPurpose, Registration, RegistrationImport
from participants.permissions import can_reveal_in, can_select
from participants.sheets import Reader, reader_of, write_mistakes, write_registrations
from programs.models import Batch

Progress = Callable[[int, int], None]


@works_on_replica
def export_registrations(job: Job, progress: Progress) -> StoredFile:
    """The sheet that somebody asked for, as far as they may still see it when the work runs."""
    user, params = job.created_by, job.params
    batches = Batch.objects.visible_to(user, Permission.EXPORT_REGISTRATIONS).with_parts()
    batch = batches.filter(pk=params["batch"]).first()
    full_numbers, purpose = bool(params.get("full_numbers")), params.get("purpose", "")
    if batch is None or (full_numbers and not can_reveal_in(user, batch)):
        raise ValidationError(_("You may no longer export this list."), code="not_allowed")
    entries = Registration.objects.visible_to(user, Permission.EXPORT_REGISTRATIONS).filter(batch=batch)
    found = RegistrationFilterForm(params.get("filters", {})).narrow(entries)
    footer = _("Made by %(name)s, %(when)s. Personal data: not to be passed on.") % {
        "name": user.full_name or user.username,
        "when": moment(timezone.now()),
    }
    content, count = write_registrations(batch, found, footer=footer, full_numbers=full_numbers, progress=progress)
    name = f"pendaftaran-{batch.slug}-{batch.program.agency.today():%Y-%m-%d}.xlsx"
    return actions.keep_export(
        batch=batch, name=name, content=content, count=count, full_numbers=full_numbers, purpose=purpose, by=user
    )


def freeze_selection(job: Job, _progress: Progress) -> None:
    """The result of a long list, which would take longer than a page may."""
    user, params = job.created_by, job.params
    batch = Batch.objects.visible_to(user, Permission.RUN_SELECTION).with_parts().filter(pk=params["batch"]).first()
    if batch is None or not can_select(user, batch):
        raise ValidationError(_("You may no longer freeze this result."), code="not_allowed")
    if job.attempts > 1 and batch.selected_at is not None:
        return  # an earlier attempt ended between the result and its own note of it
    actions.freeze_selection(batch=batch, expected=params["expected"], witness_words=params["witness_words"], by=user)


def check_import(job: Job, progress: Progress) -> None:
    """Reads a list to its end and checks every row; what an earlier attempt left is read anew."""
    upload, user = _import(job), job.created_by
    if upload.state != RegistrationImport.State.CHECKING:
        return  # an earlier attempt ended between the result and its own note of it
    try:
        batches = queries.batches_of_import(upload, user)
        if not batches:
            raise ValidationError(_("No batch takes entries at the moment."), code="batch_not_open")
        reader = reader_of(upload, batches, timezone.now())
        if job.params.get("again"):
            actions.recheck_rows(upload=upload, read=reader.read, batches=batches, progress=progress, by=user)
        else:
            _read_file(upload, reader, progress, job)
        actions.finish_check(upload=upload, batches=batches, by=user)
    except Exception:
        actions.end_check(upload=upload, keep_rows=bool(job.params.get("again")), by=user)
        raise


def _read_file(upload: RegistrationImport, reader: Reader, progress: Progress, job: Job) -> None:
    user, seen = job.created_by, 0
    actions.forget_rows(upload=upload, by=user)
    content = queries.file_of_import(upload)
    with reading(content, import_limits(), upload.columns["sheet"]) as sheet:
        for piece in sheet.pieces:
            below = [row for row in piece if row[0] > upload.heading_row]
            rows = [read for number, cells in below if (read := reader.read(number, cells)) is not None]
            actions.stage_rows(upload=upload, rows=rows, batches=reader.batches, by=user)
            seen += len(rows)
            progress(seen, max(seen, settings.IMPORTS["rows"]))


def apply_import(job: Job, progress: Progress) -> None:
    """Brings the good rows in, all or none; when somebody was faster the list is checked anew and says so."""
    upload, user = _import(job), job.created_by
    if upload.state not in {RegistrationImport.State.IMPORTING, RegistrationImport.State.IMPORTED}:
        return
    try:
        total = upload.count("good") + upload.count("let_in")
        version = queries.texts_in_force(upload.agency).version(ConsentPurpose.NOTICE)
        actions.bring_in(upload=upload, notice_version=version, alive=lambda: progress(total, total), by=user)
    except (ValidationError, IntegrityError) as error:
        actions.stop_bringing_in(upload=upload, by=user)
        if isinstance(error, ValidationError) and error.code != "list_changed":
            raise
        actions.check_again(upload=upload, by=user)
        raise ValidationError(actions.CHANGED, code="list_changed") from error
    except Exception:
        actions.stop_bringing_in(upload=upload, by=user)
        raise


def export_mistakes(job: Job, progress: Progress) -> StoredFile:
    """The list with a column that says what is wrong."""
    upload, user = _import(job), job.created_by
    footer = _("Made by %(name)s, %(when)s. Personal data: not to be passed on.") % {
        "name": user.full_name or user.username,
        "when": moment(timezone.now()),
    }
    content, count = write_mistakes(upload, all_rows=bool(job.params.get("all")), footer=footer, progress=progress)
    return actions.keep_mistakes(upload=upload, content=content, count=count, by=user)


def _import(job: Job) -> RegistrationImport:
    """As far as the person may still bring in when the work runs."""
    seen = RegistrationImport.objects.visible_to(job.created_by).with_parts().select_related("stored")
    upload = seen.filter(pk=job.params["import"]).first()
    if upload is None:
        raise ValidationError(_("You may no longer bring in this list."), code="not_allowed")
    return upload


def import_limits() -> Limits:
    """What the office's settings allow."""
    return Limits(rows=settings.IMPORTS["rows"], unpacked=settings.IMPORTS["unpacked_mb"] * 2**20)

"""Long work on participants, as the kinds of jobs that settings name: doors like tasks, run by a worker."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Permission
from jobs.models import Job, StoredFile
from kit.replica import works_on_replica
from kit.templatetags.kit import moment
from participants import actions
from participants.forms.staff import RegistrationFilterForm
from participants.models import Registration
from participants.permissions import can_reveal_in, can_select
from participants.sheets import write_registrations
from programs.models import Batch


@works_on_replica
def export_registrations(job: Job, progress: Callable[[int, int], None]) -> StoredFile:
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


def freeze_selection(job: Job, _progress: Callable[[int, int], None]) -> None:
    """The result of a long list, which would take longer than a page may."""
    user, params = job.created_by, job.params
    batch = Batch.objects.visible_to(user, Permission.RUN_SELECTION).with_parts().filter(pk=params["batch"]).first()
    if batch is None or not can_select(user, batch):
        raise ValidationError(_("You may no longer freeze this result."), code="not_allowed")
    if job.attempts > 1 and batch.selected_at is not None:
        return  # an earlier attempt ended between the result and its own note of it
    actions.freeze_selection(batch=batch, expected=params["expected"], witness_words=params["witness_words"], by=user)

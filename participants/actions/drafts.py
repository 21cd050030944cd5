"""Drafts of forms that were not sent: one per device and batch, seven days. The trail says nothing of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.actions.registering import register
from participants.models import Registration, RegistrationDraft
from participants.models.draft import KEPT_FOR, PAYLOAD_MAX, hash_device, seal_draft
from programs.models import Batch

DRAFTS_PER_DEVICE = 5
TOO_LONG = _("This draft is too long to be kept.")


@transaction.atomic
def save_draft(
    *, device: str, batch: Batch, values: Mapping[str, str], submission_key: UUID | None = None, by: None = None
) -> datetime | None:
    """Keeps what was typed, until when; an empty form, or one that was sent meanwhile, leaves nothing behind.

    The oldest drafts of a device make room for the newest. Refuses with code draft_long.
    """
    _one_at_a_time(device)
    own = RegistrationDraft.objects.of_device(device)
    is_sent = submission_key is not None and Registration.objects.filter(submission_key=submission_key).exists()
    if is_sent or not any(values.values()):
        own.filter(batch=batch).delete()
        return None
    payload = seal_draft(values, device)
    if len(payload) > PAYLOAD_MAX:
        raise ValidationError(TOO_LONG, code="draft_long")
    now = timezone.now()
    until = now + KEPT_FOR
    columns = {"payload": payload, "updated_at": now, "expires_at": until}
    RegistrationDraft.objects.update_or_create(device_hash=hash_device(device), batch=batch, defaults=columns)
    newest = own.order_by("-updated_at").values_list("pk", flat=True)[:DRAFTS_PER_DEVICE]
    own.exclude(pk__in=list(newest)).delete()
    return until


@transaction.atomic
def forget_drafts(*, device: str, batch_id: int | None = None, by: None = None) -> int:
    """Removes the draft of one batch, or all of the device. How many there were."""
    _one_at_a_time(device)
    own = RegistrationDraft.objects.of_device(device)
    return (own if batch_id is None else own.filter(batch_id=batch_id)).delete()[0]


@transaction.atomic
def move_draft(*, device: str, draft: RegistrationDraft, to: Batch, by: None = None) -> None:
    """Takes what was typed along to another batch of the same programme, instead of what was begun there."""
    if draft.batch.program_id != to.program_id:
        raise ValidationError(_("This batch belongs to another programme."), code="other_program")
    _one_at_a_time(device)
    own = RegistrationDraft.objects.of_device(device)
    own.filter(batch=to).exclude(pk=draft.pk).delete()
    own.filter(pk=draft.pk).update(batch=to)


@transaction.atomic
def purge_drafts(*, by: None = None) -> int:
    return RegistrationDraft.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def register_from_device(*, device: str, batch: Batch, by: None = None, **form: Any) -> Registration:
    """`register`, and the device's draft of this form is gone in the same transaction."""
    if not device:
        return register(batch=batch, by=by, **form)
    with transaction.atomic():
        _one_at_a_time(device)
        registration = register(batch=batch, by=by, **form)
        RegistrationDraft.objects.of_device(device).filter(batch=batch).delete()
    return registration


def _one_at_a_time(device: str) -> None:
    """A save that is still under way when the form is sent must not bring the draft back."""
    number = int(hash_device(device)[:15], 16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])

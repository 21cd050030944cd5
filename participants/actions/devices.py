"""Devices that take attendance without network: which sessions they hold, what they bring, and their end."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from participants.actions.marking import MarkInput, MarkResult, note_marks
from participants.models import AttendanceDevice
from participants.rules import MOST_SESSIONS, lists_expire
from programs.models import Session


@transaction.atomic
def prepare_device(*, key: uuid.UUID, name: str, sessions: Sequence[int], by: User) -> AttendanceDevice:
    """The device may hold the lists of these sessions. Said twice, it is prepared once."""
    chosen = _chosen(sessions, by)
    made = {"user": by, "agency": chosen[0].batch.program.agency, "name": name, "created_at": timezone.now()}
    AttendanceDevice.objects.get_or_create(key=key, defaults=made)
    device = AttendanceDevice.objects.select_for_update(no_key=True).get(key=key)
    if device.user_id != by.pk:
        raise ValidationError(_("Somebody else prepared this device. Prepare it anew."), code="not_yours")
    _refuse_revoked(device)
    device.name, device.agency = name or device.name, chosen[0].batch.program.agency
    device.expires_at = lists_expire(
        (session.during.upper for session in chosen), hours=settings.ATTENDANCE_DEVICE_HOURS
    )
    device.last_seen_at = timezone.now()
    device.save(update_fields=["name", "agency", "expires_at", "last_seen_at"])
    device.sessions.set(chosen)
    changes = {"name": device.name, "lists": len(chosen), "first": chosen[0].pk, "last": chosen[-1].pk}
    record(action="attendance_device.prepared", by=by, target=device, agency=device.agency, changes=changes)
    return device


def _chosen(sessions: Sequence[int], by: User) -> list[Session]:
    """All of them, of one office, in their order; one that is not the officer's stops the whole."""
    wanted = set(sessions)
    if not wanted or len(wanted) > MOST_SESSIONS:
        raise ValidationError(
            _("Choose between 1 and %(most)d sessions.") % {"most": MOST_SESSIONS}, code="session_count"
        )
    rows = Session.objects.visible_to(by, Permission.TAKE_ATTENDANCE).filter(pk__in=wanted)
    found = list(rows.select_related("batch__program__agency").order_by("during", "pk"))
    if len(found) != len(wanted) or len({session.batch.program.agency_id for session in found}) > 1:
        raise ValidationError(
            _("You may not take attendance in one of these sessions. Load the page again."), code="unknown_session"
        )
    return found


@transaction.atomic
def receive_marks(
    *, key: uuid.UUID, marks: Sequence[MarkInput], sent_at: datetime | None, by: User
) -> list[MarkResult]:
    """What a device stored without network, noted once. Who signs in on it may send what a colleague marked."""
    device = AttendanceDevice.objects.select_for_update(no_key=True).filter(key=key).first()
    if device is None or not holds(by, Permission.TAKE_ATTENDANCE, agency_id=device.agency_id):
        raise ValidationError(_("The portal does not know this device. Prepare it anew."), code="unknown_device")
    _refuse_revoked(device)
    device.last_seen_at = timezone.now()
    if sent_at is not None:
        behind = int((device.last_seen_at - sent_at).total_seconds())
        device.clock_seconds = max(-(2**31), min(behind, 2**31 - 1))
    device.save(update_fields=["last_seen_at", "clock_seconds"])
    return note_marks(marks=marks, device=device, sent_at=sent_at, by=by)


def _refuse_revoked(device: AttendanceDevice) -> None:
    if device.revoked_at is not None:
        raise ValidationError(_("The office has locked this device."), code="revoked")


@transaction.atomic
def revoke_device(*, device: AttendanceDevice, by: User) -> None:
    """Lost, or done with. At its next contact it deletes its lists, and nothing it sends is taken any more."""
    device = AttendanceDevice.objects.select_for_update(no_key=True).get(pk=device.pk)
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by = timezone.now(), by
        device.save(update_fields=["revoked_at", "revoked_by"])
        device.sessions.clear()
        record(action="attendance_device.revoked", by=by, target=device, agency=device.agency)

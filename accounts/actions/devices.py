"""Where somebody is signed in: noted, listed, ended."""

import datetime as dt
import uuid

from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.actions.trail import record
from accounts.models import Device, User
from accounts.permissions import can_change_person


@transaction.atomic
def note_device(*, by: User, key: uuid.UUID, session_key: str, browser: str, started_at: dt.datetime) -> None:
    """At sign-in, and at most once a minute while somebody works; not a fact for the trail."""
    Device.objects.bulk_create(
        [Device(user=by, key=key, session_key=session_key, browser=browser, started_at=started_at)],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["session_key", "browser", "last_seen_at"],
    )


@transaction.atomic
def end_device(*, by: User, device: Device) -> None:
    """Signs out one browser; the person's other ones stay."""
    _check_may_end(by, device.user)
    Session.objects.filter(session_key=device.session_key).delete()
    device.delete()
    record(action="device.ended", by=by, target=device.user, agency=device.user.agency)


@transaction.atomic
def end_all_devices(*, by: User, user: User, keep: uuid.UUID | None = None) -> int:
    """How many were ended. Also those that no list knows: every session is checked against the person's count.

    The one to `keep` must be bound to the person anew (`update_session_auth_hash`).
    """
    _check_may_end(by, user)
    ended = forget_devices(user, keep=keep)
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    user.refresh_from_db(fields=["sign_outs"])
    record(action="devices.ended", by=by, target=user, agency=user.agency, changes={"count": ended})
    return ended


@transaction.atomic
def forget_ended_devices() -> int:
    """Rows whose session is gone; run by the clock."""
    sessions = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return Device.objects.exclude(Exists(sessions)).delete()[0]


def forget_devices(user: User, *, keep: uuid.UUID | None = None) -> int:
    """Deletes sessions and rows inside the action that calls it."""
    others = Device.objects.filter(user=user)
    if keep is not None:
        others = others.exclude(key=keep)
    ended = others.live().count()
    Session.objects.filter(session_key__in=others.values("session_key")).delete()
    others.delete()
    return ended


def _check_may_end(by: User, user: User) -> None:
    if by.pk != user.pk and not can_change_person(by, user):
        raise PermissionDenied

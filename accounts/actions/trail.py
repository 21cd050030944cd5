"""The trail: one line for everything that was done."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from accounts.models import Agency, AuditEntry, User
from accounts.permissions import roles_of
from accounts.rules import mask_changes, mask_text
from kit.context import current_request

Subject = models.Model | tuple[str, str]


def record(*, action: str, by: User | None, **details: Any) -> AuditEntry:
    """Writes one line of the trail, as `line_of` makes it, in the caller's transaction."""
    entry = line_of(action=action, by=by, **details)
    entry.save(force_insert=True)
    return entry


def line_of(
    *,
    action: str,
    by: User | None,
    target: models.Model | None = None,
    subject: Subject | None = None,
    changes: Mapping[str, Any] | None = None,
    purpose: str = "",
    agency: Agency | None = None,
    actor_label: str = "",
) -> AuditEntry:
    """One line of the trail, not yet written. `by=None` is a resident unless `actor_label` says who.

    `changes` may hold anything that JSON can: numbers, addresses and secrets are masked here. The agency is the
    target's own when it has one; the region is that of the target or of its batch, as far as it is loaded already.
    """
    request = current_request.get()
    subject_type, subject_id = _named(subject)
    object_type, object_id = _named(target)
    agency_id = agency.pk if agency is not None else _agency_id_of(target)
    return AuditEntry(
        region_code=_region_of(target) or _region_of(subject),
        action=action,
        actor=by,
        actor_label=actor_label or (f"{by.full_name} ({by.username})" if by else "resident"),
        role=",".join(roles_of(by, agency_id)),
        agency_id=agency_id,
        object_type=object_type,
        object_id=object_id,
        subject_type=subject_type,
        subject_id=subject_id,
        purpose=mask_text(purpose)[:300],
        changes=mask_changes(changes),
        ip=request.ip,
        request_id=request.request_id,
    )


def _agency_id_of(target: models.Model | None) -> int | None:
    return target.pk if isinstance(target, Agency) else getattr(target, "agency_id", None)


def _region_of(thing: Subject | None) -> str:
    """Never asks the database: this stands in the way of every visitor."""
    if not isinstance(thing, models.Model):
        return ""
    batch = thing._state.fields_cache.get("batch")
    return str(getattr(batch if batch is not None else thing, "region_id", None) or "")


def _named(thing: Subject | None) -> tuple[str, str]:
    if thing is None:
        return "", ""
    if isinstance(thing, models.Model):
        return thing._meta.label_lower, str(thing.pk)
    return thing[0], str(thing[1])

"""The head of an office's papers: each change is a new version."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actions import record
from accounts.models import Agency, User
from documents.models import Letterhead, agencies_with_templates_of, letterhead_of
from jobs.actions import keep_file
from kit.pictures import clean_emblem
from kit.refusals import spoken_refusals


@transaction.atomic
def save_letterhead(
    *, agency: Agency, values: dict[str, Any], arms: bytes = b"", without_arms: bool = False, by: User
) -> Letterhead:
    """A new version with these lines; the arms of before unless others are given or none are wanted."""
    if agency not in agencies_with_templates_of(by):
        raise PermissionDenied
    former = letterhead_of(agency)
    made = Letterhead(agency=agency, version=former.version + 1, created_by=by, arms=former.arms, **values)
    if without_arms:
        made.arms = None
    if arms:
        made.arms = keep_file(
            agency=agency, name="lambang.png", content=clean_emblem(arms), content_type="image/png", by=by
        )
    with spoken_refusals(Letterhead):
        made.save()
    changed = sorted(name for name in [*values, "arms"] if getattr(made, name) != getattr(former, name))
    changes = {"version": made.version, "fields": changed}
    record(action="letterhead.saved", by=by, target=made, agency=agency, changes=changes)
    return made

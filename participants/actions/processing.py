"""The register of processing activities and of those who process for the office; who answers for people's data."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.models import Agency, User
from kit.refusals import spoken_refusals
from participants.models import ProcessingActivity, Processor


@transaction.atomic
def save_activity(
    *, agency: Agency, activity: ProcessingActivity | None = None, processors: Any = (), by: User, **columns: Any
) -> ProcessingActivity:
    row = activity or ProcessingActivity(agency=agency)
    for name, value in columns.items():
        setattr(row, name, value)
    row.changed_by, row.changed_at = by, timezone.now()
    with spoken_refusals(ProcessingActivity):
        row.save()
    row.processors.set(processors)
    record(action="processing.saved", by=by, target=row, agency=agency, changes={"name": row.name})
    return row


@transaction.atomic
def end_activity(*, activity: ProcessingActivity, by: User) -> None:
    """The line stays readable: the register also tells what was done."""
    ProcessingActivity.objects.filter(pk=activity.pk, ended_at=None).update(
        ended_at=timezone.now(), changed_by=by, changed_at=timezone.now()
    )
    record(action="processing.ended", by=by, target=activity, agency=activity.agency)


@transaction.atomic
def take_over_activities(*, agency: Agency, lines: list[dict[str, Any]], by: User) -> int:
    """The lines that the portal proposes, as far as the office has none of the same name. How many were new."""
    known = set(ProcessingActivity.objects.filter(agency=agency).values_list("name", flat=True))
    new = [line for line in lines if line["name"] not in known]
    for line in new:
        save_activity(agency=agency, by=by, **line)
    return len(new)


@transaction.atomic
def save_processor(*, agency: Agency, processor: Processor | None = None, by: User, **columns: Any) -> Processor:
    row = processor or Processor(agency=agency)
    for name, value in columns.items():
        setattr(row, name, value)
    with spoken_refusals(Processor):
        row.save()
    record(action="processor.saved", by=by, target=row, agency=agency, changes={"name": row.name})
    return row


@transaction.atomic
def remove_processor(*, processor: Processor, by: User) -> None:
    record(action="processor.removed", by=by, target=processor, agency=processor.agency)
    processor.delete()


@transaction.atomic
def save_privacy_contact(*, agency: Agency, name: str, email: str, phone: str, by: User) -> None:
    """Stands on the public page of the office at once."""
    columns = {"privacy_contact_name": name, "privacy_contact_email": email, "privacy_contact_phone": phone}
    Agency.objects.filter(pk=agency.pk).update(**columns)
    record(action="agency.privacy_contact_saved", by=by, target=agency, agency=agency, changes={"name": name})

"""Somebody takes a copy of all that is kept of a person."""

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from participants.actions.asking import agency_of
from participants.queries import Subject


@transaction.atomic
def note_extract(*, subject: Subject, file_format: str, by: User | None, purpose: str = "") -> None:
    """`file_format` is pdf, json or xlsx; who took it stands in the trail, and so in the next extract."""
    record(
        action="data_request.extract_made",
        by=by,
        target=subject,
        subject=subject,
        agency=agency_of(subject),
        changes={"form": file_format},
        purpose=purpose,
    )

"""The search for people who are on file twice, as a job."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.permissions import offices_of
from accounts.roles import Permission
from jobs.models import Job
from participants import actions


def find_persons(job: Job, progress: Callable[[int, int], None]) -> None:
    """People on file twice, as far as whoever asked may still settle it."""
    if job.agency_id not in offices_of(job.created_by, Permission.MERGE_PERSONS):
        raise ValidationError(_("You may no longer search for people on file twice."), code="not_allowed")
    actions.find_doubles(agency=job.agency, by=job.created_by, progress=progress)

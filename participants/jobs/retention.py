"""Carrying out what somebody approved to remove."""

from collections.abc import Callable

from jobs.models import Job
from participants import actions
from participants.models import RetentionRun


def carry_out_retention(job: Job, progress: Callable[[int, int], None]) -> None:
    """A later attempt goes on where an earlier one stopped."""
    run = RetentionRun.objects.with_parts().get(pk=job.params["run"])
    if run.state == RetentionRun.State.APPROVED:
        actions.carry_out_retention(run=run, by=job.created_by, progress=progress)

"""The attendance of a whole programme, computed anew after its rule changed."""

from collections.abc import Callable

from jobs.models import Job
from participants import actions
from participants.models import Attendance
from programs.models import Batch


def recompute_program(job: Job, progress: Callable[[int, int], None]) -> None:
    """Each batch of the programme in which somebody was marked."""
    batches = Batch.objects.filter(program=job.params["program"], program__agency=job.agency_id)
    marked = Attendance.objects.filter(session__batch__program=job.params["program"]).values("session__batch")
    found = list(batches.filter(pk__in=marked).with_parts().order_by("pk"))
    actions.recompute_many(batches=found, progress=progress, by=job.created_by)

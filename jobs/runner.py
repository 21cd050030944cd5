"""Runs one job: claims it, calls the function of its kind, keeps progress, result or a sentence about the failure."""

import datetime as dt
import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from jobs import rules
from jobs.models import Job, JobQuerySet, State, StoredFile

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
Kind = Callable[[Job, Progress], StoredFile | None]


class Superseded(Exception):  # noqa: N818 - no error: somebody stopped the job or another runner has it
    """The job is no longer this runner's; what it did so far is not kept."""


def claim(job_id: int) -> Job | None:
    """Takes a waiting job for this process; of several runners one gets it."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job_id, state=State.QUEUED)
    fields = {"started_at": now, "heartbeat_at": now, "progress": 0, "total": 0, "message": ""}
    if waiting.update(state=State.RUNNING, attempts=F("attempts") + 1, **fields) == 0:
        return None
    return Job.objects.select_related("agency", "created_by").get(pk=job_id)


def ours(job: Job) -> JobQuerySet:
    """The row, as long as this attempt at it is the current one."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)


@dataclass
class Ticker:
    """The progress callback: may be called for every row, writes seldom, and stops a job that was cancelled."""

    job: Job
    saved_at: float = 0.0

    def __call__(self, done: int, total: int) -> None:
        before, after = self.job.percent, rules.percent(done, total)
        if rules.is_worth_saving(time.monotonic() - self.saved_at, before, after):
            self.save(min(done, total), total)

    def save(self, done: int, total: int) -> None:
        if ours(self.job).update(progress=done, total=total, heartbeat_at=timezone.now()) == 0:
            raise Superseded
        self.job.progress, self.job.total = done, total
        self.saved_at = time.monotonic()


def run(job_id: int) -> State | None:
    """The state that the job ended in; None when it was not this runner's to end."""
    job = claim(job_id)
    if job is None:
        return None
    clock = job.agency.zone
    with translation.override(job.created_by.language), timezone.override(clock):
        try:
            result = import_string(settings.JOB_KINDS[job.kind])(job, Ticker(job))
        except Superseded:
            return None
        except ValidationError as refusal:
            return finish(job, State.FAILED, message=" ".join(refusal.messages))
        except SoftTimeLimitExceeded:
            return finish(
                job, State.FAILED, message=_("This took too long and was stopped. Please choose less at once.")
            )
        except Exception as error:  # whatever the function does, the person gets a sentence
            note(job, error)
            return finish(job, State.FAILED, message=_("This failed for a technical reason. Please try again later."))
        return finish(job, State.DONE, result=result)


def finish(job: Job, state: State, *, message: str = "", result: StoredFile | None = None) -> State | None:
    fields: dict[str, Any] = {"state": state, "message": message[:500], "result": result, "finished_at": timezone.now()}
    if state == State.DONE:
        fields["progress"] = F("total")
    if ours(job).update(**fields):
        return state
    if result is not None:
        StoredFile.objects.filter(pk=result.pk).update(expires_at=timezone.now())
    return None


def note(job: Job, error: Exception) -> None:
    """Where it failed, without the text of the error, which may hold personal data."""
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("Job %s (%s) failed: %s\n%s", job.pk, job.kind, type(error).__name__, place)


def take_back(now: dt.datetime) -> int:
    """Work of runners that died waits again; what killed its runner three times is failed."""
    abandoned = Job.objects.abandoned(now, rules.PATIENCE)
    given_up = abandoned.filter(attempts__gte=rules.MOST_ATTEMPTS).update(
        state=State.FAILED, finished_at=now, message=_("This was interrupted several times and was given up.")
    )
    return given_up + abandoned.update(state=State.QUEUED)

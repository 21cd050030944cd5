"""Doors of the worker: nothing is decided here."""

from celery import shared_task
from django.utils import timezone

from jobs import cleaning, rules, runner
from jobs.models import Job
from kit.wakeup import send


@shared_task(name="jobs.tasks.run")
def run(job_id: int) -> None:
    runner.run(job_id)


@shared_task(name="jobs.tasks.sweep")
def sweep() -> int:
    """Wakes what a crash interrupted or what nobody was woken for. How many jobs were woken."""
    now = timezone.now()
    runner.take_back(now)
    forgotten = list(Job.objects.forgotten(now, rules.WAKE_AGAIN).order_by("pk").values_list("pk", flat=True)[:20])
    return sum(send("jobs.tasks.run", (key,)) for key in forgotten)


@shared_task(name="jobs.tasks.clean_up")
def clean_up() -> int:
    now = timezone.now()
    return cleaning.remove_expired(now) + cleaning.remove_orphans(now)

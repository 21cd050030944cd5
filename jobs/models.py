"""Long work that a person started and may leave, and the private files that come of it."""

import datetime as dt
import shutil
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from jobs import rules, storage


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting for its turn")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Stopped")


ENDED = [State.DONE, State.FAILED, State.CANCELLED]


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(created_by=user)

    def kept(self, now: dt.datetime) -> Self:
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))

    def expired(self, now: dt.datetime) -> Self:
        return self.filter(expires_at__lte=now)

    def free_space(self) -> int:
        """Bytes that are left on the disk that keeps them."""
        folder = storage.absolute("")
        return shutil.disk_usage(folder if folder.exists() else settings.DATA_DIR).free


class StoredFile(models.Model):
    """A file outside the web root under a random name. `path` is relative to the private folder."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("kind of content"), max_length=120)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    path = models.CharField(
        _("path"), max_length=200, unique=True, error_messages={"unique": _("Another file lies there.")}
    )
    created_at = models.DateTimeField(_("stored at"), default=timezone.now)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("stored by"))

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="jobs_stored_file_sha256_hex",
                violation_error_message=_("A SHA-256 has 64 hexadecimal digits."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
                name="jobs_stored_file_expires_later",
                violation_error_message=_("A file is kept for some time."),
            ),
        ]
        indexes = [
            models.Index("expires_at", condition=Q(expires_at__isnull=False), name="jobs_stored_file_expiry"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_lost(self) -> bool:
        return not storage.absolute(self.path).exists()

    def content(self) -> bytes:
        """Http404 when the disk lost it."""
        with storage.open_private(self.path) as handle:
            return handle.read()


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(created_by=user)

    def abandoned(self, now: dt.datetime, patience: dt.timedelta) -> Self:
        """Running without a sign of life: whoever ran them is gone."""
        return self.filter(state=State.RUNNING, heartbeat_at__lt=now - patience)

    def forgotten(self, now: dt.datetime, patience: dt.timedelta) -> Self:
        """Still waiting after a time in which a wake-up should have been heard."""
        return self.filter(state=State.QUEUED, created_at__lt=now - patience)


class Job(models.Model):
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200, blank=True)
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    progress = models.PositiveIntegerField(_("progress"), default=0)
    total = models.PositiveIntegerField(_("total"), default=0)
    result = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("result")
    )
    message = models.CharField(_("message"), max_length=500, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("started by"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="jobs_job_state_known",
                violation_error_message=_("A job waits, runs, is done, failed or stopped."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING) | Q(started_at__isnull=False, heartbeat_at__isnull=False),
                name="jobs_job_running_was_started",
                violation_error_message=_("A running job was started and gives signs of life."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, finished_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(finished_at__isnull=True)),
                name="jobs_job_ended_has_time",
                violation_error_message=_("A job that ended has the time of its end, no other job has one."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.FAILED) | ~Q(message=""),
                name="jobs_job_failed_has_reason",
                violation_error_message=_("A failed job says why."),
            ),
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(state=State.DONE),
                name="jobs_job_result_when_done",
                violation_error_message=_("Only a job that is done has a result."),
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=F("total")),
                name="jobs_job_progress_within_total",
                violation_error_message=_("The progress is at most the total."),
            ),
        ]
        indexes = [
            models.Index(fields=["created_by", "-id"], name="jobs_job_owner"),
            models.Index("state", condition=Q(state__in=[State.QUEUED, State.RUNNING]), name="jobs_job_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def label(self) -> str:
        return self.title or self.kind.replace("_", " ")

    @property
    def place(self) -> str:
        """Where to see what came of the work; empty where its file is all."""
        return str(self.params.get("place", ""))

    @property
    def is_active(self) -> bool:
        return self.state in {State.QUEUED, State.RUNNING}

    @property
    def percent(self) -> int:
        return rules.percent(self.progress, self.total)


class Part(models.TextChoices):
    WORKER = "worker", _("Worker")
    BEAT = "beat", _("Clock")


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def alive(self, now: dt.datetime, patience: dt.timedelta) -> Self:
        return self.filter(at__gte=now - patience)


class Heartbeat(models.Model):
    """The last sign of life of a worker or of the clock, one row for each process that runs under a name."""

    name = models.CharField(_("name"), max_length=120, primary_key=True)
    part = models.CharField(_("part"), max_length=10, choices=Part)
    queues = models.CharField(_("queues"), max_length=200, blank=True)
    at = models.DateTimeField(_("last sign of life"))

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")
        ordering = ["part", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=Part.values),
                name="jobs_heartbeat_part_known",
                violation_error_message=_("Signs of life come from a worker or from the clock."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.name}"

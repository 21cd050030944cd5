import base64
import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from kit.crypto import keyed_hash
from participants.models.registration import Registration
from programs.models import Session


class MarkKind(models.TextChoices):
    ARRIVED = "arrived", _("Arrived")
    LEFT = "left", _("Left")
    ABSENT = "absent", _("Absent")
    EXCUSED = "excused", _("Excused")
    REVOKED = "revoked", _("Mark taken back")


class MarkWay(models.TextChoices):
    QR = "qr", _("Code of the ticket read")
    CODE = "code", _("Registration number typed")
    NAME = "name", _("Found by name")
    LIST = "list", _("Ticked in the list")
    SHEET = "sheet", _("From the signed sheet")


# Why a mark was not noted, for whoever made it. The codes are part of what devices keep; never change one.
MARK_REFUSALS = {
    "not_registered": _("This number is not registered."),
    "other_batch": _("This person is registered for another batch."),
    "no_seat": _("This person holds no seat in this batch."),
    "unknown_session": _("You cannot take the attendance of this session."),
    "unknown_kind": _("This kind of mark does not exist."),
    "unknown_mark": _("This mark is not there, or has been taken back already."),
    "session_cancelled": _("This session was cancelled."),
    "batch_not_running": _("This batch is not running."),
    "too_early": _("It is too early: marks are taken from three hours before the session."),
    "too_late": _("The session is over. Enter it from the signed sheet."),
    "is_present": _("This person is marked as present. Take that mark back first."),
    "not_here": _("This person is not marked as present."),
    "reason_needed": _("Please write the reason."),
    "sheet_settled": _("The sheet of this session is settled. Open it again first."),
}


def _count_of(rows: models.QuerySet[Any], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(total=models.Count("*")).values("total")
    return Coalesce(models.Subquery(counted), 0)


class AttendanceDeviceQuerySet(models.QuerySet["AttendanceDevice"]):
    def visible_to(self, user: User) -> "AttendanceDeviceQuerySet":
        """The own ones, and those of the office for who settles its attendance."""
        return self.filter(Q(user=user) | scope_q(user, Permission.SETTLE_ATTENDANCE, region=None))

    def with_parts(self) -> "AttendanceDeviceQuerySet":
        """With whose it is, how many sessions it holds and how many marks it brought."""
        sessions = AttendanceDevice.sessions.through.objects.filter(attendancedevice=models.OuterRef("pk"))
        marks = AttendanceMark.objects.filter(device=models.OuterRef("pk"))
        return self.select_related("user", "revoked_by").annotate(
            session_count=_count_of(sessions, "attendancedevice"), mark_count=_count_of(marks, "device")
        )


class AttendanceDevice(models.Model):
    """A telephone or computer of an officer that marks who is there, also without network.

    `key` is the name that the device gave itself; `sessions` are those whose lists it holds, until `expires_at`.
    `clock_seconds`: how far its clock was behind the server's when it last sent.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="attendance_devices")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attendance_devices")
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    sessions = models.ManyToManyField(Session, related_name="+", blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    clock_seconds = models.IntegerField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    # Filled by `with_parts()`.
    session_count: int
    mark_count: int

    objects = AttendanceDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance device")
        verbose_name_plural = _("attendance devices")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="attendance_device_revoked_by_and_at_together",
                violation_error_message=_("Who locked a device and when belong together."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def holds_lists(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at is not None and now < self.expires_at

    @property
    def clock_off(self) -> int:
        """By how many whole minutes its clock was wrong, either way."""
        return abs(self.clock_seconds or 0) // 60

    @property
    def opener(self) -> str:
        """The secret that opens the lists without the PIN, for the officer while signed in: computed, kept nowhere."""
        return base64.b64encode(bytes.fromhex(keyed_hash("attendance device", f"{self.key} {self.user_id}"))).decode()


class AttendanceMarkQuerySet(models.QuerySet["AttendanceMark"]):
    def standing(self) -> "AttendanceMarkQuerySet":
        """Without those that were taken back, and without the taking back."""
        return self.filter(revoked_by__isnull=True).exclude(kind=MarkKind.REVOKED)


class AttendanceMark(models.Model):
    """Something that somebody saw or read: one event that is never changed. Taking back is an event of its own.

    `at` is by the server's clock; `device_at` what the device said, where its clock was wrong.
    """

    client_id = models.UUIDField(default=uuid.uuid4, unique=True)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="marks", db_index=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=10, choices=MarkKind.choices)
    way = models.CharField(max_length=10, choices=MarkWay.choices)
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    device = models.ForeignKey(AttendanceDevice, on_delete=models.PROTECT, null=True, blank=True, related_name="marks")
    note = models.CharField(max_length=250, blank=True)
    revokes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="revoked_by")

    objects = AttendanceMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance mark")
        verbose_name_plural = _("attendance marks")
        ordering = ("pk",)
        indexes = [models.Index(fields=["session", "registration"], name="attendance_mark_pair")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MarkKind.values, way__in=MarkWay.values),
                name="attendance_mark_kind_and_way_known",
                violation_error_message=_("This kind of mark does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(at__lte=F("noted_at")),
                name="attendance_mark_not_ahead",
                violation_error_message=_("A mark tells what has happened already."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="revoked", revokes__isnull=False) & ~Q(note=""))
                | (~Q(kind="revoked") & Q(revokes__isnull=True)),
                name="attendance_mark_revoking_names_what_and_why",
                violation_error_message=_("Taking back names the mark and the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.session_id}/{self.registration_id}"


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def present(self) -> "AttendanceQuerySet":
        return self.filter(status=Attendance.Status.PRESENT)

    def visible_to(self, user: User, permission: Permission = Permission.VIEW_REGISTRATIONS) -> "AttendanceQuerySet":
        agency, region = "session__batch__program__agency", "session__batch__region"
        return self.filter(scope_q(user, permission, agency=agency, region=region))


class Attendance(models.Model):
    """One person in one session as it stands now: what the marks say together."""

    class Status(models.TextChoices):
        PRESENT = "present", _("Present")
        ABSENT = "absent", _("Absent")
        EXCUSED = "excused", _("Excused")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances", db_index=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="attendances")
    status = models.CharField(max_length=10, choices=Status.choices)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "registration"],
                name="attendance_once_per_session",
                violation_error_message=_("This person is in the list of the session already."),
            ),
            models.CheckConstraint(
                condition=Q(status="present", arrived_at__isnull=False)
                | Q(status__in=["absent", "excused"], arrived_at__isnull=True, left_at__isnull=True, minutes=0),
                name="attendance_present_has_arrived",
                violation_error_message=_("Who was there has a time of arrival, who was not has none."),
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")),
                name="attendance_leaves_after_arriving",
                violation_error_message=_("Nobody leaves before arriving."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.session_id}/{self.registration_id}"

    @property
    def is_here(self) -> bool:
        return self.status == self.Status.PRESENT and self.left_at is None

    def is_late(self, begin: datetime, minutes: int) -> bool:
        return self.arrived_at is not None and (self.arrived_at - begin).total_seconds() > minutes * 60


class DoorCaseQuerySet(models.QuerySet["DoorCase"]):
    def open(self) -> "DoorCaseQuerySet":
        return self.filter(state=DoorCase.State.OPEN)


class DoorCase(models.Model):
    """Somebody who was let in although the rules say no. It counts for nothing until a person settles it."""

    class State(models.TextChoices):
        OPEN = "open", _("To be settled")
        COUNTED = "counted", _("Counted as present")
        DISMISSED = "dismissed", _("Does not count")

    client_id = models.UUIDField(unique=True)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="door_cases")
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, null=True, blank=True, related_name="door_cases"
    )
    written = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=MarkKind.choices)
    way = models.CharField(max_length=10, choices=MarkWay.choices)
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    device = models.ForeignKey(AttendanceDevice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settle_note = models.CharField(max_length=250, blank=True)

    objects = DoorCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case at the door")
        verbose_name_plural = _("cases at the door")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True, settled_by__isnull=True)
                | Q(state__in=["counted", "dismissed"], settled_at__isnull=False, settled_by__isnull=False),
                name="door_case_settled_names_who_and_when",
                violation_error_message=_("What is settled names who settled it and when."),
            ),
            models.CheckConstraint(
                condition=~Q(state="counted") | Q(registration__isnull=False),
                name="door_case_counted_has_entry",
                violation_error_message=_("Only who is registered for this batch can be counted."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MarkKind.values, way__in=MarkWay.values),
                name="door_case_kind_and_way_known",
                violation_error_message=_("This kind of mark does not exist."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.session_id}"

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from budgets.models import PayeeAccount
from jobs.models import Job, StoredFile
from kit.crypto import EncryptedTextField, keyed_hash
from kit.names import name_key
from participants.models.registration import Registration
from programs.models import Batch, Program
from regions.models import Region


def hash_alike(name: str, born: object) -> str:
    """The same for everybody of this name and birth date."""
    return keyed_hash("alike", f"{name_key(name)}|{born}") if name and born else ""


class ImportLayoutQuerySet(models.QuerySet["ImportLayout"]):
    def known(self, agency: Agency, fingerprint: str) -> "ImportLayout | None":
        return self.filter(agency=agency, fingerprint=fingerprint).first()


class ImportLayout(models.Model):
    """How an office read the columns of a foreign spreadsheet, known again by its headings."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    fingerprint = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = ImportLayoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "fingerprint"],
                name="import_layout_once_per_agency",
                violation_error_message=_("These headings are known already."),
            )
        ]

    def __str__(self) -> str:
        return self.fingerprint[:8]


class ImportPurpose(models.TextChoices):
    """What the rows of a list become: columns, checks, bringing in and taking back follow from it."""

    REGISTRATIONS = "registrations", _("Registrations")
    ACCOUNTS = "accounts", _("Bank accounts")


# Who brings in a list of each purpose: the same duties as for one entry, or one account, by hand.
IMPORT_DUTIES = {
    ImportPurpose.REGISTRATIONS: (Permission.IMPORT_REGISTRATIONS,),
    ImportPurpose.ACCOUNTS: (Permission.PROPOSE_PAYMENTS, Permission.RECORD_PAYMENTS),
}


class RegistrationImportQuerySet(models.QuerySet["RegistrationImport"]):
    def visible_to(self, user: User) -> "RegistrationImportQuerySet":
        """Entries of the area that one may import into, and one's own of the office; all accounts of the office."""
        duty = Permission.IMPORT_REGISTRATIONS
        here = scope_q(user, duty, agency="agency", region="region")
        mine = Q(created_by=user) & scope_q(user, duty, agency="agency", region=None)
        money = Q(pk__in=[])
        for duty in IMPORT_DUTIES[ImportPurpose.ACCOUNTS]:
            money |= scope_q(user, duty, agency="agency", region=None)
        entries = Q(purpose=ImportPurpose.REGISTRATIONS) & (here | mine)
        return self.filter(entries | Q(purpose=ImportPurpose.ACCOUNTS) & money)

    def with_parts(self) -> "RegistrationImportQuerySet":
        return self.select_related("agency", "program__agency", "batch__region", "job", "created_by", "imported_by")

    def locked(self, pk: int) -> "RegistrationImport":
        """The row locked until the transaction ends: whoever changes an import holds it."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def stale(self, before: datetime) -> "RegistrationImportQuerySet":
        """Nobody touched them since, and what people wrote is still kept."""
        return self.filter(changed_at__lt=before, wiped_at__isnull=True)


class RegistrationImport(models.Model):
    """A spreadsheet on its way in: its file, what its columns mean, its rows, and what became of them.

    Its purpose says what the rows become. Without a batch each row names its own by the urban village. The file is
    encrypted under a key of its own; it goes when the import ends, and what was written in the rows some days after.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to be settled")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, nothing brought in yet")
        IMPORTING = "importing", _("Being brought in")
        IMPORTED = "imported", _("Brought in")
        UNDONE = "undone", _("Taken back")
        DISCARDED = "discarded", _("Discarded")

    ENDED = (State.IMPORTED, State.UNDONE, State.DISCARDED)
    WORKING = (State.CHECKING, State.IMPORTING)

    purpose = models.CharField(max_length=15, choices=ImportPurpose.choices, default=ImportPurpose.REGISTRATIONS)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="imports")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    file_name = models.CharField(max_length=200)
    stored = models.OneToOneField(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    file_key = EncryptedTextField(null=True)
    headings = models.JSONField(default=list)
    heading_row = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    imported_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    imported_at = models.DateTimeField(null=True, blank=True)
    told = models.BooleanField(default=False)
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    wiped_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of registrations")
        verbose_name_plural = _("imports of registrations")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="registrations") | Q(purpose="accounts", batch__isnull=False),
                name="registration_import_purpose_known",
                violation_error_message=_("A list holds registrations, or the accounts of one batch."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["uploaded", "checking", "checked", "importing", "imported", "undone", "discarded"]
                ),
                name="registration_import_state_known",
                violation_error_message=_("This state of an import does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["imported", "undone"], imported_at__isnull=False, imported_by__isnull=False)
                | ~Q(state__in=["imported", "undone"]) & Q(imported_at__isnull=True, imported_by__isnull=True),
                name="registration_import_names_who_and_when",
                violation_error_message=_("What was brought in names who did it and when."),
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False, undone_by__isnull=False)
                | ~Q(state="undone") & Q(undone_at__isnull=True, undone_by__isnull=True),
                name="registration_import_undoing_names_who_and_when",
                violation_error_message=_("What was taken back names who did it and when."),
            ),
            models.CheckConstraint(
                condition=Q(stored__isnull=True) | Q(file_key__isnull=False),
                name="registration_import_file_has_key",
                violation_error_message=_("The file of an import is kept encrypted."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("participants:import_detail", args=[self.pk])

    @property
    def context(self) -> str:
        """What the bytes of the file are bound to."""
        return f"import {self.agency_id} {self.program_id}"

    @property
    def source(self) -> str:
        """By which accounts know the list that they came with."""
        return f"import-{self.pk}"

    @property
    def has_ended(self) -> bool:
        return self.state in self.ENDED

    def count(self, state: str) -> int:
        return int(self.counts.get(state, 0))


# Codes of what stands here already: nothing is to be done, and the row is left out by itself.
SAME = {"account_same", "account_waits"}


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def usable(self) -> "ImportRowQuerySet":
        """What an import brings in: good rows, and doubtful ones that somebody let pass."""
        return self.filter(Q(state=ImportRow.State.GOOD) | Q(state=ImportRow.State.DOUBTFUL, let_in=True))

    def in_order(self) -> "ImportRowQuerySet":
        return self.order_by("number")


class ImportRow(models.Model):
    """One row of the spreadsheet: what stood in its cells, what is wrong with them, and the entry or account it became.

    `problems` come from its own cells, `clashes` from other rows and from what is on file: [column, code, params].
    What people wrote is encrypted, and deleted with the file.
    """

    class State(models.TextChoices):
        GOOD = "good", _("Can be brought in")
        DOUBTFUL = "doubtful", _("To be decided")
        WRONG = "wrong", _("To be corrected")
        LEFT_OUT = "left_out", _("Left out")
        IMPORTED = "imported", _("Brought in")

    upload = models.ForeignKey(RegistrationImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    content = EncryptedTextField(null=True)
    problems = models.JSONField(default=list)
    clashes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices)
    let_in = models.BooleanField(default=False)
    nik_hash = models.CharField(max_length=64, blank=True)
    alike_hash = models.CharField(max_length=64, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    registration = models.OneToOneField(
        Registration, on_delete=models.SET_NULL, null=True, blank=True, related_name="import_row"
    )
    person_is_new = models.BooleanField(default=False)
    account_hash = models.CharField(max_length=64, blank=True)
    account = models.OneToOneField(
        PayeeAccount, on_delete=models.SET_NULL, null=True, blank=True, related_name="import_row"
    )

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ("upload", "number")
        indexes = [
            models.Index(fields=["upload", "state", "number"], name="import_row_by_state"),
            models.Index("nik_hash", condition=~Q(nik_hash=""), name="import_row_nik"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "number"],
                name="import_row_once",
                violation_error_message=_("This row was read already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["good", "doubtful", "wrong", "left_out", "imported"]),
                name="import_row_state_known",
                violation_error_message=_("This state of a row does not exist."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["good", "doubtful", "imported"])
                | Q(batch__isnull=False) & ~Q(nik_hash="") & Q(problems=[]),
                name="import_row_usable_is_whole",
                violation_error_message=_("A row that can be brought in has a batch, a number and no mistake."),
            ),
            models.CheckConstraint(
                condition=Q(state="imported") | Q(registration__isnull=True),
                name="import_row_entry_when_imported",
                violation_error_message=_("Only a row that was brought in has become an entry."),
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=True) | Q(state="imported", registration__isnull=True),
                name="import_row_account_when_imported",
                violation_error_message=_("Only a row that was brought in has become an account, and nothing else."),
            ),
            models.CheckConstraint(
                condition=Q(let_in=False) | Q(state__in=["doubtful", "imported"]),
                name="import_row_let_in_when_doubtful",
                violation_error_message=_("Only a doubtful row has to be let in."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="import_row_number_from_1",
                violation_error_message=_("Rows are counted from 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}:{self.number}"

    @property
    def is_same(self) -> bool:
        return any(clash[1] in SAME for clash in self.clashes)

    @property
    def version(self) -> str:
        """Other signs as soon as the words in the cells are others."""
        return keyed_hash("import row", self.content or "")[:16]

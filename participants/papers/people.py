"""Whom the papers of a batch name, as rows that are loaded once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents.kinds import Snapshot
from documents.rules.tables import column
from participants.models import CheckState, Registration, RegistrationQuerySet, Seat, Sex
from programs.models import Batch, Session
from programs.models.wording import batch_values, counted

NAMED = (
    *("full_name", "sex", "nik_last4", "code", "address", "rt", "rw", "phone", "region", "batch", "seat"),
    *("queue_number", "check_state", "reject_reason", "withdrawn_at"),
)
PEOPLE = (
    column("Nama", fr=3),
    column("L/P", mm=10, side="center"),
    column("Kelurahan", fr=2),
)
SEX = {Sex.FEMALE: "P", Sex.MALE: "L"}
# The words of the official list; the screen has its own in both languages.
REJECTED = {
    "not_eligible": "tidak memenuhi persyaratan",
    "wrong_data": "data tidak sesuai dengan KTP",
    "duplicate": "terdaftar lebih dari satu kali",
    "not_reachable": "tidak dapat dihubungi",
    "other": "alasan lain",
}


def named_entries(batch: Batch) -> RegistrationQuerySet:
    """With what papers print, never the identity number itself."""
    return batch.registrations.select_related("region__parent").only(
        *NAMED, "region__name", "region__kind", "region__level", "region__parent__name", "region__parent__kind"
    )


def holders(batch: Batch) -> list[Registration]:
    """Who holds a seat, by name; nobody refuses."""
    found = list(named_entries(batch).filter(seat=Seat.HELD).order_by("full_name", "pk"))
    if not found:
        raise ValidationError(
            _("Nobody holds a seat in %(batch)s yet.") % {"batch": batch.name}, code="no_participants"
        )
    return found


def person_row(entry: Registration) -> list[str]:
    return [entry.full_name, SEX[Sex(entry.sex)], entry.region.name]


def address_lines(entry: Registration) -> list[str]:
    near = f"RT {entry.rt} / RW {entry.rw}" if entry.rt and entry.rw else ""
    above = entry.region.parent.full_name if entry.region.parent else ""
    return [
        ", ".join(part for part in (entry.address, near) if part),
        ", ".join(part for part in (entry.region.full_name, above) if part),
    ]


@dataclass(frozen=True)
class Result:
    """All entries of a batch, sorted into what became of them."""

    held: list[Registration]
    waiting: list[Registration]
    rejected: list[Registration]
    withdrawn: list[Registration]
    open: list[Registration]

    @property
    def count(self) -> int:
        return sum(len(part) for part in (self.held, self.waiting, self.rejected, self.withdrawn, self.open))

    def reasons(self) -> list[tuple[str, int]]:
        codes = [entry.reject_reason for entry in self.rejected]
        return [(words, codes.count(code)) for code, words in REJECTED.items() if code in codes]

    @property
    def values(self) -> dict[str, str]:
        return {
            "jumlah_pendaftar": counted(self.count),
            "jumlah_diterima": counted(len(self.held)),
            "jumlah_cadangan": counted(len(self.waiting)),
        }


def result_of(batch: Batch) -> Result:
    parts: dict[str, list[Registration]] = {name: [] for name in ("held", "waiting", "rejected", "withdrawn", "open")}
    for entry in named_entries(batch).order_by("queue_number", "pk"):
        parts[_became(entry)].append(entry)
    if not parts["held"]:
        raise ValidationError(
            _("Nobody holds a seat in %(batch)s yet.") % {"batch": batch.name}, code="no_participants"
        )
    return Result(**parts)


def _became(entry: Registration) -> str:
    if entry.check_state == CheckState.REJECTED:
        return "rejected"
    if entry.seat == Seat.HELD:
        return "held"
    if entry.seat in (Seat.WAITING, Seat.OFFERED):
        return "waiting"
    return "withdrawn" if entry.withdrawn_at else "open"


def snapshot(batch: Batch, sessions: Sequence[Session], body: Snapshot, **values: str) -> Snapshot:
    return {"values": batch_values(batch, sessions) | values, **body}

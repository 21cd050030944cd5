"""What a list is read for: its columns, and who judges its rows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from participants.actions.importing import ReadRow
from participants.models import ImportPurpose, RegistrationImport
from participants.sheets.accounts import AccountReader
from participants.sheets.checking import RowReader
from participants.sheets.columns import ACCOUNTS, OF_HOUSEHOLDS, REGISTRATIONS, Columns
from programs.models import Batch


class Reader(Protocol):
    """Judges rows one by one; None for the example of the template."""

    batches: Sequence[Batch]

    def read(self, number: int, row: Sequence[Any]) -> ReadRow | None: ...


def _entries(upload: RegistrationImport, batches: Sequence[Batch], now: datetime) -> Reader:
    return RowReader(columns_read(upload), batches, now, whole_programme=upload.batch_id is None)


def _accounts(upload: RegistrationImport, batches: Sequence[Batch], _now: datetime) -> Reader:
    return AccountReader(upload.columns["of"], batches)


COLUMNS: dict[str, Columns] = {ImportPurpose.REGISTRATIONS: REGISTRATIONS, ImportPurpose.ACCOUNTS: ACCOUNTS}
READERS: dict[str, Callable[[RegistrationImport, Sequence[Batch], datetime], Reader]] = {
    ImportPurpose.REGISTRATIONS: _entries,
    ImportPurpose.ACCOUNTS: _accounts,
}


def columns_of(upload: RegistrationImport) -> Columns:
    found = COLUMNS[upload.purpose]
    return OF_HOUSEHOLDS if found is REGISTRATIONS and asks_household(upload) else found


def asks_household(upload: RegistrationImport) -> bool:
    return bool(upload.program.one_per_household)


def columns_read(upload: RegistrationImport) -> dict[str, int]:
    """Field -> column, without the family card where the programme has no use for it."""
    found: dict[str, int] = upload.columns.get("of", {})
    return {name: place for name, place in found.items() if name != "family_card" or asks_household(upload)}


def unread_headings(upload: RegistrationImport) -> list[str]:
    """What is understood and left alone, as the list calls it."""
    found: dict[str, int] = upload.columns.get("of", {})
    return [upload.headings[place] for name, place in found.items() if name not in columns_read(upload)]


def reader_of(upload: RegistrationImport, batches: Sequence[Batch], now: datetime) -> Reader:
    """For the columns of this list."""
    return READERS[upload.purpose](upload, batches, now)


def title_of(upload: RegistrationImport, name: str) -> str:
    return columns_of(upload).fields[name][0]

"""What a list is read for: its columns, and who judges its rows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from participants.actions.importing import ReadRow
from participants.models import ImportPurpose, RegistrationImport
from participants.sheets.checking import RowReader
from participants.sheets.columns import REGISTRATIONS, Columns
from programs.models import Batch


class Reader(Protocol):
    """Judges rows one by one; None for the example of the template."""

    batches: Sequence[Batch]

    def read(self, number: int, row: Sequence[Any]) -> ReadRow | None: ...


def _entries(upload: RegistrationImport, batches: Sequence[Batch], now: datetime) -> Reader:
    return RowReader(upload.columns["of"], batches, now, whole_programme=upload.batch_id is None)


COLUMNS: dict[str, Columns] = {ImportPurpose.REGISTRATIONS: REGISTRATIONS}
READERS: dict[str, Callable[[RegistrationImport, Sequence[Batch], datetime], Reader]] = {
    ImportPurpose.REGISTRATIONS: _entries
}


def columns_of(upload: RegistrationImport) -> Columns:
    return COLUMNS[upload.purpose]


def reader_of(upload: RegistrationImport, batches: Sequence[Batch], now: datetime) -> Reader:
    """For the columns of this list."""
    return READERS[upload.purpose](upload, batches, now)


def title_of(upload: RegistrationImport, name: str) -> str:
    return columns_of(upload).fields[name][0]

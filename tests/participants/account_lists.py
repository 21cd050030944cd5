"""Lists of bank accounts as offices send them, for entries that hold a verified seat."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types

from accounts.models import User
from budgets.models import Bank, PayeeAccount
from kit.tables.apart import read_head
from participants.actions import settle_columns, start_bringing_in, start_import
from participants.jobs import import_limits
from participants.models import ImportPurpose, Registration, RegistrationImport
from participants.sheets import ACCOUNTS, found_layout
from programs.models import Batch
from tests import cast
from tests.participants.lists import worked

HEADINGS = {name: title for name, (title, _others) in ACCOUNTS.fields.items()}
BANKS = {"113": "Bank Jateng", "008": "Bank Mandiri", "002": "Bank Rakyat Indonesia (BRI)"}


def with_banks() -> None:
    for code, name in BANKS.items():
        Bank.objects.get_or_create(code=code, defaults={"name": name})


def line(of: Registration, account: str, **other: Any) -> dict[str, Any]:
    """A row that may be brought in: the payee's own account."""
    told = {"entry": of.shown_code, "payee": of.full_name, "bank": "Bank Jateng", "number": account}
    return told | {"holder_name": of.full_name.upper(), "holder_reason": ""} | other


def workbook(rows: Sequence[Mapping[str, Any]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Rekening")
    sheet.append(list(HEADINGS.values()))
    for row in rows:
        sheet.append([row.get(name, "") for name in HEADINGS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(batch: Batch, content: bytes, by: User | None = None) -> RegistrationImport:
    """With its columns settled; nobody has checked its rows yet."""
    with_banks()
    officer = by or cast.activity_officer()
    told: dict[str, Any] = {"program": batch.program, "batch": batch, "region": batch.region}
    upload = start_import(
        file_name="rekening.xlsx", content=content, purpose=ImportPurpose.ACCOUNTS, by=officer, **told
    )
    head = read_head(content, import_limits())
    layout = found_layout(head.rows, ACCOUNTS)
    told = {"headings": layout.headings, "heading_row": layout.row, "fingerprint": layout.fingerprint}
    return settle_columns(upload=upload, columns=layout.columns, sheet=head.sheet, by=officer, **told)


def checked(batch: Batch, rows: Sequence[Mapping[str, Any]], by: User | None = None) -> RegistrationImport:
    return worked(sent(batch, workbook(rows), by))


def starting(upload: RegistrationImport) -> RegistrationImport:
    return start_bringing_in(upload=upload, expected=upload.counts, tell=False, by=upload.created_by)


def brought_in(upload: RegistrationImport) -> RegistrationImport:
    return worked(starting(upload))


def accounts_of(upload: RegistrationImport) -> dict[str, str]:
    """Owner -> state of what came with the list."""
    return dict(PayeeAccount.objects.from_list(f"import-{upload.pk}").values_list("owner", "state"))

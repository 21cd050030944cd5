"""Accounts of the participants of one batch from a list, waiting for the second person; one row is to be mended."""

import csv
import io
from collections.abc import Sequence

from accounts.models import User
from ikm_portal.demo.lists import run_work
from kit.tables.apart import read_head
from participants import actions
from participants.jobs import import_limits
from participants.models import ImportPurpose, Registration, RegistrationImport
from participants.queries.import_accounts import without_account
from participants.sheets import ACCOUNTS, found_layout
from programs.models import Batch

FEWEST, MOST = 4, 14
BANKS = ("113", "002", "008")


def accounts_of_participants(batches: Sequence[Batch], officer: User) -> None:
    """Of the batch with most people who are verified; nobody has proposed its allowances yet."""
    batch = max(batches, key=lambda one: len(without_account(one)), default=None)
    entries = without_account(batch)[:MOST] if batch is not None else []
    if batch is None or len(entries) < FEWEST:
        return
    upload = _checked(batch, [_line(number, entry) for number, entry in enumerate(entries)], officer)
    doubtful = upload.rows.filter(state="doubtful").first()
    if doubtful is not None:
        actions.let_row_in(row=doubtful, batches=[batch], by=officer)
    upload.refresh_from_db()
    run_work(actions.start_bringing_in(upload=upload, expected=upload.counts, tell=False, by=officer))


def _line(number: int, entry: Registration) -> list[str]:
    """The second row is too short, in the third the account is the husband's."""
    account = "0071" if number == 1 else f"00712{number:07d}"
    holder = ["Wahyu Setiawan", "Rekening suami, surat kuasa ada"] if number == 2 else [entry.full_name, ""]
    return [entry.shown_code, entry.full_name, BANKS[number % len(BANKS)], account, *holder]


def _checked(batch: Batch, lines: Sequence[Sequence[str]], officer: User) -> RegistrationImport:
    out = io.StringIO()
    written = csv.writer(out, delimiter=";")
    written.writerow(title for title, _others in ACCOUNTS.fields.values())
    written.writerows(lines)
    content = out.getvalue().encode()
    upload = actions.start_import(
        program=batch.program,
        batch=batch,
        region=batch.region,
        file_name="Rekening peserta.csv",
        content=content,
        purpose=ImportPurpose.ACCOUNTS,
        by=officer,
    )
    head = read_head(content, import_limits())
    layout = found_layout(head.rows, ACCOUNTS)
    return run_work(
        actions.settle_columns(
            upload=upload,
            columns=layout.columns,
            headings=layout.headings,
            heading_row=layout.row,
            sheet=head.sheet,
            fingerprint=layout.fingerprint,
            by=officer,
        )
    )

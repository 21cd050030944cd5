"""Accounts of the participants of one batch from a list, waiting for the second person; one row is to be mended."""

from collections.abc import Sequence

from accounts.models import User
from ikm_portal.demo.lists import checked_list, run_work
from participants import actions
from participants.models import ImportPurpose, Registration
from participants.queries.import_accounts import without_account
from participants.sheets import ACCOUNTS
from programs.models import Batch

FEWEST, MOST = 4, 14
BANKS = ("113", "002", "008")


def accounts_of_participants(batches: Sequence[Batch], officer: User) -> None:
    """Of the batch with most people who are verified; nobody has proposed its allowances yet."""
    batch = max(batches, key=lambda one: len(without_account(one)), default=None)
    entries = without_account(batch)[:MOST] if batch is not None else []
    if batch is None or len(entries) < FEWEST:
        return
    headings = [title for title, _others in ACCOUNTS.fields.values()]
    lines = [headings, *(_line(number, entry) for number, entry in enumerate(entries))]
    upload = checked_list(batch, "Rekening peserta.csv", lines, officer, ImportPurpose.ACCOUNTS)
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

"""The good rows of a list become accounts of payees that wait for a second person; and go again as a whole."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from budgets.actions import AccountDetails, AccountSource, enter_account, withdraw_listed
from budgets.models import Bank, account_hash
from participants import queries
from participants.models import ImportRow, RegistrationImport
from participants.queries.import_accounts import KnownAccount
from programs.models import Batch

AT_ONCE = 1_000
Row = ImportRow.State
NAME_MAX = 200
CHANGED = _("Entries or accounts have changed since the list was checked. Please look at it again.")


def known_account(number: int, clean: dict[str, Any]) -> KnownAccount:
    found = account_hash(clean["bank"], clean["number"])
    return KnownAccount(number, clean["entry"], clean["owner"], clean["payee_name"], found, clean["holder_name"])


def bring_in_accounts(upload: RegistrationImport, _notice_version: str, by: User, _now: datetime) -> None:
    """The entries stay as they are meanwhile, and nobody else enters an account for this office."""
    if upload.batch is None or not queries.batches_of_import(upload, by):
        raise ValidationError(_("You may no longer bring in this list."), code="not_allowed")
    Batch.objects.locked(upload.batch.pk)
    lock_accounts(upload)
    source = AccountSource(upload.source, f"{upload.program.name} · {upload.batch.name}"[:NAME_MAX])
    banks, last = Bank.objects.in_bulk(), 0
    while rows := list(upload.rows.usable().filter(number__gt=last).in_order()[:AT_ONCE]):
        last = rows[-1].number
        told = [json.loads(row.content or "{}")["clean"] for row in rows]
        known = [known_account(row.number, clean) for row, clean in zip(rows, told, strict=True)]
        clashes = queries.checks_of(upload).clashes(upload.agency, [upload.batch], known)
        for row, clean in zip(rows, told, strict=True):
            if _is_news(row, clashes.get(row.number, [])) or clean["bank"] not in banks:
                raise ValidationError(CHANGED, code="list_changed")
            _enter(source, row, clean, banks[clean["bank"]], by)


def _enter(source: AccountSource, row: ImportRow, clean: dict[str, Any], bank: Bank, by: User) -> None:
    details = AccountDetails(bank, clean["number"], clean["holder_name"], clean["holder_reason"])
    payee = {"owner": clean["owner"], "payee_name": clean["payee_name"]}
    row.account = enter_account(agency=row.upload.agency, details=details, source=source, by=by, **payee)
    row.state = Row.IMPORTED
    row.save(update_fields=["account", "state"])


def _is_news(row: ImportRow, clashes: Sequence[Any]) -> bool:
    """Whether it clashes with what was not there when somebody looked."""
    seen = {(clash[0], clash[1]) for clash in row.clashes} if row.let_in else set()
    return any((clash[0], clash[1]) not in seen for clash in clashes)


def lock_accounts(upload: RegistrationImport) -> None:
    """Nobody confirms one of them until the transaction ends."""
    Agency.objects.select_for_update(no_key=True).get(pk=upload.agency_id)


def withdraw_accounts(upload: RegistrationImport, by: User) -> None:
    """What waits goes; which rows were brought in stays in the trail alone."""
    withdraw_listed(agency=upload.agency, source=upload.source, by=by)
    brought = upload.rows.filter(state=Row.IMPORTED)
    brought.update(state=Row.LEFT_OUT, account=None, let_in=False)

"""What the rows of a list are compared with, by what the list is read for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Agency, User
from participants.models import ImportPurpose, RegistrationImport
from participants.queries.import_accounts import (
    accounts_in_file,
    batch_of_accounts,
    built_on_accounts,
    clashes_of_accounts,
)
from participants.queries.imports import (
    Clash,
    beyond_places,
    built_on_entries,
    clashes_in_file,
    clashes_of,
    open_batches,
)
from programs.models import Batch


@dataclass(frozen=True)
class Checks:
    """Of one purpose. `batches` are those that rows may go to, `clashes` what is on file, `in_file` what other rows of
    the list say, `beyond` the rows without a place, `built_on` why the list cannot be taken back.
    """

    batches: Callable[[RegistrationImport, User], list[Batch]]
    clashes: Callable[[Agency, Sequence[Batch], Sequence[Any]], dict[int, list[Clash]]]
    in_file: Callable[[RegistrationImport], dict[int, list[Clash]]]
    beyond: Callable[[RegistrationImport, Sequence[Batch]], list[int]]
    built_on: Callable[[RegistrationImport], list[Any]]


def _open(upload: RegistrationImport, user: User) -> list[Batch]:
    return open_batches(user, program=upload.program_id, batch=upload.batch_id)


def _everywhere(_upload: RegistrationImport, _batches: Sequence[Batch]) -> list[int]:
    """An account takes no place."""
    return []


CHECKS: dict[str, Checks] = {
    ImportPurpose.REGISTRATIONS: Checks(_open, clashes_of, clashes_in_file, beyond_places, built_on_entries),
    ImportPurpose.ACCOUNTS: Checks(
        batch_of_accounts, clashes_of_accounts, accounts_in_file, _everywhere, built_on_accounts
    ),
}


def checks_of(upload: RegistrationImport) -> Checks:
    return CHECKS[upload.purpose]


def batches_of_import(upload: RegistrationImport, user: User) -> list[Batch]:
    """Where its rows may go now, as far as this person may bring them there."""
    return checks_of(upload).batches(upload, user)


def built_on_import(upload: RegistrationImport) -> list[Any]:
    """Why an import cannot be taken back: what came since, in words."""
    return checks_of(upload).built_on(upload)

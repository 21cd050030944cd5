"""Words of people about people that hang on an entry or a card: what somebody wrote may name whom it is about."""

from collections.abc import Sequence

from django.db.models import CharField, Func, Q, QuerySet

from budgets.models import PayeeAccount
from jobs.actions import drop_file
from jobs.models import StoredFile
from participants import queries
from participants.models import (
    NO_NAME,
    AttendanceMark,
    DataRequest,
    DoorCase,
    ImportRow,
    JobSeekerCard,
    Replacement,
    SheetLine,
)


class NewHash(Func):
    """64 hexadecimal digits that nobody can compute again, another for each row."""

    template = "encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'hex')"
    output_field = CharField()


def empty_rows(rows: QuerySet[ImportRow]) -> None:
    """Rows of spreadsheets keep their number and what became of them."""
    rows.update(content=None, nik_hash=NewHash(), alike_hash="", account_hash="", clashes=[])


def forget_words(*, entries: Sequence[int], persons: Sequence[int]) -> None:
    """Empties requests, notes of attendance, rows of spreadsheets, notes of cards and accounts that paid nothing."""
    _forget_requests(DataRequest.objects.filter(Q(registration__in=entries) | Q(person__in=persons)))
    AttendanceMark.objects.filter(registration__in=entries).exclude(note="").update(note=NO_NAME)
    DoorCase.objects.filter(registration__in=entries).update(written="", note="", settle_note="")
    SheetLine.objects.filter(registration__in=entries).exclude(reason="").update(reason=NO_NAME)
    Replacement.objects.filter(Q(gone__in=entries) | Q(came__in=entries)).update(reason=NO_NAME)
    empty_rows(ImportRow.objects.filter(registration__in=entries))
    # The ministry keeps the card itself: of a note that ended only its days stay, for the figures.
    cards = JobSeekerCard.objects.filter(person__in=persons)
    cards.filter(ended_on__isnull=True).delete()
    cards.update(number="", number_hash=NewHash(), number_last4="0000")
    owners = [f"person:{number}" for number in queries.numbers_of_all(persons)]
    empty_rows(ImportRow.objects.filter(account__owner__in=owners))
    PayeeAccount.objects.filter(owner__in=owners, payments__isnull=True).delete()


def _forget_requests(requests: QuerySet[DataRequest]) -> None:
    """That something was asked, and answered in time, stays; in which words does not."""
    stored = list(StoredFile.objects.filter(pk__in=requests.filter(evidence__isnull=False).values("evidence")))
    requests.update(evidence=None, evidence_key=None, wish="")
    requests.filter(answer__isnull=False).update(answer=NO_NAME)
    for file in stored:
        drop_file(stored=file, by=None)

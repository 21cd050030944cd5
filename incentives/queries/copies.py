"""Which copies of winners were seen."""

from dataclasses import dataclass

from incentives.models import Competition, SeenCopy
from incentives.queries.awards import AwardBoard, AwardRow
from incentives.queries.progress import result_in_force


@dataclass(frozen=True)
class CopyRow:
    """The marks of one winner; that of a bank book only if it is of the `account` in use."""

    row: AwardRow
    identity_card: SeenCopy | None
    bank_book: SeenCopy | None
    account: int | None

    @property
    def open(self) -> list[str]:
        """What can be ticked now, as the form names it."""
        marks = [(SeenCopy.Kind.IDENTITY_CARD, self.identity_card)]
        if self.account is not None:
            marks.append((SeenCopy.Kind.BANK_BOOK, self.bank_book))
        return [f"{self.row.award.pk}:{kind}" for kind, mark in marks if mark is None]


def copy_rows(competition: Competition) -> list[CopyRow]:
    rows = AwardBoard(competition, result_in_force(competition)).rows
    marks = SeenCopy.objects.filter(award__in=[row.award.pk for row in rows]).select_related("seen_by")
    found = {(mark.award_id, mark.kind): mark for mark in marks}
    return [_row(row, found) for row in rows]


def _row(row: AwardRow, found: dict[tuple[int, str], SeenCopy]) -> CopyRow:
    account = account_of(row)
    book = found.get((row.award.pk, SeenCopy.Kind.BANK_BOOK))
    if book is not None and book.account_id != account:
        book = None
    return CopyRow(row, found.get((row.award.pk, SeenCopy.Kind.IDENTITY_CARD)), book, account)


def account_of(row: AwardRow) -> int | None:
    """The account of the payment; before there is one, the account in force."""
    if row.payment is not None:
        return row.payment.account_id
    return row.account.pk if row.account is not None else None

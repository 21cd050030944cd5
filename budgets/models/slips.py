"""Proposals of withholding slips, as the papers of batches and of awards alike tell them."""

from collections.abc import Iterable, Iterator, Sequence

from accounts.models import Agency
from budgets.models.payment import Payment
from budgets.rules import slip_body
from documents.kinds import Snapshot, Subject
from kit.payees import identity_numbers


def slip_subjects(payments: Iterable[Payment], agency: Agency, region_id: str | None) -> Iterator[Subject]:
    for row in payments:
        yield Subject(f"payment:{row.pk}", row.payee_name, agency, region_id, row)


def slips_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    """Numbers are masked: the paper is kept, and whoever types it takes the whole one from the treasurer's list."""
    numbers = identity_numbers([one.source.payee_key for one in subjects])
    return [
        {"values": {}, **slip_body(one.source.withheld(numbers.get(one.source.payee_key, "")), office=one.agency.name)}
        for one in subjects
    ]

"""What is kept back of each award as tax, proposed for the slip that the tax system makes."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count

from budgets.models import Payment
from budgets.rules import slip_body
from documents.kinds import Snapshot, Subject
from incentives.models import Award, Competition
from kit.payees import identity_numbers


def taxed_awards(competition: Competition) -> Iterable[Subject]:
    awards = Award.objects.standing().filter(competition=competition, payment__isnull=False)
    payments = Payment.objects.taxed().filter(pk__in=awards.values("payment")).select_related("tax_rule")
    agency = competition.program.agency
    for row in payments.defer("account").order_by("pk"):
        yield Subject(f"payment:{row.pk}", row.payee_name, agency, agency.region_id, row)


def slips_needed(keys: Sequence[int]) -> Mapping[int, int]:
    taxed = Payment.objects.taxed().values("pk")
    rows = Award.objects.standing().filter(competition__in=keys, payment__in=taxed).order_by().values("competition")
    return dict.fromkeys(keys, 0) | dict(rows.annotate(total=Count("pk")).values_list("competition", "total"))


def slips_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    """Numbers are masked: the paper is kept, and whoever types it takes the whole one from the treasurer's list."""
    numbers = identity_numbers([one.source.payee_key for one in subjects])
    return [
        {"values": {}, **slip_body(one.source.withheld(numbers.get(one.source.payee_key, "")), office=one.agency.name)}
        for one in subjects
    ]

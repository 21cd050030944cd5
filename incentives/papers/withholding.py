"""What is kept back of each award as tax, proposed for the slip that the tax system makes."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count

from budgets.models import Payment, slip_subjects
from documents.kinds import Subject
from incentives.models import Award, Competition


def taxed_awards(competition: Competition) -> Iterable[Subject]:
    awards = Award.objects.standing().filter(competition=competition, payment__isnull=False)
    payments = Payment.objects.taxed().filter(pk__in=awards.values("payment")).select_related("tax_rule")
    agency = competition.program.agency
    return slip_subjects(payments.defer("account").order_by("pk"), agency, agency.region_id)


def slips_needed(keys: Sequence[int]) -> Mapping[int, int]:
    taxed = Payment.objects.taxed().values("pk")
    rows = Award.objects.standing().filter(competition__in=keys, payment__in=taxed).order_by().values("competition")
    return dict.fromkeys(keys, 0) | dict(rows.annotate(total=Count("pk")).values_list("competition", "total"))

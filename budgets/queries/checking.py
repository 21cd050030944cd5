"""The sums of a line against the rows that they were made from."""

from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from budgets.models import HELD, BudgetLine, CeilingAmount, Payment, Reservation

COMPARED = ("reserved", "spent", "ceiling")


def _total(rows: QuerySet[Any], what: str) -> Coalesce:
    summed = rows.filter(line=OuterRef("pk")).order_by().values("line").annotate(total=Sum(what)).values("total")
    return Coalesce(Subquery(summed, output_field=BigIntegerField()), 0)


def differing_lines() -> list[dict[str, int]]:
    """Lines whose reserved, spent or ceiling is not what payments, reservations and versions make it."""
    drawn_on_kept = Q(reservation__isnull=False, reservation__released_at__isnull=True)
    newest = CeilingAmount.objects.filter(line=OuterRef("pk")).order_by("-version__position").values("amount")[:1]
    kept = Reservation.objects.filter(released_at__isnull=True)
    lines = BudgetLine.objects.annotate(
        reserved_by_rows=_total(Payment.objects.filter(state__in=HELD).exclude(drawn_on_kept), "gross")
        + _total(kept, "amount")
        - _total(Payment.objects.filter(drawn_on_kept, state=Payment.State.PAID), "gross"),
        spent_by_rows=_total(Payment.objects.filter(state=Payment.State.PAID), "gross"),
        ceiling_by_rows=Coalesce(Subquery(newest), F("ceiling")),
    )
    same = Q(reserved=F("reserved_by_rows"), spent=F("spent_by_rows"), ceiling=F("ceiling_by_rows"))
    return list(lines.exclude(same).order_by("pk").values("pk", *COMPARED, *(f"{name}_by_rows" for name in COMPARED)))

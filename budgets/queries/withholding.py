"""Payments from which tax was kept back, with what a slip tells of each."""

import datetime as dt
from collections.abc import Iterable, Mapping

from budgets.models import Payment, PaymentQuerySet
from budgets.rules import Withheld
from kit.months import next_month


def withheld_in(payments: PaymentQuerySet, month: dt.date) -> PaymentQuerySet:
    """Of one month, by the day on which the money went out."""
    found = payments.filter(state=Payment.State.PAID, tax__gt=0, paid_on__gte=month.replace(day=1))
    return found.filter(paid_on__lt=next_month(month)).order_by("paid_on", "pk")


def withheld_from(payments: Iterable[Payment], numbers: Mapping[str, str]) -> list[Withheld]:
    """`numbers` are identity numbers by the keys of payees, masked or whole. Payments come with their tax rule."""
    return [row.withheld(numbers.get(row.payee_key, "")) for row in payments]

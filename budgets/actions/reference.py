"""Lists that come along: banks, and the tax rules of the state."""

import csv
import datetime as dt
from decimal import Decimal
from importlib import resources
from typing import Any

from django.db import transaction

from accounts.models import User
from budgets.models import Bank, TaxRule


@transaction.atomic
def load_money_lists(*, by: User | None) -> tuple[int, int]:
    """How many banks and rules are new. What is there stays, also where the office changed it."""
    before = Bank.objects.count()
    Bank.objects.bulk_create((Bank(**row) for row in _rows("banks.csv")), ignore_conflicts=True)
    added = 0
    for row in _rows("tax_rules.csv"):
        added += _add_rule(row)
    return Bank.objects.count() - before, added


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("budgets").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _add_rule(row: dict[str, str]) -> bool:
    """National rules of a kind are entered once; a change of the law is a row of its own in the administration."""
    if TaxRule.objects.filter(agency=None, kind=row["kind"]).exists():
        return False
    rates: list[list[Any]] = []
    for part in row["rates"].split():
        limit, _colon, percent = part.partition(":")
        rates.append([None if limit == "-" else int(limit), percent])
    TaxRule.objects.create(
        agency=None,
        kind=row["kind"],
        valid=(dt.date.fromisoformat(row["valid_from"]), None),
        legal_basis=row["legal_basis"],
        base_percent=Decimal(row["base_percent"]),
        is_final=row["is_final"] == "yes",
        rates=rates,
    )
    return True

"""Lists that come along: banks, the tax rules of the state, and layouts of bank files, which an office adds to."""

import csv
import datetime as dt
import tomllib
from decimal import Decimal
from importlib import resources
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from budgets.models import Bank, TaxRule, TransferLayout
from budgets.rules import LayoutError, parse_layout
from kit.refusals import spoken_refusals


@transaction.atomic
def load_money_lists(*, by: User | None) -> tuple[int, int]:
    """How many banks and rules are new. What is there stays, also where the office changed it."""
    before = Bank.objects.count()
    Bank.objects.bulk_create((Bank(**row) for row in _rows("banks.csv")), ignore_conflicts=True)
    added = 0
    for row in _rows("tax_rules.csv"):
        added += _add_rule(row)
    _add_layouts(_text("transfer_layouts.toml"))
    return Bank.objects.count() - before, added


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return resources.files("budgets").joinpath("data", name).read_text(encoding="utf-8")


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


def _add_layouts(text: str) -> None:
    """The examples, each code once."""
    known = set(TransferLayout.objects.filter(agency=None).values_list("code", flat=True))
    made = [row for row in _layouts(text, agency=None) if row.code not in known]
    TransferLayout.objects.bulk_create(made)


def _layouts(text: str, *, agency: Agency | None) -> list[TransferLayout]:
    found = []
    for told in tomllib.loads(text).get("layout", []):
        parse_layout(told["file"])
        found.append(
            TransferLayout(
                agency=agency,
                bank_id=told.get("bank"),
                code=told["code"],
                name=told["name"],
                valid=(told["valid_from"], told.get("valid_until")),
                is_example=agency is None,
                spec=told["file"],
            )
        )
    return found


@transaction.atomic
def load_transfer_layouts(*, text: str, agency: Agency, by: User | None) -> list[TransferLayout]:
    """The office's own layouts out of a file: all of them or none. What overlaps ends the day before the new one."""
    try:
        made = _layouts(text, agency=agency)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, LayoutError) as error:
        told = {"problem": str(error)}
        raise ValidationError(_("This file of layouts cannot be read: %(problem)s") % told, code="layout") from error
    for row in made:
        before = TransferLayout.objects.filter(agency=agency, code=row.code, valid__startswith__lt=row.valid[0])
        for old in before.filter(valid__contains=row.valid[0]):
            old.valid = (old.valid.lower, row.valid[0])
            old.save(update_fields=["valid"])
        with spoken_refusals(TransferLayout):
            row.save()
        changes = {"code": row.code, "from": str(row.valid[0])}
        record(action="transfer_layout.loaded", by=by, target=row, agency=agency, changes=changes)
    return made

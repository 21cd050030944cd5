"""Rows of a method as they are typed: criteria, tiers, categories. A row without a name is left out."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from incentives.forms.dates import RupiahField
from incentives.models import AwardTier, Category, Criterion

ANCHOR = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*[:=]\s*(.{1,300})")
MOST_ANCHORS = 10
MISSING = _("Please fill this in too.")


class AnchorsField(forms.CharField):
    """A line for each: a score, a colon, what earns it."""

    def __init__(self) -> None:
        super().__init__(
            label=_("What scores mean"),
            help_text=_("One line each, the highest first: 85: what earns 85 and more."),
            required=False,
            max_length=3000,
            widget=forms.Textarea({"rows": 6}),
        )

    def clean(self, value: Any) -> list[list[str]]:
        found: list[list[str]] = []
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            match = ANCHOR.fullmatch(line.rstrip())
            if match is None:
                raise ValidationError(_("Write each line like this: 85: what earns it."), code="anchor_unreadable")
            found.append([match[1].replace(",", "."), match[2].strip()])
        if len(found) > MOST_ANCHORS:
            raise ValidationError(_("At most 10 lines."), code="too_many_anchors")
        return sorted(found, key=lambda one: -Decimal(one[0]))


def anchors_as_text(anchors: Iterable[Iterable[str]]) -> str:
    return "\n".join(": ".join(pair) for pair in anchors)


def _points(label: Any, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=5, decimal_places=2, min_value=0, max_value=100, localize=True, required=False, **kwargs
    )


class Row(forms.Form):
    """`kind` is the beginning of its names in the page; `needed` must be filled in where there is a name."""

    kind = ""
    key = "name"
    needed: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.key in cleaned:
            for name in self.needed:
                if cleaned[self.key] and name in cleaned and cleaned[name] is None:
                    self.add_error(name, MISSING)
            if not cleaned[self.key] and any(cleaned.get(name) for name in self.telling):
                self.add_error(self.key, MISSING)
        return cleaned

    @property
    def telling(self) -> tuple[str, ...]:
        """What nobody types into a row that is meant to stay empty."""
        return self.needed

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get(self.key))


class CriterionRow(Row):
    kind = "criterion"
    needed = ("weight", "lowest", "highest")
    code = forms.SlugField(max_length=30, required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Criterion"), max_length=120, required=False)
    weight = _points(_("Weight"))
    lowest = _points(_("Scale from"), initial=0)
    highest = _points(_("Scale to"), initial=100)
    description = forms.CharField(label=_("What it looks at"), max_length=300, required=False)
    anchors = AnchorsField()

    @property
    def telling(self) -> tuple[str, ...]:
        return ("weight", "description", "anchors")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("weight") == 0:
            self.add_error("weight", _("A weight is above 0 and at most 100."))
        low, high = cleaned.get("lowest"), cleaned.get("highest")
        if low is not None and high is not None and low >= high:
            self.add_error("highest", _("The highest score is above the lowest, and none is below zero."))
        return cleaned


class TierRow(Row):
    kind = "tier"
    key = "label"
    needed = ("slots", "amount")
    label = forms.CharField(label=_("Award"), max_length=60, required=False)
    slots = forms.IntegerField(label=_("How many"), min_value=1, max_value=100, required=False)
    amount = RupiahField(label=_("Amount each"), required=False)

    def clean_amount(self) -> int | None:
        amount: int | None = self.cleaned_data["amount"]
        if amount == 0:
            raise ValidationError(_("An award is more than zero rupiah."), code="award_tier_amount_positive")
        return amount


class CategoryRow(Row):
    kind = "category"
    code = forms.SlugField(max_length=30, required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Category"), max_length=80, required=False)


KINDS: tuple[type[Row], ...] = (CriterionRow, TierRow, CategoryRow)


def criteria_from(rows: Iterable[Row]) -> list[Criterion]:
    filled = [row.cleaned_data for row in rows if row.is_filled]
    names = ("name", "weight", "lowest", "highest", "description", "anchors")
    return [
        Criterion(code=code, **{name: one[name] for name in names})
        for code, one in zip(_codes(filled), filled, strict=True)
    ]


def tiers_from(rows: Iterable[Row]) -> list[AwardTier]:
    return [AwardTier(**row.cleaned_data) for row in rows if row.is_filled]


def categories_from(rows: Iterable[Row]) -> list[Category]:
    filled = [row.cleaned_data for row in rows if row.is_filled]
    return [Category(code=code, name=one["name"]) for code, one in zip(_codes(filled), filled, strict=True)]


def _codes(filled: list[dict[str, Any]]) -> list[str]:
    """A row keeps the code it has, so that scores and pitches follow it; a new one is called after its name."""
    found: list[str] = []
    kept = {one["code"] for one in filled if one["code"]}
    for one in filled:
        code = one["code"] if one["code"] and one["code"] not in found else ""
        base, number = slugify(one["name"])[:26].strip("-") or "x", 1
        while not code:
            free = base if number == 1 else f"{base}-{number}"
            code, number = ("" if free in found or free in kept else free), number + 1
        found.append(code)
    return found


def short(value: Decimal | None) -> Decimal | int | None:
    """20 for 20.00: nobody types zeros that say nothing."""
    return value if value is None or value % 1 else int(value)


def shown_rows(criteria: Iterable[Criterion], tiers: Iterable[AwardTier], categories: Iterable[Category]) -> Any:
    """Rows of an edition as their forms begin with them, by kind."""
    numbers, words = ("weight", "lowest", "highest"), ("code", "name", "description")
    return {
        "criterion": [
            {name: short(getattr(one, name)) for name in numbers}
            | {name: getattr(one, name) for name in words}
            | {"anchors": anchors_as_text(one.anchors)}
            for one in criteria
        ],
        "tier": [
            {"label": one.label, "slots": one.slots, "amount": f"{one.amount:,}".replace(",", ".")} for one in tiers
        ],
        "category": [{"code": one.code, "name": one.name} for one in categories],
    }

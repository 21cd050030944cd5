"""A method on one page: dates, columns of the edition, and rows of three kinds that answer like one form."""

from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import BudgetLine
from budgets.rules import AmountError, parse_rupiah
from incentives.actions.drafting import COPIED, Wording
from incentives.forms.dates import DatesForm, LineField, shown_dates
from incentives.forms.rows import KINDS, Row, categories_from, criteria_from, short, shown_rows, tiers_from
from incentives.models import Competition, Edition
from incentives.queries.dates import Dates
from incentives.queries.editions import points
from kit.fields import CHOOSE, REQUIRED

MOST_ROWS = 12
TIE_BREAKS = [
    ("", "–"),
    ("criteria", _("the heaviest criterion, then the next")),
    ("more_jurors", _("more jurors place it higher")),
    ("median", _("the higher median")),
    ("chair", _("deliberation led by the chair")),
    ("lot", _("lot")),
]
LIMITS = {
    "minimum": (0, 100),
    "jurors_per_entry": (1, 99),
    "excluded_years": (0, 20),
    "objection_days": (0, 60),
    "pitch_minutes": (1, 180),
    "question_minutes": (0, 180),
    "change_minutes": (0, 60),
    "outlier_gap": (0, 100),
    "report_months": (1, 36),
}
SAYS = {"invalid": _("Write a number."), **REQUIRED, **CHOOSE}


class MethodForm(DatesForm, forms.ModelForm):
    """Everything that stands once in a method. `reason` is asked of a change, `name` may change before that."""

    name = forms.CharField(label=_("Name of the competition"), max_length=150, error_messages=REQUIRED)
    line = LineField(
        BudgetLine.objects.none(),
        label=_("Budget line"),
        help_text=_("It pays the awards. Their money is kept on it when the competition is declared."),
        required=False,
        empty_label=_("Choose …"),
        error_messages=CHOOSE,
    )
    reason = forms.CharField(
        label=_("Reason for the change"),
        help_text=_("Everybody can read it beside the new edition."),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages=REQUIRED,
    )

    class Meta:
        model = Edition
        fields = [name for name in COPIED if name != "tie_breaks"]

    def __init__(self, data: Any, *, competition: Competition, dates: Dates, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        agency = competition.program.agency
        self.offer_venues([agency.pk])
        line = cast(forms.ModelChoiceField, self.fields["line"])
        line.queryset = BudgetLine.objects.usable().filter(fund=competition.program.fund_source_id)
        del self.fields["name" if competition.state == Competition.State.DECLARED else "reason"]
        for place in range(1, len(TIE_BREAKS)):
            label = pgettext_lazy("equal totals", "First") if place == 1 else pgettext_lazy("equal totals", "Then")
            self.fields[f"tie{place}"] = forms.ChoiceField(
                label=label, choices=TIE_BREAKS, required=False, error_messages=CHOOSE
            )
        self._bound_numbers()

    def _bound_numbers(self) -> None:
        for name, field in self.fields.items():
            if name in LIMITS and isinstance(field, forms.DecimalField | forms.IntegerField):
                low, high = LIMITS[name]
                field.min_value, field.max_value = low, high
                between = _("Between %(low)s and %(high)s.") % {"low": low, "high": high}
                field.validators += [_between(low, high, between)]
                field.localize = field.widget.is_localized = True
                field.error_messages.update({key: str(said) for key, said in SAYS.items()})

    @property
    def ties(self) -> list[forms.BoundField]:
        return [self[f"tie{place}"] for place in range(1, len(TIE_BREAKS))]

    @property
    def tie_breaks(self) -> list[str]:
        chosen = (self.cleaned_data[f"tie{place}"] for place in range(1, len(TIE_BREAKS)))
        return [way for way in chosen if way]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for place in range(1, len(TIE_BREAKS)):
            way = cleaned.get(f"tie{place}")
            if way and way in seen:
                self.add_error(f"tie{place}", _("Each way to decide equal totals stands there once."))
            seen.add(way or "")
        return cleaned


def _between(low: int, high: int, sentence: Any) -> Any:
    def check(value: Any) -> None:
        if not low <= value <= high:
            raise ValidationError(sentence, code="out_of_range")

    return check


class MethodSheet:
    """The form with its rows. `add_row` gives the same page with one more row of a kind and nothing lost."""

    def __init__(self, data: Any, *, competition: Competition, edition: Edition, dates: Dates) -> None:
        self.competition, self.more = competition, str(data.get("add_row", "")) if data else ""
        bound = None if self.more else data
        known = shown_rows(edition.criteria.all(), edition.tiers.all(), edition.categories.all())
        start = Edition(**{name: getattr(edition, name) for name in COPIED})
        first = shown_dates(dates, competition.program.agency.zone)
        first |= {"name": competition.name, "reason": edition.reason}
        first |= {"minimum": short(edition.minimum), "outlier_gap": short(edition.outlier_gap)}
        first |= {f"tie{place}": way for place, way in enumerate(edition.tie_breaks, 1)}
        if self.more:
            first = _typed(MethodForm(None, competition=competition, dates=dates, instance=start), data)
        self.head = MethodForm(bound, competition=competition, dates=dates, instance=start, initial=first)
        self.parts = {row.kind: self._rows(row, data, known[row.kind]) for row in KINDS}

    def _rows(self, row: type[Row], data: Any, known: list[dict[str, Any]]) -> list[Row]:
        if data:
            count = _number(str(data.get(f"{row.kind}-rows", "")))
        else:
            count = len(known) + (1 if row.kind == "category" else 0)
        count = min(count + (self.more == row.kind), MOST_ROWS)
        found = []
        for at in range(count):
            prefix = f"{row.kind}{at}"
            if self.more:
                given = f"{prefix}-{row.key}" in data
                found.append(row(prefix=prefix, initial=_typed(row(prefix=prefix), data) if given else None))
            else:
                found.append(row(data, prefix=prefix, initial=known[at] if at < len(known) else None))
        return found

    @property
    def is_bound(self) -> bool:
        return self.head.is_bound

    @property
    def errors(self) -> Any:
        return self.head.errors or any(row.errors for row in self._all())

    def add_error(self, field: Any, error: Any) -> None:
        self.head.add_error(field, error)

    def is_valid(self) -> bool:
        """Every row is looked at, so that all errors are told at once."""
        wrong = sum(not row.is_valid() for row in self._all())
        valid = self.head.is_valid()
        if wrong:
            self.head.add_error(None, _("Please correct the rows that are marked."))
        return valid and not wrong

    def _all(self) -> list[Row]:
        return [row for rows in self.parts.values() for row in rows]

    @property
    def weight_sum(self) -> str:
        """Of what stands in the page, readable or not."""
        return points(sum((_decimal(row["weight"].value()) for row in self.parts["criterion"]), Decimal(0)))

    @property
    def award_sum(self) -> int:
        return sum(_whole(row["slots"].value()) * _whole(row["amount"].value()) for row in self.parts["tier"])

    @property
    def dates(self) -> Dates:
        return self.head.dates(self.competition.program.agency.zone, self.head.cleaned_data["line"])

    @property
    def wording(self) -> Wording:
        columns = {name: self.head.cleaned_data[name] for name in MethodForm.Meta.fields}
        return Wording(
            columns | {"tie_breaks": self.head.tie_breaks},
            criteria_from(self.parts["criterion"]),
            tiers_from(self.parts["tier"]),
            categories_from(self.parts["category"]),
        )


def _typed(form: forms.BaseForm, data: Any) -> dict[str, Any]:
    """What was typed, without judging it."""
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name)) for name, field in form.fields.items()
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value).replace(",", "."))
        return number if 0 <= number <= 100 else Decimal(0)
    except InvalidOperation:
        return Decimal(0)


def _whole(value: Any) -> int:
    try:
        return parse_rupiah(str(value))
    except AmountError:
        return 0

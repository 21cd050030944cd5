"""How a programme gives its seats, and the freezing of a result, as an officer fills them in."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from participants.forms.fields import CHOOSE, REQUIRED, LineField
from participants.models import EducationLevel, Sex
from programs.models import Program, TargetGroup
from programs.rules import Limit, PointRule, Terms
from regions.models import Region

POINT_ROWS, LIMIT_ROWS, MOST_ROWS, MOST_KINDS = 3, 2, 20, 300
WHOM: list[Any] = [
    ("", _("Choose …")),
    (_("Target group"), [(f"target_group:{code}", label) for code, label in TargetGroup.choices]),
    (_("Sex"), [(f"sex:{code}", label) for code, label in Sex.choices]),
    (_("Last education"), [(f"education:{code}", label) for code, label in EducationLevel.choices]),
    (
        _("Other"),
        [
            ("first_time:", _("Never in a training of this office before")),
            ("age:", _("Age on the first day, from – to")),
            ("region:", _("Kelurahan, kecamatan or city")),
        ],
    ),
]
OF_WHAT: list[Any] = [
    ("", _("Choose …")),
    ("business_kind", _("each kind of business")),
    ("region", _("each kelurahan")),
    ("sex", _("women and men each")),
    ("target_group", _("each target group")),
]


class FreezeForm(forms.Form):
    """`expected` is what the officer saw; who is left out has to be looked at."""

    expected = forms.CharField(widget=forms.HiddenInput, max_length=32)
    witness_words = LineField(
        label=_("Words of the witness"),
        help_text=_("Ask somebody present to say a few words or throw dice, and write down exactly what was said."),
        max_length=200,
        error_messages=REQUIRED,
    )
    understood = forms.BooleanField(
        label=_("I have seen who is left out. The result can never be changed."),
        error_messages={"required": _("Please tick this to go on.")},
    )

    def __init__(self, *args: Any, by_draw: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_draw:
            del self.fields["witness_words"]

    @property
    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in ("expected", "witness_words")}


class PointForm(forms.Form):
    whom = forms.ChoiceField(label=_("Who"), choices=WHOM, required=False, error_messages=CHOOSE)
    detail = LineField(label=_("From – to, or name of the place"), max_length=100, required=False)
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=1000, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("whom") and not cleaned.get("points") and "points" not in self.errors:
            self.add_error("points", _("Please fill this in."))
        if cleaned.get("points") and not cleaned.get("whom") and "whom" not in self.errors:
            self.add_error("whom", _("Please choose one."))
        return cleaned

    def rule(self, city: str) -> PointRule | None:
        """None of an empty row. Refuses on its own field what is no age and no place."""
        if not self.cleaned_data.get("whom"):
            return None
        criterion, _colon, value = self.cleaned_data["whom"].partition(":")
        detail = self.cleaned_data.get("detail", "")
        if criterion == "age":
            value = self._ages(detail)
        elif criterion == "region":
            value = self._place(detail, city)
        return PointRule(criterion, value, self.cleaned_data["points"]) if not self.errors else None

    def _ages(self, text: str) -> str:
        first, _dash, last = text.replace("–", "-").partition("-")
        youngest, oldest = first.strip(), last.strip()
        is_range = youngest.isdecimal() and oldest.isdecimal() and len(youngest + oldest) < 6
        if not is_range or int(youngest) > int(oldest):
            self.add_error("detail", _("Write ages like 18-24."))
            return ""
        return f"{int(youngest)}-{int(oldest)}"

    def _place(self, text: str, city: str) -> str:
        match = Region.objects.match(text, within=city)
        if match.region is None:
            self.add_error("detail", _("We do not know this region. Please check the spelling."))
            return ""
        return str(match.region.code)


class LimitForm(forms.Form):
    stratum = forms.ChoiceField(label=_("For"), choices=OF_WHAT, required=False, error_messages=CHOOSE)
    seats = forms.IntegerField(label=_("Seats at most"), min_value=1, max_value=10_000, required=False)
    yields = forms.BooleanField(label=_("Seats left over may go beyond it"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("stratum") and not cleaned.get("seats") and "seats" not in self.errors:
            self.add_error("seats", _("Please fill this in."))
        if cleaned.get("seats") and not cleaned.get("stratum") and "stratum" not in self.errors:
            self.add_error("stratum", _("Please choose one."))
        return cleaned


class MethodForm(forms.Form):
    method = forms.ChoiceField(
        label=_("Seats go to"), choices=Program.SelectionMethod.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    business_list = forms.ChoiceField(
        label=_("Ask for the kind of business"), choices=Program.BusinessList.choices, error_messages=CHOOSE
    )
    business_kinds = forms.CharField(
        label=_("Kinds of business of the programme's own list"),
        help_text=_("One a line, as residents will read it."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        required=False,
    )

    def clean_business_kinds(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["business_kinds"].splitlines()]
        kinds = list(dict.fromkeys(line for line in lines if line))
        if any(len(kind) > 80 for kind in kinds) or len(kinds) > MOST_KINDS:
            raise ValidationError(_("At most 300 kinds, each of at most 80 characters."))
        return kinds

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("business_list") == Program.BusinessList.OWN and not cleaned.get("business_kinds"):
            self.add_error("business_kinds", _("Write at least one kind of business."))
        return cleaned


class TermsSheet:
    """The method with its rows of points and limits; `again` shows what was typed with one more row of each."""

    def __init__(self, data: Any = None, *, program: Program, again: bool = False) -> None:
        self.program = program
        terms = program.terms
        bound = None if again else data
        start = {
            "method": program.selection_method,
            "business_list": program.business_list,
            "business_kinds": program.business_kinds,
        }
        self.head = MethodForm(bound, initial=_typed(data, "") if again else start)
        self.points = _rows(PointForm, "point", [_point(rule) for rule in terms.points], POINT_ROWS, data, again=again)
        self.limits = _rows(LimitForm, "limit", [_limit(one) for one in terms.limits], LIMIT_ROWS, data, again=again)

    @property
    def is_bound(self) -> bool:
        return self.head.is_bound

    @property
    def errors(self) -> bool:
        return any(form.is_bound and form.errors for form in (self.head, *self.points, *self.limits))

    def is_valid(self) -> bool:
        """Every row is looked at, so that all errors are told at once."""
        valid = sum(not form.is_valid() for form in (self.head, *self.points, *self.limits)) == 0
        if not valid:
            return False
        rules = [cast(PointForm, row).rule(self.program.agency.region_id) for row in self.points]
        limits = [row.cleaned_data for row in self.limits if row.cleaned_data.get("stratum")]
        made = [Limit(one["stratum"], one["seats"], yields=one["yields"]) for one in limits]
        self.terms = Terms(tuple(rule for rule in rules if rule), tuple(made))
        return not self.errors

    def add_refusal(self, refusal: ValidationError) -> None:
        place = "business_list" if refusal.code == "business_not_asked" else "method"
        self.head.add_error(place, refusal)

    @property
    def values(self) -> dict[str, Any]:
        """What `programs.actions.declare_selection` asks for."""
        data = self.head.cleaned_data
        return {name: data[name] for name in ("method", "business_list", "business_kinds")} | {"terms": self.terms}


def _point(rule: PointRule) -> dict[str, Any]:
    is_free = rule.criterion in {"age", "region"}
    whom = f"{rule.criterion}:{'' if is_free else rule.value}"
    return {"whom": whom, "detail": rule.value if is_free else "", "points": rule.points}


def _limit(limit: Limit) -> dict[str, Any]:
    return {"stratum": limit.stratum, "seats": limit.seats, "yields": limit.yields}


def _rows(
    kind: type[forms.Form], name: str, kept: list[dict[str, Any]], least: int, data: Any, *, again: bool
) -> list[forms.Form]:
    typed = str(data.get(f"{name}s", "")) if data else ""
    count = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 3 else max(least, len(kept) + 1)
    count = min(max(count, least) + again, MOST_ROWS)
    made = []
    for number in range(count):
        prefix = f"{name}{number}"
        kept_row = kept[number] if number < len(kept) else None
        initial = _typed(data, f"{prefix}-") if again else kept_row
        made.append(kind(None if again else data, prefix=prefix, initial=initial))
    return made


def _typed(data: Any, prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): data.get(name) for name in data if name.startswith(prefix)}


class ShareForm(forms.Form):
    """`expected` is the proposal that the officer saw, as from-to-seats."""

    expected = forms.CharField(widget=forms.HiddenInput, max_length=20_000)
    note = LineField(
        label=_("Why, for the record"),
        help_text=_("For example the minutes of the meeting that decided it."),
        max_length=250,
        error_messages=REQUIRED,
    )

    def clean_expected(self) -> list[tuple[int, int, int]]:
        triples = [part.split("-") for part in self.cleaned_data["expected"].split()]
        if any(len(one) != 3 or not all(n.isascii() and n.isdecimal() and len(n) < 18 for n in one) for one in triples):
            raise ValidationError(_("Seats have changed in the meantime. Please look again."), code="proposal_changed")
        return [(int(giver), int(taker), int(seats)) for giver, taker, seats in triples]

"""One row of a list, by the fields of the public form and the rules of the programme."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kit.family_cards import hash_household
from participants import queries, rules
from participants.actions.importing import ReadRow
from participants.actions.registering import LINE_REFUSALS
from participants.forms.declaration import FIELD_OF_CODE, DeclarationForm
from participants.models import Declaration, hash_alike, hash_nik
from participants.sheets import cells
from participants.sheets.places import Places
from programs.models import Batch
from programs.rules import refusals

# Numbers of people: what a spreadsheet takes for a number has lost digits, and a formula makes up others.
NUMBERS = {"nik", "family_card", "phone"}
CARDS = {"nik", "family_card"}
SHARED = {"region", "district", "city", "batch", "target_group", "education_level", "occupation", "business_kind"}
PARSED: dict[str, Callable[[str], Any]] = {
    "sex": cells.parse_sex,
    "birth_date": cells.parse_birth_date,
    "education_level": cells.parse_school,
    "target_group": cells.parse_group,
    "has_domicile_letter": cells.parse_yes,
}
ASKED_ALWAYS = ("full_name", "nik", "birth_date", "sex", "phone", "email", "address", "rt", "rw")
ASKED = (
    *ASKED_ALWAYS,
    *("education_level", "occupation", "target_group", "business_kind", "business_name", "has_domicile_letter"),
    "family_card",
)
# The same words in most rows: judged once. All batches of a list are of one programme, so their choices are the same.
REPEATED = {"sex", "rt", "rw", "education_level", "occupation", "target_group", "business_kind", "has_domicile_letter"}
MOST_JUDGED = 5_000
EXAMPLE = "CONTOH"
LONGEST_SHOWN = 40
Problem = list[Any]


@dataclass
class RowReader:
    """`columns` is field -> column; the batches are those that rows may go to, with the programme's rules."""

    columns: Mapping[str, int]
    batches: Sequence[Batch]
    now: datetime
    whole_programme: bool = False
    language: str = "id"
    _forms: dict[int, DeclarationForm] = field(default_factory=dict)
    _judged: dict[tuple[str, str | None], tuple[Any, list[Problem]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = Places(self.batches)
        self.program = self.batches[0].program
        self.by_key = {batch.pk: batch for batch in self.batches}
        self.kinds: dict[str, str] = {}
        for code, name in self.program.business_choices():
            self.kinds |= {cells.words_of(code): code, cells.words_of(name): code}

    def read(self, number: int, row: Sequence[Any]) -> ReadRow | None:
        """None for the example of the template."""
        told = {name: row[place] if place < len(row) else "" for name, place in self.columns.items()}
        if _shown(told.get("full_name", "")).upper().startswith(EXAMPLE):
            return None
        problems: list[Problem] = []
        texts = {name: self._text(name, cell, problems) for name, cell in told.items()}
        faulty = {problem[0] for problem in problems}
        self._split(texts, faulty, problems)
        region = self._region(texts, faulty, problems)
        batch = self._batch(texts, region, faulty, problems)
        form = self._form(batch or self.batches[0])
        data = {name: self._clean(form, name, texts, faulty, problems) for name in ASKED if name in form.fields}
        if "family_card" in data:
            data["household_hash"] = hash_household(data.pop("family_card") or "")
        if not problems and region is not None and batch is not None:
            declaration = self._declaration(data, region)
            problems += self._refused(batch, declaration)
        return self._made(number, row, data, region, batch, problems)

    def _text(self, name: str, cell: Any, problems: list[Problem]) -> str | None:
        """What the cell says, None where it cannot say it."""
        if isinstance(cell, str):
            if name in NUMBERS and cells.SCIENTIFIC.fullmatch(cell):
                return noted(problems, name, f"{name}_shortened")
            return cell
        kind, text = cell
        if kind == "error":
            return noted(problems, name, "cell_error", shown=text)
        if kind == "bool":
            return text if name == "has_domicile_letter" else noted(problems, name, "cell_kind")
        if kind == "merged_across" or (kind == "merged" and name not in SHARED):
            return noted(problems, name, "cell_merged")
        if name in CARDS and kind in {"number", "formula", "date"}:
            return noted(problems, name, f"{name}_{kind}")
        if kind == "formula" and (name in NUMBERS or not text):
            return noted(problems, name, "cell_formula")
        if kind == "date" and name != "birth_date":
            return noted(problems, name, "cell_date")
        if kind == "number" and name == "birth_date":
            return noted(problems, name, "date_number")
        if kind == "number" and name == "phone" and not text.isdigit():
            return noted(problems, name, "phone_shortened")
        return str(text)

    def _split(self, texts: dict[str, str | None], faulty: set[str], problems: list[Problem]) -> None:
        both = texts.get("rt_rw")
        if both and not texts.get("rt") and not texts.get("rw"):
            try:
                texts["rt"], texts["rw"] = cells.split_neighbourhoods(both)
            except ValidationError as error:
                noted(problems, "rt_rw", error.code or "")
                faulty |= {"rt", "rw"}

    def _region(self, texts: Mapping[str, str | None], faulty: set[str], problems: list[Problem]) -> Any:
        if "region" in faulty:
            return None
        name = texts.get("region") or ""
        if not name:
            return noted(problems, "region", "required")
        found = self.places.find(name, texts.get("district") or "", texts.get("city") or "")
        if found.region is None:
            return noted(problems, "region", found.code, known=", ".join(found.suggestions))
        return found.region

    def _batch(
        self, texts: Mapping[str, str | None], region: Any, faulty: set[str], problems: list[Problem]
    ) -> Batch | None:
        if not self.whole_programme:
            return self.batches[0]
        if region is None or "batch" in faulty:
            return None
        here = [batch for batch in self.batches if f"{region.code}.".startswith(f"{batch.region_id}.")]
        wanted = cells.words_of(texts.get("batch") or "")
        if wanted:
            here = [batch for batch in here if wanted in {cells.words_of(batch.name), cells.words_of(batch.slug)}]
            if not here:
                return noted(problems, "batch", "batch_unknown")
        if len(here) > 1:
            return noted(problems, "batch" if "batch" in self.columns else "region", "batch_several")
        return here[0] if here else noted(problems, "region", "batch_none_here")

    def _form(self, batch: Batch) -> DeclarationForm:
        if batch.pk not in self._forms:
            self._forms[batch.pk] = DeclarationForm(batch=batch)
        return self._forms[batch.pk]

    def _clean(
        self,
        form: DeclarationForm,
        name: str,
        texts: Mapping[str, str | None],
        faulty: set[str],
        problems: list[Problem],
    ) -> Any:
        """By the form's own field, after the words of the list are put into those of the form."""
        text = texts.get(name)
        if name in faulty or text is None and name in texts:
            return None
        if name not in REPEATED:
            value, found = self._judge(form, name, text or "")
        elif (name, text) in self._judged:
            value, found = self._judged[name, text]
        else:
            value, found = self._judge(form, name, text or "")
            if len(self._judged) < MOST_JUDGED:
                self._judged[name, text] = value, found
        problems += found
        return value

    def _judge(self, form: DeclarationForm, name: str, text: str) -> tuple[Any, list[Problem]]:
        try:
            value: Any = text
            if name == "business_kind":
                value = cells.parse_choice(value, self.kinds)
            elif name in PARSED and value:
                value = PARSED[name](value)
            field = form.fields[name]
            return (field.clean(value) if value or field.required else _blank(form, name)), []
        except ValidationError as error:
            first = error.error_list[0]
            return None, [[name, first.code or "", _plain(first.params)]]

    def _declaration(self, data: Mapping[str, Any], region: Any) -> Declaration:
        given = {name: value for name, value in data.items() if value is not None}
        return Declaration(**given, region=region, language=self.language)

    def _refused(self, batch: Batch, declaration: Declaration) -> list[Problem]:
        """What the programme's requirements refuse, at the cell they are about; what is held already comes later."""
        lines = queries.eligibility_lines(batch, queries.facts_of(declaration, None), now=self.now)
        codes = [f"not_eligible:{line.kind}" for line in refusals(lines) if line.kind in LINE_REFUSALS]
        found: list[Problem] = [[FIELD_OF_CODE.get(code, "nik"), code, {}] for code in codes]
        today = self.now.astimezone(self.program.agency.zone).date()
        if not found and rules.is_child(declaration.birth_date, today):
            found.append(["birth_date", "guardian_missing", {}])
        return found

    def _made(
        self, number: int, row: Sequence[Any], data: Mapping[str, Any], region: Any, batch: Any, problems: list[Problem]
    ) -> ReadRow:
        nik, name, born = data.get("nik"), str(data.get("full_name") or ""), data.get("birth_date")
        alike = hash_alike(name, born)
        clean = dict(data) | {"region": region.code, "birth_date": str(born)} if not problems and region else None
        batch_id = batch.pk if batch is not None else None
        return ReadRow(number, list(row), clean, problems, hash_nik(nik) if nik else "", alike, batch_id)


def noted(problems: list[Problem], name: str, code: str, **params: Any) -> Any:
    problems.append([name, code, params])
    return None


def _blank(form: DeclarationForm, name: str) -> Any:
    return False if isinstance(form.fields[name], forms.BooleanField) else ""


def _shown(cell: Any) -> str:
    return cell if isinstance(cell, str) else str(cell[1])


def _plain(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Only numbers: what somebody wrote is not kept a second time."""
    return {key: value for key, value in (params or {}).items() if isinstance(value, int | date)}

"""One row of a list of bank accounts, by the rules of the form for one account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from budgets.models import Bank, account_hash, clean_account_number
from kit.names import name_key
from participants import rules
from participants.actions.bringing_accounts import known_account
from participants.actions.importing import ReadRow
from participants.models import Registration
from participants.queries.import_accounts import KnownAccount, payee_key
from participants.sheets import cells
from participants.sheets.checking import EXAMPLE, Problem, noted
from programs.models import Batch

CODE_DIGITS = 3
# One bank for several rows may be written once; everything else belongs to one payee.
SHARED = {"bank"}
LONGEST = {"holder_name": 150, "holder_reason": 200}
TOLD = ("bank", "number", "holder_name")


class ReadAccount(ReadRow):
    @property
    def known(self) -> KnownAccount | None:
        return known_account(self.number, self.clean) if self.clean is not None else None


@dataclass
class AccountReader:
    """`columns` is field -> column; the entries are those of the one batch."""

    columns: Mapping[str, int]
    batches: Sequence[Batch]
    banks: dict[str, Bank] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.batch = self.batches[0]
        for bank in Bank.objects.all():
            self.banks |= dict.fromkeys([bank.code, *names_of(bank.name)], bank)

    @cached_property
    def entries(self) -> dict[str, Registration]:
        shown = ("code", "full_name", "person", "nik_hash", "batch")
        return {entry.code: entry for entry in self.batch.registrations.only(*shown)}

    def read(self, number: int, row: Sequence[Any]) -> ReadRow | None:
        """None for the example, and for a payee of the template whose account nobody filled in."""
        told = {name: row[place] if place < len(row) else "" for name, place in self.columns.items()}
        problems: list[Problem] = []
        texts = {name: self._text(name, cell, problems) for name, cell in told.items()}
        faulty = {problem[0] for problem in problems}
        written = any(name in faulty or (texts.get(name) or "").strip() for name in TOLD)
        if (texts.get("payee") or "").upper().startswith(EXAMPLE) or not written:
            return None
        entry = self._entry(texts, faulty, problems)
        bank = self._bank(texts, faulty, problems)
        account = self._number(texts, faulty, problems)
        holder = self._words("holder_name", texts, faulty, problems)
        reason = self._words("holder_reason", texts, faulty, problems)
        if entry and holder and not reason and name_key(holder) != name_key(entry.full_name):
            noted(problems, "holder_reason" if "holder_reason" in self.columns else "holder_name", "holder_reason")
        clean = None
        if not problems and entry is not None and bank is not None:
            clean = {"entry": entry.pk, "owner": payee_key(entry.person_id), "payee_name": entry.full_name}
            clean |= {"bank": bank.code, "number": account, "holder_name": holder, "holder_reason": reason}
        found = account_hash(bank.code, account) if bank and account else ""
        whose = entry.nik_hash if entry else ""
        return ReadAccount(number, list(row), clean, problems, whose, "", self.batch.pk, found)

    def _text(self, name: str, cell: Any, problems: list[Problem]) -> str | None:
        """What the cell says, None where it cannot say it. Of a number in a number cell zeros and digits are lost."""
        if isinstance(cell, str):
            shortened = name == "number" and cells.SCIENTIFIC.fullmatch(cell.strip())
            return noted(problems, name, "account_shortened") if shortened else cell
        kind, text = cell
        if kind == "error":
            return noted(problems, name, "cell_error", shown=text)
        if kind == "bool":
            return noted(problems, name, "cell_kind")
        if kind == "merged_across" or (kind == "merged" and name not in SHARED):
            return noted(problems, name, "cell_merged")
        if name == "number" and kind in {"number", "formula", "date"}:
            return noted(problems, name, "account_number_cell" if kind == "number" else f"account_{kind}")
        if kind in {"formula", "date"}:
            return noted(problems, name, f"cell_{kind}")
        return str(text)

    def _entry(self, texts: Mapping[str, str | None], faulty: set[str], problems: list[Problem]) -> Registration | None:
        """Of this batch, and of the name beside it: rows that were sorted by one column alone are found out."""
        if "entry" in faulty:
            return None
        code = rules.clean_code(texts.get("entry") or "")
        if not code:
            return noted(problems, "entry", "required")
        entry = self.entries.get(code)
        if entry is None:
            return noted(problems, "entry", "entry_unknown")
        if entry.person_id is None:
            return noted(problems, "entry", "entry_not_verified")
        name = texts.get("payee") or ""
        if name.strip() and name_key(name) != name_key(entry.full_name):
            return noted(problems, "payee", "payee_other")
        return entry

    def _bank(self, texts: Mapping[str, str | None], faulty: set[str], problems: list[Problem]) -> Bank | None:
        if "bank" in faulty:
            return None
        text = cells.words_of(texts.get("bank") or "")
        if not text:
            return noted(problems, "bank", "required")
        # A code is three digits: the zeros in front that a number cell drops are certain.
        key = text.zfill(CODE_DIGITS) if text.isdigit() else text
        return self.banks.get(key) or noted(problems, "bank", "bank_unknown")

    def _number(self, texts: Mapping[str, str | None], faulty: set[str], problems: list[Problem]) -> str:
        text = (texts.get("number") or "").strip()
        if "number" in faulty:
            return ""
        if not text:
            return noted(problems, "number", "required") or ""
        try:
            return clean_account_number(text)
        except ValidationError:
            return noted(problems, "number", "account_number") or ""

    def _words(self, name: str, texts: Mapping[str, str | None], faulty: set[str], problems: list[Problem]) -> str:
        if name in faulty:
            return ""
        try:
            return str(forms.CharField(max_length=LONGEST[name], required=name in TOLD).clean(texts.get(name) or ""))
        except ValidationError as error:
            return noted(problems, name, error.error_list[0].code or "") or ""


def names_of(bank: str) -> set[str]:
    """Bank Rakyat Indonesia (BRI) is also BRI and Bank BRI, Bank Jateng also Jateng."""
    whole, _bracket, short = bank.partition("(")
    short = short.strip(" )")
    names = {bank, whole, whole.removeprefix("Bank ")} | ({short, f"Bank {short}"} if short else set())
    return {cells.words_of(name) for name in names}

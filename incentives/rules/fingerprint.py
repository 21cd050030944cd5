"""The number that minutes print: whoever has the same sheets and the same method gets the same one."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from incentives.rules.method import Contestant, Method, Sheet, TieDecision, plain
from incentives.rules.outcome import compute

# Part of what is hashed: to be raised when the form of the text below changes.
FORM = 1


def fingerprint(
    method: Method,
    sheets: Iterable[Sheet],
    contestants: Iterable[Contestant],
    decisions: Iterable[TieDecision] = (),
    outcome: Mapping[str, Any] | None = None,
) -> str:
    """SHA-256, 64 hexadecimal digits; the order of what comes in plays no part.

    `outcome` is what was computed from them, as JSON; without it, it is computed.
    """
    told = canonical(method, tuple(sheets), tuple(contestants), tuple(decisions), outcome)
    written = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def canonical(
    method: Method,
    sheets: tuple[Sheet, ...],
    contestants: tuple[Contestant, ...],
    decisions: tuple[TieDecision, ...],
    outcome: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Inputs and outcome. Of a sheet that was not submitted only its state: a draft may go on changing."""
    if outcome is None:
        outcome = compute(method, sheets, contestants, decisions).as_json()
    return {
        "form": FORM,
        "method": method.as_json(),
        "sheets": [_sheet(one) for one in sorted(sheets, key=lambda one: (one.entry, one.juror))],
        "contestants": [asdict(one) for one in sorted(contestants, key=lambda one: one.entry)],
        "decisions": sorted([list(one.entries), one.by] for one in set(decisions)),
        "outcome": outcome,
    }


def _sheet(sheet: Sheet) -> dict[str, Any]:
    scores = sheet.scores if sheet.state == "submitted" else {}
    return {
        "entry": sheet.entry,
        "juror": sheet.juror,
        "state": sheet.state,
        "scores": {code: plain(score) for code, score in scores.items()},
    }

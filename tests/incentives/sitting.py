"""A jury at work: jurors who came in and declared, and their browsers."""

import json
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from incentives import actions
from incentives.models import Competition, Juror, ScoreSheet
from incentives.views.jury_doors import COOKIE, let_in
from participants.models import hash_pin
from tests import cast
from tests.incentives import made

PIN = "274913"
CODES = tuple(made.WEIGHTS)


def ready(of: Competition, **values: Any) -> Juror:
    """Has a PIN and has declared."""
    juror = made.juror(of, declared_at=timezone.now(), pin_hash="0", joined_at=timezone.now(), **values)
    juror.pin_hash = hash_pin(f"juror:{juror.pk}", PIN)
    juror.save()
    return juror


def sitting(jurors: int = 3, entries: int = 2, **values: Any) -> tuple[Competition, list[Juror]]:
    """A competition with sheets for everybody; the first juror is in the chair."""
    competition = made.competition(**values)
    people = [ready(competition, is_chair=number == 0) for number in range(jurors)]
    for number in range(entries):
        made.entry(competition, position=number + 1)
    actions.assign_sheets(competition=competition, by=cast.program_officer())
    return competition, people


def sheet_of(juror: Juror, place: int = 0) -> ScoreSheet:
    return juror.sheets.filter(entry__is_training=False).order_by("entry__position")[place]


def scores(*values: float | str) -> dict[str, Decimal]:
    return {code: Decimal(str(value)) for code, value in zip(CODES, values, strict=False)}


def given(values: Sequence[float | str] = (80, 80, 80, 80, 80), **more: Any) -> actions.SheetInput:
    defaults: dict[str, Any] = {"scores": scores(*values), "note": "", "revision": 0, "device": ""}
    return actions.SheetInput(**(defaults | more))


def submit(sheet: ScoreSheet, values: Sequence[float | str] = (80, 80, 80, 80, 80), **more: Any) -> ScoreSheet:
    client_id = more.pop("client_id", None) or uuid.uuid4()
    sheet.refresh_from_db()
    told = given(values, **({"revision": sheet.revision} | more))
    return actions.submit_sheet(sheet=sheet, given=told, client_id=client_id)


def browser(juror: Juror) -> Client:
    """A phone that was let in."""
    client, answer = Client(), HttpResponse()
    let_in(answer, juror)
    client.cookies[COOKIE] = answer.cookies[COOKIE].value
    return client


def send(client: Client, sheet: ScoreSheet, values: Mapping[str, Any] | None = None, **more: Any) -> Any:
    body = {
        "scores": values if values is not None else dict.fromkeys(CODES, "80"),
        "note": "",
        "revision": 0,
    } | more
    return client.post(
        f"/juri/lembar/{sheet.pk}/simpan/",
        json.dumps(body),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )

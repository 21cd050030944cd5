"""Where officers named somebody in words about others: the name is taken out, and the rest stays."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from accounts.models import Agency
from jobs.models import ENDED, Job
from participants.models import (
    NO_NAME,
    AttendanceMark,
    Broadcast,
    DoorCase,
    Incident,
    IncidentEvent,
    PersonMerge,
    PersonPair,
    Registration,
    Replacement,
    SheetLine,
    SignedSheet,
)

LETTERS = ("subject_id", "body_id", "subject_en", "body_en")


def forget_mentions(*, agency: Agency, batches: Sequence[int], words: Collection[str]) -> None:
    """In these batches, at the door of every hall of the office, among its pairs, jobs and incidents."""
    known = _Words(words)
    if not known.words:
        return
    hall = Q(session__batch__in=batches)
    marks = known.rows(AttendanceMark.objects.filter(hall), "note")
    AttendanceMark.objects.filter(pk__in=[row.pk for row in marks]).update(note=NO_NAME)
    known.strike(DoorCase.objects.filter(session__batch__program__agency=agency), "written", "note", "settle_note")
    known.strike(SignedSheet.objects.filter(hall), "note")
    known.strike(SheetLine.objects.filter(sheet__session__batch__in=batches), "reason")
    known.strike(Replacement.objects.filter(gone__batch__in=batches), "reason")
    known.strike(Registration.objects.filter(batch__in=batches).defer("nik"), "check_note", "withdraw_reason")
    known.strike(PersonPair.objects.filter(agency=agency), "note")
    known.strike(PersonMerge.objects.filter(agency=agency).defer("aside"), "reason", "decision_note", "undo_note")
    letters = known.strike(Broadcast.objects.filter(batch__in=batches), *LETTERS)
    Broadcast.objects.filter(pk__in=letters).update(revision=F("revision") + 1)
    _strike_incidents(known, agency)
    _strike_jobs(known, agency)


def _strike_incidents(known: "_Words", agency: Agency) -> None:
    """Encrypted, so not searched by PostgreSQL; there are few."""
    known.strike_each(
        Incident.objects.filter(agency=agency), "title", "happening", "effect", "handling", "authority_reference"
    )
    known.strike_each(IncidentEvent.objects.filter(incident__agency=agency, note__isnull=False), "note")


def _strike_jobs(known: "_Words", agency: Agency) -> None:
    """By what an officer looked for when a list was taken out."""
    told = Job.objects.filter(agency=agency, state__in=ENDED).annotate(told=Cast("params", TextField()))
    found = [row.pk for row in known.rows(told, "told")]
    Job.objects.filter(pk__in=found).update(params={})


class _Words:
    """Whole words, whatever their case: who is called Wati stands not in Kurniawati."""

    def __init__(self, words: Collection[str]) -> None:
        self.words = sorted({word for word in words if word.strip()}, key=len, reverse=True)
        parts = "|".join(re.escape(word) for word in self.words)
        self.pattern = re.compile(rf"(?<!\w)(?:{parts})(?!\w)", re.IGNORECASE)

    def rows(self, rows: Any, *fields: str) -> Iterator[Any]:
        wanted = Q(pk__in=[])
        for field in fields:
            for word in self.words:
                wanted |= Q(**{f"{field}__icontains": word})
        for row in rows.filter(wanted).order_by("pk"):
            if any(self.pattern.search(getattr(row, field) or "") for field in fields):
                yield row

    def strike(self, rows: Any, *fields: str) -> list[int]:
        return self._strike(list(self.rows(rows, *fields)), fields)

    def strike_each(self, rows: Any, *fields: str) -> list[int]:
        return self._strike(list(rows.order_by("pk")), fields)

    def _strike(self, rows: Sequence[models.Model], fields: Sequence[str]) -> list[int]:
        changed = []
        for row in rows:
            values = {field: getattr(row, field) for field in fields}
            without = {field: self._without(row, field, text) for field, text in values.items() if text}
            told = {field: text for field, text in without.items() if text != values[field]}
            if told:
                row._meta.default_manager.filter(pk=row.pk).update(**told)  # type: ignore[union-attr]  # each has one
                changed.append(row.pk)
        return changed

    def _without(self, row: models.Model, field: str, text: str) -> str:
        longest = getattr(row._meta.get_field(field), "max_length", None)
        return self.pattern.sub(NO_NAME, text)[:longest]

"""What a juror sees of the own work, and how a juror is found again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from incentives.models import Competition, Conflict, Criterion, Edition, Entry, Juror, Score, ScoreSheet, SheetEvent
from incentives.queries.entries import told_facts
from incentives.queries.jury import for_jury
from kit.crypto import keyed_number

CHECK_DIGITS = 4


def juror_number(juror_id: int) -> str:
    """What a juror types on another device: the key, and digits that nobody can guess from it."""
    return f"{juror_id}-{keyed_number('juror number', str(juror_id), digits=CHECK_DIGITS)}"


def juror_of_number(text: str) -> Juror | None:
    digits = "".join(character for character in text if character.isascii() and character.isdigit())
    if not CHECK_DIGITS < len(digits) < CHECK_DIGITS + 19:
        return None
    pk = int(digits[:-CHECK_DIGITS])
    if not constant_time_compare(juror_number(pk), f"{pk}-{digits[-CHECK_DIGITS:]}"):
        return None
    return serving_juror(pk)


def serving_juror(pk: int) -> Juror | None:
    rows = Juror.objects.serving().select_related("competition__program__agency", "competition__edition")
    return rows.filter(pk=pk).first()


def juror_of_user(user_id: int) -> Juror | None:
    """A colleague with an account who judges: the newest competition that is not locked."""
    rows = Juror.objects.serving().select_related("competition__program__agency", "competition__edition")
    return rows.filter(user=user_id, competition__locked_at__isnull=True).order_by("-pk").first()


def juror_of_link(token_hash: str) -> Juror | None:
    rows = Juror.objects.serving().select_related("competition__program__agency")
    return rows.filter(token_hash=token_hash, token_until__gt=timezone.now()).first()


@dataclass(frozen=True)
class OwnSheet:
    """One line of a juror's list. `now`: this pitch is on the stage."""

    sheet: ScoreSheet
    name: str
    sub: str
    now: bool


def judged(competition: Competition) -> "QuerySet[Entry]":
    """What stands in the order of the day."""
    return Entry.objects.filter(competition=competition, is_training=False).admitted().in_order()


def sheets_of(juror: Juror) -> "QuerySet[ScoreSheet]":
    rows = ScoreSheet.objects.filter(juror=juror, entry__state=Entry.State.ADMITTED).select_related("entry")
    return rows.order_by("-entry__is_training", F("entry__position").asc(nulls_last=True), "entry_id")


def own_sheets(juror: Juror) -> list[OwnSheet]:
    edition = juror.competition.edition
    found = []
    for sheet in sheets_of(juror).defer("entry__content", "entry__check_note", "entry__ended_reason", "note"):
        entry = sheet.entry
        name, sub = entry_names(entry, edition)
        on_stage = entry.pitch_began_at is not None and entry.pitch_ended_at is None
        found.append(OwnSheet(sheet, name, sub, on_stage))
    return found


def entry_names(entry: Entry, edition: Edition | None) -> tuple[str, str]:
    """A blind jury knows an entry by its code alone."""
    if edition is not None and edition.is_blind and not entry.is_training:
        return entry.code, ""
    return str(entry), entry.title if entry.business_name and entry.title != entry.business_name else ""


@dataclass(frozen=True)
class Line:
    """One criterion on a sheet, with the score that is there and how fine it can be set."""

    criterion: Criterion
    value: Decimal | None
    typed: str | None = None

    @property
    def shown(self) -> str:
        """As a field of a form takes it; what was typed and refused comes back as it was."""
        if self.typed is not None:
            return self.typed
        return "" if self.value is None else written(self.value)

    @property
    def weight(self) -> str:
        return written(self.criterion.weight)

    @property
    def low(self) -> str:
        return written(self.criterion.lowest)

    @property
    def high(self) -> str:
        return written(self.criterion.highest)

    @property
    def step(self) -> str:
        return "1" if self.criterion.highest > 10 else "0.5"

    @property
    def slider(self) -> str:
        return self.shown or written((self.criterion.lowest + self.criterion.highest) / 2)


def written(value: Decimal) -> str:
    """80.5, whatever language the page is in."""
    return f"{value.normalize():f}"


def lines_of(sheet: ScoreSheet, edition: Edition, typed: Mapping[str, str] | None = None) -> list[Line]:
    """The criteria in force with the scores that the sheet has under these names."""
    given = dict(Score.objects.filter(sheet=sheet).values_list("criterion__code", "value"))
    return [Line(one, given.get(one.code), (typed or {}).get(one.code)) for one in edition.criteria.all()]


def total_of(lines: Sequence[Line]) -> Decimal | None:
    """Points of 100; nothing while a score is missing."""
    total = Decimal(0)
    for line in lines:
        if line.value is None:
            return None
        total += line.criterion.weight * line.value / line.criterion.highest
    return total


def waits_for_training(juror: Juror) -> ScoreSheet | None:
    """The training sheet that comes before every other one."""
    rows = ScoreSheet.objects.filter(juror=juror, entry__is_training=True).missing()
    return rows.first()


def suggestions_of(juror: Juror) -> "QuerySet[Conflict]":
    return Conflict.objects.filter(juror=juror).exclude(state=Conflict.State.DISMISSED)


def version_of(sheet: ScoreSheet) -> dict[str, Any]:
    """A sheet as a device hears of it."""
    scores = Score.objects.filter(sheet=sheet).values_list("criterion__code", "value")
    return {
        "revision": sheet.revision,
        "state": sheet.state,
        "scores": {code: written(value) for code, value in scores},
        "note": sheet.note or "",
        "saved_at": sheet.saved_at.isoformat() if sheet.saved_at else None,
    }


@dataclass(frozen=True)
class Side:
    """One juror's sheet beside the others' of the same entry."""

    sheet: ScoreSheet
    lines: list[Line]
    total: Decimal | None
    events: list[SheetEvent]


def sheets_side_by_side(entry: Entry) -> list[Side]:
    """For the chair, of submitted sheets; of the others only how they stand."""
    rows = ScoreSheet.objects.filter(entry=entry).select_related("juror").order_by("juror__position", "juror_id")
    corrected = SheetEvent.objects.filter(kind=SheetEvent.Kind.CORRECTED).order_by("pk")
    parts = ("edition__criteria", "scores", Prefetch("events", corrected, to_attr="corrections"))
    found = []
    for sheet in rows.prefetch_related(*parts):
        given = {score.criterion_id: score.value for score in sheet.scores.all()}
        is_told = sheet.state == ScoreSheet.State.SUBMITTED
        lines = [Line(one, given.get(one.pk)) for one in sheet.edition.criteria.all()] if is_told else []
        total = total_of(lines) if lines else None
        found.append(Side(sheet, lines, total, getattr(sheet, "corrections", [])))
    return found


def shown_facts(entry: Entry, edition: Edition) -> list[tuple[str, str]]:
    """What a juror reads of an entry; a blind jury not who it is."""
    shown = for_jury(entry, edition)
    who = [(_("Presented by"), shown.person), (_("Urban village"), shown.place)]
    title = [(_("Pitch"), shown.title)] if edition.is_blind and shown.title else []
    return title + [line for line in who if line[1]] + told_facts(entry, shown.told)

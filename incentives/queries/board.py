"""How far the jury is: without scores for the office, with spread for the chair. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.db.models import BigIntegerField, F, Sum
from django.db.models.functions import Cast, Round

from incentives.models import Competition, Entry, Juror, ScoreSheet
from incentives.queries.own_sheets import entry_names, juror_number
from incentives.rules.scoring import outliers
from kit.crypto import keyed_hash

State = ScoreSheet.State
SUBMITTED = State.SUBMITTED.value
FINE = 10_000
SHOWN = ("competition_id", "code", "title", "business_name", "position", "is_training")
ON_STAGE = ("planned_at", "pitch_began_at", "pitch_ended_at", "absent_at")


class Cell(NamedTuple):
    """`total` in units of FINE; nothing where it is not submitted or not asked for."""

    juror: int
    state: str
    total: int | None


@dataclass
class BoardRow:
    """One entry. `spread` is empty where the chair has not submitted yet, and for everybody else."""

    entry: Entry
    name: str
    done: int = 0
    due: int = 0
    missing: list[str] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    spread: Decimal | None = None
    outlying: list[str] = field(default_factory=list)


@dataclass
class JurorRow:
    juror: Juror
    done: int = 0
    due: int = 0
    out: int = 0

    @property
    def number(self) -> str:
        return juror_number(self.juror.pk)


@dataclass(frozen=True)
class Board:
    rows: list[BoardRow]
    jurors: list[JurorRow]
    done: int
    due: int
    training: list[tuple[str, Decimal]]


def board_of(competition: Competition, *, chair: Juror | None = None) -> Board:
    """With `chair` totals are read too; of an entry that the chair has yet to submit none is told."""
    entries = list(Entry.objects.filter(competition=competition).admitted().in_order().only(*SHOWN))
    jurors = {one.pk: JurorRow(one) for one in Juror.objects.filter(competition=competition)}
    cells = _cells(competition, with_totals=chair is not None)
    edition = competition.edition
    gap = Fraction(edition.outlier_gap) if edition is not None else Fraction(15)
    rows, training = [], []
    for entry in entries:
        name, _sub = entry_names(entry, edition)
        row = BoardRow(entry, name)
        seen = _weigh(row, cells[entry.pk], jurors, chair, gap)
        if not entry.is_training:
            rows.append(row)
        elif seen:
            told = [(jurors[cell.juror].juror.name, cell.total) for cell in cells[entry.pk]]
            training = [(name, Decimal(total) / FINE) for name, total in told if total is not None]
    counted = [one for one in jurors.values() if one.juror.withdrawn_at is None or one.due or one.out]
    return Board(rows, counted, sum(row.done for row in rows), sum(row.due for row in rows), training)


def _cells(competition: Competition, *, with_totals: bool) -> dict[int, list[Cell]]:
    sheets = ScoreSheet.objects.filter(competition=competition).order_by("juror__position", "juror_id")
    names = ["entry_id", "juror_id", "state"]
    if with_totals:
        points = F("scores__value") * F("scores__criterion__weight") / F("scores__criterion__highest")
        fine = Cast(Round(Sum(points) * FINE), BigIntegerField())
        sheets, names = sheets.annotate(total=fine), [*names, "total"]
    found: dict[int, list[Cell]] = defaultdict(list)
    for entry, juror, state, *total in sheets.values_list(*names):
        found[entry].append(Cell(juror, state, total[0] if total and state == State.SUBMITTED else None))
    return found


def _weigh(
    row: BoardRow, cells: Iterable[Cell], jurors: dict[int, JurorRow], chair: Juror | None, gap: Fraction
) -> bool:
    """Counts the cells into the row and the jurors; whether the chair may see the totals of the row."""
    totals: dict[int, int] = {}
    counts = not row.entry.is_training
    may_see = chair is not None
    for juror, state, total in cells:
        of = jurors[juror]
        if state in ScoreSheet.OUT:
            row.out.append(of.juror.name)
            of.out += counts
            continue
        row.due += 1
        of.due += counts
        if state == SUBMITTED:
            row.done += 1
            of.done += counts
            if total is not None:
                totals[juror] = total
        else:
            row.missing.append(of.juror.name)
            may_see = may_see and (chair is None or juror != chair.pk)
    if may_see and len(totals) > 1:
        spread = max(totals.values()) - min(totals.values())
        row.spread = Decimal(spread) / FINE
        # Nobody is further from the others than the highest from the lowest.
        if spread > gap * FINE:
            row.outlying = [jurors[juror].juror.name for juror in outliers(totals, gap * FINE)]
    return may_see


@dataclass(frozen=True)
class Stage:
    """The run of show: who is on, who is next, who waits, who is through, who did not come."""

    now: Entry | None
    waiting: list[Entry]
    held: list[Entry]
    absent: list[Entry]

    @property
    def next(self) -> Entry | None:
        return self.waiting[0] if self.waiting else None

    @property
    def number(self) -> int:
        return len(self.waiting) + len(self.held) + len(self.absent) + (self.now is not None)


def stage_of(competition: Competition) -> Stage:
    rows = Entry.objects.filter(competition=competition, is_training=False).admitted().in_order()
    entries = list(rows.only(*SHOWN, *ON_STAGE))
    now = next((one for one in entries if one.pitch_began_at and not one.pitch_ended_at), None)
    return Stage(
        now,
        [one for one in entries if not one.pitch_began_at and not one.absent_at],
        [one for one in entries if one.pitch_ended_at],
        [one for one in entries if one.absent_at],
    )


def sheet_counts(competition: Competition) -> tuple[int, int]:
    """Submitted, and due: of entries in the running that are not there to train."""
    sheets = ScoreSheet.objects.filter(competition=competition, entry__is_training=False, entry__state="admitted")
    states = list(sheets.exclude(state__in=ScoreSheet.OUT).values_list("state", flat=True))
    return sum(state == State.SUBMITTED for state in states), len(states)


def wall_key(competition_id: int) -> str:
    """What the address of the big screen ends in; nobody guesses it from another one."""
    return keyed_hash("jury wall", str(competition_id))[:24]

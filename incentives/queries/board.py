"""How far the jury is: without scores for the office, with spread for the chair. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.db.models import F, Sum

from incentives.models import Competition, Entry, Juror, ScoreSheet
from incentives.queries.own_sheets import entry_names, juror_number
from incentives.rules.scoring import outliers
from kit.crypto import keyed_hash

State = ScoreSheet.State
FINE = 10_000


@dataclass(frozen=True)
class Cell:
    juror: int
    state: str
    total: Decimal | None = None


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

    @property
    def is_complete(self) -> bool:
        return self.due > 0 and self.done == self.due


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

    @property
    def percent(self) -> int:
        return self.done * 100 // self.due if self.due else 0


def board_of(competition: Competition, *, chair: Juror | None = None) -> Board:
    """With `chair` totals are read too; of an entry that the chair has yet to submit none is told."""
    entries = list(Entry.objects.filter(competition=competition).admitted().in_order().defer("content"))
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
            totals = [(str(jurors[cell.juror].juror), cell.total) for cell in cells[entry.pk]]
            training = [(juror, total) for juror, total in totals if total is not None]
    counted = [one for one in jurors.values() if one.juror.withdrawn_at is None or one.due or one.out]
    return Board(rows, counted, sum(row.done for row in rows), sum(row.due for row in rows), training)


def _cells(competition: Competition, *, with_totals: bool) -> dict[int, list[Cell]]:
    sheets = ScoreSheet.objects.filter(competition=competition).order_by("juror__position", "juror_id")
    names = ["entry_id", "juror_id", "state"]
    if with_totals:
        points = F("scores__value") * F("scores__criterion__weight") / F("scores__criterion__highest")
        sheets, names = sheets.annotate(total=Sum(points)), [*names, "total"]
    found: dict[int, list[Cell]] = defaultdict(list)
    for entry, juror, state, *total in sheets.values_list(*names):
        found[entry].append(Cell(juror, state, total[0] if total and state == State.SUBMITTED else None))
    return found


def _weigh(
    row: BoardRow, cells: Iterable[Cell], jurors: dict[int, JurorRow], chair: Juror | None, gap: Fraction
) -> bool:
    """Counts the cells into the row and the jurors; whether the chair may see the totals of the row."""
    totals: dict[int, int] = {}
    may_see = chair is not None
    for cell in cells:
        of = jurors[cell.juror]
        if cell.state in {State.RECUSED, State.ABSTAINED}:
            row.out.append(str(of.juror))
            of.out += not row.entry.is_training
            continue
        row.due += 1
        of.due += not row.entry.is_training
        if cell.state == State.SUBMITTED:
            row.done += 1
            of.done += not row.entry.is_training
        else:
            row.missing.append(str(of.juror))
            may_see = may_see and (chair is None or cell.juror != chair.pk)
        if cell.total is not None:
            totals[cell.juror] = round(cell.total * FINE)
    if may_see and len(totals) > 1:
        row.spread = Decimal(max(totals.values()) - min(totals.values())) / FINE
        row.outlying = [str(jurors[juror].juror) for juror in outliers(totals, gap * FINE)]
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
    rows = Entry.objects.filter(competition=competition, is_training=False).admitted().in_order().defer("content")
    entries = list(rows)
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
    states = list(sheets.exclude(state__in=[State.RECUSED, State.ABSTAINED]).values_list("state", flat=True))
    return sum(state == State.SUBMITTED for state in states), len(states)


def wall_key(competition_id: int) -> str:
    """What the address of the big screen ends in; nobody guesses it from another one."""
    return keyed_hash("jury wall", str(competition_id))[:24]

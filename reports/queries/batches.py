"""What each batch has of the papers that its accountability file needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from documents.kinds import PaperKind, paper_kinds
from documents.models import Document, Status
from participants.models import SignedSheet
from programs.models import Batch, Program, Session, SessionQuerySet
from reports.rules import Light, Tally

SHOWN = 3
SCOPES = ("program", "batch")


@dataclass
class Line:
    """One kind of paper of one batch; `documents` are a few of those in force, `obstacle` says what is in the way."""

    kind: PaperKind
    tally: Tally
    documents: list[Document] = field(default_factory=list)
    obstacle: str = ""

    @property
    def light(self) -> Light:
        return self.tally.light

    @property
    def others(self) -> int:
        return max(self.tally.issued - len(self.documents), 0)


@dataclass(frozen=True)
class Settled:
    """Of the sessions of a batch that are over: of how many the attendance is settled."""

    over: int = 0
    settled: int = 0

    @property
    def is_complete(self) -> bool:
        return self.settled == self.over


@dataclass
class Board:
    batch: Batch
    lines: list[Line]
    attendance: Settled = Settled()

    @property
    def wanted(self) -> list[Line]:
        return [line for line in self.lines if line.kind.needed]

    @property
    def complete(self) -> int:
        return sum(line.light == Light.GREEN for line in self.wanted)

    @property
    def total(self) -> int:
        return len(self.wanted)

    @property
    def is_complete(self) -> bool:
        return self.complete == self.total

    @property
    def red(self) -> list[Line]:
        return [line for line in self.wanted if line.light != Light.GREEN]


def kinds_of_boards() -> list[PaperKind]:
    """Those of the whole programme first, then those of the batch."""
    return [kind for scope in SCOPES for kind in paper_kinds().values() if kind.scope == scope]


def scope_of(kind: PaperKind, batch: Batch) -> str:
    return f"{kind.scope}:{batch.program_id if kind.scope == 'program' else batch.pk}"


def boards(batches: Sequence[Batch]) -> list[Board]:
    """The boards of these batches, by the same few queries however many they are."""
    kinds, keys = kinds_of_boards(), [batch.pk for batch in batches]
    needed = {kind.code: dict(kind.counts(keys)) for kind in kinds if kind.counts is not None}
    scopes = {scope_of(kind, batch) for kind in kinds for batch in batches}
    counted = (
        Document.objects.in_force()
        .filter(scope__in=scopes)
        .order_by()
        .values("scope", "kind")
        .annotate(issued=Count("pk"), ready=Count("file"), signed=Count("pk", filter=Q(status=Status.SIGNED)))
    )
    found = {(row["scope"], row["kind"]): (row["issued"], row["ready"], row["signed"]) for row in counted}
    settled = attendance_of(keys)
    return [
        Board(batch, [Line(kind, _tally(kind, batch, needed, found)) for kind in kinds], settled[batch.pk])
        for batch in batches
    ]


def past_sessions(batches: Sequence[int]) -> SessionQuerySet:
    """Those that took place, with `is_settled`: whether somebody settled the signed sheet."""
    over = Session.objects.planned().filter(batch__in=batches, during__endswith__lt=timezone.now())
    sheet = SignedSheet.objects.settled().filter(session=OuterRef("pk"))
    return over.annotate(is_settled=Exists(sheet))


def attendance_of(batches: Sequence[int]) -> dict[int, Settled]:
    """By one query however many batches."""
    by_batch = past_sessions(batches).order_by().values("batch")
    rows = by_batch.annotate(over=Count("pk"), settled=Count("pk", filter=Q(is_settled=True)))
    found = {row["batch"]: Settled(row["over"], row["settled"]) for row in rows}
    return {key: found.get(key, Settled()) for key in batches}


def _tally(
    kind: PaperKind,
    batch: Batch,
    needed: dict[str, dict[int, int]],
    found: dict[tuple[str, str], tuple[int, int, int]],
) -> Tally:
    wanted = needed[kind.code].get(batch.pk, 0) if kind.code in needed else 1
    return Tally(wanted, *found.get((scope_of(kind, batch), kind.code), (0, 0, 0)))


def board_in_full(batch: Batch) -> Board:
    """With the papers themselves, and for what is missing the sentence that says what stands in the way."""
    [board] = boards([batch])
    scopes = {scope_of(line.kind, batch) for line in board.lines}
    by_kind: dict[str, list[Document]] = {}
    for document in Document.objects.in_force().filter(scope__in=scopes).listed().order_by("label", "pk"):
        by_kind.setdefault(document.kind, []).append(document)
    for line in board.lines:
        line.documents = by_kind.get(line.kind.code, [])[:SHOWN]
        if line.light != Light.GREEN:
            line.obstacle = obstacle(line.kind, batch.program if line.kind.scope == "program" else batch)
    return board


def obstacle(kind: PaperKind, scope: Any) -> str:
    """Tries to build the first paper about it, as issuing would; nothing is written."""
    try:
        kind.build(list(kind.subjects(scope))[:1])
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


@dataclass(frozen=True)
class Summary:
    """A programme in figures: how many of its batches are complete, how many papers there are and are missing."""

    batches: int
    complete: int
    issued: int
    missing: int


def program_summary(program: Program, user: User) -> Summary:
    batches = Batch.objects.visible_to(user, Permission.VIEW_DOCUMENTS).filter(program=program)
    found = boards(list(batches.exclude(state=Batch.State.CANCELLED).with_office()))
    own = [line for board in found for line in board.wanted if line.kind.scope != "program"]
    shared = [line for line in found[0].wanted if line.kind.scope == "program"] if found else []
    lines = [*own, *shared]
    return Summary(
        batches=len(found),
        complete=sum(board.is_complete for board in found),
        issued=sum(line.tally.issued for line in lines),
        missing=sum(line.tally.missing for line in lines),
    )

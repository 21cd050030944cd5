"""The file of a competition, part by part: from its declaration to what proves that the money went."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgets.models import Payment
from documents.kinds import PaperKind, kinds_of_scope
from documents.models import Document, Status
from incentives.models import MINUTES, Competition, SeenCopy, kinds_before_the_result
from reports.queries.batches import SHOWN, obstacle
from reports.queries.facts import Facts, facts_of
from reports.rules import Light, Tally

ANNOUNCEMENT, DECREE = "winner_announcement", "winners_decree"


class Part(TextChoices):
    """What the file holds beside papers."""

    DECLARATION = "declaration", gettext_lazy("Declaration of the method")
    ADMISSION = "admission", gettext_lazy("Check of the pitches")
    RESULT = "result", gettext_lazy("Locked result")
    SIGNATURES = "signatures", gettext_lazy("Signatures of all jurors on the minutes")
    OBJECTIONS = "objections", gettext_lazy("Objections answered")
    IDENTITY_CARD = "identity_card", gettext_lazy("Identity card seen")
    BANK_BOOK = "bank_book", gettext_lazy("Bank book seen")
    PAYMENTS = "payments", gettext_lazy("Payments")
    PROOFS = "proofs", gettext_lazy("Proofs of transfers")


# Where each gap is closed: the page, and what stands behind the question mark.
PLACES = {
    Part.DECLARATION: ("incentives:competition_detail", ""),
    Part.ADMISSION: ("incentives:entry_list", ""),
    Part.RESULT: ("incentives:result_detail", ""),
    Part.OBJECTIONS: ("incentives:award_list", ""),
    Part.IDENTITY_CARD: ("incentives:award_copies", ""),
    Part.BANK_BOOK: ("incentives:award_copies", ""),
    Part.PAYMENTS: ("incentives:award_list", ""),
    Part.PROOFS: ("budgets:proof_list", "bundle={reference}"),
}


@dataclass
class FileLine:
    """A part or a kind of paper. `note` says how far it is, `url` leads to where it is closed."""

    title: Any
    tally: Tally
    code: str
    kind: PaperKind | None = None
    note: str = ""
    url: str = ""
    documents: list[Document] = field(default_factory=list)
    obstacle: str = ""

    @property
    def light(self) -> Light:
        return self.tally.light

    @property
    def others(self) -> int:
        return max(self.tally.issued - len(self.documents), 0)

    @property
    def is_needed(self) -> bool:
        return self.kind is None or self.kind.needed


@dataclass
class CompetitionBoard:
    facts: Facts
    lines: list[FileLine]

    @property
    def competition(self) -> Competition:
        return self.facts.competition

    @property
    def wanted(self) -> list[FileLine]:
        return [line for line in self.lines if line.is_needed]

    @property
    def complete(self) -> int:
        return sum(line.light == Light.GREEN for line in self.wanted)

    @property
    def total(self) -> int:
        return len(self.wanted)

    @property
    def red(self) -> list[FileLine]:
        return [line for line in self.wanted if line.light == Light.RED]

    @property
    def is_complete(self) -> bool:
        return self.complete == self.total

    @property
    def light(self) -> Light:
        """Grey as long as nothing is missing, and not everything is due."""
        if self.red:
            return Light.RED
        return Light.GREEN if self.is_complete else Light.GREY


def competition_boards(competitions: Sequence[Competition]) -> list[CompetitionBoard]:
    """By the same queries however many they are; each comes with its programme, its office and its method."""
    return [CompetitionBoard(facts, list(_lines(facts))) for facts in facts_of(competitions)]


def _lines(facts: Facts) -> Iterable[FileLine]:
    """In the order in which an office comes to them."""
    kinds = kinds_of_scope("competition")
    early = kinds_before_the_result()
    yield _part(facts, Part.DECLARATION)
    yield from (_paper(facts, kind) for kind in kinds if kind.code in early)
    yield _part(facts, Part.ADMISSION)
    yield _part(facts, Part.RESULT)
    for kind in kinds:
        if kind.code in early:
            continue
        if kind.code == DECREE:
            yield _part(facts, Part.OBJECTIONS)
        yield _paper(facts, kind)
        if kind.code == MINUTES:
            yield _part(facts, Part.SIGNATURES)
    yield from (_part(facts, part) for part in (Part.IDENTITY_CARD, Part.BANK_BOOK, Part.PAYMENTS, Part.PROOFS))


def _part(facts: Facts, part: Part) -> FileLine:
    line = FileLine(part.label, _tally_of(facts, part), part.value, note=_note(facts, part))
    if part in PLACES:
        name, query = PLACES[part]
        path = reverse(name, args=[] if query else [facts.competition.pk])
        line.url = f"{path}?{query.format(reference=facts.competition.reference)}" if query else path
    return line


def _tally_of(facts: Facts, part: Part) -> Tally:
    """What is not due yet needs nothing: it is grey, and never red before its time."""
    of, now, awards = facts.competition, timezone.now(), len(facts.awards)
    is_locked, has_decree = facts.locked_at is not None, bool(facts.papers.get(DECREE))
    match part:
        case Part.DECLARATION:
            return Tally(int(of.opens_at <= now), int(of.state in {"declared", "finished"}))
        case Part.ADMISSION:
            due = of.first_score_at is not None
            waiting = facts.entries["waiting"]
            return Tally(facts.entries["decided"] + waiting, facts.entries["decided"]) if due else Tally(0)
        case Part.RESULT:
            return Tally(int(of.first_score_at is not None and _is_past(of)), int(is_locked))
        case Part.SIGNATURES:
            return Tally(int(is_locked), int(facts.is_signed_by_jurors))
        case Part.OBJECTIONS:
            over = facts.is_period_over or bool(facts.objections["open"])
            return Tally(int(over), int(facts.is_decree_due))
        case Part.PAYMENTS:
            return Tally(awards if has_decree else 0, len(facts.paid))
        case Part.PROOFS:
            return Tally(facts.transferred, facts.proven)
        case Part.IDENTITY_CARD:
            return Tally(awards if has_decree else 0, facts.seen.get(SeenCopy.Kind.IDENTITY_CARD, 0))
        case _:
            books = max(awards - facts.in_cash, 0)
            return Tally(books if has_decree else 0, facts.seen.get(SeenCopy.Kind.BANK_BOOK, 0))


def _is_past(competition: Competition) -> bool:
    return competition.held_on is None or competition.held_on < competition.program.agency.today()


def _note(facts: Facts, part: Part) -> str:
    match part:
        case Part.ADMISSION:
            told = {"admitted": facts.entries["admitted"], "waiting": facts.entries["waiting"]}
            return _("%(admitted)d admitted, %(waiting)d wait for the check") % told
        case Part.OBJECTIONS if facts.locked_at is not None:
            told = facts.objections
            if not facts.is_period_over:
                return _("The time for objections runs.")
            sentence = ngettext(
                "%(total)d objection, %(open)d open", "%(total)d objections, %(open)d open", told["total"]
            )
            return sentence % told
        case Part.PAYMENTS if facts.awards:
            return _paid(facts)
    return ""


def _paid(facts: Facts) -> str:
    """Each state once, with how many: 4 paid, 1 approved, 1 not proposed."""
    counts = Counter(str(Payment.State(payment.state).label).lower() for payment in facts.payments)
    if missing := len(facts.awards) - len(facts.payments):
        counts[_("not proposed")] = missing
    return ", ".join(f"{count} {state}" for state, count in counts.items())


def _paper(facts: Facts, kind: PaperKind) -> FileLine:
    papers = facts.papers.get(kind.code, [])
    tally = Tally(
        _needed(facts, kind),
        len(papers),
        sum(paper.file_id is not None for paper in papers),
        sum(paper.status == Status.SIGNED for paper in papers),
    )
    line = FileLine(kind.title, tally, kind.code, kind)
    if old := facts.old.get(kind.code):
        sentence = ngettext(
            "%(count)d paper is of an earlier result.", "%(count)d papers are of an earlier result.", old
        )
        line.note = sentence % {"count": old}
    return line


def _needed(facts: Facts, kind: PaperKind) -> int:
    """How many are due now: first the papers of the result, then the decree, then what follows it."""
    if kind.code in kinds_before_the_result():
        return int(facts.competition.state in {"declared", "finished"})
    if kind.code in {MINUTES, ANNOUNCEMENT}:
        return int(facts.locked_at is not None)
    if kind.code == DECREE:
        return int(facts.is_decree_due)
    if not facts.papers.get(DECREE):
        return 0
    return 1 if kind.counts is None else facts.needed.get(kind.code, 0)


def competition_in_full(competition: Competition) -> CompetitionBoard:
    """With the papers themselves, and for what is missing the sentence that says what stands in the way."""
    [board] = competition_boards([competition])
    by_kind: dict[str, list[Document]] = {}
    for document in Document.objects.in_force().about(competition.reference).listed().order_by("label", "pk"):
        by_kind.setdefault(document.kind, []).append(document)
    for line in board.lines:
        if line.code == Part.SIGNATURES and by_kind.get(MINUTES):
            line.url = by_kind[MINUTES][0].get_absolute_url()
        if line.kind is None:
            continue
        line.documents = by_kind.get(line.code, [])[:SHOWN]
        if line.light != Light.GREEN:
            line.obstacle = obstacle(line.kind, competition)
    return board


def kinds_to_make(board: CompetitionBoard) -> list[PaperKind]:
    """What one press makes: all that is due, and after the decree of the same press what follows it."""
    return [
        line.kind
        for line in board.lines
        if line.kind
        and line.is_needed
        and line.light != Light.GREEN
        and (line.light == Light.RED or board.facts.is_decree_due)
    ]

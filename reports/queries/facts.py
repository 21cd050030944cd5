"""What the file of competitions rests on, read for many of them by the same few queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils import timezone

from budgets.models import DROPPED, Payment, ProvenPayment
from documents.kinds import kinds_of_scope
from documents.models import Method, Signature, Status
from incentives.models import MINUTES, Award, Competition, Entry, Objection, Result, SeenCopy, papers_of_files
from incentives.rules.objections import LONGEST_PERIOD, last_day
from programs.models import Holiday

WAITING = (Entry.State.SUBMITTED, Entry.State.NEEDS_FIX)


class Paper(NamedTuple):
    scope: str
    kind: str
    file_id: int | None
    status: str
    counts: bool


@dataclass
class Facts:
    """Of one competition. Papers of an earlier result and of awards that ended are not counted, but told (`old`)."""

    competition: Competition
    locked_at: datetime | None = None
    is_period_over: bool = False
    entries: dict[str, int] = field(default_factory=lambda: {"admitted": 0, "waiting": 0, "decided": 0})
    objections: dict[str, int] = field(default_factory=lambda: {"total": 0, "open": 0})
    awards: list[Award] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    proven: int = 0
    papers: dict[str, list[Paper]] = field(default_factory=dict)
    old: dict[str, int] = field(default_factory=dict)
    needed: dict[str, int] = field(default_factory=dict)
    is_signed_by_jurors: bool = False

    @property
    def payments(self) -> list[Payment]:
        """What was rejected or taken back is no payment any more."""
        return [one.payment for one in self.awards if one.payment is not None and one.payment.state not in DROPPED]

    @property
    def paid(self) -> list[Payment]:
        return [payment for payment in self.payments if payment.state == Payment.State.PAID]

    @property
    def transferred(self) -> int:
        return sum(payment.method == Payment.Method.TRANSFER for payment in self.paid)

    @property
    def in_cash(self) -> int:
        return len(self.paid) - self.transferred

    @property
    def is_decree_due(self) -> bool:
        return self.locked_at is not None and self.is_period_over and not self.objections["open"]


def facts_of(competitions: Sequence[Competition]) -> list[Facts]:
    found = {one.pk: Facts(one) for one in competitions}
    _results(found)
    _entries(found)
    _awards(found)
    _papers(found)
    return list(found.values())


def _results(found: dict[int, Facts]) -> None:
    rows = Result.objects.in_force().filter(competition__in=found, competition__locked_at__isnull=False)
    results = list(rows.values_list("competition_id", "locked_at", "edition__objection_days"))
    holidays = _holidays(found, [locked_at for _key, locked_at, _days in results])
    for key, locked_at, days in results:
        facts, agency = found[key], found[key].competition.program.agency
        until = last_day(locked_at.astimezone(agency.zone).date(), days, holidays[agency.pk])
        facts.locked_at, facts.is_period_over = locked_at, not days or agency.today() > until
    counted = Objection.objects.filter(competition__in=found).order_by().values("competition")
    waiting = Q(state=Objection.State.OPEN)
    for row in counted.annotate(total=Count("pk"), open=Count("pk", filter=waiting)):
        found[row["competition"]].objections = {"total": row["total"], "open": row["open"]}


def _holidays(found: dict[int, Facts], moments: Sequence[datetime]) -> dict[int, set[Any]]:
    days: dict[int, set[Any]] = defaultdict(set)
    first, last = min(moments, default=timezone.now()), max(moments, default=timezone.now())
    agencies = {facts.competition.program.agency_id for facts in found.values()}
    rows = Holiday.objects.filter(agency__in=agencies).observed()
    rows = rows.between(first.date() - timedelta(days=1), last.date() + LONGEST_PERIOD)
    for agency, day in rows.values_list("agency_id", "day"):
        days[agency].add(day)
    return days


def _entries(found: dict[int, Facts]) -> None:
    rows = Entry.objects.real().filter(competition__in=found).order_by().values("competition")
    sent = ~Q(state=Entry.State.DRAFT)
    counted = rows.annotate(
        admitted=Count("pk", filter=Q(state=Entry.State.ADMITTED)),
        waiting=Count("pk", filter=Q(state__in=WAITING)),
        decided=Count("pk", filter=sent & ~Q(state__in=WAITING)),
    )
    for row in counted:
        counts = {"admitted": row["admitted"], "waiting": row["waiting"], "decided": row["decided"]}
        found[row["competition"]].entries = counts


def _awards(found: dict[int, Facts]) -> None:
    rows = list(Award.objects.standing().filter(competition__in=found).select_related("payment"))
    for award in rows:
        found[award.competition_id].awards.append(award)
    by_key = {award.pk: award for award in rows}
    for copy in SeenCopy.objects.filter(award__in=by_key):
        award = by_key[copy.award_id]
        payment = award.payment if award.payment and award.payment.state not in DROPPED else None
        if copy.kind == SeenCopy.Kind.BANK_BOOK and payment is not None and payment.account_id != copy.account_id:
            continue
        seen = found[award.competition_id].seen
        seen[copy.kind] = seen.get(copy.kind, 0) + 1
    owners = {award.payment_id: award.competition_id for award in rows if award.payment_id}
    proven = ProvenPayment.objects.standing().filter(payment__in=owners).order_by()
    for key in proven.values_list("payment_id", flat=True).distinct():
        found[owners[key]].proven += 1


def _papers(found: dict[int, Facts]) -> None:
    scopes = {facts.competition.reference: facts for facts in found.values()}
    rows = papers_of_files(facts.competition for facts in found.values()).order_by("pk")
    for paper in map(Paper._make, rows.values_list(*Paper._fields)):
        facts = scopes[paper.scope]
        if paper.counts:
            facts.papers.setdefault(paper.kind, []).append(paper)
        else:
            facts.old[paper.kind] = facts.old.get(paper.kind, 0) + 1
    for kind in kinds_of_scope("competition"):
        if kind.counts is not None:
            for key, count in kind.counts(list(found)).items():
                found[key].needed[kind.code] = count
    # Jurors have no account: all of them sign the sheet by hand, and the scan shows it.
    scans = Signature.objects.standing().filter(method=Method.WET, document__status=Status.SIGNED)
    scans = scans.filter(document__kind=MINUTES, document__scope__in=scopes)
    for scope in scans.values_list("document__scope", flat=True):
        scopes[scope].is_signed_by_jurors = bool(scopes[scope].papers.get(MINUTES))

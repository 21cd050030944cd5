"""What a selection looks at, and what it showed afterwards."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils import timezone

from participants.models import CheckState, Registration, Seat, Selection, SelectionRow
from programs.models import Batch, BatchQuerySet, Program, SelectionTerms
from programs.rules import (
    Applicant,
    Capacity,
    Contender,
    Terms,
    age_on,
    capacities,
    groups_of,
    next_in_line,
    points_of,
    share_out,
)

FACTS = ("pk", "region_id", "sex", "target_group", "business_kind", "education_level", "birth_date", "person_id")
FINISHED = Q(batch__state=Batch.State.FINISHED, seat=Seat.HELD)


def terms_of(batch: Batch) -> SelectionTerms | None:
    """What was declared for the batch; None under first come, and before it is published."""
    return SelectionTerms.objects.filter(batch=batch.pk).defer("seed").first()


def contenders_of(batch: Batch, terms: Terms, entries: QuerySet[Registration]) -> list[Contender]:
    """These entries with their points and groups, as they are now."""
    day = batch.first_day(timezone.now())
    rows = list(entries.values_list(*FACTS))
    known = (
        _trained_before(batch, [row[-1] for row in rows])
        if any(r.criterion == "first_time" for r in terms.points)
        else set()
    )
    found = []
    for pk, region, sex, group, kind, education, born, person in rows:
        applicant = Applicant(
            number=pk,
            region=region,
            sex=sex,
            target_group=group,
            business_kind=kind,
            education=education,
            age=age_on(born, day),
            first_time=person not in known,
        )
        found.append(Contender(pk, points_of(terms, applicant), groups_of(terms, applicant)))
    return found


def _trained_before(batch: Batch, persons: Iterable[int | None]) -> set[int | None]:
    """Who of these had a seat in a training of the same office that is over."""
    agency = batch.program.agency_id
    held = Registration.objects.filter(FINISHED, batch__program__agency=agency, person__in=[p for p in persons if p])
    return set(held.values_list("person_id", flat=True))


def capacity_of(batch: Batch, terms: Terms, contenders: Iterable[Contender]) -> Capacity:
    groups = (group for one in contenders for group in one.groups)
    return Capacity(batch.quota, batch.waiting_quota, capacities(terms, groups))


def next_to_be_offered(batch: Batch, line: QuerySet[Registration], free: int) -> list[int]:
    """Of this line, in order, who gets the seats that became free; limits of a selection hold on."""
    declared = terms_of(batch) if batch.selected_at is not None else None
    if declared is None or not declared.terms.limits:
        return list(line.values_list("pk", flat=True)[:free])
    terms = declared.terms
    waiting = contenders_of(batch, terms, line)
    seated = contenders_of(batch, terms, batch.registrations.filter(seat__in=[Seat.HELD, Seat.OFFERED]))
    limits = capacities(terms, [group for one in (*waiting, *seated) for group in one.groups])
    chosen = set(next_in_line(waiting, [one.groups for one in seated], limits, free))
    return [one.number for one in waiting if one.number in chosen]


@dataclass(frozen=True)
class Gathered:
    """How the entries of a batch stand before the result: who takes part, and who does not as it is now."""

    registered: int = 0
    verified: int = 0
    pending: int = 0
    doubtful: int = 0
    rejected: int = 0
    withdrawn: int = 0

    @property
    def left_out(self) -> int:
        return self.pending


def gathered(batch: Batch) -> Gathered:
    applied = Q(seat=Seat.APPLIED)
    verified = Q(check_state=CheckState.VERIFIED)
    rejected = Q(check_state=CheckState.REJECTED)
    counts = Registration.objects.filter(batch=batch.pk).aggregate(
        registered=Count("pk"),
        verified=Count("pk", filter=applied & verified),
        pending=Count("pk", filter=applied & ~verified),
        doubtful=Count("pk", filter=applied & Q(person__isnull=True)),
        rejected=Count("pk", filter=~applied & rejected),
        withdrawn=Count("pk", filter=~applied & ~rejected),
    )
    return Gathered(**counts)


def fingerprint(batch: Batch) -> str:
    """Changes with whoever takes part: what an officer saw is what is frozen, or the officer looks again."""
    taking_part = Registration.objects.filter(batch=batch.pk, seat=Seat.APPLIED).order_by("pk")
    rows = taking_part.values_list("pk", "check_state")
    told = ",".join(f"{pk}{state[0]}" for pk, state in rows)
    return hashlib.sha256(f"{batch.quota}/{batch.waiting_quota}/{told}".encode()).hexdigest()[:32]


HEAD = ("nomor", "ikut", "poin", "kelompok", "urutan", "hasil", "alasan")


def public_list(facts: Selection, rows: Sequence[Any]) -> str:
    """The list that anybody can recompute: numbers, points, and groups under letters that name nobody.

    `rows` have registration_id, rank, points, groups, outcome and reason.
    """
    groups = sorted({group for row in rows for group in row.groups})
    letters = {group: f"k{number}" for number, group in enumerate(groups, start=1)}
    limits = capacities(facts.terms, groups)
    out = io.StringIO()
    settings = {"cara": facts.method, "kursi": facts.seats, "cadangan": facts.waiting_places, "benih": facts.seed}
    settings |= {"sidik_benih": facts.seed_hash, "kata_saksi": facts.witness_words}
    for name, value in settings.items():
        out.write(f"# {name}={value}\n")
    for group, (seats, yields) in limits.items():
        out.write(f"# batas {letters[group]}={seats}{' lentur' if yields else ''}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for row in sorted(rows, key=lambda row: row.registration_id):
        takes_part = row.rank is not None
        joined = " ".join(letters[group] for group in row.groups)
        line = (row.registration_id, int(takes_part), row.points, joined, row.rank or "", row.outcome, row.reason)
        writer.writerow(line if takes_part else (row.registration_id, 0, "", "", "", "out", ""))
    return out.getvalue()


def stored_list(selection: Selection) -> str:
    """The same list again, from what was frozen."""
    fields = ("registration_id", "rank", "points", "groups", "outcome", "reason")
    return public_list(selection, list(SelectionRow.objects.filter(selection=selection).only(*fields)))


def result_of(registration: Registration) -> SelectionRow | None:
    """What the selection of its batch decided about this entry; asked only where there is a result."""
    if registration.batch.selected_at is None:
        return None
    rows = SelectionRow.objects.filter(registration=registration.pk, selection__batch=registration.batch_id)
    return rows.select_related("selection").first()


def batches_that_select(batches: BatchQuerySet) -> BatchQuerySet:
    """Of these, the batches whose seats follow a result."""
    return batches.exclude(selection_method=Program.SelectionMethod.FIRST_COME)


BY_SELECTION = ("step", "moment", "pk")


def with_selection_order(batches: BatchQuerySet) -> BatchQuerySet:
    """For the order of BY_SELECTION: what waits for a result first, by the beginning of its sessions."""
    waits = When(state__in=[Batch.State.PLANNED, Batch.State.PUBLISHED], selected_at__isnull=True, then=0)
    return batches.with_moment().annotate(step=Case(waits, default=1))


@dataclass(frozen=True)
class Unused:
    """The batches of a programme as sharing out looks at them: seats nobody wants, and people who wait."""

    batches: dict[str, Batch]
    free: dict[str, int]
    waiting: dict[str, tuple[int, int]]


def unused_seats(program: Program) -> Unused:
    """Only of batches that take nobody any more and have not begun; each keeps at least one seat."""
    now = timezone.now()
    settled = program.batches.filter(state=Batch.State.PUBLISHED, registration_closes_at__lte=now).not_begun(now)
    settled = settled.exclude(~Q(selection_method=Program.SelectionMethod.FIRST_COME), selected_at__isnull=True)
    batches = {f"{batch.region_id}/{batch.pk:09d}": batch for batch in settled.select_related("region").order_by("pk")}
    free = {
        key: min(one.seats_free, one.quota - 1) for key, one in batches.items() if min(one.seats_free, one.quota - 1)
    }
    waiting = {key: (one.waiting_count, one.quota) for key, one in batches.items() if one.waiting_count}
    return Unused(batches, free, waiting)


def numbered(rows: QuerySet[SelectionRow]) -> QuerySet[SelectionRow]:
    return rows.select_related("registration__region").order_by(F("rank").asc(nulls_last=True), "registration_id")


def proposed_transfers(program: Program) -> list[tuple[Batch, Batch, int]]:
    """What the rule would do with unused seats now: (from, to, seats)."""
    unused = unused_seats(program)
    moves = share_out(unused.free, unused.waiting)
    return [(unused.batches[giver], unused.batches[taker], seats) for giver, taker, seats in moves]

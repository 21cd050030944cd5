"""A result that was frozen long ago, written at once as the action would have left it."""

import hashlib
from datetime import datetime

from django.db.models import F

from accounts.models import User
from participants import queries
from participants.models import Registration, RegistrationEvent, Seat, Selection, SelectionRow
from programs.models import Batch, SelectionTerms
from programs.rules import allot, in_order, seed_hash

Outcome, Kind = SelectionRow.Outcome, RegistrationEvent.Kind
HAPPENED = {Outcome.HELD: Kind.SELECTED, Outcome.WAITING: Kind.PLACED, Outcome.NONE: Kind.NOT_SELECTED}
LEFT = {Outcome.HELD: Seat.HELD, Outcome.WAITING: Seat.RELEASED, Outcome.NONE: Seat.NONE}


def declare_then(batch: Batch, *, at: datetime, seed_words: str) -> None:
    """As if the batch had been published on that day, with a seed that is the same in every demonstration."""
    seed = hashlib.sha256(seed_words.encode()).hexdigest()
    SelectionTerms.objects.filter(batch=batch).update(seed=seed, seed_hash=seed_hash(seed), declared_at=at)


def freeze_then(batch: Batch, *, at: datetime, words: str, by: User) -> Selection:
    """Seats by the draw; who waited was released when the training was over."""
    declared = SelectionTerms.objects.get(batch=batch)
    entries = list(Registration.objects.filter(batch=batch).order_by("pk"))
    contenders = queries.contenders_of(batch, declared.terms, Registration.objects.filter(batch=batch))
    selection = Selection(
        batch=batch,
        method=batch.selection_method,
        terms_content=declared.content,
        seats=batch.quota,
        waiting_places=batch.waiting_quota,
        seed=declared.seed or "",
        seed_hash=declared.seed_hash,
        witness_words=words,
        frozen_at=at,
        frozen_by=by,
    )
    ordered = in_order(contenders, seed=selection.seed, words=words)
    rows = [
        SelectionRow(
            selection=selection,
            registration_id=one.number,
            rank=one.rank,
            groups=list(one.groups),
            outcome=one.outcome,
            reason=one.reason,
            full_group=one.group,
        )
        for one in allot(ordered, queries.capacity_of(batch, declared.terms, contenders))
    ]
    _keep(selection, rows, entries, batch, at)
    return selection


def _keep(
    selection: Selection, rows: list[SelectionRow], entries: list[Registration], batch: Batch, at: datetime
) -> None:
    outcomes = [row.outcome for row in rows]
    selection.counts = {"registered": len(rows)} | {kind: outcomes.count(kind) for kind in sorted(set(outcomes))}
    selection.list_hash = hashlib.sha256(queries.public_list(selection, rows).encode()).hexdigest()
    selection.save(force_insert=True)
    SelectionRow.objects.bulk_create(rows)
    decided = {row.registration_id: row for row in rows}
    for entry in entries:
        row = decided[entry.pk]
        entry.seat, entry.queue_number = LEFT[Outcome(row.outcome)], row.rank or entry.queue_number
    Registration.objects.bulk_update(entries, ["seat", "queue_number"])
    RegistrationEvent.objects.bulk_create(
        RegistrationEvent(
            registration=entry, at=at, kind=HAPPENED[Outcome(decided[entry.pk].outcome)], by_office=True, data={}
        )
        for entry in entries
    )
    Batch.objects.filter(pk=batch.pk).update(
        selected_at=at, seats_held=outcomes.count("held"), last_queue_number=F("last_queue_number") + len(rows)
    )

"""The result of a selection, frozen once, and unused seats that go where people wait."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from participants import notices, queries
from participants.actions.batches import change_quota
from participants.models import (
    CheckState,
    Registration,
    RegistrationEvent,
    Seat,
    SeatTransfer,
    Selection,
    SelectionRow,
)
from programs import actions as programs
from programs.models import Batch, Program, SelectionTerms
from programs.rules import Allotted, allot, in_order, one_line, seed_hash

AT_ONCE = 500
MOST_WORDS = 200
Outcome, Reason = SelectionRow.Outcome, SelectionRow.Reason
SEAT_OF = {Outcome.HELD: Seat.HELD, Outcome.WAITING: Seat.WAITING, Outcome.NONE: Seat.NONE, Outcome.OUT: Seat.NONE}
EVENT_OF = {
    Outcome.HELD: RegistrationEvent.Kind.SELECTED,
    Outcome.WAITING: RegistrationEvent.Kind.PLACED,
    Outcome.NONE: RegistrationEvent.Kind.NOT_SELECTED,
    Outcome.OUT: RegistrationEvent.Kind.NOT_SELECTED,
}
GIVE_SEATS = """
UPDATE participants_registration r SET seat = result.seat, queue_number = coalesce(result.place, r.queue_number)
FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS result (id, seat, place) WHERE r.id = result.id
"""


@transaction.atomic
def freeze_selection(*, batch: Batch, expected: str, by: User, witness_words: str = "") -> Selection:
    """Seats, waiting order and reasons for everybody at once, and everybody is told. It can never be done again.

    `expected` is the fingerprint of the list that the officer saw. Refuses with not_selecting, already_selected,
    registration_open, list_changed, words_needed or seed_broken.
    """
    locked, now = Batch.objects.locked(batch.pk), timezone.now()
    _refuse_not_ready(locked, now)
    # A check that is under way is waited for, and one that comes later finds the entry decided.
    list(locked.registrations.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    if queries.fingerprint(locked) != expected:
        raise ValidationError(_("The entries have changed in the meantime. Please look again."), code="list_changed")
    full = Batch.objects.with_parts().get(pk=locked.pk)
    selection = _opened(full, one_line(witness_words), by, now)
    rows = _decided(selection, full)
    selection.counts = _counts(rows)
    selection.list_hash = hashlib.sha256(queries.public_list(selection, rows).encode()).hexdigest()
    selection.save(force_insert=True)
    SelectionRow.objects.bulk_create(rows, batch_size=2_000)
    told = _give_seats(rows)
    Batch.objects.filter(pk=locked.pk).update(
        seats_held=selection.counts.get("held", 0),
        waiting_count=selection.counts.get("waiting", 0),
        last_queue_number=sum(row.rank is not None for row in rows),
        selected_at=now,
    )
    changes = {"counts": selection.counts, "list_hash": selection.list_hash, "registrations": [row.pk for row in told]}
    record(action="batch.selected", by=by, target=locked, agency=full.program.agency, changes=changes)
    _tell(rows, told, full, now)
    return selection


def _refuse_not_ready(batch: Batch, now: datetime) -> None:
    if batch.selected_at is not None:
        raise ValidationError(_("The result of this batch is frozen already."), code="already_selected")
    if not batch.is_selecting or batch.state != Batch.State.PUBLISHED:
        raise ValidationError(_("Nobody is selected for this batch."), code="not_selecting")
    if now < batch.registration_closes_at:
        raise ValidationError(_("Registration is still open. Select after it has closed."), code="registration_open")


def _opened(batch: Batch, words: str, by: User, now: datetime) -> Selection:
    """With the seed, which must be the one whose hash was published."""
    declared = SelectionTerms.objects.get(batch=batch)
    seed = str(declared.seed or "")
    if batch.selection_method == Program.SelectionMethod.DRAW:
        if seed_hash(seed) != declared.seed_hash:
            raise ValidationError(
                _("The seed is not the one that was published. Stop and tell your administrator."), code="seed_broken"
            )
        if not words or len(words) > MOST_WORDS:
            raise ValidationError(_("Write what the witness said, up to 200 characters."), code="words_needed")
    return Selection(
        batch=batch,
        method=batch.selection_method,
        terms_content=declared.content,
        seats=batch.quota,
        waiting_places=batch.waiting_quota,
        seed=seed,
        seed_hash=declared.seed_hash,
        witness_words=words if seed else "",
        frozen_at=now,
        frozen_by=by,
    )


def _decided(selection: Selection, batch: Batch) -> list[SelectionRow]:
    """A line for every entry there ever was: nobody vanishes from the list."""
    entries = Registration.objects.filter(batch=batch)
    taking_part = entries.filter(seat=Seat.APPLIED, check_state=CheckState.VERIFIED)
    contenders = queries.contenders_of(batch, selection.terms, taking_part)
    ordered = in_order(contenders, seed=selection.seed, words=selection.witness_words)
    allotted = allot(ordered, queries.capacity_of(batch, selection.terms, contenders))
    inside = {one.number for one in allotted}
    rows = [_row(selection, one) for one in allotted]
    for pk, seat, check in entries.order_by("pk").values_list("pk", "seat", "check_state"):
        if pk not in inside:
            reason = Reason.REJECTED if check == CheckState.REJECTED else Reason.WITHDRAWN
            reason = Reason.UNVERIFIED if seat == Seat.APPLIED else reason
            rows.append(SelectionRow(selection=selection, registration_id=pk, outcome=Outcome.OUT, reason=reason))
    return rows


def _row(selection: Selection, one: Allotted) -> SelectionRow:
    return SelectionRow(
        selection=selection,
        registration_id=one.number,
        rank=one.rank,
        points=one.points,
        groups=list(one.groups),
        outcome=one.outcome,
        reason=one.reason,
        full_group=one.group,
    )


def _counts(rows: Sequence[SelectionRow]) -> dict[str, int]:
    counted = Counter(str(row.outcome) for row in rows) + Counter(
        str(row.reason) for row in rows if row.outcome == Outcome.OUT
    )
    return {"registered": len(rows), **counted}


def _give_seats(rows: Sequence[SelectionRow]) -> list[Registration]:
    """Seats and places in line of everybody who still waited for the result; gives back their entries."""
    waited = [row for row in rows if row.outcome != Outcome.OUT or row.reason == Reason.UNVERIFIED]
    values = ([row.registration_id for row in waited], [SEAT_OF[Outcome(row.outcome)].value for row in waited])
    with connection.cursor() as cursor:
        cursor.execute(GIVE_SEATS, [*values, [row.rank for row in waited]])
    return list(Registration.objects.filter(pk__in=values[0]).with_parts().defer("nik", "person__nik").order_by("pk"))


def _tell(rows: Sequence[SelectionRow], entries: Sequence[Registration], batch: Batch, now: datetime) -> None:
    """One message each, some at a time."""
    decided = {row.registration_id: row for row in rows}
    places = _places(rows)
    for some in notices.batched(entries, AT_ONCE):
        events = RegistrationEvent.objects.bulk_create(
            RegistrationEvent(
                registration=entry,
                at=now,
                kind=EVENT_OF[Outcome(decided[entry.pk].outcome)],
                by_office=True,
                data=_event_data(decided[entry.pk], places.get(entry.pk)),
            )
            for entry in some
        )
        notices.tell_many("selection_decided", events, batch)


def _places(rows: Sequence[SelectionRow]) -> dict[int, int]:
    """Entry -> its place on the waiting list, 1 is next."""
    waiting = [row.registration_id for row in rows if row.outcome == Outcome.WAITING]
    return {pk: place for place, pk in enumerate(waiting, start=1)}


def _event_data(row: SelectionRow, place: int | None) -> dict[str, Any]:
    data: dict[str, Any] = {"reason": str(row.reason), "number": str(row.registration_id)}
    if row.rank is not None:
        data["rank"] = row.rank
    if row.full_stratum:
        data["stratum"] = row.full_stratum
    if place is not None:
        data["position"] = place
    return data


@transaction.atomic
def share_out_seats(
    *, program: Program, expected: Sequence[tuple[int, int, int]], note: str, by: User
) -> list[SeatTransfer]:
    """Unused seats of a programme to the batches where most people wait, as `expected` proposes; all or none.

    Refuses with note_needed or proposal_changed.
    """
    note = one_line(note)
    if not note:
        raise ValidationError(_("Please write why, for the record."), code="note_needed")
    for batch_id in program.batches.order_by("pk").values_list("pk", flat=True):
        Batch.objects.locked(batch_id)
    proposed = queries.proposed_transfers(program)
    if not proposed or [(source.pk, target.pk, seats) for source, target, seats in proposed] != list(expected):
        raise ValidationError(_("Seats have changed in the meantime. Please look again."), code="proposal_changed")
    now, made = timezone.now(), []
    for source, target, seats in proposed:
        giver = Batch.objects.get(pk=source.pk)
        programs.set_quota(batch=giver, quota=giver.quota - seats, waiting_quota=giver.waiting_quota, by=by)
        transfer = SeatTransfer(program=program, source=source, target=target, seats=seats, note=note, at=now, by=by)
        transfer.save(force_insert=True)
        made.append(transfer)
        changes = {"from": source.pk, "to": target.pk, "seats": seats}
        record(
            action="program.seats_shared", by=by, target=program, agency=program.agency, changes=changes, purpose=note
        )
    gained: Counter[int] = Counter()
    for _source, target, seats in proposed:
        gained[target.pk] += seats
    for pk, seats in sorted(gained.items()):
        taker = Batch.objects.get(pk=pk)
        change_quota(batch=taker, quota=taker.quota + seats, waiting_quota=taker.waiting_quota, by=by)
    return made

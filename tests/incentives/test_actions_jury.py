"""Jurors, conflicts, who scores what, and a sheet from draft to correction."""

import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AuditEntry
from incentives import actions, queries
from incentives.actions import JurorInput, Said
from incentives.models import Conflict, Juror, ScoreSheet, SheetEvent
from notifications.models import Message
from participants.models import hash_nik
from tests import cast, factories
from tests.incentives import made
from tests.incentives.sitting import PIN, given, ready, sheet_of, sitting, submit

pytestmark = pytest.mark.django_db
NIK = "9975000101900001"


def refused(code: str, action: Any, **values: Any) -> None:
    with pytest.raises(ValidationError) as told:
        action(**values)
    assert told.value.code == code


def test_juror_is_kept_without_the_identity_number() -> None:
    competition = made.competition()
    juror = actions.add_juror(
        competition=competition,
        given=JurorInput(name="Ibu Ratna", nik=NIK, phone="+6281200001111", is_chair=True),
        by=cast.program_officer(),
    )
    juror.refresh_from_db()
    assert (juror.nik_hash, juror.phone, juror.is_chair) == (hash_nik(NIK), "+6281200001111", True)
    assert not [field.name for field in Juror._meta.fields if getattr(juror, field.attname) == NIK]
    refused(
        "juror_one_chair",
        actions.add_juror,
        competition=competition,
        given=JurorInput(name="Bapak Dua", is_chair=True),
        by=cast.program_officer(),
    )


def test_who_checked_entries_does_not_judge_them() -> None:
    competition = made.competition()
    made.entry(competition, checked_by=cast.verifier())
    person = JurorInput(name="Pemeriksa", user=cast.verifier())
    refused("juror_checked", actions.add_juror, competition=competition, given=person, by=cast.program_officer())


def test_link_opens_once_and_a_new_one_ends_the_devices() -> None:
    juror = made.juror(made.competition(), phone="+6281200001111")
    first = actions.invite_juror(juror=juror, by=cast.program_officer())
    assert first not in str(vars(Juror.objects.get(pk=juror.pk)))
    assert first in Message.objects.get(kind="juror_invited").body
    refused("pin_weak", actions.join_jury, token=first, pin="123456")
    joined = actions.join_jury(token=first, pin=PIN)
    assert joined.pk == juror.pk
    refused("link_over", actions.join_jury, token=first, pin="861204")
    assert actions.enter_jury(juror=joined, pin=PIN).generation == 2
    actions.invite_juror(juror=juror, by=cast.program_officer())
    juror.refresh_from_db()
    assert juror.generation == 3


def test_link_ends_after_fourteen_days() -> None:
    juror = made.juror(made.competition())
    token = actions.invite_juror(juror=juror, by=cast.program_officer())
    Juror.objects.filter(pk=juror.pk).update(token_until=timezone.now() - timedelta(seconds=1))
    refused("link_over", actions.join_jury, token=token, pin=PIN)


def test_fifth_wrong_pin_closes_for_fifteen_minutes() -> None:
    juror = ready(made.competition())
    for _time in range(5):
        refused("pin_wrong", actions.enter_jury, juror=juror, pin="000000")
    refused("pin_locked", actions.enter_jury, juror=juror, pin=PIN)
    juror.refresh_from_db()
    assert juror.pin_locked_until is not None
    assert timedelta(minutes=14) < juror.pin_locked_until - timezone.now() <= timedelta(minutes=15)
    Juror.objects.update(pin_locked_until=timezone.now())
    assert actions.enter_jury(juror=juror, pin=PIN).wrong_pins == 0


def test_number_of_a_juror_finds_only_with_its_last_digits() -> None:
    juror = ready(made.competition())
    number = queries.juror_number(juror.pk)
    assert queries.juror_of_number(f" {number} ") == juror
    wrong = f"{juror.pk}-{(int(number[-4:]) + 1) % 10000:04d}"
    assert [queries.juror_of_number(text) for text in (wrong, str(juror.pk), "", "x" * 30)] == [None] * 4


def test_everybody_scores_everything_and_again_changes_nothing() -> None:
    competition, jurors = sitting(jurors=3, entries=4)
    assert ScoreSheet.objects.count() == 12
    assert actions.assign_sheets(competition=competition, by=cast.program_officer()) == 0
    made.entry(competition)
    ready(competition)
    assert actions.assign_sheets(competition=competition, by=cast.program_officer()) == 3 + 5


def test_three_of_five_jurors_for_each_entry_with_even_loads() -> None:
    competition, jurors = sitting(jurors=5, entries=10, jurors_per_entry=3)
    loads = Counter(ScoreSheet.objects.values_list("juror", flat=True))
    per_entry = Counter(ScoreSheet.objects.values_list("entry", flat=True))
    assert (set(loads.values()), set(per_entry.values())) == ({6}, {3})


def test_recusal_closes_the_sheet_and_somebody_else_takes_over() -> None:
    competition, jurors = sitting(jurors=4, entries=4, jurors_per_entry=2)
    gone = sheet_of(jurors[0])
    actions.recuse(juror=jurors[0], entry=gone.entry, said=Said("family", "Sepupu"))
    gone.refresh_from_db()
    assert gone.state == "recused"
    assert gone.events.get().kind == "recused"
    working = ScoreSheet.objects.filter(entry=gone.entry).missing()
    assert working.count() == 2
    assert jurors[0].pk not in working.values_list("juror", flat=True)
    actions.assign_sheets(competition=competition, by=cast.program_officer())
    assert ScoreSheet.objects.filter(entry=gone.entry).missing().count() == 2


def test_conflicts_are_suggested_by_identity_and_never_by_mail() -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    competition = made.competition(batch)
    own = made.participant(batch)
    entry = made.entry(competition, own, business_name="UD. Sari Rasa", region=own.region)
    made.entry(competition, business_name="Lain Sekali")
    person = JurorInput(
        name="Orang Sama", business_key="SARI RASA", region=own.region, email=own.email or "a@b.example"
    )
    juror = actions.add_juror(competition=competition, given=person, by=cast.program_officer())
    assert set(juror.conflicts.values_list("entry", "kind")) == {(entry.pk, "business"), (entry.pk, "region")}
    Juror.objects.filter(pk=juror.pk).update(nik_hash=own.nik_hash)
    actions.assign_sheets(competition=competition, by=cast.program_officer())
    assert juror.conflicts.get(kind="self").state == "suggested"


def test_suggestion_is_decided_once_and_a_declared_one_stands() -> None:
    competition, [juror, *_others] = sitting()
    sheet, by = sheet_of(juror), cast.program_officer()
    conflict = Conflict.objects.create(juror=juror, entry=sheet.entry, kind="business", state="suggested")
    decide = actions.decide_conflict
    refused("reason_needed", decide, conflict=conflict, holds=False, reason=" ", by=by)
    decide(conflict=conflict, holds=True, reason="", by=by)
    sheet.refresh_from_db()
    assert sheet.state == "recused"
    refused("conflict_decided", decide, conflict=conflict, holds=False, reason="Salah", by=by)
    other = sheet_of(juror, 1)
    actions.recuse(juror=juror, entry=other.entry, said=Said("mentor"))
    said = Conflict.objects.get(entry=other.entry)
    refused("conflict_declared", decide, conflict=said, holds=False, reason="Tidak", by=by)


def test_declaration_comes_before_the_first_sheet() -> None:
    competition, jurors = sitting()
    Juror.objects.update(declared_at=None)
    refused("not_declared", actions.save_sheet, sheet=sheet_of(jurors[0]), given=given())
    first = sheet_of(jurors[0])
    actions.declare_conflicts(juror=jurors[0], said={first.entry_id: Said("household")})
    first.refresh_from_db()
    assert first.state == "recused"
    assert actions.save_sheet(sheet=sheet_of(jurors[0], 1), given=given()).revision == 1


def test_draft_over_an_unseen_revision_is_refused_and_nothing_lost() -> None:
    _competition, jurors = sitting()
    sheet = sheet_of(jurors[0])
    actions.save_sheet(sheet=sheet, given=given((70,), device="a"))
    refused("stale", actions.save_sheet, sheet=sheet, given=given((90,), device="b"))
    assert [str(score.value) for score in sheet.scores.all()] == ["70.00"]
    assert actions.save_sheet(sheet=sheet, given=given((75,), device="a")).revision == 2  # its answer got lost
    assert actions.save_sheet(sheet=sheet, given=given((90,), device="b", revision=2)).revision == 3


def test_submission_counts_once_however_often_it_is_sent() -> None:
    competition, jurors = sitting()
    sheet, key = sheet_of(jurors[0]), uuid.uuid4()
    submit(sheet, client_id=key)
    assert submit(sheet, (10, 10, 10, 10, 10), client_id=key).state == "submitted"
    assert list(sheet.events.values_list("kind", "scores__model")) == [("submitted", "80.00")]
    refused("submitted", submit, sheet=sheet)
    refused("sheet_closed", actions.save_sheet, sheet=sheet, given=given(revision=1))
    competition.refresh_from_db()
    assert competition.first_score_at is not None
    assert "80" not in str(AuditEntry.objects.get(action="sheet.submitted").changes)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ((80, 80, 80, 80), "scores_missing"),
        ((80, 80, 80, 80, 101), "score_outside"),
        ((80, 80, 80, 80, -1), "score_outside"),
    ],
)
def test_sheet_with_holes_or_beyond_its_scale_is_not_submitted(values: tuple[int, ...], code: str) -> None:
    competition, jurors = sitting()
    refused(code, submit, sheet=sheet_of(jurors[0]), values=values)
    competition.refresh_from_db()
    assert (competition.first_score_at, ScoreSheet.objects.filter(state="submitted").count()) == (None, 0)


def test_training_entry_is_for_all_and_starts_no_count() -> None:
    competition, jurors = sitting()
    by = cast.program_officer()
    entry = actions.make_training_entry(competition=competition, title="Contoh", summary="Keripik", by=by)
    sheets = list(ScoreSheet.objects.filter(entry=entry).order_by("juror"))
    assert len(sheets) == 3
    submit(sheets[0])
    competition.refresh_from_db()
    jurors[0].refresh_from_db()
    assert (competition.first_score_at, jurors[0].trained_at is not None) == (None, True)
    assert ScoreSheet.objects.counting().count() == 0


def test_only_the_chair_corrects_and_says_why() -> None:
    _competition, [chair, juror, *_others] = sitting()
    sheet = sheet_of(juror)
    submit(sheet)
    correct, key = actions.correct_sheet, uuid.uuid4()
    values: dict[str, Any] = {"sheet": sheet, "given": given((90, 80, 80, 80, 80), revision=1), "client_id": key}
    refused("not_chair", correct, chair=juror, reason="Salah ketik", **values)
    refused("reason_needed", correct, chair=chair, reason=" ", **values)
    correct(chair=chair, reason="Salah ketik", **values)
    correct(chair=chair, reason="Salah ketik", **values)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.revision) == ("submitted", 2)
    assert list(sheet.events.values_list("kind", "reason")) == [("submitted", ""), ("corrected", "Salah ketik")]
    assert [str(score.value) for score in sheet.scores.all()][:2] == ["90.00", "80.00"]


def test_nothing_moves_after_the_lock() -> None:
    competition, [chair, juror, *_others] = sitting()
    sheet, other = sheet_of(juror), sheet_of(juror, 1)
    submit(sheet)
    type(competition).objects.update(locked_at=timezone.now())
    by = cast.program_officer()
    refused("locked", actions.save_sheet, sheet=other, given=given())
    refused("locked", submit, sheet=other)
    refused("locked", actions.recuse, juror=juror, entry=other.entry, said=Said("family"))
    refused("locked", actions.assign_sheets, competition=competition, by=by)
    key = uuid.uuid4()
    refused(
        "locked", actions.correct_sheet, sheet=sheet, given=given(revision=1), reason="x", chair=chair, client_id=key
    )


def test_juror_who_withdraws_leaves_the_submitted_sheets_unless_the_office_says_otherwise() -> None:
    competition, jurors = sitting(jurors=4, entries=4, jurors_per_entry=2)
    juror = jurors[1]
    submit(sheet_of(juror))
    values: dict[str, Any] = {"juror": juror, "by": cast.program_officer()}
    refused("reason_needed", actions.withdraw_juror, reason="", with_submitted=False, **values)
    actions.withdraw_juror(reason="Sakit", with_submitted=False, **values)
    assert set(juror.sheets.values_list("state", flat=True)) == {"submitted", "recused"}
    standing = Counter(ScoreSheet.objects.exclude(state="recused").values_list("entry", flat=True))
    assert set(standing.values()) == {2}
    refused("pin_locked", actions.enter_jury, juror=juror, pin=PIN)


def test_abstaining_is_no_score_and_no_conflict() -> None:
    _competition, [juror, *_others] = sitting()
    sheet, key = sheet_of(juror), uuid.uuid4()
    refused("reason_needed", actions.abstain, sheet=sheet, reason="", client_id=key)
    for _time in range(2):
        actions.abstain(sheet=sheet, reason="Terlambat datang", client_id=key)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.events.count(), juror.conflicts.count()) == ("abstained", 1, 0)
    assert SheetEvent.objects.get().reason == "Terlambat datang"


def test_one_pitch_is_on_the_stage_at_a_time() -> None:
    competition, _jurors = sitting(entries=3)
    first, second, third = queries.judged(competition)
    by = cast.program_officer()
    actions.start_pitch(entry=first, by=by)
    refused("entry_one_at_a_time", actions.start_pitch, entry=second, by=by)
    refused("pitch_held", actions.mark_absent, entry=first, by=by)
    actions.end_pitch(entry=first, by=by)
    actions.mark_absent(entry=second, by=by)
    stage = queries.stage_of(competition)
    assert (stage.now, stage.next, stage.held, stage.absent) == (None, third, [first], [second])
    actions.start_pitch(entry=second, by=by)
    actions.take_back_pitch(entry=second, by=by)
    assert queries.stage_of(competition).waiting == [second, third]

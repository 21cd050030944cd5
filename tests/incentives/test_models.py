"""What PostgreSQL refuses of competitions, whoever asks."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from budgets.models import Payment
from incentives.models import (
    Award,
    AwardTier,
    Category,
    Competition,
    Conflict,
    Criterion,
    Edition,
    Entry,
    EntryFile,
    Juror,
    Objection,
    Result,
    Score,
    ScoreSheet,
    SheetEvent,
    TieDecision,
)
from jobs.actions import keep_file
from tests import cast, factories
from tests.incentives import made
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db
EIGHTY = Decimal(80)
GOOD = (80, 80, 80, 80, 80)
HASH = "0" * 64


class World:
    """A competition with one entry, one juror and one sheet that is not begun."""

    def __init__(self) -> None:
        self.competition = made.competition()
        self.draft = made.edition(self.competition, declared=False, version=2, reason="Bobot diubah")
        self.entry = made.entry(self.competition)
        self.juror = made.juror(self.competition, is_chair=True)
        self.sheet = made.sheet(self.juror, self.entry)
        self.officer = cast.program_officer()
        assert self.competition.edition is not None
        self.edition: Edition = self.competition.edition

    def result(self, **values: Any) -> Result:
        return Result.objects.create(competition=self.competition, edition=self.edition, sha256=HASH, **values)

    def award(self, result: Result, entry: Entry | None = None, **values: Any) -> Award:
        tier = self.edition.tiers.get(position=1)
        own = {"tier": tier, "slot": 1, "gross": tier.amount, "entry": entry or self.entry}
        return Award.objects.create(competition=self.competition, result=result, **(own | values))


@pytest.fixture
def world() -> World:
    return World()


def changed(model: type[Any], **values: Any) -> Callable[[World], Any]:
    return lambda _world: model.objects.update(**values)


def draft(**values: Any) -> Callable[[World], Any]:
    return lambda world: Edition.objects.filter(pk=world.draft.pk).update(**values)


def twice(write: Callable[[World], Any]) -> Callable[[World], Any]:
    return lambda world: (write(world), write(world))


def slides(world: World) -> EntryFile:
    agency = world.competition.program.agency
    stored = keep_file(agency=agency, name="a.pdf", content=b"%PDF-", content_type="application/pdf", by=world.officer)
    return EntryFile.objects.create(entry=world.entry, kind="slides", stored=stored)


def event(world: World, **values: Any) -> SheetEvent:
    return SheetEvent.objects.create(sheet=world.sheet, **values)


NOW = timezone.now()
BREAKING: list[tuple[str, Callable[[World], Any]]] = [
    (
        "competition_slug_once",
        lambda world: Competition.objects.create(
            program=world.competition.program,
            name="Dua",
            slug=world.competition.slug,
            opens_at=NOW,
            closes_at=NOW + timedelta(days=1),
            created_by=world.officer,
        ),
    ),
    ("competition_closes_after_opening", changed(Competition, closes_at=NOW - timedelta(days=9))),
    ("competition_declared_has_method", changed(Competition, edition=None)),
    ("competition_locked_after_scores", changed(Competition, locked_at=NOW)),
    ("competition_cancelled_has_reason", changed(Competition, state="cancelled", cancelled_at=NOW)),
    ("edition_version_once", lambda world: made.edition(world.competition, version=1)),
    ("edition_one_draft", lambda world: made.edition(world.competition, version=3, declared=False)),
    ("edition_minimum_in_hundred", draft(minimum=101)),
    ("edition_jurors_at_least_one", draft(jurors_per_entry=0)),
    ("edition_periods_bounded", draft(objection_days=61)),
    ("edition_minutes_bounded", draft(pitch_minutes=0)),
    ("edition_tie_breaks_known", draft(tie_breaks=["dice"])),
    ("edition_declared_by_somebody", draft(declared_at=NOW)),
    ("edition_change_has_reason", lambda world: draft(reason="", declared_at=NOW, declared_by=world.officer)(world)),
    ("criterion_once", lambda world: Criterion.objects.filter(edition=world.draft).update(code="sama")),
    ("criterion_weight_in_hundred", lambda world: world.draft.criteria.update(weight=0)),
    ("criterion_scale_in_order", lambda world: world.draft.criteria.update(lowest=100)),
    (
        "category_once",
        twice(lambda world: Category.objects.create(edition=world.draft, position=1, code="kuliner", name="Kuliner")),
    ),
    ("award_tier_position_once", lambda world: world.draft.tiers.update(position=7)),
    ("award_tier_slots_bounded", lambda world: world.draft.tiers.update(slots=0)),
    ("award_tier_amount_positive", lambda world: world.draft.tiers.update(amount=0)),
    ("entry_code_once", lambda world: made.entry(world.competition, code=world.entry.code)),
    ("entry_one_at_a_time", lambda world: [made.entry(world.competition, pitch_began_at=NOW) for _time in range(2)]),
    ("entry_one_for_training", lambda world: [made.entry(world.competition, is_training=True) for _time in range(2)]),
    ("entry_sent_has_time", changed(Entry, submitted_at=None)),
    ("entry_checked_by_somebody", changed(Entry, checked_by=None)),
    ("entry_pitch_ends_after_beginning", changed(Entry, pitch_ended_at=NOW)),
    ("entry_file_one_slides", twice(slides)),
    ("juror_one_chair", lambda world: made.juror(world.competition, is_chair=True)),
    ("juror_once", lambda world: [made.juror(world.competition, nik_hash=HASH) for _time in range(2)]),
    ("juror_user_once", lambda world: [made.juror(world.competition, user=world.officer) for _time in range(2)]),
    ("juror_joined_has_pin", changed(Juror, joined_at=NOW)),
    ("juror_forgotten_is_empty", lambda world: made.juror(world.competition, forgotten_at=NOW, nik_hash=HASH)),
    (
        "objection_forgotten_after_answer",
        lambda world: Objection.objects.create(
            competition=world.competition,
            result=world.result(version=1),
            name="A",
            contact="B",
            text="C",
            forgotten_at=NOW,
        ),
    ),
    (
        "conflict_once",
        twice(
            lambda world: Conflict.objects.create(juror=world.juror, entry=world.entry, kind="family", state="holds")
        ),
    ),
    (
        "conflict_declared_holds",
        lambda world: Conflict.objects.create(
            juror=world.juror, entry=world.entry, kind="family", state="suggested", declared=True
        ),
    ),
    (
        "conflict_dismissed_by_somebody",
        lambda world: Conflict.objects.create(juror=world.juror, entry=world.entry, kind="region", state="dismissed"),
    ),
    ("score_sheet_once", lambda world: made.sheet(world.juror, world.entry)),
    (
        "score_sheet_submitted_has_time",
        lambda world: (
            made.sheet(made.juror(world.competition), world.entry, GOOD, state="draft"),
            ScoreSheet.objects.filter(state="draft").update(state="submitted", submitted_at=None),
        ),
    ),
    (
        "score_once",
        twice(
            lambda world: Score.objects.create(
                sheet=world.sheet, criterion=world.edition.criteria.get(code="model"), value=EIGHTY
            )
        ),
    ),
    ("sheet_event_by_somebody", lambda world: event(world, kind="submitted")),
    ("sheet_event_correction_has_reason", lambda world: event(world, kind="corrected", juror=world.juror)),
    (
        "tie_decision_has_reason",
        lambda world: TieDecision.objects.create(
            competition=world.competition, entries=[1, 2], way="chair", juror=world.juror
        ),
    ),
    ("result_version_once", lambda world: [world.result(version=1, replaced_at=NOW) for _time in range(2)]),
    ("result_one_in_force", lambda world: [world.result(version=n, reason="Ada") for n in (1, 2)]),
    (
        "result_hash_formed",
        lambda world: Result.objects.create(
            competition=world.competition, edition=world.edition, version=1, sha256="x"
        ),
    ),
    ("result_change_has_reason", lambda world: world.result(version=2)),
    (
        "award_one_per_entry",
        lambda world: [world.award(result, slot=slot) for result in [world.result(version=1)] for slot in (1, 2)],
    ),
    ("award_amount_and_slot", lambda world: world.award(world.result(version=1), gross=0)),
    ("award_end_has_reason", lambda world: world.award(world.result(version=1), ended_at=NOW)),
    (
        "objection_answered_in_words",
        lambda world: Objection.objects.create(
            competition=world.competition,
            result=world.result(version=1),
            name="A",
            contact="B",
            text="C",
            state="upheld",
        ),
    ),
]


@pytest.mark.parametrize(("constraint", "write"), BREAKING)
def test_constraint_is_kept(world: World, constraint: str, write: Callable[[World], Any]) -> None:
    assert broken_by(lambda: write(world)) == constraint


def test_nobody_enters_twice_and_no_place_is_given_twice() -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    competition = made.competition(batch)
    registration = made.participant(batch)
    made.entry(competition, registration, position=1)
    assert broken_by(lambda: made.entry(competition, registration)) == "entry_once"
    made.entry(competition, position=2)

    def give_the_same_place() -> None:
        Entry.objects.update(position=1)
        with transaction.atomic():
            transaction.get_connection().check_constraints()

    assert broken_by(give_the_same_place) == "entry_position_once"


def test_a_slot_is_given_once(world: World) -> None:
    result = world.result(version=1)
    world.award(result)
    other = made.entry(world.competition)
    assert broken_by(lambda: world.award(result, other)) == "award_slot_once"
    Award.objects.update(ended_at=NOW, ended_reason="Mundur")
    world.award(result, other)


def refused(write: Callable[[], Any], words: str) -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        write()


def test_a_declared_method_stands(world: World) -> None:
    refused(lambda: Edition.objects.filter(pk=world.edition.pk).update(minimum=10), "never changed")
    refused(lambda: Edition.objects.filter(pk=world.edition.pk)._raw_delete("default"), "never changed")
    for part in (world.edition.criteria.all(), world.edition.tiers.all()):
        refused(partial(part.update, position=9), "declared")
        refused(partial(part._raw_delete, "default"), "declared")
    refused(lambda: Category.objects.create(edition=world.edition, position=1, code="a", name="A"), "declared")
    refused(lambda: AwardTier.objects.filter(edition=world.draft).update(edition=world.edition), "declared")
    world.draft.criteria.update(weight=20)
    world.draft.delete()


def test_a_submitted_sheet_stands_and_has_every_score(world: World) -> None:
    criterion = world.edition.criteria.get(code="model")
    first = Score.objects.create(sheet=world.sheet, criterion=criterion, value=EIGHTY)
    sheets = ScoreSheet.objects.filter(pk=world.sheet.pk)
    refused(lambda: sheets.update(state="submitted", submitted_at=NOW), "every score")
    for other in world.edition.criteria.exclude(code="model"):
        Score.objects.create(sheet=world.sheet, criterion=other, value=EIGHTY)
    sheets.update(state="submitted", submitted_at=NOW)
    refused(lambda: Score.objects.filter(pk=first.pk).update(value=81), "closed")
    refused(lambda: first.delete(), "closed")
    sheets.update(state="draft")
    Score.objects.filter(pk=first.pk).update(value=81)


@pytest.mark.parametrize("value", ["100.01", "999", "-1"])
def test_a_score_is_of_the_scale_of_its_criterion(world: World, value: str) -> None:
    criterion = world.edition.criteria.get(code="model")
    refused(lambda: Score.objects.create(sheet=world.sheet, criterion=criterion, value=Decimal(value)), "scale")
    strange = world.draft.criteria.get(code="model")
    refused(lambda: Score.objects.create(sheet=world.sheet, criterion=strange, value=EIGHTY), "scale")


def test_nothing_of_a_locked_competition_is_scored(world: World) -> None:
    done = made.sheet(made.juror(world.competition), world.entry, GOOD)
    Competition.objects.update(first_score_at=NOW, locked_at=NOW)
    refused(lambda: ScoreSheet.objects.filter(pk=done.pk).update(state="draft"), "locked")
    refused(lambda: made.sheet(made.juror(world.competition), world.entry), "locked")
    criterion = world.edition.criteria.get(code="model")
    refused(lambda: Score.objects.create(sheet=world.sheet, criterion=criterion, value=EIGHTY), "closed")


def test_what_happened_to_a_sheet_and_what_was_decided_stands(world: World) -> None:
    event(world, kind="submitted", juror=world.juror, client_id=uuid.uuid4())
    TieDecision.objects.create(
        competition=world.competition, entries=[1, 2], way="chair", reason="Musyawarah", juror=world.juror
    )
    for model in (SheetEvent, TieDecision):
        rows = model._default_manager.all()
        refused(partial(rows.update, reason="lain"), "never changed")
        refused(partial(rows._raw_delete, "default"), "never changed")


def test_a_result_is_replaced_and_never_changed(world: World) -> None:
    result = world.result(version=1)
    refused(lambda: Result.objects.update(sha256="1" * 64), "never changed")
    refused(lambda: Result.objects.update(replaced_at=NOW, reason="lain"), "never changed")
    Result.objects.update(replaced_at=NOW)
    refused(lambda: Result.objects.update(replaced_at=None), "never changed")
    refused(lambda: result.delete(), "never changed")
    assert Payment.objects.count() == 0

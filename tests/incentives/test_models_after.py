"""What PostgreSQL refuses of what follows a payment, whoever asks."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from incentives.models import (
    Award,
    Competition,
    Edition,
    Entry,
    FileStep,
    Juror,
    Objection,
    ReceiptCheck,
    Result,
    SampleDraw,
    TieDecision,
    UseLine,
    UseReport,
)
from tests import cast
from tests.incentives import decided, made
from tests.incentives.access_after import after_rows
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate()


class World:
    """An award with a question that waits and a report that is not begun."""

    def __init__(self) -> None:
        self.competition = made.competition()
        self.entry = made.entry(self.competition)
        self.award = decided.award(self.competition, self.entry)
        self.officer = cast.program_officer()
        rows = after_rows(self.award)
        self.check: ReceiptCheck = rows["receipt"]
        self.report: UseReport = rows["use_report"]


@pytest.fixture
def world() -> World:
    return World()


def check(**values: Any) -> Callable[[World], Any]:
    return lambda _world: ReceiptCheck.objects.update(**values)


def answered(**values: Any) -> Callable[[World], Any]:
    told = {"answer": "all", "way": "page", "answered_at": NOW, "first_answered_at": NOW, "revision": 1}
    return check(**(told | values))


def settled(**values: Any) -> Callable[[World], Any]:
    def settle(world: World) -> Any:
        told = {"outcome": "arrived", "settled_at": NOW, "settled_by": world.officer}
        return answered(**(told | {"answer": "none"} | values))(world)

    return settle


def draw(**values: Any) -> Callable[[World], Any]:
    told: dict[str, Any] = {"awards": [1], "percent": 34, "seed": "0" * 32}
    return lambda world: SampleDraw.objects.create(competition=world.competition, **(told | values))


def report(**values: Any) -> Callable[[World], Any]:
    return lambda _world: UseReport.objects.update(**values)


def two_lines(world: World) -> None:
    with transaction.atomic():
        for _turn in range(2):
            UseLine.objects.create(report=world.report, position=1)
        transaction.get_connection().check_constraints()


BREAKING: list[tuple[str, Callable[[World], Any]]] = [
    ("edition_report_months_bounded", lambda world: made.edition(world.competition, version=2, report_months=0)),
    ("competition_finished_has_time", lambda _world: Competition.objects.update(state="finished")),
    ("sample_draw_share_in_hundred", draw(percent=101)),
    ("sample_draw_has_seed", draw(seed="")),
    ("sample_draw_has_seed", draw(awards=[])),
    ("receipt_check_once", lambda world: after_rows(world.award)),
    ("receipt_check_answered_whole", check(answer="all")),
    ("receipt_check_answered_whole", answered(way="")),
    ("receipt_check_phone_by_officer", answered(way="phone")),
    ("receipt_check_phone_by_officer", lambda world: answered(answered_by=world.officer)(world)),
    ("receipt_check_amount_differs", answered(answer="other")),
    ("receipt_check_amount_differs", answered(answer="other", amount=0)),
    ("receipt_check_amount_differs", answered(answer="other", amount=2_850_000)),
    ("receipt_check_amount_differs", answered(answer="none", amount=1)),
    ("receipt_check_settled_whole", settled(settled_by=None)),
    ("receipt_check_settled_whole", settled(outcome="")),
    ("receipt_check_outcome_fits", settled(answer="all")),
    ("receipt_check_outcome_fits", settled(outcome="unreached")),
    ("use_report_sent_has_time", report(state="sent")),
    ("use_report_decided_by_somebody", report(state="accepted", sent_at=NOW)),
    ("use_report_visit_whole", report(visited_on=TODAY)),
    ("use_line_amount_positive", lambda world: UseLine.objects.create(report=world.report, position=1, amount=0)),
    ("use_line_position_once", two_lines),
    (
        "file_step_reopened_has_reason",
        lambda world: FileStep.objects.create(competition=world.competition, is_closed=False, by=world.officer),
    ),
]


@pytest.mark.parametrize(("name", "write"), BREAKING, ids=[f"{name}-{at}" for at, (name, _way) in enumerate(BREAKING)])
def test_constraint(world: World, name: str, write: Callable[[World], Any]) -> None:
    assert broken_by(lambda: write(world)) == name


def test_what_is_whole_is_taken(world: World) -> None:
    answered()(world)
    answered(answer="other", amount=2_000_000)(world)
    settled(outcome="explained", amount=None)(world)
    assert ReceiptCheck.objects.get().outcome == "explained"


def refused(write: Callable[[], Any], words: str) -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        write()


def test_a_drawing_and_the_steps_of_a_file_stand(world: World) -> None:
    draw()(world)
    FileStep.objects.create(competition=world.competition, is_closed=True, by=world.officer)
    for model in (SampleDraw, FileStep):
        rows = model._default_manager.all()
        refused(partial(rows.update, competition=world.competition), "never changed")
        refused(partial(rows._raw_delete, "default"), "never changed")


def test_nothing_of_a_closed_file_changes(world: World) -> None:
    told = {"name": "Warga", "contact": "08", "text": "Keliru"}
    Objection.objects.create(competition=world.competition, result=world.award.result, **told)
    juror = made.juror(world.competition, is_chair=True)
    rows = Competition.objects.filter(pk=world.competition.pk)
    rows.update(state="finished", finished_at=NOW)
    closed = partial(refused, words="closed")
    closed(lambda: rows.update(name="Lain"))
    closed(lambda: rows.update(finished_at=NOW + timedelta(days=1), locked_at=NOW))
    closed(lambda: rows._raw_delete("default"))
    closed(lambda: Award.objects.update(gross=1))
    closed(lambda: Award.objects.all()._raw_delete("default"))
    closed(lambda: Result.objects.update(replaced_at=NOW))
    closed(lambda: Result.objects.create(competition=world.competition, version=2, edition=world.award.result.edition))
    closed(lambda: Entry.objects.update(state="disqualified"))
    closed(lambda: made.entry(world.competition))
    closed(lambda: made.juror(world.competition))
    closed(lambda: Juror.objects.all()._raw_delete("default"))
    closed(
        lambda: Edition.objects.create(
            competition=world.competition, version=2, tie_breaks=[], created_by=world.officer
        )
    )
    closed(lambda: TieDecision.objects.create(competition=world.competition, entries=[1], way="lot", juror=juror))
    closed(lambda: Objection.objects.create(competition=world.competition, result=world.award.result, **told))
    closed(lambda: Objection.objects.update(state="upheld", answer="Ya", answered_at=NOW, answered_by=world.officer))
    closed(lambda: answered()(world))
    closed(lambda: ReceiptCheck.objects.all()._raw_delete("default"))
    closed(lambda: draw()(world))


def test_a_closed_file_still_forgets_and_still_takes_reports(world: World) -> None:
    told = {"name": "Warga", "contact": "08", "text": "Keliru"}
    Objection.objects.create(competition=world.competition, result=world.award.result, **told)
    Competition.objects.filter(pk=world.competition.pk).update(state="finished", finished_at=NOW)
    Entry.objects.update(content=None, title="", business_name="", household_hash="")
    Objection.objects.update(name="", contact="", text="")
    ReceiptCheck.objects.update(words=None, outcome_note=None)
    UseReport.objects.update(state="sent", sent_at=NOW)
    Competition.objects.filter(pk=world.competition.pk).update(state="declared", finished_at=None)
    Award.objects.update(gross=1)
    assert Award.objects.get().gross == 1

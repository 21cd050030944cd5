"""Jurors and objectors register for nothing: their data grows old by rules of its own, and goes everywhere."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from incentives import actions
from incentives.models import Award, Competition, Conflict, Juror, Objection, ScoreSheet, SheetEvent
from incentives.queries.board import board_of
from incentives.queries.recounting import recount
from notifications.models import Message
from participants import actions as people
from participants.models import NO_NAME, RetentionRule, RetentionRun
from tests import cast, factories
from tests.budgets import money
from tests.incentives.forgetting import WORDS, judged, let_time_pass
from tests.support.searching import files_with, places_in_database

pytestmark = pytest.mark.django_db
OF_OBJECTION = ("objector", "contact", "objection", "answer")


@pytest.fixture
def own_folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def rule(kind: str) -> RetentionRule:
    values: dict[str, Any] = {"months": 60, "legal_basis": "Jadwal retensi arsip", "is_active": True, "by": cast.dpo()}
    return people.save_retention_rule(agency=cast.home_agency(), kind=kind, **values)


def proposed(kind: str) -> RetentionRun | None:
    return people.propose_retention(rule=rule(kind), by=None)


def carried_out(kind: str) -> RetentionRun:
    run = proposed(kind)
    assert run is not None
    approved = people.approve_retention(run=run, expected=run.found, by=cast.dpo())
    people.carry_out_retention(run=approved, by=cast.dpo())
    return RetentionRun.objects.get(pk=run.pk)


def test_words_stand_everywhere_before() -> None:
    """Else the search below would find nothing because it looks for nothing."""
    judged()
    assert {label for label, _place in places_in_database(WORDS)} == set(WORDS)


def test_what_is_shown_goes_from_the_whole_database_and_every_file(own_folder: Path) -> None:
    competition, juror, other, objection = judged()
    let_time_pass(competition)
    result = competition.results.get()
    before, scores = (
        recount(result),
        list(ScoreSheet.objects.order_by("pk").values_list("pk", "state", "scores__value")),
    )
    assert before.is_same
    run = proposed("jurors")
    assert run is not None
    assert (run.found, run.state) == (4, "proposed")
    assert Juror.objects.filter(forgotten_at__isnull=False).count() == 0
    people.discard_retention(run=run, note="", by=cast.dpo())
    done = [carried_out(kind) for kind in ("jurors", "objections")]
    assert [(run.found, run.removed, run.state) for run in done] == [(4, 4, "done"), (1, 1, "done")]
    assert places_in_database(WORDS) == {("juror", "incentives_juror.name")}, "who judged stays as the minutes tell"
    assert files_with(own_folder, WORDS) == set()
    after = recount(competition.results.get())
    assert (after.is_same, after.sha256) == (True, before.sha256)
    assert list(ScoreSheet.objects.order_by("pk").values_list("pk", "state", "scores__value")) == scores
    assert len(board_of(Competition.objects.with_parts().get(pk=competition.pk)).jurors) == 4
    assert (Juror.objects.get(pk=other.pk).name, SheetEvent.objects.get(juror=other).reason) == (NO_NAME, NO_NAME)
    fresh = Objection.objects.get(pk=objection.pk)
    assert (fresh.state, fresh.result_id, fresh.answered_by) == ("dismissed", result.pk, cast.program_officer())
    assert Conflict.objects.get().kind == "other"
    assert proposed("jurors") is None, "nobody is removed twice"
    with pytest.raises(ValidationError) as refused:
        actions.enter_jury(juror=juror, pin="000000")
    assert refused.value.code == "pin_wrong"


def test_page_of_a_proposal_tells_who_and_what_stays(client: Client) -> None:
    competition, *_others = judged()
    let_time_pass(competition)
    client.force_login(cast.dpo())
    for kind, name in (("jurors", WORDS["juror"]), ("objections", WORDS["objector"])):
        run = proposed(kind)
        assert run is not None
        page = client.get(f"/kerja/privasi/retensi/usulan/{run.pk}/").content.decode()
        assert (name in page, competition.name in page) == (True, True)
        assert client.get(f"/kerja/privasi/retensi/{kind}/").status_code == 200
    assert client.get("/kerja/privasi/retensi/").content.decode().count("usulan/") == 2


HOLDS = {
    "young": lambda competition: Competition.objects.update(locked_at=timezone.now()),
    "day_to_come": lambda competition: Competition.objects.update(held_on=timezone.localdate()),
    "open_objection": lambda competition: Objection.objects.update(state="open"),
    "answered_lately": lambda competition: Objection.objects.update(answered_at=timezone.now()),
    "other_office": lambda competition: competition.program.__class__.objects.update(agency=cast.next_agency()),
}


@pytest.mark.parametrize("hold", HOLDS)
def test_who_is_held_is_not_due(hold: str) -> None:
    competition, *_others = judged()
    let_time_pass(competition)
    HOLDS[hold](competition)
    assert (proposed("jurors"), proposed("objections")) == (None, None)


@pytest.mark.parametrize("pay", [money.proposed, money.approved, money.paid])
def test_an_award_that_is_being_paid_or_was_paid_lately_holds_its_jury(pay: Any) -> None:
    competition, *_others = judged()
    let_time_pass(competition)
    award = competition.awards.first()
    assert award is not None
    Award.objects.filter(pk=award.pk).update(payment=pay(factories.budget_line()))
    assert proposed("jurors") is None
    Award.objects.filter(pk=award.pk).update(payment=None)
    assert proposed("jurors") is not None


def test_a_juror_who_came_in_lately_is_not_due() -> None:
    competition, juror, _other, _objection = judged()
    let_time_pass(competition)
    Juror.objects.filter(pk=juror.pk).update(joined_at=timezone.now())
    run = proposed("jurors")
    assert run is not None
    assert run.found == 3


@pytest.mark.parametrize(
    "change",
    [{"note": "lain"}, {"note": None, "state": "assigned"}, {"revision": 9}],
)
def test_a_locked_sheet_loses_words_and_nothing_else(change: dict[str, Any]) -> None:
    _competition, juror, *_others = judged()
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        ScoreSheet.objects.filter(juror=juror).update(**change)


@pytest.mark.parametrize("change", [{"reason": "lain"}, {"reason": NO_NAME, "scores": {"model": "1"}}])
def test_history_of_a_sheet_loses_words_and_nothing_else(change: dict[str, Any]) -> None:
    _competition, _juror, other, _objection = judged()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        SheetEvent.objects.filter(juror=other).update(**change)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        SheetEvent.objects.filter(juror=other).delete()


def test_messages_to_the_juror_go_and_others_stay() -> None:
    competition, juror, _other, _objection = judged()
    assert Message.objects.filter(subject_type="juror", subject_id=str(juror.pk)).exists()
    let_time_pass(competition)
    carried_out("jurors")
    assert not Message.objects.filter(subject_type="juror").exists()
    Competition.objects.update(locked_at=None)  # as when the chair opens the result once more
    with pytest.raises(ValidationError) as refused:
        actions.invite_juror(juror=juror, by=cast.program_officer())
    assert refused.value.code == "juror_forgotten"

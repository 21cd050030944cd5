"""A method is declared with its money, changed with a reason, called off with one."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from budgets import actions as money
from budgets.models import Payment, Reservation
from incentives import actions
from incentives.models import Category, Competition, Criterion, Score, ScoreSheet, SheetEvent
from incentives.queries.methods import award_money_needed
from notifications.models import Message
from tests import cast, factories
from tests.budgets.money import refused, sums
from tests.incentives import made
from tests.incentives.declared import (
    PRICE,
    changed,
    dates,
    declared,
    drafted,
    in_force,
    kept,
    line_of,
    paying,
    redeclared,
    winners_are_taxed,
)
from tests.participants.crowd import at_once, outcomes

pytestmark = pytest.mark.django_db
GOOD = (80, 85, 78, 75, 90)


def declare(competition: Competition) -> Competition:
    return actions.declare_competition(competition=competition, by=cast.program_officer())


def test_a_new_competition_begins_with_the_example() -> None:
    competition = drafted()
    edition = competition.editions.get()
    weights = [(one.code, int(one.weight)) for one in edition.criteria.all()]
    assert weights == [("model", 25), ("inovasi", 20), ("pasar", 20), ("keuangan", 20), ("presentasi", 15)]
    assert all(len(one.anchors) == 4 for one in edition.criteria.all())
    assert list(edition.tiers.values_list("slots", "amount")) == [(2, 3_000_000), (2, 2_400_000), (2, 1_800_000)]
    assert (competition.state, competition.slug, edition.declared_at) == ("draft", "lomba-rintisan", None)
    assert drafted(program=competition.program).slug == "lomba-rintisan-2"


def test_declaring_keeps_the_money_of_all_awards() -> None:
    competition = declared()
    assert (kept(competition).amount, kept(competition)) == (PRICE, competition.reservation)
    assert sums(paying(competition)) == (PRICE, 0)
    assert (competition.state, in_force(competition)) == ("declared", 1)
    assert AuditEntry.objects.filter(action="competition.declared").get().changes["amount"] == PRICE


def test_awards_in_each_category_cost_as_many_times() -> None:
    program = factories.program(cast.home_agency())
    competition = drafted(line_of(program, ceiling=99_000_000), program=program)
    changed(competition, categories=["kuliner", "kriya", "jasa"], per_category=True)
    assert kept(declare(competition)).amount == 3 * PRICE


def test_net_amounts_are_kept_with_their_tax() -> None:
    """domain.md 8.5: of 3.157.894 rupiah 3.000.000 are left after 5 %."""
    winners_are_taxed()
    competition = drafted()
    changed(competition, amount_is="net", tiers=[("Juara I", 1, 3_000_000)])
    assert kept(declare(competition)).amount == 3_157_894


def test_net_amounts_need_a_tax_rule() -> None:
    competition = drafted()
    changed(competition, amount_is="net")
    refused("tax_rule_missing", action=actions.declare_competition, competition=competition, by=cast.program_officer())


def test_a_line_with_too_little_refuses_and_keeps_nothing() -> None:
    program = factories.program(cast.home_agency())
    line = line_of(program, ceiling=PRICE - 1)
    competition = drafted(line, program=program)
    refused("line_overdrawn", action=actions.declare_competition, competition=competition, by=cast.program_officer())
    competition.refresh_from_db()
    assert (competition.state, competition.reservation, sums(line)) == ("draft", None, (0, 0))


def over(competition: Competition) -> None:
    fund = competition.program.fund_source
    fund.fiscal_year -= 1
    fund.save()


WRONG: list[tuple[str, Any]] = [
    ("weights", lambda one: Criterion.objects.filter(edition__competition=one, code="model").update(weight=24)),
    ("no_tiers", lambda one: one.editions.get().tiers.all().delete()),
    ("criteria+weights", lambda one: one.editions.get().criteria.all().delete()),
    ("no_tie_breaks", lambda one: one.editions.update(tie_breaks=[])),
    ("tie_breaks", lambda one: one.editions.update(tie_breaks=["chair", "chair"])),
    ("no_categories", lambda one: one.editions.update(per_category=True)),
    ("line_missing", lambda one: changed(one, line=None)),
    ("line_elsewhere", lambda one: changed(one, line=factories.budget_line())),
    ("closes_before_opening", lambda one: one.editions.update(facts=early(one))),
    ("held_before_closing", lambda one: changed(one, held_on=timezone.localdate())),
    ("year_over", over),
    ("program_not_open", lambda one: type(one.program).objects.update(state="draft")),
    ("entries_over", lambda one: changed(one, closes_at=timezone.now() - timedelta(hours=1))),
]


def early(competition: Competition) -> dict[str, Any]:
    now = timezone.now()
    return dates(competition.line, opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=1)).as_json()


@pytest.mark.parametrize(("code", "spoil"), WRONG)
def test_what_is_wrong_is_refused_in_words(code: str, spoil: Any) -> None:
    competition = drafted()
    spoil(competition)
    competition = Competition.objects.get(pk=competition.pk)
    job = partial(actions.declare_competition, competition=competition, by=cast.program_officer())
    assert outcomes_of(job) == code
    assert Reservation.objects.count() == 0


def outcomes_of(job: Any) -> str:
    try:
        job()
    except Exception as refusal:
        return outcomes([refusal])[0]
    return "done"


def test_a_declared_competition_is_not_declared_again() -> None:
    competition = declared()
    refused(
        "competition_declared", action=actions.declare_competition, competition=competition, by=cast.program_officer()
    )
    assert Reservation.objects.count() == 1


def test_a_change_needs_a_reason_and_stands_beside_the_first_edition() -> None:
    competition = declared()
    changed(competition, reason="", minimum=60)
    refused(
        "edition_change_has_reason", action=actions.declare_change, competition=competition, by=cast.program_officer()
    )
    competition = redeclared(competition, minimum=60)
    assert list(competition.editions.values_list("version", "minimum", "reason")) == [
        (1, None, ""),
        (2, Decimal(60), "Juri meminta"),
    ]
    assert competition.edition == competition.editions.get(version=2)
    assert Reservation.objects.get().amount == PRICE


def test_a_dearer_change_takes_the_difference_and_a_cheaper_one_gives_it_back() -> None:
    competition = declared()
    line = paying(competition)
    competition = redeclared(competition, tiers=[("Juara", 4, 5_000_000)])
    assert sums(line) == (20_000_000, 0)
    competition = redeclared(competition, tiers=[("Juara", 1, 1_000_000)])
    assert sums(line) == (1_000_000, 0)
    changed(competition, tiers=[("Juara", 5, 5_000_000)])
    refused("line_overdrawn", action=actions.declare_change, competition=competition, by=cast.program_officer())
    competition.refresh_from_db()
    assert (sums(line), in_force(competition)) == ((1_000_000, 0), 3)
    assert list(Reservation.objects.filter(released_at=None).values_list("pk", flat=True)) == [
        competition.reservation_id
    ]


def test_a_change_may_take_another_line_and_another_day() -> None:
    competition = declared()
    first = paying(competition)
    other, day = line_of(competition.program), timezone.localdate() + timedelta(days=20)
    competition = redeclared(competition, line=other, held_on=day)
    assert (sums(first), sums(other)) == ((0, 0), (PRICE, 0))
    assert (competition.line, competition.held_on) == (other, day)
    told = [edition.facts["held_on"] for edition in competition.editions.order_by("version")]
    assert told == [(day - timedelta(days=10)).isoformat(), day.isoformat()]


def scored(competition: Competition, *, state: str = "submitted") -> ScoreSheet:
    sheet = made.sheet(made.juror(competition), made.entry(competition), GOOD, state=state)
    Competition.objects.filter(pk=competition.pk).update(first_score_at=timezone.now())
    return sheet


def test_new_weights_leave_submitted_sheets_submitted() -> None:
    competition = declared()
    sheet = scored(competition)
    competition = redeclared(competition, weights={"model": 30, "presentasi": 10})
    sheet.refresh_from_db()
    assert (sheet.state, sheet.revision, sheet.edition) == ("submitted", 0, competition.edition)
    assert [score.value for score in sheet.scores.all()] == list(GOOD)
    assert {score.criterion.edition_id for score in sheet.scores.all()} == {competition.edition_id}
    assert SheetEvent.objects.count() == 0


def test_other_criteria_send_submitted_sheets_back_with_the_scores_that_still_fit() -> None:
    competition = declared()
    sheet, begun = scored(competition), scored(competition, state="draft")
    edition = changed(competition, reason="Skala keuangan 1-5")
    edition.criteria.filter(code="keuangan").update(lowest=1, highest=5)
    edition.criteria.filter(code="presentasi").update(code="panggung")
    actions.declare_change(competition=competition, by=cast.program_officer())
    for one in (sheet, begun):
        one.refresh_from_db()
        assert (one.state, one.revision, one.edition) == ("draft", 1, edition)
        assert [(each.criterion.code, int(each.value)) for each in one.scores.all()] == [
            ("model", 80),
            ("inovasi", 85),
            ("pasar", 78),
        ]
    event = SheetEvent.objects.get()
    assert (event.sheet, event.kind, event.reason, event.user) == (
        sheet,
        "reopened",
        "Skala keuangan 1-5",
        cast.program_officer(),
    )
    assert event.scores == {
        "model": "80.00",
        "inovasi": "85.00",
        "pasar": "78.00",
        "keuangan": "75.00",
        "presentasi": "90.00",
    }


@pytest.mark.parametrize("state", ["assigned", "recused", "abstained"])
def test_sheets_that_do_not_count_keep_their_state(state: str) -> None:
    competition = declared()
    sheet = made.sheet(made.juror(competition), made.entry(competition))
    ScoreSheet.objects.filter(pk=sheet.pk).update(state=state)
    edition = changed(competition)
    edition.criteria.filter(code="model").update(name="Usaha")
    actions.declare_change(competition=competition, by=cast.program_officer())
    sheet.refresh_from_db()
    assert (sheet.state, sheet.edition, SheetEvent.objects.count()) == (state, edition, 0)


def test_nothing_changes_after_the_lock() -> None:
    competition = declared()
    changed(competition)
    sheet = scored(competition)
    Competition.objects.update(locked_at=timezone.now())
    by = cast.program_officer()
    refused("result_locked", action=actions.declare_change, competition=competition, by=by)
    refused("result_locked", action=actions.discard_change, competition=competition, by=by)
    refused("result_locked", action=actions.cancel_competition, competition=competition, reason="Batal", by=by)
    assert Score.objects.filter(sheet=sheet).count() == 5


def test_a_change_is_discarded_and_nothing_is_left_of_it() -> None:
    competition = declared()
    changed(competition)
    by = cast.program_officer()
    actions.discard_change(competition=competition, by=by)
    assert competition.editions.count() == 1
    refused("no_change", action=actions.discard_change, competition=competition, by=by)
    refused("no_change", action=actions.declare_change, competition=competition, by=by)


def test_a_change_may_not_leave_pitches_without_their_category() -> None:
    competition = drafted()
    changed(competition, categories=["kuliner", "kriya"])
    competition, by = declare(competition), cast.program_officer()
    pitch = made.entry(competition, category="kuliner")
    changed(competition, categories=["kriya"])
    refused("category_in_use", action=actions.declare_change, competition=competition, by=by)
    changed(competition, categories=["kuliner"], per_category=True)
    made.entry(competition)
    refused("entries_without_category", action=actions.declare_change, competition=competition, by=by)
    type(pitch).objects.filter(category="").update(category="kuliner")
    actions.declare_change(competition=competition, by=by)
    assert Category.objects.filter(edition__version=2).count() == 1


def test_calling_off_gives_the_money_back() -> None:
    competition, by = declared(), cast.program_officer()
    line = paying(competition)
    refused(
        "competition_cancelled_has_reason",
        action=actions.cancel_competition,
        competition=competition,
        reason=" ",
        by=by,
    )
    competition = actions.cancel_competition(competition=competition, reason="Dana dialihkan", by=by)
    assert (competition.state, competition.cancelled_reason, sums(line)) == ("cancelled", "Dana dialihkan", (0, 0))
    refused("competition_over", action=actions.cancel_competition, competition=competition, reason="Lagi", by=by)
    refused("competition_over", action=actions.declare_change, competition=competition, by=by)


def test_calling_off_tells_everybody_whose_pitch_still_stood() -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    competition = declared(line_of(batch.program), program=batch.program)
    standing, gone = (made.entry(competition, made.participant(batch)) for _number in range(2))
    type(gone).objects.filter(pk=gone.pk).update(state="withdrawn")
    actions.cancel_competition(competition=competition, reason="Dana dialihkan", by=cast.program_officer())
    told = Message.objects.get(kind="pitch_called_off")
    assert told.subject_id == str(standing.registration_id)
    assert "Dana dialihkan" in told.body


def test_nothing_is_called_off_or_made_cheaper_while_awards_are_being_paid() -> None:
    competition = declared()
    line = paying(competition)
    payee = factories.payee_account(line.fund.agency)
    money.propose_payment(
        line=line,
        payee=payee,
        payee_name=payee.payee_name,
        gross=3_000_000,
        kind="award",
        purpose="Juara I",
        reference="award:1",
        reservation=kept(competition),
        by=cast.activity_officer(),
    )
    by = cast.program_officer()
    refused("competition_being_paid", action=actions.cancel_competition, competition=competition, reason="Batal", by=by)
    changed(competition, tiers=[("Juara", 1, 1_000_000)])
    refused("competition_being_paid", action=actions.declare_change, competition=competition, by=by)
    assert (Payment.objects.count(), sums(line)) == (1, (PRICE, 0))


def test_money_of_an_edition_without_tax_is_the_sum_of_its_tiers() -> None:
    edition = drafted().editions.get()
    winners_are_taxed()
    assert award_money_needed(edition, cast.home_agency()) == PRICE


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_declare_at_once_and_money_is_kept_once() -> None:
    competition, by = drafted(), cast.program_officer()
    answers = outcomes(at_once([partial(actions.declare_competition, competition=competition, by=by)] * 8))
    assert sorted(answers) == ["competition_declared"] * 7 + ["done"]
    assert (Reservation.objects.count(), sums(paying(competition))) == (1, (PRICE, 0))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_declare_a_change_at_once_and_money_is_kept_once() -> None:
    competition, by = declared(), cast.program_officer()
    changed(competition, tiers=[("Juara", 2, 8_000_000)])
    answers = outcomes(at_once([partial(actions.declare_change, competition=competition, by=by)] * 8))
    assert sorted(answers) == ["done"] + ["no_change"] * 7
    assert Reservation.objects.filter(released_at=None).count() == 1
    assert sums(paying(competition)) == (16_000_000, 0)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_competitions_that_share_a_line_never_take_more_than_it_has() -> None:
    program, by = factories.program(cast.home_agency()), cast.program_officer()
    line = line_of(program, ceiling=3 * PRICE)
    competitions = [drafted(line, program=program) for _number in range(6)]
    jobs = [partial(actions.declare_competition, competition=one, by=by) for one in competitions]
    assert sorted(outcomes(at_once(jobs))) == ["done"] * 3 + ["line_overdrawn"] * 3
    assert sums(line) == (3 * PRICE, 0)

"""Ties, the lock, and what may follow it."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from budgets.actions import load_money_lists
from incentives import actions
from incentives.models import Award, Conflict, Entry
from incentives.queries.facts import Facts, facts_of
from incentives.queries.progress import Progress
from incentives.rules import order_by_lot, shown
from programs.models import Batch
from tests import cast
from tests.budgets.money import refused
from tests.incentives import decided, made

pytestmark = pytest.mark.django_db


def test_facts_give_the_worked_example_to_the_digit() -> None:
    of, _chair, entries = decided.example()
    outcome = facts_of(of).outcome
    finals = {name: str(shown(outcome.of(entry.pk).final)) for name, entry in entries.items()}
    assert finals == {"B": "80.38", "A": "79.95", "C": "72.33"}
    assert [one.entry for one in outcome.winners] == [entries["B"].pk, entries["A"].pk, entries["C"].pk]
    assert [one.tier for one in outcome.winners] == ["1", "1", "2"]


@pytest.mark.parametrize("count", [1, 12])
def test_facts_are_read_in_a_fixed_number_of_queries(count: int, batch: Batch, django_assert_num_queries: Any) -> None:
    of = made.competition(batch, excluded_years=2)
    decided.scored(of, decided.jury(of), *range(50, 50 + count), batch=batch)
    of = type(of).objects.select_related("edition", "program__agency").get(pk=of.pk)
    with django_assert_num_queries(7):
        facts_of(of)


def test_facts_leave_out_training_and_whoever_was_never_judged() -> None:
    of = made.competition()
    jurors = decided.jury(of)
    [stood, left] = decided.scored(of, jurors, 80, 90)
    training = made.entry(of, is_training=True)
    made.sheet(jurors[0], training, decided.same(99))
    made.entry(of, state="withdrawn")
    made.entry(of, state="refused")
    Entry.objects.filter(pk=left.pk).update(state="withdrawn")
    facts = facts_of(of)
    assert [(one.entry, one.state) for one in facts.contestants] == [(stood.pk, "standing"), (left.pk, "withdrawn")]
    assert {sheet.entry for sheet in facts.sheets} == {stood.pk, left.pk}


def test_facts_compare_households_without_keeping_them(batch: Batch) -> None:
    of = made.competition(batch)
    first, second, alone = decided.scored(of, decided.jury(of), 90, 80, 70, batch=batch)
    Entry.objects.filter(pk__in=[first.pk, second.pk]).update(household_hash="a" * 64)
    Entry.objects.filter(pk=alone.pk).update(household_hash="b" * 64, business_key="ROTI")
    facts = facts_of(of)
    assert [one.household for one in facts.contestants] == [f"entry:{first.pk}", f"entry:{first.pk}", ""]
    assert {one.person for one in facts.contestants} == {""}
    assert facts.outcome.of(second.pk).verdict == "second_household"
    assert "aaaa" not in str(facts.as_json())
    assert Facts.from_json(facts.as_json()).sha256 == facts.sha256


def test_former_winners_are_scored_and_do_not_win(batch: Batch) -> None:
    held = timezone.localdate()
    earlier = made.competition(batch)
    registration = made.participant(batch)
    past = made.entry(earlier, registration)
    for juror in (jurors := decided.jury(earlier)):
        made.sheet(juror, past, decided.same(80))
    decided.begun(earlier)
    type(earlier).objects.filter(pk=earlier.pk).update(held_on=held.replace(year=held.year - 1, day=1))
    actions.lock_result(competition=earlier, chair=jurors[0], by=None)
    for years, verdict in ((0, "winner"), (1, "excluded")):
        now = made.competition(batch, excluded_years=years)
        again = made.entry(now, registration)
        for juror in decided.jury(now):
            made.sheet(juror, again, decided.same(80))
        assert facts_of(now).outcome.of(again.pk).verdict == verdict


def test_lock_keeps_everything_and_names_the_winners() -> None:
    of, chair, entries = decided.example()
    result = actions.lock_result(competition=of, chair=chair, by=None)
    of.refresh_from_db()
    assert of.locked_at is not None
    assert (result.version, result.sha256, result.chair) == (1, facts_of(of).sha256, chair)
    assert Facts.from_json(result.inputs).outcome.as_json() == result.outcome
    rows = Award.objects.order_by("tier__position", "slot").values_list("entry", "tier__label", "slot", "gross")
    assert list(rows) == [
        (entries["B"].pk, "Juara I", 1, 3_000_000),
        (entries["A"].pk, "Juara I", 2, 3_000_000),
        (entries["C"].pk, "Juara II", 1, 2_400_000),
    ]
    line = AuditEntry.objects.get(action="result.locked")
    assert (line.actor, line.changes["sha256"].replace(":", "")) == (None, result.sha256)
    assert chair.name in line.actor_label
    assert actions.lock_result(competition=of, chair=chair, by=None) == result


def test_lock_waits_for_sheets_conflicts_and_a_chair() -> None:
    of = made.competition()
    jurors = decided.jury(of)
    refused("no_scores", action=actions.lock_result, competition=of, chair=jurors[0], by=None)
    [pitch] = decided.scored(of, jurors, 80)
    late = made.entry(of)
    sheets = [made.sheet(juror, late) for juror in jurors]
    refused("sheets_missing", action=actions.lock_result, competition=of, chair=jurors[0], by=None)
    type(sheets[0]).objects.filter(entry=late).update(state="recused")
    refused("not_scored", action=actions.lock_result, competition=of, chair=jurors[0], by=None)
    Entry.objects.filter(pk=late.pk).update(absent_at=timezone.now())
    made_conflict = Conflict.objects.create(juror=jurors[1], entry=pitch, kind="region", state="suggested")
    refused("conflicts_open", action=actions.lock_result, competition=of, chair=jurors[0], by=None)
    made_conflict.delete()
    refused("not_chair", action=actions.lock_result, competition=of, chair=jurors[1], by=None)
    assert actions.lock_result(competition=of, chair=jurors[0], by=None).version == 1


def test_lock_waits_until_a_tie_across_a_border_is_decided() -> None:
    of = made.competition(tie_breaks=["lot", "chair"])
    jurors = decided.jury(of)
    first, *tied = decided.scored(of, jurors, 90, 80, 80)
    keys = [entry.pk for entry in tied]
    call: dict[str, Any] = {"competition": of, "chair": jurors[0], "by": None}
    refused("ties_open", action=actions.lock_result, **call)
    [found] = Progress(of).tied()
    assert (found["entries"], found["at_stake"]) == (tied, ["Juara I", "Juara II"])
    decide: dict[str, Any] = call | {"entries": keys[::-1], "way": "chair", "reason": "Musyawarah"}
    refused("reason_missing", action=actions.decide_tie, **(decide | {"reason": " "}))
    refused("no_such_tie", action=actions.decide_tie, **(decide | {"entries": [first.pk, *keys]}))
    refused("way_not_declared", action=actions.decide_tie, **(decide | {"way": "dice"}))
    actions.decide_tie(**decide)
    refused("no_such_tie", action=actions.decide_tie, **decide)
    actions.lock_result(**call)
    assert list(Award.objects.values_list("entry", "tier__label")) == [
        (first.pk, "Juara I"),
        (keys[1], "Juara I"),
        (keys[0], "Juara II"),
    ]


def test_lot_is_drawn_from_a_seed_that_is_kept() -> None:
    of = made.competition(tie_breaks=["lot"])
    jurors = decided.jury(of)
    tied = [entry.pk for entry in decided.scored(of, jurors, 90, 80, 80)[1:]]
    call: dict[str, Any] = {"competition": of, "chair": jurors[0], "by": None, "reason": "Undian di depan peserta"}
    decision = actions.decide_tie(entries=tied, way="lot", **call)
    assert tuple(decision.entries) == order_by_lot(decision.seed, tied, "tie")
    assert len(decision.seed) == 32


def test_reopen_ends_awards_and_the_next_lock_is_a_new_version() -> None:
    of, chair, _entries = decided.example()
    call: dict[str, Any] = {"competition": of, "chair": chair, "by": None}
    refused("not_locked", action=actions.reopen_result, reason="x", **call)
    first = actions.lock_result(**call)
    refused("reason_missing", action=actions.reopen_result, reason="", **call)
    actions.reopen_result(reason="Satu nilai salah ketik", **call)
    of.refresh_from_db()
    assert (of.locked_at, Award.objects.standing().count()) == (None, 0)
    refused("reason_missing", action=actions.lock_result, **call)
    second = actions.lock_result(reason="Nilai diperbaiki", **call)
    assert (second.version, second.sha256) == (2, first.sha256)
    assert Award.objects.standing().count() == 3


def test_withdrawal_after_the_lock_moves_the_reserve_up() -> None:
    of = made.competition()
    jurors = decided.jury(of)
    pitches = decided.scored(of, jurors, 99, 95, 90, 85, 80, 75, 70)
    actions.lock_result(competition=of, chair=jurors[0], by=None)
    call: dict[str, Any] = {"entry": pitches[0], "state": "disqualified", "by": cast.program_officer()}
    refused("reason_missing", action=actions.remove_entry, reason="", **call)
    result = actions.remove_entry(reason="Data usaha tidak benar", **call)
    assert (result.version, result.outcome["entries"][-1]["verdict"]) == (2, "disqualified")
    held = Award.objects.standing().values_list("entry", "tier__position", "slot")
    assert sorted(held) == sorted(
        [
            (pitches[1].pk, 1, 2),
            (pitches[2].pk, 1, 1),
            (pitches[3].pk, 2, 2),
            (pitches[4].pk, 2, 1),
            (pitches[5].pk, 3, 2),
            (pitches[6].pk, 3, 1),
        ]
    )
    assert set(Award.objects.exclude(ended_at=None).values_list("ended_reason", flat=True)) == {
        "Data usaha tidak benar"
    }
    refused("entry_moved", action=actions.remove_entry, reason="x", **call)


def test_net_amounts_are_grossed_up() -> None:
    load_money_lists(by=None)
    of, chair, _entries = decided.example(amount_is="net")
    actions.lock_result(competition=of, chair=chair, by=None)
    assert list(Award.objects.values_list("gross", flat=True)) == [3_157_894, 3_157_894, 2_526_315]

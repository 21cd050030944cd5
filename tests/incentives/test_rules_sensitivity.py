from dataclasses import replace
from decimal import Decimal

import pytest

from incentives.rules import Contestant, Method, Sheet, TieDecision, Variant, compute, fingerprint, sensitivity
from tests.incentives import judged
from tests.incentives.judged import PLAIN, TWO_SLOTS

METHOD = replace(PLAIN, tiers=TWO_SLOTS)
# Entry 1 leads by the mean because of juror 1 alone.
SHEETS = judged.totals({1: [99, 70, 70, 70], 2: [71, 78, 78, 78], 3: [70, 75, 75, 75], 4: [69, 71, 71, 71]})
FIELD = judged.field([1, 2, 3, 4])


def line(found: tuple[Variant, ...], **wanted: object) -> Variant:
    [one] = [one for one in found if all(getattr(one, name) == value for name, value in wanted.items())]
    return one


def test_sensitivity_has_a_line_for_each_other_method_and_each_juror() -> None:
    found = sensitivity(METHOD, SHEETS, FIELD)
    assert [(one.kind, one.aggregation, one.juror) for one in found] == [
        ("aggregation", "trimmed_mean", None),
        ("aggregation", "median", None),
        ("severity", "", None),
        *[("juror", "", juror) for juror in (1, 2, 3, 4)],
    ]


def test_sensitivity_tells_who_would_win_instead() -> None:
    assert {one.entry: one.tier for one in compute(METHOD, SHEETS, FIELD).winners} == {1: "1", 2: "2"}
    found = sensitivity(METHOD, SHEETS, FIELD)
    changed = Variant("aggregation", "median", won=(3,), lost=(1,), moved=((2, "2", "1"),))
    assert line(found, aggregation="median") == changed
    assert line(found, juror=1) == replace(changed, kind="juror", aggregation="", juror=1)
    assert line(found, juror=2).changes_anything is False
    assert line(found, kind="severity").changes_anything is False


def test_sensitivity_is_what_compute_gives_by_the_other_method_or_without_the_juror() -> None:
    found = sensitivity(METHOD, SHEETS, FIELD)
    now = {one.entry for one in compute(METHOD, SHEETS, FIELD).winners}
    for one in found:
        method = replace(METHOD, aggregation=one.aggregation or METHOD.aggregation)
        left = [sheet for sheet in SHEETS if sheet.juror != one.juror]
        then = {entry.entry for entry in compute(method, left, FIELD).winners}
        assert (set(one.won), set(one.lost)) == (then - now, now - then)


def test_sensitivity_by_severity_shows_who_met_severe_jurors() -> None:
    """Juror 2 gives twenty less. By the mean entry 3 stands behind 1 only because it met juror 2 alone."""
    sheets = judged.totals({1: [80, None], 2: [70, 50], 3: [None, 65]})
    method = replace(PLAIN, tiers=TWO_SLOTS[:1])
    assert [one.entry for one in compute(method, sheets, judged.field([1, 2, 3])).winners] == [1]
    found = line(sensitivity(method, sheets, judged.field([1, 2, 3])), kind="severity")
    assert (found.won, found.lost, found.is_computable) == ((3,), (1,), True)


def test_sensitivity_by_severity_is_not_computable_in_parts() -> None:
    sheets = judged.totals({1: [80, None], 2: [None, 65]})
    found = line(sensitivity(METHOD, sheets, judged.field([1, 2])), kind="severity")
    assert found == Variant("severity", is_computable=False)


def test_sensitivity_tells_ties_that_a_variant_would_leave_open() -> None:
    sheets = judged.totals({1: [80, 80, 83], 2: [80, 80, 80]})
    found = line(sensitivity(METHOD, sheets, judged.field([1, 2])), aggregation="median")
    assert (found.won, found.lost, found.moved, found.undecided) == ((), (), (), (1, 2))
    assert found.changes_anything
    assert not found.changes_winners


def test_sensitivity_calls_nobody_a_new_winner_who_is_in_a_tie_still_open() -> None:
    sheets = judged.totals({1: [80, 80, 80], 2: [70, 85, 85]})
    assert not compute(METHOD, sheets, judged.field([1, 2])).may_be_locked
    found = line(sensitivity(METHOD, sheets, judged.field([1, 2])), aggregation="median")
    assert not found.changes_anything


def changed(what: str) -> tuple[Method, list[Sheet], list[Contestant], list[TieDecision]]:
    method, sheets, field = METHOD, list(SHEETS), list(FIELD)
    decisions: list[TieDecision] = []
    if what == "method":
        method = replace(method, tie_breaks=("lot",))
    elif what == "score":
        sheets[0] = replace(sheets[0], scores={"all": sheets[0].scores["all"] - 1})
    elif what == "state":
        sheets.append(Sheet(9, 1, "recused"))
    elif what == "contestant":
        field[3] = replace(field[3], excluded="won in 2025")
    elif what == "decision":
        decisions = [TieDecision((1, 2), "chair")]
    return method, sheets, field, decisions


@pytest.mark.parametrize("what", ["method", "score", "state", "contestant", "decision"])
def test_fingerprint_changes_with_whatever_it_rests_on(what: str) -> None:
    assert fingerprint(*changed(what)) != fingerprint(METHOD, SHEETS, FIELD)


def test_fingerprint_does_not_depend_on_how_a_number_was_typed_or_on_drafts() -> None:
    typed = [replace(one, scores={"all": Decimal(f"{one.scores['all']}.00")}) for one in SHEETS]
    drafts = [Sheet(9, 1, "draft", {"all": SHEETS[0].scores["all"]}), Sheet(9, 1, "draft", {})]
    assert fingerprint(METHOD, typed, FIELD) == fingerprint(METHOD, SHEETS, FIELD)
    first, second = (fingerprint(METHOD, [*SHEETS, draft], FIELD) for draft in drafts)
    assert first == second


def test_fingerprint_of_the_worked_example_stays() -> None:
    """Minutes print it: whoever changes what is hashed raises `FORM`, and printed numbers need the older code."""
    found = fingerprint(judged.METHOD, judged.example(), judged.field(judged.EXAMPLE))
    assert found == "b05ae95ead9bccc9d83a495a550e69974eb0d044c4b01f0ef3e683181506006a"

"""Order and times of the presentations, suggested conflicts, lots and money of the awards."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from budgets.rules import Rate, TaxTerms
from incentives.rules import (
    Party,
    Rhythm,
    Suggestion,
    Tier,
    award_money,
    business_key,
    compute,
    money_to_reserve,
    order_by_lot,
    suggestions,
    timetable,
)
from tests.incentives import judged

AWARDS = json.loads((Path(__file__).parents[1] / "data" / "test_vectors.json").read_text())["awards"]
WIB = ZoneInfo("Asia/Jakarta")
TERMS = TaxTerms((Rate(60_000_000, Decimal(5)), Rate(None, Decimal(15))))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=WIB)


RHYTHM = Rhythm(at(8), at(12), presentation=10, questions=5, change=5)


def test_timetable_from_begin_with_change_between() -> None:
    found = timetable([7, 3, 5], RHYTHM)
    assert [(slot.entry, slot.begin, slot.questions, slot.end) for slot in found.slots] == [
        (7, at(8), at(8, 10), at(8, 15)),
        (3, at(8, 20), at(8, 30), at(8, 35)),
        (5, at(8, 40), at(8, 50), at(8, 55)),
    ]
    assert found.left_out == ()


def test_timetable_runs_into_no_break_and_not_past_the_end() -> None:
    rests = ((at(11, 30), at(12)), (at(8, 30), at(9)))
    found = timetable(range(12), replace(RHYTHM, breaks=rests, end=at(10, 15)))
    assert [(slot.begin.hour, slot.begin.minute) for slot in found.slots] == [(8, 0), (9, 0), (9, 20), (9, 40), (10, 0)]
    assert found.slots[-1].end == at(10, 15)
    assert found.left_out == tuple(range(5, 12))


def test_timetable_takes_breaks_that_touch_or_overlap() -> None:
    rests = ((at(9), at(9, 30)), (at(8, 40), at(9)), (at(8, 15), at(8, 45)))
    found = timetable([1, 2], replace(RHYTHM, breaks=rests))
    assert [slot.begin for slot in found.slots] == [at(8), at(9, 30)]


@pytest.mark.parametrize("changes", [{"presentation": 0}, {"questions": -1}, {"change": -1}])
def test_timetable_refuses_times_that_cannot_be(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least a minute"):
        timetable([1], replace(RHYTHM, **changes))  # type: ignore[arg-type]  # a field by its name


def test_timetable_of_every_length_overlaps_nothing() -> None:
    rest = (at(9, 50), at(10, 20))
    for minutes in range(1, 60):
        found = timetable(range(40), replace(RHYTHM, presentation=minutes, breaks=(rest,)))
        assert [slot.entry for slot in found.slots] + list(found.left_out) == list(range(40))
        for before, after in zip(found.slots, found.slots[1:], strict=False):
            assert after.begin - before.end >= timedelta(minutes=5)
        assert all(slot.end <= rest[0] or slot.begin >= rest[1] for slot in found.slots)
        assert all(slot.end <= RHYTHM.end for slot in found.slots)


def test_order_by_lot_is_recomputed_with_a_hash_alone() -> None:
    found = order_by_lot("seed", range(1, 40), "words")
    lots = {number: hashlib.sha256(f"seed:words:{number}".encode()).hexdigest() for number in range(1, 40)}
    assert list(found) == sorted(lots, key=lots.__getitem__)
    assert order_by_lot("seed", reversed(range(1, 40)), "words") == found
    assert order_by_lot("other", range(1, 40), "words") != found


def test_order_by_lot_of_fewer_keeps_their_order() -> None:
    assert order_by_lot("seed", [3, 1]) == tuple(n for n in order_by_lot("seed", range(9)) if n in (1, 3))


def test_suggestions_by_identity_household_business_and_region() -> None:
    jurors = [Party(1, "hash", "33.75.01.1001", "kk", "UD. Sari Rasa"), Party(2, region="33.75.01.1002")]
    entries = [
        Party(10, identity="hash"),
        Party(11, household="kk", region="33.75.01.1001"),
        Party(12, business="Sari Rasa"),
        Party(13, region="33.75.01.1002", business="Sari Rasa Baru"),
        Party(14),
    ]
    assert suggestions(jurors, reversed(entries)) == [
        Suggestion(1, 10, "identity"),
        Suggestion(1, 11, "household"),
        Suggestion(1, 11, "region"),
        Suggestion(1, 12, "business"),
        Suggestion(2, 13, "region"),
    ]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("UD. Sari Rasa", "SARI RASA"),
        ("sari-rasa", "SARI RASA"),
        ("PT Sari Rasa, Tbk", "SARI RASA"),
        ("Toko", "TOKO"),
        ("", ""),
        ("...", ""),
    ],
)
def test_business_key(name: str, key: str) -> None:
    assert business_key(name) == key


def test_money_of_the_six_awards() -> None:
    sheets = judged.totals({entry: [90 - entry] for entry in range(6)})
    outcome = compute(judged.PLAIN, sheets, judged.field(range(6)))
    money = [award_money(one.amount, TERMS) for one in outcome.winners]
    assert [one.tax for one in money] == AWARDS["tax_5pct"]
    assert sum(one.gross for one in money) == AWARDS["gross_total"] == money_to_reserve(judged.PLAIN, TERMS)
    assert sum(one.tax for one in money) == AWARDS["tax_total"]
    assert sum(one.net for one in money) == AWARDS["net_total"]


def test_money_of_an_award_that_is_net() -> None:
    """domain.md 8.5: 3.157.894 gross, of which 157.894 tax, leave 3.000.000."""
    money = award_money(3_000_000, TERMS, is_net=True)
    assert (money.gross, money.tax, money.net) == (3_157_894, 157_894, 3_000_000)


def test_money_without_a_tax_number() -> None:
    """domain.md 8.5: 6 % instead of 5 where the surcharge is on."""
    terms = replace(TERMS, surcharge_percent=Decimal(20))
    taxes = [award_money(tier.amount, terms, has_tax_number=False).tax for tier in judged.TIERS]
    assert taxes == [180_000, 144_000, 108_000]
    net = money_to_reserve(judged.PLAIN, terms, is_net=True)
    assert net == sum(2 * award_money(t.amount, terms, is_net=True, has_tax_number=False).gross for t in judged.TIERS)
    assert net > money_to_reserve(judged.PLAIN, TERMS, is_net=True)


def test_money_to_reserve_for_each_category() -> None:
    tiers = (Tier("all", "", 2, 500), Tier("food", "", 1, 300, "food"))
    method = replace(judged.PLAIN, tiers=tiers, per_category=True)
    assert money_to_reserve(method, TERMS, categories=["food", "craft", "food"]) == 2 * 1000 + 300

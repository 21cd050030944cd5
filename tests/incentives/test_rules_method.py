import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from incentives.rules import Criterion, Method, Tier, compute, shown
from incentives.rules.method import plain
from tests.incentives import judged


@pytest.mark.parametrize(
    "method",
    [
        judged.METHOD,
        replace(judged.METHOD, minimum=None, aggregation="median", per_category=True, one_per_household=True),
        replace(judged.METHOD, tiers=(Tier("1", "Juara I", 1, 1, "food"),), outlier_gap=Decimal("7.50")),
    ],
)
def test_method_comes_back_from_json(method: Method) -> None:
    assert Method.from_json(json.loads(json.dumps(method.as_json()))) == method


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, ()),
        ({"criteria": ()}, ("criteria", "weights")),
        ({"criteria": (Criterion("a", Decimal(99)),)}, ("weights",)),
        ({"criteria": (Criterion("a", Decimal(101)), Criterion("b", Decimal(-1)))}, ("weights",)),
        ({"criteria": (Criterion("a", Decimal(50)), Criterion("a", Decimal(50)))}, ("criteria",)),
        ({"criteria": (Criterion("a", Decimal(100), Decimal(5), Decimal(5)),)}, ("scales",)),
        ({"criteria": (Criterion("a", Decimal(100), Decimal(-1)),)}, ("scales",)),
        ({"aggregation": "mode"}, ("aggregation",)),
        ({"tie_breaks": ("luck",)}, ("tie_breaks",)),
        ({"tie_breaks": ("lot", "lot")}, ("tie_breaks",)),
        ({"tiers": (Tier("1", "", 0, 5),)}, ("tiers",)),
        ({"tiers": (Tier("1", "", 1, 5), Tier("1", "", 1, 5))}, ("tiers",)),
        ({"tiers": (Tier("1", "", 1, 5, "food"),)}, ("categories",)),
        ({"tiers": (Tier("1", "", 1, 5, "food"),), "per_category": True}, ()),
        ({"outlier_gap": Decimal(-1)}, ("numbers",)),
        ({"minimum": Decimal(-1)}, ("numbers",)),
    ],
)
def test_faults_tell_each_by_its_code(changes: dict[str, object], faults: tuple[str, ...]) -> None:
    method = replace(judged.METHOD, **changes)  # type: ignore[arg-type]  # a field by its name
    assert method.faults() == faults


def test_compute_refuses_a_method_with_faults() -> None:
    with pytest.raises(ValueError, match="the method has faults: aggregation"):
        compute(replace(judged.METHOD, aggregation="mode"), [], [])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(80385, 1000), "80.39"),
        (Fraction(80384999, 1000000), "80.38"),
        (Fraction(1447, 18), "80.39"),
        (Fraction(-5, 1000), "-0.01"),
        (Fraction(0), "0.00"),
        (Fraction(100), "100.00"),
    ],
)
def test_shown_is_half_up(value: Fraction, text: str) -> None:
    assert str(shown(value)) == text


def test_shown_of_nothing_is_nothing() -> None:
    assert shown(None) is None


@pytest.mark.parametrize(
    ("typed", "written"),
    [("80", "80"), ("80.0", "80"), ("80.50", "80.5"), ("100", "100"), ("1E+2", "100"), ("0.00", "0")],
)
def test_plain_writes_a_number_one_way(typed: str, written: str) -> None:
    assert plain(Decimal(typed)) == written

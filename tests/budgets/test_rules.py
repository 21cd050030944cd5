import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules import (
    AmountError,
    CodeError,
    Rate,
    TaxTerms,
    code_key,
    gross_up,
    parse_account_code,
    parse_rupiah,
    parse_sub_activity_code,
    tax_on,
)

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "test_vectors.json").read_text())
ARTICLE_17 = (
    Rate(60_000_000, Decimal(5)),
    Rate(250_000_000, Decimal(15)),
    Rate(500_000_000, Decimal(25)),
    Rate(5_000_000_000, Decimal(30)),
    Rate(None, Decimal(35)),
)
FULL = TaxTerms(ARTICLE_17)
HALF = TaxTerms(ARTICLE_17, base_percent=Decimal(50))
WITH_SURCHARGE = TaxTerms(ARTICLE_17, surcharge_percent=Decimal(20))


@pytest.mark.parametrize(
    "text", ["2.07.03.2.01.0001", "2.07.03.02.01.0001", "2.07.03.2.01.01", " 2.07.03 2.01.0001 ", "2,07,03,2,01,1"]
)
def test_sub_activity_code_has_one_key(text: str) -> None:
    assert parse_sub_activity_code(text) == "2.7.3.2.1.1"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" . ", "empty"),
        ("2.07.03.2.01.A001", "letters"),
        ("２.07.03.2.01.0001", "letters"),
        ("2.07.03.2.01", "parts"),
        ("2.07.03.2.01.0001.1", "parts"),
        ("2.07.03.22.01.0001", "long"),
        ("2.07.03.2.01.12345", "long"),
    ],
)
def test_sub_activity_code_is_refused(text: str, why: str) -> None:
    with pytest.raises(CodeError) as refused:
        parse_sub_activity_code(text)
    assert refused.value.code == why


def test_account_code_is_not_a_sub_activity() -> None:
    assert (parse_account_code("5.1.02.05.01.0001"), code_key("5.1.02.05")) == ("5.1.2.5.1.1", "5.1.2.5")
    with pytest.raises(CodeError, match="long"):
        parse_account_code("5.10.02.05.01.0001")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2400000", 2_400_000),
        ("2.400.000", 2_400_000),
        ("Rp2.400.000", 2_400_000),
        ("Rp 2.400.000,-", 2_400_000),
        ("Rp. 2.400.000,00", 2_400_000),
        ("2.400.000,0", 2_400_000),
        ("0", 0),
        ("999.999.999.999.999", 999_999_999_999_999),
    ],
)
def test_amount_is_read_as_people_write_it(text: str, amount: int) -> None:
    assert parse_rupiah(text) == amount


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("Rp", "empty"),
        ("-", "empty"),
        ("-500", "negative"),
        ("(500)", "negative"),
        ("2,400", "ambiguous"),
        ("2,400,000", "ambiguous"),
        ("2400.50", "ambiguous"),
        ("2.40.000", "unreadable"),
        ("dua juta", "unreadable"),
        ("１２３", "unreadable"),
        ("2.400,50", "cents"),
        ("1.000.000.000.000.000", "large"),
        ("=1+1", "unreadable"),
    ],
)
def test_amount_is_refused(text: str, why: str) -> None:
    with pytest.raises(AmountError) as refused:
        parse_rupiah(text)
    assert refused.value.code == why


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_amount_comes_back_from_both_spellings(amount: int) -> None:
    dotted = f"Rp{amount:,}".replace(",", ".")
    assert (parse_rupiah(str(amount)), parse_rupiah(dotted), parse_rupiah(f"{dotted},00")) == (amount,) * 3


def test_tax_of_the_six_awards() -> None:
    awards = VECTORS["awards"]
    gross = [amount for _rank, slots, amount in awards["scheme"] for _ in range(slots)]
    taxes = [tax_on(amount, FULL) for amount in gross]
    assert taxes == awards["tax_5pct"]
    assert (sum(gross), sum(taxes), sum(gross) - sum(taxes)) == (
        awards["gross_total"],
        awards["tax_total"],
        awards["net_total"],
    )


def test_tax_of_an_external_instructor_stands_on_half() -> None:
    example = VECTORS["instructor_tax"]
    assert tax_on(example["gross"], HALF) == example["tax"]


@pytest.mark.parametrize(("rank", "percent"), VECTORS["civil_servant_final_tax_pct"].items())
def test_tax_of_civil_servants(rank: str, percent: int) -> None:
    assert tax_on(1_000_000, TaxTerms((Rate(None, Decimal(percent)),))) == 10_000 * percent


@pytest.mark.parametrize(("gross", "tax"), [(3_000_000, 180_000), (2_400_000, 144_000), (1_800_000, 108_000)])
def test_tax_without_a_number_where_a_surcharge_is_set(gross: int, tax: int) -> None:
    assert tax_on(gross, WITH_SURCHARGE, has_tax_number=False) == tax
    assert tax_on(gross, FULL, has_tax_number=False) == tax_on(gross, FULL)


def test_tax_grows_in_steps() -> None:
    assert tax_on(60_000_000, FULL) == 3_000_000
    assert tax_on(61_000_000, FULL) == 3_150_000
    assert tax_on(250_000_001, FULL) == 31_500_000
    assert tax_on(50_019, FULL) == 2_500  # downwards, once


def test_gross_up_of_a_promised_net() -> None:
    assert (gross_up(3_000_000, FULL), tax_on(3_157_894, FULL)) == (3_157_894, 157_894)


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from([FULL, HALF, WITH_SURCHARGE]), st.booleans())
def test_gross_up_is_the_smallest_that_suffices(net: int, terms: TaxTerms, number: bool) -> None:
    gross = gross_up(net, terms, has_tax_number=number)
    left = gross - tax_on(gross, terms, has_tax_number=number)
    assert left >= net
    assert gross == 0 or gross - 1 - tax_on(gross - 1, terms, has_tax_number=number) < net

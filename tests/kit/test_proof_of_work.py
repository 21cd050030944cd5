import hashlib

import pytest

from kit.proof_of_work import is_solved, leading_zero_bits, solve


@pytest.mark.parametrize(
    ("digest", "bits"), [(b"\x00\x00\xff", 16), (b"\x00\x01\x00", 15), (b"\x80", 0), (b"\x01", 7), (b"\x00\x00", 16)]
)
def test_leading_zero_bits_are_counted(digest: bytes, bits: int) -> None:
    assert leading_zero_bits(digest) == bits


def test_solve_finds_what_is_solved() -> None:
    nonce = solve("key", "program/batch", bits=10)
    digest = hashlib.sha256(f"key:program/batch:{nonce}".encode()).digest()
    assert leading_zero_bits(digest) >= 10
    assert is_solved("key", "program/batch", nonce, bits=10)
    assert not is_solved("key", "program/batch", "", bits=0)


@pytest.mark.parametrize("nonce", ["-1", "1.5", " 1", "٣", "1" * 21, "0x1"])
def test_nonce_is_a_short_plain_number(nonce: str) -> None:
    assert not is_solved("key", "place", nonce, bits=0)

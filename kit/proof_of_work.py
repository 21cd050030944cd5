"""A sum that a browser does while its owner types, asked for only under attack: cheap once, dear ten thousand times.

The puzzle is the form's own signed key with the place it is for, so nothing is kept: a solved one is good for one
entry.
"""

import hashlib

from django.conf import settings

NONCE_MAX = 20


def leading_zero_bits(digest: bytes) -> int:
    number = int.from_bytes(digest, "big")
    return len(digest) * 8 - number.bit_length()


def is_solved(key: str, place: str, nonce: str, bits: int | None = None) -> bool:
    """Whether SHA-256 of `key:place:nonce` begins with so many zero bits."""
    if not nonce or len(nonce) > NONCE_MAX or not (nonce.isascii() and nonce.isdigit()):
        return False
    wanted = settings.PROOF_OF_WORK_BITS if bits is None else bits
    return leading_zero_bits(hashlib.sha256(f"{key}:{place}:{nonce}".encode()).digest()) >= wanted


def solve(key: str, place: str, bits: int | None = None) -> str:
    """What the browser does, for tests and for programs that may send forms."""
    nonce = 0
    while not is_solved(key, place, str(nonce), bits):
        nonce += 1
    return str(nonce)

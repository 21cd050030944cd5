"""The order of a lot, by the published draw of the seats: anybody with the seed can recompute it."""

import hashlib
from collections.abc import Iterable, Sequence

from programs.rules.selection import lot


def order_by_lot(seed: str, entries: Iterable[int], words: str = "") -> tuple[int, ...]:
    """The smallest of sha256("seed:words:number") comes first. No lot depends on the other entries."""
    return tuple(sorted(set(entries), key=lambda number: (lot(seed, words, number), number)))


def order_mark(order: Sequence[int]) -> str:
    """Tells whether an order is still the one that somebody saw."""
    return hashlib.sha256(",".join(map(str, order)).encode()).hexdigest()[:16]

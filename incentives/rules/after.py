"""What follows a payment: who is asked whether it came, and when its use is reported."""

from collections.abc import Collection

from incentives.rules.lots import order_by_lot

WORDS = "receipt"


def sample(seed: str, awards: Collection[int], percent: int) -> tuple[int, ...]:
    """So many of a hundred, rounded up and at least one: those that come first by sha256("seed:receipt:number")."""
    size = max(1, -(-len(set(awards)) * percent // 100))
    return tuple(sorted(order_by_lot(seed, awards, WORDS)[:size]))

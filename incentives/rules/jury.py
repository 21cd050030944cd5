"""What a juror chooses to come in by."""

UP = "01234567890"


def is_weak_pin(pin: str) -> bool:
    """111111, 123456, 654321, 121212: what whoever guesses tries first."""
    return len(set(pin)) <= 2 or pin in UP or pin in UP[::-1]

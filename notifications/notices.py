"""What would be sent: for pages of review. Nothing is written."""

from collections import Counter
from collections.abc import Sequence

from notifications import texts
from notifications.models import Message
from notifications.outbox import Draft, allowed_numbers, compose
from notifications.rules import Wording

NO_WORDS = Wording("", "")


def foresee_channels(drafts: Sequence[Draft]) -> Counter[tuple[str, bool]]:
    """Of one office: how many go by each channel, apart those for whom no address is known."""
    found: Counter[tuple[str, bool]] = Counter()
    allowed = allowed_numbers(drafts[0].agency, drafts) if drafts else frozenset()
    for draft in drafts:
        message = compose(draft, allowed, NO_WORDS)
        found[message.channel, bool(message.recipient_address)] += 1
    return found


def foresee(drafts: Sequence[Draft]) -> list[Message]:
    """As they would be read."""
    allowed = allowed_numbers(drafts[0].agency, drafts) if drafts else frozenset()
    return [compose(draft, allowed) for draft in drafts]


def check_letter(wording: Wording) -> None:
    """`ValidationError` by field for words that an officer writes to a group of people."""
    texts.check_wording(wording, texts.FREE_TEXT)


def letter_placeholders() -> list[tuple[str, str, bool]]:
    """Name, meaning, and whether it is required: none is."""
    return [(name, str(texts.PLACEHOLDERS[name].meaning), False) for name in texts.FREE_TEXT.known]

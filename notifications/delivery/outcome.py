"""What a channel answers, and what the deliverer asks of a channel."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from notifications.models import Channel, Message, State

OUTAGE_PAUSE = dt.timedelta(seconds=60)


@dataclass(frozen=True)
class Outcome:
    """What became of one try: sent, to be tried again later, or refused for good, with a sentence for the office."""

    state: State
    failure: str = ""
    code: str = ""
    provider_id: str = ""
    without: tuple[Channel, ...] = ()  # channels that this answer rules out as well
    is_final: bool = False  # no other channel is tried either
    broke_off: bool = False  # the connection was lost or silent: a few in a row mean that the provider is away
    rests: dt.timedelta | None = None  # nothing goes this way for so long; no attempt is counted
    stops: bool = False  # nothing goes this way until somebody mends it


@dataclass(frozen=True)
class Scope:
    """Which messages a sender takes, and how many a minute; 0 is no limit.

    `batch`: how many are claimed at once; the quicker a hand-over, the more.
    `window`: how many may at most be handed over but not yet noted. A crash repeats no more than these.
    """

    channel: Channel
    per_minute: int = 0
    only: dict[str, Any] = field(default_factory=dict)
    lock: int = 0
    batch: int = 100
    window: int = 2


@dataclass(frozen=True)
class End:
    """Where a hand-over ended: how many messages were tried, and why the sender rests when it does."""

    position: int
    pause: dt.timedelta | None = None
    trouble: str = ""
    stops: bool = False


class Sender(Protocol):
    """One way out: the mail server, or the number of one office at the WhatsApp platform."""

    scope: Scope

    def open(self) -> str:
        """Makes the connection when it is not there; a sentence when that fails."""

    def refusals(self, messages: Sequence[Message]) -> dict[int, Outcome]:
        """What need not be tried at all, for a whole batch at once."""

    def send(self, message: Message) -> Outcome:
        """One message, in a thread of its own that asks no database. It raises nothing and harms no other."""

    def rest(self, end: End) -> None:
        """Notes that nothing goes this way for a while."""

    def close(self) -> None:
        """After the last batch."""

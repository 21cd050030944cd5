"""The thread that hands messages over, one after another. It knows the provider and nothing of the database."""

import queue
import threading
import time
from collections.abc import Sequence

from notifications.delivery.outcome import OUTAGE_PAUSE, End, Outcome, Sender
from notifications.models import Message

HOLD = 60.0  # seconds; after this a deliverer gives back what it has not begun
MOST_BREAKS = 3  # connections lost one after another, then the provider counts as away


class Line:
    def __init__(self, sender: Sender, messages: Sequence[Message]) -> None:
        self.sender, self.messages = sender, messages
        self.end = End(0)
        self.fault: BaseException | None = None
        self.room = threading.Semaphore(sender.scope.window)
        self._done: queue.SimpleQueue[tuple[Message, Outcome] | None] = queue.SimpleQueue()
        self._stopped = False

    def run(self) -> None:
        try:
            self.end = self._send_all()
        except BaseException as fault:  # told in the thread that waits for this one
            self.fault = fault
        finally:
            self._done.put(None)

    def _send_all(self) -> End:
        began, breaks = time.monotonic(), 0
        for position, message in enumerate(self.messages):
            self.room.acquire()
            if self._stopped or time.monotonic() - began > HOLD:
                return End(position)
            trouble = self.sender.open()
            if trouble:
                return End(position, OUTAGE_PAUSE, trouble)
            outcome = self.sender.send(message)
            if outcome.rests is not None:
                return End(position, outcome.rests, outcome.failure, stops=outcome.stops)
            self._done.put((message, outcome))
            breaks = breaks + 1 if outcome.broke_off else 0
            if breaks == MOST_BREAKS:
                return End(position + 1, OUTAGE_PAUSE, outcome.failure)
        return End(len(self.messages))

    def take(self) -> list[tuple[Message, Outcome]] | None:
        """What was handed over since the last time, waiting for at least one; None at the end."""
        first = self._done.get()
        if first is None:
            return None
        group = [first]
        while not self._done.empty():
            more = self._done.get()
            if more is None:
                self._done.put(None)
                break
            group.append(more)
        return group

    def stop(self) -> None:
        self._stopped = True
        self.room.release(len(self.messages) + 1)

"""When the papers of a batch are complete. Values in, values out."""

from dataclasses import dataclass
from enum import StrEnum


class Light(StrEnum):
    """Red: something is missing. Green: all is there. Grey: there is nothing yet that a paper could be about."""

    RED = "red"
    GREEN = "green"
    GREY = "grey"


@dataclass(frozen=True)
class Tally:
    """Of one kind of paper: how many are needed, issued, set in type, and signed."""

    needed: int
    issued: int = 0
    ready: int = 0
    signed: int = 0

    @property
    def light(self) -> Light:
        """More than are needed is fine: somebody left after the paper was issued."""
        if self.needed == 0 and self.issued == 0:
            return Light.GREY
        return Light.GREEN if self.issued >= max(self.needed, 1) else Light.RED

    @property
    def missing(self) -> int:
        return max(self.needed - self.issued, 0)

"""Which juror may be too near to which entry: suggestions from the data, for the juror and the office to confirm."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit.names import business_key

KINDS = ("identity", "household", "business", "region")


@dataclass(frozen=True)
class Party:
    """A juror or an entry: keyed hash of the identity, code of the kelurahan, key of the household, the firm's name."""

    number: int
    identity: str = ""
    region: str = ""
    household: str = ""
    business: str = ""


@dataclass(frozen=True, order=True)
class Suggestion:
    juror: int
    entry: int
    kind: str


def suggestions(jurors: Iterable[Party], entries: Iterable[Party]) -> list[Suggestion]:
    """By juror, entry and kind; an empty field is like no other. E-mail and name play no part."""
    listed = tuple(entries)
    return sorted(
        Suggestion(juror.number, entry.number, kind)
        for juror in jurors
        for entry in listed
        for kind in _shared(juror, entry)
    )


def _shared(juror: Party, entry: Party) -> Iterator[str]:
    for kind in KINDS:
        own, other = getattr(juror, kind), getattr(entry, kind)
        if kind == "business":
            own, other = business_key(own), business_key(other)
        if own and own == other:
            yield kind

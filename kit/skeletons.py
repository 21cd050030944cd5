"""Pages that are the same for everybody but for a few values: drawn once, then only spliced."""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

MOST_KEPT = 500

_kept: dict[Hashable, "Skeleton"] = {}


@dataclass(frozen=True)
class Skeleton:
    """Literal text and, between two pieces of it, the name of a value."""

    pieces: tuple[str, ...]

    @classmethod
    def drawn(cls, draw: Callable[[Mapping[str, str]], str], names: frozenset[str]) -> "Skeleton":
        """`draw` gets a stand-in for each name: random words, which nobody can have typed into a page."""
        stand_ins = {name: f"mark{secrets.token_hex(16)}" for name in sorted(names)}
        name_of = {stand_in: name for name, stand_in in stand_ins.items()}
        pieces = re.split(f"({'|'.join(name_of)})", draw(stand_ins)) if name_of else [draw({})]
        pieces[1::2] = [name_of[stand_in] for stand_in in pieces[1::2]]
        if missing := names - set(pieces[1::2]):
            raise ValueError(f"The page shows no {', '.join(sorted(missing))}.")
        return cls(tuple(pieces))

    def filled(self, values: Mapping[str, str]) -> SafeString:
        """Every value is escaped, wherever it stands."""
        safe = {name: escape(value) for name, value in values.items()}
        pieces = list(self.pieces)
        pieces[1::2] = [safe[name] for name in pieces[1::2]]
        return SafeString("".join(pieces))


def spliced(key: Hashable, draw: Callable[[Mapping[str, str]], str], values: Mapping[str, str]) -> SafeString:
    """The page of this key with these values. The key names everything else that the page depends on."""
    names = frozenset(values)
    skeleton = _kept.get((key, names))
    if skeleton is None:
        skeleton = Skeleton.drawn(draw, names)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[(key, names)] = skeleton
    return skeleton.filled(values)

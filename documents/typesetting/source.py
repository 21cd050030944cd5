"""The Typst source of a layout: what all papers share, then the layout itself."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "layouts"
COMMON = "common.typ"
# Definitions and remarks begin at the margin; a word behind a value and its dot is a field of it.
PARTS = re.compile(r"^(?=#|//)", re.MULTILINE)
DEFINED = re.compile(r"#let ([\w-]+)")
QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"')
WORDS = re.compile(r"(?<![\w-])(?<![\w)\]]\.)[A-Za-z][\w-]*")


@lru_cache(maxsize=32)
def product_layout(name: str) -> str:
    """The product's own layout of that name, without what all share."""
    return (FOLDER / f"{name}.typ").read_text()


@lru_cache(maxsize=1)
def common() -> str:
    return (FOLDER / COMMON).read_text()


@lru_cache(maxsize=32)
def assembled(layout: str) -> str:
    """One source without imports, because the process that sets it can open no file.

    Of what papers share it holds what this layout uses, because each paper reads its whole source anew; lines keep
    their numbers.
    """
    parts = PARTS.split(common().rstrip())
    named = {part: match[1] for part in parts if (match := DEFINED.match(part))}
    defined = {name: part for part, name in named.items()}
    used, waiting = set[str](), [layout, *(part for part in parts if part.startswith("#") and part not in named)]
    while waiting:
        words = set(WORDS.findall(QUOTED.sub("", waiting.pop()))) & defined.keys() - used
        used |= words
        waiting += [defined[word] for word in words]
    unused = {part for part in parts if part.startswith("//") or named.get(part, "") in defined.keys() - used}
    return "".join("\n" * part.count("\n") if part in unused else part for part in parts) + f"\n{layout}"


def own_line(line: int) -> int:
    """The line in the layout alone of a line in the whole source; 0 and less: in what all papers share."""
    return line - len(common().rstrip().splitlines())


def digest(source: str, engine: str) -> str:
    return hashlib.sha256(f"{engine}\0{source}".encode()).hexdigest()

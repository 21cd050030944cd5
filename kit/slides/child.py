"""The process that writes slides anew: little memory and time, no other file, no word about what it saw.

The file comes in by stdin behind one line of JSON; one line of JSON goes out, and the fresh file behind it.
"""

import contextlib
import io
import json
import os
import sys
from typing import Any, BinaryIO

from pypdf import PdfWriter

from kit.confined import confine
from kit.slides.rewriting import rewrite
from kit.tables.refused import Refused


def warm_up() -> None:
    """What the reader loads at its first file, and at its first locked one, is loaded before the doors are closed."""
    blank = PdfWriter()
    blank.add_blank_page(width=10, height=10)
    for is_locked in (False, True):
        if is_locked:
            blank.encrypt("x")
        out = io.BytesIO()
        blank.write(out)
        with contextlib.suppress(Refused):
            rewrite(out.getvalue(), 1)


def send(out: BinaryIO, answer: dict[str, Any], content: bytes = b"") -> None:
    out.write(json.dumps(answer).encode() + b"\n" + content)
    out.flush()


def main() -> None:
    source, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    order = json.loads(source.readline())
    content = source.read()
    warm_up()
    confine(order["seconds"])
    try:
        fresh, pages = rewrite(content, order["pages"])
        send(out, {"pages": pages}, fresh)
    except Refused as refusal:
        send(out, {"refused": refusal.code, "params": refusal.params})
    except MemoryError:
        send(out, {"refused": "heavy", "params": {}})
    except Exception:  # no traceback: it could hold what people wrote
        send(out, {"refused": "technical", "params": {}})

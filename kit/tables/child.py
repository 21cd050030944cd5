"""The process that reads an uploaded spreadsheet: little memory and time, no other file, no word about what it saw.

The file comes in by stdin behind one line of JSON; rows go out by stdout in frames: four bytes of length, then JSON.
"""

import codecs
import contextlib
import json
import os
import resource
import struct
import sys
from typing import Any, BinaryIO

from kit.tables.limits import Limits
from kit.tables.reading import open_table
from kit.tables.refused import Refused

# Alphabets of parts' names and of texts: nothing can be loaded once the doors are closed.
ALPHABETS = ("cp437", "cp1252", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
MEMORY = 768 * 2**20
AT_ONCE = 250


def confine(seconds: int) -> None:
    """What was open stays open; nothing new can be opened or started."""
    for name in ALPHABETS:
        codecs.lookup(name)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def send(out: BinaryIO, frame: dict[str, Any]) -> None:
    written = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    out.write(struct.pack(">I", len(written)) + written)
    out.flush()


def answer(out: BinaryIO, order: dict[str, Any], content: bytes) -> None:
    limits = Limits(**order["limits"])
    table = open_table(content, limits, order["sheet"])
    send(out, {"sheets": table.sheets, "sheet": table.sheet})
    most, some = order["most"], []
    for count, row in enumerate(table.rows, 1):
        some.append(row)
        if len(some) >= AT_ONCE:
            send(out, {"rows": some})
            some = []
        if count == most:
            break
    send(out, {"rows": some, "end": True})


def main() -> None:
    source, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    order = json.loads(source.readline())
    content = source.read()
    confine(order["limits"]["seconds"])
    try:
        answer(out, order, content)
    except Refused as refusal:
        send(out, {"refused": refusal.code, "params": refusal.params})
    except MemoryError:
        send(out, {"refused": "bomb", "params": {}})
    except Exception:  # no traceback: it could hold what people wrote
        send(out, {"refused": "technical", "params": {}})


if __name__ == "__main__":
    main()

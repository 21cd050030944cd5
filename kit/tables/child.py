"""The process that reads an uploaded spreadsheet: little memory and time, no other file, no word about what it saw.

The file comes in by stdin behind one line of JSON; rows go out by stdout in frames: four bytes of length, then JSON.
"""

import json
import os
import struct
import sys
from typing import Any, BinaryIO

from kit.confined import confine
from kit.tables.limits import Limits
from kit.tables.reading import open_table
from kit.tables.refused import Refused

AT_ONCE = 250


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

"""The process that reads uploaded files: little memory, little time, no other file, no word about what it saw."""

import contextlib
import datetime as dt
import json
import os
import resource
import sys
from typing import Any, BinaryIO

MEMORY = 1 << 30


def limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def write(out: BinaryIO, head: dict[str, Any], parts: list[bytes]) -> None:
    """One line of JSON that ends with the sizes of the parts, then the parts."""
    out.write(json.dumps(head | {"sizes": [len(part) for part in parts]}).encode() + b"\n")
    for part in parts:
        out.write(part)
    out.flush()


def read(source: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    head = json.loads(source.readline())
    return head, [source.read(size) for size in head.pop("sizes")]


def work(head: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    # Imported after the limits: what they read at start counts as well.
    from documents.signing import certificates, looking, scans  # noqa: PLC0415 - only the child pays for it

    task = head["task"]
    if task == "sign":
        return certificates.sign_all(
            parts[0],
            head["password"],
            parts[1:],
            now=dt.datetime.fromisoformat(head["now"]),
            reason=head["reason"],
            place=head["place"],
        )
    if task == "look":
        count = head["papers"]
        return {"found": [looking.look(paper, parts[count:]) for paper in parts[:count]]}, []
    return scans.look_at_scan(parts[0]), []


def main() -> None:
    from documents.signing.refused import Refused  # noqa: PLC0415 - only the child pays for it

    source, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing that a library prints gets among the answers
    head, parts = read(source)
    limit(head["seconds"])
    try:
        answer, made = work(head, parts)
    except Refused as refusal:
        answer, made = {"refused": refusal.code, "params": refusal.params}, []
    except Exception:  # no traceback: it could hold the password
        answer, made = {"refused": "technical", "params": {}}, []
    write(out, answer, made)


if __name__ == "__main__":
    main()

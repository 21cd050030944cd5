"""Reading a spreadsheet in a process of its own; refusals come back as sentences."""

import json
import logging
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.tables.limits import Limits

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent
# Isolated: neither the environment nor the folder one stands in decides what is imported.
START = "import sys; sys.path.insert(0, sys.argv[1]); from kit.tables import child; child.main()"
# So many at once in one process of the portal; the next one waits a moment, and is asked to come back then.
_places = threading.BoundedSemaphore(2)
PATIENCE = 10.0
HEAD_ROWS = 60

SENTENCES = {
    "empty": _("The file is empty."),
    "pdf": _("This is a PDF. Please send the list as a spreadsheet (.xlsx or .csv)."),
    "picture": _("This is a picture. Please send the list as a spreadsheet (.xlsx or .csv)."),
    "document": _("This is a document, not a spreadsheet. Please send the list as .xlsx or .csv."),
    "archive": _("This is a packed file. Please unpack it and send the spreadsheet itself."),
    "old_excel": _("This is an old Excel file (.xls), or one with a password. Save it as .xlsx without a password."),
    "xlsb": _("This is a binary Excel file (.xlsb). Save it as .xlsx."),
    "open_document": _("This is an OpenDocument file (.ods). Save it as .xlsx."),
    "web_page": _("This is a web page that was named like a spreadsheet. Open it in Excel and save it as .xlsx."),
    "no_spreadsheet": _("This is no spreadsheet. Please send an .xlsx or .csv file."),
    "no_sheet": _("The workbook has no visible sheet with rows."),
    "macros": _("The file holds macros. Save it as .xlsx without macros."),
    "locked": _("This file is locked with a password. Please send it without."),
    "bomb": _("Unpacked, this file is larger than a list of people can be. Remove pictures and empty sheets."),
    "too_long": _("The sheet has more than %(limit)d rows. Please split it."),
    "too_wide": _("The sheet has more than %(limit)d columns. Please remove what is not needed."),
    "too_merged": _("Too many cells of the sheet are merged. Please separate them."),
    "quotes": _("Line %(line)d of the file cannot be read: a quotation mark is missing."),
    "unreadable": _("This file cannot be read as a spreadsheet: it is damaged. Open it in Excel and save it anew."),
    "too_slow": _("This file takes too long to read. Remove pictures, formats and empty rows, or split it."),
    "busy": _("Many people send files just now. Please try again in a minute."),
    "technical": _("The file could not be read. Please try again; if it fails again, tell the administrator."),
}


@dataclass(frozen=True)
class Head:
    """The names of the visible sheets, which of them was read, and its first rows."""

    sheets: list[str]
    sheet: int
    rows: list[Any]


@dataclass
class Sheet:
    """The rows that come, a few hundred at a time: [number, [cells]]."""

    sheets: list[str]
    sheet: int
    pieces: Iterator[list[Any]]


def read_head(content: bytes, limits: Limits, sheet: int | None = None) -> Head:
    """Only the beginning: enough to see what the columns are called."""
    if not _places.acquire(timeout=PATIENCE):
        raise _refusal("busy", {})
    try:
        with reading(content, limits, sheet, most=HEAD_ROWS) as found:
            return Head(found.sheets, found.sheet, [row for piece in found.pieces for row in piece])
    finally:
        _places.release()


@contextmanager
def reading(content: bytes, limits: Limits, sheet: int | None = None, most: int = 0) -> Iterator[Sheet]:
    """The rows as the process gives them; `ValidationError` as soon as it refuses, at the latest at the end."""
    command = [sys.executable, "-I", "-c", START, str(ROOT)]
    pipe, environment = subprocess.PIPE, {"LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(command, env=environment, cwd="/", stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - opened as pipes above
    alarm = threading.Timer(limits.seconds * 3, process.kill)
    alarm.daemon = True
    alarm.start()
    try:
        order = {"limits": asdict(limits), "sheet": sheet, "most": most}
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.write(content)
            process.stdin.close()
        head = _frame(process.stdout, process)
        yield Sheet(head["sheets"], head["sheet"], _pieces(process.stdout, process))
    finally:
        alarm.cancel()
        process.kill()
        with suppress(OSError):
            process.stdin.close()
        process.stdout.close()
        process.wait()


def _pieces(source: IO[bytes], process: "subprocess.Popen[bytes]") -> Iterator[list[Any]]:
    while True:
        frame = _frame(source, process)
        if frame["rows"]:
            yield frame["rows"]
        if frame.get("end"):
            return


def _frame(source: IO[bytes], process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    length = source.read(4)
    body = source.read(struct.unpack(">I", length)[0]) if len(length) == 4 else b""
    if not body:
        ended = process.wait()
        if ended >= 0:
            logger.error("The process that reads spreadsheets ended with %s", ended)
        raise _refusal("too_slow" if ended < 0 else "technical", {})
    frame: dict[str, Any] = json.loads(body)
    if "refused" in frame:
        raise _refusal(frame["refused"], frame["params"])
    return frame


def _refusal(code: str, params: dict[str, Any]) -> ValidationError:
    return ValidationError(SENTENCES.get(code, SENTENCES["technical"]), code=code, params=params)

"""Writing slides anew in a process of its own; refusals come back as sentences."""

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent
# Isolated: neither the environment nor the folder one stands in decides what is imported.
START = "import sys; sys.path.insert(0, sys.argv[1]); from kit.slides import child; child.main()"
MOST_BYTES = 10 * 1024 * 1024
MOST_PAGES = 40
SECONDS = 15
# So many at once in one process of the portal; the next one waits a moment, and is asked to come back then.
_places = threading.BoundedSemaphore(2)
PATIENCE = 10.0

SENTENCES = {
    "kind": _("This is not a PDF. Save the slides as PDF and send that file."),
    "broken": _("This PDF did not arrive whole or is damaged. Save the slides as PDF again and send that file."),
    "locked": _("This PDF is locked with a password. Please send it without."),
    "empty": _("This PDF has no page."),
    "long": _("These slides have too many pages: %(count)d, at most %(limit)d."),
    "large": _("These slides are larger than 10 MB. Make the pictures in them smaller and save them as PDF again."),
    "heavy": _("These slides are too heavy. Make the pictures in them smaller and save them as PDF again."),
    "too_slow": _("These slides take too long to read. Please send simpler ones."),
    "busy": _("Many people send files just now. Please try again in a minute."),
    "technical": _("The slides could not be read. Please try again; if it fails again, tell the office."),
}


@dataclass(frozen=True)
class Slides:
    content: bytes
    pages: int


def clean_slides(content: bytes) -> Slides:
    """The same pages in a fresh PDF that holds nothing but what is drawn. Refuses by ValidationError."""
    if len(content) > MOST_BYTES:
        raise _refusal("large", {})
    order = json.dumps({"seconds": SECONDS, "pages": MOST_PAGES}).encode() + b"\n"
    if not _places.acquire(timeout=PATIENCE):
        raise _refusal("busy", {})
    try:
        head, _line, fresh = _run(order + content).partition(b"\n")
    finally:
        _places.release()
    answer = json.loads(head)
    if "refused" in answer:
        raise _refusal(answer["refused"], answer["params"])
    return Slides(fresh, answer["pages"])


def _run(order: bytes) -> bytes:
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-c", START, str(ROOT)],
            input=order,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            timeout=SECONDS * 3,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal("too_slow", {}) from None
    if ended.returncode < 0:
        raise _refusal("too_slow", {})
    if ended.returncode or not ended.stdout:
        logger.error("The process that writes slides anew ended with %s", ended.returncode)
        raise _refusal("technical", {})
    return ended.stdout


def _refusal(code: str, params: dict[str, Any]) -> ValidationError:
    return ValidationError(SENTENCES.get(code, SENTENCES["technical"]), code=f"slides_{code}", params=params)

"""Work on files that somebody uploaded, in a process of its own; refusals come back as sentences."""

import datetime as dt
import io
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.signing import child

logger = logging.getLogger(__name__)

SECONDS = 15
# Each paper to sign may take so much longer.
SECONDS_A_PAPER = 1
# So many at once in one process of the portal; the next visitor waits a moment, and is asked to come back then.
_places = threading.BoundedSemaphore(2)
PATIENCE = 10.0

TECHNICAL = _("The file could not be worked on. Please try again; if it fails again, tell the administrator.")
SENTENCES = {
    "technical": TECHNICAL,
    "certificate_password": _("The password does not open this certificate file."),
    "certificate_file": _("This is not a certificate file that we can read. Please choose the .p12 or .pfx file."),
    "certificate_without_key": _(
        "This file has no key to sign with. Please choose the .p12 or .pfx file with the key."
    ),
    "certificate_weak": _("The key of this certificate is too weak for signing. Please ask for a new certificate."),
    "certificate_early": _("This certificate is not valid yet."),
    "certificate_expired": _("This certificate has expired. Please ask for a new one."),
    "certificate_purpose": _("This certificate was not made for signing papers."),
    "paper_unsignable": _("This paper cannot be signed as a PDF. Please make it anew and try again."),
    "paper_kind": _("This is not a PDF."),
    "paper_broken": _("This PDF did not arrive whole or is damaged. Please send it again."),
    "paper_locked": _("This PDF is locked with a password. Please send it without."),
    "paper_active": _("This PDF does things by itself when it is opened. Please scan the paper again as a plain PDF."),
    "paper_long": _("This PDF has too many pages: %(count)d, at most %(limit)d."),
    "busy": _("Many people send files just now. Please try again in a minute."),
    "too_slow": _("This file takes too long to read. Please send a smaller or simpler one."),
}


def sign_with_certificate(
    *, container: bytes, password: str, papers: Sequence[bytes], now: dt.datetime, reason: str = "", place: str = ""
) -> tuple[dict[str, Any], list[bytes]]:
    """The facts of the certificate, and the signed papers in their order."""
    head = {"task": "sign", "password": password, "now": now.isoformat(), "reason": reason, "place": place}
    return _work(head, [container, *papers], SECONDS + SECONDS_A_PAPER * len(papers))


def look_at_papers(*papers: bytes) -> list[dict[str, Any]]:
    """As `looking.look` of each, with the roots of settings.SIGNING_ROOTS."""
    roots = [path.read_bytes() for path in settings.SIGNING_ROOTS]
    head = {"task": "look", "papers": len(papers)}
    answer, _none = _work(head, [*papers, *roots], SECONDS + SECONDS_A_PAPER * len(papers))
    found: list[dict[str, Any]] = answer["found"]
    return found


def look_at_scan(content: bytes) -> dict[str, Any]:
    return _work({"task": "scan"}, [content], SECONDS)[0]


def _work(head: dict[str, Any], parts: list[bytes], seconds: int) -> tuple[dict[str, Any], list[bytes]]:
    request = io.BytesIO()
    child.write(request, head | {"seconds": seconds}, parts)
    if not _places.acquire(timeout=PATIENCE):
        raise _refusal("busy", {})
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-c", START, str(settings.BASE_DIR)],
            input=request.getvalue(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            timeout=seconds * 3,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal("too_slow", {}) from None
    finally:
        _places.release()
    if ended.returncode < 0:
        raise _refusal("too_slow", {})
    if ended.returncode or not ended.stdout:
        logger.error("The process for %s ended with %s", head["task"], ended.returncode)
        raise _refusal("technical", {})
    answer, made = child.read(io.BytesIO(ended.stdout))
    if "refused" in answer:
        raise _refusal(answer["refused"], answer["params"])
    return answer, made


# Isolated: neither the environment nor the folder one stands in decides what is imported.
START = "import sys; sys.path.insert(0, sys.argv[1]); from documents.signing import child; child.main()"


def _refusal(code: str, params: dict[str, Any]) -> ValidationError:
    return ValidationError(SENTENCES.get(code, TECHNICAL), code=code, params=params)

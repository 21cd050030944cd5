"""The government's e-sign service (eSign Client Service of BSrE, API v2), which the city runs in its own network.

NIK and passphrase are typed for each signing, go to the service in one request, and are kept nowhere.
"""

import base64
import binascii
import json
import logging
from collections.abc import Sequence
from typing import Any

import urllib3
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.rules import mask_text
from documents.signing.apart import look_at_papers

logger = logging.getLogger(__name__)

SIGN = "/api/v2/sign/pdf"
TIMEOUT = urllib3.Timeout(connect=5.0, read=90.0)
MOST_ANSWER = 96 << 20
LONGEST_SAYING = 200

UNREACHABLE = _("The e-sign service cannot be reached. Nothing was signed; please try again later.")
UNINTELLIGIBLE = _("The e-sign service gave an answer that we do not understand. Nothing was kept; please try again.")
# By `status_code` of the answer.
KNOWN = {
    2011: _("This NIK is not registered with the e-sign service."),
    2021: _("This NIK has no valid certificate with the e-sign service."),
    2031: _("The passphrase is wrong. Nothing was signed."),
}


def is_set_up() -> bool:
    return bool(settings.ESIGN_URL)


def sign_by_service(
    *, nik: str, passphrase: str, papers: Sequence[bytes], reason: str = "", place: str = ""
) -> tuple[dict[str, Any], list[bytes]]:
    """The facts of the certificate, and the signed papers in their order; all of them or none."""
    body = {
        "nik": nik,
        "passphrase": passphrase,
        "signatureProperties": [{"tampilan": "INVISIBLE", "location": place, "reason": reason} for _one in papers],
        "file": [base64.b64encode(paper).decode() for paper in papers],
    }
    answer = _asked(body)
    files = answer.get("file")
    if not isinstance(files, list) or len(files) != len(papers):
        raise ValidationError(UNINTELLIGIBLE, code="esign_unintelligible")
    signed = [_decoded(one) for one in files]
    found = look_at_papers(*papers, *signed)
    for before, after in zip(found[: len(papers)], found[len(papers) :], strict=True):
        _check(before, after)
    told: dict[str, Any] = found[-1]["signatures"][-1]
    return told, signed


def _asked(body: dict[str, Any]) -> dict[str, Any]:
    try:
        with _pool() as pool:
            answer = pool.request(
                "POST",
                f"{settings.ESIGN_URL}{SIGN}",
                body=json.dumps(body).encode(),
                headers={
                    "Content-Type": "application/json",
                    "Accept": "application/json",
                    **urllib3.make_headers(basic_auth=f"{settings.ESIGN_USERNAME}:{settings.ESIGN_PASSWORD}"),
                },
                preload_content=False,
                redirect=False,
            )
            read = answer.read(MOST_ANSWER + 1)
            status = answer.status
            answer.release_conn()
    except urllib3.exceptions.HTTPError as error:
        logger.warning("The e-sign service was not reached: %s", type(error).__name__)
        raise ValidationError(UNREACHABLE, code="esign_unreachable") from None
    if status in {401, 403}:
        logger.error("The e-sign service refuses the portal's account: %s", status)
        raise ValidationError(
            _("The e-sign service refuses the portal's own account. Please tell the administrator."),
            code="esign_account",
        )
    said = _read(read)
    if status != 200 or "error" in said:
        raise _refusal(status, said)
    return said


def _pool() -> urllib3.PoolManager:
    """A pool of its own for each request, closed after it: no memory of it keeps the passphrase."""
    return urllib3.PoolManager(
        num_pools=1, maxsize=1, retries=False, timeout=TIMEOUT, ca_certs=settings.ESIGN_CA_FILE or None
    )


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body) if len(body) <= MOST_ANSWER else None
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {}


def _refusal(status: int, said: dict[str, Any]) -> ValidationError:
    """A sentence for what is known; otherwise the service's own, without numbers of people."""
    code = said.get("status_code")
    if isinstance(code, int) and code in KNOWN:
        return ValidationError(KNOWN[code], code=f"esign_{code}")
    told = mask_text(" ".join(str(said.get("error") or said.get("message") or "").split()))[:LONGEST_SAYING]
    logger.warning("The e-sign service refused with %s", code if isinstance(code, int) else status)
    if status >= 500 or not told:
        return ValidationError(UNREACHABLE, code="esign_unreachable")
    return ValidationError(
        _("The e-sign service refused to sign: %(told)s"), code="esign_refused", params={"told": told}
    )


def _decoded(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise ValidationError(UNINTELLIGIBLE, code="esign_unintelligible") from None


def _check(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The same paper with one signature more, and all of them in order."""
    signatures = after["signatures"]
    added = len(signatures) - len(before["signatures"])
    if before["pages"] != after["pages"] or added < 1 or not all(one["intact"] and one["whole"] for one in signatures):
        logger.error("The e-sign service gave back a paper without a sound signature")
        raise ValidationError(
            _("The e-sign service gave back a paper that is not soundly signed. Nothing was kept."),
            code="esign_unsound",
        )

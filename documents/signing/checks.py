"""What Django's own check says about the settings of signing, before the first signature fails."""

from collections.abc import Sequence
from typing import Any

from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning


def check_signing(**_options: Any) -> Sequence[CheckMessage]:
    found: list[CheckMessage] = []
    for path in settings.SIGNING_ROOTS:
        try:
            readable = bool(load_pem_x509_certificates(path.read_bytes()))
        except (OSError, ValueError):
            readable = False
        if not readable:
            found.append(
                Error(f"SIGNING_ROOTS names {path}, which is no PEM file of certificates.", id="documents.E001")
            )
    if settings.ESIGN_URL.startswith("http://"):
        hint = "NIK and passphrase would cross the network unencrypted. Put TLS before the service."
        found.append(Warning("ESIGN_URL has no TLS.", hint=hint, id="documents.W001"))
    if settings.ESIGN_URL and not settings.ESIGN_PASSWORD:
        found.append(Error("ESIGN_URL is set, ESIGN_USERNAME and ESIGN_PASSWORD are not.", id="documents.E002"))
    return found

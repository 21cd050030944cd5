"""Looking at a PDF: its pages, its signatures, and whether anything was changed since."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from documents.signing.certificates import told_of
from documents.signing.refused import Refused

MOST_SIGNATURES = 20


def look(paper: bytes, roots: Sequence[bytes] = ()) -> dict[str, Any]:
    """{"pages": 2, "signatures": [...]}, oldest signature first; refuses what is no PDF. `roots` are PEM files."""
    if b"%PDF-" not in paper[:1024]:
        raise Refused("paper_kind")
    try:
        reader = PdfFileReader(io.BytesIO(paper), strict=False)
        if reader.encrypted:
            raise Refused("paper_locked")
        pages = int(reader.root["/Pages"]["/Count"])
        signatures = reader.embedded_regular_signatures
    except Refused:
        raise
    except Exception:  # whatever hostile bytes do to the reader
        raise Refused("paper_broken") from None
    trusted = [certificate for file in roots for certificate in certificates_of(file)]
    return {"pages": pages, "signatures": [_judged(one, trusted) for one in signatures[:MOST_SIGNATURES]]}


def certificates_of(file: bytes) -> list[x509.Certificate]:
    return [
        x509.Certificate.load(der) for kind, _headers, der in pem.unarmor(file, multiple=True) if kind == "CERTIFICATE"
    ]


def _judged(signature: EmbeddedPdfSignature, trusted: list[x509.Certificate]) -> dict[str, Any]:
    """`intact`: the bytes that were signed are as they were. `whole`: nothing was put behind them but signatures.

    `trusted`: a chain leads to one of the roots, at the time that the signature itself tells.
    """
    told: dict[str, Any] = {"name": "", "issuer": "", "serial": "", "fingerprint": "", "at": None}
    told |= {"intact": False, "whole": False, "trusted": False}
    try:
        told |= told_of(signature.signer_cert)
        at = signature.self_reported_timestamp
        told["at"] = at.isoformat() if at else None
        status = validate_pdf_signature(
            signature,
            ValidationContext(trust_roots=trusted, allow_fetching=False, moment=at or dt.datetime.now(dt.UTC)),
            key_usage_settings=KeyUsageConstraints(),
        )
    except Exception:  # a signature that cannot even be read proves nothing
        return told
    level = status.modification_level
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE or (
        status.coverage == SignatureCoverageLevel.ENTIRE_REVISION
        and level is not None
        and level <= ModificationLevel.FORM_FILLING
        and bool(status.docmdp_ok)
    )
    return told | {"intact": bool(status.intact and status.valid), "whole": whole, "trusted": bool(status.trusted)}

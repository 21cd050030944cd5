"""Signing with a certificate file (PKCS#12): PAdES, as an appended revision, so that every byte before stays."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Any

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from documents.signing.refused import Refused

LEAST_RSA_BITS = 2048
NUMBER = re.compile(r"[0-9]{8,}")


def sign_all(
    container: bytes, password: str, papers: Sequence[bytes], *, now: dt.datetime, reason: str = "", place: str = ""
) -> tuple[dict[str, Any], list[bytes]]:
    """What the certificate says, and each paper with one signature more."""
    signer = open_container(container, password)
    certificate = signer.signing_cert
    check(certificate, now)
    return told_of(certificate), [_signed(signer, paper, reason, place) for paper in papers]


def open_container(container: bytes, password: str) -> signers.SimpleSigner:
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(container, password.encode())
    except ValueError as error:
        wrong = "password" in str(error).lower() or "mac" in str(error).lower()
        raise Refused("certificate_password" if wrong else "certificate_file") from None
    except Exception:  # whatever hostile bytes do to the reader
        raise Refused("certificate_file") from None
    if key is None or certificate is None:
        raise Refused("certificate_without_key")
    if not isinstance(
        key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey
    ):
        raise Refused("certificate_weak")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < LEAST_RSA_BITS:
        raise Refused("certificate_weak")
    if certificate.public_key() != key.public_key():
        raise Refused("certificate_without_key")
    signer = signers.SimpleSigner.load_pkcs12_data(container, [], password.encode())
    if signer is None:
        raise Refused("certificate_file")
    return signer


def check(certificate: x509.Certificate, now: dt.datetime) -> None:
    """In force today, and made for signing papers."""
    if now < certificate.not_valid_before:
        raise Refused("certificate_early", day=certificate.not_valid_before.isoformat())
    if now > certificate.not_valid_after:
        raise Refused("certificate_expired", day=certificate.not_valid_after.isoformat())
    usage = certificate.key_usage_value
    if usage is not None and not {"digital_signature", "non_repudiation"} & usage.native:
        raise Refused("certificate_purpose")


def told_of(certificate: x509.Certificate) -> dict[str, Any]:
    """Public facts of a certificate: whose, by whom, until when."""
    return {
        "name": common_name(certificate.subject),
        "issuer": common_name(certificate.issuer),
        "serial": f"{certificate.serial_number:x}",
        "fingerprint": certificate.sha256.hex(),
        "until": certificate.not_valid_after.isoformat(),
    }


def common_name(name: x509.Name) -> str:
    """As it is shown to everybody: some authorities write the identity number beside the name."""
    native = name.native
    found = native.get("common_name") or native.get("organization_name") or ""
    return NUMBER.sub("…", str(found[0] if isinstance(found, list) else found))[:200].strip()


def _signed(signer: signers.SimpleSigner, paper: bytes, reason: str, place: str) -> bytes:
    try:
        reader = PdfFileReader(io.BytesIO(paper), strict=True)
        taken = len(reader.embedded_signatures)
        writer = IncrementalPdfFileWriter(io.BytesIO(paper), strict=True)
        about = signers.PdfSignatureMetadata(
            field_name=f"Tandatangan{taken + 1}",
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=reason or None,
            location=place or None,
            name=told_of(signer.signing_cert)["name"],
        )
        out = signers.PdfSigner(about, signer=signer).sign_pdf(writer)
    except Exception:
        raise Refused("paper_unsignable") from None
    signed = bytes(out.getbuffer())
    if not signed.startswith(paper):
        raise Refused("paper_unsignable")
    return signed

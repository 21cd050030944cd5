"""The ways to sign on the screen, behind one interface: papers in, signed papers out, nothing kept."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from documents.signing.apart import sign_with_certificate
from documents.signing.service import sign_by_service


class Signer(Protocol):
    @property
    def method(self) -> str: ...

    def sign(
        self, papers: Sequence[bytes], *, now: dt.datetime, reason: str, place: str
    ) -> tuple[dict[str, Any], list[bytes]]:
        """The facts of the certificate and the signed papers in their order, or `ValidationError` and nothing."""


@dataclass(frozen=True)
class CertificateFile:
    content: bytes = field(repr=False)
    password: str = field(repr=False)
    method: str = "certificate"

    def sign(
        self, papers: Sequence[bytes], *, now: dt.datetime, reason: str, place: str
    ) -> tuple[dict[str, Any], list[bytes]]:
        return sign_with_certificate(
            container=self.content, password=self.password, papers=papers, now=now, reason=reason, place=place
        )


@dataclass(frozen=True)
class EsignService:
    nik: str = field(repr=False)
    passphrase: str = field(repr=False)
    method: str = "service"

    def sign(
        self, papers: Sequence[bytes], *, now: dt.datetime, reason: str, place: str
    ) -> tuple[dict[str, Any], list[bytes]]:
        return sign_by_service(nik=self.nik, passphrase=self.passphrase, papers=papers, reason=reason, place=place)

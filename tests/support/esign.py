"""An authority, certificate files and an e-sign service of our own: a real HTTP server that speaks API v2 and signs."""

import base64
import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from documents.signing.certificates import sign_all

USERNAME, PASSWORD = "portal", "kunci-portal"
NIK, PASSPHRASE = "9971010507620001", "frasa-rahasia-41"
FILE_PASSWORD = "sandi-berkas-77"
NOW = dt.datetime.now(dt.UTC)
YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Authority:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


@lru_cache(maxsize=8)
def key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """Making one takes long; `number` asks for another."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@lru_cache(maxsize=4)
def authority(name: str = "Otoritas Uji") -> Authority:
    own = key(number=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(name))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - YEAR)
        .not_valid_after(NOW + YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    return Authority(own, made.sign(own, hashes.SHA256()))


def usage(**wanted: bool) -> x509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})


def certificate_file(
    name: str = "Budi Contoh",
    *,
    begins: dt.datetime = NOW - dt.timedelta(days=1),
    ends: dt.datetime = NOW + dt.timedelta(days=300),
    bits: int = 2048,
    password: str = FILE_PASSWORD,
    signs: bool = True,
) -> bytes:
    """A PKCS#12 file as an authority hands it out."""
    issuer, own = authority(), key(bits)
    made = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(issuer.certificate.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            usage(digital_signature=True, content_commitment=True) if signs else usage(key_encipherment=True),
            critical=True,
        )
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
    encryption = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(name.encode(), own, made, [issuer.certificate], encryption)


@dataclass
class Service:
    """`planned` is answered instead of signing: (status, body)."""

    received: list[dict[str, Any]] = field(default_factory=list)
    planned: tuple[int, Any] | None = None
    delay: float = 0.0
    url: str = ""

    def answer(self, path: str, authorization: str, body: dict[str, Any]) -> tuple[int, Any]:
        known = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        if authorization != f"Basic {known}":
            return 401, {"error": "Unauthorized"}
        if path != "/api/v2/sign/pdf":
            return 404, {"error": "Not Found"}
        self.received.append(body)
        if self.planned is not None:
            return self.planned
        if body["nik"] != NIK:
            return 400, {"status_code": 2011, "error": f"User dengan NIK {body['nik']} tidak terdaftar"}
        if body["passphrase"] != PASSPHRASE:
            return 400, {"status_code": 2031, "error": "Passphrase anda salah !!!"}
        assert [one["tampilan"] for one in body["signatureProperties"]] == ["INVISIBLE"] * len(body["file"])
        papers = [base64.b64decode(one) for one in body["file"]]
        _told, signed = sign_all(certificate_file(), FILE_PASSWORD, papers, now=dt.datetime.now(dt.UTC))
        return 200, {"time": 111, "file": [base64.b64encode(one).decode() for one in signed]}


@contextmanager
def running_service() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = service.answer(self.path, self.headers.get("Authorization", ""), body)
            time.sleep(service.delay)
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

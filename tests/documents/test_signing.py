"""Signatures in PDF files: made with a certificate file or by the service, found again, and broken on purpose."""

import base64
import datetime as dt
import io
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
import typst
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from documents.signing import apart, certificates, looking, scans
from documents.signing.checks import check_signing
from documents.signing.refused import Refused
from documents.signing.service import sign_by_service
from tests.support import esign

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def paper() -> bytes:
    """PDF/A as the portal makes it, two pages."""
    source = b"= Surat Undangan\nNomor 500.15/001/DPK/VII/2024\n#pagebreak()\nLampiran"
    return bytes(typst.compile(source, pdf_standards=["a-2b"], ignore_system_fonts=True))


@pytest.fixture
def roots(settings: LazySettings, tmp_path: Path) -> None:
    file = tmp_path / "root.pem"
    file.write_bytes(esign.authority().pem)
    settings.SIGNING_ROOTS = [file]


@pytest.fixture
def service(settings: LazySettings, roots: None) -> Iterator[esign.Service]:
    with esign.running_service() as running:
        settings.ESIGN_URL, settings.ESIGN_USERNAME = running.url, esign.USERNAME
        settings.ESIGN_PASSWORD = esign.PASSWORD
        yield running


def signed(paper: bytes, **more: Any) -> bytes:
    given = {"container": esign.certificate_file(), "password": esign.FILE_PASSWORD, "now": NOW, **more}
    return certificates.sign_all(papers=[paper], **given)[1][0]


def refusal(paper: bytes, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        signed(paper, **more)
    assert str(apart.SENTENCES[refused.value.code]).endswith(".")
    return refused.value.code


def judged(found: list[dict[str, Any]]) -> list[tuple[str, bool, bool, bool]]:
    return [(one["name"], one["intact"], one["whole"], one["trusted"]) for one in found]


def verdict(paper: bytes, *, known: bool = True) -> list[tuple[str, bool, bool, bool]]:
    return judged(looking.look(paper, [esign.authority().pem] if known else [])["signatures"])


def damaged(paper: bytes, at: int) -> bytes:
    other = bytearray(paper)
    other[at] ^= 1
    return bytes(other)


def unsound(paper: bytes) -> bool:
    """Nobody would take it for the signed paper: unreadable, or no signature that is intact and the last word."""
    try:
        found = verdict(paper)
    except Refused:
        return True
    return not any(intact and whole for _name, intact, whole, _trusted in found)


def test_certificate_signs_in_a_process_of_its_own_and_anybody_can_check_it(paper: bytes, roots: None) -> None:
    told, papers = apart.sign_with_certificate(
        container=esign.certificate_file(), password=esign.FILE_PASSWORD, papers=[paper], now=NOW, place="Pekalongan"
    )
    assert (told["name"], told["issuer"]) == ("Budi Contoh", "Otoritas Uji")
    before, after = apart.look_at_papers(paper, papers[0])
    assert (before["pages"], before["signatures"], after["pages"]) == (2, [], 2)
    assert judged(after["signatures"]) == [("Budi Contoh", True, True, True)]


def test_certificate_that_its_process_refuses_is_told_in_words(paper: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        apart.sign_with_certificate(container=esign.certificate_file(), password="salah", papers=[paper], now=NOW)
    assert (refused.value.code, refused.value.messages[0][-1]) == ("certificate_password", ".")


def test_certificate_leaves_every_byte_of_the_paper(paper: bytes) -> None:
    made = signed(paper)
    assert made[: len(paper)] == paper
    assert len(made) > len(paper)
    assert esign.FILE_PASSWORD.encode() not in made


def test_certificate_signs_many_papers_in_their_order(paper: bytes) -> None:
    other = bytes(typst.compile(b"Surat lain", ignore_system_fonts=True))
    _told, made = certificates.sign_all(
        container=esign.certificate_file(), password=esign.FILE_PASSWORD, papers=[paper, other, paper], now=NOW
    )
    assert [one.startswith(before) for one, before in zip(made, [paper, other, paper], strict=True)] == [True] * 3


def test_signature_of_an_unknown_authority_is_sound_but_not_trusted(paper: bytes) -> None:
    assert verdict(signed(paper), known=False) == [("Budi Contoh", True, True, False)]


def test_second_signature_leaves_the_first_sound(paper: bytes) -> None:
    second = signed(signed(paper), container=esign.certificate_file("Siti Contoh"))
    assert verdict(second) == [("Budi Contoh", True, True, True), ("Siti Contoh", True, True, True)]


def test_paper_without_signature_has_none(paper: bytes) -> None:
    assert verdict(paper) == []


def test_tampering_with_any_byte_is_seen(paper: bytes) -> None:
    """Everywhere but in the room of the signature itself, where copies of certificates may differ."""
    made = signed(paper)
    assert not unsound(made)
    begin = made.rindex(b"/Contents <")
    end = made.index(b">", begin)
    places = [*range(10, begin, begin // 30), *range(end + 2, len(made) - 8, 200)]
    assert [at for at in places if not unsound(damaged(made, at))] == []
    assert unsound(damaged(made, begin + 40))


def test_tampering_by_a_page_text_put_behind_the_signature_is_seen(paper: bytes) -> None:
    """A forger appends a revision: the signed bytes are intact, and the paper says something else."""
    writer = pypdf.PdfWriter(io.BytesIO(signed(paper)), incremental=True)
    writer.pages[0][NameObject("/Rotate")] = NumberObject(180)
    writer.add_metadata({"/Title": TextStringObject("Lain")})
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(paper)
    assert verdict(out.getvalue()) == [("Budi Contoh", True, False, True)]


def test_tampering_by_taking_the_signature_of_another_paper_is_seen(paper: bytes) -> None:
    other = bytes(typst.compile(b"= Keputusan lain", pdf_standards=["a-2b"], ignore_system_fonts=True))
    assert unsound(other + signed(paper)[len(paper) :])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"password": "salah"}, "certificate_password"),
        ({"password": ""}, "certificate_password"),
        ({"container": b"bukan berkas"}, "certificate_file"),
        ({"container": b""}, "certificate_file"),
        ({"container": lambda: esign.certificate_file(ends=NOW - dt.timedelta(hours=1))}, "certificate_expired"),
        ({"container": lambda: esign.certificate_file(begins=NOW + dt.timedelta(hours=1))}, "certificate_early"),
        ({"container": lambda: esign.certificate_file(signs=False)}, "certificate_purpose"),
        ({"container": lambda: esign.certificate_file(bits=1024)}, "certificate_weak"),
    ],
)
def test_certificate_that_cannot_sign_is_refused_in_words(paper: bytes, given: dict[str, Any], code: str) -> None:
    ready = {name: value() if callable(value) else value for name, value in given.items()}
    assert refusal(paper, **ready) == code


def test_certificate_refuses_a_paper_that_is_no_pdf() -> None:
    assert refusal(b"%PDF-1.7 nothing more") == "paper_unsignable"


def test_check_of_the_settings_finds_what_would_fail_later(settings: LazySettings, tmp_path: Path) -> None:
    """A root that is not there, one that is no certificate, a service without TLS and without an account."""
    root, junk = tmp_path / "root.pem", tmp_path / "junk.pem"
    root.write_bytes(esign.authority().pem)
    junk.write_bytes(b"nothing")
    settings.SIGNING_ROOTS = [root]
    assert check_signing() == []
    settings.SIGNING_ROOTS = [root, junk, tmp_path / "missing.pem"]
    settings.ESIGN_URL, settings.ESIGN_PASSWORD = "http://esign.example", ""
    assert [one.id for one in check_signing()] == [
        *("documents.E001", "documents.E001"),
        "documents.W001",
        "documents.E002",
    ]


def by_service(paper: bytes, **more: Any) -> tuple[dict[str, Any], list[bytes]]:
    return sign_by_service(**{"nik": esign.NIK, "passphrase": esign.PASSPHRASE, "papers": [paper], **more})


def refused_by_service(paper: bytes, **more: Any) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        by_service(paper, **more)
    return refused.value


def test_service_signs_and_anybody_can_check_it(paper: bytes, service: esign.Service) -> None:
    told, papers = by_service(paper, papers=[paper, paper], reason="Surat Undangan", place="Pekalongan")
    assert told["name"] == "Budi Contoh"
    assert [verdict(one) for one in papers] == [[("Budi Contoh", True, True, True)]] * 2
    asked = service.received[0]
    assert asked["signatureProperties"][0] == {
        "tampilan": "INVISIBLE",
        "location": "Pekalongan",
        "reason": "Surat Undangan",
    }


@pytest.mark.parametrize(
    ("planned", "code", "said"),
    [
        ((400, {"status_code": 2031, "error": "Passphrase anda salah !!!"}), "esign_2031", "passphrase"),
        ((400, {"status_code": 2011, "error": "x"}), "esign_2011", "NIK"),
        ((400, {"status_code": 9999, "error": "Sertifikat NIK 9971010507620001 dibekukan"}), "esign_refused", "dibeku"),
        ((200, {"error": "Kuota habis"}), "esign_refused", "Kuota habis"),
        ((500, {"status": 500, "error": "Internal Server Error"}), "esign_unreachable", ""),
        ((502, b"<html>Bad gateway</html>"), "esign_unreachable", ""),
        ((401, {"error": "Unauthorized"}), "esign_account", ""),
        ((302, b""), "esign_unreachable", ""),
        ((200, b"not json"), "esign_unintelligible", ""),
        ((200, {"file": []}), "esign_unintelligible", ""),
        ((200, {"file": ["???"]}), "esign_unintelligible", ""),
        ((200, {"file": [7]}), "esign_unintelligible", ""),
        ((200, {"file": [base64.b64encode(b"<html>").decode()]}), "paper_kind", ""),
    ],
)
def test_service_that_refuses_is_told_in_words(
    paper: bytes, service: esign.Service, planned: tuple[int, Any], code: str, said: str
) -> None:
    service.planned = planned
    refused = refused_by_service(paper)
    sentence = refused.messages[0]
    assert (refused.code, said.lower() in sentence.lower()) == (code, True)
    assert esign.NIK not in sentence


def test_service_that_gives_back_another_paper_is_not_believed(paper: bytes, service: esign.Service) -> None:
    """Unsigned, tampered with, or of other pages."""
    broken = damaged(signed(paper), len(paper) // 2)
    other = signed(bytes(typst.compile(b"Satu halaman", ignore_system_fonts=True)))
    for answer in (paper, broken, other):
        service.planned = (200, {"file": [base64.b64encode(answer).decode()]})
        assert refused_by_service(paper).code in {"esign_unsound", "paper_broken"}


def test_service_that_is_away_or_silent_is_told_as_away(
    paper: bytes, service: esign.Service, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.signing.service.TIMEOUT", 0.2)
    service.delay = 0.6
    assert refused_by_service(paper).code == "esign_unreachable"
    settings.ESIGN_URL = "http://127.0.0.1:1"
    assert refused_by_service(paper).code == "esign_unreachable"


def test_service_secrets_are_in_no_log(paper: bytes, service: esign.Service, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        by_service(paper)
        refusals: list[tuple[int, Any]] = [(400, {"status_code": 2031}), (500, b""), (401, b""), (200, {"file": []})]
        for planned in refusals:
            service.planned = planned
            refused_by_service(paper)
    assert [secret for secret in (esign.PASSPHRASE, esign.NIK, esign.PASSWORD) if secret in caplog.text] == []


def scan(**pages: Any) -> bytes:
    return bytes(typst.compile(b"Pindaian bertanda tangan", ignore_system_fonts=True))


def rewritten(change: Any) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(scan()))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_scan_that_is_a_plain_pdf_is_taken() -> None:
    assert apart.look_at_scan(scan()) == {"pages": 1}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"\xff\xd8\xff\xe0 photo", "paper_kind"),
        (lambda: scan()[:600], "paper_broken"),
        (lambda: b"%PDF-1.4\n%%EOF", "paper_broken"),
        (lambda: rewritten(lambda writer: writer.encrypt("sandi")), "paper_locked"),
        (lambda: rewritten(add_script), "paper_active"),
        (lambda: rewritten(lambda writer: writer.add_attachment("a.exe", b"MZ")), "paper_active"),
        (lambda: rewritten(lambda writer: [writer.add_blank_page(100, 100) for _page in range(60)]), "paper_long"),
    ],
)
def test_scan_that_is_more_or_less_than_a_scan_is_refused(content: Any, code: str) -> None:
    with pytest.raises(Refused) as refused:
        scans.look_at_scan(content())
    assert (refused.value.code, refused.value.code in apart.SENTENCES) == (code, True)


def test_file_that_keeps_its_reader_busy_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload of many nested objects: the process ends by its own limit, and the visitor is told."""
    monkeypatch.setattr("documents.signing.apart.SECONDS", 1)
    nested = b"%PDF-1.4\n1 0 obj\n" + b"[" * 400_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    for look in (apart.look_at_scan, apart.look_at_papers):
        with pytest.raises(ValidationError) as refused:
            look(nested)
        assert refused.value.code in {"too_slow", "paper_broken", "technical"}


def test_file_that_comes_while_all_places_are_taken_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.signing.apart.PATIENCE", 0.05)
    monkeypatch.setattr("documents.signing.apart._places", threading.BoundedSemaphore(1))
    with apart._places, pytest.raises(ValidationError) as refused:
        apart.look_at_scan(scan())
    assert refused.value.code == "busy"
    assert apart.look_at_scan(scan()) == {"pages": 1}


def test_certificate_that_names_an_identity_number_is_told_without_it(paper: bytes) -> None:
    made = certificates.sign_all(
        esign.certificate_file("Budi Contoh 9971010507620001"), esign.FILE_PASSWORD, [paper], now=NOW
    )
    assert made[0]["name"] == "Budi Contoh …"
    assert looking.look(made[1][0])["signatures"][0]["name"] == "Budi Contoh …"


def test_file_that_unpacks_to_more_than_the_memory_harms_only_its_reader() -> None:
    """Forty megabytes of nothing, packed a thousand times smaller, in every page."""
    content = rewritten(add_bomb)
    assert len(content) < 200_000
    assert apart.look_at_scan(content) == {"pages": 1}


def add_bomb(writer: pypdf.PdfWriter) -> None:
    stream = DecodedStreamObject()
    stream.set_data(b"0 " * 20_000_000)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream.flate_encode())


def add_script(writer: pypdf.PdfWriter) -> None:
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})

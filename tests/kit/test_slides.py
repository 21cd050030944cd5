"""Whatever PDF somebody sends as slides comes out as pages alone, or is refused in one clear sentence."""

import io
from typing import Any

import pytest
import typst
from django.core.exceptions import ValidationError
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from kit.slides import rewriting
from kit.slides.apart import MOST_BYTES, MOST_PAGES, clean_slides
from kit.tables.refused import Refused

HIDDEN = (b"app.alert", b"rahasia.txt", b"contoh.example", b"Penyusun Rahasia", b"/JavaScript", b"/URI", b"/Annots")


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def plain(pages: int = 2) -> PdfWriter:
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(width=720, height=405)
    return writer


def typeset() -> bytes:
    source = (
        '#set page(width: 20cm, height: 11cm)\n= Roti Sehat\n#link("https://contoh.example")[Beli]\n#pagebreak()\nOmzet'
    )
    made: bytes = typst.compile(source.encode())
    return made


def armed() -> bytes:
    """With everything that a PDF can do by itself."""
    writer = PdfWriter(clone_from=io.BytesIO(typeset()))
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('halo');")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_attachment("rahasia.txt", b"rahasia.txt: isi")
    writer.add_metadata({"/Author": "Penyusun Rahasia"})
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://contoh.example/x"))
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    return written(writer)


def reached(reader: PdfReader) -> set[str]:
    """The names of every dictionary that the document reaches."""
    waiting: list[Any] = [reader.trailer]
    seen: set[int] = set()
    names: set[str] = set()
    while waiting:
        one: Any = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum not in seen:
                seen.add(one.idnum)
                waiting.append(one.get_object())
        elif isinstance(one, DictionaryObject):
            names |= set(one)
            waiting += [one.raw_get(name) for name in one]
        elif isinstance(one, ArrayObject):
            waiting += list.__iter__(one)
    return names


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        clean_slides(content)
    return str(refused.value.code)


def test_slides_keep_their_pages_and_words() -> None:
    slides = clean_slides(armed())
    reader = PdfReader(io.BytesIO(slides.content))
    assert slides.pages == len(reader.pages) == 2
    assert "Roti Sehat" in reader.pages[0].extract_text()
    assert "Omzet" in reader.pages[1].extract_text()
    assert [float(side) for side in reader.pages[0].mediabox[2:]] == pytest.approx([566.93, 311.81], abs=0.01)


def test_slides_lose_scripts_links_files_and_properties() -> None:
    before, after = armed(), clean_slides(armed()).content
    assert all(word in before for word in (b"/JavaScript", b"/URI", b"/Annots"))
    assert [word for word in HIDDEN if word in after] == []
    banned = {
        "/AA",
        "/A",
        "/JS",
        "/OpenAction",
        "/Names",
        "/Annots",
        "/EF",
        "/AcroForm",
        "/Metadata",
        "/Author",
        "/URI",
    }
    assert reached(PdfReader(io.BytesIO(after))) & banned == set()


def test_slides_drop_what_lies_elsewhere_or_is_no_drawing() -> None:
    """A picture whose data is another file, a programme of a printer, and an action hidden among the resources."""
    writer = plain(1)
    outside, printer = StreamObject(), StreamObject()
    outside[NameObject("/F")] = TextStringObject("/etc/passwd")
    outside[NameObject("/Subtype")] = NameObject("/Image")
    printer[NameObject("/Subtype")] = NameObject("/PS")
    action = DictionaryObject({NameObject("/Type"): NameObject("/Action"), NameObject("/S"): NameObject("/Launch")})
    held = {
        NameObject("/X"): writer._add_object(outside),
        NameObject("/P"): writer._add_object(printer),
        NameObject("/L"): writer._add_object(action),
    }
    writer.pages[0][NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): DictionaryObject(held)})
    after = clean_slides(written(writer)).content
    assert [word for word in (b"passwd", b"/PS", b"/Launch") if word in after] == []


def test_slides_keep_a_font_that_is_called_like_an_action() -> None:
    writer = plain(1)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/BaseFont"): NameObject("/Courier")})
    fonts = DictionaryObject({NameObject("/AA"): writer._add_object(font)})
    writer.pages[0][NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page: Any = PdfReader(io.BytesIO(clean_slides(written(writer)).content)).pages[0]
    assert page["/Resources"]["/Font"]["/AA"]["/BaseFont"] == "/Courier"


def test_slides_of_another_kind_are_refused() -> None:
    assert refusal(b"PK\x03\x04 presentasi.pptx") == "slides_kind"


def test_slides_that_did_not_arrive_whole_are_refused() -> None:
    assert refusal(typeset()[:400]) == "slides_broken"


def test_slides_with_a_password_are_refused() -> None:
    writer = plain()
    writer.encrypt("rahasia")
    assert refusal(written(writer)) == "slides_locked"


def test_slides_without_a_page_are_refused() -> None:
    assert refusal(written(PdfWriter())) == "slides_empty"


def test_slides_with_too_many_pages_are_refused() -> None:
    with pytest.raises(ValidationError, match=str(MOST_PAGES + 1)) as refused:
        clean_slides(written(plain(MOST_PAGES + 1)))
    assert refused.value.code == "slides_long"


def test_slides_of_ten_megabytes_and_a_byte_are_refused() -> None:
    assert refusal(b"%PDF-" + b"0" * MOST_BYTES) == "slides_large"


def test_slides_as_large_as_a_wall_are_refused() -> None:
    writer = plain(1)
    writer.pages[0].mediabox.upper_right = (FloatObject(20_000), FloatObject(400))
    assert refusal(written(writer)) == "slides_broken"


def test_slides_of_endlessly_many_objects_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "MOST_OBJECTS", 3)
    with pytest.raises(Refused, match="heavy"):
        rewriting.rewrite(typeset(), 5)


def test_slides_that_lead_back_to_themselves_are_taken_once() -> None:
    writer = plain(1)
    form = StreamObject()
    place = writer._add_object(form)
    form[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/Me"): place})}
    )
    writer.pages[0][NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/Me"): place})}
    )
    assert clean_slides(written(writer)).pages == 1

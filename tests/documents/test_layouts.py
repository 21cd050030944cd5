"""What a head of office sends back: a table without heading, a signature alone on a page, text that is cut."""

import re
from typing import Any

import pytest
from pypdf import PdfReader

from tests.documents.layouts import COLUMNS, COMMON, SIGNED, embeds_its_fonts, pages_of, people, typeset

MILLIMETRE = 72 / 25.4
HEADING = "No. Nama L/P Kelurahan"
WITHOUT_TABLE = ("letter", "announcement", "minutes", "decree", "list", "attendance")


def table(count: int, **more: Any) -> dict[str, Any]:
    return {"table": {"columns": SIGNED, "rows": people(count), **more}}


def attendance(count: int) -> list[str]:
    signers = [{"as": "Mengetahui,", "official": 0}, {"as": "Panitia,"}]
    return pages_of(typeset("attendance", body={"groups": [table(count)], "signers": signers}))


@pytest.mark.parametrize("layout", WITHOUT_TABLE)
@pytest.mark.parametrize(("paper", "width", "height"), [("A4", 210, 297), ("F4", 215, 330)])
def test_every_layout_has_the_size_of_the_paper_and_carries_its_fonts(
    layout: str, paper: str, width: int, height: int
) -> None:
    reader = typeset(layout, paper=paper)
    box = reader.pages[0].mediabox
    assert (round(box.width / MILLIMETRE), round(box.height / MILLIMETRE)) == (width, height)
    assert embeds_its_fonts(reader)


def test_letter_says_who_writes_to_whom_about_what() -> None:
    body = {"subject": "Undangan Pelatihan", "to": ["Sdri. Dewi Contoh"], "copies": ["Lurah Bendan Kergon."]}
    [page] = pages_of(typeset("letter", texts={"opening": ["Dengan hormat."]}, body=body))
    assert page.startswith("PEMERINTAH KOTA PEKALONGAN DINAS PERINDUSTRIAN DAN TENAGA KERJA")
    for words in (
        "Pekalongan, 24 Juni 2024",
        "Hal : Undangan Pelatihan",
        "Yth. Sdri. Dewi Contoh",
        "Tembusan: 1. Lurah",
    ):
        assert words in page
    assert page.index("Dengan hormat.") < page.index("KEPALA DINAS") < page.index("NIP. 19680705 199403 1 002")


def test_text_of_an_office_is_printed_and_never_run() -> None:
    hostile = '#panic("x") $x$ *tebal* #read("/etc/passwd")'
    [page] = pages_of(typeset("letter", texts={"opening": [hostile]}, body={"subject": hostile, "to": [hostile]}))
    assert page.count(hostile) == 3


def test_decree_counts_its_parts_and_brings_annexes() -> None:
    annex = {"title": ["Daftar peserta"], "groups": [{"table": {"columns": COLUMNS, "rows": people(70)}}]}
    texts = {
        "considering": ["bahwa satu;", "bahwa dua;"],
        "recalling": ["Undang-Undang Nomor 23 Tahun 2014;"],
        "decisions": [f"Isi diktum ke-{number}." for number in range(1, 6)],
    }
    body = {"decider": "Kepala Dinas", "about": "Penetapan Peserta", "annexes": [annex]}
    first, *rest = pages_of(typeset("decree", texts=texts, body=body))
    assert "KEPUTUSAN KEPALA DINAS NOMOR 500.15/045/DPK/VII/2024 TENTANG PENETAPAN PESERTA" in first
    for words in ("a. bahwa satu;", "b. bahwa dua;", "MEMUTUSKAN:", "KELIMA : Isi diktum ke-5."):
        assert words in first
    assert len(rest) == 2
    assert rest[0].startswith("– 2 – LAMPIRAN KEPUTUSAN KEPALA DINAS")
    assert rest[1].startswith(f"– 3 – {HEADING}")


@pytest.mark.parametrize("count", [*range(28, 48), 1, 2, 400])
def test_attendance_never_tears_rows_nor_leaves_signatures_alone(count: int) -> None:
    """Whatever the number of people: each page has the heading, everybody stands once, the end has company."""
    pages = attendance(count)
    assert [HEADING in page for page in pages] == [True] * len(pages)
    numbers = [f"Halaman {number} dari {len(pages)}" for number in range(1, len(pages) + 1)]
    assert [number in page for number, page in zip(numbers, pages, strict=True)] == [True] * len(pages)
    text = " ".join(pages)
    assert re.findall(r"Warga Contoh (\d+) P", text) == [str(number) for number in range(1, count + 1)]
    assert sorted(map(int, re.findall(r"(?<![\d.])(\d+)\.(?!\.)", text))) == list(range(1, count + 1))
    assert "Mengetahui," in pages[-1]
    assert f"Warga Contoh {count} " in pages[-1]


def test_list_adds_up_and_writes_the_sum_in_words() -> None:
    total = [[2, "Jumlah", "center"], [2, "1.950.000", "right"], [2, "", "left"]]
    body = {
        "heading": ["Tanda terima"],
        "in_words": "satu juta sembilan ratus lima puluh ribu rupiah",
        "groups": [table(39, total=total, numbered_columns=True)],
        "signers": [{"as": "Lunas dibayar,", "official": 0}],
    }
    pages = pages_of(typeset("list", body=body))
    assert "Jumlah 1.950.000" in pages[-1]
    assert "Terbilang: satu juta sembilan ratus lima puluh ribu rupiah" in pages[-1]
    assert pages[-1].index("Lunas dibayar,") < pages[-1].index("Drs. BAMBANG CONTOH, M.Si.")


def test_minutes_are_signed_by_everybody_of_the_team() -> None:
    team = [{"name": f"Anggota Contoh {number}", "role": "Anggota"} for number in range(1, 6)]
    body = {"about": "Seleksi Peserta", "team": team, "sections": [{"title": "Hasil", "facts": [["Pendaftar", "57"]]}]}
    [page] = pages_of(typeset("minutes", texts={"opening": ["Pada hari ini"]}, body=body))
    assert [page.count(one["name"]) for one in team] == [2] * 5
    assert page.index("Pendaftar : 57") < page.index("Tanda tangan") < page.index("Mengetahui,")


def test_draft_is_marked_on_every_page() -> None:
    pages = pages_of(typeset("attendance", draft=True, body={"groups": [table(60)]}))
    assert ["KONSEP" in page for page in pages] == [True] * len(pages)


def certificate(name: str = "Dewi Contoh Lestari", materials: int = 4, **more: Any) -> PdfReader:
    columns = [
        {"label": "No.", "mm": 10},
        {"label": "Materi", "fr": 3},
        {"label": "JP", "mm": 18},
        {"label": "Pengajar", "fr": 2},
    ]
    rows = [[str(one), f"Materi Contoh {one}", "2", "Hj. Siti Contoh, S.Pd."] for one in range(1, materials + 1)]
    body = {"name": name, "materials": {"columns": columns, "rows": rows}}
    texts = {"given": ["diberikan kepada"], "took_part": ["telah mengikuti"], "training": ["Pelatihan Contoh"]}
    return typeset("certificate", **{"paper": "A4", "texts": texts, "body": body} | more)


def test_certificate_has_a_front_and_a_back_that_belong_together() -> None:
    reader = certificate()
    front, back = pages_of(reader)
    box = reader.pages[0].mediabox
    assert (round(box.width / MILLIMETRE), round(box.height / MILLIMETRE)) == (297, 210)
    assert front.index("S E R T I F I K A T") < front.index("Dewi Contoh Lestari") < front.index("telah mengikuti")
    assert front.index("KEPALA DINAS") < front.index("NIP. 19680705 199403 1 002")
    assert "Dewi Contoh Lestari" in back
    assert COMMON["number"] in front
    assert COMMON["number"] in back
    assert embeds_its_fonts(reader)


@pytest.mark.parametrize("words", [1, 12])
def test_front_of_a_certificate_stays_one_page_however_long_its_words_are(words: int) -> None:
    """A name of a hundred letters, and texts that an office made long, are drawn smaller."""
    long = " ".join(["Pelatihan Keterampilan Kerja bagi Masyarakat Lingkungan Industri"] * words)
    texts = {"given": ["diberikan kepada"], "took_part": ["telah mengikuti"], "training": [long], "held": [long]}
    name = "Raden Ayu Siti Nurhalimah Kusumaningtyas Widyaningrum Prawirodirdjo Sastrodihardjo Contoh Lestari Dewi"
    front, back = pages_of(certificate(name[:100], texts=texts))
    assert "NIP. 19680705" in front
    assert "Materi Contoh 4" in back


@pytest.mark.parametrize("materials", [1, 9, 15, 40])
def test_back_of_a_certificate_names_every_material(materials: int) -> None:
    pages = pages_of(certificate(materials=materials))
    text = " ".join(pages[1:])
    assert re.findall(r"Materi Contoh (\d+)", text) == [str(one) for one in range(1, materials + 1)]
    assert len(pages) == 2 or materials > 15


def test_copy_says_so_on_every_page() -> None:
    for reader in (certificate(copy="22 November 2026"), typeset("letter", copy="22 November 2026")):
        assert all("SALINAN dicetak 22 November 2026" in page for page in pages_of(reader))

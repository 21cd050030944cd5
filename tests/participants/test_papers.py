"""Every paper of one batch, built from rows and set in type."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from documents.kinds import paper_kind, paper_kinds
from documents.models import Document
from documents.typesetting import Typesetter
from participants.actions import reject
from participants.models import RejectReason
from programs.models import Batch, Instructor, Session, Topic, Venue
from tests import cast, factories
from tests.documents import made
from tests.documents.typed import one_typesetter, papers, pdf_of

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
NAMES = ["Dewi Contoh", "Ahmad Contoh", "Rina Contoh", "Joko Contoh", "Umi Contoh"]
MEN = ("Ahmad Contoh", "Joko Contoh")


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with one_typesetter() as one:
        yield one


def batch_of_bakers(people: int = 3, **values: Any) -> Batch:
    """Two days of bread in Bendan Kergon, with a venue and an instructor; the others wait."""
    agency = cast.home_agency()
    program = factories.program(agency, name="Pelatihan Keterampilan Kerja DBHCHT 2024")
    defaults: dict[str, Any] = {"name": "Angkatan Bendan Kergon", "days": 0, "quota": 3}
    batch = factories.batch(program, **(defaults | values))
    topic = Topic.objects.get_or_create(agency=agency, name="Roti dan masakan", name_en="Bread")[0]
    place = {"agency": agency, "region_id": factories.BENDAN_KERGON, "name": "Aula Kelurahan"}
    venue = Venue.objects.create(**place, address="Jalan Contoh No. 10")
    teacher = Instructor.objects.create(
        agency=agency, title_prefix="Hj.", full_name="Siti Contoh", title_suffix="S.Pd."
    )
    batch.topics.add(topic)
    for name in NAMES[:people]:
        factories.registration(batch, full_name=name, sex="male" if name in MEN else "female")
    for day in (1, 2):
        begin = datetime(2024, 7, day, 8, 0, tzinfo=WIB)
        batch.sessions.create(
            during=(begin, begin + timedelta(hours=4)),
            lesson_hours=5,
            topic=topic,
            venue=venue,
            instructor=teacher,
        )
    return Batch.objects.with_parts().get(pk=batch.pk)


def subjects_of(code: str, batch: Batch) -> list:
    kind = paper_kinds()[code]
    return list(kind.subjects(batch))


def test_every_sample_can_be_set_in_type(typesetter: Typesetter) -> None:
    for kind in paper_kinds().values():
        for paper in ("A4", "F4"):
            assert pdf_of(typesetter, kind, kind.sample, paper=paper, draft=True).startswith(b"%PDF-1.7")


def test_find_answers_only_what_somebody_may_see() -> None:
    batch = batch_of_bakers(0)
    for code in ("invitation", "attendance_sheet", "schedule", "instructor_decree"):
        kind = paper_kinds()[code]
        assert kind.find(cast.program_officer(), batch.pk) == batch
        assert kind.find(cast.village_officer_here(), batch.pk) is None
        assert kind.find(cast.other_agency_officer(), batch.pk) is None


def test_invitation_goes_to_each_participant_by_name(typesetter: Typesetter) -> None:
    batch = batch_of_bakers(4)
    kind, subjects = paper_kinds()["invitation"], subjects_of("invitation", batch)
    assert [subject.label for subject in subjects] == ["Ahmad Contoh", "Dewi Contoh", "Rina Contoh"]
    [[page], *_others] = papers(typesetter, kind, subjects)
    assert "Yth. Sdr. Ahmad Contoh Jalan Contoh 1 Kelurahan Bendan Kergon, Kecamatan Pekalongan Barat di tempat" in page
    assert "mengundang Sdr. Ahmad Contoh untuk hadir" in page
    assert "Hari, tanggal : Senin dan Selasa, 1 dan 2 Juli 2024 Waktu : Pukul 08.00 s.d. 12.00 WIB" in page
    assert "Tempat : Aula Kelurahan, Jalan Contoh No. 10" in page
    assert "Tembusan: 1. Camat Pekalongan Barat; 2. Lurah Bendan Kergon." in page
    assert "997101" not in page


@pytest.mark.parametrize("people", [1, 3])
def test_invitations_cost_the_same_queries_however_many(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kind, batch = paper_kinds()["invitation"], batch_of_bakers(people)
    with django_assert_num_queries(2):
        assert len(kind.build(list(kind.subjects(batch)))) == people


def test_minutes_count_everybody_and_say_why(typesetter: Typesetter) -> None:
    batch = batch_of_bakers(5)
    last = batch.registrations.get(full_name="Umi Contoh")
    reject(registration=last, reason=RejectReason.NOT_ELIGIBLE, note="", by=cast.verifier())
    [pages] = papers(typesetter, paper_kinds()["selection_minutes"], subjects_of("selection_minutes", batch))
    text = " ".join(pages)
    for words in (
        "Pada hari ini, Senin tanggal dua puluh empat bulan Juni tahun dua ribu dua puluh empat",
        "Jumlah pendaftar : 5 (lima) orang",
        "Diterima sebagai peserta : 3 (tiga) orang",
        "Peserta cadangan : 1 (satu) orang",
        "Ditolak : 1 (satu) orang",
        "Joko Contoh L Bendan Kergon cadangan ke-1",
        "Umi Contoh P Bendan Kergon tidak memenuhi persyaratan",
    ):
        assert words in text


def test_decree_hides_identity_numbers_and_its_copy_has_none(typesetter: Typesetter) -> None:
    batch = batch_of_bakers(3)
    kind = paper_kinds()["participant_decree"]
    [pages] = papers(typesetter, kind, subjects_of(kind.code, batch))
    last4 = {entry.nik_last4 for entry in batch.registrations.all()}
    assert all(digits in pages[-1] for digits in last4)
    assert "997101520799" not in " ".join(pages)
    assert "Menetapkan 3 (tiga) orang peserta" in " ".join(pages)
    copy = paper_kinds()["participant_decree_copy"]
    with pytest.raises(ValidationError, match="Issue the decree of the participants"), translation.override("en"):
        copy.build(subjects_of(copy.code, batch))
    made.document(
        batch.program.agency,
        kind=kind.code,
        scope=f"batch:{batch.pk}",
        subject=f"batch:{batch.pk}",
        date=date(2024, 6, 25),
        **numbered_as(batch, "500.15/077/DPK/VI/2024"),
    )
    [pages] = papers(typesetter, copy, subjects_of(copy.code, batch))
    assert pages[0].startswith("SALINAN")
    assert "NOMOR 500.15/077/DPK/VI/2024" in pages[0]
    assert "pada tanggal 25 Juni 2024" in " ".join(pages)
    assert "NIK" not in " ".join(pages)
    assert not any(digits in pages[-1] for digits in last4)


def numbered_as(batch: Batch, number: str) -> dict[str, object]:
    return {"sequence": made.sequence(batch.program.agency), "position": 1, "number": number}


def test_attendance_has_one_sheet_for_each_session(typesetter: Typesetter) -> None:
    batch = batch_of_bakers(3)
    kind = paper_kinds()["attendance_sheet"]
    subjects = subjects_of(kind.code, batch)
    assert [subject.key for subject in subjects] == [f"session:{one.pk}" for one in Session.objects.in_order()]
    [first], [second] = papers(typesetter, kind, subjects)
    assert "Hari, tanggal : Senin, 1 Juli 2024 Waktu : Pukul 08.00 s.d. 12.00 WIB" in first
    assert "Sesi : 1 dari 2: Roti dan masakan (5 JP) Pengajar : Hj. Siti Contoh, S.Pd." in first
    assert "Hari, tanggal : Selasa, 2 Juli 2024" in second
    places = [second.index(name) for name in ("Ahmad Contoh", "Dewi Contoh", "Rina Contoh", "Mengetahui,")]
    assert all(one < next_one for one, next_one in pairwise(places))


def test_sheets_of_staff_and_goods_have_room_to_sign(typesetter: Typesetter) -> None:
    batch = batch_of_bakers(2)
    [staff] = papers(typesetter, paper_kinds()["staff_attendance"], subjects_of("staff_attendance", batch))
    text = " ".join(staff)
    assert (
        "Senin, 1 Juli 2024 No. Nama Sebagai Tanda tangan 1 Hj. Siti Contoh, S.Pd. Pengajar: Roti dan masakan" in text
    )
    [[goods]] = papers(typesetter, paper_kinds()["goods_receipt"], subjects_of("goods_receipt", batch))
    assert "1. alat tulis 1 (satu) set; 2. bahan praktik 1 (satu) paket;" in goods


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("invitation", "Nobody holds a seat in Angkatan Bendan Kergon yet."),
        ("participant_decree", "Nobody holds a seat in Angkatan Bendan Kergon yet."),
        ("attendance_sheet", "Nobody holds a seat in Angkatan Bendan Kergon yet."),
    ],
)
def test_papers_say_what_is_missing(code: str, sentence: str) -> None:
    batch, kind = batch_of_bakers(0), paper_kind(code)
    assert kind is not None
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        kind.build(list(kind.subjects(batch)))
    assert refused.value.messages == [sentence]
    assert not Document.objects.exists()

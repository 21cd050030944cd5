"""Papers of programmes and batches that name nobody who registers."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from documents.kinds import paper_kinds
from documents.typesetting import Typesetter
from programs.models import Batch, Partner, Program
from tests import cast, factories
from tests.documents.typed import one_typesetter, papers
from tests.participants.test_papers import batch_of_bakers

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with one_typesetter() as one:
        yield one


def test_schedule_lists_each_day_with_its_sessions(typesetter: Typesetter) -> None:
    batch = batch_of_bakers(0)
    kind = paper_kinds()["schedule"]
    [[page]] = papers(typesetter, kind, list(kind.subjects(batch)))
    row = "08.00 s.d. 12.00 WIB Roti dan masakan 5 Hj. Siti Contoh, S.Pd."
    assert "Tempat : Aula Kelurahan, Jalan Contoh No. 10" in page
    assert f"Senin, 1 Juli 2024 No. Waktu Materi JP Pengajar 1 {row}" in page
    assert f"Selasa, 2 Juli 2024 No. Waktu Materi JP Pengajar 1 {row}" in page


def test_partner_of_a_session_is_named_in_the_schedule_on_the_desk_and_in_public(client: Client) -> None:
    batch = batch_of_bakers(0)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.PUBLISHED)
    partner = Partner.objects.create(agency=batch.program.agency, kind="academia", name="Universitas Contoh")
    batch.sessions.filter(pk=batch.sessions.earliest("during").pk).update(partner=partner)
    kind = paper_kinds()["schedule"]
    assert str(kind.build(list(kind.subjects(batch)))).count("Roti dan masakan (materi dari Universitas Contoh)") == 1
    public = client.get(f"/pelatihan/{batch.program.slug}/{batch.slug}/")
    client.force_login(cast.program_officer())
    for shown in (public, client.get(f"/kerja/angkatan/{batch.pk}/")):
        assert shown.content.decode().count("materi dari Universitas Contoh") == 1


def test_instructor_decree_adds_up_what_each_teaches(typesetter: Typesetter) -> None:
    batch = batch_of_bakers(0)
    kind = paper_kinds()["instructor_decree"]
    [pages] = papers(typesetter, kind, list(kind.subjects(batch)))
    assert "1 Hj. Siti Contoh, S.Pd. Roti dan masakan 1 dan 2 Juli 2024 10" in pages[-1]


def test_instructor_decree_needs_an_instructor() -> None:
    batch = batch_of_bakers(0)
    batch.sessions.update(instructor=None)
    kind = paper_kinds()["instructor_decree"]
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        kind.build(list(kind.subjects(batch)))
    assert refused.value.messages == ["Angkatan Bendan Kergon has no instructor yet."]


def test_papers_of_a_batch_need_a_session() -> None:
    batch = factories.batch(factories.program(cast.home_agency()), days=0, name="Angkatan Kosong")
    kind = paper_kinds()["schedule"]
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        kind.build(list(kind.subjects(Batch.objects.with_parts().get(pk=batch.pk))))
    assert refused.value.messages == ["Angkatan Kosong has no session yet. Plan its days first."]


def test_announcement_tells_who_may_come_when_and_where(typesetter: Typesetter) -> None:
    batch = batch_of_bakers(0)
    program = batch.program
    program.rules.filter(kind="domicile").update(values=["id_card", "letter"])
    program.rules.create(kind="target_group", values=["pencari_kerja", "buruh_phk"], position=3)
    kind = paper_kinds()["announcement"]
    found = kind.find(cast.program_officer(), program.pk)
    assert found == program
    [pages] = papers(typesetter, kind, list(kind.subjects(found)))
    text = " ".join(pages)
    for words in (
        "1. berusia 18 sampai dengan 64 tahun pada hari pertama pelatihan;",
        "2. memiliki KTP-el atau surat keterangan domisili dengan alamat di wilayah tempat pelatihan;",
        "3. termasuk kelompok sasaran: pencari kerja dan buruh yang terkena pemutusan hubungan kerja.",
        "1 Bendan Kergon Roti dan masakan 1 dan 2 Juli 2024 Aula Kelurahan, Jalan Contoh No. 10 3",
        "tidak dipungut biaya",
    ):
        assert words in text


def test_announcement_needs_a_batch() -> None:
    program = factories.program(cast.home_agency(), name="Pelatihan Tanpa Angkatan")
    kind = paper_kinds()["announcement"]
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        kind.build(list(kind.subjects(Program.objects.get(pk=program.pk))))
    assert refused.value.messages == ["Pelatihan Tanpa Angkatan has no batch yet that could be announced."]

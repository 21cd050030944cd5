"""Who gets a certificate, what stands on it, and what a stranger with the sheet in hand may read."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from documents import actions as documents
from documents.actions import check_template
from documents.kinds import paper_kinds
from documents.models import Document
from documents.queries import Wording
from documents.typesetting import Typesetter
from participants import rules
from participants.actions import note_test_passed
from participants.models import CheckState, Registration, Seat
from participants.papers.certificates import certificates_needed
from programs.models import Batch
from tests import cast
from tests.documents.typed import one_typesetter, papers
from tests.participants.graduates import issued, missed, office, taught

pytestmark = pytest.mark.django_db
SAYS_NO_PERSON = re.compile(r"997101|\+62|Jalan Contoh \d+ ")


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with one_typesetter() as one:
        yield one


def names(batch: Batch) -> list[str]:
    return [subject.label for subject in paper_kinds()["certificate"].subjects(batch)]


def entry(batch: Batch, name: str) -> Registration:
    found: Registration = batch.registrations.get(full_name=name)
    return found


def test_certificate_goes_to_who_took_part_enough_by_name() -> None:
    batch = taught(5)
    missed(entry(batch, "Dewi Contoh"))
    Registration.objects.filter(full_name="Ahmad Contoh").update(check_state=CheckState.PENDING)
    note_test_passed(registration=entry(batch, "Joko Contoh"), passed=False, by=None)
    note_test_passed(registration=entry(batch, "Rina Contoh"), passed=True, by=None)
    assert names(batch) == ["Rina Contoh", "Umi Contoh"]
    assert certificates_needed([batch.pk]) == {batch.pk: 2}


def test_rule_and_query_agree_on_everybody() -> None:
    """Every combination of what the rule looks at."""
    cases = list(product(["held", "released"], ["verified", "pending"], [True, False, None], [True, False, None]))
    batch = taught(len(cases))
    for row, (seat, check, enough, passed) in zip(batch.registrations.order_by("pk"), cases, strict=True):
        Registration.objects.filter(pk=row.pk).update(seat=Seat(seat), check_state=CheckState(check))
        if enough is None:
            row.completion.delete()
        else:
            type(row.completion).objects.filter(registration=row).update(attended_enough=enough, test_passed=passed)
    expected = [
        not rules.certificate_obstacles(
            rules.Standing(seat == "held", check == "verified", enough, passed if enough is not None else None)
        )
        for seat, check, enough, passed in cases
    ]
    earning = set(batch.registrations.earning_certificate().values_list("pk", flat=True))
    assert [row.pk in earning for row in batch.registrations.order_by("pk")] == expected
    assert sum(expected) == 2


def test_certificate_says_what_was_taught_and_never_that_somebody_is_able(typesetter: Typesetter) -> None:
    batch = taught(1)
    kind = paper_kinds()["certificate"]
    [[front, back]] = papers(typesetter, kind, list(kind.subjects(batch)), paper="A4")
    assert "diberikan kepada Dewi Contoh Kelurahan Bendan Kergon, Kecamatan Pekalongan Barat telah mengikuti" in front
    assert "Pelatihan Keterampilan Kerja DBHCHT 2024: Roti dan masakan" in front
    assert "di Aula Kelurahan, Jalan Contoh No. 10 pada tanggal 1 dan 2 Juli 2024" in front
    assert "selama 18 (delapan belas) jam pelajaran" in front
    assert "1 Roti dan masakan 14 Hj. Siti Contoh, S.Pd. 2 Manajemen kewirausahaan 4 Hj. Siti Contoh, S.Pd." in back
    assert "Jumlah 18" in back
    assert "bukan sertifikat kompetensi" in back
    assert "lulus tes" not in front
    assert [SAYS_NO_PERSON.findall(page) for page in (front, back)] == [[], []]
    assert [re.findall(r"\bkompeten\b", page, re.IGNORECASE) for page in (front, back)] == [[], []]


def test_certificate_names_the_test_only_where_one_was_passed(typesetter: Typesetter) -> None:
    batch = taught(2)
    note_test_passed(registration=entry(batch, "Dewi Contoh"), passed=True, by=None)
    kind = paper_kinds()["certificate"]
    fronts = [pages[0] for pages in papers(typesetter, kind, list(kind.subjects(batch)), paper="A4")]
    assert ["dan telah lulus tes akhir pelatihan" in front for front in fronts] == [False, True]


def test_certificate_bears_the_name_on_file() -> None:
    """The person's name was corrected by the office after the entry was verified."""
    batch = taught(1)
    person = batch.registrations.get().person
    assert person is not None
    type(person).objects.filter(pk=person.pk).update(full_name="Dewi Contoh Lestari")
    assert names(batch) == ["Dewi Contoh Lestari"]


def test_certificates_wait_for_the_end_of_the_training() -> None:
    office()
    batch = taught(1, begin=timezone.localdate() - timedelta(days=1))
    batch.sessions.update(cancelled=False)
    last = batch.sessions.order_by("-during")[0]
    soon = timezone.now() + timedelta(hours=1)
    type(last).objects.filter(pk=last.pk).update(during=(soon, soon + timedelta(hours=1)))
    with pytest.raises(ValidationError) as refused:
        issued(batch, day=timezone.localdate())
    assert refused.value.code == "not_over"
    assert certificates_needed([batch.pk]) == {}


def test_certificate_bears_no_day_before_the_last_of_the_training() -> None:
    office()
    batch = taught(1)
    with pytest.raises(ValidationError) as refused:
        issued(batch, day=date(2024, 7, 1))
    assert refused.value.error_dict["date"][0].code == "too_early"
    assert Document.objects.count() == 0
    assert len(issued(batch, day=date(2024, 7, 2))) == 1


@pytest.mark.parametrize("people", [1, 3])
def test_certificates_cost_the_same_queries_however_many(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kind, batch = paper_kinds()["certificate"], taught(people)
    with django_assert_num_queries(2):
        assert len(kind.build(list(kind.subjects(batch)))) == people


def test_office_may_not_call_somebody_able() -> None:
    agency, kind = office(), paper_kinds()["certificate"]
    able = Wording({"took_part": "telah dinyatakan KOMPETEN"})
    with pytest.raises(ValidationError) as refused:
        check_template(agency=agency, kind=kind, wording=able, by=cast.program_officer())
    assert list(refused.value.error_dict) == ["block_took_part"]
    note = Wording({"note": "Bukan sertifikat kompetensi."})
    check_template(agency=agency, kind=kind, wording=note, by=cast.program_officer())


def public_page(document: Document) -> str:
    content = Client().get(document.public_path).content.decode()
    main = content[content.index("<main") : content.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_public_page_says_what_stands_on_the_sheet_and_nothing_else() -> None:
    office()
    [document] = issued(taught(1))
    document = documents.render(document=document, by=None)
    page = public_page(document)
    for words in (
        "Dewi Contoh",
        "Pelatihan Keterampilan Kerja DBHCHT 2024: Roti dan masakan",
        "18",
        "1 dan 2 Juli 2024",
        document.number,
    ):
        assert words in page
    for hidden in (document.sha256, "Bendan Kergon", "Siti Contoh", "3 Juli 2024"):
        assert hidden not in page
    assert not SAYS_NO_PERSON.search(page)


def test_public_page_stays_the_same_after_a_corrected_edition() -> None:
    office()
    batch = taught(1)
    [document] = issued(batch)
    person = batch.registrations.get().person
    assert person is not None
    type(person).objects.filter(pk=person.pk).update(full_name="Dewi Contoh Lestari")
    [subject] = paper_kinds()["certificate"].subjects(batch)
    edition = documents.reissue(document=document, subject=subject, reason="Nama keliru", by=cast.program_officer())
    assert (edition.number, edition.public_path) == (document.number, document.public_path)
    assert "Dewi Contoh Lestari" in public_page(document)
    documents.revoke(document=edition, reason="Salah orang", by=cast.program_officer())
    assert "Salah orang" not in public_page(document)


def test_receipt_lists_the_certificates_that_are_in_force(typesetter: Typesetter) -> None:
    office()
    batch = taught(3)
    kind = paper_kinds()["certificate_receipt"]
    with pytest.raises(ValidationError, match=batch.name):
        kind.build(list(kind.subjects(batch)))
    first, *_others = issued(batch)
    documents.revoke(document=first, reason="Salah orang", by=cast.program_officer())
    [[page]] = papers(typesetter, kind, list(kind.subjects(batch)))
    assert "1 Dewi Contoh 500.15/002/DPK/VII/2024" in page
    assert "Ahmad Contoh" not in page

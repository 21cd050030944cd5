"""Funds at the desk of the activity officer, and of those who only look."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AuditEntry
from budgets.actions import Decree, apply_version
from budgets.models import BudgetLine, BudgetSheet, CeilingVersion, FundSource
from kit.workbooks import read_workbook
from tests import cast, factories

pytestmark = pytest.mark.django_db
DECREE = {"document": "DPA/A.1/2.07/001/2026", "decided_on": "2026-01-05"}
HEAD = "Kode Sub Kegiatan;Nama Sub Kegiatan;Kode Rekening;Nama Rekening;Pagu (Rp)"
GOOD = "2.07.03.2.01.0001;Latihan;5.1.02.02.01.0003;Honorarium Narasumber;97.200.000"


def client(person: Any) -> Client:
    found = Client()
    found.force_login(person())
    return found


@pytest.fixture
def desk() -> Client:
    return client(cast.activity_officer)


@pytest.fixture
def fund() -> FundSource:
    return factories.fund_source(cast.home_agency())


def original(fund: FundSource, **amounts: int) -> list[BudgetLine]:
    """Lines of these names with their ceilings of the original budget."""
    lines = [factories.budget_line(fund, description=name, ceiling=0) for name in amounts]
    told = dict(zip([line.pk for line in lines], amounts.values(), strict=True))
    apply_version(
        fund=fund, decree=Decree("original", "DPA", date(2026, 1, 2)), amounts=told, by=cast.activity_officer()
    )
    return list(BudgetLine.objects.filter(pk__in=told).order_by("pk"))


# A zero byte far behind the beginning, where nobody looks for it; PostgreSQL keeps none.
LATE = f"{HEAD}{' ' * 5000}\r\n2.07.03.2.01.0001;A\0;5.1.02.02.01.0003;B;;1.000\r\n".encode()


def sheet(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("dpa.csv", "\r\n".join([HEAD, *lines]).encode())


def test_fund_list_shows_the_sums_and_the_absorption_of_the_offices_one_looks_at(fund: FundSource) -> None:
    factories.budget_line(fund, ceiling=1_000_000, reserved=200_000, spent=305_000)
    factories.fund_source(cast.next_agency(), name="Dana Semarang")
    for person in (cast.program_officer, cast.treasurer, cast.auditor, cast.budget_authority):
        page = client(person).get("/kerja/dana/").content.decode()
        assert "Rp1.000.000" in page
        assert "30,50%" in page
        assert "Dana Semarang" not in page
        assert "/kerja/dana/baru/" not in page
    assert "/kerja/dana/baru/" in client(cast.activity_officer).get("/kerja/dana/").content.decode()


def test_fund_detail_of_another_office_is_not_there_and_looking_is_not_changing(desk: Client, fund: FundSource) -> None:
    foreign = factories.fund_source(cast.next_agency())
    line = factories.budget_line(foreign)
    for path in ("", "ubah/", "tutup/", "rekening/", "pagu/", "geser/", "unggah/", "templat/"):
        assert desk.get(f"/kerja/dana/{foreign.pk}/{path}").status_code == 404
        expected = 403 if path else 200
        assert client(cast.budget_authority).get(f"/kerja/dana/{fund.pk}/{path}").status_code == expected
        assert desk.get(f"/kerja/dana/{fund.pk}/{path}").status_code == 200
    assert desk.get(f"/kerja/dana/rekening/{line.pk}/").status_code == 404


def test_fund_edit_corrects_what_was_entered(desk: Client) -> None:
    typed = {"name": "DBHCHT", "code": "dbhcht", "fiscal_year": "2026", "legal_basis": "PMK 72 Tahun 2024"}
    answer = desk.post("/kerja/dana/baru/", typed)
    fund = FundSource.objects.get()
    assert (answer["Location"], fund.agency) == (f"/kerja/dana/{fund.pk}/", cast.home_agency())
    assert desk.post(f"/kerja/dana/{fund.pk}/ubah/", typed | {"name": "DBH CHT"}).status_code == 302
    assert FundSource.objects.get().name == "DBH CHT"
    assert AuditEntry.objects.filter(action="fundsource.saved").count() == 2


def test_fund_create_twice_in_a_year_is_refused_with_what_was_typed(desk: Client, fund: FundSource) -> None:
    typed = {"name": "Lagi", "code": fund.code, "fiscal_year": fund.fiscal_year}
    answer = desk.post("/kerja/dana/baru/", typed)
    assert (answer.status_code, FundSource.objects.count()) == (422, 1)
    assert 'value="Lagi"' in answer.content.decode()


def test_line_create_enters_a_line_by_hand_and_its_ceiling_comes_with_the_decree(
    desk: Client, fund: FundSource
) -> None:
    typed = {
        "sub_activity_code": "2.07.03.02.01.0001",
        "sub_activity_name": "Proses Pelaksanaan Pelatihan",
        "account_code": "5.1.02.02.01.0003",
        "account_name": "Honorarium Narasumber",
    }
    assert desk.post(f"/kerja/dana/{fund.pk}/rekening/", typed).status_code == 302
    line = BudgetLine.objects.get()
    assert (line.sub_activity_key, line.account_key, line.ceiling) == ("2.7.3.2.1.1", "5.1.2.2.1.3", 0)
    assert desk.post(f"/kerja/dana/{fund.pk}/rekening/", typed).status_code == 422  # once
    decree = {"kind": "original", **DECREE, f"line_{line.pk}": "Rp 97.200.000,00"}
    assert desk.post(f"/kerja/dana/{fund.pk}/pagu/", decree).status_code == 302
    page = desk.get(f"/kerja/dana/{fund.pk}/").content.decode()
    assert "2.07.03.02.01.0001" in page
    assert "Rp97.200.000" in page
    assert DECREE["document"] in page


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("2.07.03", "Kode terdiri atas enam bagian, seperti 2.07.03.2.01.0001."),
        ("2.07.x3.2.01.0001", "Kode hanya berisi angka dan titik, seperti 2.07.03.2.01.0001."),
        ("2.07.03.2.01.12345", "Salah satu bagian kode ini terlalu panjang. Bentuknya seperti 2.07.03.2.01.0001."),
    ],
)
def test_line_create_with_a_broken_code_is_refused_beside_the_field(
    desk: Client, fund: FundSource, code: str, said: str
) -> None:
    typed = {"sub_activity_code": code, "sub_activity_name": "A", "account_code": "5.1.02.02.01.0003"}
    answer = desk.post(f"/kerja/dana/{fund.pk}/rekening/", typed | {"account_name": "B"})
    assert (answer.status_code, answer.context["form"].errors["sub_activity_code"]) == (422, [said])
    assert code in answer.content.decode()
    assert not BudgetLine.objects.exists()


@pytest.mark.parametrize("typed", ["2,400", "-1", "1.000,50", "banyak", ""])
def test_fund_ceilings_with_what_is_no_amount_is_refused_and_nothing_is_set(
    desk: Client, fund: FundSource, typed: str
) -> None:
    line = factories.budget_line(fund, ceiling=0)
    data = {"kind": "original", **DECREE, f"line_{line.pk}": typed}
    answer = desk.post(f"/kerja/dana/{fund.pk}/pagu/", data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [f"line_{line.pk}"])
    assert not CeilingVersion.objects.exists()


def test_fund_ceilings_that_nobody_changed_make_no_version(desk: Client, fund: FundSource) -> None:
    line = original(fund, Honor=1000)[0]
    data = {"kind": "revised", **DECREE, f"line_{line.pk}": "1.000"}
    assert desk.post(f"/kerja/dana/{fund.pk}/pagu/", data).status_code == 422
    assert CeilingVersion.objects.count() == 1


def test_line_detail_tells_how_the_ceiling_became_this(desk: Client, fund: FundSource) -> None:
    line = original(fund, Honor=1_000_000)[0]
    page = desk.get(f"/kerja/dana/rekening/{line.pk}/").content.decode()
    assert "Rp1.000.000" in page
    assert f"/kerja/dana/versi/{CeilingVersion.objects.get().pk}/" in page


def test_version_detail_shows_before_and_afterwards(fund: FundSource) -> None:
    original(fund, Honor=1_000_000)
    version = CeilingVersion.objects.get()
    assert "Rp1.000.000" in client(cast.auditor).get(f"/kerja/dana/versi/{version.pk}/").content.decode()
    version.fund.agency = cast.next_agency()
    version.fund.save()
    assert client(cast.auditor).get(f"/kerja/dana/versi/{version.pk}/").status_code == 404


def test_fund_shift_moves_money_and_never_more_than_there_is(desk: Client, fund: FundSource) -> None:
    first, second = original(fund, Honor=1_000_000, Konsumsi=500_000)
    data = {"source": first.pk, "target": second.pk, "amount": "2.000.000", **DECREE}
    answer = desk.post(f"/kerja/dana/{fund.pk}/geser/", data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["amount"])
    assert desk.post(f"/kerja/dana/{fund.pk}/geser/", data | {"amount": "250.000"}).status_code == 302
    assert list(fund.lines.order_by("pk").values_list("ceiling", flat=True)) == [750_000, 750_000]
    foreign = factories.budget_line()
    data["target"] = foreign.pk
    assert list(desk.post(f"/kerja/dana/{fund.pk}/geser/", data).context["form"].errors) == ["target"]


def test_sheet_detail_is_read_looked_at_and_taken_over(desk: Client, fund: FundSource) -> None:
    data = {"file": sheet(GOOD), "kind": "original", **DECREE}
    answer = desk.post(f"/kerja/dana/{fund.pk}/unggah/", data)
    kept = BudgetSheet.objects.get()
    assert answer["Location"] == f"/kerja/dana/lembar/{kept.pk}/"
    assert "Rp97.200.000" in desk.get(answer["Location"]).content.decode()
    assert not BudgetLine.objects.exists()
    assert desk.post(answer["Location"]).status_code == 302
    assert BudgetLine.objects.get().ceiling == 97_200_000
    assert desk.post(answer["Location"]).status_code == 200  # refused with a sentence: taken over already
    assert CeilingVersion.objects.count() == 1
    assert client(cast.treasurer).get(answer["Location"]).status_code == 403


def test_sheet_detail_with_broken_cells_says_each_of_them_and_changes_nothing(desk: Client, fund: FundSource) -> None:
    broken = GOOD.replace("97.200.000", "2,400").replace("0003", "0004")
    data = {"file": sheet(GOOD, broken), "kind": "original", **DECREE}
    place = desk.post(f"/kerja/dana/{fund.pk}/unggah/", data)["Location"]
    page = desk.get(place).content.decode()
    assert "E3: " in page
    assert desk.post(place).status_code == 200
    assert not BudgetLine.objects.exists()
    assert not CeilingVersion.objects.exists()


@pytest.mark.parametrize("content", [b"", b"bukan;lembar", b"PK\x03\x04rusak", b"x" * (6 * 2**20), LATE])
def test_fund_upload_of_what_is_no_budget_is_refused_beside_the_field(
    desk: Client, fund: FundSource, content: bytes
) -> None:
    data = {"file": SimpleUploadedFile("dpa.xlsx", content), "kind": "original", **DECREE}
    answer = desk.post(f"/kerja/dana/{fund.pk}/unggah/", data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])
    assert DECREE["document"] in answer.content.decode()
    assert not BudgetSheet.objects.exists()


def test_fund_template_holds_the_lines_in_the_columns_of_the_upload(desk: Client, fund: FundSource) -> None:
    original(fund, Honor=1_000_000)
    answer = desk.get(f"/kerja/dana/{fund.pk}/templat/")
    assert "attachment" in answer["Content-Disposition"]
    cells = [cell.text for row in read_workbook(answer.content) for cell in row]
    assert "2.07.03.2.01.0001" in cells
    upload = io.BytesIO(answer.content)
    upload.name = "anggaran.xlsx"
    assert desk.post(f"/kerja/dana/{fund.pk}/unggah/", {"file": upload, "kind": "revised", **DECREE}).status_code == 302


def test_fund_close_is_done_when_it_is_over_and_not_before(desk: Client, fund: FundSource) -> None:
    FundSource.objects.update(fiscal_year=fund.fiscal_year + 1)
    line = original(fund, Honor=1_000_000)[0]
    assert desk.post(f"/kerja/dana/{fund.pk}/tutup/").status_code == 200
    assert FundSource.objects.get().closed_at is None
    FundSource.objects.update(fiscal_year=fund.fiscal_year - 1)
    assert desk.post(f"/kerja/dana/{fund.pk}/tutup/").status_code == 302
    assert not BudgetLine.objects.get(pk=line.pk).is_open
    assert "/unggah/" not in desk.get(f"/kerja/dana/{fund.pk}/").content.decode()
    typed = {"sub_activity_name": "A", "account_name": "B", "account_code": "5.1.02.02.01.0003"}
    answer = desk.post(f"/kerja/dana/{fund.pk}/rekening/", typed | {"sub_activity_code": "2.07.03.2.01.0002"})
    assert answer.status_code == 422


def test_fund_rules_are_set_as_a_whole_and_a_cleared_row_goes(desk: Client, fund: FundSource) -> None:
    data = {"share0-name": "Kesehatan", "share0-percent": "40,5", "share1-name": "Hukum", "share1-percent": "10"}
    data |= {"group0-group": "buruh_phk", "group0-evidence": "Surat PHK", "group1-group": "pencari_kerja"}
    data |= {"report0-name": "Semester I", "report0-due_on": "2026-07-10"}
    assert desk.post(f"/kerja/dana/{fund.pk}/ketentuan/", data).status_code == 302
    assert list(fund.groups.values_list("group", "priority")) == [("buruh_phk", 1), ("pencari_kerja", 2)]
    page = desk.get(f"/kerja/dana/{fund.pk}/ketentuan/").content.decode()
    assert 'value="Kesehatan"' in page
    assert 'value="40,50"' in page
    assert desk.post(f"/kerja/dana/{fund.pk}/ketentuan/", data | {"share1-name": ""}).status_code == 302
    assert [share.name for share in fund.shares.all()] == ["Kesehatan"]


@pytest.mark.parametrize(
    "broken",
    [
        {"share0-name": "A", "share0-percent": ""},
        {"share0-name": "A", "share0-percent": "60", "share1-name": "B", "share1-percent": "60"},
        {"share0-name": "A", "share0-percent": "0"},
        {"group0-group": "buruh_phk", "group1-group": "buruh_phk"},
        {"report0-name": "Semester I", "report0-due_on": "kapan-kapan"},
    ],
)
def test_fund_rules_that_cannot_be_are_refused_with_what_was_typed(
    desk: Client, fund: FundSource, broken: dict[str, str]
) -> None:
    answer = desk.post(
        f"/kerja/dana/{fund.pk}/ketentuan/", broken | {"report1-name": "Tetap ada"} | {"report1-due_on": "2026-07-10"}
    )
    assert answer.status_code == 422
    assert "Tetap ada" in answer.content.decode()
    assert not fund.shares.exists()
    assert not fund.groups.exists()

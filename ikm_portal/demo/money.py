"""Budgets of the demonstration: real codes and names of lines, invented amounts."""

from datetime import date
from decimal import Decimal

from accounts.models import Agency, User
from budgets.actions import Decree, apply_version, enter_line, set_fund_rules, shift_between
from budgets.models import BudgetLine, FundGroup, FundReport, FundShare, FundSource, TargetGroup
from budgets.rules import parse_account_code, parse_sub_activity_code
from programs.models import Program

SKILLS = (
    "2.07.03.2.01.0001",
    "Proses Pelaksanaan Pendidikan dan Pelatihan Keterampilan bagi Pencari Kerja berdasarkan Klaster Kompetensi",
)
INDUSTRY = ("3.31.02.2.01.0005", "Pemberdayaan Industri dan Peran Serta Masyarakat")
HONORARIA = (
    "5.1.02.02.01.0003",
    "Honorarium Narasumber atau Pembahas, Moderator, Pembawa Acara, dan Panitia",
)
STATIONERY = ("5.1.02.01.01.0024", "Belanja Alat Tulis Kantor")
MEALS = ("5.1.02.01.01.0052", "Belanja Makanan dan Minuman Rapat")
TRAVEL = ("5.1.02.04.01.0003", "Belanja Perjalanan Dinas Dalam Kota")
AMOUNTS = {HONORARIA: 243_000_000, STATIONERY: 81_000_000, MEALS: 162_000_000, TRAVEL: 54_000_000}
WELFARE = "Kesejahteraan masyarakat"
SHARES = {WELFARE: 100}  # what the office receives of the excise is all of this field
GROUPS = {
    TargetGroup.TOBACCO_FARM_WORKER: "Surat keterangan kelurahan",
    TargetGroup.CIGARETTE_WORKER: "Surat keterangan perusahaan",
    TargetGroup.LAID_OFF_WORKER: "Surat PHK",
    TargetGroup.JOB_SEEKER: "Kartu AK1",
    TargetGroup.GENERAL: "",
}


def give_budgets(agency: Agency, by: User, *, sub_activity: tuple[str, str] = SKILLS, parts: int = 1) -> None:
    """Every fund of the office gets its rules, lines and ceilings, and pays for its programmes from them."""
    for fund in FundSource.objects.filter(agency=agency).order_by("pk"):
        _rules(fund, by)
        lines = [_line(fund, sub_activity, account, by) for account in AMOUNTS]
        amounts = {line.pk: amount // parts for line, amount in zip(lines, AMOUNTS.values(), strict=True)}
        year = fund.fiscal_year
        decree = Decree("original", f"DPA/A.1/{sub_activity[0][:4]}/001/{year}", date(year, 1, 3))
        apply_version(fund=fund, decree=decree, amounts=amounts, by=by)
        shift = Decree("shift", f"DPPA/A.1/{sub_activity[0][:4]}/002/{year}", date(year, 4, 15))
        shift_between(source=lines[3], target=lines[2], amount=9_000_000 // parts, decree=shift, by=by)
        for program in Program.objects.filter(fund_source=fund):
            program.budget_lines.set(lines)


def _line(fund: FundSource, sub_activity: tuple[str, str], account: tuple[str, str], by: User) -> BudgetLine:
    line = BudgetLine(
        fund=fund,
        share=fund.shares.get(name=WELFARE),
        sub_activity_code=sub_activity[0],
        sub_activity_key=parse_sub_activity_code(sub_activity[0]),
        sub_activity_name=sub_activity[1],
        account_code=account[0],
        account_key=parse_account_code(account[0]),
        account_name=account[1],
    )
    return enter_line(line=line, by=by)


def _rules(fund: FundSource, by: User) -> None:
    basis, year = fund.legal_basis, fund.fiscal_year
    set_fund_rules(
        fund=fund,
        shares=[FundShare(name=name, percent=Decimal(part), legal_basis=basis) for name, part in SHARES.items()],
        groups=[FundGroup(group=group, evidence=proof) for group, proof in GROUPS.items()],
        reports=[
            FundReport(name="Laporan semester I", due_on=date(year, 7, 10)),
            FundReport(name="Laporan semester II", due_on=date(year, 12, 10)),
        ],
        by=by,
    )

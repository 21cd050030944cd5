"""Rows for the tests of every app. Each function makes the least that its subject needs."""

import io
import itertools
import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from PIL import Image

from accounts.models import Agency, RoleAssignment, User
from accounts.roles import Role
from budgets.models import Bank, BudgetLine, FundSource, PayeeAccount
from documents.models import Letterhead, Mandate, Official, Position, Tenure
from jobs.actions import keep_file
from jobs.models import StoredFile
from participants.actions import Said, register, send_complaint
from participants.models import Complaint, Declaration, Registration
from participants.rules import is_child
from programs.models import Batch, Program
from regions import rules
from regions.models import Region

_numbers = itertools.count(1)

PASSWORD = "kain-lurik-parang-71"
# Argon2 is slow on purpose; each password is hashed once per process.
PASSWORD_HASHES: dict[str, str] = {}

BENDAN_KERGON = "33.75.01.1006"
MEDONO = "33.75.01.1002"
MIROTO = "33.74.01.1001"

# Kota Pekalongan with all its kecamatan and kelurahan (domain.md 2.2), and one kelurahan of Kota Semarang.
REGIONS = {
    "33": "Jawa Tengah",
    "33.74": "Kota Semarang",
    "33.74.01": "Semarang Tengah",
    "33.74.01.1001": "Miroto",
    "33.75": "Kota Pekalongan",
    "33.75.01": "Pekalongan Barat",
    "33.75.01.1002": "Medono",
    "33.75.01.1003": "Podosugih",
    "33.75.01.1004": "Sapuro Kebulen",
    "33.75.01.1006": "Bendan Kergon",
    "33.75.01.1008": "Pasirkratonkramat",
    "33.75.01.1009": "Tirto",
    "33.75.01.1012": "Pringrejo",
    "33.75.02": "Pekalongan Timur",
    "33.75.02.1002": "Noyontaansari",
    "33.75.02.1004": "Kauman",
    "33.75.02.1007": "Poncol",
    "33.75.02.1008": "Klego",
    "33.75.02.1009": "Gamer",
    "33.75.02.1010": "Setono",
    "33.75.02.1012": "Kali Baros",
    "33.75.03": "Pekalongan Utara",
    "33.75.03.1002": "Krapyak",
    "33.75.03.1003": "Kandang Panjang",
    "33.75.03.1004": "Panjang Wetan",
    "33.75.03.1006": "Padukuhan Kraton",
    "33.75.03.1007": "Degayu",
    "33.75.03.1009": "Bandengan",
    "33.75.03.1010": "Panjang Baru",
    "33.75.04": "Pekalongan Selatan",
    "33.75.04.1002": "Banyurip",
    "33.75.04.1003": "Buaran Kradenan",
    "33.75.04.1004": "Jenggot",
    "33.75.04.1006": "Kuripan Kertoharjo",
    "33.75.04.1008": "Kuripan Yosorejo",
    "33.75.04.1010": "Sokoduwet",
}


def region(code: str, name: str) -> Region:
    """One region, unsaved, with everything that its code tells."""
    return Region(
        code=code,
        name=name,
        level=rules.level_of(code),
        kind=rules.kind_of(code),
        parent_id=rules.parent_of(code),
        search_key=rules.search_key(code, name),
    )


def region_tree() -> dict[str, Region]:
    """Both cities with what lies above and inside them, by code; may be asked for twice."""
    Region.objects.bulk_create([region(code, name) for code, name in REGIONS.items()], ignore_conflicts=True)
    return Region.objects.in_bulk(REGIONS)


def fund_source(agency: Agency, **values: Any) -> FundSource:
    defaults = {"code": "dbhcht", "name": "DBHCHT", "fiscal_year": timezone.localdate().year}
    return FundSource.objects.create(agency=agency, **(defaults | values))


def budget_line(fund: FundSource | None = None, **values: Any) -> BudgetLine:
    """An open line of ten million that pays instructors, of the fund of the office of Pekalongan."""
    number = next(_numbers)
    defaults = {
        "sub_activity_code": "2.07.03.2.01.0001",
        "sub_activity_key": "2.7.3.2.1.1",
        "sub_activity_name": "Proses Pelaksanaan Pendidikan dan Pelatihan Keterampilan",
        "account_code": "5.1.02.02.01.0003",
        "account_key": "5.1.2.2.1.3",
        "account_name": "Honorarium Narasumber",
        "description": f"Rincian {number}",
        "ceiling": 10_000_000,
    }
    of = fund or fund_source(agency(), code=f"dana-{number}")
    return BudgetLine.objects.create(fund=of, **(defaults | values))


def payee_account(of: Agency | None = None, **values: Any) -> PayeeAccount:
    """An account in force whose holder is the payee; each is another payee's."""
    number, office = next(_numbers), of or agency()
    bank = Bank.objects.get_or_create(code="113", defaults={"name": "Bank Jateng"})[0]
    name = values.get("payee_name", f"Pengajar {_letters(number)}")
    defaults = {
        "owner": f"instructor:{number}",
        "payee_name": name,
        "number": f"90000{number:05d}",
        "number_hash": f"{number:064d}",
        "last4": f"{number:04d}"[-4:],
        "holder_name": name,
        "state": PayeeAccount.State.IN_FORCE,
        "entered_by": user("pptk", role=Role.ACTIVITY_OFFICER),
    }
    return PayeeAccount.objects.create(agency=office, bank=bank, **(defaults | values))


def program(agency: Agency, **values: Any) -> Program:
    """An open programme with the rules of P2: 18 to 64 years, identity card of the batch's kelurahan."""
    number = next(_numbers)
    fund = values.pop("fund_source", None) or fund_source(agency, code=f"dbhcht-{number}")
    defaults = {"slug": f"pelatihan-{number}", "name": f"Pelatihan {number}", "state": Program.State.OPEN}
    made = Program.objects.create(agency=agency, fund_source=fund, **(defaults | values))
    made.rules.create(kind="age", minimum=18, maximum=64, position=1)
    made.rules.create(kind="domicile", values=["id_card"], position=2)
    return made


def batch(program: Program, region: Region | str = BENDAN_KERGON, **values: Any) -> Batch:
    """A published batch, open now, with two days of sessions that begin in 14 days."""
    number, now = next(_numbers), timezone.now()
    days = values.pop("days", 2)
    defaults = {
        "slug": f"angkatan-{number}",
        "name": f"Angkatan {number}",
        "state": Batch.State.PUBLISHED,
        "quota": 40,
        "waiting_quota": 10,
        "registration_opens_at": now - timedelta(days=1),
        "registration_closes_at": now + timedelta(days=10),
    }
    code = region if isinstance(region, str) else region.code
    made = Batch.objects.create(program=program, region_id=code, **(defaults | values))
    for day in range(days):
        begin = (now + timedelta(days=14 + day)).replace(hour=1, minute=0, second=0, microsecond=0)
        made.sessions.create(during=(begin, begin + timedelta(hours=8)), lesson_hours=8)
    return made


def declaration(number: int | None = None, **values: Any) -> Declaration:
    """A fictitious resident of Bendan Kergon; each number is another person with another phone."""
    number = next(_numbers) if number is None else number
    defaults: dict[str, Any] = {
        "nik": f"997101520799{number:04d}",
        "full_name": f"Warga {_letters(number)}",
        "birth_date": date(1999, 7, 12),
        "sex": "female",
        "phone": f"+62812{number:08d}",
        "region": values.pop("region", None) or Region.objects.get(code=BENDAN_KERGON),
        "address": "Jalan Contoh 1",
    }
    if is_child(values.get("birth_date", defaults["birth_date"]), timezone.localdate()):
        defaults |= {"guardian_name": "Ibu Contoh", "guardian_relation": "parent", "guardian_phone": "+62812000000"}
    return Declaration(**(defaults | values))


def registration(batch: Batch, **values: Any) -> Registration:
    """Registered as a resident would; `declaration`, `by`, `source` or any declared value may be given."""
    by, source = values.pop("by", None), values.pop("source", "online")
    declared = values.pop("declaration", None) or declaration(**values)
    return register(
        batch=batch,
        declaration=declared,
        submission_key=uuid.uuid4(),
        consents={"notice": True, "broadcast": False},
        notice_version="1",
        by=by,
        source=source,
    )


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


def agency(
    slug: str = "pekalongan", *, name: str = "Dinas Perindustrian Kota Pekalongan", region: str = "33.75", **fields: Any
) -> Agency:
    """The agency of this slug, with its region and everything around it."""
    region_tree()
    values = {"name": name, "short_name": name.rpartition("Kota ")[2], "region_id": region, **fields}
    return Agency.objects.get_or_create(slug=slug, defaults=values)[0]


home_agency = agency


def user(
    username: str = "petugas",
    *,
    role: Role | None = None,
    agency: Agency | None = None,
    region: str | None = None,
    password: str = PASSWORD,
    **fields: Any,
) -> User:
    """A person of the agency (of Pekalongan when none is given), holding the role in the region or all of it."""
    works_for = agency or home_agency()
    if password not in PASSWORD_HASHES:
        PASSWORD_HASHES[password] = make_password(password)
    hashed = PASSWORD_HASHES[password]
    values = {"full_name": username.replace(".", " ").title(), "agency": works_for, "password": hashed, **fields}
    person = User.objects.get_or_create(username=username, defaults=values)[0]
    if role is not None:
        RoleAssignment.objects.get_or_create(
            user=person, role=role, agency=works_for, region_id=region or works_for.region_id
        )
    if role == Role.ADMINISTRATOR:
        person.is_staff = True
        person.save(update_fields=["is_staff"])
    return person


def position(agency: Agency, title: str = "Kepala Dinas", kind: str = "agency_head") -> Position:
    return Position.objects.create(agency=agency, title=title, kind=kind)


def official(agency: Agency, name: str = "Budi Contoh", nip: str = "196207051988031002", **fields: Any) -> Official:
    """Pembina Utama Muda (IV/c), with titles before and after the name."""
    values = {"title_prefix": "Drs.", "title_suffix": "M.M.", "rank": "Pembina Utama Muda", "grade": "IV/c", **fields}
    return Official.objects.create(agency=agency, full_name=name, nip=nip, **values)


def tenure(
    position: Position, official: Official, first: date = date(2020, 1, 1), last: date | None = None, **fields: Any
) -> Tenure:
    """From the first day to the last day, both inside."""
    upper = None if last is None else last + timedelta(days=1)
    return Tenure.objects.create(position=position, official=official, during=DateRange(first, upper), **fields)


def mandate(position: Position, deputy: Position, first: date = date(2020, 1, 1), **fields: Any) -> Mandate:
    return Mandate.objects.create(position=position, deputy=deputy, during=DateRange(first, None), **fields)


def stored_picture(agency: Agency) -> StoredFile:
    """A small PNG in the private folder."""
    out = io.BytesIO()
    Image.new("RGBA", (200, 200), (20, 40, 120, 255)).save(out, "PNG")
    return keep_file(agency=agency, name="lambang.png", content=out.getvalue(), content_type="image/png", by=None)


def letterhead(agency: Agency, **fields: Any) -> Letterhead:
    values = {"version": 1, "line1": "PEMERINTAH KOTA PEKALONGAN", "line2": "DINAS PERINDUSTRIAN", **fields}
    return Letterhead.objects.create(agency=agency, **values)


def complaint(of: Agency | None = None, **said: Any) -> Complaint:
    """One that its author allows to be shown, without name and contact."""
    words: dict[str, Any] = {
        "category": "other",
        "text": "Papan petunjuk ke ruang pelatihan tidak ada.",
        "may_publish": True,
    }
    return send_complaint(agency=of or agency(), said=Said(**words | said), submission_key=uuid.uuid4())

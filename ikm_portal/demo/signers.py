"""Who signs the papers of the demonstration, and what stands on top of them. All names and numbers are made up."""

import io
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from PIL import Image, ImageDraw

from accounts.models import Agency, User
from documents import actions
from documents.models import Official, Position, letterhead_of

INDIGO, SOGA, IVORY = (31, 58, 95, 255), (140, 90, 43, 255), (250, 246, 238, 255)
BEGIN, CHANGE = date(2019, 1, 2), date(2024, 1, 2)


class Named(NamedTuple):
    """`account` is the user name where the person signs on the screen."""

    prefix: str
    name: str
    suffix: str
    nip: str
    grade: str
    account: str = ""


HEAD = Named("Drs.", "Bambang Wicaksono", "M.M.", "196803141993031999", "IV/c", "kadis")
FORMER = Named("Dra. Hj.", "Sulastri Handoyo", "M.Si.", "196312051989032999", "IV/c")
SECRETARY = Named("", "Wahyu Nugroho", "S.E., M.M.", "197209221998031999", "IV/b")
PEOPLE: dict[str, tuple[str, Named]] = {
    "division_head": (
        "Kepala Bidang Pelatihan dan Produktivitas Tenaga Kerja",
        Named("", "Teguh Prasetyo", "S.T., M.T.", "197811102005011999", "IV/a", "kabid"),
    ),
    "budget_authority": (
        "Kuasa Pengguna Anggaran",
        Named("", "Sri Mulyaningsih", "S.H., M.H.", "197504182000122999", "IV/a", "kpa"),
    ),
    "activity_officer": (
        "Pejabat Pelaksana Teknis Kegiatan",
        Named("", "Agus Hermawan", "S.Sos.", "198306072009031999", "III/d", "pptk"),
    ),
    "treasurer": (
        "Bendahara Pengeluaran Pembantu",
        Named("", "Nur Khasanah", "A.Md.", "198902252014022999", "II/d", "bendahara"),
    ),
}
KENDARI_HEAD = Named("", "La Ode Contoh Rahman", "S.T., M.Si.", "197001301996031999", "IV/c")


def people_sign(agency: Agency, users: Mapping[str, User], by: User) -> None:
    """The whole bench of Pekalongan: a head since 2024, the head before, a secretary with a mandate, and the others."""
    head = position(agency, "agency_head", "Kepala Dinas Perindustrian dan Tenaga Kerja Kota Pekalongan", by)
    secretary = position(agency, "secretary", "Sekretaris", by)
    former, deputy = official(agency, FORMER, by, users), official(agency, SECRETARY, by, users)
    give = actions.give_position
    last = date(2023, 12, 31)
    give(position=head, official=former, held_as="definitive", first=BEGIN, last=last, decree="SK 821.2/001", by=by)
    current = official(agency, HEAD, by, users)
    give(position=head, official=current, held_as="definitive", first=CHANGE, decree="SK 821.2/014", by=by)
    give(position=secretary, official=deputy, held_as="definitive", first=BEGIN, decree="SK 821.2/002", by=by)
    away = (date(2025, 5, 5), date(2025, 5, 16))
    give(position=head, official=deputy, held_as="plh", first=away[0], last=away[1], decree="SP 800/071", by=by)
    actions.give_mandate(position=head, deputy=secretary, first=CHANGE, decree="SK 188/020", by=by)
    for kind, (title, person) in PEOPLE.items():
        row = position(agency, kind, title, by)
        who = official(agency, person, by, users)
        give(position=row, official=who, held_as="definitive", first=BEGIN, by=by)
        if kind == "division_head":
            chair = position(agency, "committee_chair", "Ketua Panitia Pelatihan", by)
            give(position=chair, official=who, held_as="definitive", first=BEGIN, by=by)
    give_letterhead(agency, by, place="Pekalongan", unit_code="DPK")


def neighbours_sign(agency: Agency, by: User) -> None:
    """Kendari has little: its head signs everything."""
    who = official(agency, KENDARI_HEAD, by, {})
    head = "Kepala Dinas Tenaga Kerja dan Perindustrian Kota Kendari"
    titles = {"agency_head": head, "budget_authority": "Pengguna Anggaran", "committee_chair": "Ketua Panitia"}
    for kind, title in titles.items():
        row = position(agency, kind, title, by)
        actions.give_position(position=row, official=who, held_as="definitive", first=BEGIN, by=by)
    give_letterhead(agency, by, place="Kendari", unit_code="DTKP")


def position(agency: Agency, kind: str, title: str, by: User) -> Position:
    return actions.save_position(row=Position(agency=agency, kind=kind, title=title), changed=["title"], by=by)


def official(agency: Agency, who: Named, by: User, users: Mapping[str, User]) -> Official:
    row = Official(
        agency=agency,
        title_prefix=who.prefix,
        full_name=who.name,
        title_suffix=who.suffix,
        nip=who.nip,
        grade=who.grade,
        user=users.get(who.account),
    )
    return actions.save_official(row=row, changed=["full_name"], by=by)


def give_letterhead(agency: Agency, by: User, *, place: str, unit_code: str) -> None:
    now = letterhead_of(agency)
    lines = {name: getattr(now, name) for name in ("line1", "line2", "address", "contact")}
    values = lines | {"place": place, "unit_code": unit_code}
    actions.save_letterhead(agency=agency, values=values, arms=arms(), by=by)


def arms() -> bytes:
    """A shield that belongs to no region."""
    picture = Image.new("RGBA", (360, 420))
    draw = ImageDraw.Draw(picture)
    shield = [(20, 20), (340, 20), (340, 240), (180, 400), (20, 240)]
    draw.polygon(shield, fill=INDIGO)
    inner = [(44, 44), (316, 44), (316, 230), (180, 366), (44, 230)]
    draw.polygon(inner, fill=IVORY)
    for step in range(4):
        half = 92 - step * 24
        box = [(180, 180 - half), (180 + half, 180), (180, 180 + half), (180 - half, 180)]
        draw.polygon(box, fill=SOGA if step % 2 == 0 else IVORY)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()

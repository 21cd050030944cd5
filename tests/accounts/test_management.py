import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Agency, AuditEntry, Invitation, User
from accounts.rules import plain_username, zone_of
from regions.models import Region
from tests import factories

GIVEN = {
    "region": "33.75",
    "name": "Dinas Perindustrian dan Tenaga Kerja Kota Pekalongan",
    "short_name": "Dinperinaker Kota Pekalongan",
    "admin_name": "Drs. H. Yusuf Maulana, M.M.",
}
NEW = "tulis-canting-malam-88"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def regions() -> None:
    factories.region_tree()


def run(**options: object) -> str:
    out = io.StringIO()
    call_command("setup_agency", no_input=True, stdout=out, **(GIVEN | options))
    return out.getvalue()


def code_in(text: str) -> str:
    found = re.search(r"code +([a-z2-9-]{14})\n", text)
    assert found is not None
    return found[1]


def test_setup_agency_makes_an_office_whose_administrator_comes_in(client: Client) -> None:
    said = run()
    agency = Agency.objects.get()
    assert (agency.slug, agency.time_zone, agency.paper_size) == ("dinperinaker-kota-pekalongan", "Asia/Jakarta", "F4")
    assert (agency.letterhead_line1, agency.letterhead_line2[:20]) == (
        "PEMERINTAH KOTA PEKALONGAN",
        "DINAS PERINDUSTRIAN ",
    )
    data = {"username": "yusuf.maulana", "code": code_in(said), "password1": NEW, "password2": NEW}
    assert client.post("/masuk/undangan/", data)["Location"] == "/masuk/"
    assert client.post("/masuk/", {"login": "yusuf.maulana", "password": NEW})["Location"] == "/kerja/"
    assert client.get("/kerja/pengguna/").status_code == 200
    assert client.get("/admin/").status_code == 200
    trail = AuditEntry.objects.order_by("pk").values_list("action", "actor_label", "agency")[:4]
    assert list(trail) == [
        ("agency.created", "system", agency.pk),
        ("user.created", "system", agency.pk),
        ("role.granted", "system", agency.pk),
        ("user.invited", "system", agency.pk),
    ]


def test_setup_agency_repeated_changes_nothing() -> None:
    first = run()
    count = AuditEntry.objects.count()
    again = run(name="Nama Lain Sekali")
    assert "exists already and stays as it is" in again
    assert "--new-code makes another" in again
    assert code_in(first) not in again
    assert (Agency.objects.count(), User.objects.count(), Invitation.objects.count()) == (1, 1, 1)
    assert AuditEntry.objects.count() == count


def test_setup_agency_gives_a_new_code_until_there_is_a_password(client: Client) -> None:
    first, second = code_in(run()), code_in(run(new_code=True))
    data = {"username": "yusuf.maulana", "code": first, "password1": NEW, "password2": NEW}
    assert client.post("/masuk/undangan/", data).status_code == 200
    assert client.post("/masuk/undangan/", data | {"code": second}).status_code == 302
    assert "has a password already" in run(new_code=True)


def test_setup_agency_reads_a_file_and_flags_win(tmp_path: Path) -> None:
    file = tmp_path / "kantor.json"
    file.write_text(json.dumps(GIVEN | {"admin": "kepala.tik", "paper_size": "A4"}))
    out = io.StringIO()
    call_command("setup_agency", json=file, short_name="Dinperinaker", no_input=True, stdout=out)
    agency = Agency.objects.get()
    assert (agency.short_name, agency.slug, agency.paper_size) == ("Dinperinaker", "dinperinaker", "A4")
    assert User.objects.get().username == "kepala.tik"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"region": "99.99"}, "There is no region"),
        ({"region": "Bendan"}, "Did you mean"),
        ({"name": "  "}, "Missing: --name."),
        ({"admin_name": ""}, "Missing: --admin-name."),
        ({"time_zone": "Europe/Berlin"}, "--time-zone: "),
        ({"paper_size": "A3"}, "--paper-size: "),
        ({"email": "bukan alamat"}, "--email: "),
        ({"website": "javascript:alert(1)"}, "--website: "),
        ({"admin": "Huruf Besar!"}, "Use 3 to 40 small letters"),
        ({"admin_email": "bukan alamat"}, "--admin-email: "),
        ({"name": "x" * 200}, "--name: "),
        ({"json": Path("/tidak/ada.json")}, "cannot be read"),
    ],
)
def test_setup_agency_refuses_nonsense_whole(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(CommandError, match=re.escape(sentence)):
        run(**options)
    assert (Agency.objects.count(), User.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("text", ["[1]", "{", '{"regoin": "33.75"}'])
def test_setup_agency_refuses_a_broken_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kantor.json"
    file.write_text(text)
    with pytest.raises(CommandError, match="file"):
        run(json=file)


def test_setup_agency_refuses_somebody_elses_names() -> None:
    run()
    with pytest.raises(CommandError, match="another|Another"):
        run(region="33.74")
    factories.user("bukan.admin")
    with pytest.raises(CommandError, match="belongs to somebody"):
        run(admin="bukan.admin")


@pytest.mark.parametrize(
    ("code", "zone"),
    [("33.75", "Asia/Jakarta"), ("74.71", "Asia/Makassar"), ("51", "Asia/Makassar"), ("91.71", "Asia/Jayapura"),
     ("61.71", "Asia/Jakarta"), ("64.72", "Asia/Makassar"), ("96", "Asia/Jayapura"), ("11", "Asia/Jakarta")],
)  # fmt: skip
def test_zone_of_follows_the_province(code: str, zone: str) -> None:
    assert zone_of(code) == zone


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("Endang Purwanti", "endang.purwanti"),
        ("Drs. H. Agus Hermawan, M.M.", "agus.hermawan"),
        ("Hj. Umi Salamah", "umi.salamah"),
        ("Suharti", "suharti"),
        ("Wa Ode Nurhayati", "wa.nurhayati"),
        ("Al", "petugas.al"),
        ("José", "jose"),
        ("字", "petugas"),
    ],
)
def test_plain_username_is_the_name_without_titles(name: str, username: str) -> None:
    assert plain_username(name) == username


def test_setup_agency_loads_the_regions_when_there_are_none() -> None:
    for level in (4, 3, 2, 1):
        Region.objects.filter(level=level).delete()
    assert "Loading the official regions" in run(region="Kota Pekalongan")
    assert Agency.objects.get().region_id == "33.75"


def test_setup_agency_asks_for_what_nobody_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        known = {"Region": "Kota Pekalongan", "Full name of the office": "Dinas Contoh", "Short name": "Dinas Contoh"}
        return next((text for start, text in known.items() if question.startswith(start)), "")

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    call_command("setup_agency", admin_name="Ani Contoh", stdout=io.StringIO())
    assert User.objects.get().username == "ani.contoh"
    assert not any(question.startswith("Full name of the first administrator") for question in asked)

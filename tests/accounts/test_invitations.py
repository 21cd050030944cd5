import datetime as dt
import re
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.actions import Guest
from accounts.models import Agency, AuditEntry, Invitation, SignInThrottle, User, Way
from accounts.roles import Role
from notifications.models import Message
from regions.models import Region
from tests import cast, factories

NEW = "tulis-canting-malam-88"
HEAD = "Nama lengkap\tKelurahan\tE-mail\n"
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(cast.administrator())
    return client


def guest(number: int = 1, **values: Any) -> Guest:
    region = Region.objects.get(code=factories.BENDAN_KERGON)
    given: dict[str, Any] = {
        "full_name": "Tamu Satu",
        "username": f"tamu.{number}",
        "role": Role.VILLAGE_OFFICER,
        "region": region,
    }
    return Guest(**(given | values))


def invited(**values: Any) -> Invitation:
    return actions.invite(by=cast.administrator(), agency=cast.home_agency(), guests=[guest(**values)])[0]


def letter_of(invitation: Invitation) -> str:
    return actions.print_letters(by=cast.administrator(), invitations=[invitation])[0][1]


def link_of(invitation: Invitation) -> str:
    body = Message.objects.filter(kind="account_invited", subject_id=str(invitation.user_id)).latest("pk").body
    found = re.search(r"/masuk/undangan/[\w-]+/", body)
    assert found is not None
    return found[0]


def accept(client: Client, code: str, username: str = "tamu.1", password: str = NEW) -> Any:
    data = {"username": username, "code": code, "password1": password, "password2": password}
    return client.post("/masuk/undangan/", data)


def can_sign_in(username: str = "tamu.1") -> bool:
    return bool(Client().post("/masuk/", {"login": username, "password": NEW}).status_code == 302)


def villages() -> list[str]:
    found = Region.objects.under("33.75").villages().order_by("code").values_list("name", flat=True)
    return list(found)[:27]


# With the link


def test_invitation_open_leads_to_a_password_of_ones_own(client: Client) -> None:
    invitation = invited(email="tamu@contoh.example")
    link = link_of(invitation)
    message = Message.objects.get(kind="account_invited")
    assert (message.recipient_address, message.secret, message.channel) == ("tamu@contoh.example", True, "email")
    assert client.get(link).context["invitation"].user.username == "tamu.1"
    assert client.post(link, {"password1": NEW, "password2": NEW})["Location"] == "/masuk/"
    assert can_sign_in()
    used = client.post(link, {"password1": NEW, "password2": NEW})
    assert used.context["invitation"] is None
    told = list(AuditEntry.objects.about(invitation.user).order_by("pk").values_list("action", flat=True))
    assert told[:4] == ["user.created", "role.granted", "user.invited", "invitation.accepted"]


def test_invitation_open_keeps_the_rules_for_passwords(client: Client) -> None:
    link = link_of(invited(email="tamu@contoh.example", full_name="Purwanti Rahayu"))
    for first, second in (("pendek", "pendek"), ("purwanti rahayu", "purwanti rahayu"), (NEW, f"{NEW}x"), ("", "")):
        response = client.post(link, {"password1": first, "password2": second})
        assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
    assert Invitation.objects.open().count() == 1


@pytest.mark.parametrize("change", ["expired", "ended", "closed", "renewed"])
def test_invitation_open_shows_a_dead_link_nothing(client: Client, change: str) -> None:
    invitation = invited(email="tamu@contoh.example")
    link = link_of(invitation)
    if change == "expired":
        Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    elif change == "ended":
        actions.end_invitation(by=cast.administrator(), invitation=invitation)
    elif change == "closed":
        User.objects.filter(username="tamu.1").update(is_active=False)
    else:
        actions.renew_invitation(by=cast.administrator(), user=invitation.user)
    response = client.post(link, {"password1": NEW, "password2": NEW})
    assert response.context["invitation"] is None
    assert "tamu" not in response.content.decode()
    assert not can_sign_in()


def test_invitation_open_lasts_seven_days() -> None:
    until = invited(email="tamu@contoh.example").expires_at
    assert until is not None
    lasts = until - timezone.now()
    assert dt.timedelta(days=6, hours=23) < lasts <= dt.timedelta(days=7)


# With the letter


def test_invitation_accept_with_the_code_of_the_letter(client: Client) -> None:
    invitation = invited()
    assert invitation.state == "to_print"
    code = letter_of(invitation)
    assert re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", code)
    assert code not in str(Invitation.objects.values_list("secret_hash", flat=True))
    assert accept(client, code.upper().replace("-", " "))["Location"] == "/masuk/"
    assert can_sign_in()
    again = accept(client, code)
    assert again.context["form"].errors["code"]


def test_invitation_accept_tells_nothing_about_who_exists(client: Client) -> None:
    invited()
    cast.program_officer()
    answers = set()
    for username in ("tamu.1", "petugas.program", "tidak.ada"):
        page = accept(Client(), "abcd-efgh-jkmn", username).content.decode()
        answers.add(re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page).replace(username, ""))
    assert len(answers) == 1


def test_invitation_accept_is_locked_after_five_wrong_codes(client: Client) -> None:
    code = letter_of(invited())
    codes = [accept(client, "abcd-efgh-jkmn").context["form"].errors.as_data() for _number in range(5)]
    assert all("code" in errors for errors in codes)
    locked = accept(client, code)
    assert locked.context["form"].non_field_errors().as_data()[0].code == "login_locked"
    assert not can_sign_in()


def test_invitation_accept_with_a_weak_password_costs_no_try(client: Client) -> None:
    code = letter_of(invited(full_name="Purwanti Rahayu"))
    for _number in range(7):
        response = accept(client, code, password="purwanti rahayu")
        assert response.context["form"].errors["password1"]
    assert not SignInThrottle.objects.filter(kind="login").exists()
    assert accept(client, code).status_code == 302


def test_print_letters_again_ends_the_earlier_code(client: Client) -> None:
    invitation = invited()
    first, second = letter_of(invitation), letter_of(invitation)
    assert accept(client, first).status_code == 200
    assert accept(client, second).status_code == 302


def test_code_of_a_letter_lasts_fourteen_days() -> None:
    invitation = invited()
    letter_of(invitation)
    until = Invitation.objects.get(pk=invitation.pk).expires_at
    assert until is not None
    assert dt.timedelta(days=13, hours=23) < until - timezone.now() <= dt.timedelta(days=14)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_accept_invitation_of_two_at_once_is_one() -> None:
    invitation = invited(email="tamu@contoh.example")
    gate, refused = threading.Barrier(4), []

    def try_it(number: int) -> None:
        try:
            gate.wait()
            actions.accept_invitation(invitation=invitation, password=f"{NEW}-{number}")
        except ValidationError as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["invitation_closed"] * 3


# Twenty-seven at once


def test_user_invite_many_shows_every_line_before_anybody_is_invited(desk: Client) -> None:
    table = HEAD + "".join(f"Petugas {name}\t{name}\t\n" for name in villages())
    page = desk.post("/kerja/pengguna/undang/tabel/", {"role": "village_officer", "table": table, "check": "1"})
    rows = page.context["form"].rows
    assert (len(rows), page.context["form"].wrong_rows) == (27, 0)
    assert len({row.username for row in rows}) == 27
    assert not Invitation.objects.exists()
    sent = desk.post("/kerja/pengguna/undang/tabel/", {"role": "village_officer", "table": table, "send": "1"})
    assert sent["Location"] == "/kerja/pengguna/undangan/"
    assert Invitation.objects.filter(way=Way.LETTER).count() == 27
    officer = User.objects.get(username=rows[0].username)
    given = officer.role_assignments.get()
    assert (given.role, given.region.name) == ("village_officer", villages()[0])
    assert not officer.has_usable_password()


def test_user_invite_many_says_what_is_wrong_in_each_line(desk: Client) -> None:
    factories.user("sudah.ada", email="ada@contoh.example")
    lines = [
        "Ani Baru;Bendan Kergon;;;",
        ";Medono;;;",
        "Budi;Tidak Ada Di Sini;;;",
        "Citra;;;;",
        "Dedi;Medono;bukan email;;",
        "Eka;Medono;ada@contoh.example;;",
        "Fajar;Medono;;sudah.ada;",
        "Gita;Medono;;Huruf Besar!;",
        "Hadi;Medono;;;raja",
        "Indah;Kota Pekalongan;;;",
        "Joko;Miroto;;;",
        "Kiki;Medono;kiki@contoh.example;kiki.satu;",
        "Kiki;Medono;kiki@contoh.example;kiki.satu;",
    ]
    page = desk.post(
        "/kerja/pengguna/undang/tabel/", {"role": "village_officer", "table": "\n".join(lines), "send": "1"}
    )
    errors = [len(row.errors) for row in page.context["form"].rows]
    assert errors == [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 2]
    assert "Budi;Tidak Ada" in page.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("table", ["", "   \n  ", "Nama\tKelurahan", "x;Medono\n" * 201])
def test_user_invite_many_needs_a_table(desk: Client, table: str) -> None:
    page = desk.post("/kerja/pengguna/undang/tabel/", {"role": "village_officer", "table": table, "send": "1"})
    assert (page.status_code, bool(page.context["form"].errors)) == (200, True)


def test_invite_is_all_or_nothing() -> None:
    factories.user("tamu.2")
    with pytest.raises(ValidationError):
        actions.invite(by=cast.administrator(), agency=cast.home_agency(), guests=[guest(1), guest(2)])
    assert not User.objects.filter(username="tamu.1").exists()
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


def test_invite_is_for_administrators_of_that_office() -> None:
    agency: Agency = cast.next_agency()
    for actor in (cast.administrator(), cast.program_officer()):
        with pytest.raises(PermissionDenied):
            actions.invite(by=actor, agency=agency, guests=[guest()])


def test_user_invite_of_one_person(desk: Client) -> None:
    data = {"full_name": "Hj. Sri Lestari, S.E.", "role": "verifier", "region": "", "email": "Sri@Contoh.Example"}
    assert desk.post("/kerja/pengguna/undang/", data)["Location"] == "/kerja/pengguna/undangan/"
    user = User.objects.get(email="sri@contoh.example")
    assert (user.username, user.role_assignments.get().region_id) == ("sri.lestari", "33.75")
    page = desk.post("/kerja/pengguna/undang/", data)
    assert len(page.context["form"].non_field_errors()) == 1
    assert "Hj. Sri Lestari" in page.content.decode()


# The list


def test_invitation_list_shows_who_is_still_missing(desk: Client) -> None:
    invited()
    invited(number=2, email="dua@contoh.example")
    page = desk.get("/kerja/pengguna/undangan/")
    assert [one.way for one in page.context["invitations"]] == ["letter", "link"]
    assert [one.user.username for one in page.context["letters"]] == ["tamu.1"]


def test_invitation_letters_print_a_page_each_with_the_code_that_works(desk: Client) -> None:
    numbers = [invited(number=number).pk for number in (1, 2, 3)]
    link = invited(number=4, email="empat@contoh.example")
    page = desk.post("/kerja/pengguna/undangan/surat/", {"letter": [*numbers, link.pk, "x", "9" * 30]})
    letters = page.context["letters"]
    assert len(letters) == 3
    assert page.content.decode().count('class="letter"') == 3
    assert accept(Client(), letters[0][1], letters[0][0].user.username).status_code == 302
    assert AuditEntry.objects.filter(action="invitation.printed").count() == 3
    none = desk.post("/kerja/pengguna/undangan/surat/")
    assert none["Location"] == "/kerja/pengguna/undangan/"


def test_invitation_end_closes_the_account(desk: Client) -> None:
    invitation = invited()
    code = letter_of(invitation)
    desk.post(f"/kerja/pengguna/undangan/{invitation.pk}/batal/")
    assert accept(Client(), code).status_code == 200
    assert not User.objects.get(username="tamu.1").is_active
    desk.post(f"/kerja/pengguna/{invitation.user_id}/undang-lagi/")
    assert User.objects.get(username="tamu.1").is_active
    assert [one.state for one in Invitation.objects.order_by("pk")] == ["ended", "to_print"]


def test_invitation_end_of_another_office_is_not_found(desk: Client) -> None:
    other = factories.user("admin.semarang", role=Role.ADMINISTRATOR, agency=cast.next_agency())
    miroto = Region.objects.get(code=factories.MIROTO)
    [there] = actions.invite(by=other, agency=cast.next_agency(), guests=[guest(region=miroto)])
    assert desk.post(f"/kerja/pengguna/undangan/{there.pk}/batal/").status_code == 404
    assert desk.post("/kerja/pengguna/undangan/surat/", {"letter": [there.pk]}).status_code == 302
    assert desk.get("/kerja/pengguna/undangan/").context["invitations"] == []


def test_user_reinvite_refuses_whoever_has_a_password(desk: Client) -> None:
    officer = cast.program_officer()
    desk.post(f"/kerja/pengguna/{officer.pk}/undang-lagi/")
    assert not Invitation.objects.exists()


def test_invited_administrator_does_not_count_as_one_before_the_first_sign_in() -> None:
    administrator = cast.administrator()
    operator = factories.user("operator", is_superuser=True)
    actions.invite(
        by=administrator,
        agency=cast.home_agency(),
        guests=[guest(role=Role.ADMINISTRATOR, region=cast.home_agency().region)],
    )
    with pytest.raises(ValidationError) as refused:
        actions.deactivate_user(by=operator, user=administrator)
    assert refused.value.code == "last_administrator"


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("accounts_invitation_one_open", {}),
        ("accounts_invitation_way_known", {"way": "pigeon", "ended_at": timezone.now()}),
        ("accounts_invitation_one_end", {"ended_at": timezone.now(), "accepted_at": timezone.now()}),
        ("accounts_invitation_secret_expires", {"secret_hash": "x", "ended_at": timezone.now()}),
    ],
)
def test_invitation_constraint_is_kept(constraint: str, fields: dict[str, Any]) -> None:
    made = invited()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Invitation.objects.create(**{"user": made.user, "agency": made.agency, "way": Way.LETTER, **fields})

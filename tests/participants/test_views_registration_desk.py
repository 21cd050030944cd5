"""The registration desk without a script: the same buttons, the same answers."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AuditEntry
from kit.form_keys import new_submission_key, submission_key_of
from kit.identity import new_temporary, show_temporary
from participants import actions
from participants.forms.desk import DeskForm
from participants.models import AccessCode, Consent, Proxy, Registration, Source
from participants.views.public import qr_svg
from programs.models import Batch
from regions.models import Region
from tests import cast, factories
from tests.participants.desk import at_desk, errors
from tests.participants.public_form import typed as typed_online


def typed(number: int = 1, **values: Any) -> dict[str, Any]:
    """As an officer types it: the date in one field."""
    filled = typed_online(number, **values)
    for part in ("day", "month", "year"):
        filled.pop(f"birth_date_{part}")
    return {"birth_date": "12071999", "proxy_relation": "", "proxy_name": "", **filled}


def url(name: str, pk: int | None = None) -> str:
    return reverse(f"participants:desk_{name}", args=[] if pk is None else [pk])


@pytest.fixture
def officer(db: None) -> Client:
    return at_desk(cast.village_officer_here())


def save(officer: Client, batch: Batch, number: int = 1, **values: Any) -> Any:
    return officer.post(url("register", batch.pk), typed(number, **values))


def test_desk_choose_keeps_the_batch_for_the_session(officer: Client, batch: Batch) -> None:
    other = factories.batch(batch.program, region=factories.MEDONO, slug="medono", name="Medono")
    page = officer.get(url("choose"))
    assert [row.pk for row in page.context["page"].rows] == [batch.pk]  # not the one next door
    officer.get(url("register", batch.pk))
    assert officer.get(url("choose"))["Location"] == url("register", batch.pk)
    assert officer.get(url("choose"), {"pilih": ""}).status_code == 200
    assert officer.get(url("register", other.pk)).status_code == 404


def test_desk_choose_says_when_nobody_can_be_registered(officer: Client) -> None:
    assert "Belum ada angkatan yang menerima pendaftaran" in officer.get(url("choose")).content.decode()


def test_desk_register_saves_and_shows_the_number(officer: Client, batch: Batch) -> None:
    answer = save(officer, batch)
    entry = Registration.objects.get()
    assert answer["Location"] == url("done", entry.pk)
    assert (entry.source, entry.registered_by, entry.language) == (Source.ASSISTED, cast.village_officer_here(), "id")
    assert (str(entry.birth_date), entry.seat) == ("1999-07-12", "held")
    consent = entry.consents.get(purpose=Consent.Purpose.NOTICE)
    assert (consent.channel, consent.witnessed_by) == (Consent.Channel.PAPER, cast.village_officer_here())
    assert entry.shown_code in officer.get(url("done", entry.pk)).content.decode()


@pytest.mark.parametrize("written", ["12071999", "12/07/1999", "12-7-1999", "12.7.1999", "12 7 1999", "1999-07-12"])
def test_desk_register_takes_dates_as_people_type_them(officer: Client, batch: Batch, written: str) -> None:
    save(officer, batch, birth_date=written)
    assert str(Registration.objects.get().birth_date) == "1999-07-12"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"birth_date": "31021999"}, {"birth_date": ["Ketik tanggal seperti 12071999: tanggal, bulan, tahun."]}),
        ({"birth_date": ""}, {"birth_date": ["Ketik tanggal, bulan, dan tahun."]}),
        ({"birth_date": "12072999"}, {"birth_date": ["Tanggal lahir tidak boleh setelah hari ini."]}),
        ({"proxy_relation": "cadre"}, {"proxy_name": ["Tuliskan siapa yang datang mewakili warga."]}),
        ({"proxy_name": "Rini"}, {"proxy_relation": ["Pilih siapa yang datang, atau kosongkan namanya."]}),
        ({"proxy_relation": "x", "proxy_name": "Rini"}, {"proxy_relation": ["Pilih salah satu dari daftar."]}),
        ({"notice": ""}, {"notice": ["Centang kotak ini untuk melanjutkan."]}),
    ],
)
def test_desk_register_says_what_is_wrong_and_keeps_the_text(
    officer: Client, batch: Batch, wrong: dict[str, Any], said: dict[str, list[str]]
) -> None:
    answer = save(officer, batch, address="Jalan Teratai 7", **wrong)
    assert (answer.status_code, errors(answer)) == (422, said)
    assert "Jalan Teratai 7" in answer.content.decode()
    assert not Registration.objects.exists()


def test_desk_register_notes_who_came(officer: Client, batch: Batch) -> None:
    save(officer, batch, proxy_relation="cadre", proxy_name="Rini Contoh")
    proxy = Proxy.objects.get()
    assert (proxy.relation, proxy.full_name) == ("cadre", "Rini Contoh")
    page = officer.get(proxy.registration.get_absolute_url()).content.decode()
    assert "Rini Contoh datang mewakili warga (Kader, RT, atau RW)." in page


def test_desk_register_the_same_key_twice_is_one_entry(officer: Client, batch: Batch) -> None:
    sent = typed(proxy_relation="family", proxy_name="Rini")
    first, second = (officer.post(url("register", batch.pk), sent) for _press in range(2))
    assert first["Location"] == second["Location"]
    assert (Registration.objects.count(), Proxy.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_desk_register_the_same_key_at_once_is_one_entry(batch: Batch) -> None:
    """A weak line: the form goes out again before the first answer came."""
    sent, answers, gate = typed(proxy_relation="family", proxy_name="Rini"), [], threading.Barrier(4)
    clients = [at_desk(cast.village_officer_here()) for _client in range(4)]

    def press(client: Client) -> None:
        gate.wait()
        try:
            answers.append(client.post(url("register", batch.pk), sent)["Location"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(answers), len(set(answers))) == (4, 1)
    assert (Registration.objects.count(), Proxy.objects.count()) == (1, 1)


def test_desk_register_answers_a_script_with_the_next_address(officer: Client, batch: Batch) -> None:
    answer = officer.post(url("register", batch.pk), typed(), headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer.json()) == (201, {"next": url("done", Registration.objects.get().pk)})


def test_desk_register_is_small_for_a_weak_line(officer: Client, batch: Batch) -> None:
    assert len(officer.get(url("register", batch.pk)).content) < 60_000


def test_desk_register_where_registration_has_closed(officer: Client, batch: Batch) -> None:
    closed = timezone.now() - timedelta(hours=1)
    Batch.objects.update(registration_opens_at=closed - timedelta(days=9), registration_closes_at=closed)
    answer = save(officer, batch)
    assert (answer.status_code, "Pendaftaran angkatan ini sudah ditutup." in answer.content.decode()) == (422, True)


def test_desk_check_without_a_number_answers_what_is_typed(officer: Client, batch: Batch) -> None:
    page = officer.post(url("check", batch.pk), {"birth_date": "12071970", "region": factories.BENDAN_KERGON})
    assert "Ketik NIK dahulu" in page.content.decode()
    assert {line.kind for line in page.context["answer"]["lines"]} <= {"age", "domicile", "target_group"}


def test_desk_check_reads_the_number(officer: Client, batch: Batch) -> None:
    page = officer.post(url("check", batch.pk), {"nik": "9971 0152 0799 0001"}).content.decode()
    assert ('data-fill-birth_date="12/07/1999"' in page, 'data-fill-sex="female"' in page) == (True, True)
    assert "Tidak ada catatan yang menghalangi." in page
    short = officer.post(url("check", batch.pk), {"nik": "9971"}).content.decode()
    assert "NIK belum lengkap" in short


def test_desk_check_flags_what_differs(officer: Client, batch: Batch) -> None:
    page = officer.post(url("check", batch.pk), {"nik": "9971015207990001", "birth_date": "13071999", "sex": "male"})
    assert page.context["answer"]["flags"] == ["nik_birth_date_differs", "nik_sex_differs"]


def test_desk_check_tells_what_is_held_here(officer: Client, batch: Batch) -> None:
    entry = factories.registration(batch, full_name="Siti Aminah")
    page = officer.post(url("check", batch.pk), {"nik": entry.nik}).content.decode()
    assert ("Sudah terdaftar di angkatan ini" in page, entry.shown_code in page) == (True, True)


def test_desk_check_tells_no_more_of_other_areas_than_registering_would(officer: Client, batch: Batch) -> None:
    """Held next door under the rule of one training a year: that it is so, not where, nor whose."""
    next_door = factories.batch(batch.program, region=factories.MEDONO, slug="medono", name="Angkatan Medono")
    medono = Region.objects.get(code=factories.MEDONO)
    held = factories.registration(next_door, full_name="Siti Rahasia", region=medono)
    page = officer.post(url("check", batch.pk), {"nik": held.nik}).content.decode()
    assert "Sudah ikut pelatihan lain tahun ini" in page
    secrets = ("Siti Rahasia", "Medono", held.shown_code, held.phone)
    assert [secret for secret in secrets if secret in page] == []
    refused = save(officer, batch, nik=held.nik)
    assert errors(refused) == {"nik": ["Anda sudah terdaftar pada pelatihan lain tahun ini."]}


def test_desk_check_tells_nothing_of_another_office(officer: Client, batch: Batch) -> None:
    program = factories.program(cast.next_agency(), slug="lain")
    there = factories.batch(program, region=factories.MIROTO, slug="miroto")
    other = factories.registration(there, region=Region.objects.get(code=factories.MIROTO), full_name="Orang Jauh")
    page = officer.post(url("check", batch.pk), {"nik": other.nik}).content.decode()
    assert ("Tidak ada catatan yang menghalangi." in page, "Orang Jauh" in page) == (True, False)


def test_desk_check_is_counted(officer: Client, batch: Batch, settings: Settings) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "desk_check": (2, 600)}
    said = [officer.post(url("check", batch.pk), {"nik": "9971015207990001"}) for _look in range(3)]
    assert ["Terlalu banyak pemeriksaan" in page.content.decode() for page in said] == [False, False, True]


def test_desk_register_check_button_fills_from_the_number(officer: Client, batch: Batch) -> None:
    sent = {"nik": "9971015207990001", "address": "Jalan Teratai 7", "check": "1", "submission_key": "x"}
    page = officer.post(url("register", batch.pk), sent)
    form = page.context["form"]
    assert (page.status_code, form.is_bound, errors(page)) == (200, False, {})
    assert 'value="12/07/1999"' in page.content.decode()
    assert "Jalan Teratai 7" in page.content.decode()


def test_desk_register_fills_from_the_file_and_writes_it_down(officer: Client, batch: Batch) -> None:
    former = factories.registration(batch, full_name="Siti Aminah", address="Jalan Lama 3")
    actions.withdraw(registration=former, reason="", by=None)
    sent = {"nik": former.nik, "address": "Jalan Baru 9", "fill": "1"}
    page = officer.post(url("register", batch.pk), sent).content.decode()
    assert all(word in page for word in ("Siti Aminah", "Jalan Baru 9"))  # what was typed stays
    assert "Jalan Lama 3" not in page
    assert AuditEntry.objects.get(action="person.file_used").subject_id == str(former.person_id)


def test_desk_register_fills_nothing_from_files_of_other_areas(batch: Batch) -> None:
    medono = Region.objects.get(code=factories.MEDONO)
    next_door = factories.batch(batch.program, region=factories.MEDONO, slug="medono")
    former = factories.registration(next_door, full_name="Siti Rahasia", region=medono)
    actions.withdraw(registration=former, reason="", by=None)
    officer = at_desk(cast.village_officer_here())
    page = officer.post(url("register", batch.pk), {"nik": former.nik, "fill": "1"}).content.decode()
    assert "Siti Rahasia" not in page
    assert not AuditEntry.objects.filter(action="person.file_used").exists()


@pytest.mark.parametrize("paper", ["58", "80", "A4", "../x"])
def test_desk_slip_bears_number_code_and_consent(officer: Client, batch: Batch, paper: str) -> None:
    save(officer, batch, proxy_relation="family", proxy_name="Rini Contoh")
    entry = Registration.objects.get()
    page = officer.post(url("slip", entry.pk), {"paper": paper}).content.decode()
    assert f"slip-{paper if paper != '../x' else '58'}" in page
    assert "GroupedResult" not in page
    assert (entry.shown_code in page, "<svg" in page, entry.nik in page) == (True, True, False)
    assert ("Diwakili oleh Rini Contoh" in page) == (paper == "A4")
    assert AccessCode.objects.filter(kind="claim", used_at__isnull=True).count() == 1
    if paper in {"80", "A4"}:
        assert f'value="{paper}" data-key="p"' in officer.get(url("done", entry.pk)).content.decode()


def test_desk_slip_tells_the_temporary_number(officer: Client, batch: Batch) -> None:
    entry = factories.registration(batch, declaration=factories.declaration(nik=new_temporary()))
    page = officer.post(url("slip", entry.pk), {"paper": "58"}).content.decode()
    assert show_temporary(entry.nik) in page


def test_desk_done_next_door_finds_nothing(batch: Batch) -> None:
    entry = factories.registration(batch)
    client = at_desk(cast.village_officer_next_door())
    assert client.get(url("done", entry.pk)).status_code == 404
    assert client.post(url("slip", entry.pk)).status_code == 404


def test_desk_form_has_lists_for_the_keyboard(batch: Batch) -> None:
    form = DeskForm(batch=batch)
    assert [form.fields[name].widget.input_type for name in ("sex", "region")] == ["select", "select"]
    assert form.initial["region"] == batch.region_id


def test_register_at_desk_leaves_no_proxy_where_the_entry_is_refused(batch: Batch) -> None:
    by, declared = cast.village_officer_here(), factories.declaration(1)
    given: dict[str, Any] = {"batch": batch, "declaration": declared, "consents": {"notice": True}, "by": by}
    actions.register_at_desk(proxy=None, submission_key=key(), **given)
    with pytest.raises(ValidationError):
        actions.register_at_desk(proxy=("family", "Rini"), submission_key=key(), **given)
    assert (Registration.objects.count(), Proxy.objects.count()) == (1, 0)


def key() -> Any:
    return submission_key_of(new_submission_key())


def test_desk_slip_code_is_drawn_whole_at_any_size() -> None:
    """Only with a `viewBox` does a style make the drawing smaller instead of cutting it off."""
    drawn = qr_svg("https://portal.example/tiket/" + "x" * 40)
    found = re.match(r'<svg width="(\d+)" height="\1" viewBox="0 0 (\d+) \2" class="qr">', drawn)
    assert found is not None
    assert found[1] == found[2]

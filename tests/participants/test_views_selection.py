from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Agency
from participants import actions, queries
from participants.models import Registration, Selection
from programs.models import Batch, Program
from programs.rules import Limit, PointRule, Terms
from tests import cast, factories
from tests.participants.desk import at_desk, errors, flash
from tests.participants.lines import seats
from tests.participants.public_form import form_url, send, typed
from tests.participants.selecting import WORDS, close, freeze, seed_of, selecting_batch, verified
from tests.participants.test_actions_selecting import proposal, two_batches
from tests.programs.test_rules_selection import published_script

pytestmark = pytest.mark.django_db


def url(name: str, pk: int) -> str:
    return reverse(f"participants:{name}", args=[pk])


def public(name: str, batch: Batch) -> str:
    return reverse(f"participants:{name}", args=[batch.program.slug, batch.slug])


def officer() -> Client:
    return at_desk(cast.program_officer())


def page(response: Any) -> str:
    return str(response.content.decode())


def test_register_under_a_draw_shows_the_number_and_when_it_closes(client: Client) -> None:
    batch = selecting_batch()
    assert "Join the waiting list" not in page(client.get(form_url(batch)))
    response = client.post(form_url(batch), typed(), follow=True)
    entry = Registration.objects.get()
    assert entry.seat == "applied"
    assert f"Nomor seleksi Anda: {entry.number}" in page(response)
    assert public("selection_public", batch) in page(response)


def test_register_asks_for_the_kind_of_business_and_keeps_what_was_typed(client: Client) -> None:
    values = {"business_list": "own", "business_kinds": "Abon ikan\nKerupuk"}
    batch = selecting_batch(program_values=values)
    refused = send(client, batch)
    assert (refused.status_code, list(errors(refused))) == (422, ["business_kind"])
    invented = send(client, batch, business_kind="Perhiasan")
    assert list(errors(invented)) == ["business_kind"]
    assert send(client, batch, business_kind="Abon ikan").status_code == 302
    assert Registration.objects.get().business_kind == "Abon ikan"


def test_status_tells_the_number_and_later_the_result(client: Client) -> None:
    batch = selecting_batch(quota=1, waiting_quota=0)
    client.post(form_url(batch), typed(), follow=True)
    client.post(reverse("participants:receipt_noted"))
    own = reverse("participants:status_detail")
    entry = Registration.objects.get()
    assert f"Anda ikut seleksi dengan nomor {entry.number}" in page(client.get(own))
    close(batch)
    freeze(batch)
    told = page(client.get(own))
    assert "Kali ini Anda belum mendapat kursi" in told
    assert "Data Anda belum terverifikasi sampai batas waktunya." in told


def test_selection_public_shows_the_hash_and_not_the_seed_before_the_result(client: Client) -> None:
    batch = selecting_batch()
    found = page(client.get(public("selection_public", batch)))
    assert seed_of(batch) not in found
    assert queries.terms_of(batch).seed_hash in found  # type: ignore[union-attr]  # a drawn batch has terms
    assert client.get(public("selection_csv", batch)).status_code == 404
    assert public("selection_public", batch) in page(client.get(batch.get_absolute_url()))


def test_selection_csv_is_what_the_script_confirms_and_the_seed_is_opened(client: Client, tmp_path: Any) -> None:
    batch = selecting_batch()
    [entry] = verified(batch)
    close(batch)
    freeze(batch)
    found = page(client.get(public("selection_public", batch)))
    assert seed_of(batch) in found
    assert WORDS in found
    assert entry.full_name not in found
    response = client.get(public("selection_csv", batch))
    path = tmp_path / "seleksi.csv"
    path.write_bytes(response.content)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert published_script().check(str(path)) == []


@pytest.mark.parametrize("name", ["selection_public", "selection_csv"])
def test_selection_public_is_not_there_under_first_come(client: Client, name: str) -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    assert client.get(public(name, batch)).status_code == 404


def test_selection_public_tells_points_and_limits_in_words(client: Client) -> None:
    rules = (
        PointRule("target_group", "buruh_phk", 5),
        PointRule("age", "18-24", 2),
        PointRule("region", "33.75.01", 1),
    )
    terms = Terms(rules, (Limit("business_kind", 1, yields=True),))
    found = page(client.get(public("selection_public", selecting_batch("points", terms=terms))))
    for words in ("Berusia 18 sampai 24 tahun", "Pekalongan Barat", "Setiap jenis usaha: paling banyak 1 kursi"):
        assert words in found


def test_selection_list_names_what_waits_first() -> None:
    done, waits = selecting_batch(), selecting_batch()
    for batch in (done, waits):
        close(batch)
    freeze(done)
    factories.batch(done.program)
    rows = officer().get(reverse("participants:selection_list")).context["rows"]
    assert [(batch, phase) for batch, phase in rows] == [(waits, "closed"), (done, "closed")]


@pytest.mark.parametrize("count", [1, 3])
def test_selection_list_costs_the_same_for_one_and_three(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        selecting_batch()
    client = officer()
    client.get(reverse("participants:selection_list"))
    with django_assert_num_queries(5):
        client.get(reverse("participants:selection_list"))


@pytest.mark.parametrize("count", [1, 3])
def test_selection_desk_costs_the_same_for_one_and_three(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    batch = selecting_batch()
    verified(batch, count)
    close(batch)
    freeze(batch)
    client = officer()
    client.get(url("selection_desk", batch.pk))
    with django_assert_num_queries(7):
        client.get(url("selection_desk", batch.pk))


def test_selection_desk_shows_lines_by_outcome() -> None:
    batch = selecting_batch(quota=1, waiting_quota=1)
    verified(batch, 2)
    factories.registration(batch)
    close(batch)
    freeze(batch)
    client = officer()
    for tab, count in (("all", 3), ("held", 1), ("waiting", 1), ("none", 0), ("out", 1), ("other", 3)):
        assert len(client.get(url("selection_desk", batch.pk), {"hasil": tab}).context["page"].rows) == count


def test_selection_freeze_by_an_officer() -> None:
    batch = selecting_batch(quota=1)
    verified(batch, 2)
    close(batch)
    client = officer()
    seen = client.get(url("selection_freeze", batch.pk)).context["seen"]
    data = {"expected": seen, "witness_words": "  dadu 6\u00a06 ", "understood": "on"}
    response = client.post(url("selection_freeze", batch.pk), data)
    assert response["Location"] == url("selection_desk", batch.pk)
    assert Selection.objects.get(batch=batch).witness_words == "dadu 6 6"
    assert sorted(seats(batch).split()) == ["held", "waiting"]


def test_selection_print_names_everybody_with_a_reason_and_no_number() -> None:
    batch = selecting_batch(quota=1)
    entries = [*verified(batch, 2), factories.registration(batch)]
    close(batch)
    freeze(batch)
    printed = page(officer().get(url("selection_print", batch.pk)))
    for entry in entries:
        assert entry.full_name in printed
        assert entry.nik not in printed
    for words in ("masuk jumlah kursi", "semua kursi sudah terisi", "belum terverifikasi sampai batas waktu", WORDS):
        assert words in printed


def test_selection_freeze_keeps_what_was_typed_and_says_what_is_wrong() -> None:
    batch = selecting_batch()
    [entry] = verified(batch)
    close(batch)
    client, place = officer(), url("selection_freeze", batch.pk)
    seen = client.get(place).context["seen"]
    refused = client.post(place, {"expected": seen, "witness_words": "dadu 6"})
    assert (refused.status_code, list(errors(refused))) == (422, ["understood"])
    assert "dadu 6" in page(refused)
    assert list(errors(client.post(place, {"expected": seen, "understood": "on"}))) == ["witness_words"]
    actions.withdraw(registration=entry, reason="", by=None)
    late = client.post(place, {"expected": seen, "witness_words": "dadu 6", "understood": "on"})
    assert errors(late) == {"__all__": ["Daftar pendaftar sudah berubah. Silakan periksa lagi."]}
    assert late.context["seen"] != seen
    assert Selection.objects.count() == 0


def test_selection_freeze_before_the_end_says_when_instead_of_a_form() -> None:
    batch = selecting_batch()
    shown = page(officer().get(url("selection_freeze", batch.pk)))
    assert ("Belum waktunya: pendaftaran belum ditutup" in shown, 'name="understood"' in shown) == (True, False)


def test_selection_freeze_twice_tells_the_second_officer() -> None:
    batch = selecting_batch()
    close(batch)
    freeze(batch)
    data = {"expected": "x", "witness_words": "dadu", "understood": "on"}
    refused = officer().post(url("selection_freeze", batch.pk), data)
    assert errors(refused) == {"__all__": ["Hasil seleksi angkatan ini sudah ditetapkan."]}


def sheet(**values: Any) -> dict[str, Any]:
    return {"method": "points", "business_list": "none", "business_kinds": "", "points": "3", "limits": "2"} | values


def test_selection_terms_are_saved_and_shown_again() -> None:
    program = factories.program(cast.home_agency())
    data = sheet(
        **{"point0-whom": "target_group:buruh_phk", "point0-points": "5"},
        **{"point1-whom": "age:", "point1-detail": "18 – 24", "point1-points": "2"},
        **{"point2-whom": "region:", "point2-detail": "Medono", "point2-points": "1"},
        **{"limit0-stratum": "business_kind", "limit0-seats": "1", "limit0-yields": "on"},
        business_list="own",
        business_kinds=" Abon  ikan \n\nKerupuk\nAbon ikan",
    )
    client = officer()
    response = client.post(url("selection_terms", program.pk), data)
    assert response["Location"] == reverse("participants:selection_list")
    assert flash(response) == ["Tersimpan. Angkatan yang diterbitkan mulai sekarang membagikan kursi dengan cara ini."]
    program.refresh_from_db()
    assert (program.selection_method, program.business_kinds) == ("points", "Abon ikan\nKerupuk")
    assert program.terms == Terms(
        (
            PointRule("target_group", "buruh_phk", 5),
            PointRule("age", "18-24", 2),
            PointRule("region", factories.MEDONO, 1),
        ),
        (Limit("business_kind", 1, yields=True),),
    )
    shown = client.get(url("selection_terms", program.pk)).context["sheet"]
    assert [row.initial.get("whom") for row in shown.points if row.initial] == [
        "target_group:buruh_phk",
        "age:",
        "region:",
    ]


@pytest.mark.parametrize(
    ("values", "form", "field"),
    [
        ({"point0-whom": "age:", "point0-detail": "muda", "point0-points": "1"}, "point", "detail"),
        ({"point0-whom": "age:", "point0-detail": "30-20", "point0-points": "1"}, "point", "detail"),
        ({"point0-whom": "region:", "point0-detail": "Atlantis", "point0-points": "1"}, "point", "detail"),
        ({"point0-whom": "sex:female"}, "point", "points"),
        ({"point0-points": "4"}, "point", "whom"),
        ({"point0-whom": "sex:cat", "point0-points": "1"}, "point", "whom"),
        ({"point0-whom": "sex:female", "point0-points": "0"}, "point", "points"),
        ({"limit0-stratum": "sex"}, "limit", "seats"),
        ({"limit0-seats": "4"}, "limit", "stratum"),
        ({"business_list": "own"}, "head", "business_kinds"),
        ({"business_list": "own", "business_kinds": "x" * 81}, "head", "business_kinds"),
        ({"limit0-stratum": "business_kind", "limit0-seats": "1"}, "head", "business_list"),
        ({"method": "first_come", "limit0-stratum": "sex", "limit0-seats": "1"}, "head", "method"),
        ({"method": "draw", "point0-whom": "sex:female", "point0-points": "1"}, "head", "method"),
        ({"method": "friends"}, "head", "method"),
    ],
)
def test_selection_terms_say_beside_the_field_what_is_wrong(values: dict[str, str], form: str, field: str) -> None:
    program = factories.program(cast.home_agency())
    response = officer().post(url("selection_terms", program.pk), sheet(**values))
    assert response.status_code == 422
    shown = response.context["sheet"]
    forms = {"head": shown.head, "point": shown.points[0], "limit": shown.limits[0]}
    assert [(name, list(one.errors)) for name, one in forms.items() if one.errors] == [(form, [field])]
    assert Program.objects.get(pk=program.pk).selection_terms == {}


@pytest.mark.parametrize("rows", ["", "x", "99999", "-1", "50"])
def test_selection_terms_take_any_number_of_rows(rows: str) -> None:
    program = factories.program(cast.home_agency())
    data = sheet(**{"points": rows, "point0-whom": "sex:female", "point0-points": "7", "add_row": "1"})
    shown = officer().post(url("selection_terms", program.pk), data).context["sheet"]
    assert 4 <= len(shown.points) <= 20
    assert shown.points[0].initial == {"whom": "sex:female", "points": "7"}
    assert Program.objects.get(pk=program.pk).selection_terms == {}


def test_selection_share_gives_seats_on_with_a_note() -> None:
    empty, full = two_batches()
    client, place = officer(), url("selection_share", empty.program_id)
    seen = client.get(place).context["seen"]
    assert seen == f"{empty.pk}-{full.pk}-2"
    assert list(errors(client.post(place, {"expected": seen}))) == ["note"]
    for wrong in ("1-2", "a-b-c", "1-2-3-4", "²-1-1"):
        assert "expected" in errors(client.post(place, {"expected": wrong, "note": "Rapat"}))
    assert errors(client.post(place, {"expected": "1-2-3", "note": "Rapat"})) == {
        "__all__": ["Jumlah kursi sudah berubah. Silakan periksa lagi."]
    }
    assert client.post(place, {"expected": seen, "note": "Rapat 3 Mei"}).status_code == 302
    assert proposal(empty) == []
    assert "Rapat 3 Mei" in page(client.get(place))


def test_selection_pages_of_another_office_are_not_there() -> None:
    batch = selecting_batch()
    stranger = at_desk(cast.other_agency_officer())
    for name, pk in (
        ("selection_desk", batch.pk),
        ("selection_freeze", batch.pk),
        ("selection_terms", batch.program_id),
    ):
        assert stranger.get(url(name, pk)).status_code == 404


def test_pages_of_a_batch_tell_the_time_of_its_office(client: Client) -> None:
    """Kendari lies an hour ahead of Jakarta, and its residents come to the hotel by their own clock."""
    batch = selecting_batch()
    Agency.objects.update(time_zone="Asia/Makassar")
    client.post(form_url(batch), typed(), follow=True)
    pages = [batch.get_absolute_url(), public("selection_public", batch), reverse("participants:receipt")]
    pages += [reverse("participants:ticket")]
    for address in pages:
        found = page(client.get(address))
        assert ("WITA" in found, "WIB" in found) == (True, False), address

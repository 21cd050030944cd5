"""Forms left half-way: what is kept, for whom, for how long, and that nothing else can read it."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from kit.crypto import UndecryptableError, decrypt_bound, encrypt_bound
from kit.form_keys import new_submission_key
from participants import actions
from participants.forms import RegistrationForm, values_to_keep
from participants.forms.drafts import KEPT, KEPT_OUT
from participants.models import Registration, RegistrationDraft
from participants.models.draft import CONTEXT, hash_device, seal_draft
from participants.tasks import purge_drafts
from participants.views import devices
from programs.models import Batch
from tests import cast, factories
from tests.participants.public_form import form_url, send, typed
from tests.support.constraints import broken_by

DEVICE = "d" * 43
ELSEWHERE = "e" * 43


def saving(batch: Batch) -> str:
    return reverse("participants:draft_save", args=[batch.program.slug, batch.slug])


def resuming(batch: Batch) -> str:
    return reverse("participants:draft_resume", args=[batch.program.slug, batch.slug])


def save(client: Client, batch: Batch, **values: Any) -> Any:
    return client.post(saving(batch), {"full_name": "Siti Contoh", "submission_key": new_submission_key()} | values)


def row(batch: Batch, **columns: Any) -> RegistrationDraft:
    now = timezone.now()
    given = {"updated_at": now, "expires_at": now + timedelta(days=7), "payload": seal_draft({"rt": "1"}, DEVICE)}
    return RegistrationDraft(**{"device_hash": hash_device(DEVICE), "batch": batch, **given, **columns})


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"expires_at": timezone.now() + timedelta(days=8)}, "draft_gone_after_seven_days"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "draft_gone_after_seven_days"),
        ({"payload": b"x" * 8193}, "draft_is_small"),
    ],
)
def test_draft_that_breaks_a_constraint_is_refused(batch: Batch, columns: dict[str, Any], name: str) -> None:
    assert broken_by(row(batch, **columns).save) == name


def test_draft_is_one_per_device_and_batch(batch: Batch) -> None:
    row(batch).save()
    assert broken_by(row(batch).save) == "draft_once_per_device_and_batch"


def test_draft_opens_with_the_secret_of_its_device_alone(batch: Batch) -> None:
    actions.save_draft(device=DEVICE, batch=batch, values={"full_name": "Siti Contoh"})
    draft = RegistrationDraft.objects.get()
    assert draft.opened(DEVICE) == {"full_name": "Siti Contoh"}
    assert draft.opened(ELSEWHERE) == {}
    assert b"Siti" not in bytes(draft.payload)
    assert DEVICE not in draft.device_hash


def test_draft_under_a_key_that_is_gone_is_empty(batch: Batch, settings: Settings) -> None:
    actions.save_draft(device=DEVICE, batch=batch, values={"full_name": "Siti Contoh"})
    settings.ENCRYPTION_KEYS = {77: b"7" * 32}
    assert RegistrationDraft.objects.get().opened(DEVICE) == {}


def test_bound_value_is_refused_elsewhere() -> None:
    value = encrypt_bound("isi", context=CONTEXT, secret=DEVICE)
    assert decrypt_bound(value, context=CONTEXT, secret=DEVICE) == "isi"
    for context, secret in ((CONTEXT, ELSEWHERE), ("other", DEVICE)):
        with pytest.raises(UndecryptableError):
            decrypt_bound(value, context=context, secret=secret)
    with pytest.raises(UndecryptableError):
        decrypt_bound(b"short", context=CONTEXT, secret=DEVICE)


def test_every_field_is_kept_or_left_out_on_purpose(batch: Batch) -> None:
    batch.program.rules.filter(kind__in=["domicile", "age"]).delete()
    named = set(RegistrationForm(batch=batch).fields)
    dates = {"birth_date_day", "birth_date_month", "birth_date_year"}
    assert named - KEPT_OUT - set(KEPT) == {"birth_date"}
    assert set(KEPT) - named == {*dates, "target_group", "business_kind", "has_domicile_letter"} - named


def test_identity_number_and_consents_are_never_kept() -> None:
    assert KEPT_OUT.isdisjoint(values_to_keep(typed()))
    assert values_to_keep({"nik": "9971015207990001", "full_name": " "}) == {}


def test_draft_save_without_mandatory_fields_leads_to_the_list(client: Client, batch: Batch) -> None:
    response = save(client, batch, phone="0812")
    assert (response.status_code, response["Location"]) == (302, reverse("participants:draft_list"))
    cookie = response.cookies[devices.cookie_name()]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 7 * 24 * 3600)
    assert len(cookie.value) == 43
    page = client.get(response["Location"])
    assert [draft.batch for draft, _is_open, _others in page.context["rows"]] == [batch]
    assert page["Cache-Control"] == "no-store"


def test_draft_save_by_itself_answers_without_a_page(client: Client, batch: Batch) -> None:
    response = client.post(saving(batch), {"full_name": "Siti"}, headers={"X-Requested-With": "fetch"})
    assert (response.status_code, response.content) == (204, b"")
    assert RegistrationDraft.objects.count() == 1


def test_draft_save_of_an_empty_form_keeps_and_sets_nothing(client: Client, batch: Batch) -> None:
    response = client.post(saving(batch), {"full_name": "  "})
    assert (response.status_code, RegistrationDraft.objects.count()) == (302, 0)
    assert devices.cookie_name() not in response.cookies


def test_draft_save_in_production_names_the_host_in_the_cookie(
    client: Client, batch: Batch, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    response = save(client, batch)
    cookie = response.cookies["__Host-portal_device"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    cleared = client.post(reverse("participants:device_clear")).cookies["__Host-portal_device"]
    assert (cleared.value, cleared["secure"]) == ("", True)


def test_draft_save_with_expired_protection_keeps_what_was_typed(batch: Batch) -> None:
    response = Client(enforce_csrf_checks=True).post(saving(batch), typed())
    assert response.status_code == 403
    assert 'value="Siti Contoh"' in response.content.decode()


def test_draft_save_again_keeps_one_and_the_latest(client: Client, batch: Batch) -> None:
    save(client, batch, full_name="Siti")
    save(client, batch, full_name="Siti Contoh")
    device = client.cookies[devices.cookie_name()].value
    assert RegistrationDraft.objects.get().opened(device) == {"full_name": "Siti Contoh"}


def test_draft_save_of_too_much_is_refused(batch: Batch) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.save_draft(device=DEVICE, batch=batch, values={"address": "x" * 9000})
    assert refused.value.code == "draft_long"


def test_draft_save_keeps_five_of_a_device(batch: Batch) -> None:
    program = batch.program
    batches = [factories.batch(program, slug=f"angkatan-{number}") for number in range(6)]
    for one in batches:
        actions.save_draft(device=DEVICE, batch=one, values={"rt": "1"})
    kept = RegistrationDraft.objects.order_by("updated_at").values_list("batch_id", flat=True)
    assert list(kept) == [one.pk for one in batches[1:]]


def test_draft_save_is_limited_by_address_for_new_devices(client: Client, batch: Batch, settings: Settings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"draft_device": (1, 60)}
    assert save(client, batch).status_code == 302
    assert save(Client(), batch).status_code == 429
    assert save(client, batch).status_code == 302


def test_draft_resume_shows_the_form_as_it_was_left(client: Client, batch: Batch) -> None:
    save(client, batch, birth_date_day="31", birth_date_month="2", phone="0812", nik="9971015207990001")
    response = client.get(resuming(batch))
    page = response.content.decode()
    assert 'value="Siti Contoh"' in page
    assert 'value="31"' in page
    assert 'value="0812"' in page
    assert "9971015207990001" not in page
    assert response.context["form"].errors == {}
    assert response["Cache-Control"] == "no-store"


def test_draft_resume_without_a_draft_opens_the_blank_form(client: Client, batch: Batch) -> None:
    client.cookies[devices.cookie_name()] = DEVICE
    assert client.get(resuming(batch))["Location"] == form_url(batch)


def test_draft_to_submit_is_a_journey_that_ends_without_a_draft(client: Client, batch: Batch) -> None:
    save(client, batch)
    page = client.get(form_url(batch)).content.decode()
    assert resuming(batch) in page
    assert "Siti Contoh" not in page
    assert send(client, batch).status_code == 302
    assert (Registration.objects.count(), RegistrationDraft.objects.count()) == (1, 0)


def test_draft_stays_when_the_form_is_refused(client: Client, batch: Batch) -> None:
    save(client, batch)
    assert send(client, batch, birth_date_year="2020").status_code == 422
    assert RegistrationDraft.objects.count() == 1


def test_draft_saved_after_the_form_was_sent_does_not_come_back(client: Client, batch: Batch) -> None:
    form = typed()
    client.post(form_url(batch), form)
    client.post(saving(batch), form)
    assert RegistrationDraft.objects.count() == 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_draft_being_saved_while_the_form_is_sent_does_not_come_back(batch: Batch) -> None:
    """The save waits for the registration's transaction, then sees the entry."""
    form = typed()
    client = Client()
    client.cookies[devices.cookie_name()] = DEVICE

    def save_late() -> None:
        client.post(saving(batch), form)
        connections.close_all()

    late = threading.Thread(target=save_late)
    with transaction.atomic():
        sender = Client()
        sender.cookies[devices.cookie_name()] = DEVICE
        assert sender.post(form_url(batch), form).status_code == 302
        late.start()
        late.join(0.5)
        assert late.is_alive()
    late.join(10)
    assert (Registration.objects.count(), RegistrationDraft.objects.count()) == (1, 0)


def queries_for(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_form_of_a_visitor_without_the_cookie_asks_nothing_more(batch: Batch) -> None:
    blank, forged, device = Client(), Client(), Client()
    forged.cookies[devices.cookie_name()] = "forged"
    device.cookies[devices.cookie_name()] = DEVICE
    blank.get(form_url(batch))  # what the form needs of its batch is read once
    counts = [queries_for(one, form_url(batch)) for one in (blank, forged, device)]
    assert (counts[1] - counts[0], counts[2] - counts[0]) == (0, 1)


def test_draft_list_of_another_device_is_empty(client: Client, batch: Batch) -> None:
    save(client, batch)
    assert Client().get(reverse("participants:draft_list")).context["rows"] == []


def test_draft_list_offers_other_batches_when_its_own_has_closed(client: Client, batch: Batch) -> None:
    save(client, batch)
    other = factories.batch(batch.program, factories.MEDONO, slug="medono")
    factories.batch(factories.program(cast.home_agency(), slug="lain"), slug="lain")
    Batch.objects.filter(pk=batch.pk).update(registration_closes_at=timezone.now() - timedelta(minutes=1))
    assert client.get(resuming(batch))["Location"] == reverse("participants:draft_list")
    (_draft, is_open, others) = client.get(reverse("participants:draft_list")).context["rows"][0]
    assert (is_open, others) == (False, [other])


def test_draft_list_takes_the_same_queries_for_one_and_three(client: Client, batch: Batch) -> None:
    counts = []
    for number in range(3):
        save(client, factories.batch(batch.program, slug=f"b{number}"))
        counts.append(queries_for(client, reverse("participants:draft_list")))
    assert counts[0] == counts[2]


def test_draft_move_takes_it_along_to_a_batch_of_the_programme(client: Client, batch: Batch) -> None:
    save(client, batch)
    other = factories.batch(batch.program, factories.MEDONO, slug="medono")
    save(client, other, full_name="Lama")
    draft = RegistrationDraft.objects.get(batch=batch)
    response = client.post(reverse("participants:draft_move", args=[draft.pk]), {"to": other.pk})
    assert response["Location"] == resuming(other)
    assert 'value="Siti Contoh"' in client.get(response["Location"]).content.decode()
    assert RegistrationDraft.objects.count() == 1


@pytest.mark.parametrize("to", ["", "abc", "0", "99999999", "9" * 5000])
def test_draft_move_to_nowhere_is_not_found(client: Client, batch: Batch, to: str) -> None:
    save(client, batch)
    draft = RegistrationDraft.objects.get()
    assert client.post(reverse("participants:draft_move", args=[draft.pk]), {"to": to}).status_code == 404


def test_draft_moves_to_another_programme_is_refused(batch: Batch) -> None:
    draft = row(batch)
    draft.save()
    elsewhere = factories.batch(factories.program(cast.home_agency(), slug="lain"), slug="lain")
    with pytest.raises(ValidationError) as refused:
        actions.move_draft(device=DEVICE, draft=draft, to=elsewhere)
    assert refused.value.code == "other_program"


def test_draft_forget_of_another_device_is_not_found(client: Client, batch: Batch) -> None:
    save(client, batch)
    address = reverse("participants:draft_forget", args=[RegistrationDraft.objects.get().pk])
    assert Client().post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert RegistrationDraft.objects.count() == 0


def test_device_clear_wipes_drafts_doors_and_cookies(client: Client, batch: Batch) -> None:
    save(client, batch)
    send(client, batch)
    save(client, factories.batch(batch.program, slug="dua"))
    response = client.post(reverse("participants:device_clear"))
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert RegistrationDraft.objects.count() == 0
    assert {name for name, cookie in response.cookies.items() if cookie.value == ""} >= {
        devices.cookie_name(),
        "portal_receipt",
        "portal_entry",
    }
    assert client.get(reverse("participants:receipt")).status_code == 302


def test_device_clear_leaves_an_officer_signed_in(client: Client, batch: Batch) -> None:
    client.force_login(cast.village_officer_here())
    response = client.post(reverse("participants:device_clear"))
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(reverse("workspace")).status_code == 200


@pytest.mark.parametrize("name", ["register", "receipt", "status"])
def test_device_clear_stands_on_the_page(client: Client, batch: Batch, name: str) -> None:
    send(client, batch)
    address = form_url(batch) if name == "register" else reverse(f"participants:{name}")
    assert reverse("participants:device_clear") in client.get(address).content.decode()


def test_draft_after_seven_days_is_neither_shown_nor_kept(client: Client, batch: Batch) -> None:
    save(client, batch)
    ago = timezone.now() - timedelta(days=7, seconds=1)
    RegistrationDraft.objects.update(updated_at=ago, expires_at=ago + timedelta(days=7))
    assert client.get(reverse("participants:draft_list")).context["rows"] == []
    assert client.get(resuming(batch)).status_code == 302
    assert purge_drafts() == 1
    assert RegistrationDraft.objects.count() == 0


def test_draft_tells_nothing_about_who_is_known(batch: Batch) -> None:
    known, unknown = Client(), Client()
    factories.registration(batch)
    number = Registration.objects.get().nik
    answers = [save(one, batch, nik=nik) for one, nik in ((known, number), (unknown, "9971015207999999"))]
    assert [(one.status_code, one["Location"], sorted(one.cookies)) for one in answers][0] == (
        answers[1].status_code,
        answers[1]["Location"],
        sorted(answers[1].cookies),
    )

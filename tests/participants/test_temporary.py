"""People without a NIK: the office's own number, and the NIK in its place."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from kit.form_keys import new_submission_key
from kit.identity import clean_nik, clean_temporary, is_temporary, new_temporary, show_temporary
from participants import actions
from participants.models import Person, PersonMerge, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.desk import at_desk, errors, url
from tests.participants.lines import events, fresh, refusal, small_batch

pytestmark = pytest.mark.django_db
NIK = "9971015207990001"


def without_nik(batch: Batch, **values: Any) -> Registration:
    declared = factories.declaration(**{"nik": new_temporary(), **values})
    return factories.registration(batch, declaration=declared, by=cast.verifier(), source="assisted")


@pytest.fixture
def batch(db: None) -> Batch:
    return small_batch(quota=5)


def card(entry: Registration) -> Person:
    return Person.objects.get(registrations=entry)


def test_temporary_numbers_are_never_taken_for_a_nik() -> None:
    number = new_temporary()
    assert is_temporary(number)
    assert clean_temporary(f" {show_temporary(number).lower()} ") == number
    with pytest.raises(ValidationError):
        clean_nik(number)
    for wrong in ("TMP12345678", "TMP1234567890", NIK, "TMP12345678X", "TMP１２３４５６７８９"):
        with pytest.raises(ValidationError):
            clean_temporary(wrong)


def test_an_entry_without_nik_says_so_and_is_never_verified(batch: Batch) -> None:
    entry = without_nik(batch)
    assert (entry.is_temporary, entry.flags, entry.seat) == (True, ["temporary_identity"], "held")
    assert card(entry).is_temporary
    assert entry.masked_nik == f"TMP*****{entry.nik[-4:]}"
    refusal(
        "registration_temporary_is_not_verified",
        actions.verify,
        registration=entry,
        note="KTP dilihat",
        by=cast.verifier(),
    )


def test_two_people_without_nik_are_two_persons(batch: Batch) -> None:
    assert without_nik(batch).person_id != without_nik(batch).person_id


def test_give_number_takes_the_temporary_ones_place(batch: Batch) -> None:
    entry = without_nik(batch, birth_date=factories.declaration(1).birth_date)
    assert actions.give_number(person=card(entry), nik=NIK, note="KTP dilihat", by=cast.verifier()) is None
    after = fresh(entry)
    assert (after.nik, after.is_temporary, after.flags, after.person_id) == (NIK, False, [], entry.person_id)
    assert (card(entry).nik, card(entry).is_temporary) == (NIK, False)
    assert events(entry)[-1] == "corrected"
    assert AuditEntry.objects.get(action="person.number_given").purpose == "KTP dilihat"
    actions.verify(registration=after, note="KTP dilihat", by=cast.verifier())
    assert card(entry).verified_at is not None


def test_give_number_warns_of_what_the_digits_say(batch: Batch) -> None:
    entry = without_nik(batch, sex="male")
    actions.give_number(person=card(entry), nik=NIK, note="KTP dilihat", by=cast.verifier())
    assert fresh(entry).flags == ["nik_sex_differs"]


def test_give_number_refuses_without_a_note_or_twice(batch: Batch) -> None:
    entry = without_nik(batch)
    wanted: dict[str, Any] = {"nik": NIK, "by": cast.verifier()}
    refusal("note_needed", actions.give_number, person=card(entry), note="", **wanted)
    refusal("nik_length", actions.give_number, person=card(entry), nik="99", note="x", by=cast.verifier())
    actions.give_number(person=card(entry), note="x", **wanted)
    other: dict[str, Any] = {"nik": "9971015207990002", "by": cast.verifier()}
    refusal("not_temporary", actions.give_number, person=card(entry), note="x", **other)


def test_give_number_on_file_proposes_a_merge_and_the_entry_gets_the_nik(batch: Batch) -> None:
    known = factories.registration(small_batch())
    entry = without_nik(batch, occupation="Penjahit")
    number = card(known).nik
    merge = actions.give_number(person=card(entry), nik=number, note="KTP dilihat", by=cast.verifier())
    assert isinstance(merge, PersonMerge)
    assert (merge.kept, merge.gone_number, merge.choices["nik"], merge.choices["occupation"]) == (
        card(known),
        entry.person_id,
        "kept",
        "gone",
    )
    officer = factories.user("penyetuju", role=None)
    actions.approve_merge(merge=merge, note="", by=officer)
    after = fresh(entry)
    assert (after.nik, after.is_temporary, after.flags, after.person_id) == (number, False, [], known.person_id)
    actions.undo_merge(merge=merge, note="salah orang", by=officer)
    assert (fresh(entry).nik, fresh(entry).is_temporary, fresh(entry).flags) == (entry.nik, True, entry.flags)


def test_the_nik_wins_over_the_temporary_number_in_a_merge(batch: Batch) -> None:
    known, entry = factories.registration(small_batch()), without_nik(batch)
    refusal(
        "temporary_loses",
        actions.propose_merge,
        kept=card(known),
        gone=card(entry),
        choices={"nik": "gone"},
        reason="x",
        by=cast.verifier(),
    )


@pytest.fixture
def desk(db: None) -> Client:
    return at_desk(cast.program_officer())


def typed(**values: Any) -> dict[str, Any]:
    said = {
        "submission_key": new_submission_key(),
        "full_name": "Siti Aminah",
        "nik": "",
        "no_nik": "on",
        "birth_date_day": "12",
        "birth_date_month": "7",
        "birth_date_year": "1999",
        "sex": "female",
        "phone": "0812-3456-7890",
        "region": factories.BENDAN_KERGON,
        "address": "Jalan Contoh 1",
        "notice": "on",
    }
    return {**said, **values}


def test_registration_assist_gives_a_temporary_number_once(desk: Client, batch: Batch) -> None:
    data = typed()
    assert desk.post(url("registration_assist", batch), data).status_code == 302
    assert desk.post(url("registration_assist", batch), data).status_code == 302
    entry = Registration.objects.get()
    assert is_temporary(entry.nik)
    assert show_temporary(entry.nik) in desk.get(card(entry).get_absolute_url()).content.decode()


def test_registration_assist_asks_whether_it_is_somebody_on_file(desk: Client, batch: Batch) -> None:
    desk.post(url("registration_assist", batch), typed())
    first = Registration.objects.get()
    other = small_batch()
    response = desk.post(url("registration_assist", other), typed(full_name="St. Aminah"))
    assert response.status_code == 422
    assert list(errors(response)) == ["no_nik_anyway"]
    assert first.masked_nik in errors(response)["no_nik_anyway"][0]
    again = typed(nik=show_temporary(first.nik), no_nik="")
    assert desk.post(url("registration_assist", other), again).status_code == 302
    assert Registration.objects.filter(person=first.person).count() == 2
    anyway = typed(no_nik_anyway="on", phone="0812-3456-7899")
    assert desk.post(url("registration_assist", small_batch()), anyway).status_code == 302
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    ("typed_number", "no_nik", "field"),
    [
        ("", "", "nik"),
        ("TMP 000 000 000", "", "nik"),
        ("TMP 1", "", "nik"),
        (NIK, "on", "no_nik"),
        ("123", "on", "nik"),
    ],
)
def test_registration_assist_refuses_numbers_that_make_no_sense(
    typed_number: str, no_nik: str, field: str, desk: Client, batch: Batch
) -> None:
    response = desk.post(url("registration_assist", batch), typed(nik=typed_number, no_nik=no_nik))
    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert response.context["form"]["full_name"].value() == "Siti Aminah"


def test_the_public_form_takes_no_temporary_number(client: Client, batch: Batch) -> None:
    entry = without_nik(batch)
    address = f"/pelatihan/{batch.program.slug}/{batch.slug}/daftar/"
    response = client.post(address, typed(nik=entry.nik, edition=""))
    assert Registration.objects.count() == 1
    assert response.status_code == 422


def test_person_number_page(desk: Client, batch: Batch) -> None:
    entry = without_nik(batch)
    address = f"{card(entry).get_absolute_url()}nik/"
    assert desk.get(address).status_code == 200
    response = desk.post(address, {"nik": "123", "note": "KTP"})
    assert (response.status_code, list(errors(response))) == (422, ["nik"])
    assert desk.post(address, {"nik": NIK, "note": "KTP dilihat"}).status_code == 302
    assert card(entry).nik == NIK
    assert desk.get(address).status_code == 403
    assert _("Temporary number") not in desk.get(card(entry).get_absolute_url()).content.decode()

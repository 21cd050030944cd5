"""Erasing and merging somebody who has rows in every table that holds people: the whole database is searched."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from budgets.models import PayeeAccount
from kit.privacy import privacy_modules
from participants import privacy, queries
from participants.models import (
    AttendanceMark,
    Broadcast,
    DoorCase,
    ImportRow,
    Person,
    PersonMerge,
    Registration,
)
from participants.privacy.merging import moving_relations
from programs.models import Batch
from tests import cast, factories
from tests.participants import cards
from tests.participants.lines import fresh, small_batch
from tests.participants.lived import WORDS, lived, seal
from tests.participants.merging import card, merged
from tests.participants.rights import asked
from tests.participants.test_incidents import report
from tests.participants.test_privacy_relations import keys_to_people
from tests.support.searching import files_with, places_in_database

# A line of a list that was taken over, and the trail of a card that is gone, point to nobody any more.
NOT_OF_THE_KEPT = {"participants.PersonMerge.gone", "participants.PersonPair.first", "participants.PersonPair.second"}
ONLY_ON_THE_CARD: dict[str, str] = {
    "phone": "+6281366677788",
    "email": "hanya.kartu@contoh.example",
    "address": "Lorong Kartu Lama 5",
    "occupation": "Penenun Songket",
}


@pytest.fixture
def entry(asked_entry: Registration) -> Registration:
    return lived(asked_entry.batch)


def erased(person: Person) -> None:
    with transaction.atomic():
        for module in privacy_modules():
            module.erase(person=person, by=cast.dpo())


def tables_about(person: Person) -> set[str]:
    """Each foreign key by which some row is about this person or one of their entries."""
    entries = list(person.registrations.values_list("pk", flat=True))
    found = set()
    for label in keys_to_people():
        model_label, _dot, name = label.rpartition(".")
        model: Any = apps.get_model(model_label)
        keys = [person.pk] if model._meta.get_field(name).related_model is Person else entries
        if model._default_manager.filter(**{f"{name}__in": keys}).exists():
            found.add(label)
    return found


@pytest.mark.parametrize("is_sealed", [True, False])
def test_erase_of_somebody_who_is_everywhere(
    entry: Registration, own_folder: Path, is_sealed: bool, django_capture_on_commit_callbacks: Any
) -> None:
    assert entry.person is not None
    assert keys_to_people() - tables_about(entry.person) - NOT_OF_THE_KEPT == set()
    assert {label for label, _place in places_in_database(WORDS)} == set(WORDS)
    assert "name" in files_with(own_folder, WORDS)
    if is_sealed:
        seal(entry)
    with django_capture_on_commit_callbacks(execute=True):
        erased(entry.person)
    assert places_in_database(WORDS) == set()
    assert files_with(own_folder, WORDS) == set()
    assert Broadcast.objects.get().body_id == "Terima kasih, (data dihapus)."
    assert AttendanceMark.objects.filter(registration=entry).count() == 2
    assert DoorCase.objects.count() == 2


def test_export_tells_of_all_of_it(entry: Registration) -> None:
    assert entry.person is not None
    told = {
        section.code: str([[fact.words for fact in row] for row in section.records])
        for section in privacy.export(entry.person)
    }
    kept_back = {"consents", "photos", "payments", "papers", "selections", "requests"}
    assert {code for code, words in told.items() if words == "[]"} <= kept_back
    assert WORDS["proxy"] in told["proxies"]
    assert WORDS["address"] in told["card_preparation"]
    assert "…7888" in told["job_cards"]
    assert "Bank Jateng" in told["accounts"]
    assert "Tetangga" not in str(told)


def test_name_of_one_word_is_not_taken_out_of_longer_names(batch: Batch) -> None:
    entry, other = factories.registration(batch, full_name="Wati"), factories.registration(batch)
    Registration.objects.filter(pk=other.pk).update(check_note="Kurniawati datang dengan WATI.")
    assert entry.person is not None
    erased(entry.person)
    assert fresh(other).check_note == "Kurniawati datang dengan (data dihapus)."


def two_full_cards() -> tuple[Registration, Registration]:
    """The second has rows in every table that a merge moves; some of what it knows stands nowhere else."""
    kept, gone = factories.registration(small_batch()), factories.registration(small_batch())
    number, officer = card(gone).pk, cast.program_officer()
    Person.objects.filter(pk=number).update(**ONLY_ON_THE_CARD)
    third = factories.registration(small_batch())
    merged(gone, third)
    person = Person.objects.get(pk=number)
    cards.report(cards.card(person, officer))
    cards.preparation(person, officer, sheet='{"school": "SMK Lorong"}')
    factories.payee_account(cast.home_agency(), owner=f"person:{number}", payee_name="Penerima")
    asked(gone)
    report().people.create(registration=gone, person=person)
    return kept, gone


def test_merge_leaves_nothing_of_the_card_that_went(db: None) -> None:
    kept, gone = two_full_cards()
    number = card(gone).pk
    hung = {
        (model, name): set(model._default_manager.filter(**{name: number}).values_list("pk", flat=True))
        for _label, model, name in moving_relations()
    }
    assert all(hung.values()), {key for key, rows in hung.items() if not rows}
    merge = merged(kept, gone)
    person = card(kept)
    for (model, name), rows in hung.items():
        now = set(model._default_manager.filter(**{name: person}).values_list("pk", flat=True))
        assert rows <= now, (model, name)
    assert PayeeAccount.objects.get(owner=f"person:{person.pk}").payee_name == "Penerima"
    assert queries.job_card_of(person).card is not None
    letters = "notifications_message."
    left = {place for _label, place in places_in_database(ONLY_ON_THE_CARD) if not place.startswith(letters)}
    assert left == {"participants_personmerge.aside"}
    PersonMerge.objects.filter(pk=merge.pk).update(undo_until=timezone.now())
    seal(kept)
    left = {place for _label, place in places_in_database(ONLY_ON_THE_CARD) if not place.startswith(letters)}
    assert left == set()
    assert not Person.objects.filter(pk=number).exists()


def test_account_of_the_kept_card_wins_and_the_other_is_told_and_erased(db: None) -> None:
    kept, gone = factories.registration(small_batch()), factories.registration(small_batch())
    for entry, name in ((kept, "Yang Tetap"), (gone, "Yang Pergi")):
        factories.payee_account(cast.home_agency(), owner=f"person:{card(entry).pk}", payee_name=name)
    merged(kept, gone)
    person = card(kept)
    assert PayeeAccount.objects.get(owner=f"person:{person.pk}").payee_name == "Yang Tetap"
    assert {row.payee_name for row in queries.accounts_of(person)} == {"Yang Tetap", "Yang Pergi"}
    erased(person)
    assert not PayeeAccount.objects.filter(Q(payee_name="Yang Pergi") | Q(payee_name="Yang Tetap")).exists()


def test_rows_of_lists_that_became_no_entry_are_emptied(entry: Registration) -> None:
    assert entry.person is not None
    assert ImportRow.objects.filter(content__isnull=False).count() == 2
    erased(entry.person)
    assert ImportRow.objects.filter(content__isnull=False).count() == 0

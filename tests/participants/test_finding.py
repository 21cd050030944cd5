"""The search for people who are on file twice: what it finds, what it leaves, and that decisions stay."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, RoleAssignment
from accounts.permissions import forget
from accounts.roles import Role
from participants import actions
from participants.models import Person, PersonPair, PersonTrace
from participants.models.declared import HOLDS_NOTHING
from participants.queries import doubles, maybe_same
from participants.rules import LIKELY, likeness
from tests import cast, factories
from tests.participants.desk import at_desk
from tests.participants.lines import small_batch
from tests.participants.merging import second_officer

pytestmark = pytest.mark.django_db
BORN = date(1990, 5, 7)


def person(full_name: str = "Siti Aminah", **values: Any) -> Person:
    factories.region_tree()
    declared = factories.declaration(**{"full_name": full_name, "birth_date": BORN, **values})
    return Person.objects.create(agency=cast.home_agency(), **declared.columns())


def search() -> int:
    return actions.find_doubles(agency=cast.home_agency(), by=None)


def pairs() -> list[tuple[int, int]]:
    return list(PersonPair.objects.order_by("pk").values_list("first", "second"))


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({}, {}, ["name", "birth_date", "region"]),
        ({}, {"full_name": "St. Aminah"}, ["sound", "birth_date", "region"]),
        ({"full_name": "Soekardjo"}, {"full_name": "Sukarjo"}, ["sound", "birth_date", "region"]),
        ({}, {"full_name": "Siti Amina Hasan"}, ["similar", "birth_date", "region"]),
        ({}, {"birth_date": date(1991, 5, 7)}, ["name", "birth_near", "region"]),
        ({}, {"birth_date": date(1990, 7, 5)}, ["name", "birth_near", "region"]),
        (
            {"phone": "+628120000001"},
            {"phone": "+628120000001", "birth_date": date(1970, 1, 2)},
            ["name", "phone", "region"],
        ),
        (
            {"email": "Siti@example.id"},
            {"email": "siti@example.id", "phone": "+628120000001", "birth_date": date(1990, 5, 8)},
            ["name", "birth_near", "email", "region"],
        ),
    ],
)
def test_find_doubles_finds(one: dict[str, Any], other: dict[str, Any], reasons: list[str]) -> None:
    first, second = person(**one), person(**other)
    assert search() == 1
    pair = PersonPair.objects.get()
    assert (pair.first_id, pair.second_id, pair.reasons, pair.score) == (
        first.pk,
        second.pk,
        reasons,
        likeness(reasons),
    )


@pytest.mark.parametrize(
    "other",
    [
        {"full_name": "Rahmat Hidayat"},
        {"birth_date": date(1975, 2, 3)},
        {"full_name": "Rahmat Hidayat", "phone": "+628120000001"},
        {"full_name": "Siti Rohmah", "birth_date": date(1991, 5, 7)},
    ],
)
def test_find_doubles_leaves(other: dict[str, Any]) -> None:
    person(phone="+628120000001")
    person(**other)
    assert search() == 0


def test_find_doubles_never_crosses_offices() -> None:
    one = person()
    away = factories.agency("semarang", name="Dinas Perindustrian Kota Semarang", region="33.74")
    Person.objects.create(agency=away, **factories.declaration(full_name="Siti Aminah", birth_date=BORN).columns())
    assert search() == 0
    assert PersonTrace.objects.get().person == one


def test_find_doubles_compares_what_is_new_with_all() -> None:
    first = person()
    assert (search(), PersonTrace.objects.filter(is_new=True).count()) == (0, 0)
    second = person()
    assert search() == 1
    assert pairs() == [(first.pk, second.pk)]
    entry = AuditEntry.objects.filter(action="persons.searched").latest("pk")
    assert entry.changes == {"cards": 1, "pairs": 1}


def test_find_doubles_leaves_who_restricted_their_data() -> None:
    first, _second = person(), person()
    Person.objects.filter(pk=first.pk).update(restricted_at=timezone.now())
    assert search() == 0


def test_find_doubles_leaves_cards_of_which_nothing_is_left() -> None:
    emptied: dict[str, Any] = {"anonymised_at": timezone.now(), "birth_date": date(1990, 7, 1)}
    emptied |= {child[0]: child[1] for child in HOLDS_NOTHING.children if isinstance(child, tuple)}
    Person.objects.filter(pk__in=[person().pk, person().pk]).update(**emptied)
    assert search() == 0


def test_a_pair_with_somebody_restricted_is_only_for_who_keeps_the_privacy() -> None:
    first, second = person(), person()
    search()
    Person.objects.filter(pk=second.pk).update(restricted_at=timezone.now())
    at = reverse("participants:pair_detail", args=[first.pk, second.pk])
    officer, keeper = cast.program_officer(), second_officer()
    assert not PersonPair.objects.visible_to(officer).exists()
    assert at_desk(officer).get(at).status_code == 404
    RoleAssignment.objects.create(
        user=keeper, role=Role.DATA_PROTECTION_OFFICER, agency=cast.home_agency(), region=cast.home_agency().region
    )
    forget(keeper)
    assert PersonPair.objects.visible_to(keeper).exists()
    assert at_desk(keeper).get(at).status_code == 200


def test_find_doubles_forgets_what_was_corrected_and_keeps_decisions() -> None:
    first, second, third = person(), person(), person()
    search()
    assert len(pairs()) == 3
    actions.decide_pair(first=first, second=second, decision="different", note="kembar", by=cast.verifier())
    Person.objects.filter(pk=third.pk).update(full_name="Rahmat Hidayat", name_key="RAHMAT HIDAYAT")
    assert search() == 0
    assert pairs() == [(first.pk, second.pk)]
    Person.objects.filter(pk=second.pk).update(occupation="Penjahit", email="a@example.id")
    assert search() == 0
    assert PersonPair.objects.get().decision == "different"


def test_find_doubles_leaves_a_pair_that_somebody_opened_by_hand() -> None:
    first, second = person(), person("Rahmat Hidayat")
    by = cast.verifier()
    actions.decide_pair(first=first, second=second, decision="later", note="", by=by)
    search()
    assert PersonPair.objects.get().decision == "later"


def test_find_doubles_skips_a_block_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred people at one telephone are an office, not one person; their names still are compared."""
    monkeypatch.setattr(doubles, "FIND", doubles.FIND.replace(f"> {doubles.LARGEST_BLOCK}", "> 2"))
    born = [date(1960 + year, 1 + year, 2 + year) for year in range(3)]
    for day in born:
        person(phone="+628120000001", birth_date=day)
    assert search() == 0


def test_find_doubles_counts_the_same_kind_of_business() -> None:
    batch = small_batch()
    for phone in ("+628120000001", "+628120000002"):
        declared = factories.declaration(
            full_name="Siti Aminah", birth_date=BORN, phone=phone, business_kind="Keripik tempe"
        )
        factories.registration(batch, declaration=declared)
    search()
    assert "business" in PersonPair.objects.get().reasons


def test_a_trace_that_the_search_did_not_finish_is_compared_the_next_time() -> None:
    person()
    person()
    doubles.trace_changed(cast.home_agency().pk, 0)
    assert search() == 1


def test_likely_needs_more_than_one_thing() -> None:
    assert likeness(["birth_date", "phone", "region"]) < LIKELY
    assert likeness(["name", "region"]) < LIKELY
    assert likeness(["sound", "birth_date"]) >= LIKELY


def test_maybe_same_hears_the_name_at_the_counter() -> None:
    known = person("Moch. Soekardjo")
    person("Moch. Soekardjo", birth_date=date(1980, 1, 1))
    assert maybe_same(cast.home_agency().pk, "Muhammad Sukarjo", BORN) == [known]
    assert maybe_same(cast.home_agency().pk, "Sukarjo", BORN) == []

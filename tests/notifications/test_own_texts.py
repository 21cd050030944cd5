"""The office's own words: what a placeholder is worth, what is refused, and which text is in force."""

import threading
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Agency, AuditEntry, User
from accounts.roles import Role
from notifications import actions, rules, texts
from notifications.models import Message, MessageText
from notifications.rules import Wording
from tests.notifications.conftest import Office
from tests.support.constraints import broken_by

KIND = "registration_cancelled"
OWN = Wording("Batal: {nomor}", "Yth. {nama},\n\npendaftaran {nomor} dibatalkan.\n\n{kantor}")


@pytest.fixture
def officer(office: Office) -> User:
    return office.user("petugas", Role.PROGRAM_OFFICER)


def save(
    office: Office, by: User, wording: Wording = OWN, based_on: int = 0, language: str = "id"
) -> list[MessageText]:
    return actions.save_texts(
        agency=office.agency, kind=KIND, wordings={language: wording}, based_on={language: based_on}, by=by
    )


def told(office: Office, **context: Any) -> Message:
    """As the code that tells something finds the agency: fresh from the database."""
    agency = Agency.objects.get(pk=office.agency.pk)
    sample = texts.sample_context(agency, KIND) | context
    name = sample.pop("recipient_name")
    number = Message.objects.count()
    message = actions.queue(
        agency=agency,
        kind=KIND,
        key=f"k:{number}",
        language="id",
        recipient_name=name,
        email="a@b.example",
        context=sample,
    )
    assert message is not None
    return message


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", texts.KINDS)
def test_outline_filled_again_is_the_standard_text(kind: str, language: str) -> None:
    office = texts.SAMPLE_OFFICE
    outline = texts.outline(kind, language)
    with texts.translation.override(language), texts.timezone.override(office.zone):
        standard = texts.split_text(texts.standard_text(kind, texts.sample_context(office, kind)))
    assert texts.preview(outline, kind, language, office) == standard
    texts.check_wording(outline, texts.KINDS[kind])
    assert rules.placeholders_in(outline.body) >= {"nama", "kantor", *texts.KINDS[kind].required}


def test_kinds_are_those_that_residents_get() -> None:
    to_staff = {kind for kind in settings.MESSAGE_KINDS if kind.startswith("account_") or kind.endswith("_due")}
    to_staff -= {"job_card_report_due", "use_report_due"}
    # What is told of an incident is what the office wrote of this one.
    to_staff |= {"incident_notice"}
    # Jurors are colleagues for a day: their letter holds a link that opens once, and the office changes no word of it.
    to_staff |= {"juror_invited", "jury_changed", "jury_called_off"}
    assert {*texts.KINDS, "broadcast"} >= settings.MESSAGE_KINDS.keys() - to_staff >= texts.KINDS.keys()


@pytest.mark.parametrize(
    "typed",
    ["{{ settings.SECRET_KEY }}", "{nama.__class__}", "{% load static %}", "{nama!r}", "{0}", "{", "}", "{Nama}"],
)
def test_check_wording_refuses_what_is_no_placeholder(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        texts.check_wording(Wording("Batal", f"{{nomor}} {typed}"), texts.KINDS[KIND])
    assert list(refusal.value.message_dict) == ["body"]


def test_fill_never_evaluates_office_text() -> None:
    text = "{{ settings.SECRET_KEY }} {nama.__class__} {% load static %} {% if 1 %}x{% endif %}"
    assert texts.preview(Wording(text, text), KIND, "id", texts.SAMPLE_OFFICE) == Wording(text, text)


@given(st.text(), st.text())
def test_fill_puts_a_value_in_once(name: str, text: str) -> None:
    assert rules.fill("{nama}", {"nama": name}) == name
    assert rules.fill(text, {}) == text


def test_fill_leaves_braces_of_a_value_alone(office: Office, officer: User) -> None:
    save(office, officer)
    message = told(office, recipient_name="{kantor} {{ 7|add:7 }}")
    assert message.body.splitlines()[0] == "Yth. {kantor} {{ 7|add:7 }},"


@pytest.mark.parametrize(
    ("wording", "field", "sentence"),
    [
        (
            Wording("Batal", "{nomer}"),
            "body",
            "{nomer} bukan isian otomatis untuk pesan ini. Apakah maksud Anda {nomor}?",
        ),
        (Wording("Batal", "{nomor} {kode}"), "body", "{kode} bukan isian otomatis untuk pesan ini."),
        (
            Wording("Batal", "Halo"),
            "body",
            "{nomor} belum ada: nomor pendaftaran. Tanpa itu pesan tidak berguna bagi penerima.",
        ),
        (
            Wording("{jadwal}", "{nomor}"),
            "subject",
            "{jadwal} terdiri atas beberapa baris dan hanya dapat dipakai di isi pesan.",
        ),
        (
            Wording("Batal", "{nomor} https://bit.ly/abc"),
            "body",
            "bit.ly adalah tautan pendek. Warga curiga tautan seperti itu penipuan; tulislah alamat lengkapnya.",
        ),
        (Wording("x" * 151, "{nomor}"), "subject", "Paling banyak 150 huruf; sekarang 151."),
        (Wording("x", "{nomor}" + "x" * 3000), "body", "Paling banyak 3000 huruf; sekarang 3007."),
    ],
)
def test_check_wording_says_what_is_wrong(wording: Wording, field: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        texts.check_wording(wording, texts.KINDS[KIND])
    assert refusal.value.message_dict == {field: [sentence]}


@pytest.mark.parametrize("host", ["habits.id", "mitra.co", "abt.co.id", "s.idn.example"])
def test_shortened_link_leaves_other_addresses_alone(host: str) -> None:
    assert rules.shortened_link(f"https://{host}/x") is None


def test_tidy_takes_away_what_cannot_be_seen() -> None:
    assert rules.tidy("a\x00\u200b\u202eb \r\n\r\n\r\n\r\nc\x1b ") == "ab\n\nc"


def test_save_texts_is_in_force_for_the_next_message(office: Office, officer: User) -> None:
    before = told(office)
    [text] = save(office, officer)
    message = told(office)
    assert (text.version, message.subject, message.body) == (
        1,
        "Batal: ABCD-2345",
        "Yth. Siti Aminah,\n\npendaftaran ABCD-2345 dibatalkan.\n\nDinas Pekalongan\n",
    )
    assert before.subject == "Pendaftaran Anda dibatalkan: ABCD-2345"
    [entry] = AuditEntry.objects.filter(action="text.changed")
    assert entry.changes == {"kind": KIND, "language": "id", "version": 1, "standard": False}


def test_own_wording_costs_no_query_without_own_texts_and_one_after_a_change(
    office: Office, officer: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert texts.own_wording(office.agency, KIND, "id") is None
    save(office, officer)
    agency = Agency.objects.get(pk=office.agency.pk)
    with django_assert_num_queries(1):
        assert [texts.own_wording(agency, KIND, "id") for _again in range(3)] == [OWN] * 3
    assert texts.own_wording(agency, KIND, "en") is None


def test_save_texts_of_one_office_stays_there(office: Office, next_office: Office, officer: User) -> None:
    save(office, officer)
    assert told(next_office).subject == "Pendaftaran Anda dibatalkan: ABCD-2345"
    with pytest.raises(PermissionDenied):
        save(next_office, officer)


@pytest.mark.parametrize(("role", "region"), [(Role.VERIFIER, "33.75"), (Role.PROGRAM_OFFICER, "33.75.01.1002")])
def test_save_texts_is_for_the_whole_office(office: Office, role: Role, region: str) -> None:
    with pytest.raises(PermissionDenied):
        save(office, office.user("lain", role, region))


def test_save_texts_of_the_same_words_changes_nothing(office: Office, officer: User) -> None:
    assert save(office, officer, texts.outline(KIND, "id")) == []
    save(office, officer)
    assert save(office, officer, based_on=1) == []
    assert MessageText.objects.count() == 1


def test_save_texts_refuses_what_somebody_changed_meanwhile(office: Office, officer: User) -> None:
    save(office, officer)
    with pytest.raises(ValidationError) as refusal:
        save(office, officer, OWN._replace(subject="Lain: {nomor}"))
    assert refusal.value.code == "notifications_messagetext_version_once"
    assert [text.subject for text in MessageText.objects.in_force(office.agency)] == [OWN.subject]


@pytest.mark.django_db(transaction=True)
def test_save_texts_race_keeps_one_and_tells_the_other(office: Office, officer: User) -> None:
    start, outcomes = threading.Barrier(4), []

    def press(number: int) -> None:
        start.wait()
        try:
            save(office, officer, OWN._replace(subject=f"Nomor {number}: {{nomor}}"))
            outcomes.append("saved")
        except ValidationError as refusal:
            outcomes.append(str(refusal.code))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["notifications_messagetext_version_once"] * 3 + ["saved"]
    assert MessageText.objects.in_force(office.agency).count() == 1


def test_reset_text_and_restore_text_keep_every_version(office: Office, officer: User) -> None:
    [first] = save(office, officer)
    actions.reset_text(agency=office.agency, kind=KIND, language="id", based_on=1, by=officer)
    assert told(office).subject == "Pendaftaran Anda dibatalkan: ABCD-2345"
    assert actions.reset_text(agency=office.agency, kind=KIND, language="id", based_on=2, by=officer) is None
    actions.restore_text(text=first, by=officer)
    assert told(office).subject == "Batal: ABCD-2345"
    kept = MessageText.objects.versions(office.agency, KIND)
    assert [(text.version, text.is_standard, text.is_current) for text in kept] == [
        (3, False, True),
        (2, True, False),
        (1, False, False),
    ]


def test_save_texts_refuses_messages_to_staff(office: Office, officer: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        actions.save_texts(
            agency=office.agency, kind="account_password_reset", wordings={"id": OWN}, based_on={}, by=officer
        )
    assert refusal.value.code == "kind_fixed"


def test_send_sample_goes_to_the_officer_only(office: Office, officer: User) -> None:
    shared: dict[str, Any] = {"agency": office.agency, "kind": KIND, "language": "id", "wording": OWN, "by": officer}
    with pytest.raises(ValidationError) as refusal:
        actions.send_sample(**shared)
    assert refusal.value.code == "no_email"
    officer.email = "petugas@example.id"
    message = actions.send_sample(**shared)
    assert message is not None
    assert (message.recipient_address, message.subject) == ("petugas@example.id", "Contoh: Batal: ABCD-2345")
    assert message.body.startswith("Yth. Siti Aminah,")


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("notifications_messagetext_version_once", {"version": 1, "is_current": False}),
        ("notifications_messagetext_one_in_force", {"version": 2}),
        ("notifications_messagetext_language_known", {"language": "jv", "version": 1}),
        ("notifications_messagetext_named", {"kind": "", "version": 1}),
        ("notifications_messagetext_whole", {"version": 2, "is_current": False, "body": ""}),
    ],
)
def test_message_text_constraint(office: Office, officer: User, constraint: str, fields: dict[str, Any]) -> None:
    save(office, officer)
    row = {"agency": office.agency, "kind": KIND, "language": "id", "edited_by": officer, **OWN._asdict()}
    assert broken_by(lambda: MessageText.objects.create(**row | fields)) == constraint

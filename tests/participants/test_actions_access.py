import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AuditEntry
from notifications.models import Message
from participants import actions
from participants.models import AccessCode, Registration, initial_pin
from tests import cast, factories
from tests.participants.lines import events, fresh, refusal, small_batch

pytestmark = pytest.mark.django_db

UNKNOWN = "2345-6789"


@pytest.fixture
def key() -> uuid.UUID:
    return uuid.uuid4()


@pytest.fixture
def registration(key: uuid.UUID) -> Registration:
    return actions.register(
        batch=small_batch(),
        declaration=factories.declaration(email="siti@example.id"),
        submission_key=key,
        consents={"notice": True},
        notice_version="1",
        by=None,
    )


@pytest.fixture
def pin(key: uuid.UUID) -> str:
    return initial_pin(key)


def guess(registration: Registration, pin: str) -> str:
    try:
        actions.open_with_pin(code=registration.code, pin=pin)
    except ValidationError as refused:
        return str(refused.code)
    return "open"


def wrong(pin: str) -> str:
    return "111111" if pin != "111111" else "222222"


def sent_code(registration: Registration) -> str:
    message = Message.objects.filter(kind="recovery_code").latest("pk")
    found = re.search(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$", message.body, re.MULTILINE)
    assert found
    return found.group()


def test_open_with_pin_takes_the_number_as_it_is_typed(registration: Registration, pin: str) -> None:
    for typed in (
        registration.code,
        registration.shown_code.lower(),
        f" {registration.code[:4]} {registration.code[4:]}",
    ):
        assert actions.open_with_pin(code=typed, pin=pin) == registration


def test_open_with_pin_writes_nothing_when_it_is_right(registration: Registration, pin: str) -> None:
    before = AuditEntry.objects.count()
    assert guess(registration, pin) == "open"
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "typed", ["", " ", "12345", "1234567", "abcdef", "\x00", "１２３４５６", "😀" * 6, "9" * 10_000]
)
def test_open_with_pin_refuses_whatever_is_not_it(registration: Registration, typed: str) -> None:
    assert guess(registration, typed) == "pin_wrong"
    assert fresh(registration).pin_failures == 1


def test_open_with_pin_answers_the_same_for_an_unknown_number(registration: Registration, pin: str) -> None:
    answers = []
    for code in (registration.code, UNKNOWN, "", "\x00", "x" * 10_000):
        with pytest.raises(ValidationError) as refused:
            actions.open_with_pin(code=code, pin=wrong(pin))
        answers.append((refused.value.code, refused.value.messages))
    assert len({str(answer) for answer in answers}) == 1


def test_open_with_pin_of_another_entry_is_wrong(registration: Registration) -> None:
    other_key = uuid.uuid4()
    actions.register(
        batch=small_batch(),
        declaration=factories.declaration(),
        submission_key=other_key,
        consents={},
        notice_version="1",
        by=None,
    )
    assert guess(registration, initial_pin(other_key)) == "pin_wrong"


def test_pin_is_locked_after_five_wrong_ones_even_for_the_right_one(registration: Registration, pin: str) -> None:
    assert [guess(registration, wrong(pin)) for _ in range(7)] == ["pin_wrong"] * 5 + ["pin_locked"] * 2
    assert guess(registration, pin) == "pin_locked"
    assert fresh(registration).pin_failures == 5
    assert AuditEntry.objects.filter(action="registration.pin_locked").count() == 1


def test_pin_lock_grows_and_ends(registration: Registration, pin: str) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for minutes in (15, 30, 60, 120):
            for _ in range(5):
                assert guess(registration, wrong(pin)) == "pin_wrong"
            clock.shift(timedelta(minutes=minutes) - timedelta(seconds=1))
            assert guess(registration, pin) == "pin_locked"
            clock.shift(timedelta(seconds=1))
        assert guess(registration, pin) == "open"
        assert (fresh(registration).pin_failures, fresh(registration).pin_locked_until) == (0, None)


def test_pin_failures_are_forgotten_after_the_right_one(registration: Registration, pin: str) -> None:
    for _ in range(3):
        assert [guess(registration, wrong(pin)) for _ in range(4)] == ["pin_wrong"] * 4
        assert guess(registration, pin) == "open"


def test_recovery_code_goes_to_the_contact_and_is_kept_as_a_hash(registration: Registration) -> None:
    actions.send_recovery_code(code=registration.shown_code)
    message = Message.objects.get(kind="recovery_code")
    assert (message.recipient_address, message.secret) == ("siti@example.id", True)
    assert sent_code(registration).replace("-", "") not in str(list(AccessCode.objects.values()))


def test_recovery_code_of_an_unknown_number_says_and_sends_nothing(registration: Registration) -> None:
    before = Message.objects.count()
    for code in (UNKNOWN, "", "\x00", "x" * 10_000):
        actions.send_recovery_code(code=code)
    assert Message.objects.count() == before


def test_recovery_code_is_sent_once_in_two_minutes(registration: Registration) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(3):
            actions.send_recovery_code(code=registration.code)
        assert Message.objects.filter(kind="recovery_code").count() == 1
        clock.shift(timedelta(minutes=2))
        actions.send_recovery_code(code=registration.code)
        assert Message.objects.filter(kind="recovery_code").count() == 2


def test_recovery_code_is_sent_five_times_a_day(registration: Registration) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(8):
            actions.send_recovery_code(code=registration.code)
            clock.shift(timedelta(minutes=10))
        assert Message.objects.filter(kind="recovery_code").count() == 5
        clock.shift(timedelta(days=1))
        actions.send_recovery_code(code=registration.code)
        assert Message.objects.filter(kind="recovery_code").count() == 6


def test_renew_pin_gives_a_new_one_and_ends_the_old_one(registration: Registration, pin: str) -> None:
    actions.send_recovery_code(code=registration.code)
    renewed, new = actions.renew_pin(code=registration.shown_code, one_time_code=sent_code(registration).lower())
    assert (renewed, re.fullmatch(r"[0-9]{6}", new) is None) == (registration, False)
    assert guess(registration, new) == "open"
    if new != pin:
        assert guess(registration, pin) == "pin_wrong"
    assert events(registration)[-1] == "pin_changed"
    assert new not in str(list(Registration.objects.values()) + list(AuditEntry.objects.values()))


def test_renew_pin_opens_a_locked_entry(registration: Registration, pin: str) -> None:
    for _ in range(5):
        guess(registration, wrong(pin))
    actions.send_recovery_code(code=registration.code)
    _renewed, new = actions.renew_pin(code=registration.code, one_time_code=sent_code(registration))
    assert guess(registration, new) == "open"


def test_one_time_code_works_once(registration: Registration) -> None:
    actions.send_recovery_code(code=registration.code)
    code = sent_code(registration)
    actions.renew_pin(code=registration.code, one_time_code=code)
    refusal("code_wrong", actions.renew_pin, code=registration.code, one_time_code=code)


def test_one_time_code_ends_after_fifteen_minutes(registration: Registration) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        actions.send_recovery_code(code=registration.code)
        code = sent_code(registration)
        clock.shift(timedelta(minutes=15))
        refusal("code_wrong", actions.renew_pin, code=registration.code, one_time_code=code)


def test_one_time_code_ends_after_five_wrong_ones(registration: Registration) -> None:
    actions.send_recovery_code(code=registration.code)
    code = sent_code(registration)
    for _ in range(5):
        with pytest.raises(ValidationError):
            actions.renew_pin(code=registration.code, one_time_code="2222-2222")
    assert AccessCode.objects.get().failures == 5
    refusal("code_wrong", actions.renew_pin, code=registration.code, one_time_code=code)


def test_printed_code_outlives_wrong_codes_of_messages(registration: Registration) -> None:
    actions.send_recovery_code(code=registration.code)
    printed = actions.issue_claim_code(registration=registration, by=cast.village_officer_here())
    for typed in ["2222-2222"] * 5 + ["22222-22222"] * 5:
        with pytest.raises(ValidationError):
            actions.renew_pin(code=registration.code, one_time_code=typed)
    assert dict(AccessCode.objects.values_list("kind", "failures")) == {"recovery": 5, "claim": 5}
    _renewed, new = actions.renew_pin(code=registration.code, one_time_code=printed)
    assert guess(registration, new) == "open"


def test_printed_code_ends_after_fifty_wrong_ones(registration: Registration) -> None:
    printed = actions.issue_claim_code(registration=registration, by=cast.village_officer_here())
    AccessCode.objects.update(failures=49)
    with pytest.raises(ValidationError):
        actions.renew_pin(code=registration.code, one_time_code="22222-22222")
    refusal("code_wrong", actions.renew_pin, code=registration.code, one_time_code=printed)


def test_one_time_code_of_another_entry_is_wrong(registration: Registration) -> None:
    other = factories.registration(small_batch())
    actions.send_recovery_code(code=registration.code)
    refusal_of_other = [registration.code, other.code, UNKNOWN]
    code = sent_code(registration)
    answers = set()
    for number in refusal_of_other[1:]:
        with pytest.raises(ValidationError) as refused:
            actions.renew_pin(code=number, one_time_code=code)
        answers.add((refused.value.code, str(refused.value.messages)))
    assert len(answers) == 1


def test_claim_code_is_printed_and_opens_the_entry(registration: Registration) -> None:
    officer = cast.village_officer_here()
    code = actions.issue_claim_code(registration=registration, by=officer)
    assert re.fullmatch(r"[2-9A-Z]{5}-[2-9A-Z]{5}", code)
    issued = AccessCode.objects.get()
    assert (issued.kind, issued.issued_by) == ("claim", officer)
    assert code.replace("-", "") not in str(list(AccessCode.objects.values()))
    _renewed, new = actions.renew_pin(code=registration.code, one_time_code=code)
    assert guess(registration, new) == "open"


def test_claim_code_ends_the_one_before(registration: Registration) -> None:
    officer = cast.village_officer_here()
    first = actions.issue_claim_code(registration=registration, by=officer)
    second = actions.issue_claim_code(registration=registration, by=officer)
    refusal("code_wrong", actions.renew_pin, code=registration.code, one_time_code=first)
    actions.renew_pin(code=registration.code, one_time_code=second)


def test_claim_code_ends_after_two_weeks(registration: Registration) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = actions.issue_claim_code(registration=registration, by=cast.village_officer_here())
        clock.shift(timedelta(days=14))
        refusal("code_wrong", actions.renew_pin, code=registration.code, one_time_code=code)


def test_reveal_nik_writes_who_looked_and_why(registration: Registration) -> None:
    officer = cast.verifier()
    assert actions.reveal_nik(registration=registration, purpose="Cek KTP", by=officer) == registration.nik
    entry = AuditEntry.objects.get(action="registration.nik_revealed")
    assert (entry.actor, entry.purpose, entry.subject_id) == (officer, "Cek KTP", str(registration.person_id))
    assert registration.nik not in str(entry.__dict__)


@pytest.mark.parametrize("purpose", ["", "   "])
def test_reveal_nik_needs_a_purpose(registration: Registration, purpose: str) -> None:
    refusal("purpose_needed", actions.reveal_nik, registration=registration, purpose=purpose, by=cast.verifier())
    assert not AuditEntry.objects.filter(action="registration.nik_revealed").exists()

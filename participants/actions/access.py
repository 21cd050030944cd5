"""The way back to one's entry: number and PIN, a one-time code by message, a code printed by the office."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.crypto import keyed_hash
from participants import notices, rules
from participants.actions.entries import audit, locked, log
from participants.models import AccessCode, Registration, RegistrationEvent, hash_pin

RECOVERY_MINUTES = 15
RECOVERY_PAUSE = timedelta(minutes=2)
RECOVERIES_A_DAY = 5
CLAIM_DAYS = 14
CLAIM_LENGTH = 10
# One sentence for a wrong PIN, an unknown number and a locked entry: another one would tell that the number exists.
WRONG = _(
    "The registration number or the PIN is wrong. After several wrong attempts a number rests for a while: wait, or ask"
    " for a new PIN."
)
WRONG_CODE = _("The registration number or the code is wrong, or the code has expired.")


def open_with_pin(*, code: str, pin: str, by: None = None) -> Registration:
    """The registration of this number and PIN. A wrong PIN counts on the entry itself, whoever tries.

    An unknown number and a locked entry get the same answer as a wrong PIN. The row is locked while the PIN is
    looked at, so that guesses sent at once are counted one by one.
    """
    cleaned = rules.clean_code(code)
    attempted = hash_pin(cleaned, pin)
    with transaction.atomic():
        found = Registration.objects.filter(code=cleaned).first()
        if found is None:
            raise ValidationError(WRONG, code="pin_wrong")
        registration = locked(found)
        refusal = _check_pin(registration, attempted, timezone.now())
    if refusal is not None:
        raise refusal
    return registration


def _check_pin(registration: Registration, attempted: str, now: datetime) -> ValidationError | None:
    """The refusal is given back, not raised: what was counted must be committed."""
    if registration.is_pin_locked(now):
        return ValidationError(WRONG, code="pin_locked")
    if constant_time_compare(registration.pin_hash, attempted):
        if registration.pin_failures:
            registration.pin_failures, registration.pin_locked_until = 0, None
            registration.save(update_fields=["pin_failures", "pin_locked_until"])
        return None
    registration.pin_failures += 1
    pause = rules.pin_lock(registration.pin_failures)
    if pause is not None:
        registration.pin_locked_until = now + pause
        audit(registration=registration, action="pin_locked", by=None, changes={"failures": registration.pin_failures})
    registration.save(update_fields=["pin_failures", "pin_locked_until"])
    return ValidationError(WRONG, code="pin_wrong")


@transaction.atomic
def send_recovery_code(*, code: str, by: None = None) -> None:
    """Sends a one-time code to the contact of this number.

    Silent when there is none, when the last one went two minutes ago or less, and after five in a day.
    """
    found = Registration.objects.filter(code=rules.clean_code(code)).first()
    if found is None:
        return
    registration = locked(found)
    now = timezone.now()
    of_today = registration.access_codes.filter(kind=AccessCode.Kind.RECOVERY, created_at__gt=now - timedelta(days=1))
    sent = list(of_today.values_list("created_at", flat=True))
    if len(sent) >= RECOVERIES_A_DAY or any(moment > now - RECOVERY_PAUSE for moment in sent):
        return
    one_time = rules.new_code()
    access = _issue(
        registration, AccessCode.Kind.RECOVERY, one_time, now + timedelta(minutes=RECOVERY_MINUTES), now, None
    )
    audit(registration=registration, action="recovery_sent", by=None)
    notices.tell_recovery_code(access, f"{one_time[:4]}-{one_time[4:]}")


@transaction.atomic
def issue_claim_code(*, registration: Registration, by: User) -> str:
    """A code on paper for somebody without a phone; earlier printed codes end. Shown once, never stored in clear."""
    fresh = locked(registration)
    now = timezone.now()
    fresh.access_codes.filter(kind=AccessCode.Kind.CLAIM, used_at__isnull=True).update(used_at=now)
    code = rules.new_code(CLAIM_LENGTH)
    _issue(fresh, AccessCode.Kind.CLAIM, code, now + timedelta(days=CLAIM_DAYS), now, by)
    audit(registration=fresh, action="claim_code_issued", by=by)
    return f"{code[:5]}-{code[5:]}"


def renew_pin(*, code: str, one_time_code: str, by: None = None) -> tuple[Registration, str]:
    """Takes a one-time code once and gives a new PIN, shown once.

    Wrong codes count: after five a code by message ends. A printed one counts only what is as long as itself, and lasts
    for fifty, so that nobody who knows a number makes a slip worthless.
    """
    now = timezone.now()
    found = Registration.objects.filter(code=rules.clean_code(code)).first()
    if found is None:
        raise ValidationError(WRONG_CODE, code="code_wrong")
    with transaction.atomic():
        registration = locked(found)
        usable = registration.access_codes.usable(now).select_for_update(no_key=True)
        typed = rules.clean_code(one_time_code)
        attempted = hash_one_time(registration, typed)
        match = next((row for row in usable if constant_time_compare(row.code_hash, attempted)), None)
        if match is not None:
            return registration, _set_new_pin(registration, match, now)
        for row in usable:
            if row.kind != AccessCode.Kind.CLAIM or len(typed) == CLAIM_LENGTH:
                row.failures += 1
                row.save(update_fields=["failures"])
    raise ValidationError(WRONG_CODE, code="code_wrong")


@transaction.atomic
def reveal_nik(*, registration: Registration, purpose: str, by: User) -> str:
    """The full identity number; who looked, and what for, is written down."""
    if not purpose.strip():
        raise ValidationError(_("Please write why you need to see the number."), code="purpose_needed")
    audit(registration=registration, action="nik_revealed", by=by, purpose=purpose)
    return str(registration.nik)


def _set_new_pin(registration: Registration, access: AccessCode, now: datetime) -> str:
    pin = rules.new_pin()
    access.used_at = now
    access.save(update_fields=["used_at"])
    registration.pin_hash = hash_pin(registration.code, pin)
    registration.pin_changed_at = now
    registration.pin_failures, registration.pin_locked_until = 0, None
    registration.save(update_fields=["pin_hash", "pin_changed_at", "pin_failures", "pin_locked_until"])
    log(registration=registration, kind=RegistrationEvent.Kind.PIN_CHANGED, by=None)
    audit(registration=registration, action="pin_changed", by=None, changes={"kind": access.kind})
    return pin


def _issue(
    registration: Registration, kind: str, code: str, expires_at: datetime, now: datetime, by: User | None
) -> AccessCode:
    return AccessCode.objects.create(
        registration=registration,
        kind=kind,
        code_hash=hash_one_time(registration, code),
        created_at=now,
        expires_at=expires_at,
        issued_by=by,
    )


def hash_one_time(registration: Registration, code: str) -> str:
    return keyed_hash("access code", f"{registration.code}:{code}")

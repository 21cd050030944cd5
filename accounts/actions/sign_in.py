"""Coming and going, and how often a wrong password may be tried. Counted in the database: no cache opens the door."""

import datetime as dt
import math
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.actions.trail import record
from accounts.models import SignInThrottle, ThrottleKind, User
from accounts.permissions import can_manage_users
from accounts.rules import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_LOGIN,
    LOCKOUTS_FORGOTTEN,
    Attempts,
    counted,
    masked_login,
)
from kit.crypto import keyed_hash


@dataclass(frozen=True)
class Attempt:
    """One try that was counted; `settle_attempt` takes it back when the password was right."""

    kind: str
    login_key: str
    address_key: str
    closed_login: bool
    closed_address: bool


def login_key(login: str) -> str:
    return keyed_hash("accounts.sign_in.login", login.strip().lower())


def address_key(address: str) -> str:
    return keyed_hash("accounts.sign_in.address", address)


@transaction.atomic
def take_attempt(*, login: str, address: str, kind: str = ThrottleKind.LOGIN) -> Attempt:
    """Counts before the password is looked at, so that parallel guesses share one count.

    `ValidationError` with code `address_locked` or `login_locked` while a door is shut; it says nothing about
    whether the account exists.
    """
    now = timezone.now()
    by_address = _locked_row(ThrottleKind.ADDRESS, address_key(address), label=address)
    _refuse_while_locked(by_address, now, code="address_locked")
    by_login = _locked_row(kind, login_key(login), label=masked_login(login))
    _refuse_while_locked(by_login, now, code="login_locked")
    return Attempt(
        kind=kind,
        login_key=by_login.key,
        address_key=by_address.key,
        closed_login=_count(by_login, now, FAILURES_PER_LOGIN),
        closed_address=_count(by_address, now, FAILURES_PER_ADDRESS),
    )


def _locked_row(kind: str, key: str, *, label: str) -> SignInThrottle:
    """The row, made when there is none, and ours until the transaction ends either way."""
    SignInThrottle.objects.bulk_create(
        [SignInThrottle(kind=kind, key=key, label=label)],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["label"],
    )
    return SignInThrottle.objects.get(kind=kind, key=key)


def _refuse_while_locked(row: SignInThrottle, now: dt.datetime, *, code: str) -> None:
    if row.locked_until is None or row.locked_until <= now:
        return
    minutes = math.ceil((row.locked_until - now).total_seconds() / 60)
    sentence = ngettext(
        "Too many failed attempts. Please try again in %(minutes)d minute.",
        "Too many failed attempts. Please try again in %(minutes)d minutes.",
        minutes,
    )
    raise ValidationError(sentence, code=code, params={"minutes": minutes})


def _count(row: SignInThrottle, now: dt.datetime, limit: int) -> bool:
    """Whether this attempt closed the door behind itself."""
    after = counted(Attempts(row.failures, row.lockouts, row.last_attempt_at, row.locked_until), now, limit)
    row.failures, row.lockouts = after.failures, after.lockouts
    row.last_attempt_at, row.locked_until = now, after.locked_until
    row.save(update_fields=["failures", "lockouts", "last_attempt_at", "locked_until"])
    return after.is_locked(now)


@transaction.atomic
def settle_attempt(*, attempt: Attempt) -> None:
    """The password was right: the name starts anew, the address gets its one attempt back."""
    address = SignInThrottle.objects.filter(kind=ThrottleKind.ADDRESS, key=attempt.address_key)
    if attempt.closed_address:
        address.update(locked_until=None, lockouts=Greatest(F("lockouts") - 1, 0), failures=FAILURES_PER_ADDRESS - 1)
    else:
        address.update(failures=Greatest(F("failures") - 1, 0))
    SignInThrottle.objects.filter(kind=attempt.kind, key=attempt.login_key).delete()


def forget_attempts_of(user: User, *kinds: ThrottleKind) -> int:
    """A forgotten password opens the first door only: guesses at the second step stay counted."""
    keys = [login_key(name) for name in (user.username, user.email) if name]
    counts = SignInThrottle.objects.filter(kind__in=kinds or [ThrottleKind.LOGIN], key__in=keys)
    return counts.delete()[0]


@transaction.atomic
def lift_lockout(*, by: User, user: User) -> bool:
    """Whether there was anything to lift."""
    if not can_manage_users(by):
        raise PermissionDenied
    lifted = forget_attempts_of(user, ThrottleKind.LOGIN, ThrottleKind.FACTOR) > 0
    if lifted:
        record(action="sign_in.lockout_lifted", by=by, target=user, agency=user.agency)
    return lifted


@transaction.atomic
def lift_address_lockout(*, by: User, throttle: SignInThrottle) -> None:
    if not can_manage_users(by):
        raise PermissionDenied
    record(action="sign_in.lockout_lifted", by=by, changes={"kind": throttle.kind, "label": throttle.label})
    throttle.delete()


@transaction.atomic
def forget_old_attempts() -> int:
    """Names and addresses that were quiet for a day; run by the clock."""
    old = SignInThrottle.objects.filter(last_attempt_at__lt=timezone.now() - LOCKOUTS_FORGOTTEN)
    return old.exclude(locked_until__gt=timezone.now()).delete()[0]


@transaction.atomic
def note_failed_sign_in(*, login: str, attempt: Attempt | None = None) -> None:
    """The trail learns the name only when it is an account; otherwise it may be a password in the wrong field."""
    typed = login.strip().lower()
    user = User.objects.select_related("agency").of_login(typed).first()
    record(
        action="sign_in.locked" if attempt and attempt.closed_login else "sign_in.failed",
        by=None,
        actor_label=user.username if user else masked_login(typed),
        target=user,
        agency=user.agency if user else None,
    )


@transaction.atomic
def note_failed_second_factor(*, user: User, attempt: Attempt) -> None:
    """Somebody who knows the password, or the person with a wrong code."""
    record(
        action="sign_in.second_step_locked" if attempt.closed_login else "sign_in.second_step_failed",
        by=None,
        actor_label=user.username,
        target=user,
        agency=user.agency,
    )


@transaction.atomic
def note_sign_in(*, user: User) -> None:
    record(action="sign_in.succeeded", by=user, target=user, agency=user.agency)


@transaction.atomic
def note_sign_out(*, user: User, reason: str = "") -> None:
    record(action="sign_in.ended", by=user, target=user, agency=user.agency, purpose=reason)

"""The second step of signing in: app, passkey, codes on paper. Secrets are encrypted, codes are kept as hashes."""

import secrets
import uuid
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.actions.devices import end_all_devices
from accounts.actions.sign_in import forget_attempts_of
from accounts.actions.trail import record
from accounts.models import ThrottleKind, User
from accounts.permissions import can_change_person, needs_second_step
from accounts.rules import CODE_DIGITS, step_of_code
from kit.crypto import keyed_hash
from kit.digits import without_separators

APP, CODES, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES, Authenticator.Type.WEBAUTHN
RECOVERY_DIGITS = 8
# A handful beside an app or a passkey; enough for two months where the sheet is all that somebody has.
SPARE_CODES, SHEET_CODES = 10, 60


def code_hash(user: User, code: str) -> str:
    return keyed_hash("accounts.second_factor.code", f"{user.pk}:{code}")


@transaction.atomic
def use_code(*, user: User, code: str) -> Authenticator | None:
    """The app or the sheet that this code belongs to; a code counts once, whoever is quicker."""
    digits = without_separators(code)
    if not (digits.isascii() and digits.isdigit()):
        return None
    held = Authenticator.objects.select_for_update().filter(user=user)
    if len(digits) == CODE_DIGITS and (app := held.filter(type=APP).first()):
        after = app.data.get("last_step", 0)
        step = step_of_code(decrypt(app.data["secret"]), digits, timezone.now().timestamp(), after=after)
        if step is not None:
            return _rewritten(app, last_step=step)
    if len(digits) == RECOVERY_DIGITS and (sheet := held.filter(type=CODES).first()):
        hashed = code_hash(user, digits)
        if hashed in sheet.data["hashes"]:
            left = [other for other in sheet.data["hashes"] if other != hashed]
            record(action="second_factor.code_used", by=user, target=user, changes={"left": len(left)})
            return _rewritten(sheet, hashes=left)
    return None


@transaction.atomic
def set_app(*, by: User, secret: str, keep: uuid.UUID | None = None) -> list[str]:
    """The app that shows the codes from now on, in place of an earlier one. Answers new spare codes, if there are any.

    Everywhere else one is signed out: whoever came in without the second step is out.
    """
    _lock(by)
    Authenticator.objects.filter(user=by, type=APP).delete()
    Authenticator.objects.create(user=by, type=APP, data={"secret": encrypt(secret)})
    return _after_adding(by, "app", keep)


@transaction.atomic
def add_passkey(*, by: User, name: str, credential: dict[str, Any], keep: uuid.UUID | None = None) -> list[str]:
    _lock(by)
    data = {"name": name[:60], "credential": credential}
    Authenticator.objects.create(user=by, type=PASSKEY, data=data)
    return _after_adding(by, "passkey", keep)


@transaction.atomic
def remove_factor(*, by: User, authenticator: Authenticator) -> None:
    """The last one stays where the second step is required; with the last one the spare codes go too."""
    _lock(by)
    others = Authenticator.objects.filter(user=by).exclude(pk=authenticator.pk).exclude(type=CODES)
    if not others.exists() and needs_second_step(by):
        raise ValidationError(
            _("Your work needs a second step. Add another one first; then this one can go."), code="last_factor"
        )
    authenticator.delete()
    if not others.exists():
        Authenticator.objects.filter(user=by).delete()
    record(action="second_factor.removed", by=by, target=by, changes={"kind": authenticator.type})
    notices.second_factor_changed(user=by, what="removed")


@transaction.atomic
def renew_codes(*, by: User) -> list[str]:
    """New spare codes, shown once; the old ones end. Whoever has nothing else gets a whole sheet."""
    _lock(by)
    held = Authenticator.objects.filter(user=by)
    if not held.exists():
        raise ValidationError(_("First set up an app or a passkey."), code="no_factor")
    codes = _write_codes(by, SPARE_CODES if held.exclude(type=CODES).exists() else SHEET_CODES)
    record(action="second_factor.codes_renewed", by=by, target=by, changes={"count": len(codes)})
    notices.second_factor_changed(user=by, what="codes")
    return codes


@transaction.atomic
def issue_code_sheet(*, by: User, user: User, reason: str) -> list[str]:
    """For somebody without a phone: codes on paper, handed over in person. Old codes end."""
    _check_other(by, user)
    _lock(user)
    codes = _write_codes(user, SHEET_CODES)
    record(action="second_factor.sheet_issued", by=by, target=user, agency=user.agency, purpose=reason)
    notices.second_factor_changed(user=user, what="sheet")
    return codes


@transaction.atomic
def reset_second_factor(*, by: User, user: User, reason: str) -> None:
    """After a lost phone: everything of the second step goes, everywhere signed out, asked anew at the next sign-in."""
    _check_other(by, user)
    _lock(user)
    removed = Authenticator.objects.filter(user=user).delete()[0]
    User.objects.filter(pk=user.pk).update(second_factor_asked_at=None)
    forget_attempts_of(user, ThrottleKind.FACTOR)
    record(
        action="second_factor.reset",
        by=by,
        target=user,
        agency=user.agency,
        purpose=reason,
        changes={"count": removed},
    )
    end_all_devices(by=by, user=user)
    notices.second_factor_changed(user=user, what="reset")


@transaction.atomic
def note_second_factor_asked(*, by: User) -> None:
    """From the first time on the days of grace are counted."""
    User.objects.filter(pk=by.pk, second_factor_asked_at__isnull=True).update(second_factor_asked_at=timezone.now())


def _after_adding(user: User, kind: str, keep: uuid.UUID | None) -> list[str]:
    codes = [] if Authenticator.objects.filter(user=user, type=CODES).exists() else _write_codes(user, SPARE_CODES)
    record(action="second_factor.added", by=user, target=user, changes={"kind": kind})
    end_all_devices(by=user, user=user, keep=keep)
    notices.second_factor_changed(user=user, what="added")
    return codes


def _write_codes(user: User, count: int) -> list[str]:
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(str(secrets.randbelow(10**RECOVERY_DIGITS)).zfill(RECOVERY_DIGITS))
    data = {"hashes": sorted(code_hash(user, code) for code in codes), "total": count}
    Authenticator.objects.filter(user=user, type=CODES).delete()
    Authenticator.objects.create(user=user, type=CODES, data=data)
    return sorted(codes)


def _rewritten(authenticator: Authenticator, **data: Any) -> Authenticator:
    authenticator.data |= data
    authenticator.save(update_fields=["data"])
    return authenticator


def _lock(user: User) -> None:
    """Two windows of one person wait for each other."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _check_other(by: User, user: User) -> None:
    if not can_change_person(by, user):
        raise PermissionDenied
    if by.pk == user.pk:
        raise ValidationError(_("Another administrator does this for you."), code="own_account")

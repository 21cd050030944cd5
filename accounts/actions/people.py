"""Accounts of people: made, changed, closed, given a new password."""

import secrets
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.actions.assignments import keep_an_administrator
from accounts.actions.devices import forget_devices
from accounts.actions.sign_in import forget_attempts_of
from accounts.actions.trail import record
from accounts.models import Agency, RoleAssignment, User
from accounts.permissions import can_change_person, can_manage_users, holds
from accounts.roles import Permission

# Without characters that look alike on a sheet of paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CHANGEABLE = frozenset({"full_name", "email", "phone", "language", "agency"})
OWN = frozenset({"full_name", "phone", "language"})


def temporary_password() -> str:
    """Sixteen characters in groups of four: 79 bits, easy to read out."""
    return "-".join("".join(secrets.choice(ALPHABET) for _place in range(4)) for _group in range(4))


@transaction.atomic
def create_user(
    *,
    by: User | None,
    username: str,
    full_name: str,
    agency: Agency | None = None,
    with_password: bool = True,
    **fields: Any,
) -> tuple[User, str]:
    """The new user and the temporary password, which is shown once and must be changed at the first sign-in.

    Whoever is invited gets none: nobody signs in before the invitation is accepted.
    """
    _check_manages(by, agency)
    password = temporary_password() if with_password else ""
    user = User(
        username=username.strip().lower(),
        full_name=full_name,
        agency=agency,
        must_change_password=with_password,
        **_allowed(fields, CHANGEABLE),
    )
    user.email = user.email.strip().lower()
    user.set_password(password or None)
    user.full_clean()
    user.save()
    changes = {"username": user.username}
    actor_label = "" if by else "system"
    record(action="user.created", by=by, actor_label=actor_label, target=user, agency=agency, changes=changes)
    return user, password


@transaction.atomic
def change_user(*, by: User, user: User, **fields: Any) -> User:
    _check_manages_person(by, user)
    if fields.get("agency") is not None:
        _check_manages(by, fields["agency"])
    former = User.objects.values_list("email", flat=True).get(pk=user.pk)
    changed = _change(user, _allowed(fields, CHANGEABLE), action="user.changed", by=by)
    if changed.email != former:
        notices.email_changed(user=changed, former=former)
    return changed


@transaction.atomic
def change_own_profile(*, by: User, **fields: Any) -> User:
    return _change(by, _allowed(fields, OWN), action="profile.changed", by=by)


@transaction.atomic
def save_agency(*, by: User, agency: Agency, changed: list[str]) -> Agency:
    """A new agency is made by an operator; its data and letterhead are kept by its administrator."""
    is_new = agency._state.adding
    if is_new and not by.is_superuser:
        raise PermissionDenied
    _check_manages(by, None if is_new else agency)
    agency.full_clean()
    agency.save()
    record(action="agency.saved", by=by, target=agency, changes={"fields": sorted(changed)})
    return agency


@transaction.atomic
def deactivate_user(*, by: User, user: User) -> User:
    """Ends every session at once: a session of a closed account is not accepted any more."""
    _check_manages_person(by, user)
    if user.pk == by.pk:
        raise ValidationError(_("You cannot close your own account."), code="own_account")
    administered = RoleAssignment.objects.current().of_administrators().filter(user=user).order_by("agency_id")
    for assignment in administered.select_related("agency"):
        keep_an_administrator(agency=assignment.agency, without=user)
    _set(user, is_active=False)
    forget_devices(user)
    record(action="user.deactivated", by=by, target=user)
    return user


@transaction.atomic
def reactivate_user(*, by: User, user: User) -> User:
    _check_manages_person(by, user)
    if user.pk == by.pk:
        raise ValidationError(_("You cannot open your own account again."), code="own_account")
    _set(user, is_active=True)
    record(action="user.reactivated", by=by, target=user)
    return user


@transaction.atomic
def set_temporary_password(*, by: User, user: User) -> str:
    """A password to hand over in person. Old sessions end, lock-outs are lifted, the first thing is to change it."""
    _check_manages_person(by, user)
    if user.pk == by.pk:
        raise ValidationError(_("Change your own password on the page of your account."), code="own_account")
    password = temporary_password()
    user.set_password(password)
    _set(user, password=user.password, must_change_password=True)
    forget_attempts_of(user)
    forget_devices(user)
    record(action="password.temporary_set", by=by, target=user)
    return password


@transaction.atomic
def change_password(*, user: User, password: str, forgotten: bool, keep: uuid.UUID | None = None) -> User:
    """By the person: on the own page, or with the link of the e-mail (`forgotten`), which also lifts lock-outs.

    Every session ends but that of the device to `keep`.
    """
    user.set_password(password)
    _set(user, password=user.password, must_change_password=False)
    forget_devices(user, keep=keep)
    if forgotten:
        forget_attempts_of(user)
    record(action="password.reset" if forgotten else "password.changed", by=user, target=user)
    return user


def _check_manages(by: User | None, agency: Agency | None) -> None:
    if by is None or by.is_superuser:
        return
    if not (can_manage_users(by) if agency is None else holds(by, Permission.MANAGE_USERS, agency.pk)):
        raise PermissionDenied


def _check_manages_person(by: User, user: User) -> None:
    if not can_change_person(by, user):
        raise PermissionDenied


def _allowed(fields: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    if unknown := set(fields) - names:
        raise TypeError(f"Not to be set here: {', '.join(sorted(unknown))}.")
    return fields


def _change(user: User, fields: dict[str, Any], *, action: str, by: User) -> User:
    if "email" in fields:
        fields["email"] = fields["email"].strip().lower()
    before = User.objects.get(pk=user.pk)
    changes = {
        name: [_shown(getattr(before, name)), _shown(value)]
        for name, value in fields.items()
        if getattr(before, name) != value
    }
    for name, value in fields.items():
        setattr(user, name, value)
    if changes:
        user.full_clean()
        user.save(update_fields=list(changes))
        record(action=action, by=by, target=user, changes=changes)
    return user


def _shown(value: Any) -> str:
    return str(value if value is not None else "")


def _set(user: User, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(user, name, value)
    user.save(update_fields=list(fields))

"""Inviting people: the account and its role at once, the password by themselves, with a link or a code on paper."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.actions.assignments import grant_role
from accounts.actions.people import ALPHABET, create_user, deactivate_user, reactivate_user
from accounts.actions.sign_in import forget_attempts_of
from accounts.actions.trail import record
from accounts.models import Agency, Invitation, RoleAssignment, User, Way
from accounts.models.invitations import code_hash, token_hash
from accounts.permissions import can_change_person, holds
from accounts.roles import Permission, Role
from kit.refusals import spoken_refusals
from regions.models import Region

LINK_LASTS = dt.timedelta(days=7)
CODE_LASTS = dt.timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody to invite: by link where there is an e-mail address, else by letter."""

    username: str
    full_name: str
    role: Role
    region: Region | None = None
    email: str = ""


@transaction.atomic
def invite(*, by: User, agency: Agency, guests: Sequence[Guest]) -> list[Invitation]:
    """All of them or, when one is refused, nobody. Letters get their codes when they are printed."""
    _check_manages(by, agency)
    invitations = []
    for guest in guests:
        with spoken_refusals(User, RoleAssignment, savepoint=False):
            user, _none = create_user(
                by=by,
                username=guest.username,
                full_name=guest.full_name,
                agency=agency,
                email=guest.email,
                with_password=False,
            )
            grant_role(by=by, user=user, role=guest.role, agency=agency, region=guest.region)
        invitations.append(_invite(by, user, agency))
    return invitations


@transaction.atomic
def renew_invitation(*, by: User, user: User) -> Invitation:
    """For whom it expired, got lost or was taken back; the earlier one ends."""
    _check_manages_person(by, user)
    _lock(user)
    if user.has_usable_password():
        raise ValidationError(_("This person has a password already."), code="has_password")
    if user.agency is None:
        raise ValidationError(_("First say which office this person works for."), code="no_agency")
    _end_open(user)
    if not user.is_active:
        reactivate_user(by=by, user=user)
    return _invite(by, user, user.agency)


@transaction.atomic
def print_letters(*, by: User, invitations: Sequence[Invitation]) -> list[tuple[Invitation, str]]:
    """Each with a fresh code, which is known from now on to this sheet of paper alone."""
    letters = []
    wanted = Invitation.objects.open().filter(pk__in=[invitation.pk for invitation in invitations], way=Way.LETTER)
    for invitation in wanted.select_for_update(of=("self",), no_key=True).select_related("user", "agency"):
        _check_manages_person(by, invitation.user)
        letters.append((invitation, _new_code(invitation)))
        record(action="invitation.printed", by=by, target=invitation.user, agency=invitation.agency)
    return letters


@transaction.atomic
def end_invitation(*, by: User, invitation: Invitation) -> None:
    """Nobody comes in with it any more, and the account that was never used is closed."""
    _check_manages_person(by, invitation.user)
    _lock(invitation.user)
    if _end_open(invitation.user) == 0:
        raise ValidationError(_("This invitation is no longer open."), code="invitation_closed")
    record(action="invitation.ended", by=by, target=invitation.user, agency=invitation.agency)
    if invitation.user.is_active:
        deactivate_user(by=by, user=invitation.user)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, password: str) -> User:
    """Once: of two at the same moment one is told that it is over. Signing in comes after it, as every day."""
    held = Invitation.objects.usable().select_for_update(of=("self",), no_key=True).filter(pk=invitation.pk)
    if held.filter(secret_hash=invitation.secret_hash).first() is None:
        raise ValidationError(_("This invitation is no longer open."), code="invitation_closed")
    user = invitation.user
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
    forget_attempts_of(user)
    record(action="invitation.accepted", by=user, target=user, agency=invitation.agency)
    return user


def first_code(*, user: User, agency: Agency) -> str:
    """For the terminal of whoever installs the portal: a letter whose code is told at once."""
    _lock(user)
    _end_open(user)
    return _new_code(Invitation.objects.create(user=user, agency=agency, way=Way.LETTER))


def _invite(by: User, user: User, agency: Agency) -> Invitation:
    invitation = Invitation(user=user, agency=agency, created_by=by, way=Way.LINK if user.email else Way.LETTER)
    if user.email:
        token = secrets.token_urlsafe(32)
        invitation.secret_hash, invitation.expires_at = token_hash(token), timezone.now() + LINK_LASTS
        invitation.save()
        notices.invited(user=user, agency=agency, number=invitation.pk, token=token, until=invitation.expires_at)
    else:
        invitation.save()
    record(action="user.invited", by=by, target=user, agency=agency, changes={"way": invitation.way})
    return invitation


def _new_code(invitation: Invitation) -> str:
    """Twelve characters in groups of four: 59 bits."""
    code = "-".join("".join(secrets.choice(ALPHABET) for _place in range(4)) for _group in range(3))
    invitation.secret_hash = code_hash(invitation.user, code)
    invitation.expires_at = timezone.now() + CODE_LASTS
    invitation.save(update_fields=["secret_hash", "expires_at"])
    return code


def _end_open(user: User) -> int:
    return Invitation.objects.open().filter(user=user).update(ended_at=timezone.now())


def _lock(user: User) -> None:
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _check_manages(by: User, agency: Agency) -> None:
    if not (by.is_superuser or holds(by, Permission.MANAGE_USERS, agency.pk)):
        raise PermissionDenied


def _check_manages_person(by: User, user: User) -> None:
    if not can_change_person(by, user):
        raise PermissionDenied

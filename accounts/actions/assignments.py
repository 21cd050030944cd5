"""Giving and taking roles. Nobody does it for oneself, and no agency loses its last administrator."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.trail import record
from accounts.models import Agency, RoleAssignment, User
from accounts.permissions import check_grant, forget
from accounts.roles import Role
from regions.models import Region


@transaction.atomic
def grant_role(
    *,
    by: User | None,
    user: User,
    role: Role | str,
    agency: Agency,
    region: Region | None = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> RoleAssignment:
    """Without a region the role reaches the whole area of the agency. Administrators may open the administration."""
    region = region or agency.region
    check_grant(by=by, user=user, agency=agency, region=region)
    assignment = RoleAssignment(
        user=user, role=role, agency=agency, region=region, valid_from=valid_from, valid_to=valid_to, created_by=by
    )
    assignment.full_clean()
    assignment.save()
    _open_or_close_administration(user)
    forget(user)
    actor_label = "" if by else "system"
    record(
        action="role.granted",
        by=by,
        actor_label=actor_label,
        target=user,
        agency=agency,
        changes=_described(assignment),
    )
    return assignment


@transaction.atomic
def revoke_role(*, by: User | None, assignment: RoleAssignment) -> None:
    check_grant(by=by, user=assignment.user, agency=assignment.agency, region=assignment.region)
    if assignment.role == Role.ADMINISTRATOR:
        keep_an_administrator(agency=assignment.agency, without=assignment.user)
    user, agency, described = assignment.user, assignment.agency, _described(assignment)
    assignment.delete()
    _open_or_close_administration(user)
    forget(user)
    record(action="role.revoked", by=by, target=user, agency=agency, changes=described)


def keep_an_administrator(*, agency: Agency, without: User) -> None:
    """Refuses when nobody else administers the agency today; locks it, so that two cannot remove each other."""
    Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)
    others = RoleAssignment.objects.current().of_administrators().filter(agency=agency).exclude(user=without)
    if not others.exists():
        raise ValidationError(
            _("This is the last administrator of the agency. Appoint another one first."), code="last_administrator"
        )


def _open_or_close_administration(user: User) -> None:
    administers = user.role_assignments.filter(role=Role.ADMINISTRATOR).exists()
    User.objects.filter(pk=user.pk, is_superuser=False).update(is_staff=administers)
    if not user.is_superuser:
        user.is_staff = administers


def _described(assignment: RoleAssignment) -> dict[str, str | None]:
    return {
        "role": assignment.role,
        "region": assignment.region_id,
        "valid_from": assignment.valid_from.isoformat() if assignment.valid_from else None,
        "valid_to": assignment.valid_to.isoformat() if assignment.valid_to else None,
    }

"""Questions about access. Roles are loaded once per user instance; every answer after that is free."""

import datetime as dt
import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import rules
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, RoleAssignment, User
from accounts.roles import GRANTS, SECOND_STEP, Permission, Role
from accounts.rules import is_inside
from regions.models import Region

P = ParamSpec("P")
Row = TypeVar("Row", bound=Model)
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Actor = User | AnonymousUser | None
CACHE = "_assignments_in_force"
# What touches the own account asks for the password or a code when the last one was longer ago.
PROOF_SECONDS = 300


def signed_in(request: HttpRequest) -> User:
    """The person behind the request, for `by=` of an action."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def assignments_of(user: Actor) -> tuple[RoleAssignment, ...]:
    """The roles in force today; kept on the instance until `forget` or the end of the request."""
    if not isinstance(user, User) or not user.is_active or user.pk is None:
        return ()
    cached: tuple[RoleAssignment, ...] | None = getattr(user, CACHE, None)
    if cached is None:
        if "role_assignments" in getattr(user, "_prefetched_objects_cache", {}):
            granted = list(user.role_assignments.all())
        else:
            granted = list(user.role_assignments.select_related("agency", "region"))
        cached = tuple(assignment for assignment in granted if assignment.in_force())
        setattr(user, CACHE, cached)
    return cached


def forget(user: User) -> None:
    """After a role changed: the next question looks again."""
    setattr(user, CACHE, None)
    getattr(user, "_prefetched_objects_cache", {}).pop("role_assignments", None)


def assignments_with(user: Actor, permission: Permission) -> list[RoleAssignment]:
    return [given for given in assignments_of(user) if permission in GRANTS[Role(given.role)]]


def roles_of(user: Actor, agency_id: int | None = None) -> list[Role]:
    """Each role once, in the order of the table; only those in the agency when one is given."""
    held = {given.role for given in assignments_of(user) if agency_id is None or given.agency_id == agency_id}
    return [role for role in Role if role.value in held]


def covers_agency(given: RoleAssignment) -> bool:
    """An assignment whose region holds the agency's own region is for the whole office."""
    return is_inside(given.agency.region_id, given.region_id)


def holds(user: Actor, permission: Permission, agency_id: int | None = None, region_code: str | None = None) -> bool:
    """Whether some role in force gives the permission there; an absent agency or region means anywhere."""
    if permission == Permission.MANAGE_USERS and isinstance(user, User) and user.is_active and user.is_superuser:
        return True
    return any(
        (agency_id is None or given.agency_id == agency_id)
        and (region_code is None or is_inside(region_code, given.region_id))
        for given in assignments_with(user, permission)
    )


def scope_q(user: Actor, permission: Permission, agency: str | None = "agency", region: str | None = "region") -> Q:
    """The rows that the permission reaches, for `visible_to`: the agency's, inside the region of the role.

    `agency` and `region` are paths to the foreign keys; `region=None` leaves the region out. Rows without a region are
    reached by roles for the whole office. Without any role the answer matches nothing.
    """
    reach = Q(pk__in=[])
    for given in assignments_with(user, permission):
        part = Q() if agency is None else Q(**{agency: given.agency_id})
        if region is not None:
            inside = Q(**{region: given.region_id}) | Q(**{f"{region}__code__startswith": f"{given.region_id}."})
            part &= (inside | Q(**{f"{region}__isnull": True})) if covers_agency(given) else inside
        reach |= part
    return reach


def offices_of(user: Actor, *permissions: Permission) -> set[int]:
    """The agencies for whose whole office one of the permissions is held."""
    given = [one for permission in permissions for one in assignments_with(user, permission)]
    return {one.agency_id for one in given if covers_agency(one)}


def office_q(user: Actor, *permissions: Permission, agency: str = "agency") -> Q:
    """Their rows, wherever somebody lives."""
    return Q(**{f"{agency}__in": offices_of(user, *permissions)})


def limited(user: Actor, rows: QuerySet[Row], agency: str) -> QuerySet[Row]:
    """For Django admin: the rows of the agencies that one administers; an operator sees all. `agency` is a path."""
    if getattr(user, "is_superuser", False):
        return rows
    managed = {given.agency_id for given in assignments_with(user, Permission.MANAGE_USERS)}
    return rows.filter(**{f"{agency}__in": managed})


def requires(*permissions: Permission) -> Callable[[View[P]], View[P]]:
    """Refuses with 403 whoever holds none of the permissions anywhere; the rows come from `visible_to`."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not any(holds(request.user, permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_permissions = permissions  # type: ignore[attr-defined]  # read by the tests of access
        return guarded

    return decorate


@rules.predicate
def can_manage_users(user: Actor) -> bool:
    return holds(user, Permission.MANAGE_USERS)


@rules.predicate
def can_change_rights_of(user: Actor, other: User | None) -> bool:
    """Nobody raises the own rights, not even an administrator: a colleague does it."""
    return holds(user, Permission.MANAGE_USERS) and (other is None or (isinstance(user, User) and user.pk != other.pk))


def can_change_person(user: User, other: User) -> bool:
    """All agencies of the person must be administered by the user, or one could act in another."""
    if user.is_superuser:
        return True
    agencies = set(other.role_assignments.values_list("agency_id", flat=True)) | ({other.agency_id} - {None})
    managed = (
        can_manage_users(user) if not agencies else all(holds(user, Permission.MANAGE_USERS, pk) for pk in agencies)
    )
    return managed and not other.is_superuser


def check_grant(*, by: User | None, user: User, agency: Agency, region: Region) -> None:
    """`ValidationError` when `by` may not give roles to this person, there. `by=None` is the installation itself."""
    if by is None:
        return
    if not can_change_rights_of(by, user):
        raise ValidationError(_("Nobody changes the own rights. Ask another administrator."), code="own_rights")
    if not (by.is_superuser or holds(by, Permission.MANAGE_USERS, agency.pk, region.pk)):
        raise ValidationError(_("You do not administer this agency in this region."), code="not_administered")
    if user.is_superuser and not by.is_superuser:
        raise ValidationError(_("Only the operator of the portal changes this account."), code="operator_account")


def needs_second_step(user: Actor) -> bool:
    """Whether the roles of today reach people's data, where the installation asks for a second step at all."""
    if not settings.SECOND_FACTOR_REQUIRED or not isinstance(user, User):
        return False
    return user.is_superuser or any(holds(user, permission) for permission in SECOND_STEP)


def has_second_step(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


def proved_second_step(request: HttpRequest) -> bool:
    """Whether this session gave a second step, at its sign-in or since."""
    records = get_authentication_records(request, signed_in(request))
    return any(given.get("method") == "mfa" for given in records)


def grace_ends_at(user: User) -> dt.datetime | None:
    """Until when the second step may be put off; None where it may not."""
    if not settings.MFA_GRACE_DAYS or user.second_factor_asked_at is None:
        return None
    ends_at = user.second_factor_asked_at + dt.timedelta(days=settings.MFA_GRACE_DAYS)
    return ends_at if ends_at > timezone.now() else None


def requires_recent_proof(view: View[P]) -> View[P]:
    """Asks for the password or a code unless one was given just now.

    Whoever has a second step gives it first: a session that began without it must not set up another.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = signed_in(request)
        if has_second_step(user) and not proved_second_step(request):
            return redirect(f"{resolve_url('mfa_reauthenticate')}?{urlencode({'next': request.path})}")
        records = get_authentication_records(request, user)
        if not records or time.time() - records[-1]["at"] > PROOF_SECONDS:
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded

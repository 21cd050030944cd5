"""What people of one office may see of each other and of the trail."""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from accounts.models import (
    Agency,
    AuditEntry,
    AuditEntryQuerySet,
    Invitation,
    InvitationQuerySet,
    User,
    UserQuerySet,
    Way,
)
from accounts.models.invitations import code_hash, token_hash
from accounts.permissions import Actor, assignments_with, covers_agency
from accounts.roles import Permission

# With so few left, the pages say that it is time for new ones.
FEW_CODES = 5


@dataclass(frozen=True)
class SecondSteps:
    """What somebody has set up: at most one app, any number of passkeys, codes on paper."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes: Authenticator | None

    @property
    def codes_left(self) -> int:
        return len(self.codes.data["hashes"]) if self.codes else 0

    @property
    def few_codes(self) -> bool:
        return self.codes is not None and self.codes_left <= FEW_CODES

    @property
    def only_codes(self) -> bool:
        return self.codes is not None and self.app is None and not self.passkeys

    def __bool__(self) -> bool:
        return bool(self.app or self.passkeys or self.codes)


def second_steps(user: User) -> SecondSteps:
    held = list(Authenticator.objects.filter(user=user).order_by("pk"))
    of = {kind: [one for one in held if one.type == kind] for kind in Authenticator.Type}
    return SecondSteps(
        next(iter(of[Authenticator.Type.TOTP]), None),
        of[Authenticator.Type.WEBAUTHN],
        next(iter(of[Authenticator.Type.RECOVERY_CODES]), None),
    )


def managed_agencies(user: Actor) -> list[int]:
    return sorted({given.agency_id for given in assignments_with(user, Permission.MANAGE_USERS)})


def within_managed(rows: QuerySet[Any], user: Actor, agency: str = "agency") -> QuerySet[Any]:
    """The rows of the agencies one administers, for an operator all; `agency` is the path to it."""
    if isinstance(user, User) and user.is_active and user.is_superuser:
        return rows
    return rows.filter(**{f"{agency}__in": managed_agencies(user)})


def managed_users(user: Actor) -> UserQuerySet:
    """People who work or hold a role in the agencies one administers, and those who belong nowhere yet."""
    people = User.objects.all()
    if isinstance(user, User) and user.is_active and user.is_superuser:
        return people
    agencies = managed_agencies(user)
    if not agencies:
        return people.none()
    nowhere = Q(agency__isnull=True, role_assignments__isnull=True, is_superuser=False)
    return people.filter(Q(agency__in=agencies) | Q(role_assignments__agency__in=agencies) | nowhere).distinct()


def administered_agencies(user: User) -> list[Agency]:
    """The offices in use whose people one may invite, for an operator all."""
    return list(within_managed(Agency.objects.active().order_by("name"), user, "pk"))


def managed_invitations(user: Actor) -> InvitationQuerySet:
    """Invitations into the agencies one administers."""
    return within_managed(Invitation.objects.all(), user)  # type: ignore[return-value]  # its own kind comes back


def invitation_of_token(token: str) -> Invitation | None:
    """The usable one that this link belongs to."""
    return _usable().filter(way=Way.LINK, secret_hash=token_hash(token)).first()


def invitation_of_code(username: str, code: str) -> Invitation | None:
    """The usable one of this person, when the code is that of the letter."""
    invitation = _usable().filter(way=Way.LETTER, user__username=username.strip().lower()).first()
    if invitation is None or not compare_digest(invitation.secret_hash, code_hash(invitation.user, code)):
        return None
    return invitation


def _usable() -> InvitationQuerySet:
    return Invitation.objects.usable().select_related("user", "agency")


def visible_entries(user: Actor) -> AuditEntryQuerySet:
    """The trail of the agencies that one audits as a whole; of a part, what is known to have happened there."""
    reach = Q(pk__in=[])
    for given in assignments_with(user, Permission.VIEW_AUDIT):
        part = Q(agency_id=given.agency_id)
        if not covers_agency(given):
            part &= Q(region_code=given.region_id) | Q(region_code__startswith=f"{given.region_id}.")
        reach |= part
    return AuditEntry.objects.filter(reach)

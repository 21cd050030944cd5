"""What people of one office may see of each other and of the trail."""

from django.db.models import Q

from accounts.models import AuditEntry, AuditEntryQuerySet, User, UserQuerySet
from accounts.permissions import Actor, assignments_with, covers_agency
from accounts.roles import Permission


def managed_agencies(user: Actor) -> list[int]:
    return sorted({given.agency_id for given in assignments_with(user, Permission.MANAGE_USERS)})


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


def visible_entries(user: Actor) -> AuditEntryQuerySet:
    """The trail of the agencies that one audits as a whole: an entry does not tell the region it happened in."""
    agencies = {given.agency_id for given in assignments_with(user, Permission.VIEW_AUDIT) if covers_agency(given)}
    return AuditEntry.objects.filter(agency_id__in=agencies)

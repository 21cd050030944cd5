"""Questions about competitions."""

from collections.abc import Sequence

from accounts.models import Agency
from accounts.permissions import Actor, assignments_with, covers_agency
from accounts.roles import Permission
from incentives.models import Competition


def competing_agencies(user: Actor) -> Sequence[Agency]:
    """The offices whose competitions the person runs: those are for the whole office, so the role must be."""
    given = [grant for grant in assignments_with(user, Permission.MANAGE_COMPETITIONS) if covers_agency(grant)]
    return list({grant.agency_id: grant.agency for grant in given}.values())


def can_manage_competition(user: Actor, competition: Competition) -> bool:
    return any(agency.pk == competition.program.agency_id for agency in competing_agencies(user))

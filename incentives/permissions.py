"""Questions about competitions."""

from collections.abc import Sequence

from accounts.models import Agency, User
from accounts.permissions import Actor, assignments_with, covers_agency, holds
from accounts.roles import Permission
from budgets.permissions import keeps_accounts
from incentives.models import Competition, Entry, Juror


def competing_agencies(user: Actor) -> Sequence[Agency]:
    """The offices whose competitions the person runs: those are for the whole office, so the role must be."""
    given = [grant for grant in assignments_with(user, Permission.MANAGE_COMPETITIONS) if covers_agency(grant)]
    return list({grant.agency_id: grant.agency for grant in given}.values())


def can_manage_competition(user: Actor, competition: Competition) -> bool:
    return any(agency.pk == competition.program.agency_id for agency in competing_agencies(user))


def can_note_copies(user: User, competition: Competition) -> bool:
    """Whoever runs the competition, or keeps the accounts that its awards go to."""
    return can_manage_competition(user, competition) or keeps_accounts(user, competition.program.agency)


def can_reopen_file(user: Actor, competition: Competition) -> bool:
    return holds(user, Permission.REOPEN_FILES, agency_id=competition.program.agency_id)


def can_check_pitch(user: Actor, entry: Entry) -> bool:
    """Officers of the office who are not jurors of the same competition: nobody judges what they let in."""
    agency = entry.competition.program.agency_id
    if not isinstance(user, User) or not holds(user, Permission.CHECK_PITCHES, agency_id=agency):
        return False
    return not Juror.objects.serving().filter(competition=entry.competition_id, user=user).exists()

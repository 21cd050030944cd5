"""Questions about the papers of batches and programmes."""

import rules

from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from programs.models import Batch, Program


@rules.predicate
def can_issue_in(user: User, batch: Batch) -> bool:
    return holds(user, Permission.ISSUE_DOCUMENTS, batch.program.agency_id, batch.region_id)


@rules.predicate
def can_issue_for(user: User, program: Program) -> bool:
    """All batches of a programme at once: the role must reach the whole office."""
    return holds(user, Permission.ISSUE_DOCUMENTS, program.agency_id, program.agency.region_id)

"""Questions about programmes and batches."""

import rules

from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from programs.models import Batch


@rules.predicate
def can_manage_batch(user: User, batch: Batch | None) -> bool:
    return batch is not None and holds(
        user, Permission.MANAGE_BATCHES, agency_id=batch.program.agency_id, region_code=batch.region_id
    )

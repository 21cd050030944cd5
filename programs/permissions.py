"""Questions about programmes and batches."""

from collections.abc import Sequence

import rules

from accounts.models import Agency, User
from accounts.permissions import Actor, assignments_with, covers_agency, holds
from accounts.roles import Permission
from programs.models import Batch, Program, TopicRound


@rules.predicate
def can_manage_batch(user: User, batch: Batch | None) -> bool:
    return batch is not None and holds(
        user, Permission.MANAGE_BATCHES, agency_id=batch.program.agency_id, region_code=batch.region_id
    )


def programming_agencies(user: Actor) -> Sequence[Agency]:
    """The offices whose programmes and topics the person keeps: those are for the whole office, so the role must be."""
    given = [grant for grant in assignments_with(user, Permission.MANAGE_BATCHES) if covers_agency(grant)]
    return list({grant.agency_id: grant.agency for grant in given}.values())


def can_manage_program(user: User, program: Program) -> bool:
    return any(agency.pk == program.agency_id for agency in programming_agencies(user))


def can_decide_topics(user: Actor, topic_round: TopicRound, code: str | None = None) -> bool:
    return holds(user, Permission.DECIDE_TOPIC_REQUESTS, topic_round.agency_id, code)


def can_enter_meeting(user: Actor, topic_round: TopicRound, code: str) -> bool:
    return holds(user, Permission.ENTER_TOPIC_REQUESTS, topic_round.agency_id, code)


def deciding_agencies(user: Actor) -> Sequence[Agency]:
    """The offices whose rounds and words the person keeps: for the whole office, so the role must be."""
    given = [grant for grant in assignments_with(user, Permission.DECIDE_TOPIC_REQUESTS) if covers_agency(grant)]
    return list({grant.agency_id: grant.agency for grant in given}.values())


def resource_agencies(user: Actor) -> Sequence[Agency]:
    """The offices whose instructors, partners, venues and rates the person keeps."""
    given = [grant for grant in assignments_with(user, Permission.MANAGE_RESOURCES) if covers_agency(grant)]
    return list({grant.agency_id: grant.agency for grant in given}.values())

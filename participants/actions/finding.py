"""Looking for people who are on file twice: every night, or when somebody asks."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record
from accounts.models import Agency, User
from kit.refusals import is_orphan
from participants.models import PersonPair
from participants.queries import doubles


def find_doubles(*, agency: Agency, by: User | None, progress: Callable[[int, int], None] | None = None) -> int:
    """How many pairs wait to be looked at. In short transactions: it may be stopped and started again at any time."""
    after: int | None = 0
    while after is not None:
        with transaction.atomic():
            after = doubles.trace_changed(agency.pk, after)
    now, keys = timezone.now(), doubles.new_keys(agency.pk)
    steps = list(doubles.passes()) if keys else []
    for done, step in enumerate(steps):
        if progress is not None:
            progress(done, len(steps))
        _find(agency.pk, step, now)
    with transaction.atomic():
        doubles.settle_search(agency.pk, keys, now)
        found = PersonPair.objects.filter(agency=agency).to_decide(agency.today()).count()
        changes = {"cards": len(keys), "pairs": found}
        record(
            action="persons.searched",
            by=by,
            target=agency,
            agency=agency,
            changes=changes,
            actor_label="" if by else "system",
        )
    return found


def _find(agency_id: int, step: doubles.Pass, now: datetime) -> None:
    """Once more when a card that was just compared became one with another before the commit."""
    for attempt in range(3):
        try:
            with transaction.atomic():
                doubles.find_pairs(agency_id, step, now)
        except IntegrityError as error:
            if attempt == 2 or not is_orphan(error):
                raise
        else:
            return

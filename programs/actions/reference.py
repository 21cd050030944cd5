"""Rows that administrators keep."""

from collections.abc import Sequence

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from kit.refusals import spoken_refusals
from programs.models import EligibilityRule, Program, Topic


@transaction.atomic
def save_reference(*, row: Program | Topic, changed: Sequence[str], by: User) -> None:
    """A row that administrators keep: programmes and topics."""
    with spoken_refusals(type(row)):
        row.save()
    kind = str(row._meta.model_name)
    record(action=f"{kind}.saved", by=by, target=row, agency=row.agency, changes={"fields": sorted(changed)})


@transaction.atomic
def keep_rules(
    *, program: Program, rules: Sequence[EligibilityRule], removed: Sequence[EligibilityRule], by: User
) -> None:
    """New requirements of a programme. Entries made before keep the answers that were frozen on them."""
    for rule in removed:
        rule.delete()
    with spoken_refusals(EligibilityRule):
        for rule in rules:
            rule.save()
    changes = {"kept": [rule.kind for rule in rules], "removed": [rule.kind for rule in removed]}
    record(action="program.rules_saved", by=by, target=program, agency=program.agency, changes=changes)

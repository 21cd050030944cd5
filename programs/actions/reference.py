"""Rows that administrators keep."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from budgets.models import BudgetLine
from jobs.actions import start
from kit.refusals import spoken_refusals
from programs.models import Batch, EligibilityRule, Program, Topic

HOUSEHOLD_STANDS = _("Batches of this programme are public already: what was asked of the first is asked of all.")
# Whoever was marked is judged anew when one of these changes.
ATTENDANCE_TERMS = {"attendance_rule", "attendance_share", "partial_presence", "counts_from_joining"}


@transaction.atomic
def save_reference(
    *, row: Program | Topic, changed: Sequence[str], by: User, budget_lines: Iterable[BudgetLine] | None = None
) -> None:
    """A row that administrators keep: programmes and topics. Budget lines that are not given stay as they are."""
    if isinstance(row, Program) and row.pk and "one_per_household" in changed:
        _refuse_other_household_rule(row)
    with spoken_refusals(type(row)):
        row.save()
    if isinstance(row, Program):
        _keep_lines(row, budget_lines)
    kind = str(row._meta.model_name)
    record(action=f"{kind}.saved", by=by, target=row, agency=row.agency, changes={"fields": sorted(changed)})
    if isinstance(row, Program) and not ATTENDANCE_TERMS.isdisjoint(changed):
        title = _("Attendance computed anew: %(name)s") % {"name": row.name}
        start(kind="completions_recompute", params={"program": row.pk}, agency=row.agency, by=by, title=str(title))


def has_public_batches(program: Program) -> bool:
    return program.batches.filter(state__in=[Batch.State.PUBLISHED, Batch.State.FINISHED]).exists()


def _refuse_other_household_rule(program: Program) -> None:
    """Who registered before was not asked for the card, and could not be compared. Publishing waits for this lock."""
    Program.objects.select_for_update(of=("self",), no_key=True).values_list("pk").get(pk=program.pk)
    if has_public_batches(program):
        raise ValidationError({"one_per_household": ValidationError(HOUSEHOLD_STANDS, code="household_rule_stands")})


def _keep_lines(program: Program, lines: Iterable[BudgetLine] | None) -> None:
    if lines is not None:
        program.budget_lines.set(lines)
    if program.budget_lines.exclude(fund=program.fund_source_id).exists():
        sentence = _("Budget lines of another fund are chosen. Untick them, save, then choose lines of the new fund.")
        raise ValidationError({"lines": ValidationError(sentence, code="lines_of_another_fund")})


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

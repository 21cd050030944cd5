"""What the clock does: sums of budget lines that must agree with their rows."""

import logging

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from budgets import tasks
from budgets.models import BudgetLine
from ikm_portal.schedule import SCHEDULE
from tests import factories
from tests.budgets.money import paid, proposed

pytestmark = pytest.mark.django_db


def test_check_budgets_is_silent_while_they_agree() -> None:
    line = factories.budget_line()
    paid(line)
    proposed(line, reference="session:2")
    assert tasks.check_budgets() == []
    call_command("check_budgets", verbosity=0)
    assert not AuditEntry.objects.filter(action="budget_line.sums_differ").exists()


def test_check_budgets_writes_a_difference_into_the_trail(caplog: pytest.LogCaptureFixture) -> None:
    line = factories.budget_line()
    proposed(line)
    BudgetLine.objects.filter(pk=line.pk).update(reserved=999_999)
    with caplog.at_level(logging.ERROR):
        assert tasks.check_budgets() == [line.pk]
    assert AuditEntry.objects.get(action="budget_line.sums_differ").object_id == str(line.pk)
    assert len(caplog.records) == 1
    with pytest.raises(CommandError):
        call_command("check_budgets")


def test_the_clock_knows_the_check() -> None:
    assert SCHEDULE["budgets-check-budgets"]["task"] == tasks.check_budgets.name

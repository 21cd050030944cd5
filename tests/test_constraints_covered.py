"""No constraint without a test that breaks it, and none without a sentence for the person who meets it."""

from pathlib import Path

import pytest
from django.db import models
from django.utils import translation

from tests.support.constraints import named_constraints

TESTS = Path(__file__).parent
CONSTRAINTS = [pytest.param(model, constraint, id=constraint.name) for model, constraint in named_constraints()]


def written(app: str) -> str:
    return "".join(path.read_text() for path in sorted((TESTS / app).glob("test_*.py")))


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS)
def test_constraint_is_broken_by_a_test(model: type[models.Model], constraint: models.BaseConstraint) -> None:
    short = constraint.name.removeprefix(f"{model._meta.app_label}_{model._meta.model_name}_")
    names = {f'"{constraint.name}"', f'"{short}"'}
    assert [name for name in names if name in written(model._meta.app_label)] != []


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS)
def test_constraint_has_a_sentence(model: type[models.Model], constraint: models.BaseConstraint) -> None:
    with translation.override("en"):
        said = str(constraint.violation_error_message)
    assert said != str(constraint.default_violation_error_message)
    assert said.endswith(".")

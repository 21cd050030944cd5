"""Which rule of PostgreSQL refuses a write."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction


def broken_by(write: Callable[[], Any]) -> str:
    """The name of the constraint that the write breaks; fails when it breaks none."""
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        write()
    return str(broken.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]  # psycopg2 always names its cause


def named_constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    """Every constraint of the portal's own models."""
    own = {name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name).is_dir()}
    for model in apps.get_models():
        if model._meta.app_config is not None and model._meta.app_config.name in own:
            for constraint in model._meta.constraints:
                yield model, constraint

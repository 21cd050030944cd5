"""Writing one row with one statement where the ORM would need two or three."""

from typing import Any

from django.db import models
from django.db.models.constants import OnConflict


def insert_unless_there(row: models.Model) -> bool:
    """INSERT ... ON CONFLICT DO NOTHING: whether the row is new; if so it has its key now. Needs no savepoint."""
    meta = row._meta
    manager: Any = type(row)._base_manager
    fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
    [written] = manager._insert([row], fields=fields, returning_fields=[meta.pk], on_conflict=OnConflict.IGNORE)
    if written is None:
        return False
    row.pk, row._state.adding = written[0], False
    row._state.db = manager.db
    return True

"""Writing rows with fewer statements than the ORM needs, where many people wait for the commit."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models


def insert_unless_there(row: models.Model) -> bool:
    """INSERT ... ON CONFLICT DO NOTHING: whether the row is new; if so it has its key now. Needs no savepoint."""
    sql, values = _insert(row)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ON CONFLICT DO NOTHING RETURNING {_key(row)}", values)
        written = cursor.fetchone()
    if written is None:
        return False
    row.pk = written[0]
    _mark_written(row)
    return True


def insert_all(rows: Sequence[models.Model]) -> None:
    """Rows of several tables in one round trip, in this order. One that another refers to brings its key along."""
    statements = [_insert(row) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            ";\n".join(sql for sql, _values in statements), [value for _sql, values in statements for value in values]
        )
    for row in rows:
        _mark_written(row)


def key_source(model: type[models.Model]) -> str:
    """SQL for the next key of this model."""
    return f"nextval(pg_get_serial_sequence('{model._meta.db_table}', '{_key(model)}'))"


def _insert(row: models.Model) -> tuple[str, list[Any]]:
    sql, fields = _shape(type(row), row.pk is not None)
    return sql, [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]


@lru_cache(maxsize=64)
def _shape(model: type[models.Model], with_key: bool) -> tuple[str, tuple[Any, ...]]:
    meta = model._meta
    fields = tuple(field for field in meta.concrete_fields if with_key or field is not meta.auto_field)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(_place(field) for field in fields)
    table = connection.ops.quote_name(meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES ({places})", fields  # noqa: S608 - names of columns only


def _place(field: Any) -> str:
    """Arrays say their type."""
    return str(field.get_placeholder(None, None, connection)) if hasattr(field, "get_placeholder") else "%s"


def _key(model: models.Model | type[models.Model]) -> str:
    return str(model._meta.pk.column) if model._meta.pk else ""


def _mark_written(row: models.Model) -> None:
    row._state.adding, row._state.db = False, connection.alias

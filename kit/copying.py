"""Many new rows by COPY: several times faster than INSERT, for work that writes thousands at once."""

import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from kit.crypto import EncryptedTextField, encrypt

ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Written = Callable[[Any], str]


def copy_rows(rows: Iterable[models.Model], *, into: str = "") -> int:
    """Writes rows of one model and answers how many; keys are given by the rows or, where all lack one, by PostgreSQL.

    `into` names another table of the same columns. Nothing is set on the rows themselves.
    """
    found = list(rows)
    if not found:
        return 0
    model, with_key = type(found[0]), found[0].pk is not None
    shape = _shape(model, with_key)
    target = io.StringIO("".join(_line(row, shape) for row in found))
    names = ", ".join(f'"{column}"' for column, _name, _written in shape)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{into or model._meta.db_table}" ({names}) FROM STDIN', target)
    return len(found)


def _line(row: models.Model, shape: Sequence[tuple[str, str, Written]]) -> str:
    values = (getattr(row, name) for _column, name, _written in shape)
    return "\t".join("\\N" if value is None else shape[place][2](value) for place, value in enumerate(values)) + "\n"


@lru_cache(maxsize=32)
def _shape(model: type[models.Model], with_key: bool) -> tuple[tuple[str, str, Written], ...]:
    """Column, attribute and how a value of it is written."""
    fields = [field for field in model._meta.concrete_fields if with_key or not field.primary_key]
    return tuple((str(field.column), field.attname, _way(field)) for field in fields)


def _way(field: Any) -> Written:
    if isinstance(field, EncryptedTextField):
        context = field.context
        return lambda value: "\\\\x" + encrypt(value, context=context).hex()
    if isinstance(field, models.BinaryField):
        return lambda value: "\\\\x" + bytes(value).hex()
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, cls=field.encoder, ensure_ascii=False).translate(ESCAPED)
    if isinstance(field, ArrayField):
        return lambda value: _array(value).translate(ESCAPED)
    if isinstance(field, models.BooleanField):
        return lambda value: "t" if value else "f"
    return _plain


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return str(value).translate(ESCAPED)
    if isinstance(value, date):  # moments too
        return value.isoformat()
    return str(value)


def _array(values: Sequence[Any]) -> str:
    written = ('"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return "{" + ",".join(written) + "}"

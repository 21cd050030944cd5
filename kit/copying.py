"""Many new rows by COPY: several times faster than INSERT, for work that writes thousands at once."""

import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from kit.crypto import EncryptedTextField, encrypt

ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Written = Callable[[Any], str]
Row = TypeVar("Row", bound=models.Model)


def copy_rows(rows: Iterable[models.Model], *, into: str = "") -> int:
    """Writes rows of one model and answers how many; keys are given by the rows or, where all lack one, by PostgreSQL.

    `into` names another table of the same columns. Nothing is set on the rows themselves.
    """
    found = list(rows)
    if not found:
        return 0
    model, with_key = type(found[0]), found[0].pk is not None
    columns, values, ways = _shape(model, with_key)
    lines = [
        "\t".join(["\\N" if value is None else way(value) for value, way in zip(values(row), ways, strict=True)])
        for row in found
    ]
    target = io.StringIO("\n".join(lines) + "\n")
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{into or model._meta.db_table}" ({columns}) FROM STDIN', target)
    return len(found)


def alike(first: Row, **values: Any) -> Row:
    """Another row with the same values but these: to be copied only, since its relations are those of the first."""
    row = object.__new__(type(first))
    row.__dict__.update(first.__dict__)
    row.__dict__.update(values)
    return row


@lru_cache(maxsize=32)
def _shape(model: type[models.Model], with_key: bool) -> tuple[str, Callable[[Any], tuple[Any, ...]], list[Written]]:
    """The columns, what takes their values out of a row, and how each is written."""
    fields = [field for field in model._meta.concrete_fields if with_key or not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return columns, attrgetter(*[field.attname for field in fields]), [_way(field) for field in fields]


def _way(field: Any) -> Written:
    if isinstance(field, EncryptedTextField):
        context = field.context
        return lambda value: "\\\\x" + encrypt(value, context=context).hex()
    if isinstance(field, models.BinaryField):
        return lambda value: "\\\\x" + bytes(value).hex()
    if isinstance(field, models.JSONField):
        written = (field.encoder or json.JSONEncoder)(ensure_ascii=False).encode
        return lambda value: written(value).translate(ESCAPED)
    if isinstance(field, ArrayField):
        return lambda value: _array(value).translate(ESCAPED)
    if isinstance(field, models.BooleanField):
        return lambda value: "t" if value else "f"
    if isinstance(field, models.IntegerField | models.UUIDField):
        return str
    return _text if isinstance(field, models.CharField | models.TextField) else _plain


def _text(value: Any) -> str:
    return "" if value == "" else str(value).translate(ESCAPED)


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return str(value).translate(ESCAPED)
    if isinstance(value, date):  # moments too
        return value.isoformat()
    return str(value)


def _array(values: Sequence[Any]) -> str:
    written = ('"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return "{" + ",".join(written) + "}"

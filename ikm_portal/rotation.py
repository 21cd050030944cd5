"""After a new encryption key was added: every encrypted value goes under it, while the portal goes on working."""

import base64
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, transaction

from accounts.actions import record
from accounts.adapter import SECRET_CONTEXT
from kit.crypto import EncryptedTextField, UndecryptableError, newest_key_id, reencrypt

# A row that somebody else holds at the moment is passed over and visited again.
PAUSE_SECONDS = 0.5
PASSES = 20

SELECT = """
SELECT {key}, {column} FROM {table}
WHERE {key} > %s AND {column} IS NOT NULL AND substring({column} FROM 1 FOR 1) <> %s
ORDER BY {key} LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""
UPDATE = """
UPDATE {table} SET {column} = new.value
FROM unnest(%s::bigint[], %s::bytea[]) AS new (id, value) WHERE {table}.{key} = new.id
"""
COUNT = "SELECT count(*) FROM {table} WHERE {column} IS NOT NULL AND substring({column} FROM 1 FOR 1) <> %s"


@dataclass(frozen=True)
class Rotated:
    """What became of one column: values under the newest key now, and values that are still not."""

    name: str
    changed: int
    left: int


def encrypted_fields() -> list[EncryptedTextField]:
    fields = [field for model in apps.get_models() for field in model._meta.local_fields]
    return [field for field in fields if isinstance(field, EncryptedTextField)]


def rotate_keys(*, batch_size: int = 500, by: None = None) -> list[Rotated]:
    """Every value under an older key, in short transactions: it may be stopped at any time and started again."""
    results = [_rotate_field(field, batch_size) for field in encrypted_fields()]
    results.append(_rotate_app_secrets())
    with transaction.atomic():
        told = [f"{result.name}: {result.changed}, {result.left} left" for result in results]
        record(action="keys.rotated", by=by, actor_label="system", changes={"columns": told})
    return results


def _rotate_field(field: EncryptedTextField, batch_size: int) -> Rotated:
    changed = 0
    for _attempt in range(PASSES):
        after, done, unreadable = 0, 0, 0
        while batch := _rotate_some(field, after, batch_size):
            after, done, unreadable = batch[0], done + batch[1], unreadable + batch[2]
        changed += done
        left = _count_left(field)
        if left <= unreadable:
            break
        time.sleep(PAUSE_SECONDS)
    return Rotated(field.context, changed, left)


@transaction.atomic
def _rotate_app_secrets() -> Rotated:
    """Secrets of authenticator apps stand as base64 in the sign-in library's JSON; there are as many as staff."""
    changed = left = 0
    for app in Authenticator.objects.select_for_update().filter(type=Authenticator.Type.TOTP):
        sealed = base64.b64decode(app.data["secret"])
        if sealed[0] == newest_key_id():
            continue
        try:
            app.data["secret"] = base64.b64encode(reencrypt(sealed, context=SECRET_CONTEXT)).decode()
        except UndecryptableError:
            left += 1
            continue
        app.save(update_fields=["data"])
        changed += 1
    return Rotated(SECRET_CONTEXT, changed, left)


@transaction.atomic
def _rotate_some(field: EncryptedTextField, after: int, size: int) -> tuple[int, int, int] | None:
    """The last key seen, how many were changed, how many nobody can read; None where nothing comes after."""
    rows = _run(field, SELECT, [after, bytes([newest_key_id()]), size])
    if not rows:
        return None
    renewed = {}
    for key, value in rows:
        try:
            renewed[key] = reencrypt(bytes(value), context=field.context)
        except UndecryptableError:
            continue
    _run(field, UPDATE, [list(renewed), list(renewed.values())])
    return rows[-1][0], len(renewed), len(rows) - len(renewed)


def _count_left(field: EncryptedTextField) -> int:
    return int(_run(field, COUNT, [bytes([newest_key_id()])])[0][0])


def _run(field: EncryptedTextField, statement: str, params: Sequence[Any]) -> list[Any]:
    named = {"table": field.model._meta.db_table, "column": field.column, "key": field.model._meta.pk.column}
    names = {what: connection.ops.quote_name(str(name)) for what, name in named.items()}
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**names), params)
        return cursor.fetchall() if cursor.description else []

"""Looks for words in the whole database and in every stored file: what must be gone must be gone everywhere."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import connection

from ikm_portal.rotation import encrypted_fields
from kit.crypto import UndecryptableError, decrypt

COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1, 2
"""
LOOK = 'SELECT 1 FROM "{0}" WHERE "{1}"::text ILIKE %s OR "{1}"::text ILIKE %s LIMIT 1'
ALL = 'SELECT "{1}" FROM "{0}" WHERE "{1}" IS NOT NULL'


def columns() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        return list(cursor.fetchall())


def places_in_database(words: Mapping[str, str]) -> set[tuple[str, str]]:
    """(label, table.column) of every hit: any type as its text, bytes as hexadecimal too, sealed text opened."""
    found = set()
    sealed = {(field.model._meta.db_table, field.column): field.context for field in encrypted_fields()}
    with connection.cursor() as cursor:
        for table, column in columns():
            context = sealed.get((table, column))
            if context:
                found |= {(label, f"{table}.{column}") for label in _opened(table, column, context, words)}
                continue
            for label, word in words.items():
                cursor.execute(LOOK.format(table, column), [f"%{word}%", f"%{word.encode().hex()}%"])
                if cursor.fetchone():
                    found.add((label, f"{table}.{column}"))
    return found


def _opened(table: str, column: str, context: str, words: Mapping[str, str]) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(ALL.format(table, column))
        rows = cursor.fetchall()
    for (value,) in rows:
        try:
            text = decrypt(bytes(value), context=context).lower()
        except UndecryptableError:
            continue
        yield from (label for label, word in words.items() if word.lower() in text)


def files_with(folder: Path, words: Mapping[str, str]) -> set[str]:
    """Labels of words that stand in some file, as they are."""
    contents = [path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()]
    return {label for label, word in words.items() if any(word.lower().encode() in content for content in contents)}

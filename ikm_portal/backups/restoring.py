"""Puts a backup back: everything is looked at first, and the database changes in one transaction or not at all."""

import shutil
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import record
from ikm_portal.backups import BackupError, age, manifest, postgres
from ikm_portal.backups.streams import Producer, megabytes, sha256_of
from ikm_portal.rotation import encrypted_fields
from jobs.models import StoredFile
from jobs.storage import absolute, keep_private
from kit.crypto import UndecryptableError
from notifications.models import BY_HAND, Message, State

CHUNK = 256 * 1024
# A code by which the delivery board and a query find what was held back.
HELD = "restored"
EMPTY = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""
TABLES = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
COUNTED = """
DO $$ BEGIN
IF (SELECT count(*) FROM {table}) <> {count} THEN RAISE EXCEPTION 'restored rows of {name} are not {count}'; END IF;
END $$;
"""

# What waited goes to the board as held; of what is sent nothing tries another channel; secrets are useless by now.
HOLD = """
UPDATE {message} SET failure = %(asked)s WHERE state = 'queued' AND channel = ANY(%(by_hand)s);
UPDATE {message} SET fallbacks = '{{}}' WHERE state = 'sent';
UPDATE {message}
SET state = 'failed', failure = %(held)s, failure_code = %(code)s, claimed_at = NULL, fallbacks = '{{}}'
WHERE state IN ('queued', 'sending') AND channel <> ALL(%(by_hand)s);
UPDATE {message} SET subject = '', body = '', facts = '{{}}' WHERE failure_code = %(code)s AND secret;
"""

Say = Callable[[str], None]


def look_at(folder: Path, identity: Path | None, say: Say) -> tuple[dict[str, Any], list[Any] | None]:
    """The manifest of a backup that is whole and can be opened, and what opens it. Nothing is changed."""
    facts = manifest.read(folder)
    if facts["encrypted"] and identity is None:
        raise BackupError("This backup is encrypted: name the file with the secret key by --identity.")
    identities = age.identities_from(identity) if facts["encrypted"] and identity else None
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = sorted(set(facts["migrations"]) - known)
    if newer:
        raise BackupError(f"This backup comes from a newer portal ({newer[-1]}). Install that version first.")
    manifest.require_whole(folder, facts)
    say(f"The backup of {facts['made_at']} is whole and fits the present keys.")
    return facts, identities


def restore(folder: Path, *, identity: Path | None, force: bool, say: Say) -> list[str]:
    """Answers what is not as it should be; an empty list is a good end."""
    facts, identities = look_at(folder, identity, say)
    require_target(force=force)
    unpack_files(folder / facts["parts"]["files"]["file"], identities)
    say(f"Stored files: {facts['parts']['files']['count']}.")
    fill_database(folder / facts["parts"]["database"]["file"], identities, facts, force=force)
    say(f"Database: {sum(facts['rows'].values())} rows, counted.")
    call_command("migrate", verbosity=0)
    note(folder, facts)
    return look_through(say)


def require_target(*, force: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        others = int(cursor.fetchone()[0])
        cursor.execute(TABLES)
        tables = int(cursor.fetchone()[0])
    connection.close()
    if others:
        raise BackupError(f"{others} other connections use this database. Stop web, workers and beat first.")
    if tables and not force:
        raise BackupError(
            "This database is not empty. Name an empty one in DATABASE_URL, or add --force to replace its content."
        )


def unpack_files(path: Path, identities: Sequence[Any] | None) -> None:
    """Files come first: without their rows they do no harm, and rows without files would."""
    producer = Producer(lambda target: opened(path, identities, target))
    try:
        with tarfile.open(fileobj=producer.source, mode="r|") as archive:
            for entry in archive:
                handle = archive.extractfile(entry)
                if handle is None or not is_plain(entry.name):
                    raise BackupError(f"{path} holds something that is no stored file. It is not restored.")
                keep_private(entry.name, handle, entry.size)
        while producer.source.read(CHUNK):  # the padding at the end of an archive
            pass
    except tarfile.TarError as error:
        producer.finish()
        raise BackupError(f"{path} cannot be unpacked.") from error
    producer.finish()


def opened(path: Path, identities: Sequence[Any] | None, target: BinaryIO) -> None:
    with path.open("rb") as source:
        age.decrypt(source, target, identities)


def is_plain(name: str) -> bool:
    parts = Path(name).parts
    return not Path(name).is_absolute() and ".." not in parts and bool(parts)


def fill_database(path: Path, identities: Sequence[Any] | None, facts: dict[str, Any], *, force: bool) -> None:
    """pg_restore turns the dump into statements, psql runs them in one transaction with the checks at its end."""
    at = f"--dbname={postgres.address()}"
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-"]
    with postgres.running("psql", *options, at, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as psql:
        assert psql.stdin is not None  # noqa: S101 - for the type checker
        try:
            psql.stdin.write(EMPTY.encode() if force else b"")
            write_statements(path, identities, psql.stdin)
            psql.stdin.write(closing_statements(facts).encode())
            psql.stdin.flush()
        except BrokenPipeError:
            return  # psql gave up, and `running` tells why


def write_statements(path: Path, identities: Sequence[Any] | None, target: Any) -> None:
    words = ["--file=-", "--no-owner", "--no-privileges", "--no-comments"]
    producer = Producer(lambda dump: opened(path, identities, dump))
    try:
        with postgres.running("pg_restore", *words, stdin=producer.source.fileno()) as statements:
            assert statements.stdout is not None  # noqa: S101 - for the type checker
            shutil.copyfileobj(statements.stdout, target, CHUNK)
        while producer.source.read(CHUNK):
            pass
    except BaseException:
        producer.source.close()
        raise
    producer.finish()


def closing_statements(facts: dict[str, Any]) -> str:
    """Counts what came, and holds back what may have been told since: nobody gets a message twice or too late."""
    quote = connection.ops.quote_name
    counted = [COUNTED.format(table=quote(name), name=name, count=int(count)) for name, count in facts["rows"].items()]
    with connection.cursor() as cursor, translation.override(settings.LANGUAGE_CODE):
        given = {
            "held": _("Held back after a restore: it may have gone out already. Please check, then send it again."),
            "asked": _("From before a restore: please ask whether it was told already."),
            "code": HELD,
            "by_hand": [channel.value for channel in BY_HAND],
        }
        hold = cursor.mogrify(HOLD.format(message=quote(Message._meta.db_table)), given).decode()
    connection.close()
    return "\n".join(["\nSET search_path = public;", *counted, hold])


def note(folder: Path, facts: dict[str, Any]) -> None:
    with transaction.atomic():
        held = Message.objects.filter(failure_code=HELD, state=State.FAILED).count()
        changes = {"backup": folder.name, "made_at": facts["made_at"], "messages_held": held}
        record(action="backup.restored", by=None, actor_label="system", changes=changes)


def look_through(say: Say) -> list[str]:
    """What a person would look at after a restore."""
    troubles = []
    for field in encrypted_fields():
        try:
            field.model._default_manager.filter(**{f"{field.name}__isnull": False}).values_list(field.name).first()
        except UndecryptableError as error:
            troubles.append(f"{field.context} cannot be decrypted with the present keys: {error}")
    say("Encrypted values can be read with the present keys." if not troubles else "")
    for path, size, sha256 in StoredFile.objects.values_list("path", "size", "sha256"):
        if not absolute(path).is_file():
            troubles.append(f"the stored file {path} is lost")
        elif sha256_of(absolute(path)) != sha256:
            troubles.append(f"the stored file {path} ({megabytes(size)}) is damaged")
    for command in ("check_seats", "verify_audit"):
        if command in get_commands():
            call_command(command)
    return troubles

"""What a backup says about itself, sealed with a key of the portal: a changed or foreign backup is not restored."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

from ikm_portal.backups import BackupError
from ikm_portal.backups.streams import sha256_of

NAME = "manifest.json"
FORMAT = 1


def fingerprint(key: bytes) -> str:
    """Tells keys apart and betrays nothing of 32 random bytes."""
    return hmac.new(key, b"portal backup fingerprint", hashlib.sha256).hexdigest()[:16]


def key_fingerprints() -> dict[str, Any]:
    return {
        "hash_key": fingerprint(settings.HASH_KEY),
        "encryption_keys": {str(number): fingerprint(key) for number, key in settings.ENCRYPTION_KEYS.items()},
    }


def applied_migrations(connection: Any) -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def seal(facts: dict[str, Any]) -> str:
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hmac.new(settings.HASH_KEY, b"portal backup manifest" + text.encode(), hashlib.sha256).hexdigest()


def sealed(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts | {"seal": seal(facts)}, indent=1, sort_keys=True).encode()


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a whole backup under the present keys; BackupError says what is wrong."""
    try:
        facts: dict[str, Any] = json.loads((folder / NAME).read_text())
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} is no whole backup of the portal: {NAME} is missing or damaged.") from error
    if facts.get("format") != FORMAT:
        raise BackupError(f"{folder} was written in another form; use the version of the portal that wrote it.")
    require_keys(facts.get("keys", {}))
    given = str(facts.pop("seal", ""))
    if not hmac.compare_digest(given, seal(facts)):
        raise BackupError(f"{folder / NAME} was changed after the backup was made. It is not restored.")
    return facts


def require_keys(wanted: dict[str, Any]) -> None:
    present = key_fingerprints()
    where = "Put the keys from the copy that `backup_keys` made into the settings, then again."
    if wanted.get("hash_key") != present["hash_key"]:
        raise BackupError(f"HASH_KEY is not the one that this backup was made with. {where}")
    for number, mark in wanted.get("encryption_keys", {}).items():
        if number not in present["encryption_keys"]:
            raise BackupError(f"ENCRYPTION_KEYS lacks key {number}, which this backup was made with. {where}")
        if present["encryption_keys"][number] != mark:
            raise BackupError(f"Key {number} of ENCRYPTION_KEYS is not the one of this backup. {where}")


def require_whole(folder: Path, facts: dict[str, Any]) -> None:
    """Reads every part through."""
    for part in facts["parts"].values():
        path = folder / part["file"]
        if not path.is_file() or path.stat().st_size != part["size"]:
            raise BackupError(f"{path} is missing or cut short. This backup is not restored.")
        if sha256_of(path) != part["sha256"]:
            raise BackupError(f"{path} was changed or damaged after the backup was made. It is not restored.")

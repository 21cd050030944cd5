"""The keys, apart: whoever has them and a backup can read identity numbers, and without them nobody can."""

import base64
import io
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.actions import record
from ikm_portal.backups import BackupError, age, manifest
from ikm_portal.backups.streams import new_part, sync_folder


def pairs(keys: Mapping[int, bytes]) -> str:
    return ",".join(f"{number}:{base64.b64encode(key).decode()}" for number, key in keys.items())


def as_environment() -> bytes:
    """Lines that an EnvironmentFile takes as they are."""
    lines = {
        "SECRET_KEY": settings.SECRET_KEY,
        "SECRET_KEY_FALLBACKS": ",".join(settings.SECRET_KEY_FALLBACKS),
        "ENCRYPTION_KEYS": pairs(settings.ENCRYPTION_KEYS),
        "HASH_KEY": base64.b64encode(settings.HASH_KEY).decode(),
        "AUDIT_SEAL_KEYS": pairs(settings.AUDIT_SEAL_KEYS),
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items() if value).encode()


def holds_backups(folder: Path) -> bool:
    """Is this a backup, a folder of backups, or inside of one?"""
    above = any((parent / manifest.NAME).exists() for parent in [folder, *folder.parents])
    return above or any(folder.glob(f"*/{manifest.NAME}"))


def export(target: Path, *, recipients: Sequence[Any]) -> None:
    target = target.resolve()
    if not recipients:
        raise BackupError("Keys are only ever written encrypted: name public keys of age in BACKUP_RECIPIENTS.")
    if target.exists():
        raise BackupError(f"{target} exists already; name a new file.")
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}.")
    if holds_backups(target.parent):
        raise BackupError(f"{target.parent} holds backups. Keep the keys elsewhere, locked away.")
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with new_part(draft) as part:
            age.encrypt(io.BytesIO(as_environment()), part, recipients)
        os.link(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(target.parent)
    with transaction.atomic():
        record(action="keys.exported", by=None, actor_label="system", changes={"file": target.name})

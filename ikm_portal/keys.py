"""Keys of an installation: from the environment in production, from a private file of the data folder otherwise."""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TypedDict

from django.core.exceptions import ImproperlyConfigured

SIZE = 32


class Keys(TypedDict):
    secret_key: str
    encryption_keys: str
    hash_key: str


def fresh_keys() -> Keys:
    """New random keys. `encryption_keys` is `id:base64` pairs, comma-separated; the highest id encrypts."""
    return {
        "secret_key": secrets.token_urlsafe(64),
        "encryption_keys": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "hash_key": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def keys_by_id(text: str, name: str) -> dict[int, bytes]:
    """`1:base64,2:base64` as numbers and bytes; nothing for an empty text. `name` is the setting's, for its refusal."""
    pairs = [pair.strip().partition(":") for pair in text.split(",") if pair.strip()]
    if any(not (number.isascii() and number.isdigit() and key) for number, _colon, key in pairs):
        raise ImproperlyConfigured(f"{name} is written NUMBER:KEY, several with commas: 1:base64,2:base64.")
    return {int(number): key_bytes(key, name) for number, _colon, key in pairs}


def key_bytes(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != SIZE:
        raise ImproperlyConfigured(f"A key in {name} must be {SIZE} bytes as base64: `openssl rand -base64 {SIZE}`.")
    return key


def local_keys(path: Path) -> Keys:
    """Keys kept in `path` (mode 0600), made on first use; two processes that start at once agree on one file."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(fresh_keys(), handle)
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its keys are the keys
    finally:
        draft.unlink()
    return json.loads(path.read_text())

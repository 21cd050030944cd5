"""Identity numbers and secrets at rest: authenticated encryption, keys by id, and keyed hashes to find them again."""

import base64
import hashlib
import hmac
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

NONCE_BYTES = 12
TAG_BYTES = 16


class UndecryptableError(Exception):
    """The key of this value is missing, or the value was changed or moved to another column."""


def newest_key_id() -> int:
    return max(settings.ENCRYPTION_KEYS)


def encrypt(text: str, *, context: str) -> bytes:
    """Key id (1 byte), nonce (12), AES-256-GCM-SIV of the text; `context` binds the value to its column."""
    key_id = newest_key_id()
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCMSIV(settings.ENCRYPTION_KEYS[key_id]).encrypt(nonce, text.encode(), context.encode())
    return bytes([key_id]) + nonce + sealed


def decrypt(value: bytes, *, context: str) -> str:
    if len(value) < 1 + NONCE_BYTES + TAG_BYTES:
        raise UndecryptableError("The value is too short to be an encrypted one.")
    key = settings.ENCRYPTION_KEYS.get(value[0])
    if key is None:
        raise UndecryptableError(f"No key with id {value[0]}.")
    nonce, sealed = value[1 : NONCE_BYTES + 1], value[NONCE_BYTES + 1 :]
    try:
        return AESGCMSIV(key).decrypt(nonce, sealed, context.encode()).decode()
    except InvalidTag as error:
        raise UndecryptableError("The value does not belong here or was changed.") from error


def encrypt_bound(text: str, *, context: str, secret: str) -> bytes:
    """As `encrypt`, under a key that also needs a secret which is not kept here: database and server keys open nothing.

    `rotate_keys` cannot renew such values; they are for what is short-lived.
    """
    key_id = newest_key_id()
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCMSIV(_bound_key(key_id, secret)).encrypt(nonce, text.encode(), context.encode())
    return bytes([key_id]) + nonce + sealed


def decrypt_bound(value: bytes, *, context: str, secret: str) -> str:
    if len(value) < 1 + NONCE_BYTES + TAG_BYTES or value[0] not in settings.ENCRYPTION_KEYS:
        raise UndecryptableError("The key of this value is gone, or it never was an encrypted one.")
    nonce, sealed = value[1 : NONCE_BYTES + 1], value[NONCE_BYTES + 1 :]
    try:
        return AESGCMSIV(_bound_key(value[0], secret)).decrypt(nonce, sealed, context.encode()).decode()
    except InvalidTag as error:
        raise UndecryptableError("The value does not belong to this secret or was changed.") from error


def _bound_key(key_id: int, secret: str) -> bytes:
    return hmac.new(settings.ENCRYPTION_KEYS[key_id], b"bound key\0" + secret.encode(), hashlib.sha256).digest()


def new_file_key() -> str:
    """A key for one file alone. It is kept encrypted in the file's row, so that without the row the bytes are noise."""
    return base64.b64encode(AESGCM.generate_key(256)).decode()


def encrypt_file(content: bytes, *, key: str, context: str) -> bytes:
    """Nonce (12) and AES-256-GCM of the bytes; `context` binds them to what they belong to."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(base64.b64decode(key)).encrypt(nonce, content, context.encode())


def decrypt_file(sealed: bytes, *, key: str, context: str) -> bytes:
    try:
        return AESGCM(base64.b64decode(key)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise UndecryptableError("These bytes were changed, or belong to another row.") from error


def reencrypt(value: bytes, *, context: str) -> bytes:
    """The same text under the newest key."""
    return encrypt(decrypt(value, context=context), context=context)


def keyed_hash(purpose: str, value: str) -> str:
    """64 hexadecimal digits that find a value without storing it; useless without the hash key. Purposes never mix."""
    return hmac.new(settings.HASH_KEY, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def keyed_number(purpose: str, value: str, *, digits: int) -> str:
    """A number of so many digits that only a holder of the hash key can compute again (a PIN from a form's own key)."""
    return str(int(keyed_hash(purpose, value), 16) % 10**digits).zfill(digits)


class EncryptedTextField(models.BinaryField):
    """Text that PostgreSQL only sees encrypted. Cannot be searched: keep a `keyed_hash` beside it."""

    # What the type checker takes a value of this field for.
    _pyi_private_set_type: str
    _pyi_private_get_type: str  # type: ignore[assignment]  # reads as text, not as the bytes of its base

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value: bytes | memoryview | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(bytes(value), context=self.context)

    def to_python(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes text, which is encrypted here; anything else would be stored as it is.")
        return super().get_db_prep_value(encrypt(value, context=self.context), connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError("An encrypted field is never serialised.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: look it up by its keyed hash.")
        return super().get_lookup(lookup_name)

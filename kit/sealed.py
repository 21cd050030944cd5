"""Names and addresses that people search for, kept out of addresses, histories and logs."""

import base64
import binascii
from typing import Any

from django import forms

from kit.crypto import UndecryptableError, decrypt, encrypt

MARK = "~"
CONTEXT = "search text"


def seal(text: str) -> str:
    """The text as it may stand in an address: only this installation reads it. Nothing stays nothing."""
    if not text:
        return ""
    return MARK + base64.urlsafe_b64encode(encrypt(text, context=CONTEXT)).decode().rstrip("=")


def unseal(token: str) -> str:
    """The text of a token; of a broken or foreign one nothing."""
    body = token.removeprefix(MARK)
    try:
        return decrypt(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), context=CONTEXT)
    except (UndecryptableError, binascii.Error, ValueError):
        return ""


class SealedSearchField(forms.CharField):
    """A search box: takes what was typed, by POST, and what an address carries sealed; shows the words of both."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return unseal(text) if text.startswith(MARK) else text

    def prepare_value(self, value: Any) -> Any:
        return unseal(value) if isinstance(value, str) and value.startswith(MARK) else value

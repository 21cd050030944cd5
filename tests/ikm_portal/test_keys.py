"""Keys that cannot be keys are refused at the start, by the name of their setting."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from ikm_portal.keys import fresh_keys, key_bytes, keys_by_id

KEY = base64.b64encode(b"k" * 32).decode()


def test_keys_by_id_reads_several_and_none() -> None:
    assert keys_by_id(f"1:{KEY}, 2:{KEY}", "ENCRYPTION_KEYS") == {1: b"k" * 32, 2: b"k" * 32}
    assert keys_by_id("", "AUDIT_SEAL_KEYS") == {}
    assert list(keys_by_id(fresh_keys()["encryption_keys"], "ENCRYPTION_KEYS")) == [1]


@pytest.mark.parametrize("text", [KEY, f"eins:{KEY}", "1:", f"1:{KEY[:20]}", "1:not base64!", f"1:{KEY};2:{KEY}"])
def test_keys_by_id_refuses_what_is_no_list_of_keys(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS"):
        keys_by_id(text, "ENCRYPTION_KEYS")


@pytest.mark.parametrize("text", ["", "secret", KEY[:-4]])
def test_key_bytes_refuses_what_is_no_key(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HASH_KEY must be 32 bytes"):
        key_bytes(text, "HASH_KEY")

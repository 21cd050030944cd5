import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.factories import PASSWORD

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Any]:
    """`sign_in("petugas", "password", next="/kerja/")` as the form does it."""

    def post(login: str, password: str = PASSWORD, *, address: str = "127.0.0.1", **data: str) -> Any:
        return client.post("/masuk/", {"login": login, "password": password, **data}, REMOTE_ADDR=address)

    return post


@pytest.fixture
def without_token() -> Callable[[HttpResponse], bytes]:
    """What a visitor sees, apart from the token that differs in every answer."""
    return lambda response: TOKEN.sub(b"", response.content)

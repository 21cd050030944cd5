from django.conf import settings as real_settings
from django.db import connection
from django.test import Client
from pytest_django import Settings

NOWHERE = "redis://127.0.0.1:1/0"


def test_healthz_asks_nobody(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_readyz_with_everything(client: Client, db: None) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "redis": True})


def test_readyz_without_redis_still_takes_visitors(client: Client, db: None, settings: Settings) -> None:
    default = real_settings.CACHES["default"]
    settings.CACHES = {"default": default | {"LOCATION": NOWHERE}}
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "redis": False})


def test_readyz_without_the_database_is_503(client: Client, transactional_db: None) -> None:
    connection.close()
    port, connection.settings_dict["OPTIONS"]["host"] = connection.settings_dict["OPTIONS"].get("host"), "/nowhere"
    try:
        response = client.get("/readyz")
    finally:
        connection.settings_dict["OPTIONS"]["host"] = port
        connection.close()
    assert (response.status_code, response.json()["database"]) == (503, False)

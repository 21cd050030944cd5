import threading
from ipaddress import IPv4Address

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from redis.exceptions import RedisError

from kit.throttle import allow, client_address

REQUESTS = RequestFactory()
UNREADABLE = "0.0.0.0"  # noqa: S104 - a label, nothing is bound to it


def address(peer: str, forwarded: str | None = None) -> str:
    headers = None if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(REQUESTS.get("/", headers=headers, REMOTE_ADDR=peer))


def test_allow_counts_each_key_by_itself() -> None:
    assert [allow("a", 2, 60) for _ in range(4)] == [True, True, False, False]
    assert allow("b", 2, 60)


def test_allow_nothing_where_the_limit_is_zero() -> None:
    assert not allow("a", 0, 60)


def test_allow_counts_exactly_under_concurrency() -> None:
    barrier, answers = threading.Barrier(20), []

    def press() -> None:
        barrier.wait()
        answers.append(allow("rush", 7, 60))

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 13 + [True] * 7


def test_allow_keeps_the_window_of_the_first_call() -> None:
    allow("a", 9, 60)
    allow("a", 9, 3600)
    [name] = cache._cache.get_client(None).scan_iter("*throttle:*")  # type: ignore[attr-defined]  # the cache's own client has no public name
    assert 0 < cache._cache.get_client(None).ttl(name) <= 60  # type: ignore[attr-defined]  # the cache's own client has no public name


def test_allow_keeps_no_key_in_clear() -> None:
    allow("login:081234567890", 9, 60)
    [name] = cache._cache.get_client(None).scan_iter("*throttle:*")  # type: ignore[attr-defined]  # the cache's own client has no public name
    assert b"081234567890" not in name


def test_allow_lets_everybody_through_when_redis_is_down(settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nonexistent/valkey.sock",
        }
    }
    with pytest.raises(RedisError):
        cache.get("anything")
    assert [allow("a", 1, 60) for _ in range(3)] == [True, True, True]


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "127.0.0.1"),
        ("unix:", UNREADABLE),
    ],
)
def test_client_address_of_a_direct_visitor(peer: str, expected: str) -> None:
    assert address(peer) == expected


def test_client_address_believes_no_header_without_a_trusted_proxy() -> None:
    assert address("203.0.113.7", "198.51.100.1") == "203.0.113.7"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (2, "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "198.51.100.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "1.1.1.1, nonsense", UNREADABLE),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ],
)
def test_client_address_behind_proxies(settings: Settings, proxies: int, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert address("10.0.0.1", forwarded) == expected


@given(st.ip_addresses(v=4))
def test_client_address_tells_ipv4_visitors_apart(visitor: IPv4Address) -> None:
    assert address(str(visitor)) == address(f"::ffff:{visitor}") == str(visitor)

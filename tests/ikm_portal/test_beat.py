"""However many beats are started, each tick is sent once; when the one that ticks dies, another goes on."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings

from tests.support.servers import ROOT

QUEUE = "celery"


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


@pytest.fixture
def beats() -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def start_beat() -> subprocess.Popen[bytes]:
    command = ["-W", "ignore:::celery.platforms", "-m", "celery", "-A", "tests.support.ticking", "beat"]
    return subprocess.Popen(
        [sys.executable, *command, "--pidfile", ""], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def sent(broker: redis.Redis) -> int:
    return int(broker.llen(QUEUE))  # type: ignore[arg-type]  # its type allows for the asynchronous client


def leader(broker: redis.Redis) -> int:
    holder = broker.get(f"{settings.CACHES['default']['KEY_PREFIX']}:beat:leader")
    return int(str(holder).split(":")[1]) if holder else 0


def wait_until_sent(broker: redis.Redis, count: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while sent(broker) < count:
        assert time.monotonic() < deadline, f"{sent(broker)} of {count} ticks within {seconds} s"
        time.sleep(0.05)


@pytest.mark.slow
def test_two_beats_send_each_tick_once_and_stand_in_for_each_other(
    broker: redis.Redis, beats: list[subprocess.Popen[bytes]]
) -> None:
    beats += [start_beat(), start_beat()]
    wait_until_sent(broker, 1, 30)
    began = time.monotonic()
    wait_until_sent(broker, 6, 20)
    assert time.monotonic() - began > 4  # five more ticks of a second each: two clocks would have needed half of it

    first = leader(broker)
    [dead, heir] = sorted(beats, key=lambda beat: beat.pid != first)
    dead.kill()
    wait_until_sent(broker, sent(broker) + 2, 20)
    assert leader(broker) == heir.pid

    heir.terminate()
    assert heir.wait(20) == 0
    assert leader(broker) == 0

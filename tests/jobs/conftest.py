from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import Agency, User
from jobs import actions
from jobs.models import Job
from kit import wakeup
from tests import factories
from tests.jobs import kinds

Start = Callable[..., Job]


@pytest.fixture(autouse=True)
def kinds_and_folder(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.JOB_KINDS = {name: f"tests.jobs.kinds.{name}" for name in ("count", "quiet", "refuse", "crash", "wait")}
    settings.MEDIA_ROOT = tmp_path
    kinds.ran.clear()
    kinds.release.clear()
    kinds.begun.clear()
    wakeup.listen_again()
    yield
    wakeup.listen_again()


@pytest.fixture
def agency(db: None) -> Agency:
    factories.region_tree()
    return Agency.objects.create(name="Dinas Pekalongan", short_name="Dinas", slug="dinas", region_id="33.75")


@pytest.fixture
def owner(agency: Agency) -> User:
    return User.objects.create_user("petugas", "rahasia-sekali", full_name="Petugas")


@pytest.fixture
def stranger(agency: Agency) -> User:
    return User.objects.create_user("orang.lain", "rahasia-sekali", full_name="Orang Lain")


@pytest.fixture
def start(agency: Agency, owner: User) -> Start:
    def started(kind: str = "count", **params: int) -> Job:
        return actions.start(kind=kind, params=params or {"rows": 100}, agency=agency, by=owner, title="Ekspor")

    return started

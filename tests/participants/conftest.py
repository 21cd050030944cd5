from pathlib import Path

import pytest
from pytest_django import Settings

from participants.models import Registration
from programs.models import Batch, Demand
from tests import cast, factories


@pytest.fixture
def batch(db: None) -> Batch:
    """Bendan Kergon, open, 40 seats and 10 waiting places."""
    program = factories.program(cast.home_agency(), slug="pelatihan", name="Pelatihan Kerja")
    return factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")


@pytest.fixture
def own_folder(tmp_path: Path, settings: Settings) -> Path:
    """Where the stored files of one test lie."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def asked_entry(batch: Batch, own_folder: Path) -> Registration:
    """Of a programme that needs the identity card and asks for the letter of domicile."""
    program = batch.program
    program.identity_card, program.domicile_letter = Demand.REQUIRED, Demand.OPTIONAL
    program.save()
    return factories.registration(batch, has_domicile_letter=True)

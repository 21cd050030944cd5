import pytest

from programs.models import Batch
from tests import cast, factories


@pytest.fixture
def batch(db: None) -> Batch:
    """Bendan Kergon, open, 40 seats and 10 waiting places."""
    program = factories.program(cast.home_agency(), slug="pelatihan", name="Pelatihan Kerja")
    return factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")

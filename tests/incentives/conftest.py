import pytest

from programs.models import Batch
from tests import cast, factories


@pytest.fixture
def batch(db: None) -> Batch:
    """Of the home office, open now."""
    return factories.batch(factories.program(cast.home_agency()))

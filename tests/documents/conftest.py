from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from documents.kinds import paper_kinds


@pytest.fixture(autouse=True)
def paperwork(settings: LazySettings) -> Iterator[None]:
    """The papers of the tests are known beside those of the portal."""
    settings.PAPER_MODULES = [*settings.PAPER_MODULES, "tests.documents.paperwork"]
    paper_kinds.cache_clear()
    yield
    paper_kinds.cache_clear()

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that root's `nobody` can pass; pytest closes its own again whenever another session begins."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)

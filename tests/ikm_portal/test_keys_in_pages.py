"""Keys of rows in addresses and forms are written without a mark for thousands, however many rows there are."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
BARE_KEY = re.compile(r"\{\{ (?:\w+\.)+(?:pk|topic_id|revision|candidate\.key) \}\}")


def test_no_template_writes_a_bare_key() -> None:
    """1234 would stand there as 1.234, and the page that reads it would find nothing."""
    found = [
        f"{path.relative_to(TEMPLATES.parent)}: {match[0]}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for match in BARE_KEY.finditer(path.read_text())
    ]
    assert found == []

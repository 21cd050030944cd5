"""What `make check` finds, tried on a text with known faults."""

import shutil
from pathlib import Path

import pytest

from ikm_portal import checking

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Seat"
msgstr "Tempat"

msgid "Waiting"
msgstr ""

msgid ""
"Two\\n"
"lines"
msgstr ""

#, fuzzy
msgid "Offer"
msgstr "Tawar"
"""

pytestmark = pytest.mark.skipif(not shutil.which("msgattrib"), reason="gettext is not installed")


def test_untranslated_and_fuzzy_entries_are_found(tmp_path: Path) -> None:
    folder = tmp_path / checking.LOCALE
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO)
    untranslated = checking.messages(tmp_path, "--untranslated")
    assert untranslated == ['msgid "Waiting"\nmsgstr ""', 'msgid ""\n"Two\\n"\n"lines"\nmsgstr ""']
    assert [entry.splitlines()[1] for entry in checking.messages(tmp_path, "--only-fuzzy")] == ['msgid "Offer"']


def test_failing_tool_gives_its_words() -> None:
    assert checking.tool("sh", "-c", "echo wrong; exit 3") == "wrong"
    assert checking.tool("sh", "-c", "exit 3") == "sh ended with 3"
    assert checking.tool("true") == ""

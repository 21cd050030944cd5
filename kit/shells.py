"""Pages that a browser keeps: what tells that anything of them has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders


def weighed(words: str, *, templates: Iterable[str], statics: Iterable[str]) -> str:
    """Another one as soon as a word, a template or a static file is another one."""
    found = hashlib.sha256(words.encode())
    for name in templates:
        found.update((settings.BASE_DIR / "templates" / name).read_bytes())
    for name in statics:
        file = finders.find(name)
        found.update(Path(file).read_bytes() if isinstance(file, str) else name.encode())
    return found.hexdigest()[:16]

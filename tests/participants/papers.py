"""What the tests of photos of documents share."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from participants import actions
from participants.models import EvidenceFile, EvidenceKind, Registration
from tests import cast
from tests.support import photos

CARD, LETTER = EvidenceKind.IDENTITY_CARD, EvidenceKind.DOMICILE_LETTER


def sent(entry: Registration, kind: str = CARD, content: bytes = b"") -> EvidenceFile:
    return actions.add_evidence(registration=entry, kind=kind, content=content or photos.located(), by=None)


def seen(entry: Registration, photo: EvidenceFile) -> EvidenceFile:
    actions.look_at_evidence(photo=EvidenceFile.objects.get(pk=photo.pk), by=cast.verifier())
    return photo


def on_disk(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def refused(code: str, act: Any, **values: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        act(**values)
    assert caught.value.code == code


def trail(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=f"registration.{action}").order_by("pk"))

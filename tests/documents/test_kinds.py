import pytest
from django.conf import LazySettings

from documents import kinds, rules
from documents.kinds import PaperKind
from tests.documents.paperwork import ANNOUNCEMENT, INVITATION


def test_paper_kinds_are_those_that_the_modules_tell() -> None:
    assert kinds.paper_kind("test_invitation") is INVITATION
    assert kinds.paper_kind("unheard_of") is None
    assert [kind.code for kind in kinds.kinds_of_scope("agency")] == [
        *("test_invitation", "test_announcement", "test_incomplete"),
    ]
    assert kinds.scope_key(ANNOUNCEMENT, 12) == "agency:12"


def test_paper_kinds_are_told_once(settings: LazySettings) -> None:
    settings.PAPER_MODULES = ["tests.documents.paperwork", "tests.documents.paperwork"]
    kinds.paper_kinds.cache_clear()
    with pytest.raises(ValueError, match="test_invitation again"):
        kinds.paper_kinds()


def faults(kind: PaperKind) -> list[object]:
    found: list[object] = []
    for block in kind.blocks:
        found += [(kind.code, block.code, *fault) for fault in rules.faults_of_block(block.default, kind.known, ())]
        missing = [name for name in block.required if f"{{{name}}}" not in block.default]
        found += [(kind.code, block.code, name) for name in missing]
        if not block.default and not block.may_be_empty:
            found.append((kind.code, block.code, "empty"))
    if set(kind.sample["values"]) != set(kind.placeholders):
        found.append((kind.code, "sample"))
    return found


def test_every_kind_of_paper_has_texts_that_its_sample_fills() -> None:
    assert [fault for kind in kinds.paper_kinds().values() for fault in faults(kind)] == []

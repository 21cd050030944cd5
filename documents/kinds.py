"""What an official paper is: apps tell their kinds in `papers.py` as `PAPERS`, and settings.PAPER_MODULES names these.

A kind finds the thing that it is about (a batch, a session), names the single papers of it (one for each participant,
or one alone) and builds what is printed. Texts are the office's: blocks with placeholders, in Indonesian.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.conf import settings

from accounts.models import Agency, User
from accounts.roles import Permission

# What `build` answers for one paper: {"values": {placeholder: text}, and whatever else the layout prints (JSON)}.
# "not_before" is the first day that the paper may bear ("2024-07-02"), and is not printed.
Snapshot = dict[str, Any]

# Placeholders that the core fills on every paper, beside those of the kind.
COMMON = ("nomor", "tanggal", "tanggal_huruf", "kantor", "kota", "tahun")

# Papers at large, and the kinds that only those may see and issue who keep what they tell of (`sees`, `issues`).
# Views let in whoever holds one of them; the rows say which papers these are.
SEEING = (Permission.VIEW_DOCUMENTS, Permission.VIEW_PRIVACY)
ISSUING = (Permission.ISSUE_DOCUMENTS, Permission.MANAGE_PRIVACY)


@dataclass(frozen=True)
class Subject:
    """One paper to be made. `key` names what it is about for ever: "batch:12", "session:7", "entry:99".

    `source` carries what `subjects` has loaded already to `build`, and is no part of what a subject is.
    """

    key: str
    label: str
    agency: Agency = field(compare=False)
    region_id: str | None = None
    source: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Block:
    """A text that the office may change. An empty line begins a new paragraph (in lists: a new point).

    `default` is in Indonesian; `required` are the placeholders without which it would not do its work.
    """

    code: str
    label: Any
    default: str
    required: tuple[str, ...] = ()
    may_be_empty: bool = False


@dataclass(frozen=True)
class PaperKind:
    """`title` is for screens (gettext), `name` what the paper is called in Indonesian wherever it is shown.

    `scope` is the sort of thing that `find` finds ("batch", "session", "program"); its papers are asked for under the
    key "batch:12". `build` takes many subjects at once, so that a thousand papers cost a few queries, and answers
    one snapshot for each, in their order; it raises `ValidationError` with a sentence when something is missing.
    `sample` is a made-up snapshot that previews show: its "values" hold every placeholder.
    `signers` are the positions whose holders sign, in the order of the layout.
    """

    code: str
    title: Any
    name: str
    scope: str
    layout: str
    blocks: tuple[Block, ...]
    placeholders: Mapping[str, Any]
    find: Callable[[User, int], Any | None]
    subjects: Callable[[Any], Iterable[Subject]]
    build: Callable[[Sequence[Subject]], Sequence[Snapshot]]
    sample: Snapshot
    numbered: bool = True
    needed: bool = True
    signers: tuple[str, ...] = ("agency_head",)
    # The size that the form needs, whatever paper the office writes its letters on; empty: the office's.
    paper_size: str = ""
    # Called in the transaction that issues, before any other lock: holds what these papers rest on as it is, and
    # refuses what fell away since the subjects were read.
    hold: Callable[[Sequence[Subject]], None] | None = None
    # How many papers each thing of the scope needs, by its key, without making them; None: one.
    counts: Callable[[Sequence[int]], Mapping[int, int]] | None = None
    # What the public page tells besides number and status, from what is printed: a certificate whose it is, a list of
    # payments nothing. None: date and office alone.
    tells: Callable[[Mapping[str, Any]], Sequence[tuple[Any, str]]] | None = None
    # Words that no text of this kind may hold, and the sentence that says why.
    forbidden: Mapping[str, Any] = field(default_factory=dict)
    # What this kind asks for in place of seeing and of issuing papers at large: one of SEEING, one of ISSUING.
    sees: Permission = Permission.VIEW_DOCUMENTS
    issues: Permission = Permission.ISSUE_DOCUMENTS

    def block(self, code: str) -> Block | None:
        return next((block for block in self.blocks if block.code == code), None)

    def asks(self, permission: Permission) -> Permission:
        """What somebody must hold for this kind where papers at large ask for `permission`."""
        own = {Permission.VIEW_DOCUMENTS: self.sees, Permission.ISSUE_DOCUMENTS: self.issues}
        return own.get(permission, permission)

    @property
    def known(self) -> tuple[str, ...]:
        """Every placeholder that a block of this kind may hold."""
        return (*COMMON, *self.placeholders)


def sample(values: dict[str, str], body: Snapshot) -> Snapshot:
    return {"values": values, **body}


@lru_cache(maxsize=1)
def paper_kinds() -> dict[str, PaperKind]:
    """Every kind by its code, in the order of settings.PAPER_MODULES."""
    found: dict[str, PaperKind] = {}
    for path in settings.PAPER_MODULES:
        for kind in import_module(path).PAPERS:
            if kind.code in found:
                raise ValueError(f"{path} tells the kind {kind.code} again")
            found[kind.code] = kind
    return found


def paper_kind(code: str) -> PaperKind | None:
    return paper_kinds().get(code)


def permission_for(code: str, permission: Permission) -> Permission:
    """Of a kind that no app tells any more: what papers at large ask for."""
    kind = paper_kind(code)
    return kind.asks(permission) if kind else permission


def kinds_of_scope(scope: str) -> list[PaperKind]:
    return [kind for kind in paper_kinds().values() if kind.scope == scope]


def scope_key(kind: PaperKind, pk: int) -> str:
    return f"{kind.scope}:{pk}"

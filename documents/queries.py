"""What stands on a paper: the office's texts, its head, who signs, and what the kind built, put together as JSON."""

import base64
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from documents.kinds import PaperKind, Snapshot, Subject
from documents.models import (
    Document,
    Numbering,
    PositionKind,
    Status,
    TemplateVersion,
    letterhead_of,
    signatory_for,
)
from documents.rules import Series, date_words, filled_block
from documents.typesetting import LayoutFault, Order, assembled, product_layout
from jobs.models import StoredFile
from kit.words import date_in_words
from notifications.rules import tidy

DRAFT_NUMBER = "…"
# What a kind builds beside the body: what fills the texts, and the first day that the paper may bear.
BESIDE_BODY = ("values", "not_before")


@dataclass(frozen=True)
class Frame:
    """What all papers of one kind and day share. `fixed` is printed on each; `texts` still hold placeholders."""

    agency: Agency
    kind: PaperKind
    date: dt.date
    template: TemplateVersion | None
    source: str
    fixed: dict[str, Any]
    texts: dict[str, str]


def standard_texts(kind: PaperKind) -> dict[str, str]:
    return {block.code: block.default for block in kind.blocks}


def texts_of(kind: PaperKind, template: TemplateVersion | None) -> dict[str, str]:
    """The office's own blocks, and the standard ones where it has none."""
    own = template.blocks if template else {}
    return {code: str(own.get(code, text)) for code, text in standard_texts(kind).items()}


def template_of(agency: Agency, kind: PaperKind) -> TemplateVersion | None:
    return TemplateVersion.objects.in_force(agency).filter(kind=kind.code).first()


def signatories_of(agency: Agency, kind: PaperKind, on: dt.date) -> list[dict[str, Any]]:
    """Who signs on that day, in the order of the kind; refuses when a position has nobody."""
    found = []
    for position in kind.signers:
        who = signatory_for(agency, position, on, paper=kind.code)
        if who is None:
            raise ValidationError(
                _("Nobody is entered who signs as “%(position)s” on %(date)s. Enter the official first."),
                code="no_signatory",
                params={"position": _position_label(position), "date": date_words(on)},
            )
        found.append(who.as_json())
    return found


def _position_label(position: str) -> str:
    return str(PositionKind(position).label) if position in PositionKind.values else position


def frame_of(
    agency: Agency,
    kind: PaperKind,
    date: dt.date,
    *,
    signatories: Sequence[Mapping[str, Any]],
    template: TemplateVersion | None,
) -> Frame:
    head = letterhead_of(agency)
    told = head.as_json()
    fixed = {
        "title": kind.name,
        "paper": (template.paper_size if template else "") or kind.paper_size or agency.paper_size,
        "date": date_words(date),
        "day": [date.year, date.month, date.day],
        "place": told["place"],
        "head": told if template is None or template.with_letterhead else None,
        "signatories": list(signatories),
    }
    layout = (template.layout if template else "") or product_layout(kind.layout)
    return Frame(agency, kind, date, template, assembled(layout), fixed, texts_of(kind, template))


def body_of(snapshot: Snapshot) -> dict[str, Any]:
    return {name: value for name, value in snapshot.items() if name not in BESIDE_BODY}


def check_date(frame: Frame, snapshot: Snapshot) -> None:
    """No paper tells of a day that had not come yet."""
    first = snapshot.get("not_before", "")
    if first and frame.date.isoformat() < first:
        told = {"paper": frame.kind.name, "date": date_words(dt.date.fromisoformat(first))}
        raise ValidationError(
            {"date": ValidationError(_("%(paper)s bears no date before %(date)s."), code="too_early", params=told)}
        )


def printed_on(frame: Frame, snapshot: Snapshot, *, number: str, token: str = "", edition: int = 1) -> dict[str, Any]:
    """The JSON of one paper. Without a token it is a draft, which says so across each page."""
    values = snapshot.get("values", {}) | {
        "nomor": number,
        "tanggal": frame.fixed["date"],
        "tanggal_huruf": date_in_words(frame.date),
        "kantor": frame.agency.name,
        "kota": frame.fixed["place"],
        "tahun": str(frame.date.year),
    }
    return frame.fixed | {
        "number": number,
        "edition": edition,
        "draft": not token,
        "verify_url": settings.SITE_URL + reverse("documents:verify", args=[token]) if token else "",
        "texts": {code: filled_block(text, values) for code, text in frame.texts.items()},
        "body": body_of(snapshot),
    }


def built(kind: PaperKind, subjects: Sequence[Subject]) -> list[Snapshot]:
    """Papers speak the official language, whoever asks for them."""
    with translation.override("id"):
        snapshots = list(kind.build(subjects))
    if len(snapshots) != len(subjects):
        raise ValueError(f"{kind.code} built {len(snapshots)} papers of {len(subjects)}")
    return snapshots


def series_of(agency: Agency, kind: PaperKind) -> tuple[Numbering, Series]:
    """How the office numbers this kind; it refuses as long as the office has not said so."""
    numbering = Numbering.objects.for_kind(agency, kind)
    if numbering is None:
        raise ValidationError(
            _("The office has not entered how its papers are numbered. Enter the pattern of numbers first."),
            code="no_numbering",
        )
    own = numbering.series
    unit = own.unit or str(letterhead_of(agency).as_json()["unit_code"])
    return numbering, Series(own.pattern, own.classification, unit, own.code)


def drafts_of(kind: PaperKind, subjects: Sequence[Subject], date: dt.date) -> list[Order]:
    """What the papers would look like: no number, no address, and the word for draft across each page."""
    agency = subjects[0].agency
    try:
        signatories = signatories_of(agency, kind, date)
    except ValidationError:
        signatories = []
    frame = frame_of(agency, kind, date, signatories=signatories, template=template_of(agency, kind))
    return [
        order_of(frame.source, printed_on(frame, snapshot, number=DRAFT_NUMBER), 0)
        for snapshot in built(kind, subjects)
    ]


def order_of(source: str, printed: dict[str, Any], at: int, **how: Any) -> Order:
    """The order to the typesetter, with the arms in place of the name of their file."""
    head = printed.get("head")
    if head and head.get("arms"):
        printed = printed | {"head": head | {"arms": arms_of(head["arms"])}}
    return Order(source, printed, at, **how)


def arms_of(named: Mapping[str, Any]) -> str:
    """The picture of the head as an address of data; a head without it when the disk lost it."""
    try:
        return _picture(named["file"], named["sha256"])
    except (StoredFile.DoesNotExist, Http404):
        return ""


@lru_cache(maxsize=4)
def _picture(file: int, sha256: str) -> str:
    """Read once for many papers: what has this hash never changes."""
    stored = StoredFile.objects.get(pk=file, sha256=sha256)
    return f"data:{stored.content_type};base64,{base64.b64encode(stored.content()).decode()}"


def order_for(document: Document) -> Order:
    """The order that gives the bytes of an issued paper, now and in ten years."""
    return order_of(document.layout.source, document.printed, int(document.issued_at.timestamp()))


def copy_for(document: Document, on: dt.date) -> Order:
    """The same paper with the word for copy and the day on each page, for somebody who lost the sheet."""
    marks = {"copy": date_words(on), "copy_signed": document.status == Status.SIGNED}
    return order_of(document.layout.source, document.printed | marks, int(document.issued_at.timestamp()))


def subject_of(document: Document, user: User) -> Subject | None:
    """What a paper is about as it is now; None when by today's data this paper would not be made."""
    kind, (_scope, _colon, pk) = document.paper, document.scope.partition(":")
    thing = kind.find(user, int(pk)) if kind else None
    if kind is None or thing is None:
        return None
    try:
        return next((one for one in kind.subjects(thing) if one.key == document.subject), None)
    except ValidationError:
        return None


def changes_since(document: Document, subject: Subject, *, most: int = 5) -> list[tuple[str, str]]:
    """What a corrected edition would say instead: (as printed, as it is now). Texts of the office do not count."""
    if document.paper is None:
        return []
    try:
        [snapshot] = built(document.paper, [subject])
    except ValidationError:
        return []
    before, after = leaves(document.printed.get("body", {})), leaves(json.loads(as_json(body_of(snapshot))))
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    found = [(before[a:b], after[c:d]) for step, a, b, c, d in steps if step != "equal"]
    return [(", ".join(old), ", ".join(new)) for old, new in found[:most]]


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)


def leaves(value: Any) -> list[str]:
    """The words of what is printed, in their order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [] if value in (None, "") else [str(value)]


@dataclass(frozen=True)
class Wording:
    """What somebody typed: the blocks by code, and how the paper looks. An empty layout is the product's."""

    blocks: Mapping[str, str]
    paper_size: str = ""
    with_letterhead: bool = True
    layout: str = ""

    def tidy_for(self, kind: PaperKind) -> "Wording":
        """Only blocks of the kind that differ from the standard ones."""
        standard = standard_texts(kind)
        typed = {code: tidy(text) for code, text in self.blocks.items() if code in standard}
        own = {code: text for code, text in typed.items() if text != standard[code]}
        return Wording(own, self.paper_size, self.with_letterhead, self.layout.replace("\r\n", "\n").strip("\n"))


def sample_order(agency: Agency, kind: PaperKind, wording: Wording, **how: Any) -> Order:
    """The made-up paper of the kind in these words."""
    typed = TemplateVersion(
        agency=agency,
        kind=kind.code,
        blocks=dict(wording.blocks),
        paper_size=wording.paper_size,
        with_letterhead=wording.with_letterhead,
        layout=wording.layout,
    )
    frame = frame_of(agency, kind, agency.today(), signatories=sample_signatories(kind), template=typed)
    return order_of(frame.source, printed_on(frame, kind.sample, number="000/CONTOH"), 0, **how)


def sample_signatories(kind: PaperKind) -> list[dict[str, Any]]:
    one = {"lines": ["KEPALA DINAS CONTOH,"], "name": "Nama Pejabat Contoh, S.E.", "rank": "Pembina", "grade": "IV/a"}
    return [one | {"written_nip": "19800101 200501 1 001"} for _position in kind.signers]


def fault_in_words(fault: LayoutFault) -> str:
    if fault.line:
        return str(_("Line %(line)d: %(fault)s")) % {"line": fault.line, "fault": fault.message}
    return fault.message

"""A paper gets its number and its row in one short transaction; it is set in type afterwards."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import line_of, record
from accounts.models import Agency, AuditEntry, User
from accounts.permissions import holds
from accounts.roles import Permission
from documents.kinds import PaperKind, Snapshot, Subject, permission_for
from documents.models import Document, Layout, NumberSequence, Status, new_token
from documents.queries import (
    Frame,
    as_json,
    built,
    check_date,
    frame_of,
    printed_on,
    series_of,
    signatories_of,
    template_of,
)
from documents.rules import Series, written_number
from documents.typesetting import ENGINE, digest
from kit.refusals import spoken_refusals
from kit.wakeup import wake_after_commit

RENDER = "documents.tasks.render"
Signatories = Sequence[Mapping[str, Any]]
ENDED = _("This edition has been replaced or revoked already.")


@transaction.atomic
def issue(
    *, kind: PaperKind, scope: str, subject: Subject, date: dt.date, by: User, signatories: Signatories | None = None
) -> Document:
    """One paper. Refuses when it exists already: a second number for the same thing is a mistake."""
    if Document.objects.in_force().filter(kind=kind.code, subject=subject.key).exists():
        raise ValidationError(Document.ONE_IN_FORCE, code="documents_document_one_in_force")
    [made] = issue_many(kind=kind, scope=scope, subjects=[subject], date=date, by=by, signatories=signatories)
    wake_after_commit(RENDER, made.pk)
    return made


@transaction.atomic
def issue_many(
    *,
    kind: PaperKind,
    scope: str,
    subjects: Sequence[Subject],
    date: dt.date,
    by: User,
    signatories: Signatories | None = None,
) -> list[Document]:
    """The papers in force of all these subjects: those that are missing are issued, in the order given.

    Called again after an interruption it goes on where it stopped; two at once give each paper one number.
    """
    if not subjects:
        return []
    agency = _one_agency(kind, subjects, by)
    keys = [subject.key for subject in subjects]
    here = _in_force(kind, keys)
    missing = [subject for subject in subjects if subject.key not in here]
    if missing:
        _hold(kind, missing)
        signing = signatories_of(agency, kind, date) if signatories is None else signatories
        frame = frame_of(agency, kind, date, signatories=signing, template=template_of(agency, kind))
        prepared = list(zip(missing, built(kind, missing), strict=True))
        for _subject, snapshot in prepared:
            check_date(frame, snapshot)
        here |= _write(frame, scope, prepared, by)
    return [here[key] for key in keys]


@transaction.atomic
def reissue(*, document: Document, subject: Subject, reason: str, by: User) -> Document:
    """A corrected edition under the same number, day and address; the former one stays and is called replaced."""
    kind = document.paper
    if kind is None or subject.key != document.subject:
        raise ValueError(f"{document.subject} is not {subject.key}")
    _one_agency(kind, [subject], by)
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Say what was wrong."), code="reason_missing")})
    _hold(kind, [subject])
    ended = Document.objects.in_force().filter(pk=document.pk).update(status=Status.REPLACED)
    if not ended:
        raise ValidationError(ENDED, code="document_ended")
    signing = signatories_of(document.agency, kind, document.date)
    frame = frame_of(
        document.agency, kind, document.date, signatories=signing, template=template_of(document.agency, kind)
    )
    [snapshot] = built(kind, [subject])
    edition = document.edition + 1
    printed = printed_on(frame, snapshot, number=document.number, token=document.token, edition=edition)
    row = _row(frame, document.scope, subject, printed, by)
    row.sequence_id, row.position, row.number = document.sequence_id, document.position, document.number
    row.token, row.edition, row.reason = document.token, edition, reason.strip()[:250]
    with spoken_refusals(Document):
        row.save(force_insert=True)
    changes = {"number": row.number, "edition": edition, "reason": row.reason}
    record(action="paper.reissued", by=by, target=row, agency=row.agency, changes=changes)
    wake_after_commit(RENDER, row.pk)
    return row


@transaction.atomic
def revoke(*, document: Document, reason: str, by: User) -> Document:
    """The paper no longer counts. Number and address stay, and say so."""
    asked = permission_for(document.kind, Permission.ISSUE_DOCUMENTS)
    _require(by, asked, document.agency, document.region_id)
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Say why the paper is revoked."), code="reason_missing")})
    told = {"revoked_by": by, "revoked_at": timezone.now(), "reason": reason.strip()[:250]}
    if not Document.objects.in_force().filter(pk=document.pk).update(status=Status.REVOKED, **told):
        raise ValidationError(ENDED, code="document_ended")
    document.refresh_from_db()
    changes = {"number": document.number, "reason": document.reason}
    record(action="paper.revoked", by=by, target=document, agency=document.agency, changes=changes)
    return document


@transaction.atomic
def revoke_groundless(
    *, kind: str, subjects: Sequence[str], reason: str, by: User | None, actor_label: str = ""
) -> None:
    """Papers whose ground a decision elsewhere took away. Who may decide it may end them: nobody is asked."""
    rows = Document.objects.in_force().filter(kind=kind, subject__in=subjects).select_related("agency", "region")
    ended = list(rows.select_for_update(of=("self",), no_key=True).defer("content").order_by("pk"))
    told = {"revoked_by": by, "revoked_at": timezone.now(), "reason": reason.strip()[:250]}
    Document.objects.filter(pk__in=[row.pk for row in ended]).update(status=Status.REVOKED, **told)
    for row in ended:
        changes = {"number": row.number, "reason": told["reason"], "subject": row.subject}
        record(action="paper.revoked", by=by, target=row, agency=row.agency, changes=changes, actor_label=actor_label)


def _hold(kind: PaperKind, subjects: Sequence[Subject]) -> None:
    if kind.hold is not None:
        kind.hold(subjects)


def _one_agency(kind: PaperKind, subjects: Sequence[Subject], by: User) -> Agency:
    agency = subjects[0].agency
    if any(subject.agency.pk != agency.pk for subject in subjects):
        raise ValueError("papers of two offices at once")
    for region_id in {subject.region_id for subject in subjects}:
        _require(by, kind.issues, agency, region_id)
    return agency


def _require(by: User, asked: Permission, agency: Agency, region_id: str | None) -> None:
    if not holds(by, asked, agency.pk, region_id or agency.region_id):
        raise PermissionDenied


def _in_force(kind: PaperKind, keys: Sequence[str]) -> dict[str, Document]:
    found = Document.objects.in_force().filter(kind=kind.code, subject__in=keys)
    return {document.subject: document for document in found.select_related("layout", "agency")}


def _write(frame: Frame, scope: str, prepared: Sequence[tuple[Subject, Snapshot]], by: User) -> dict[str, Document]:
    """From here to the commit nobody else takes numbers of this register: what others issued meanwhile stays theirs."""
    layout = _layout(frame.source)
    sequence, series = _counter(frame)
    taken = _in_force(frame.kind, [subject.key for subject, _snapshot in prepared])
    rows = []
    for subject, snapshot in prepared:
        if subject.key in taken:
            continue
        token, number = new_token(), ""
        if sequence is not None:
            sequence.last += 1
            number = written_number(series, sequence.last, frame.date)
        printed = printed_on(frame, snapshot, number=number, token=token)
        row = _row(frame, scope, subject, printed, by, layout)
        row.token, row.number = token, number
        row.sequence, row.position = sequence, sequence.last if sequence else None
        rows.append(row)
    with spoken_refusals(Document, NumberSequence):
        if sequence is not None:
            NumberSequence.objects.filter(pk=sequence.pk).update(last=sequence.last)
        # Papers without a number have no lock: of two at once the second leaves the first alone.
        Document.objects.bulk_create(rows, ignore_conflicts=sequence is None)
    if sequence is None:
        taken = _in_force(frame.kind, [subject.key for subject, _snapshot in prepared])
        mine = {row.token for row in rows}
        rows = [row for row in taken.values() if row.token in mine]
    AuditEntry.objects.bulk_create(_line(row, frame, by) for row in rows)
    return taken | {row.subject: row for row in rows}


def _line(row: Document, frame: Frame, by: User) -> AuditEntry:
    changes = {"kind": row.kind, "number": row.number, "subject": row.subject}
    return line_of(action="paper.issued", by=by, target=row, agency=frame.agency, changes=changes)


def _counter(frame: Frame) -> tuple[NumberSequence | None, Series]:
    if not frame.kind.numbered:
        return None, Series("")
    numbering, series = series_of(frame.agency, frame.kind)
    return NumberSequence.objects.locked(frame.agency, numbering.register, frame.date.year), series


def _layout(source: str) -> Layout:
    made = Layout(sha256=digest(source, ENGINE), source=source, engine=ENGINE)
    Layout.objects.bulk_create([made], ignore_conflicts=True)
    return made


def _row(
    frame: Frame, scope: str, subject: Subject, printed: dict[str, Any], by: User, layout: Layout | None = None
) -> Document:
    return Document(
        agency=frame.agency,
        region_id=subject.region_id,
        kind=frame.kind.code,
        scope=scope,
        subject=subject.key,
        label=subject.label[:200],
        date=frame.date,
        template=frame.template,
        layout=layout or _layout(frame.source),
        content=as_json(printed),
        issued_by=by,
    )

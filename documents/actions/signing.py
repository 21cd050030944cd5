"""Signing. The bytes are made outside of any transaction, kept in a short one, and never touched again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from documents.kinds import permission_for
from documents.models import Document, Signature, Status
from documents.models.signature import Method, own_places, paper_file, signatories_on
from documents.signing.apart import look_at_scan
from documents.signing.signers import Signer
from jobs.actions import keep_file
from jobs.models import StoredFile
from kit.refusals import spoken_refusals
from kit.scans import clean_scan

MOST_AT_ONCE = 25
NOT_NOW = _("This paper cannot be signed: it is signed, replaced or revoked already, or not yet set in type.")
MEANWHILE = _("Somebody signed this paper just now. Nothing was kept; please look at it again.")


@dataclass(frozen=True)
class Turn:
    """What somebody signs of one paper: the file as it is, and at which place the own name stands."""

    document: Document
    base: StoredFile
    place: int


def keep_scan(*, document: Document, content: bytes, by: User) -> Signature:
    """The paper that was printed and signed by hand, as a PDF or a picture; the paper is signed now."""
    _require(by, Permission.ISSUE_DOCUMENTS, document)
    scan = clean_scan(content)
    if scan.content_type == "application/pdf":
        look_at_scan(scan.content)
    name = f"{document.file_name.removesuffix('.pdf')}-ttd.{scan.extension}"
    return _keep_scan(document=document, name=name, content=scan.content, content_type=scan.content_type, by=by)


@transaction.atomic
def _keep_scan(*, document: Document, name: str, content: bytes, content_type: str, by: User) -> Signature:
    held = _locked(document)
    if held.signatures.standing().exists():
        raise ValidationError(NOT_NOW, code="not_to_be_signed")
    file = keep_file(agency=document.agency, name=name, content=content, content_type=content_type, by=by)
    made = _write(held, Method.WET, file, by, place=None, certificate={})
    _mark_signed(held)
    return made


@transaction.atomic
def withdraw_scan(*, signature: Signature, reason: str, by: User) -> Document:
    """The wrong sheet was scanned: it stays in the records, and the paper waits for its signature again."""
    document = signature.document
    _require(by, Permission.ISSUE_DOCUMENTS, document)
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Say what was wrong."), code="reason_missing")})
    held = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
    told = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "reason": reason.strip()[:250]}
    mine = held.signatures.standing().filter(pk=signature.pk, method=Method.WET)
    if held.status != Status.SIGNED or not mine.update(**told):
        raise ValidationError(_("Only the scan of a signed paper can be withdrawn."), code="not_to_be_withdrawn")
    held.status = Status.ISSUED
    held.save(update_fields=["status"])
    record(action="paper.scan_withdrawn", by=by, target=held, agency=held.agency, changes={"reason": told["reason"]})
    return held


def sign_papers(*, documents: Sequence[Document], signer: Signer, by: User) -> list[Signature]:
    """All of these papers at the place of the person's own name, or none. Secrets of the signer are kept nowhere."""
    if len(documents) > MOST_AT_ONCE:
        raise ValidationError(
            _("Sign at most %(limit)d papers at once."), code="too_many", params={"limit": MOST_AT_ONCE}
        )
    turns = [turn_of(document, by) for document in documents]
    now = timezone.now()
    printed = turns[0].document.printed
    certificate, signed = signer.sign(
        [turn.base.content() for turn in turns], now=now, reason=turns[0].document.name, place=printed.get("place", "")
    )
    return _keep_signed(turns=turns, signed=signed, method=signer.method, certificate=certificate, at=now, by=by)


def turn_of(document: Document, by: User) -> Turn:
    """Refuses unless the paper waits for exactly this person."""
    _require(by, Permission.SIGN_DOCUMENTS, document)
    mine = own_places([document], by).get(document.pk)
    base = paper_file(document)
    if mine is None:
        raise ValidationError(
            _("Your name does not stand on this paper, or you have signed it already."), code="not_yours"
        )
    if document.status != Status.ISSUED or base is None:
        raise ValidationError(NOT_NOW, code="not_to_be_signed")
    return Turn(document, base, mine)


@transaction.atomic
def note_read(*, document: Document, by: User) -> None:
    """Somebody opened the paper before signing, or the scan or signed file of it."""
    record(action="paper.opened", by=by, target=document, agency=document.agency, changes={"kind": document.kind})


@transaction.atomic
def _keep_signed(
    *,
    turns: Sequence[Turn],
    signed: Sequence[bytes],
    method: str,
    certificate: dict[str, Any],
    at: dt.datetime,
    by: User,
) -> list[Signature]:
    made = []
    for turn, content in sorted(zip(turns, signed, strict=True), key=lambda pair: pair[0].document.pk):
        held = _locked(turn.document)
        now = paper_file(held)
        if now is None or now.pk != turn.base.pk:
            raise ValidationError(MEANWHILE, code="signed_meanwhile")
        file = keep_file(
            agency=held.agency, name=held.file_name, content=content, content_type="application/pdf", by=by
        )
        made.append(_write(held, Method(method), file, by, place=turn.place, certificate=certificate, at=at))
        if held.signatures.standing().count() == len(signatories_on(held)):
            _mark_signed(held)
    return made


def _locked(document: Document) -> Document:
    """As it is now, held until the commit: two who sign at once, or one who revokes meanwhile, come one by one."""
    held = Document.objects.select_for_update(of=("self",), no_key=True).select_related("agency").get(pk=document.pk)
    if held.status != Status.ISSUED or held.file_id is None:
        raise ValidationError(NOT_NOW, code="not_to_be_signed")
    return held


def _write(
    document: Document,
    method: Method,
    file: StoredFile,
    by: User,
    *,
    place: int | None,
    certificate: dict[str, Any],
    at: dt.datetime | None = None,
) -> Signature:
    made = Signature(
        document=document,
        place=place,
        method=method,
        signed_by=by,
        signed_at=at or timezone.now(),
        file=file,
        sha256=file.sha256,
        certificate=certificate,
    )
    with spoken_refusals(Signature):
        made.save()
    changes = {"number": document.number, "method": method.value, "place": place, "sha256": file.sha256}
    record(action="paper.signed", by=by, target=document, agency=document.agency, changes=changes)
    return made


def _mark_signed(document: Document) -> None:
    document.status = Status.SIGNED
    document.save(update_fields=["status"])


def _require(by: User, permission: Permission, document: Document) -> None:
    asked = permission_for(document.kind, permission)
    if not holds(by, asked, document.agency_id, document.region_id or document.agency.region_id):
        raise PermissionDenied

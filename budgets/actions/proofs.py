"""Proofs of transfers: kept under a key of their own, looked at with a line in the trail, withdrawn with a reason."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from accounts.roles import Permission
from budgets.actions.payments import duty_in, locked
from budgets.models import Payment, ProvenPayment, TransferProof
from jobs.actions import keep_file
from kit.crypto import decrypt_file, encrypt_file, new_file_key
from kit.refusals import spoken_refusals
from kit.scans import Scan


@transaction.atomic
def keep_proof(*, payments: Sequence[Payment], scan: Scan, by: User) -> TransferProof:
    """One scan for all of these payments; each is paid by transfer, and of the same office."""
    rows = locked(payments, {Payment.State.PAID})
    if any(row.agency_id != rows[0].agency_id for row in rows):
        raise ValidationError(_("Choose payments of one office."), code="several_offices")
    duty_in(rows[0].agency, Permission.RECORD_PAYMENTS, by)
    if any(row.method != Payment.Method.TRANSFER for row in rows):
        raise ValidationError(
            _("What was paid in cash has a receipt, and no proof of a transfer."), code="paid_in_cash"
        )
    proof = TransferProof(agency=rows[0].agency, key=new_file_key(), content_type=scan.content_type, kept_by=by)
    sealed = encrypt_file(scan.content, key=str(proof.key), context=proof.context)
    proof.stored = keep_file(
        agency=proof.agency, name="transfer-proof", content=sealed, content_type="application/octet-stream", by=by
    )
    proof.save(force_insert=True)
    with spoken_refusals(ProvenPayment):
        ProvenPayment.objects.bulk_create(
            ProvenPayment(proof=proof, payment=row, document=row.document) for row in rows
        )
    for row in rows:
        record(action="payment.proof_kept", by=by, target=row, agency=row.agency, changes={"proof": proof.pk})
    return proof


@transaction.atomic
def look_at_proof(*, proof: TransferProof, by: User) -> bytes:
    """The scan as it was kept; each look is written down, because it shows accounts."""
    content = decrypt_file(proof.stored.content(), key=str(proof.key), context=proof.context)
    record(action="payment.proof_opened", by=by, target=proof, agency=proof.agency)
    return content


@transaction.atomic
def withdraw_proof(*, proof: TransferProof, reason: str, by: User) -> TransferProof:
    """The wrong sheet was kept: it stays in the records and proves nothing any more."""
    duty_in(proof.agency, Permission.RECORD_PAYMENTS, by)
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Say what was wrong."), code="reason_missing")})
    told = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "reason": reason.strip()[:250]}
    if not TransferProof.objects.standing().filter(pk=proof.pk).update(**told):
        raise ValidationError(_("This proof was withdrawn already."), code="proof_withdrawn")
    proof.refresh_from_db()
    record(action="payment.proof_withdrawn", by=by, target=proof, agency=proof.agency, purpose=proof.reason)
    return proof

"""Official papers: the office's texts and numbers, who signs, and every paper that was issued."""

from documents.models.document import IN_FORCE, Document, DocumentQuerySet, Status, new_token
from documents.models.letterhead import Letterhead, letterhead_of
from documents.models.numbering import Numbering, NumberSequence
from documents.models.official import Mandate, Official, Position, PositionKind, Tenure, TenureForm
from documents.models.signatories import Signatory, signatories_for, signatory_for
from documents.models.signature import (
    Method,
    Signature,
    SignatureQuerySet,
    kinds_signed_by,
    own_places,
    paper_file,
    signatories_on,
    standing_signatures,
)
from documents.models.template import Layout, TemplateVersion, agencies_with_templates_of

__all__ = [
    "IN_FORCE",
    "Document",
    "DocumentQuerySet",
    "Layout",
    "Letterhead",
    "Mandate",
    "NumberSequence",
    "Method",
    "Numbering",
    "Official",
    "Position",
    "PositionKind",
    "Signatory",
    "Signature",
    "SignatureQuerySet",
    "Status",
    "TemplateVersion",
    "Tenure",
    "TenureForm",
    "agencies_with_templates_of",
    "kinds_signed_by",
    "letterhead_of",
    "new_token",
    "own_places",
    "paper_file",
    "signatories_for",
    "signatories_on",
    "signatory_for",
    "standing_signatures",
]

"""Official papers, and who signs them."""

from documents.models.letterhead import Letterhead, letterhead_of
from documents.models.official import Mandate, Official, Position, PositionKind, Tenure, TenureForm
from documents.models.signatories import Signatory, signatories_for, signatory_for

__all__ = [
    "Letterhead",
    "Mandate",
    "Official",
    "Position",
    "PositionKind",
    "Signatory",
    "Tenure",
    "TenureForm",
    "letterhead_of",
    "signatories_for",
    "signatory_for",
]

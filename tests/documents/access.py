"""Who may open the pages about signing, and the rows that they are about: a part of tests/ikm_portal/test_access.py."""

from typing import Any

from accounts.models import Agency
from documents.actions import keep_scan
from tests import cast, factories
from tests.documents import signed

# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
SEES_SIGNERS = "LFFFIFIIIIFI"
KEEPS_SIGNERS = "LFFFIFIFIFFI"
KEEPS_SIGNERS_HERE = "LFFFIFIFNFFI"
SIGNS = "LFFFFFIFFFFF"
SEES_PAPER = "LFFFIFIINIFF"

SIGNING: dict[str, tuple[str, str]] = {
    "documents:position_list": ("get", SEES_SIGNERS),
    "documents:position_detail": ("get", "LFFFIFIINIFI"),
    "documents:position_create": ("get", KEEPS_SIGNERS),
    "documents:position_edit": ("get", KEEPS_SIGNERS_HERE),
    "documents:official_list": ("get", SEES_SIGNERS),
    "documents:official_create": ("get", KEEPS_SIGNERS),
    "documents:official_edit": ("get", KEEPS_SIGNERS_HERE),
    "documents:tenure_create": ("get", KEEPS_SIGNERS_HERE),
    "documents:tenure_end": ("get", KEEPS_SIGNERS_HERE),
    "documents:tenure_remove": ("post", KEEPS_SIGNERS_HERE),
    "documents:mandate_create": ("get", KEEPS_SIGNERS_HERE),
    "documents:mandate_end": ("get", KEEPS_SIGNERS_HERE),
    "documents:mandate_remove": ("post", KEEPS_SIGNERS_HERE),
    "documents:signing_list": ("get", SIGNS),
    "documents:signing_confirm": ("get", SIGNS),
    "documents:signing_paper": ("get", SEES_PAPER),
    "documents:signature_list": ("get", SEES_PAPER),
    "documents:signature_file": ("get", SEES_PAPER),
    "documents:scan_create": ("get", "LFFFIFFFNFFF"),
    "documents:scan_withdraw": ("get", "LFFFIFFFNFFF"),
    "documents:verify_file": ("get", "IIIIIIIIIIII"),
    "documents:letterhead_edit": ("get", KEEPS_SIGNERS),
    "documents:letterhead_arms": ("get", KEEPS_SIGNERS_HERE),
}

# Names that begin so are about this row.
SIGNING_ROWS = {
    "position_": "position",
    "tenure_create": "position",
    "mandate_create": "position",
    "official_": "official",
    "tenure_": "tenure",
    "mandate_": "mandate",
    "letterhead_": "letterhead",
    "signing_paper": "paper",
    "signature_list": "paper",
    "scan_create": "paper",
    "signature_": "signature",
    "scan_": "signature",
}


def signers(agency: Agency) -> dict[str, Any]:
    head, deputy = factories.position(agency), factories.position(agency, "Sekretaris", "secretary")
    tenure = factories.tenure(head, factories.official(agency))
    paper = signed.waiting(agency, cast.program_officer())
    scan = keep_scan(document=paper, content=signed.pdf("Pindaian"), by=cast.program_officer())
    return {
        "paper": paper,
        "signature": scan,
        "position": head,
        "official": tenure.official,
        "tenure": tenure,
        "mandate": factories.mandate(head, deputy),
        "letterhead": factories.letterhead(agency, arms=factories.stored_picture(agency)),
    }

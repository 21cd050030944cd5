"""Who may open the pages about signing, and the rows that they are about: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from typing import Any

from accounts.models import Agency
from documents.actions import keep_scan
from documents.models import TemplateVersion
from tests import cast, factories
from tests.documents import made, signed

# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
SEES_SIGNERS = "LFFFIFIIIIFI"
KEEPS_SIGNERS = "LFFFIFIFIFFI"
KEEPS_SIGNERS_HERE = "LFFFIFIFNFFI"
SIGNS = "LFFFFFIFFFFF"
SEES_PAPER = "LFFFIFIININF"
ISSUES = "LFFFIFFFNFNF"

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
    "documents:scan_create": ("get", "LFFFIFFFNFNF"),
    "documents:scan_withdraw": ("get", "LFFFIFFFNFNF"),
    "documents:verify_file": ("get", "IIIIIIIIIIII"),
    "documents:document_list": ("get", "LFFFIFIIIIIF"),
    "documents:document_detail": ("get", SEES_PAPER),
    "documents:document_file": ("get", SEES_PAPER),
    "documents:document_original": ("get", SEES_PAPER),
    "documents:document_copy": ("get", SEES_PAPER),
    "documents:document_revoke": ("get", ISSUES),
    "documents:document_reissue": ("get", ISSUES),
    "documents:document_issue": ("get", ISSUES),
    "documents:document_draft": ("get", ISSUES),
    "documents:template_list": ("get", KEEPS_SIGNERS),
    "documents:template_edit": ("get", KEEPS_SIGNERS_HERE),
    "documents:template_history": ("get", KEEPS_SIGNERS_HERE),
    "documents:template_restore": ("post", KEEPS_SIGNERS_HERE),
    "documents:numbering_list": ("get", KEEPS_SIGNERS),
    "documents:numbering_edit": ("get", KEEPS_SIGNERS_HERE),
    "documents:numbering_drop": ("post", KEEPS_SIGNERS_HERE),
    "documents:verify": ("get", "IIIIIIIIIIII"),
    "documents:letterhead_edit": ("get", KEEPS_SIGNERS),
    "documents:letterhead_arms": ("get", KEEPS_SIGNERS_HERE),
}

# Names that begin so are about this row.
SIGNING_ROWS = {
    "document_detail": "paper",
    "document_file": "paper",
    "document_original": "paper",
    "document_revoke": "paper",
    "document_reissue": "paper",
    "document_copy": "paper",
    "template_restore": "wording",
    "numbering_drop": "numbering",
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

# Names that begin so take these arguments.
SIGNING_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "documents:verify": lambda world: [world["paper"].token],
    "documents:document_issue": lambda world: ["schedule", world["batch"].pk],
    "documents:document_draft": lambda world: ["schedule", world["batch"].pk],
    "documents:template_edit": lambda world: [world["paper"].agency.slug, "schedule"],
    "documents:template_history": lambda world: [world["paper"].agency.slug, "schedule"],
    "documents:numbering_edit": lambda world: [world["paper"].agency.slug, "semua"],
}


def signers(agency: Agency) -> dict[str, Any]:
    head, deputy = factories.position(agency), factories.position(agency, "Sekretaris", "secretary")
    tenure = factories.tenure(head, factories.official(agency))
    paper = signed.waiting(agency, cast.program_officer())
    scan = keep_scan(document=paper, content=signed.pdf("Pindaian"), by=cast.program_officer())
    officer = cast.program_officer()
    wording = TemplateVersion.objects.create(agency=agency, kind="schedule", version=1, edited_by=officer)
    return {
        "paper": paper,
        "wording": wording,
        "numbering": made.numbering(agency, kind="schedule"),
        "signature": scan,
        "position": head,
        "official": tenure.official,
        "tenure": tenure,
        "mandate": factories.mandate(head, deputy),
        "letterhead": factories.letterhead(agency, arms=factories.stored_picture(agency)),
    }

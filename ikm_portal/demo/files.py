"""The file of the competition that is long decided: every paper, the scan of the minutes, proofs and seen copies."""

from datetime import date

from accounts.models import User
from budgets.actions import keep_proof
from budgets.models import Payment
from documents.actions import issue_many, keep_scan, set_in_type
from documents.kinds import kinds_of_scope
from documents.models import Document
from documents.typesetting import Typesetter
from ikm_portal.demo.specimens import sheet_of_paper
from incentives.actions import note_copies
from incentives.models import Award, Competition, SeenCopy
from kit.scans import clean_scan


def complete_the_file(competition: Competition, *, officer: User, treasurer: User) -> None:
    """Whatever kind of paper a competition needs and does not have yet; the jurors signed the minutes by hand."""
    payments = list(Payment.objects.filter(bundle=competition.reference, state=Payment.State.PAID))
    if not payments:
        return
    _issue(competition, max(payment.paid_on or date.min for payment in payments), officer)
    minutes = Document.objects.in_force().get(kind="jury_minutes", subject=competition.reference)
    told = [("Nomor", minutes.number), ("Lomba", competition.name), ("Juri", "ketiganya menandatangani")]
    keep_scan(document=minutes, content=sheet_of_paper("BERITA ACARA PENJURIAN", told), by=officer)
    told = [("Nomor", payments[0].document), ("Lomba", competition.name), ("Penerima", f"{len(payments)} orang")]
    proof = clean_scan(sheet_of_paper("BUKTI TRANSFER", told))
    keep_proof(payments=payments, scan=proof, by=treasurer)
    awards = Award.objects.standing().filter(competition=competition).values_list("pk", flat=True)
    seen = [(award, kind) for award in awards for kind in SeenCopy.Kind.values]
    note_copies(competition=competition, seen=seen, by=officer)


def _issue(competition: Competition, day: date, officer: User) -> None:
    for kind in kinds_of_scope("competition"):
        subjects = list(kind.subjects(competition))
        if kind.needed:
            issue_many(kind=kind, scope=competition.reference, subjects=subjects, date=day, by=officer)
    unset = Document.objects.unset().about(competition.reference).select_related("agency", "layout")
    with Typesetter() as typesetter:
        for _done in set_in_type(documents=list(unset), typesetter=typesetter, by=officer):
            pass

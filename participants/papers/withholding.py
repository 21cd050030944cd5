"""What is kept back as tax of the allowances and honoraria of a batch, proposed for the slips of the tax system."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from budgets.models import Payment, slip_subjects, slips_of
from budgets.rules import SLIP_OPENING, Rate, TaxTerms, Withheld, slip_body
from documents.kinds import Block, PaperKind, Subject, sample
from programs.models import Batch
from programs.models.wording import find_batch


def taxed_payments(batch: Batch) -> Iterable[Subject]:
    agency = batch.program.agency
    rows = Payment.objects.taxed().filter(agency=agency, bundle=f"batch:{batch.pk}").select_related("tax_rule")
    return slip_subjects(rows.defer("account").order_by("payee_name", "pk"), agency, batch.region_id)


def slips_needed(batches: Sequence[int]) -> Mapping[int, int]:
    keys = {f"batch:{pk}": pk for pk in batches}
    rows = Payment.objects.taxed().filter(bundle__in=keys).order_by().values("bundle")
    found = {keys[bundle]: total for bundle, total in rows.annotate(total=Count("pk")).values_list("bundle", "total")}
    return dict.fromkeys(batches, 0) | found


SAMPLE = Withheld(
    name="Dewi Contoh Lestari",
    identity="************0001",
    kind="participant",
    purpose="Uang saku peserta, 2 hari",
    gross=50_000,
    tax=2_500,
    terms=TaxTerms((Rate(60_000_000, Decimal(5)),)),
    legal_basis="PP 58/2023, PMK 168/2023",
    is_final=False,
    paid_on=None,
    document="",
)

BATCH_SLIP = PaperKind(
    code="batch_withholding_slip",
    title=_("Proposal of a withholding slip for each payment with tax"),
    name="Usulan Bukti Potong PPh",
    scope="batch",
    layout="list",
    blocks=(Block("opening", _("Beginning"), SLIP_OPENING),),
    placeholders={},
    find=find_batch,
    subjects=taxed_payments,
    counts=slips_needed,
    build=slips_of,
    sample=sample({}, dict(slip_body(SAMPLE, office="Dinas Contoh"))),
    numbered=False,
    needed=False,
    signers=("treasurer",),
    tells=lambda printed: (),
)

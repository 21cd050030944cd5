"""The official papers of a competition: from the minutes of its jury to what its winners sign."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from budgets.models import slips_of
from budgets.rules import SLIP_OPENING, Rate, TaxTerms, Withheld, slip_body
from documents.kinds import Block, PaperKind, sample
from documents.rules.tables import MONEY_SIGNERS, Paid, column, money_body, table
from incentives.models import MINUTES
from incentives.papers import certificates, minutes, money, texts, winners, withholding
from incentives.papers.telling import competition_subject, find_competition
from incentives.queries.awards import CERTIFICATE, DECREE

SAMPLE_NAME = texts.SAMPLE["lomba"]
SAMPLE_WINNER = ["Juara I", "Dewi Contoh Lestari", "Roti Contoh", "Kelurahan Contoh, Kecamatan Contoh"]

paper: Any = partial(
    PaperKind, scope="competition", find=find_competition, subjects=competition_subject, placeholders=texts.LABELS
)
# One for each winner; who receives signs, so that nothing is decided by its number.
of_winner: Any = partial(
    paper,
    layout="list",
    subjects=money.winners_of,
    counts=money.winners_needed,
    numbered=False,
    tells=lambda printed: (),
)

JURY_MINUTES = paper(
    code=MINUTES,
    title=_("Minutes of the jury"),
    name="Berita Acara Penjurian",
    layout="minutes",
    blocks=texts.MINUTES,
    build=minutes.minutes_of,
    sample=sample(
        texts.SAMPLE,
        minutes.minutes_body(
            SAMPLE_NAME,
            [{"title": "Pemenang", "table": table((column("Penghargaan"), column("Nama")), [SAMPLE_WINNER[:2]])}],
            [],
        ),
    ),
)
WINNER_ANNOUNCEMENT = paper(
    code="winner_announcement",
    title=_("Announcement of the winners"),
    name="Pengumuman Pemenang",
    layout="announcement",
    blocks=texts.ANNOUNCEMENT,
    build=winners.announcements_of,
    sample=sample(texts.SAMPLE, winners.announcement_body(SAMPLE_NAME, [SAMPLE_WINNER])),
)
WINNERS_DECREE = paper(
    code=DECREE,
    title=_("Decree of the winners"),
    name="Keputusan tentang Penetapan Pemenang",
    layout="decree",
    blocks=texts.DECREE,
    build=winners.decrees_of,
    sample=sample(
        texts.SAMPLE,
        winners.decree_body(
            "Kepala Dinas Contoh",
            SAMPLE_NAME,
            [[*SAMPLE_WINNER, "80,38", "3.000.000"]],
            [[6, "Jumlah", "center"], [1, "3.000.000", "right"]],
        ),
    ),
)
AWARD_CERTIFICATE = paper(
    code=CERTIFICATE,
    title=_("Certificate of each winner"),
    name="Piagam Penghargaan",
    layout="award",
    paper_size="A4",
    blocks=certificates.TEXTS,
    placeholders=certificates.LABELS,
    subjects=money.winners_of,
    counts=money.winners_needed,
    build=certificates.certificates_of,
    hold=certificates.hold_awards,
    tells=certificates.told_of_certificate,
    sample=sample(
        certificates.SAMPLE,
        certificates.certificate_body(*SAMPLE_WINNER[1:], award=SAMPLE_WINNER[0], competition=SAMPLE_NAME),
    ),
)
AWARD_RECEIPT = of_winner(
    code="award_receipt",
    title=_("Receipt of each award"),
    name="Kuitansi Penghargaan",
    blocks=(),
    placeholders=texts.WINNER_LABELS,
    build=money.receipts_of,
    signers=MONEY_SIGNERS,
    sample=sample(
        texts.SAMPLE_WINNER,
        money.receipt_body(
            SAMPLE_WINNER[1],
            payer="Bendahara Pengeluaran Dinas Contoh",
            purpose=f"Penghargaan Juara I {SAMPLE_NAME}",
            gross=3_000_000,
            tax=150_000,
            account="Bank Contoh, ****0001 a.n. Dewi Contoh Lestari",
            code="5.1.02.02.01.0061",
            year="2024",
        ),
    ),
)
AWARD_RECEIPT_LIST = paper(
    code="award_receipt_list",
    title=_("List of receipts of the awards"),
    name="Tanda Terima Penghargaan",
    layout="list",
    blocks=(),
    build=money.receipt_lists_of,
    numbered=False,
    signers=MONEY_SIGNERS,
    sample=sample(
        texts.SAMPLE,
        money_body(money.HEADING, [["Lomba", SAMPLE_NAME]], [Paid(SAMPLE_WINNER[1], "Juara I", 3_000_000, 150_000)]),
    ),
)
INCENTIVE_STATEMENT = of_winner(
    code="incentive_statement",
    title=_("Statement of use of each award"),
    name="Surat Pernyataan Penggunaan Penghargaan",
    blocks=texts.STATEMENT,
    placeholders=texts.STATEMENT_LABELS,
    build=money.statements_of,
    sample=sample(texts.SAMPLE_STATEMENT, money.statement_body(*SAMPLE_WINNER[1:])),
)
SAMPLE_WITHHELD = Withheld(
    name=SAMPLE_WINNER[1],
    identity="************0001",
    kind="winner",
    purpose=f"Penghargaan Juara I {SAMPLE_NAME}",
    gross=3_000_000,
    tax=150_000,
    terms=TaxTerms((Rate(60_000_000, Decimal(5)),)),
    legal_basis="PP 58/2023, PMK 168/2023",
    is_final=False,
    paid_on=None,
    document="",
)
AWARD_SLIP = of_winner(
    code="award_withholding_slip",
    title=_("Proposal of a withholding slip for each award"),
    name="Usulan Bukti Potong PPh Penghargaan",
    blocks=(Block("opening", _("Beginning"), SLIP_OPENING),),
    placeholders={},
    subjects=withholding.taxed_awards,
    counts=withholding.slips_needed,
    build=slips_of,
    signers=("treasurer",),
    sample=sample({}, dict(slip_body(SAMPLE_WITHHELD, office="Dinas Contoh"))),
)

PAPERS = (
    *(JURY_MINUTES, WINNER_ANNOUNCEMENT, WINNERS_DECREE, AWARD_CERTIFICATE),
    *(AWARD_RECEIPT, AWARD_RECEIPT_LIST, INCENTIVE_STATEMENT, AWARD_SLIP),
)

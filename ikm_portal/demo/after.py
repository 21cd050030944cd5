"""After the awards of the first wave were paid: a sample is asked, five of six reports came, one is overdue."""

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import User
from incentives.actions import (
    ReceiptAnswer,
    Use,
    Used,
    answer_receipt,
    decide_use_report,
    follow_payments,
    note_receipt,
    note_visit,
    save_use_report,
    send_use_report,
)
from incentives.models import Competition, ReceiptCheck, UseReport

SEED = "penghargaan-gelombang-satu"
SPENT: Sequence[Sequence[tuple[str, str, int]]] = (
    (("tools", "Oven gas dua rak", 1_950_000), ("packaging", "Kotak dan stiker", 620_000)),
    (("material", "Tepung mocaf dan mentega", 900_000), ("marketing", "Foto produk dan iklan", 750_000)),
    (("tools", "Mesin jahit portabel", 2_100_000),),
    (("permits", "Sertifikat halal dan PIRT", 1_200_000), ("other", "Rak pajang di warung", 480_000)),
)
CHANGES = (
    "Pesanan naik dua kali lipat, satu tetangga ikut bekerja.",
    "Mulai berjualan di lokapasar, pelanggan dari luar kota bertambah.",
    "Sekarang menjahit sendiri, tidak lagi dititipkan.",
    "Produk masuk ke dua toko oleh-oleh.",
)


def followed(competition: Competition, *, officer: User) -> None:
    """One winner was telephoned, one misses a part, one has not answered; of the reports one waits to be read."""
    follow_payments(competition=competition, seed=SEED)
    checks = ReceiptCheck.objects.filter(award__competition=competition).select_related("award__competition__program")
    first, second = checks.order_by("pk")[:2]
    note_receipt(award=first.award, said=ReceiptAnswer(answer="all"), by=officer)
    told = ReceiptAnswer(answer="other", amount=second.net - 6_500, words="Ada potongan Rp6.500, mungkin biaya bank.")
    answer_receipt(check=second, said=told, revision=0, by=None)
    reports = UseReport.objects.filter(award__competition=competition).select_related("award__competition__program")
    for number, report in enumerate(reports.order_by("award")[:5]):
        _reported(report, number, officer)


def _reported(report: UseReport, number: int, officer: User) -> None:
    """The first waits to be read, the fifth was visited, those between were accepted; the sixth has not come."""
    today, paid_on = report.award.competition.program.agency.today(), _paid_on(report)
    spent = SPENT[number % len(SPENT)]
    use = Use(
        business="running",
        change=CHANGES[number % len(CHANGES)],
        lines=[
            Used(kind=kind, words=words, amount=amount, spent_on=min(today, paid_on + timedelta(days=3 + 4 * place)))
            for place, (kind, words, amount) in enumerate(spent)
        ],
    )
    if number == len(SPENT):
        visited_on = min(today, paid_on + timedelta(days=25))
        note_visit(report=report, use=use, visited_on=visited_on, by=officer)
        return
    save_use_report(report=report, use=use, revision=0, by=None)
    send_use_report(report=report, by=None)
    if number:
        decide_use_report(report=report, accepted=True, note="", by=officer)


def _paid_on(report: UseReport) -> date:
    payment = report.award.payment
    return payment.paid_on if payment is not None and payment.paid_on is not None else report.due_on

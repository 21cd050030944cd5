"""What papers say of a competition: always in Indonesian, from its locked result."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from budgets.models import FundSource
from documents.kinds import Subject
from documents.models import Document
from incentives.models import MINUTES, Competition, Edition, Entry, Result
from incentives.queries.awards import AwardBoard, issued
from incentives.queries.progress import result_in_force
from incentives.queries.results import ResultBoard, board_of_result
from kit.words import official_date, official_days
from programs.models.wording import counted, region_in_full

AGGREGATIONS = {
    Edition.Aggregation.MEAN: "rata-rata nilai para juri",
    Edition.Aggregation.TRIMMED_MEAN: "rata-rata nilai para juri tanpa nilai tertinggi dan terendah",
    Edition.Aggregation.MEDIAN: "median nilai para juri",
}
TIE_BREAKS = {
    "criteria": "nilai lebih tinggi pada kriteria berbobot terbesar, lalu kriteria berikutnya",
    "more_jurors": "lebih banyak juri yang memberi nilai lebih tinggi",
    "median": "median lebih tinggi",
    "chair": "musyawarah juri yang diputuskan ketua juri",
    "lot": "undian",
}


@dataclass(frozen=True)
class Told:
    """A competition with its locked result, read once for every paper that is made together."""

    competition: Competition
    result: Result

    @cached_property
    def board(self) -> ResultBoard:
        return board_of_result(self.result)

    @cached_property
    def awards(self) -> AwardBoard:
        return AwardBoard(self.competition, self.result)

    @property
    def fund(self) -> FundSource:
        line = self.competition.line
        return line.fund if line is not None else self.competition.program.fund_source

    @cached_property
    def values(self) -> dict[str, str]:
        of, until = self.competition, self.awards.objections_until
        days, venue = self.result.edition.objection_days, of.venue
        return {
            "kegiatan": of.program.name,
            "lomba": of.name,
            "hari_tanggal": official_days([of.held_on]) if of.held_on else "",
            "tempat": f"{venue.name}, {venue.address}".strip(", ") if venue else "",
            "jumlah_peserta": counted(sum(line.result.final is not None for line in self.board.lines), "peserta"),
            "jumlah_juri": counted(len(self.board.jurors), "orang"),
            "jumlah_pemenang": counted(len(self.awards.rows), "orang"),
            "masa_sanggah": counted(days, "hari kerja") if days else "",
            "batas_sanggah": official_date(until) if until else "",
            "waktu_lapor": counted(self.result.edition.report_months, "bulan"),
            "berita_acara": named("Berita Acara Penjurian", issued(MINUTES, of)),
            "keputusan": named("Keputusan tentang Penetapan Pemenang", self.awards.decree),
            "sumber_dana": self.fund.name,
            "tahun_anggaran": str(self.fund.fiscal_year),
            "dasar_hukum": self.fund.legal_basis,
            "alamat_portal": settings.SITE_URL.removeprefix("https://").removeprefix("http://"),
        }


def find_competition(user: User, pk: int) -> Competition | None:
    reach = scope_q(user, Permission.VIEW_DOCUMENTS, agency="program__agency", region=None)
    rows = Competition.objects.public().filter(reach).with_parts()
    return rows.select_related("program__agency__region", "program__fund_source").filter(pk=pk).first()


def told_of(competition: Competition) -> Told:
    result = result_in_force(competition)
    if competition.locked_at is None or result is None:
        sentence = _("The result of %(competition)s is not locked yet.") % {"competition": competition.name}
        raise ValidationError(sentence, code="not_locked")
    return Told(competition, result)


def competition_subject(competition: Competition) -> Iterable[Subject]:
    agency = competition.program.agency
    yield Subject(competition.reference, competition.name, agency, agency.region_id, competition)


def named(name: str, paper: Document | None) -> str:
    return f"{name} Nomor {paper.number} tanggal {official_date(paper.date)}" if paper else name


def figure(value: Decimal | None) -> str:
    """80,38"""
    return "-" if value is None else f"{value:.2f}".replace(".", ",")


def short(value: Decimal) -> str:
    """25, or 12,5"""
    return f"{value.normalize():f}".replace(".", ",")


def region_of(entry: Entry) -> str:
    return region_in_full(entry.region) if entry.region is not None else "-"

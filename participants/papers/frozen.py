"""What the minutes tell of a selection that was frozen: the declared rule, the counts, the seed and every reason."""

from collections import Counter
from dataclasses import dataclass

from participants.models import EducationLevel, Selection, SelectionRow
from participants.papers.people import NAMED, REJECTED, person_row
from programs.models import Batch, Program, TargetGroup
from programs.models.wording import counted
from programs.rules import Limit, PointRule, kind_of_business
from regions.models import Region

Outcome, Reason, Method = SelectionRow.Outcome, SelectionRow.Reason, Program.SelectionMethod
# The words of the official list; the screen has its own in both languages.
REASONS = {
    Reason.SEAT: "dalam kuota",
    Reason.LEFTOVER: "mengisi tempat yang tersisa di luar batas kelompok",
    Reason.SEATS: "kuota telah penuh",
    Reason.LIMIT: "batas kelompok telah penuh",
    Reason.UNVERIFIED: "belum terverifikasi sampai batas waktu",
    Reason.REJECTED: "ditolak pada verifikasi",
    Reason.WITHDRAWN: "mengundurkan diri",
}
STRATA = {
    "region": "kelurahan",
    "sex": "jenis kelamin",
    "business_kind": "jenis usaha",
    "target_group": "kelompok sasaran",
}
CRITERIA = {
    "target_group": "kelompok sasaran",
    "sex": "jenis kelamin",
    "region": "wilayah",
    "education": "pendidikan",
    "age": "usia",
    "first_time": "belum pernah mengikuti pelatihan kantor ini",
}
SEXES = {"female": "perempuan", "male": "laki-laki"}
METHODS = {
    Method.POINTS: "Peserta ditetapkan menurut jumlah poin di antara pendaftar yang terverifikasi; pada poin yang sama "
    "pendaftar yang lebih dahulu mendaftar didahulukan. Tempat yang tersedia {seats} orang dan cadangan {waiting} "
    "orang. Urutan cadangan mengikuti urutan yang sama.",
    Method.DRAW: "Peserta ditetapkan dengan undian di antara seluruh pendaftar yang terverifikasi. Sidik (SHA-256) "
    "benih undian diumumkan sebelum pendaftaran ditutup; setelah itu saksi yang hadir menyebutkan kata "
    "atau angka yang ikut menentukan undian, kemudian benih dibuka. Siapa pun dapat menghitung ulang hasilnya dari "
    "daftar tanpa nama yang diumumkan. Tempat yang tersedia {seats} orang dan cadangan {waiting} orang.",
}
LISTS = (
    ("Diterima", Outcome.HELD),
    ("Cadangan, menurut urutan", Outcome.WAITING),
    ("Tidak memperoleh tempat", Outcome.NONE),
    ("Tidak ikut serta dalam seleksi", Outcome.OUT),
)


@dataclass(frozen=True)
class Frozen:
    """The frozen result of a batch, with its lines in their order and the names that its rule speaks of."""

    selection: Selection
    rows: list[SelectionRow]
    names: dict[str, str]

    @property
    def has_points(self) -> bool:
        return self.selection.method == Method.POINTS

    def method(self) -> str:
        chosen = self.selection
        return METHODS[Method(chosen.method)].format(
            seats=counted(chosen.seats), waiting=counted(chosen.waiting_places)
        )

    def counts(self) -> list[list[str]]:
        found = Counter(row.outcome for row in self.rows)
        told = [["Jumlah pendaftar", counted(len(self.rows), "orang")]]
        told.append(["Ikut serta dalam seleksi", counted(len(self.rows) - found[Outcome.OUT], "orang")])
        told += [[label.partition(",")[0], counted(found[kind], "orang")] for label, kind in LISTS if found[kind]]
        return told

    def reasons(self) -> list[list[str]]:
        """Of everybody without a seat of the result."""
        left = [row for row in self.rows if row.outcome in (Outcome.NONE, Outcome.OUT)]
        found = Counter(reason_of(row) for row in left)
        return [[words[0].upper() + words[1:], counted(count, "orang")] for words, count in found.most_common()]

    def rules(self) -> list[str]:
        """Points and limits as they were declared before registration opened."""
        terms = self.selection.terms
        points = list(map(self._points, terms.points)) if self.has_points else []
        return points + [self._limit(limit) for limit in terms.limits]

    def _points(self, rule: PointRule) -> str:
        whom = CRITERIA.get(rule.criterion, rule.criterion)
        named = "" if rule.criterion == "first_time" else f" {self.named(rule.value)}"
        return f"{whom}{named}: {rule.points} poin;"

    def _limit(self, limit: Limit) -> str:
        whom = STRATA.get(limit.stratum, limit.stratum)
        whom = f"{whom} {self.named(limit.value)}" if limit.value else f"setiap {whom}"
        more = ", kecuali masih ada tempat yang tersisa" if limit.yields else ""
        return f"{whom}: paling banyak {counted(limit.seats, 'orang')}{more};"

    def named(self, value: str) -> str:
        return self.names.get(value) or SEXES.get(value) or kind_of_business(value)

    def opened(self) -> list[list[str]]:
        chosen = self.selection
        if not chosen.seed:
            return []
        return [
            ["Sidik benih (SHA-256)", in_parts(chosen.seed_hash)],
            ["Benih yang dibuka", in_parts(chosen.seed)],
            ["Kata saksi", chosen.witness_words],
            ["Sidik daftar hasil", in_parts(chosen.list_hash)],
        ]

    def lists(self) -> list[tuple[str, list[list[str]]]]:
        """Those who are chosen, those who wait in their order, and everybody else with the reason."""
        parts = [(label, [row for row in self.rows if row.outcome == kind]) for label, kind in LISTS]
        told = [(label, rows) for label, rows in parts if rows]
        return [
            (f"{chr(ord('A') + number)}. {label}", [self._line(row, place) for place, row in enumerate(rows, 1)])
            for number, (label, rows) in enumerate(told)
        ]

    def _line(self, row: SelectionRow, place: int) -> list[str]:
        points = [str(row.points) if row.rank else "–"] if self.has_points else []
        words = f"cadangan ke-{place}; {reason_of(row)}" if row.outcome == Outcome.WAITING else reason_of(row)
        return [*person_row(row.registration), *points, words]


def reason_of(row: SelectionRow) -> str:
    words = REASONS[Reason(row.reason)]
    if row.reason == Reason.REJECTED:
        return REJECTED.get(row.registration.reject_reason, words)
    return f"{words} ({STRATA.get(row.full_stratum, row.full_stratum)})" if row.full_stratum else words


def how_chosen(frozen: Frozen | None) -> str:
    """As the decree says it in passing."""
    if frozen is None:
        return "menurut urutan pendaftaran"
    if frozen.has_points:
        return "menurut jumlah poin kelompok prioritas"
    return "dengan undian yang dapat diperiksa"


def in_parts(digits: str) -> str:
    """A hash in groups of eight, as lines can be broken and people compare it."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


def frozen_of(batch: Batch) -> Frozen | None:
    """None under first come, and before a result is frozen."""
    selection = Selection.objects.filter(batch=batch.pk).first()
    if selection is None:
        return None
    fields = [f"registration__{name}" for name in NAMED]
    found = selection.rows.select_related("registration__region").only(
        *("selection", "rank", "points", "outcome", "reason", "full_group", "registration"),
        *fields,
        "registration__region__name",
    )
    return Frozen(selection, list(found), _names(selection))


def _names(selection: Selection) -> dict[str, str]:
    """Places, target groups and schools that the rule names by their codes."""
    terms = selection.terms
    values = {rule.value for rule in terms.points} | {limit.value for limit in terms.limits}
    places = {place.code: place.full_name for place in Region.objects.filter(code__in=values)}
    spoken = [*TargetGroup.choices, *EducationLevel.choices]
    return places | {str(code): str(label) for code, label in spoken}

"""Papers of the tests: an invitation to each region of a list, and an announcement about one."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from documents.kinds import Block, PaperKind, Snapshot, Subject
from regions.models import Region


def find(user: User, pk: int) -> Agency | None:
    """The scope of these papers is an office as a whole."""
    reach = scope_q(user, Permission.VIEW_DOCUMENTS, agency="pk", region="region")
    return Agency.objects.filter(reach, pk=pk).select_related("region").first()


def villages(agency: Agency) -> Iterable[Subject]:
    found = Region.objects.villages().under(agency.region_id).order_by("code")
    return [Subject(f"region:{one.code}", one.name, agency, one.code, source=one) for one in found]


def itself(agency: Agency) -> Iterable[Subject]:
    return [Subject(f"agency:{agency.pk}", agency.name, agency, agency.region_id, source=agency)]


def build(subjects: Sequence[Subject]) -> list[Snapshot]:
    values = [{"nama": subject.label, "acara": "Pelatihan Kerja"} for subject in subjects]
    return [{"values": one, "to": [one["nama"]]} for one in values]


def build_nothing(subjects: Sequence[Subject]) -> list[Snapshot]:
    raise ValidationError("Jadwal belum ada.", code="no_schedule")


SAMPLE: dict[str, Any] = {"values": {"nama": "Siti Contoh", "acara": "Pelatihan Membuat Roti"}}
BLOCKS = (
    Block("tujuan", "Kepada", "Yth. Bapak/Ibu {nama}\ndi {kota}", required=("nama",)),
    Block("isi", "Isi", "Kami mengundang Bapak/Ibu menghadiri {acara}.\n\nAtas perhatian Bapak/Ibu, terima kasih."),
    Block("tembusan", "Tembusan", "", may_be_empty=True),
)
PLACEHOLDERS = {"nama": "nama penerima", "acara": "nama kegiatan"}

INVITATION = PaperKind(
    code="test_invitation",
    title="Test invitation",
    name="Surat Undangan",
    scope="agency",
    layout="letter",
    blocks=BLOCKS,
    placeholders=PLACEHOLDERS,
    find=find,
    subjects=villages,
    build=build,
    sample=SAMPLE,
)
ANNOUNCEMENT = PaperKind(
    code="test_announcement",
    title="Test announcement",
    name="Pengumuman",
    scope="agency",
    layout="letter",
    blocks=BLOCKS,
    placeholders=PLACEHOLDERS,
    find=find,
    subjects=itself,
    build=build,
    sample=SAMPLE,
)
INCOMPLETE = PaperKind(
    code="test_incomplete",
    title="Test of what is missing",
    name="Jadwal",
    scope="agency",
    layout="letter",
    blocks=BLOCKS,
    placeholders=PLACEHOLDERS,
    find=find,
    subjects=itself,
    build=build_nothing,
    sample=SAMPLE,
    numbered=False,
)
PAPERS = (INVITATION, ANNOUNCEMENT, INCOMPLETE)

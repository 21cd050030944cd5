"""The official papers that name participants, the sheets that they sign, and the letters about incidents."""

from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from documents.kinds import PaperKind, sample
from documents.rules.tables import MONEY_SIGNERS, Paid, money_body
from participants.papers import certificates, decisions, incidents, letters, money, sheets, texts, withholding
from participants.papers.people import Result
from programs.models.wording import BATCH_LABELS, SAMPLE_BATCH, batch_subject, find_batch

SAMPLE_NAME = f"{SAMPLE_BATCH['kegiatan']} {SAMPLE_BATCH['angkatan']}"
SAMPLE_PEOPLE = [["Dewi Contoh Lestari", "P", "Contoh"], ["Joko Contoh Susanto", "L", "Contoh"]]
SAMPLE_NUMBERED = [[row[0], "************0001", *row[1:]] for row in SAMPLE_PEOPLE]
SAMPLE_FACTS = [["Kegiatan", SAMPLE_BATCH["kegiatan"]], ["Angkatan", SAMPLE_BATCH["angkatan"]]]
SAMPLE_TO = ["Sdri. Dewi Contoh Lestari", "Jalan Contoh Nomor 1, RT 001 / RW 002", SAMPLE_BATCH["wilayah"]]
SAMPLE_COPIES = ["Camat Contoh;", "Lurah Contoh."]
NO_RESULT = Result([], [], [], [], [])


# All of them are about one batch; the sheets that are signed in the hall bear no number.
paper: Any = partial(PaperKind, scope="batch", find=find_batch, subjects=batch_subject, placeholders=BATCH_LABELS)
sheet: Any = partial(paper, numbered=False, signers=("activity_officer",))

INVITATION = paper(
    code="invitation",
    title=_("Invitation of each participant"),
    name="Surat Undangan Peserta",
    layout="letter",
    blocks=texts.INVITATION,
    placeholders=texts.ENTRY_LABELS,
    subjects=letters.invited,
    counts=letters.invitations_needed,
    build=letters.invitations_of,
    sample=sample(texts.SAMPLE_ENTRY, letters.invitation_body(SAMPLE_BATCH, SAMPLE_TO, SAMPLE_COPIES)),
)
MINUTES = paper(
    code=decisions.MINUTES_CODE,
    title=_("Minutes of the selection"),
    name="Berita Acara Seleksi Peserta",
    layout="minutes",
    blocks=texts.MINUTES,
    build=decisions.minutes_of,
    sample=sample(SAMPLE_BATCH, decisions.minutes_body(SAMPLE_NAME, NO_RESULT)),
)
DECREE = paper(
    code=decisions.DECREE_CODE,
    title=_("Decree of the participants"),
    name="Keputusan tentang Penetapan Peserta",
    layout="decree",
    blocks=texts.DECREE,
    placeholders=texts.RESULT_LABELS,
    build=decisions.decrees_of,
    sample=sample(
        texts.SAMPLE_RESULT,
        decisions.decree_body("Kepala Dinas Contoh", SAMPLE_NAME, SAMPLE_NUMBERED, SAMPLE_COPIES, with_numbers=True),
    ),
)
DECREE_COPY = paper(
    code="participant_decree_copy",
    title=_("Public copy of the decree of the participants"),
    name="Salinan Keputusan tentang Penetapan Peserta",
    layout="decree",
    blocks=texts.DECREE,
    placeholders=texts.RESULT_LABELS,
    build=decisions.public_decrees_of,
    sample=sample(
        texts.SAMPLE_RESULT,
        decisions.decree_body("Kepala Dinas Contoh", SAMPLE_NAME, SAMPLE_PEOPLE, SAMPLE_COPIES, with_numbers=False),
    ),
    numbered=False,
    needed=False,
)
ATTENDANCE = sheet(
    code="attendance_sheet",
    title=_("Attendance sheet of each session"),
    name="Daftar Hadir Peserta",
    layout="attendance",
    blocks=(),
    subjects=sheets.sessions_of,
    counts=sheets.sheets_needed,
    build=sheets.attendance_of,
    sample=sample(SAMPLE_BATCH, sheets.attendance_body("Daftar hadir peserta", SAMPLE_FACTS, SAMPLE_PEOPLE)),
)
STAFF_ATTENDANCE = sheet(
    code="staff_attendance",
    title=_("Attendance sheet of instructors, committee and guests"),
    name="Daftar Hadir Pengajar dan Panitia",
    layout="attendance",
    blocks=(),
    build=sheets.staff_attendance_of,
    sample=sample(SAMPLE_BATCH, sheets.staff_attendance_body(SAMPLE_FACTS, {"Senin, 1 Juli 2024": []})),
)
GOODS = sheet(
    code="goods_receipt",
    title=_("Receipt of what participants are given"),
    name="Tanda Terima Peserta",
    layout="list",
    blocks=texts.GOODS,
    build=sheets.goods_of,
    sample=sample(SAMPLE_BATCH, sheets.goods_body(SAMPLE_FACTS, SAMPLE_PEOPLE)),
)

ALLOWANCES = sheet(
    code="allowance_receipt",
    title=_("Receipt of participants' allowances"),
    name="Daftar Penerimaan Uang Saku",
    layout="list",
    blocks=(),
    build=money.allowances_of,
    sample=sample(
        SAMPLE_BATCH, money_body(money.HEADING, SAMPLE_FACTS, [Paid("Dewi Contoh", "Uang saku 2 hari", 100_000, 5_000)])
    ),
    needed=False,
    signers=MONEY_SIGNERS,
)

SAMPLE_TAUGHT = [
    ["Roti dan masakan", "14", "Hj. Siti Contoh, S.Pd."],
    ["Manajemen kewirausahaan", "2", "Dr. Joko Contoh, M.M."],
    ["Pengenalan kartu pencari kerja (AK1)", "2", "Umi Contoh, S.Psi."],
]
SAMPLE_FRONT = {"name": SAMPLE_PEOPLE[0][0], "of": texts.SAMPLE_CERTIFICATE["wilayah_peserta"]}
CERTIFICATE = paper(
    code=certificates.CERTIFICATE_CODE,
    title=_("Certificate of each participant"),
    name="Sertifikat Pelatihan",
    layout="certificate",
    paper_size="A4",
    blocks=texts.CERTIFICATE,
    placeholders=texts.CERTIFICATE_LABELS,
    subjects=certificates.certified,
    counts=certificates.certificates_needed,
    build=certificates.certificates_of,
    tells=certificates.told_of_certificate,
    forbidden={"kompeten": _("Only a certification body may call somebody “kompeten”. Write “telah mengikuti”.")},
    sample=sample(
        texts.SAMPLE_CERTIFICATE,
        certificates.certificate_body(texts.SAMPLE_CERTIFICATE, SAMPLE_TAUGHT, date(2024, 7, 2)) | SAMPLE_FRONT,
    ),
)
RECEIPT = sheet(
    code="certificate_receipt",
    title=_("Receipt of certificates"),
    name="Tanda Terima Sertifikat",
    layout="list",
    blocks=(),
    build=certificates.receipts_of,
    sample=sample(SAMPLE_BATCH, certificates.receipt_body(SAMPLE_FACTS, [[SAMPLE_PEOPLE[0][0], "500.15/0001/2024"]])),
    needed=False,
)

# Whoever keeps the register of incidents writes them, and nobody else reads them.
about_incident: Any = partial(
    PaperKind,
    scope="incident",
    layout="letter",
    find=incidents.find_incident,
    sees=Permission.VIEW_PRIVACY,
    issues=Permission.MANAGE_PRIVACY,
)
INCIDENT_LETTER = about_incident(
    code=incidents.LETTER_CODE,
    title=_("Letter about an incident to each of the people concerned"),
    name="Pemberitahuan Kegagalan Pelindungan Data Pribadi",
    blocks=texts.INCIDENT_LETTER,
    placeholders=incidents.LETTER_LABELS,
    subjects=incidents.people_by_letter,
    build=incidents.letters_of,
    sample=sample(
        incidents.SAMPLE_VALUES | {"nama": SAMPLE_PEOPLE[0][0]},
        incidents.letter_body(SAMPLE_TO, incidents.SAMPLE_FACTS),
    ),
)
INCIDENT_REPORT = about_incident(
    code=incidents.REPORT_CODE,
    title=_("Report of an incident to the authority"),
    name="Laporan Kegagalan Pelindungan Data Pribadi",
    blocks=texts.INCIDENT_REPORT,
    placeholders=incidents.REPORT_LABELS,
    subjects=incidents.incident_subject,
    build=incidents.reports_of,
    sample=sample(
        incidents.SAMPLE_VALUES | {"jumlah_orang": "40 (empat puluh) orang"},
        incidents.letter_body(incidents.AUTHORITY, incidents.SAMPLE_FACTS),
    ),
)

PAPERS = (
    *(
        INVITATION,
        MINUTES,
        DECREE,
        DECREE_COPY,
        ATTENDANCE,
        STAFF_ATTENDANCE,
        GOODS,
        ALLOWANCES,
        withholding.BATCH_SLIP,
    ),
    *(CERTIFICATE, RECEIPT, INCIDENT_LETTER, INCIDENT_REPORT),
)

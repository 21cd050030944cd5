"""The texts that the papers of programmes begin with; each office makes them its own. An empty line parts points."""

from django.utils.translation import gettext_lazy as _

from documents.kinds import Block

PROGRAM_LABELS = {
    "kegiatan": _("name of the programme"),
    "jumlah_angkatan": _("number of batches, in figures and words"),
    "kuota": _("seats, in figures and words"),
    "pendaftaran": _("days of registration"),
    "sumber_dana": _("fund source"),
    "tahun_anggaran": _("fiscal year"),
    "dasar_hukum": _("legal basis of the fund"),
    "alamat_portal": _("address of the portal"),
}

RECALLING = (
    "Undang-Undang Nomor 13 Tahun 2003 tentang Ketenagakerjaan;\n\n"
    "Undang-Undang Nomor 3 Tahun 2014 tentang Perindustrian;\n\n"
    "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah, beserta perubahannya;\n\n"
    "Peraturan Pemerintah Nomor 12 Tahun 2019 tentang Pengelolaan Keuangan Daerah;\n\n"
    "{dasar_hukum} tentang penggunaan {sumber_dana};"
)
IN_FORCE = (
    "Segala biaya yang timbul akibat ditetapkannya Keputusan ini dibebankan pada {sumber_dana} "
    "Tahun Anggaran {tahun_anggaran}.\n\n"
    "Keputusan ini mulai berlaku pada tanggal ditetapkan, dengan ketentuan apabila di kemudian hari terdapat "
    "kekeliruan akan diadakan perbaikan sebagaimana mestinya."
)

COMMITTEE = (
    Block(
        "considering",
        _("Menimbang: reasons"),
        "bahwa untuk meningkatkan keterampilan dan produktivitas masyarakat, {kantor} menyelenggarakan kegiatan "
        "{kegiatan};\n\n"
        "bahwa untuk kelancaran kegiatan sebagaimana dimaksud dalam huruf a perlu dibentuk panitia pelaksana;\n\n"
        "bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a dan huruf b, perlu menetapkan Keputusan "
        "tentang Panitia Pelaksana {kegiatan};",
    ),
    Block("recalling", _("Mengingat: legal bases"), RECALLING),
    Block("noting", _("Memperhatikan: other papers"), "", may_be_empty=True),
    Block(
        "decisions",
        _("Decisions, part by part"),
        "Membentuk Panitia Pelaksana {kegiatan} dengan susunan keanggotaan sebagaimana tercantum dalam Lampiran yang "
        "merupakan bagian tidak terpisahkan dari Keputusan ini.\n\n"
        "Panitia Pelaksana sebagaimana dimaksud dalam Diktum KESATU bertugas menyiapkan, melaksanakan, dan "
        "melaporkan kegiatan, serta bertanggung jawab kepada Kepala Dinas.\n\n" + IN_FORCE,
    ),
)
INSTRUCTORS = (
    Block(
        "considering",
        _("Menimbang: reasons"),
        "bahwa dalam rangka pelaksanaan {kegiatan} {angkatan} di {wilayah} diperlukan instruktur yang berkompeten di "
        "bidangnya;\n\n"
        "bahwa yang namanya tercantum dalam Lampiran Keputusan ini dipandang mampu dan memenuhi syarat sebagai "
        "instruktur;\n\n"
        "bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a dan huruf b, perlu menetapkan Keputusan "
        "tentang Instruktur {kegiatan} {angkatan};",
    ),
    Block("recalling", _("Mengingat: legal bases"), RECALLING),
    Block("noting", _("Memperhatikan: other papers"), "", may_be_empty=True),
    Block(
        "decisions",
        _("Decisions, part by part"),
        "Menunjuk instruktur {kegiatan} {angkatan} sebagaimana tercantum dalam Lampiran yang merupakan bagian tidak "
        "terpisahkan dari Keputusan ini.\n\n"
        "Instruktur sebagaimana dimaksud dalam Diktum KESATU bertugas menyiapkan bahan ajar, mengajar sesuai jadwal, "
        "dan menyampaikan laporan pelaksanaan kepada Panitia Pelaksana.\n\n"
        "Kepada instruktur diberikan honorarium sesuai standar biaya yang berlaku.\n\n" + IN_FORCE,
    ),
)
ANNOUNCEMENT = (
    Block(
        "opening",
        _("Beginning"),
        "Dalam rangka meningkatkan keterampilan masyarakat, {kantor} membuka pendaftaran peserta {kegiatan} yang "
        "dibiayai dari {sumber_dana} Tahun Anggaran {tahun_anggaran}, dengan ketentuan sebagai berikut:",
    ),
    Block(
        "register",
        _("How people register"),
        "Pendaftaran dapat dilakukan melalui telepon genggam di {alamat_portal}, atau dengan bantuan petugas di "
        "kantor kelurahan dengan menunjukkan KTP-el.\n\n"
        "Pendaftar menerima nomor pendaftaran sebagai bukti dan dapat melihat hasilnya di portal yang sama.",
        required=("alamat_portal",),
    ),
    Block(
        "fee",
        _("Costs"),
        "Seluruh proses pendaftaran dan pelatihan tidak dipungut biaya. Apabila ada pihak yang meminta imbalan, mohon "
        "melapor kepada {kantor}.",
    ),
    Block(
        "privacy",
        _("Personal data"),
        "Data pribadi pendaftar hanya digunakan untuk penyelenggaraan pelatihan ini dan dilindungi sesuai "
        "Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi.",
    ),
    Block(
        "closing",
        _("End"),
        "Demikian pengumuman ini disampaikan untuk diketahui dan disebarluaskan.",
    ),
)
SCHEDULE = (
    Block(
        "closing",
        _("Note below the table"),
        "Catatan: 1 (satu) jam pelajaran (JP) adalah 45 (empat puluh lima) menit. Jadwal dapat berubah dengan "
        "pemberitahuan panitia.",
        may_be_empty=True,
    ),
)

"""The texts that the papers of participants begin with; each office makes them its own. An empty line parts points."""

from django.utils.translation import gettext_lazy as _

from documents.kinds import Block
from programs.models.wording import BATCH_LABELS, SAMPLE_BATCH

ENTRY_LABELS = BATCH_LABELS | {"sapaan": _("Sdr. or Sdri."), "nama": _("name"), "nomor_pendaftaran": _("entry number")}
RESULT_LABELS = BATCH_LABELS | {
    "jumlah_pendaftar": _("entries, in figures and words"),
    "jumlah_diterima": _("accepted, in figures and words"),
    "jumlah_cadangan": _("waiting, in figures and words"),
    "cara_seleksi": _("how participants were chosen"),
    "berita_acara": _("the minutes, with number and date where they are issued"),
}
SAMPLE_ENTRY = SAMPLE_BATCH | {"sapaan": "Sdri.", "nama": "Dewi Contoh Lestari", "nomor_pendaftaran": "ABCD-2345"}
SAMPLE_RESULT = SAMPLE_BATCH | {
    "jumlah_pendaftar": "57 (lima puluh tujuh)",
    "jumlah_diterima": "40 (empat puluh)",
    "jumlah_cadangan": "10 (sepuluh)",
    "cara_seleksi": "menurut urutan pendaftaran",
    "berita_acara": "Berita Acara Seleksi Peserta Nomor 500.15/040/DPK/VI/2024 tanggal 20 Juni 2024",
}
CERTIFICATE_LABELS = BATCH_LABELS | {
    "nama": _("name"),
    "wilayah_peserta": _("kelurahan and kecamatan of the participant"),
    "pelatihan": _("name of the programme, with its topics"),
    "tanggal_pelatihan": _("dates of the training"),
    "jam_pelajaran": _("lesson hours, in figures and words"),
    "di_tempat": _("the word di and the venue, or nothing"),
}
SAMPLE_CERTIFICATE = SAMPLE_BATCH | {
    "nama": "Dewi Contoh Lestari",
    "wilayah_peserta": "Kelurahan Contoh, Kecamatan Contoh",
    "pelatihan": "Pelatihan Keterampilan Kerja DBHCHT 2024: Roti dan masakan",
    "tanggal_pelatihan": "1 dan 2 Juli 2024",
    "jam_pelajaran": "18 (delapan belas) jam pelajaran",
    "di_tempat": " di Aula Kelurahan Contoh, Jalan Contoh Nomor 1",
}

INVITATION = (
    Block(
        "opening",
        _("Beginning"),
        "Dalam rangka pelaksanaan {kegiatan} yang dibiayai dari {sumber_dana} Tahun Anggaran {tahun_anggaran}, dengan "
        "ini kami mengundang {sapaan} {nama} untuk hadir sebagai peserta pada:",
    ),
    Block("middle", _("Before the list"), "Peserta diharapkan hadir tepat waktu dengan membawa:", may_be_empty=True),
    Block(
        "items",
        _("What to bring"),
        "surat undangan ini;\n\nKTP-el asli dan 1 (satu) lembar fotokopinya;\n\nalat tulis.",
        may_be_empty=True,
    ),
    Block(
        "closing",
        _("End"),
        "Seluruh kegiatan tidak dipungut biaya. Apabila berhalangan hadir, mohon segera memberitahukan kepada kami "
        "agar tempat dapat diberikan kepada peserta cadangan.\n\n"
        "Demikian undangan ini disampaikan, atas perhatian dan kehadiran Saudara diucapkan terima kasih.",
    ),
)
MINUTES = (
    Block(
        "opening",
        _("Beginning"),
        "Pada hari ini, {tanggal_huruf}, bertempat di {kantor}, kami yang bertanda tangan di bawah ini:",
    ),
    Block(
        "middle",
        _("Before the results"),
        "telah melaksanakan verifikasi dan seleksi calon peserta {kegiatan} {angkatan} di {wilayah}, dengan hasil "
        "sebagai berikut:",
    ),
    Block(
        "method",
        _("How participants were chosen"),
        "Peserta ditetapkan menurut urutan pendaftaran di antara pendaftar yang memenuhi persyaratan, sampai dengan "
        "kuota {kuota} orang. Pendaftar berikutnya menjadi peserta cadangan menurut urutan yang sama.",
    ),
    Block(
        "closing",
        _("End"),
        "Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.",
    ),
)
DECREE = (
    Block(
        "considering",
        _("Menimbang: reasons"),
        "bahwa berdasarkan hasil verifikasi dan seleksi {cara_seleksi}, telah diperoleh calon peserta yang "
        "memenuhi persyaratan untuk mengikuti {kegiatan} {angkatan};\n\n"
        "bahwa untuk tertib administrasi dan kepastian pelaksanaan pelatihan perlu ditetapkan peserta;\n\n"
        "bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a dan huruf b, perlu menetapkan Keputusan "
        "tentang Penetapan Peserta {kegiatan} {angkatan};",
    ),
    Block(
        "recalling",
        _("Mengingat: legal bases"),
        "Undang-Undang Nomor 13 Tahun 2003 tentang Ketenagakerjaan;\n\n"
        "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah, beserta perubahannya;\n\n"
        "{dasar_hukum} tentang penggunaan {sumber_dana};",
    ),
    Block("noting", _("Memperhatikan: other papers"), "{berita_acara};", may_be_empty=True),
    Block(
        "decisions",
        _("Decisions, part by part"),
        "Menetapkan {jumlah_diterima} orang peserta {kegiatan} {angkatan} di {wilayah} sebagaimana tercantum dalam "
        "Lampiran yang merupakan bagian tidak terpisahkan dari Keputusan ini.\n\n"
        "Peserta sebagaimana dimaksud dalam Diktum KESATU wajib mengikuti seluruh rangkaian pelatihan. Peserta yang "
        "mengundurkan diri digantikan oleh peserta cadangan menurut urutannya.\n\n"
        "Segala biaya yang timbul akibat ditetapkannya Keputusan ini dibebankan pada {sumber_dana} Tahun Anggaran "
        "{tahun_anggaran}.\n\n"
        "Keputusan ini mulai berlaku pada tanggal ditetapkan, dengan ketentuan apabila di kemudian hari terdapat "
        "kekeliruan akan diadakan perbaikan sebagaimana mestinya.",
    ),
)
GOODS = (
    Block("opening", _("Beginning"), "Setiap peserta yang bertanda tangan di bawah ini menerima:"),
    Block(
        "items",
        _("What each participant receives"),
        "alat tulis 1 (satu) set;\n\nbahan praktik 1 (satu) paket;\n\nkonsumsi selama pelatihan.",
    ),
    Block(
        "closing",
        _("Note below the table"),
        "Barang tersebut telah diterima dalam keadaan baik dan cukup.",
        may_be_empty=True,
    ),
)
CERTIFICATE = (
    Block("given", _("Above the name"), "diberikan kepada"),
    Block("took_part", _("Below the name"), "telah mengikuti"),
    Block("training", _("The training"), "{pelatihan}", required=("pelatihan",)),
    Block(
        "held",
        _("Who held it, where and when"),
        "yang diselenggarakan oleh {kantor}{di_tempat} pada tanggal {tanggal_pelatihan}, selama {jam_pelajaran}, "
        "dengan dana {sumber_dana} Tahun Anggaran {tahun_anggaran}.",
        required=("tanggal_pelatihan", "jam_pelajaran"),
    ),
    Block(
        "assessed",
        _("Where a test was passed"),
        "dan telah lulus tes akhir pelatihan",
        may_be_empty=True,
    ),
    Block(
        "note",
        _("Notes on the back"),
        "Satu jam pelajaran (JP) setara dengan 45 menit.\n\n"
        "Sertifikat ini menerangkan keikutsertaan dalam pelatihan dan bukan sertifikat kompetensi.",
        may_be_empty=True,
    ),
)
INCIDENT_LETTER = (
    Block(
        "opening",
        _("Beginning"),
        "Sesuai dengan Pasal 46 Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi, dengan ini kami "
        "memberitahukan bahwa telah terjadi kegagalan pelindungan data pribadi yang menyangkut data Saudara.",
    ),
    Block("middle", _("Before the list"), "", may_be_empty=True),
    Block(
        "items",
        _("What people can do"),
        "Mohon waspada terhadap telepon, pesan, atau surel yang mengaku dari kantor kami. Kami tidak pernah meminta "
        "PIN, kode, atau uang.\n\nMohon laporkan kepada kami apabila data Saudara dipakai oleh orang lain.",
        may_be_empty=True,
    ),
    Block(
        "closing",
        _("End"),
        "Keterangan lebih lanjut dapat diperoleh dari {kontak}.\n\n"
        "Kami memohon maaf atas kejadian ini. Demikian pemberitahuan ini disampaikan, atas perhatian Saudara "
        "diucapkan terima kasih.",
        required=("kontak",),
    ),
)
INCIDENT_REPORT = (
    Block(
        "opening",
        _("Beginning"),
        "Sesuai dengan Pasal 46 Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi, dengan ini kami "
        "melaporkan kegagalan pelindungan data pribadi sebagai berikut.",
    ),
    Block("middle", _("Before the list"), "", may_be_empty=True),
    Block("items", _("Further points"), "", may_be_empty=True),
    Block(
        "closing",
        _("End"),
        "Keterangan lebih lanjut dapat diperoleh dari {kontak}.\n\n"
        "Demikian laporan ini disampaikan, atas perhatiannya diucapkan terima kasih.",
        required=("kontak",),
    ),
)

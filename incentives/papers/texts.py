"""The texts that the papers of competitions begin with; each office makes them its own."""

from django.utils.translation import gettext_lazy as _

from documents.kinds import Block

LABELS = {
    "kegiatan": _("name of the programme"),
    "lomba": _("name of the competition"),
    "hari_tanggal": _("day of the pitches"),
    "tempat": _("venue"),
    "jumlah_peserta": _("number of pitches, in figures and words"),
    "jumlah_juri": _("number of jurors, in figures and words"),
    "jumlah_pemenang": _("number of winners, in figures and words"),
    "masa_sanggah": _("working days for objections, in figures and words"),
    "batas_sanggah": _("last day for objections"),
    "waktu_lapor": _("how long winners have to report, in figures and words"),
    "berita_acara": _("the minutes of the jury, with number and date"),
    "keputusan": _("the decree of the winners, with number and date"),
    "sumber_dana": _("fund source"),
    "tahun_anggaran": _("fiscal year"),
    "dasar_hukum": _("legal basis of the fund"),
    "alamat_portal": _("address of the portal"),
}
WINNER_LABELS = LABELS | {"nama": _("name of the winner")}
STATEMENT_LABELS = WINNER_LABELS | {
    "penghargaan": _("the award"),
    "jumlah": _("amount"),
    "jumlah_huruf": _("amount in words"),
}
SAMPLE = {
    "kegiatan": "Pelatihan Keterampilan Kerja DBHCHT 2024",
    "lomba": "Lomba Rencana Usaha Contoh",
    "hari_tanggal": "Rabu, 3 Juli 2024",
    "tempat": "Aula Kelurahan Contoh, Jalan Contoh Nomor 1",
    "jumlah_peserta": "30 (tiga puluh) peserta",
    "jumlah_juri": "3 (tiga) orang",
    "jumlah_pemenang": "6 (enam) orang",
    "masa_sanggah": "3 (tiga) hari kerja",
    "batas_sanggah": "8 Juli 2024",
    "waktu_lapor": "6 (enam) bulan",
    "berita_acara": "Berita Acara Penjurian Nomor 500/01/VII/2024 tanggal 3 Juli 2024",
    "keputusan": "Keputusan tentang Penetapan Pemenang Nomor 500/02/VII/2024 tanggal 9 Juli 2024",
    "sumber_dana": "DBHCHT",
    "tahun_anggaran": "2024",
    "dasar_hukum": "PMK 215/PMK.07/2021",
    "alamat_portal": "portal.contoh.go.id",
}
SAMPLE_WINNER = SAMPLE | {"nama": "Dewi Contoh Lestari"}
SAMPLE_STATEMENT = SAMPLE_WINNER | {
    "penghargaan": "Juara I",
    "jumlah": "Rp3.000.000",
    "jumlah_huruf": "tiga juta rupiah",
}

MINUTES = (
    Block(
        "opening",
        _("Beginning"),
        "Pada hari ini, {tanggal_huruf}, bertempat di {kantor}, kami yang bertanda tangan di bawah ini selaku juri "
        "{lomba}:",
    ),
    Block(
        "middle",
        _("Before the results"),
        "telah menilai {jumlah_peserta} {lomba} pada {hari_tanggal}, dengan hasil sebagai berikut:",
    ),
    Block(
        "closing",
        _("End"),
        "Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya. Juri yang tidak "
        "menandatangani memberi alasannya pada kolom tanda tangan.",
    ),
)
ANNOUNCEMENT = (
    Block(
        "opening",
        _("Beginning"),
        "Berdasarkan {berita_acara}, {kantor} mengumumkan hasil {lomba} dalam rangka {kegiatan} sebagai berikut.",
    ),
    Block(
        "method",
        _("How it was judged"),
        "Sebanyak {jumlah_peserta} dinilai oleh {jumlah_juri} juri menurut kriteria dan bobot yang diumumkan "
        "sebelum penilaian. Rinciannya dapat dibaca di {alamat_portal}.",
    ),
    Block(
        "objections",
        _("Objections"),
        "Sanggahan dapat disampaikan dalam {masa_sanggah}, paling lambat {batas_sanggah}, melalui halaman pemenang di "
        "{alamat_portal} atau langsung di {kantor}. Setiap sanggahan dijawab sebelum pemenang ditetapkan.",
    ),
    Block("closing", _("End"), "Demikian pengumuman ini disampaikan untuk diketahui.", may_be_empty=True),
)
DECREE = (
    Block(
        "considering",
        _("Menimbang: reasons"),
        "bahwa untuk mendorong peserta {kegiatan} mengembangkan usaha telah dilaksanakan {lomba};\n\n"
        "bahwa berdasarkan hasil penjurian dan setelah berakhirnya masa sanggah perlu menetapkan pemenang;\n\n"
        "bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a dan huruf b, perlu menetapkan Keputusan "
        "tentang Penetapan Pemenang {lomba};",
    ),
    Block(
        "recalling",
        _("Mengingat: legal bases"),
        "Undang-Undang Nomor 3 Tahun 2014 tentang Perindustrian;\n\n"
        "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah, beserta perubahannya;\n\n"
        "Peraturan Pemerintah Nomor 12 Tahun 2019 tentang Pengelolaan Keuangan Daerah;\n\n"
        "{dasar_hukum} tentang penggunaan {sumber_dana};",
    ),
    Block("noting", _("Memperhatikan: other papers"), "{berita_acara};", may_be_empty=True),
    Block(
        "decisions",
        _("Decisions, part by part"),
        "Menetapkan {jumlah_pemenang} pemenang {lomba} sebagaimana tercantum dalam Lampiran yang merupakan bagian "
        "tidak terpisahkan dari Keputusan ini.\n\n"
        "Kepada pemenang sebagaimana dimaksud dalam Diktum KESATU diberikan uang penghargaan sebagaimana tercantum "
        "dalam Lampiran, dipotong pajak sesuai dengan ketentuan peraturan perundang-undangan.\n\n"
        "Keputusan tentang pemenang tidak dapat diganggu gugat.\n\n"
        "Segala biaya yang timbul akibat ditetapkannya Keputusan ini dibebankan pada {sumber_dana} Tahun Anggaran "
        "{tahun_anggaran}.\n\n"
        "Keputusan ini mulai berlaku pada tanggal ditetapkan, dengan ketentuan apabila di kemudian hari terdapat "
        "kekeliruan akan diadakan perbaikan sebagaimana mestinya.",
    ),
)
STATEMENT = (
    Block(
        "opening",
        _("Beginning"),
        "Selaku penerima {penghargaan} {lomba} sebesar {jumlah} ({jumlah_huruf}), yang bertanda tangan di bawah ini "
        "menyatakan bahwa:",
    ),
    Block(
        "items",
        _("What the winner promises"),
        "uang penghargaan digunakan untuk mengembangkan usaha;\n\n"
        "penggunaannya dilaporkan kepada {kantor} paling lambat {waktu_lapor} setelah diterima;\n\n"
        "bersedia dikunjungi dan dipantau oleh {kantor};\n\n"
        "usaha dan data yang disampaikan dalam {lomba} adalah benar.",
    ),
    Block(
        "closing",
        _("End"),
        "Pernyataan ini dibuat dengan sebenarnya dan tanpa paksaan dari pihak mana pun.",
        may_be_empty=True,
    ),
)

"""The lines that the portal proposes for the register of processing activities: what it does, in the words of the law.

In Indonesian, for the register is an official record. Each office changes them as it likes.
"""

from typing import Any

TASK = "public_task"
LAW = "UU 25/2009 tentang Pelayanan Publik; UU 23/2014 tentang Pemerintahan Daerah"
SAFE = (
    "Hak akses menurut peran dan wilayah, autentikasi dua langkah, NIK terenkripsi, jejak audit yang tidak dapat diubah"
)
OFFICE = "Bidang penyelenggara pelatihan"


def line(name: str, purpose: str, data_items: str, kept: str, **more: Any) -> dict[str, Any]:
    common = {"basis": TASK, "legal_basis": LAW, "people": "Warga pendaftar dan peserta pelatihan"}
    return {**common, "safeguards": SAFE, "responsible": OFFICE, **more} | {
        "name": name,
        "purpose": purpose,
        "data_items": data_items,
        "kept": kept,
    }


PORTAL_LINES: list[dict[str, Any]] = [
    line(
        "Pendaftaran dan seleksi peserta pelatihan",
        "Menerima pendaftaran, memeriksa syarat, memberi kursi, dan mencegah pendaftaran ganda.",
        "Nama, NIK, tanggal lahir, jenis kelamin, alamat KTP, telepon, surel, pendidikan, pekerjaan, nama usaha, "
        "kelompok sasaran, nilai pembanding nomor kartu keluarga bila program menerima satu peserta per keluarga",
        "Menurut aturan retensi peserta dan pendaftar",
        specific_items="Data anak beserta wali bila peserta belum berusia 18 tahun",
    ),
    line(
        "Pemeriksaan dokumen pendaftar",
        "Mencocokkan data yang diisi dengan KTP dan surat keterangan.",
        "Foto KTP, surat domisili, surat kelompok sasaran",
        "Dihapus begitu data diverifikasi, paling lambat menurut pengaturan portal",
        safeguards=f"{SAFE}; setiap foto terenkripsi dengan kunci sendiri dan setiap dilihat dicatat",
    ),
    line(
        "Penyelenggaraan pelatihan dan kehadiran",
        "Mencatat kehadiran, jam pelajaran, dan kelulusan sebagai dasar sertifikat dan pertanggungjawaban.",
        "Nama, kelurahan, tanda hadir, jam pelajaran, hasil tes",
        "Menurut jadwal retensi arsip daerah",
    ),
    line(
        "Sertifikat dan naskah dinas",
        "Menerbitkan sertifikat, keputusan, undangan, dan daftar hadir.",
        "Nama, tempat dan tanggal lahir, kelurahan, pelatihan, nomor dokumen",
        "Menurut jadwal retensi arsip daerah",
        recipients="Publik melalui halaman verifikasi: nama, pelatihan, tanggal, dan nomor",
    ),
    line(
        "Pembayaran uang saku dan hadiah",
        "Membayar hak peserta dan mempertanggungjawabkan keuangan daerah.",
        "Nama, NIK, nomor rekening, jumlah, pajak",
        "Menurut aturan pengelolaan keuangan daerah",
        basis="legal_duty",
        legal_basis="PP 12/2019 tentang Pengelolaan Keuangan Daerah",
        specific_items="Data keuangan pribadi: nomor rekening",
        recipients="Bank penyalur, kantor pajak",
        responsible="Bendahara",
    ),
    line(
        "Pesan layanan",
        "Memberi kabar tentang pendaftaran, jadwal, dan perubahan.",
        "Nama, telepon, surel, isi pesan",
        "Menurut aturan retensi pesan",
        recipients="Penyedia surel dan WhatsApp",
    ),
    line(
        "Kabar pelatihan lain",
        "Memberi tahu warga yang bersedia tentang pelatihan lain.",
        "Nama, telepon, surel",
        "Sampai izin ditarik kembali",
        basis="consent",
        legal_basis="Persetujuan pada formulir pendaftaran",
    ),
    line(
        "Persiapan kartu pencari kerja (AK1)",
        "Membantu warga menyiapkan data untuk sistem kementerian dan mengingatkan laporan berkala.",
        "Data kartu, pendidikan, keterampilan, pengalaman kerja, nomor dan masa berlaku kartu",
        "Sampai dua tahun setelah kartu berakhir",
        legal_basis="Permenaker 39/2016",
        responsible="Bidang penempatan tenaga kerja",
    ),
    line(
        "Pengaduan",
        "Menerima dan menjawab pengaduan.",
        "Isi pengaduan; nama dan kontak bila diberikan",
        "Nama dan kontak dihapus setelah selesai menurut pengaturan portal",
        people="Warga pengadu",
        legal_basis="UU 25/2009 tentang Pelayanan Publik",
    ),
    line(
        "Hak subjek data dan kegagalan pelindungan",
        "Menjawab permintaan warga dan memberi tahu bila pelindungan gagal.",
        "Data pada permintaan, jejak pemrosesan, daftar orang terdampak",
        "Menurut jadwal retensi arsip daerah",
        basis="legal_duty",
        legal_basis="UU 27/2022 tentang Pelindungan Data Pribadi, Pasal 5 sampai dengan 13, 31, dan 46",
        recipients="Lembaga pengawas pelindungan data pribadi",
        responsible="Petugas pelindungan data pribadi",
    ),
    line(
        "Akun petugas dan jejak audit",
        "Memberi hak akses menurut peran dan mencatat siapa melakukan apa.",
        "Nama, NIP, surel, peran, waktu masuk, perbuatan pada data",
        "Sekurang-kurangnya lima tahun",
        people="Pegawai dan petugas kelurahan",
        legal_basis="Perpres 95/2018 tentang SPBE",
        responsible="Administrator sistem",
    ),
]

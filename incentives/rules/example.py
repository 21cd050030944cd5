"""The method that a new competition begins with: weights and tiers of domain.md 11.2, in the language of the jury."""

from decimal import Decimal

# Code, name, weight, what it looks at, and what a score means from there on, from high to low.
CRITERIA: tuple[tuple[str, str, int, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "model",
        "Model dan deskripsi usaha",
        25,
        "Masalah yang diselesaikan, pelanggan, cara usaha berjalan.",
        (
            ("85", "Pelanggan, masalah, dan cara memperoleh pendapatan jelas dan terbukti."),
            ("70", "Jelas, tetapi belum semua terbukti di lapangan."),
            ("55", "Gambaran ada, hubungan antarbagian belum jelas."),
            ("0", "Belum menunjukkan siapa pelanggan atau dari mana pendapatan."),
        ),
    ),
    (
        "inovasi",
        "Inovasi dan kreativitas produk",
        20,
        "Yang membedakan produk dari produk sejenis.",
        (
            ("85", "Baru bagi pasarnya, sudah dibuat dan diuji."),
            ("70", "Pembeda nyata, sudah ada contoh produk."),
            ("55", "Perbaikan kecil atas produk yang ada."),
            ("0", "Tidak ada pembeda."),
        ),
    ),
    (
        "pasar",
        "Pasar dan promosi",
        20,
        "Besar pasar, saluran penjualan, promosi termasuk daring.",
        (
            ("85", "Penjualan berjalan lewat beberapa saluran, hasil promosi diukur."),
            ("70", "Penjualan berjalan, rencana promosi rinci."),
            ("55", "Baru menjual di lingkungan sendiri."),
            ("0", "Belum ada pembeli atau rencana penjualan."),
        ),
    ),
    (
        "keuangan",
        "Keuangan dan kelayakan",
        20,
        "Biaya, harga, laba, pencatatan, kebutuhan modal.",
        (
            ("85", "Dicatat rapi, laba dihitung, penggunaan hadiah direncanakan."),
            ("70", "Biaya dan harga dihitung, catatan belum lengkap."),
            ("55", "Perkiraan saja, tanpa catatan."),
            ("0", "Belum ada hitungan."),
        ),
    ),
    (
        "presentasi",
        "Presentasi",
        15,
        "Kejelasan, ketepatan waktu, jawaban atas pertanyaan.",
        (
            ("85", "Meyakinkan, tepat waktu, setiap pertanyaan terjawab."),
            ("70", "Jelas, sebagian pertanyaan terjawab."),
            ("55", "Dapat diikuti, banyak yang tertinggal."),
            ("0", "Tidak dapat diikuti."),
        ),
    ),
)
TIERS = (("Juara I", 2, 3_000_000), ("Juara II", 2, 2_400_000), ("Juara III", 2, 1_800_000))
TIE_BREAKS = ("criteria", "more_jurors", "chair")
LOWEST, HIGHEST = Decimal(0), Decimal(100)

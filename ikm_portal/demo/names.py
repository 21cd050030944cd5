"""Names as they are met in Central Java and Southeast Sulawesi: single words, two, three, and very long ones."""

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN_FIRST = _words(
    "Siti Nur Sri Dewi Rina Umi Endang Fitri Wahyu Retno Tri Ani Dian Eka Indah Lilis Maya Nining Puji Ratna Rini "
    "Sari Tuti Yuli Yanti Zulfa Khusnul Laila Mufidah Naila Putri Qonita Rahma Salsa Tsania Ulfa Vina Wiwik Anisa Ayu"
)
WOMEN_LAST = _words(
    "Aminah Khasanah Rahayu Lestari Handayani Wulandari Kurniasih Puspitasari Hidayati Fatmawati Mulyani Nurjanah "
    "Permatasari Purwanti Rohmah Safitri Setyowati Susanti Utami Wahyuningsih Widyastuti Astuti Maesaroh Zubaidah "
    "Maghfiroh Istiqomah Kholifah Muniroh Nafisah Rusmiati Solikhah Trihastuti Yuliana Zahro Anggraeni Pratiwi"
)
WOMEN_SINGLE = _words(
    "Sumiyati Rokhmah Kusmiyati Daryati Musyarofah Sutinah Tarwiyah Khotijah Waryanti Turipah Rukoyah"
)
MEN_FIRST = _words(
    "Ahmad Muhammad Agus Budi Joko Slamet Teguh Wahyu Arif Bagus Dwi Eko Fajar Hadi Imam Khoirul Lukman Mustofa "
    "Nur Rizki Sigit Taufik Untung Yusuf Zaenal Abdul Bayu Didik Galih Heri"
)
MEN_LAST = _words(
    "Santoso Wibowo Prasetyo Hidayat Setiawan Nugroho Kurniawan Saputra Susanto Purnomo Riyanto Firmansyah Mubarok "
    "Rahman Syaifudin Maulana Wijaya Pamungkas Hermawan Arifin Ghofur Aziz Fauzi Basuki Irawan Yulianto"
)
MEN_SINGLE = _words("Suparno Kusnadi Darsono Rasmani Tarmuji Wasito Kasmuri Sutrisno Abdurrohman Caslani Warsito")
WOMEN_LONG = (
    "Raden Ajeng Siti Khadijah Nur Fadhilah Kusumaningrum",
    "Dewi Sekar Arum Puspaningtyas Widyaningrum Hapsari",
    "Hj. Umi Kulsum Nurul Hidayatul Mustaghfiroh, S.Pd.",
)
MEN_LONG = (
    "Muhammad Fakhruddin Al Ghifari Dwi Cahyo Nugroho",
    "Raden Mas Bagus Aryo Suryokusumo Wiratmojo",
)
OCCUPATIONS = (
    "Ibu rumah tangga",
    "Buruh batik",
    "Pedagang",
    "Penjahit",
    "Belum bekerja",
    "Karyawan toko",
    "Wiraswasta",
    "Mahasiswa",
    "Pengemudi ojek",
)
STREETS = ("Melati", "Mawar", "Kenanga", "Teratai", "Cempaka", "Anggrek", "Dahlia", "Flamboyan", "Kamboja", "Seroja")


GOODS = ("Batik", "Keripik", "Roti", "Konveksi", "Katering", "Jamu", "Kerupuk", "Anyaman")
FIRMS = _words(
    "Cempaka Kenanga Puspita Arjuna Kartika Srikandi Wiratama Nusantara Pelangi Mutiara Bintang Pesisir Kencana Harapan"
)


def firm_name(chance: Random) -> str:
    return f"{chance.choice(GOODS)} {chance.choice(FIRMS)} {chance.choice(STREETS)}"


def full_name(chance: Random, *, woman: bool) -> str:
    first, last, single, long = (
        (WOMEN_FIRST, WOMEN_LAST, WOMEN_SINGLE, WOMEN_LONG) if woman else (MEN_FIRST, MEN_LAST, MEN_SINGLE, MEN_LONG)
    )
    kind = chance.random()
    if kind < 0.12:
        return chance.choice(single)
    if kind < 0.13:
        return chance.choice(long)
    if kind < 0.3:
        return " ".join([chance.choice(first), *chance.sample(last, 2)])
    return f"{chance.choice(first)} {chance.choice(last)}"

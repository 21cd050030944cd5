"""What the participants of P1 put before the jury: thirty admitted pitches with their hours, two that are looked at."""

import json
from datetime import datetime, time, timedelta

import typst

from accounts.models import User
from ikm_portal.demo.competitions import Stage
from ikm_portal.demo.editions import Staff
from incentives.actions import draw_order, plan_times
from incentives.models import Entry, EntryFile
from incentives.queries import file_context
from incentives.rules import business_key
from jobs.actions import keep_file
from kit.crypto import encrypt_file, new_file_key
from kit.family_cards import hash_household
from participants.models import Registration

State = Entry.State
ADMITTED, WITH_SLIDES = 30, 3
LUNCH = (time(12), time(13))
# Kind of business -> name of the firm without its place, what it makes, what is new.
BUSINESSES = {
    "Pangan": (
        ("Tauto Kering", "tauto khas Pekalongan dalam kemasan kering", "Tahan enam bulan tanpa lemari pendingin."),
        ("Keripik Bandeng", "keripik dari kulit dan duri bandeng", "Bagian yang biasanya dibuang menjadi camilan."),
        ("Roti Mocaf", "roti dari tepung singkong", "Tanpa gluten dan lembut sampai lima hari."),
        ("Kopi Tahlil Saset", "kopi tahlil rempah siap seduh", "Rempah tetap utuh, satu saset satu cangkir."),
        ("Nasi Megono Beku", "megono beku untuk perantau", "Dipanaskan tiga menit, rasa seperti baru dimasak."),
        ("Sirup Parijoto", "sirup buah parijoto", "Gula dikurangi separuh, warna dari buahnya sendiri."),
        ("Abon Ikan Remang", "abon ikan remang", "Tanpa minyak, diperas dengan alat buatan sendiri."),
        ("Pindang Tetel Kaleng", "pindang tetel dalam kaleng", "Dapat dikirim ke luar pulau."),
        ("Limun Oriental Baru", "limun botol kaca isi ulang", "Botol kembali, pembeli mendapat potongan."),
        ("Kue Apem Mini", "apem ukuran sekali suap", "Dipesan lewat telepon, diantar hangat."),
    ),
    "Kriya": (
        ("Batik Canting Elektrik", "batik tulis dengan canting berpengatur suhu", "Malam tidak menetes, cacat turun."),
        ("Tenun ATBM", "kain tenun alat bukan mesin", "Motif dipilih pembeli dari gambar di layar."),
        ("Tas Sarung", "tas dari sarung palekat sisa", "Setiap tas diberi cerita asal kainnya."),
        ("Sandal Eceng", "sandal dari eceng gondok", "Gulma rawa menjadi bahan."),
        ("Boneka Batik", "boneka dari perca batik", "Pola dijual agar anak menjahit sendiri."),
        ("Sabun Minyak Jelantah", "sabun cuci dari jelantah", "Jelantah dijemput dari warung tetangga."),
        ("Lampu Akar Wangi", "lampu meja dari akar wangi", "Harum saat dinyalakan."),
        ("Batik Ecoprint", "kain cetak daun", "Daun dari kebun kelurahan, tanpa pewarna buatan."),
        ("Kotak Seserahan", "kotak seserahan lipat", "Dikirim pipih, dirakit tanpa lem."),
        ("Anyaman Mendong", "tempat laptop dari mendong", "Lapisan dalam dari sisa busa pabrik."),
    ),
    "Jasa": (
        ("Cuci Sepatu Jemput", "cuci sepatu antar jemput", "Pesanan dicatat lewat pesan singkat."),
        ("Foto Produk", "foto produk untuk tetangga yang berjualan", "Studio lipat dibawa ke rumah."),
        ("Servis Mesin Jahit", "servis mesin jahit di tempat", "Suku cadang dipinjamkan selama menunggu."),
        ("Titip Jahit", "jahit perbaikan pakaian", "Pola disimpan, pesanan kedua lebih cepat."),
        ("Desain Kemasan", "desain kemasan rumahan", "Cetak mulai dari lima puluh lembar."),
        ("Sewa Oven", "sewa oven per jam", "Tetangga berbagi satu oven besar."),
        ("Kelas Canting", "kelas membatik dua jam", "Hasilnya langsung dibawa pulang."),
        ("Kurir Kampung", "kurir dalam kota dengan sepeda", "Tanpa bensin, tarif tetap."),
        ("Admin Toko Daring", "mengurus toko daring orang lain", "Dibayar dari hasil, bukan di muka."),
        ("Bengkel Sablon", "sablon kaus satuan", "Tinta berbahan air."),
    ),
}
SLIDES = """#set page(width: 25.4cm, height: 14.29cm, margin: 2cm)
#set text(size: 28pt)
= {name}
{about}
#pagebreak()
== Apa yang baru
{novelty}
#pagebreak()
== Pembeli
Tetangga, warung, dan pesanan lewat telepon di {place}.
"""


def pitches_of(stage: Stage, staff: Staff) -> list[Entry]:
    """Sent while entries were open, checked the day after, drawn into an order with hours around lunch."""
    people = enumerate(stage.registrations)
    rows = [_pitch(stage, number, registration, staff.verifier) for number, registration in people]
    entries = Entry.objects.bulk_create(rows)
    for entry in entries[:WITH_SLIDES]:
        _add_slides(entry, staff.verifier)
    draw_order(competition=stage.competition, by=staff.officer)
    plan_times(competition=stage.competition, breaks=[LUNCH], by=staff.officer)
    return list(Entry.objects.filter(competition=stage.competition).admitted().in_order())


def _pitch(stage: Stage, number: int, registration: Registration, verifier: User) -> Entry:
    competition = stage.competition
    kind = registration.business_kind or "Pangan"
    name, about, novelty = BUSINESSES[kind][number // 3 % len(BUSINESSES[kind])]
    place = registration.region.name if number < ADMITTED else f"Baru {registration.region.name}"
    # Opened in the morning; three or four a day, none at night.
    sent = competition.opens_at + timedelta(days=number // 4, hours=1 + number % 4 * 3, minutes=number * 11 % 60)
    entry = Entry(
        competition=competition,
        registration=registration,
        region=registration.region,
        code=_code(number),
        title=f"{about[0].upper()}{about[1:]}",
        business_name=f"{name} {place}",
        business_key=business_key(f"{name} {place}"),
        household_hash=hash_household(f"997101{competition.pk:04d}{number:06d}"),
        content=json.dumps(_told(about, novelty, place, number), ensure_ascii=False),
        created_at=sent - timedelta(hours=3),
        submitted_at=sent,
        state=State.SUBMITTED,
    )
    if number < ADMITTED:
        entry.state = State.ADMITTED
    elif number % 2:
        entry.state, entry.check_note = State.NEEDS_FIX, "Mohon jelaskan berapa modal yang berasal dari pinjaman."
    if entry.state != State.SUBMITTED:
        entry.checked_at, entry.checked_by = min(sent + timedelta(hours=20), _latest(stage)), verifier
    return entry


def _latest(stage: Stage) -> datetime:
    return stage.competition.closes_at + timedelta(days=1)


def _code(number: int) -> str:
    """The same at every run, so that walks through the demonstration can name them."""
    letters = "ABCDEFGHJKMNPQRSTVWXYZ"
    return f"{letters[number % 22]}{letters[number * 7 % 22]}{2 + number % 8}{letters[number * 13 % 22]}"


def _told(about: str, novelty: str, place: str, number: int) -> dict[str, object]:
    summary = (
        f"Kami membuat {about} di {place}. Usaha ini dimulai dari dapur dan halaman rumah, lalu tumbuh karena pesanan "
        "tetangga dan teman. Setelah pelatihan kami mencatat biaya, menghitung harga jual, dan menjual lewat telepon "
        "genggam. Insentif akan dipakai untuk alat, kemasan, dan izin yang masih kurang."
    )
    return {
        "summary": summary,
        "novelty": novelty,
        "market": f"Tetangga dan warung di {place}, pasar kota, dan pesanan lewat telepon dari luar kota.",
        "monthly_turnover": 1_500_000 + number * 350_000 % 9_000_000,
        "workers": 1 + number % 4,
        "capital": 2_000_000 + number * 1_250_000 % 15_000_000,
        "since": 2019 + number % 6,
    }


def _add_slides(entry: Entry, by: User) -> None:
    told = entry.told
    source = SLIDES.format(
        name=entry.business_name, about=entry.title, novelty=told["novelty"], place=entry.region and entry.region.name
    )
    file = EntryFile(entry=entry, kind=EntryFile.Kind.SLIDES, key=new_file_key(), pages=3)
    content = typst.compile(source.encode())
    sealed = encrypt_file(content, key=str(file.key), context=file_context(entry.pk, file.kind))
    file.stored = keep_file(
        agency=entry.competition.program.agency,
        name="pitch",
        content=sealed,
        content_type="application/octet-stream",
        by=by,
    )
    file.save()

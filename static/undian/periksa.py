"""Periksa hasil seleksi: menghitung ulang daftar dari berkas CSV yang diumumkan. / Recomputes a published selection.

Cara pakai / usage:  python3 periksa.py seleksi.csv [kode-sidik-yang-diumumkan / published hash]

Hanya memakai pustaka standar Python 3.9 ke atas; tidak mengirim apa pun. / Standard library only; sends nothing.
"""

import csv
import hashlib
import sys


def read(path: str) -> tuple[dict[str, str], dict[str, tuple[int, bool]], list[dict[str, str]]]:
    """The settings, the limits (seats, whether they yield), and the lines."""
    settings, limits, table = {}, {}, []
    with open(path, encoding="utf-8-sig", newline="") as file:
        for line in file:
            if not line.startswith("#"):
                table.append(line)
                continue
            name, _, value = line[1:].strip().partition("=")
            if name.startswith("batas "):
                seats, _, word = value.partition(" ")
                limits[name[6:]] = (int(seats), word == "lentur")
            else:
                settings[name] = value
    return settings, limits, list(csv.DictReader(table))


def ordered(settings: dict[str, str], rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Undian: by SHA-256 of seed:words:number. Poin: most points first, then the smaller number."""
    if settings["cara"] != "draw":
        return sorted(rows, key=lambda row: (-int(row["poin"]), int(row["nomor"])))
    start = settings["benih"] + ":" + settings["kata_saksi"] + ":"
    return sorted(rows, key=lambda row: hashlib.sha256((start + row["nomor"]).encode()).hexdigest())


def results(
    settings: dict[str, str], limits: dict[str, tuple[int, bool]], rows: list[dict[str, str]]
) -> dict[str, tuple[str, str]]:
    """Number -> (place in the order, outcome)."""
    line = ordered(settings, [row for row in rows if row["ikut"] == "1"])
    taken: dict[str, int] = {}
    seated: set[str] = set()
    for second_round in (False, True):  # first within all limits, then beyond those that yield
        for row in line:
            groups = row["kelompok"].split()
            full = any(taken.get(g, 0) >= limits[g][0] and not (second_round and limits[g][1]) for g in groups)
            if row["nomor"] not in seated and len(seated) < int(settings["kursi"]) and not full:
                seated.add(row["nomor"])
                for group in groups:
                    taken[group] = taken.get(group, 0) + 1
    found, waiting = {}, 0
    for place, row in enumerate(line, start=1):
        outcome = "held" if row["nomor"] in seated else "none"
        if outcome == "none" and waiting < int(settings["cadangan"]):
            outcome, waiting = "waiting", waiting + 1
        found[row["nomor"]] = (str(place), outcome)
    return found


def check(path: str, published: str = "") -> list[str]:
    """What is wrong; empty when everything is right."""
    settings, limits, rows = read(path)
    wrong = []
    if settings["cara"] == "draw" and hashlib.sha256(settings["benih"].encode()).hexdigest() != settings["sidik_benih"]:
        wrong.append("Benih bukan benih yang sidiknya tertulis. / The seed does not have the hash that is written.")
    if published and published.strip().lower() != settings["sidik_benih"]:
        wrong.append("Sidik benih bukan yang diumumkan. / The hash of the seed is not the published one.")
    found = results(settings, limits, rows)
    for row in rows:
        expected = found.get(row["nomor"], ("", "out"))
        if (row["urutan"], row["hasil"]) != expected:
            wrong.append(f"Nomor {row['nomor']}: tertulis / written {row['hasil']}, terhitung / found {expected[1]}")
    return wrong


def main() -> int:
    if len(sys.argv) < 2:
        sys.stdout.write((__doc__ or "") + "\n")
        return 2
    wrong = check(*sys.argv[1:3])
    for sentence in wrong:
        sys.stdout.write(sentence + "\n")
    if not wrong:
        sys.stdout.write("Benar: daftar sama dengan hasil hitungan ulang. / Right: the list is what comes out again.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

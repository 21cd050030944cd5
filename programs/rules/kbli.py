"""The divisions of category C (industry) of the Indonesian classification of business, KBLI 2020 and 2025."""

# Official words, in Indonesian alone: they stand on papers and in the register of industry.
KBLI_DIVISIONS = {
    "10": "Industri makanan",
    "11": "Industri minuman",
    "12": "Industri pengolahan tembakau",
    "13": "Industri tekstil",
    "14": "Industri pakaian jadi",
    "15": "Industri kulit, barang dari kulit dan alas kaki",
    "16": "Industri kayu, barang dari kayu dan gabus, dan barang anyaman",
    "17": "Industri kertas dan barang dari kertas",
    "18": "Industri pencetakan dan reproduksi media rekaman",
    "19": "Industri produk dari batu bara dan pengilangan minyak bumi",
    "20": "Industri bahan kimia dan barang dari bahan kimia",
    "21": "Industri farmasi, produk obat kimia dan obat tradisional",
    "22": "Industri karet, barang dari karet dan plastik",
    "23": "Industri barang galian bukan logam",
    "24": "Industri logam dasar",
    "25": "Industri barang logam, bukan mesin dan peralatannya",
    "26": "Industri komputer, barang elektronik dan optik",
    "27": "Industri peralatan listrik",
    "28": "Industri mesin dan perlengkapan",
    "29": "Industri kendaraan bermotor, trailer dan semi trailer",
    "30": "Industri alat angkutan lainnya",
    "31": "Industri furnitur",
    "32": "Industri pengolahan lainnya",
    "33": "Reparasi dan pemasangan mesin dan peralatan",
}


def kind_of_business(kind: str) -> str:
    """A kind of business in words: of the classification by its code, otherwise as the programme wrote it."""
    return KBLI_DIVISIONS.get(kind, kind)

"""Regions of the second office of the demonstration, by code."""

KENDARI = {
    "74": "Sulawesi Tenggara",
    "74.71": "Kota Kendari",
    "74.71.01": "Mandonga",
    "74.71.01.1005": "Mandonga",
    "74.71.01.1006": "Korumba",
    "74.71.02": "Kendari",
    "74.71.02.1009": "Kandai",
}

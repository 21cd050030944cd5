"""Numbers as people type and paste them."""

import unicodedata

# Cf are invisible marks and Pd all hyphens and dashes: what is copied out of WhatsApp is full of both.
SEPARATORS = {"Cf", "Pd", "Zs"}


def without_separators(text: str) -> str:
    """The text without the spaces, dots and hyphens between its digits; the caller judges the rest."""
    return "".join(
        character
        for character in text
        if character != "." and not character.isspace() and unicodedata.category(character) not in SEPARATORS
    )

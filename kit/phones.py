"""Phone numbers as people write them, stored as E.164. Rules: domain.md 1.5."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.digits import without_separators

# Areas of big cities have two digits after the 0: Jakarta, Bandung, Semarang, Surabaya, Medan.
TWO_DIGIT_AREAS = {"21", "22", "24", "31", "61"}
MOBILE = re.compile(r"\+628[0-9]{8,11}")


def parse_phone(text: str) -> str | None:
    """E.164, or None. `62…` without a plus is Indonesian; the library alone would read it as a local number."""
    compact = without_separators(text).replace("(", "").replace(")", "")
    if not re.fullmatch(r"\+?[0-9]{6,16}", compact, re.ASCII):
        return None
    if re.match(r"620?8", compact):
        compact = f"+62{compact[2:].lstrip('0')}"
    elif compact.startswith("+620"):
        compact = f"+62{compact[3:].lstrip('0')}"
    elif compact.startswith("8"):
        compact = f"+62{compact}"
    if compact.startswith("08"):
        compact = f"+62{compact[1:]}"
    if compact.startswith("+628"):
        return compact if MOBILE.fullmatch(compact) else None
    try:
        number = phonenumbers.parse(compact, "ID")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def is_mobile(e164: str) -> bool:
    return MOBILE.fullmatch(e164) is not None


def clean_mobile(text: str) -> str:
    """E.164 of one Indonesian mobile number, or `ValidationError` with a sentence for the person who typed it."""
    if re.search(r"[/,;]|\batau\b", text):
        raise ValidationError(_("Please enter one number only."), code="phone_several")
    e164 = parse_phone(text)
    if e164 is None:
        raise ValidationError(_("This phone number is not complete. Example: 0812-3456-7890."), code="phone_invalid")
    if not is_mobile(e164):
        raise ValidationError(_("Please enter a mobile number. Example: 0812-3456-7890."), code="phone_not_mobile")
    return e164


def show_phone(e164: str) -> str:
    """`0812-3456-7890`, `(0285) 421234`; a foreign number stays as it is."""
    if not e164.startswith("+62"):
        return e164
    local = f"0{e164[3:]}"
    if not is_mobile(e164):
        area = 3 if e164[3:5] in TWO_DIGIT_AREAS else 4
        return f"({local[:area]}) {local[area:]}"
    return "-".join(part for part in (local[:4], local[4:8], local[8:]) if part)


def mask_phone(e164: str) -> str:
    """`0812-****-7890`: whoever knows the number recognises it."""
    local = f"0{e164[3:]}" if e164.startswith("+62") else e164
    return f"{local[:4]}-****-{e164[-4:]}" if len(e164) >= 10 else "****"


def whatsapp_digits(e164: str) -> str:
    """What stands after `https://wa.me/`: the number without the plus."""
    return e164.lstrip("+")

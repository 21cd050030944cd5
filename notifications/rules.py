"""When a message is tried again and given up, and how a wording is read and filled. No database, no clock."""

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

MOST_ATTEMPTS = 8
GIVE_UP_AFTER = dt.timedelta(days=3)
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=4)


def is_permanent(code: int) -> bool:
    """SMTP replies (RFC 5321 4.2.1): 4xx may succeed later, 5xx will not."""
    return 500 <= code <= 599


def is_exhausted(attempts: int) -> bool:
    return attempts >= MOST_ATTEMPTS


def wait_after(attempts: int) -> dt.timedelta:
    """1, 3, 9, 27, 81 minutes, then 4 hours: a greylisting server is met early, a full mailbox not pestered."""
    return min(FIRST_WAIT * 3 ** (attempts - 1), LONGEST_WAIT)


def mask_email(address: str) -> str:
    """a****@example.id: enough to recognise one's own, not to write to another's."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}****@{domain}"


PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
BRACED = re.compile(r"\{+[^{}]*\}+|[{}]")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
# A shortened address hides where it leads; people are warned of them.
SHORTENERS = re.compile(
    r"(?<![\w.-])((?:bit\.ly|tinyurl\.com|s\.id|t\.co|goo\.gl|cutt\.ly|rebrand\.ly|is\.gd|v\.gd|ow\.ly|rb\.gy|t\.ly"
    r"|tiny\.cc|gg\.gg|shorturl\.at|linktr\.ee|lynk\.id|msha\.ke|short\.io|bitly\.com|adf\.ly|buff\.ly)(?![\w-]))",
    re.IGNORECASE,
)


class Wording(NamedTuple):
    """A subject and a text, with placeholders in braces."""

    subject: str
    body: str


def placeholders_in(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Each known placeholder gives way to its value, once: braces inside a value stay what they are."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def unknown_braces(text: str, known: Collection[str]) -> Iterator[str]:
    """Everything in braces that is no known placeholder, as it was typed."""
    for found in BRACED.finditer(text):
        exact = PLACEHOLDER.fullmatch(found[0])
        if exact is None or exact[1] not in known:
            yield found[0]


def nearest(typed: str, known: Collection[str]) -> str | None:
    """The placeholder that was probably meant."""
    name = re.sub(r"[^a-z_]", "", typed.lower().replace(" ", "_"))
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.5)), None)


def shortened_link(text: str) -> str | None:
    found = SHORTENERS.search(text)
    return found[1] if found else None


def tidy(text: str) -> str:
    """One kind of line break, nothing behind the lines, at most one empty line, no character that cannot be seen."""
    text = UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def differences(before: str, after: str) -> list[tuple[str, str]]:
    """Line by line: what went ("-"), what came ("+"), what stayed (" ")."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [(line[0], line[2:]) for line in lines if line[0] in "-+ "]

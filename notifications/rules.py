"""When a message is tried again, by which channel and when not, and how a wording is read. No database, no clock."""

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
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


def is_quiet(moment: dt.time, quiet_from: dt.time, quiet_until: dt.time) -> bool:
    """Whether a time on the wall clock lies in the quiet hours, which may pass midnight."""
    if quiet_from <= quiet_until:
        return quiet_from <= moment < quiet_until
    return moment >= quiet_from or moment < quiet_until


def end_of_quiet(at: dt.datetime, quiet_from: dt.time, quiet_until: dt.time) -> dt.datetime:
    """The same moment when it is not quiet then, else the next end of the quiet hours. `at` is in the office's zone."""
    if not is_quiet(at.time(), quiet_from, quiet_until):
        return at
    day = at.date() if at.time() < quiet_until else at.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, quiet_until, at.tzinfo)


def route(order: Sequence[str], *, email: bool, mobile: bool, phone: bool, template: bool) -> list[str]:
    """The channels that can reach this person, in the office's order. Who has nothing is told by word of mouth."""
    reachable = {"whatsapp": mobile and template, "email": email, "manual": mobile, "call": phone}
    found = [channel for channel in order if reachable[channel]]
    return found or (["email"] if email else ["manual"] if mobile else ["call"])


class Verdict(StrEnum):
    """What an answer of the WhatsApp platform means for the message and for the number that it is sent from."""

    TAKEN = "taken"
    NOT_ON_WHATSAPP = "not_on_whatsapp"  # this person is not reached by any WhatsApp, not even by hand
    REFUSED = "refused"  # this message never goes this way
    STOPPED_BY_RECIPIENT = "stopped_by_recipient"
    LATER = "later"  # the same message again, later
    REST = "rest"  # everything from this number later
    STOP = "stop"  # nothing from this number until somebody mends it


# https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
VERDICTS: dict[int, Verdict] = {
    **dict.fromkeys((0, 3, 10, 190, 200, 368, 131005, 131031, 131042, 131045, 133010), Verdict.STOP),
    **dict.fromkeys((4, 80007, 130429, 131048, 131057), Verdict.REST),
    **dict.fromkeys((1, 2, 131000, 131016, 131056), Verdict.LATER),
    **dict.fromkeys((131026, 130472), Verdict.NOT_ON_WHATSAPP),
    131050: Verdict.STOPPED_BY_RECIPIENT,
}


def verdict_on(status: int, code: int) -> Verdict:
    """By the code where the platform gave one, else by the HTTP status."""
    if code in VERDICTS:
        return VERDICTS[code]
    if 200 < code <= 299 or status == 401:  # permissions that the token lacks
        return Verdict.STOP
    if status == 429:
        return Verdict.REST
    return Verdict.LATER if status >= 500 or status == 408 else Verdict.REFUSED


STOP_WORDS = {"STOP", "BERHENTI", "UNSUBSCRIBE"}
START_WORDS = {"START", "MULAI", "SUBSCRIBE"}


def wish_of(text: str) -> bool | None:
    """Whether a reply asks for messages (True) or against them (False); None when it is about something else."""
    word = re.sub(r"[^A-Z]", "", text.upper()[:40])
    return True if word in START_WORDS else False if word in STOP_WORDS else None


def one_parameter(text: str) -> str:
    """What the platform takes in a place of a template: no line break, no tab, no four spaces, never empty."""
    return " ".join(text.split())[:1000] or "-"

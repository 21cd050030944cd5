"""Pure rules of sign-in and of the trail: what is masked, how long a door stays shut, what a code of the app is."""

import base64
import datetime as dt
import hashlib
import hmac
import re
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FAILURES_PER_LOGIN = 5
FAILURES_PER_ADDRESS = 30
FIRST_LOCKOUT = dt.timedelta(minutes=15)
LONGEST_LOCKOUT = dt.timedelta(hours=4)
# After so long without an attempt the count starts again, and so does the growth of the lock-outs.
FAILURES_FORGOTTEN = dt.timedelta(minutes=15)
LOCKOUTS_FORGOTTEN = dt.timedelta(hours=24)

HIDDEN = "•••"
SECRET_KEYS = re.compile(r"password|secret|token|pin$|otp|key$|session", re.IGNORECASE)
PERSONAL_KEYS = re.compile(
    r"nik|identity|family_card|phone|mobile|email|address|birth|account_no|account_number|mother|guardian|recipient",
    re.IGNORECASE,
)
LONG_NUMBER = re.compile(r"(?<!\d)\d{9,20}(?!\d)")
SPACED_NUMBER = re.compile(r"(?<!\d)\d{4}(?:[ .-]\d{4}){3}(?!\d)")
EMAIL = re.compile(r"([\w.+-])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)")


@dataclass(frozen=True)
class Attempts:
    """What is known of one name or address: failures in a row, lock-outs so far, last attempt, closed until when."""

    failures: int = 0
    lockouts: int = 0
    last_attempt_at: dt.datetime | None = None
    locked_until: dt.datetime | None = None

    def is_locked(self, now: dt.datetime) -> bool:
        return self.locked_until is not None and self.locked_until > now


def counted(before: Attempts, now: dt.datetime, limit: int) -> Attempts:
    """One more attempt, counted as failed before the password is looked at: success takes it back.

    The attempt that reaches the limit closes the door behind itself, so that parallel guesses find it closed.
    """
    quiet = now - before.last_attempt_at if before.last_attempt_at else LOCKOUTS_FORGOTTEN
    failures = 1 if quiet >= FAILURES_FORGOTTEN else before.failures + 1
    lockouts = 0 if quiet >= LOCKOUTS_FORGOTTEN else before.lockouts
    if failures < limit:
        return Attempts(failures, lockouts, now, None)
    return Attempts(0, lockouts + 1, now, now + lockout_duration(lockouts + 1))


def lockout_duration(lockouts: int) -> dt.timedelta:
    """The first lock-out lasts 15 minutes and each following one twice as long, up to 4 hours."""
    return min(FIRST_LOCKOUT * 2 ** min(max(lockouts, 1) - 1, 10), LONGEST_LOCKOUT)


def mask_tail(text: str, shown: int = 4) -> str:
    """Leaves the last characters of a number of at least eight; anything shorter disappears whole."""
    return HIDDEN + text[-shown:] if len(text) >= 8 else HIDDEN


def mask_text(text: str) -> str:
    """Takes identity, card, account and telephone numbers and e-mail addresses out of a sentence."""
    text = SPACED_NUMBER.sub(lambda match: mask_tail(match.group()), text)
    text = LONG_NUMBER.sub(lambda match: mask_tail(match.group()), text)
    return EMAIL.sub(rf"\1{HIDDEN}@\2", text)


def mask_value(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            str(name): mask_value(f"{key}.{name}" if _is_named(key) else str(name), inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_value(key, inner) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    if SECRET_KEYS.search(key):
        return HIDDEN
    if PERSONAL_KEYS.search(key):
        return "" if value == "" else mask_tail(str(value), 3)
    if isinstance(value, int) and abs(value) >= 10**13:
        return mask_tail(str(value))
    return mask_text(value) if isinstance(value, str) else value


def _is_named(key: str) -> bool:
    return bool(SECRET_KEYS.search(key) or PERSONAL_KEYS.search(key))


def mask_changes(changes: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the trail keeps of a change: enough to see that it happened, too little to learn a number from it."""
    return {str(key): mask_value(str(key), value) for key, value in (changes or {}).items()}


def masked_login(login: str) -> str:
    """First letter only, so that a password typed into the wrong field does not enter the trail."""
    login = login.strip()
    return f"{login[0]}{HIDDEN}" if len(login) >= 3 else HIDDEN


def is_inside(code: str, region: str) -> bool:
    """Whether an area code is the region itself or lies below it: 33.75.01 in 33.75, but not 33.751."""
    return code == region or code.startswith(f"{region}.")


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_family(user_agent: str) -> str:
    """`Chrome, Windows`: enough to know one's own device again, too little to follow it."""
    named = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(part for part in named if part)


CODE_SECONDS = 30
CODE_DIGITS = 6


def app_code(secret: str, step: int) -> str:
    """RFC 4226 and 6238 with SHA-1: what an authenticator app shows in this step of 30 seconds."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number: int = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def step_of_code(secret: str, code: str, now: float, *, after: int = 0) -> int | None:
    """The step that this code belongs to: this one, or one to either side for clocks that differ.

    Steps up to `after` are used up: no code counts twice, and none that is older than one that counted.
    """
    present = int(now) // CODE_SECONDS
    steps = [step for step in (present, present - 1, present + 1) if step > after]
    return next((step for step in steps if hmac.compare_digest(app_code(secret, step), code)), None)


CENTRAL_PROVINCES = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
EASTERN_PROVINCES = {"81", "82", "91", "92", "93", "94", "95", "96"}


def zone_of(code: str) -> str:
    """The clock of a region by the province in its code: Keppres 41/1987 with the provinces founded since."""
    province = code[:2]
    if province in EASTERN_PROVINCES:
        return "Asia/Jayapura"
    return "Asia/Makassar" if province in CENTRAL_PROVINCES else "Asia/Jakarta"


TITLE = re.compile(r"\b(?:h|hj|dr|drs|dra|ir|kh|prof|ust|rr|rd|r)\.", re.IGNORECASE)


def plain_username(full_name: str) -> str:
    """`Drs. H. Endang Purwanti, M.M.` is `endang.purwanti`: the first and the last word, without titles."""
    bare = TITLE.sub(" ", full_name.split(",")[0]).lower()
    words = re.findall(r"[a-z]+", unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode())
    name = ".".join(words[:1] + words[-1:] if len(words) > 1 else words)[:34]
    return name if len(name) >= 3 else f"petugas.{name}".rstrip(".")

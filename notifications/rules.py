"""When a message is tried again and when it is given up. No database, no clock."""

import datetime as dt

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

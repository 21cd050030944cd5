"""Who receives a certificate, and why somebody does not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """Where somebody stands when the training is over. `attended_enough` is empty where nobody was marked at all,
    `test_passed` where there is no test."""

    holds_seat: bool
    is_verified: bool
    attended_enough: bool | None
    test_passed: bool | None = None


def certificate_obstacles(standing: Standing) -> list[str]:
    """Codes of what is in the way, the first to be settled first; none: the certificate is made."""
    found = []
    if not standing.holds_seat:
        found.append("no_seat")
    if not standing.is_verified:
        found.append("not_verified")
    if standing.attended_enough is None:
        found.append("no_attendance")
    elif not standing.attended_enough:
        found.append("attended_too_little")
    if standing.test_passed is False:
        found.append("test_not_passed")
    return found

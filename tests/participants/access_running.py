"""Pages for running a batch and for people's data, put together from the files of each part."""

from collections.abc import Callable
from typing import Any

from participants.models import Registration
from programs.models import Batch
from tests.participants.access_attendance import ATTENDANCE, ATTENDANCE_ARGUMENTS, halls
from tests.participants.access_cards import CARD_ARGUMENTS, CARDS, card_rows
from tests.participants.access_certificates import CERTIFICATE_ARGUMENTS, CERTIFICATES, certified
from tests.participants.access_offline import DEVICE_ARGUMENTS, DEVICES, device_of_the_officer
from tests.participants.access_persons import PERSON_ARGUMENTS, PERSONS, person_rows
from tests.participants.access_privacy import PRIVACY, PRIVACY_ARGUMENTS
from tests.participants.access_rights import RIGHTS, RIGHTS_ARGUMENTS, requested

RUNNING: dict[str, tuple[str, str]] = {**ATTENDANCE, **CARDS, **CERTIFICATES, **DEVICES, **PERSONS, **PRIVACY, **RIGHTS}
RUNNING_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    **ATTENDANCE_ARGUMENTS,
    **CARD_ARGUMENTS,
    **CERTIFICATE_ARGUMENTS,
    **DEVICE_ARGUMENTS,
    **PERSON_ARGUMENTS,
    **PRIVACY_ARGUMENTS,
    **RIGHTS_ARGUMENTS,
}


def running(batch: Batch, entry: Registration) -> dict[str, Any]:
    """The rows that these pages are about; the entry holds the one seat of the batch."""
    rows = {**halls(batch), **card_rows(entry), **certified(), **device_of_the_officer(batch), **person_rows()}
    return rows | requested(entry)

"""The way to the own page without a registration number: a one-time code to the contact on file."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from participants import notices, rules
from participants.actions.access import RECOVERIES_A_DAY, RECOVERY_MINUTES, RECOVERY_PAUSE, hash_one_time
from participants.actions.entries import audit, locked
from participants.models import AccessCode, Person, Registration, hash_nik

KIND = AccessCode.Kind.OWN_PAGE
WRONG_CODE = _("The code is wrong or has expired. After five wrong attempts a code ends: ask for a new one.")


def send_own_page_code(*, nik: str, by: None = None) -> None:
    """Sends a code to the contact on file of whoever bears this number, at each office that knows them.

    Silent when nobody does, when the last code went two minutes ago or less, and after five in a day.
    """
    for person in Person.objects.filter(nik_hash=hash_nik(nik)).defer("nik").order_by("pk"):
        _send(person, timezone.now())


@transaction.atomic
def _send(person: Person, now: datetime) -> None:
    newest = Registration.objects.filter(person=person).order_by("-pk").first()
    if newest is None or not (person.phone or person.email):
        return
    entry = locked(newest)
    sent = AccessCode.objects.filter(kind=KIND, registration__person=person, created_at__gt=now - timedelta(days=1))
    moments = list(sent.values_list("created_at", flat=True))
    if len(moments) >= RECOVERIES_A_DAY or any(moment > now - RECOVERY_PAUSE for moment in moments):
        return
    code = rules.new_code()
    access = AccessCode.objects.create(
        registration=entry,
        kind=KIND,
        code_hash=hash_one_time(entry, code),
        created_at=now,
        expires_at=now + timedelta(minutes=RECOVERY_MINUTES),
    )
    audit(registration=entry, action="own_page_code_sent", by=None)
    notices.tell_own_page_code(access, person, f"{code[:4]}-{code[4:]}")


def open_with_own_page_code(*, nik_hash: str, code: str, by: None = None) -> Registration:
    """The newest entry of the person whose code this is; it works once. Wrong ones count on every code that waits."""
    now, typed = timezone.now(), rules.clean_code(code)
    with transaction.atomic():
        waiting = AccessCode.objects.for_own_page(now).filter(registration__person__nik_hash=nik_hash)
        keys = list(waiting.order_by("pk").values_list("pk", flat=True))
        rows = AccessCode.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
        usable = [row for row in rows.select_related("registration") if row.used_at is None]
        match = next((row for row in usable if _fits(row, typed)), None)
        if match is not None and match.failures < AccessCode.FAILURES_ALLOWED[KIND]:
            match.used_at = now
            match.save(update_fields=["used_at"])
            audit(registration=match.registration, action="own_page_opened", by=None)
            return match.registration
        for row in usable:
            row.failures += 1
            row.save(update_fields=["failures"])
    raise ValidationError(WRONG_CODE, code="code_wrong")


def _fits(row: AccessCode, typed: str) -> bool:
    return constant_time_compare(row.code_hash, hash_one_time(row.registration, typed))

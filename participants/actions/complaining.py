"""What a resident does with a complaint: send it, look it up, say that the answer does not satisfy."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from kit.rows import insert_unless_there
from participants import notices, rules
from participants.models import (
    Complaint,
    ComplaintEvent,
    ComplaintState,
    Registration,
    hash_word,
    initial_word,
)

Kind = ComplaintEvent.Kind
USED = _("This form has been sent already with other words. Please press the button again to send these too.")
# One sentence for a wrong word, an unknown number and a locked one: another would tell that the number exists.
WRONG = _(
    "The number of the complaint or the secret word is wrong. After several wrong attempts a number rests for a while."
)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody wrote; everything but the category and the text may be left out."""

    category: str
    text: str
    number: str = ""
    full_name: str = ""
    phone: str = ""
    email: str = ""
    may_publish: bool = False
    language: str = "id"


def log(complaint: Complaint, kind: Kind, by: User | None, text: str = "", **data: Any) -> ComplaintEvent:
    """A line of the history and one of the trail; the trail never holds the words."""
    event = ComplaintEvent(complaint=complaint, at=timezone.now(), kind=kind, by=by, text=text or None, data=data)
    event.save(force_insert=True)
    return event


def due_day(agency: Agency, now: datetime) -> Any:
    return rules.working_day_after(now.astimezone(agency.zone).date(), settings.COMPLAINT_DAYS)


@transaction.atomic
def send_complaint(*, agency: Agency, said: Said, submission_key: uuid.UUID, by: None = None) -> Complaint:
    """The complaint of this form, made once however often the button is pressed."""
    now = timezone.now()
    complaint = _new(agency, said, submission_key, now)
    if not insert_unless_there(complaint):
        return _pressed_twice(submission_key, said)
    event = log(complaint, Kind.RECEIVED, by)
    record(action="complaint.received", by=by, target=complaint, changes={"category": complaint.category})
    notices.tell_complaint(complaint, "complaint_received", event)
    return complaint


def _new(agency: Agency, said: Said, submission_key: uuid.UUID, now: datetime) -> Complaint:
    code, number = rules.new_code(), rules.clean_code(said.number)[:8]
    entries = Registration.objects.select_related("batch__region").defer("nik")
    named = entries.filter(code=number, batch__program__agency=agency).first() if number else None
    return Complaint(
        agency=agency,
        region=named.batch.region if named else None,
        category=said.category,
        code=code,
        submission_key=submission_key,
        word_hash=hash_word(code, initial_word(submission_key)),
        language=said.language,
        text=said.text,
        full_name=said.full_name or None,
        phone=said.phone or None,
        email=said.email or None,
        named_code=number,
        registration=named,
        may_publish=said.may_publish,
        received_at=now,
        due_on=due_day(agency, now),
    )


def _pressed_twice(submission_key: uuid.UUID, said: Said) -> Complaint:
    """The complaint that this form made; a form gone back to and filled in anew is another one."""
    existing = Complaint.objects.of_form(submission_key)
    if existing is None or (existing.category, existing.text) != (said.category, said.text):
        raise ValidationError(USED, code="form_used")
    return existing


def open_with_word(*, code: str, word: str, by: None = None) -> Complaint:
    """The complaint of this number and word. A wrong word counts on the complaint itself, whoever tries.

    The row is locked while the word is looked at, so that guesses sent at once are counted one by one.
    """
    cleaned = rules.clean_code(code)
    attempted = hash_word(cleaned, rules.clean_word(word))
    with transaction.atomic():
        key = Complaint.objects.filter(code=cleaned).values_list("pk", flat=True).first()
        if key is None:
            raise ValidationError(WRONG, code="word_wrong")
        complaint = Complaint.objects.locked(key)
        refusal = _check_word(complaint, attempted, timezone.now())
    if refusal is not None:
        raise refusal
    return complaint


def _check_word(complaint: Complaint, attempted: str, now: datetime) -> ValidationError | None:
    """The refusal is given back, not raised: what was counted must be committed."""
    if complaint.is_word_locked(now):
        return ValidationError(WRONG, code="word_locked")
    if constant_time_compare(complaint.word_hash, attempted):
        if complaint.word_failures:
            complaint.word_failures, complaint.word_locked_until = 0, None
            complaint.save(update_fields=["word_failures", "word_locked_until"])
        return None
    complaint.word_failures += 1
    pause = rules.pin_lock(complaint.word_failures)
    if pause is not None:
        complaint.word_locked_until = now + pause
        record(action="complaint.word_locked", by=None, target=complaint)
    complaint.save(update_fields=["word_failures", "word_locked_until"])
    return ValidationError(WRONG, code="word_wrong")


@transaction.atomic
def reopen_complaint(*, complaint: Complaint, comment: str, by: None = None) -> Complaint:
    """Not satisfied: once, with words. The clock starts again, and what stood on the board is taken down."""
    fresh = Complaint.objects.locked(complaint.pk)
    if fresh.is_open:
        raise ValidationError(_("The office is working on your complaint already."), code="complaint_open")
    if fresh.reopened_at is not None:
        raise ValidationError(
            _("A complaint can be taken up again once. Please send a new one, or use SP4N-LAPOR!."),
            code="complaint_reopened_before",
        )
    now = timezone.now()
    take_up_again(fresh, assigned_to=fresh.assigned_to)
    fresh.reopened_at, fresh.due_on = now, due_day(fresh.agency, now)
    fresh.save()
    log(fresh, Kind.REOPENED, by, comment)
    record(action="complaint.reopened", by=by, target=fresh)
    return fresh


def take_up_again(complaint: Complaint, *, assigned_to: User | None) -> None:
    """From an end back to work, not yet written: the answer stays in the history alone."""
    complaint.assigned_to = assigned_to
    complaint.state = ComplaintState.IN_PROGRESS if assigned_to else ComplaintState.NEW
    complaint.answer = complaint.answered_at = complaint.answered_by = complaint.ended_at = None
    complaint.close_reason = ""
    take_down(complaint)


def take_down(complaint: Complaint) -> None:
    complaint.published_question = complaint.published_answer = ""
    complaint.published_at = complaint.published_by = None

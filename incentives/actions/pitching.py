"""What a resident does with a pitch: saved at any time, sent, changed, taken back."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from incentives import notices, queries
from incentives.actions.files import drop_files
from incentives.actions.opened import check_file_open
from incentives.models import Competition, Edition, Entry
from incentives.models.entry import blind_code
from incentives.rules import business_key
from kit.family_cards import hash_household
from kit.refusals import spoken_refusals
from participants.models import Person, Registration

State = Entry.State
LEAST, MOST = 200, 1500
NEEDED = ("novelty", "market", "monthly_turnover", "workers", "capital", "since")
FILL_IN = _("Please fill this in.")


@dataclass(frozen=True)
class Pitch:
    """What a form says. `told` holds summary, novelty, market and figures by name; a family card only if typed."""

    title: str = ""
    business_name: str = ""
    category: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    family_card: str = ""


@transaction.atomic
def save_pitch(
    *, competition: Competition, registration: Registration, pitch: Pitch, is_sent: bool, by: User | None = None
) -> Entry:
    """A draft, or a pitch that is sent; what was sent once stays sent with whatever is changed.

    Refuses with entry_closed, entry_once, or by field where something is missing from what is sent.
    """
    fresh, entry, now = _opened(competition, registration, by)
    _fill(entry, pitch)
    entry.region_id = registration.region_id
    is_first = is_sent and entry.state != State.SUBMITTED
    if is_sent:
        assert fresh.edition is not None  # noqa: S101 - a declared competition has a method
        _refuse_incomplete(entry, fresh.edition)
        entry.state, entry.submitted_at = State.SUBMITTED, now
        entry.checked_at = entry.checked_by = entry.check_note = entry.ended_reason = None
    elif entry.state == State.WITHDRAWN:
        entry.state, entry.ended_reason = State.DRAFT, None
    with spoken_refusals(Entry):
        entry.save()
    if is_first:
        note_pitch(entry, action="pitch.sent", by=by)
        notices.tell_pitch(entry, "pitch_received", key=now.isoformat(), until=fresh.closes_at)
    elif is_sent:
        note_pitch(entry, action="pitch.changed", by=by)
    return entry


def _opened(
    competition: Competition, registration: Registration, by: User | None
) -> tuple[Competition, Entry, datetime]:
    """Person, competition and pitch, locked in this order: two sends of one person meet, and so do send and closing."""
    if registration.person_id is not None:
        Person.objects.select_for_update(no_key=True).values_list("pk").get(pk=registration.person_id)
    locked(competition)
    fresh, now = Competition.objects.with_parts().get(pk=competition.pk), timezone.now()
    mine = Entry.objects.select_for_update(of=("self",)).filter(competition=fresh, registration=registration).first()
    entry = mine or Entry(competition=fresh, registration=registration)
    current = Registration.objects.select_related("completion").get(pk=registration.pk)
    sentence = queries.obstacle(fresh, current, mine, now)
    if sentence:
        raise ValidationError(sentence, code="entry_closed")
    is_new = mine is None or mine.state == State.WITHDRAWN
    if is_new and current.person_id is not None and queries.others_of_person(fresh, current):
        raise ValidationError(_("You take part in this competition already."), code="entry_once")
    entry.competition, entry.registration = fresh, registration
    while mine is None and Entry.objects.filter(competition=fresh, code=entry.code).exists():
        entry.code = blind_code()
    return fresh, entry, now


def locked(competition: Competition) -> None:
    """Whoever sends waits for whoever closes, and the other way round."""
    check_file_open(Competition.objects.select_for_update(no_key=True).only("finished_at").get(pk=competition.pk))


def _fill(entry: Entry, pitch: Pitch) -> None:
    entry.title, entry.business_name, entry.category = pitch.title, pitch.business_name, pitch.category
    entry.business_key = business_key(pitch.business_name)[:160]
    entry.content = json.dumps(pitch.told, ensure_ascii=False)
    if pitch.family_card:
        entry.household_hash = hash_household(pitch.family_card)


def _refuse_incomplete(entry: Entry, edition: Edition) -> None:
    missing: dict[str, list[ValidationError]] = {}
    categories = set(edition.categories.values_list("code", flat=True))
    told = entry.told
    empty = [name for name in ("title", "business_name") if not getattr(entry, name)]
    empty += [name for name in NEEDED if told.get(name) in (None, "")]
    if categories and entry.category not in categories:
        empty.append("category")
    if edition.one_per_household and not entry.household_hash:
        empty.append("family_card")
    for name in empty:
        missing[name] = [ValidationError(FILL_IN, code="pitch_incomplete")]
    count = len(told.get("summary", ""))
    if not LEAST <= count <= MOST:
        sentence = _("The summary has between %(least)d and %(most)d characters. Yours has %(count)d.")
        params = {"least": LEAST, "most": MOST, "count": count}
        missing["summary"] = [ValidationError(sentence, code="pitch_summary", params=params)]
    if missing:
        raise ValidationError(missing)


@transaction.atomic
def withdraw_pitch(*, entry: Entry, reason: str, by: User | None = None) -> Entry | None:
    """What was never sent is gone with its files; what was sent stays as withdrawn. Not after the result is locked."""
    locked(entry.competition)
    fresh = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    fresh.competition = Competition.objects.with_parts().get(pk=entry.competition_id)
    if fresh.submitted_at is None:
        drop_files(files=list(fresh.files.all()), by=by)
        note_pitch(fresh, action="pitch.draft_deleted", by=by)
        fresh.delete()
        return None
    if fresh.competition.locked_at is not None:
        raise ValidationError(_("The result is locked. Please write to the office."), code="result_locked")
    if fresh.state not in {State.DRAFT, State.SUBMITTED, State.NEEDS_FIX, State.ADMITTED}:
        raise ValidationError(_("This pitch has ended already."), code="entry_ended")
    fresh.state, fresh.ended_reason = State.WITHDRAWN, reason
    fresh.position = fresh.planned_at = None
    fresh.save()
    note_pitch(fresh, action="pitch.withdrawn", by=by)
    notices.tell_pitch(fresh, "pitch_decided", key=f"withdrawn:{timezone.now().isoformat()}")
    return fresh


def note_pitch(entry: Entry, *, action: str, by: User | None, **details: Any) -> None:
    registration = entry.registration
    subject = None if registration is None else registration.person or registration
    record(action=action, by=by, target=entry, subject=subject, agency=entry.competition.program.agency, **details)

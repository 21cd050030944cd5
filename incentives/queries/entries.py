"""Who may pitch where, what stands in the way, and whom else of the same competition an entry belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from incentives.models import Competition, Entry, EntryFile
from incentives.queries.facts import won_before
from kit.crypto import decrypt_file
from kit.templatetags.kit import rupiah
from participants.models import CheckState, Registration, Seat

EDITABLE = (Entry.State.DRAFT, Entry.State.SUBMITTED, Entry.State.NEEDS_FIX, Entry.State.WITHDRAWN)
MOST_PICTURES = 4


@dataclass(frozen=True)
class Place:
    """One competition of a resident's programme, the entry for the training by which they may pitch, the pitch."""

    competition: Competition
    registration: Registration
    entry: Entry | None

    @property
    def state(self) -> str:
        return self.entry.state if self.entry else ""

    @property
    def is_sent(self) -> bool:
        return self.state not in {"", Entry.State.DRAFT}


def places_of(registrations: Sequence[int]) -> list[Place]:
    """Competitions of the programmes in which these entries hold a verified seat; the newest first."""
    rows = Registration.objects.filter(pk__in=registrations, check_state=CheckState.VERIFIED, seat=Seat.HELD)
    held = list(rows.select_related("batch__program__agency", "completion", "person").order_by("-pk"))
    programs = {row.batch.program_id for row in held}
    if not programs:
        return []
    found = Competition.objects.public().filter(program__in=programs).with_parts().order_by("-pk")
    pitched = {(row.competition_id, row.registration_id): row for row in Entry.objects.filter(registration__in=held)}
    return [_place(one, [row for row in held if row.batch.program_id == one.program_id], pitched) for one in found]


def _place(
    competition: Competition, held: Sequence[Registration], pitched: dict[tuple[int, int | None], Entry]
) -> Place:
    """The entry that has a pitch already; without one that of who attended, then the newest."""
    with_pitch = [row for row in held if (competition.pk, row.pk) in pitched]
    chosen = (with_pitch or sorted(held, key=lambda row: not attended(row)))[0]
    return Place(competition, chosen, pitched.get((competition.pk, chosen.pk)))


def attended(registration: Registration) -> bool:
    completion = getattr(registration, "completion", None)
    return completion is not None and completion.attended_enough


def obstacle(competition: Competition, registration: Registration, entry: Entry | None, now: datetime) -> str:
    """Why nothing can be sent or changed now, as a sentence; nothing where it can."""
    if registration.restricted_at is not None:
        return _("The use of your data is restricted. Allow it again on your page before you take part.")
    if registration.check_state != CheckState.VERIFIED or registration.seat != Seat.HELD:
        return _("Only participants of the programme whose data is verified take part.")
    if competition.state != Competition.State.DECLARED:
        return _("This competition takes no entries.")
    if entry is not None and entry.state not in EDITABLE:
        return _("The office has decided about this pitch. It can no longer be changed.")
    edition = competition.edition
    if edition is not None and edition.needs_attendance and not attended(registration):
        return _("Only participants who attended enough of the training take part.")
    return _closed(competition, entry, now)


def _closed(competition: Competition, entry: Entry | None, now: datetime) -> str:
    """Whoever was asked for a correction answers until the first pitch is scored, also after the end."""
    if now < competition.opens_at:
        return _("Entries have not begun yet.")
    if now < competition.closes_at:
        return ""
    if entry is not None and entry.state == Entry.State.NEEDS_FIX and competition.first_score_at is None:
        return ""
    return _("The time for entries is over.")


def others_of_person(competition: Competition, registration: Registration) -> "list[Entry]":
    """Pitches of the same person by another entry for a training."""
    rows = Entry.objects.filter(competition=competition, registration__person__isnull=False)
    rows = rows.exclude(registration=registration).exclude(state=Entry.State.WITHDRAWN)
    return list(rows.filter(registration__person=registration.person_id))


@dataclass(frozen=True)
class Check:
    """One line of the list that the officer goes through. `stands` is empty where nothing was found against it."""

    code: str
    label: str
    is_fine: bool
    found: str = ""


def checks_of(entry: Entry) -> list[Check]:
    """What the data tells of an entry by itself; the officer looks and decides."""
    competition, registration, edition = entry.competition, entry.registration, entry.competition.edition
    if registration is None or edition is None:
        return []
    enough = attended(registration)
    checks = [
        Check("verified", _("Data verified"), registration.check_state == CheckState.VERIFIED),
        Check("seat", _("Place in the training"), registration.seat == Seat.HELD),
    ]
    if edition.needs_attendance:
        checks.append(Check("attended", _("Attended enough"), enough))
    person = others_of_person(competition, registration)
    checks.append(Check("person", _("One pitch per person"), not person, _named(person)))
    if edition.excluded_years:
        won = former_awards(entry, edition.excluded_years)
        label = _("Not a winner of the last %(years)d years") % {"years": edition.excluded_years}
        checks.append(Check("winner", label, not won, ", ".join(won)))
    if edition.one_per_household:
        same = same_household(entry)
        checks.append(Check("household", _("No other pitch of the household"), not same, _named(same)))
    if edition.one_per_business:
        same = same_business(entry)
        checks.append(Check("business", _("No other pitch of the business"), not same, _named(same)))
    return checks


def _named(entries: Sequence[Entry]) -> str:
    return ", ".join(f"{row} ({row.code})" for row in entries)


def _beside(entry: Entry) -> Q:
    running = Q(competition=entry.competition_id, is_training=False)
    return running & ~Q(pk=entry.pk) & ~Q(state__in=["draft", "withdrawn", "refused", "disqualified"])


def same_household(entry: Entry) -> list[Entry]:
    if not entry.household_hash:
        return []
    return list(Entry.objects.filter(_beside(entry), household_hash=entry.household_hash))


def same_business(entry: Entry) -> list[Entry]:
    if not entry.business_key:
        return []
    return list(Entry.objects.filter(_beside(entry), business_key=entry.business_key))


def former_awards(entry: Entry, years: int) -> list[str]:
    """Awards of this person that leave the entry out of this competition, as the result counts them."""
    registration = entry.registration
    if registration is None or registration.person_id is None:
        return []
    rows = won_before(entry.competition, years).filter(entry__registration__person=registration.person_id)
    return [f"{row.competition} ({row.named_at.year})" for row in rows.select_related("competition")]


def file_context(entry_id: int, kind: str) -> str:
    """What the bytes of a file are bound to."""
    return f"pitch {entry_id} {kind}"


def read_entry_file(file: EntryFile) -> bytes:
    """Http404 when the disk lost it, UndecryptableError when the bytes are not what was stored."""
    if file.key is None:
        raise ValueError("This file has no key.")
    return decrypt_file(file.stored.content(), key=file.key, context=file_context(file.entry_id, file.kind))


def told_lines(entry: Entry, told: Mapping[str, Any] | None = None) -> list[tuple[str, str, Any, str]]:
    """Name, label, value and reading of what was told, or of what of it may be shown, in the order of the form."""
    told = entry.told if told is None else told
    labels = {
        "summary": _("What the business does"),
        "novelty": _("What is new about it"),
        "market": _("Who buys"),
        "monthly_turnover": _("Sales in a month"),
        "workers": _("People who work in it"),
        "capital": _("Capital so far"),
        "since": _("Since"),
    }
    money = {"monthly_turnover", "capital"}
    return [
        (name, label, told[name], rupiah(told[name]) if name in money else str(told[name]))
        for name, label in labels.items()
        if told.get(name) not in (None, "")
    ]


def told_facts(entry: Entry, told: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    return [(label, shown) for _name, label, _value, shown in told_lines(entry, told)]


def category_names(competition: Competition) -> dict[str, str]:
    """By code, of the edition in force."""
    edition = competition.edition
    return dict(edition.categories.values_list("code", "name")) if edition is not None else {}

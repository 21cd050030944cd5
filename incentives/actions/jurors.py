"""Who judges: named by the office, let in by a link that opens once, known afterwards by a PIN of their own."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from incentives import notices
from incentives.actions.assigning import by_juror, fill_sheets, hold_competition, suggest_for
from incentives.actions.recusing import recuse_sheets
from incentives.models import Competition, Conflict, Entry, Juror
from incentives.rules.jury import is_weak_pin
from kit.refusals import spoken_refusals
from participants.models import hash_nik, hash_pin
from participants.rules import pin_lock
from regions.models import Region

LINK_OVER = _("This link was used already or has expired. Ask the office for a new one.")
# One sentence for a wrong PIN, an unknown number and a number that rests: another one would tell that it exists.
WRONG = _("The juror number or the PIN is wrong. After several wrong attempts a number rests for a while.")


@dataclass(frozen=True, kw_only=True)
class JurorInput:
    """What the office writes down of a juror; of the identity number only its keyed hash is kept."""

    name: str
    institution: str = ""
    phone: str = ""
    email: str = ""
    nik: str = ""
    region: Region | None = None
    business_key: str = ""
    is_chair: bool = False
    user: User | None = None


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def add_juror(*, competition: Competition, given: JurorInput, by: User) -> Juror:
    """With the conflicts that the data suggests. Who checked entries of the competition does not judge them."""
    held = hold_competition(competition)
    checked = Entry.objects.filter(competition=held, checked_by=given.user).exists()
    if given.user is not None and checked:
        raise ValidationError(
            _("This colleague checked entries of the competition and cannot judge them."), code="juror_checked"
        )
    with spoken_refusals(Juror):
        juror = Juror.objects.create(
            competition=held,
            name=given.name,
            institution=given.institution,
            phone=given.phone or None,
            email=given.email or None,
            nik_hash=hash_nik(given.nik) if given.nik else "",
            region=given.region,
            business_key=given.business_key,
            is_chair=given.is_chair,
            user=given.user,
            position=held.jurors.count() + 1,
            created_by=by,
        )
    suggest_for(held)
    record(action="juror.added", by=by, target=juror, agency=held.program.agency)
    return juror


@transaction.atomic
def name_chair(*, juror: Juror, by: User) -> Juror:
    """One at a time: the former chair goes on as a juror."""
    held = hold_competition(juror.competition)
    fresh = locked_juror(juror)
    if fresh.withdrawn_at is not None:
        raise ValidationError(_("This juror has withdrawn."), code="juror_withdrawn")
    held.jurors.filter(is_chair=True).update(is_chair=False)
    fresh.is_chair = True
    fresh.save(update_fields=["is_chair"])
    record(action="juror.chair_named", by=by, target=fresh, agency=held.program.agency)
    return fresh


@transaction.atomic
def invite_juror(*, juror: Juror, by: User) -> str:
    """A link of 14 days that opens once; it ends the one before, and devices that came in by that are out.

    Given back for the officer to hand over, and sent where a telephone or an address is known. Only its hash is kept.
    """
    held = hold_competition(juror.competition)
    fresh = locked_juror(juror)
    if fresh.withdrawn_at is not None:
        raise ValidationError(_("This juror has withdrawn."), code="juror_withdrawn")
    if fresh.forgotten_at is not None:
        raise ValidationError(_("The data of this juror was removed. Name a new juror."), code="juror_forgotten")
    token, now = secrets.token_urlsafe(32), timezone.now()
    fresh.token_hash, fresh.token_until = token_hash(token), now + timedelta(days=settings.JUROR_LINK_DAYS)
    fresh.generation, fresh.invited_at = fresh.generation + 1, now
    fresh.wrong_pins, fresh.pin_locked_until = 0, None
    fresh.save(
        update_fields=["token_hash", "token_until", "generation", "invited_at", "wrong_pins", "pin_locked_until"]
    )
    record(action="juror.invited", by=by, target=fresh, agency=held.program.agency)
    notices.tell_juror_invited(fresh, token)
    return token


@transaction.atomic
def join_jury(*, token: str, pin: str, by: None = None) -> Juror:
    """Takes the link once and keeps the PIN that the juror chose. Of two at the same moment one is told it is over."""
    rows = Juror.objects.serving().select_for_update(of=("self",), no_key=True)
    juror = rows.filter(token_hash=token_hash(token), token_until__gt=timezone.now()).first()
    if juror is None:
        raise ValidationError(LINK_OVER, code="link_over")
    if is_weak_pin(pin):
        raise ValidationError(_("Everybody would try this PIN first. Please choose another one."), code="pin_weak")
    juror.pin_hash, juror.token_hash, juror.token_until = hash_pin(f"juror:{juror.pk}", pin), None, None
    juror.joined_at = juror.joined_at or timezone.now()
    juror.wrong_pins, juror.pin_locked_until = 0, None
    juror.save(update_fields=["pin_hash", "token_hash", "token_until", "joined_at", "wrong_pins", "pin_locked_until"])
    record(action="juror.joined", target=juror, agency=juror.competition.program.agency, **by_juror(juror.pk))
    return juror


def enter_jury(*, juror: Juror | None, pin: str, by: None = None) -> Juror:
    """On another device. Wrong PINs count on the juror, whoever tries: each fifth one closes for 15 minutes or more."""
    if juror is None:
        raise ValidationError(WRONG, code="pin_wrong")
    attempted = hash_pin(f"juror:{juror.pk}", pin)
    with transaction.atomic():
        fresh = locked_juror(juror)
        refusal = _check_pin(fresh, attempted)
    if refusal is not None:
        raise refusal
    return fresh


def _check_pin(juror: Juror, attempted: str) -> ValidationError | None:
    """The refusal is given back, not raised: what was counted must be committed."""
    now = timezone.now()
    if juror.withdrawn_at is not None or not juror.pin_hash or juror.is_locked(now):
        return ValidationError(WRONG, code="pin_locked")
    if constant_time_compare(juror.pin_hash, attempted):
        if juror.wrong_pins:
            juror.wrong_pins, juror.pin_locked_until = 0, None
            juror.save(update_fields=["wrong_pins", "pin_locked_until"])
        return None
    juror.wrong_pins += 1
    pause = pin_lock(juror.wrong_pins)
    if pause is not None:
        juror.pin_locked_until = now + pause
        record(action="juror.pin_locked", target=juror, agency=juror.competition.program.agency, **by_juror(juror.pk))
    juror.save(update_fields=["wrong_pins", "pin_locked_until"])
    return ValidationError(WRONG, code="pin_wrong")


@transaction.atomic
def read_method(*, juror: Juror, version: int, by: None = None) -> Juror:
    """The juror knows this edition. One that was declared while the page was read is still told of."""
    edition = juror.competition.editions.exclude(declared_at=None).filter(version=version).first()
    if edition is None:
        raise ValidationError(_("This cannot be read. Load the page again."), code="edition_unknown")
    fresh = locked_juror(juror)
    read_before = fresh.method_read_at
    if edition.declared_at is not None and (read_before is None or read_before < edition.declared_at):
        fresh.method_read_at = edition.declared_at
        fresh.save(update_fields=["method_read_at"])
        told = {"edition": edition.version}
        agency = fresh.competition.program.agency
        record(action="juror.method_read", target=fresh, agency=agency, changes=told, **by_juror(fresh.pk))
    return fresh


@transaction.atomic
def withdraw_juror(*, juror: Juror, reason: str, with_submitted: bool, by: User) -> Juror:
    """Out on every device. Sheets not submitted go to others where entries have so many jurors each.

    Submitted ones go on counting unless the office says that they do not.
    """
    if not reason.strip():
        raise ValidationError(_("Please write the reason."), code="reason_needed")
    held = hold_competition(juror.competition)
    fresh = locked_juror(juror)
    if fresh.withdrawn_at is not None:
        raise ValidationError(_("This juror has withdrawn."), code="juror_withdrawn")
    fresh.withdrawn_at, fresh.generation = timezone.now(), fresh.generation + 1
    fresh.token_hash, fresh.is_chair = None, False
    fresh.save(update_fields=["withdrawn_at", "generation", "token_hash", "is_chair"])
    sheets = fresh.sheets.all() if with_submitted else fresh.sheets.missing()
    recuse_sheets(sheets, reason=reason, user=by)
    fill_sheets(held)
    Conflict.objects.filter(juror=fresh, state=Conflict.State.SUGGESTED).delete()
    record(action="juror.withdrawn", by=by, target=fresh, agency=held.program.agency, changes={"reason": reason})
    return fresh


def locked_juror(juror: Juror) -> Juror:
    rows = Juror.objects.select_related("competition__program__agency")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=juror.pk)

"""The words of consent of an office: one draft each, and editions that stay as they were published."""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from kit.refusals import spoken_refusals
from participants import queries
from participants.models import ConsentText

BRACES = re.compile(r"\{[^{}\n]*\}")


@transaction.atomic
def save_consent_text(
    *, agency: Agency, purpose: str, words_id: str, words_en: str, note: str, revision: int, by: User
) -> ConsentText:
    """Keeps the draft. `revision` is what the officer saw: nobody overwrites a colleague unseen."""
    for name, words in (("words_id", words_id), ("words_en", words_en)):
        _refuse_braces(name, words)
    columns = {"words_id": words_id, "words_en": words_en, "note": note, "written_by": by, "written_at": timezone.now()}
    mine = ConsentText.objects.drafts().filter(agency=agency, purpose=purpose)
    if revision and mine.filter(revision=revision).update(revision=F("revision") + 1, **columns):
        return mine.get()
    if revision or mine.exists():
        raise ValidationError(_("A colleague changed this draft meanwhile. Please look again."), code="changed")
    with spoken_refusals(ConsentText):
        return ConsentText.objects.create(agency=agency, purpose=purpose, revision=1, **columns)


@transaction.atomic
def discard_consent_text(*, text: ConsentText, by: User) -> None:
    """A draft that nobody needs."""
    ConsentText.objects.drafts().filter(pk=text.pk).delete()


@transaction.atomic
def publish_consent_text(*, text: ConsentText, revision: int, begins_at: datetime | None, by: User) -> ConsentText:
    """The draft becomes an edition; it holds at once, or from a later moment. Its words never change again."""
    fresh = ConsentText.objects.drafts().select_for_update().filter(pk=text.pk, revision=revision).first()
    if fresh is None:
        raise ValidationError(_("A colleague changed this draft meanwhile. Please look again."), code="changed")
    now = timezone.now()
    if begins_at is not None and begins_at < now:
        raise ValidationError({"begins_on": ValidationError(_("This day has begun already."), code="backdated")})
    fresh.published_at, fresh.published_by, fresh.in_force_from = now, by, begins_at or now
    fresh.version = _new_version(fresh)
    with spoken_refusals(ConsentText):
        fresh.save()
    _count_editions(fresh.agency_id)
    changes = {"purpose": fresh.purpose, "version": fresh.version, "from": fresh.in_force_from}
    record(action="consent_text.published", by=by, target=fresh, agency=fresh.agency, changes=changes)
    return fresh


@transaction.atomic
def take_back_consent_text(*, text: ConsentText, by: User) -> None:
    """An edition that has not begun yet; nobody has agreed to it."""
    fresh = ConsentText.objects.published().select_for_update().get(pk=text.pk)
    if fresh.is_in_force_at(timezone.now()):
        raise ValidationError(_("This edition has begun: publish another one instead."), code="in_force")
    changes = {"purpose": fresh.purpose, "version": fresh.version}
    record(action="consent_text.taken_back", by=by, target=fresh, agency=fresh.agency, changes=changes)
    fresh.delete()
    _count_editions(fresh.agency_id)


def _new_version(text: ConsentText) -> str:
    """The day on which it begins; a second one of that day gets a number."""
    begins = text.in_force_from or timezone.now()
    day = begins.astimezone(text.agency.zone).date().isoformat()
    same = ConsentText.objects.published().filter(agency=text.agency_id, purpose=text.purpose, version__startswith=day)
    taken = set(same.values_list("version", flat=True))
    return next(name for name in [day, *(f"{day}-{count}" for count in range(2, 99))] if name not in taken)


def _count_editions(agency_id: int) -> None:
    """Whoever reads the office's row knows by this number that there are other words."""
    Agency.objects.filter(pk=agency_id).update(consents_version=F("consents_version") + 1)


def _refuse_braces(name: str, words: str) -> None:
    known = {f"{{{placeholder}}}" for placeholder in queries.PLACEHOLDERS}
    unknown = [found for found in BRACES.findall(words) if found not in known]
    if unknown:
        sentence = _("%(found)s is no placeholder. There are: %(known)s.")
        params = {"found": unknown[0], "known": ", ".join(sorted(known))}
        raise ValidationError({name: ValidationError(sentence, code="placeholder", params=params)})

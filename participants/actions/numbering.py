"""People without a NIK: a temporary number of the office, and the NIK in its place once there is one."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from kit.identity import clean_nik, nik_warnings
from kit.refusals import spoken_refusals
from participants import rules
from participants.actions.entries import audit, log
from participants.actions.merging import propose_merge
from participants.models import (
    Person,
    PersonMerge,
    Registration,
    RegistrationEvent,
    hash_nik,
    row_values,
)
from participants.models.states import IS_ACTIVE


def give_number(*, person: Person, nik: str, note: str, by: User) -> PersonMerge | None:
    """The NIK takes the temporary number's place on the card and on entries in progress.

    When the NIK is on file already it is one person twice: then a merge is proposed, which somebody else approves.
    """
    number = clean_nik(nik)
    for _attempt in range(2):
        known = Person.objects.on_file(person.agency, hash_nik(number))
        if known is not None and known.pk != person.pk:
            return _propose(known, person, note, by)
        try:
            _give_number(person, number, note, by)
        except ValidationError as refusal:
            if getattr(refusal, "code", "") != "person_once_per_agency":
                raise
        else:
            return None
    raise ValidationError(_("A person with this identity number is on file already."), code="person_once_per_agency")


def _propose(known: Person, person: Person, note: str, by: User) -> PersonMerge:
    """What the newer card says is kept where the other has nothing; the NIK is the one of the card on file."""
    choices = rules.proposed_choices(row_values(known), row_values(person))
    return propose_merge(kept=known, gone=person, choices=choices | {"nik": rules.KEPT}, reason=note, by=by)


@transaction.atomic
def _give_number(person: Person, number: str, note: str, by: User) -> None:
    if not note.strip():
        raise ValidationError(_("Please note what you looked at."), code="note_needed")
    entries = Registration.objects.filter(IS_ACTIVE, person=person, is_temporary=True).order_by("pk")
    list(entries.select_for_update(of=("self",), no_key=True).values_list("pk"))
    fresh = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk=person.pk).first()
    if fresh is None or not fresh.is_temporary:
        raise ValidationError(_("This card has no temporary number any more."), code="not_temporary")
    if PersonMerge.objects.proposed().about(fresh.pk).exists():
        raise ValidationError(_("A merge of this person waits for approval already."), code="merge_proposed")
    fresh.nik, fresh.nik_hash, fresh.nik_last4, fresh.is_temporary = number, hash_nik(number), number[-4:], False
    with spoken_refusals(Person):
        fresh.save(update_fields=["nik", "nik_hash", "nik_last4", "is_temporary"])
    today = person.agency.today()
    for entry in entries.select_related("batch__program__agency", "person"):
        _renumber(entry, number, nik_warnings(number, birth_date=entry.birth_date, sex=entry.sex, today=today), by)
    record(action="person.number_given", by=by, target=fresh, subject=fresh, agency=person.agency, purpose=note)


def _renumber(entry: Registration, number: str, warnings: list[str], by: User) -> None:
    entry.nik, entry.nik_hash, entry.nik_last4, entry.is_temporary = number, hash_nik(number), number[-4:], False
    kept = rules.without(entry.flags, rules.TEMPORARY_FLAG)
    entry.flags = list(dict.fromkeys([*kept, *(f"nik_{warning}" for warning in warnings)]))
    with spoken_refusals(Registration):
        entry.save(update_fields=["nik", "nik_hash", "nik_last4", "is_temporary", "flags"])
    log(registration=entry, kind=RegistrationEvent.Kind.CORRECTED, by=by, fields=["nik"])
    audit(registration=entry, action="corrected", by=by, changes={"fields": ["nik"]})

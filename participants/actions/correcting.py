"""Mending an entry before it is verified, by the resident or an officer."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.refusals import spoken_refusals
from participants import notices, queries, rules
from participants.actions.common import audit, locked, log, refuse_ended
from participants.actions.registering import identify, refuse_lines
from participants.models import CheckState, Declaration, Person, Registration, RegistrationEvent
from programs.models import Batch

CONTACT = ("phone", "email")


@transaction.atomic
def correct(*, registration: Registration, declaration: Declaration, by: User | None) -> Registration:
    """The new declaration takes the old one's place; requirements are answered again, the seat stays.

    When contact data changes, the former address hears of it.
    """
    fresh = locked(registration)
    refuse_ended(fresh)
    if not fresh.can_be_corrected:
        raise ValidationError(
            _("The data has been verified and can no longer be changed here. Please ask the office."),
            code="already_verified",
        )
    batch = Batch.objects.with_parts().with_dates().get(pk=fresh.batch_id)
    before, columns = fresh.declared(), declaration.columns()
    shown = [name for name in Registration.DECLARED if name not in {"nik_hash", "nik_last4", "name_key"}]
    changed = rules.changed_fields(before, columns, shown)
    for name, value in columns.items():
        setattr(fresh, name, value)
    fresh.target_group, fresh.has_domicile_letter = declaration.target_group, declaration.has_domicile_letter
    _answer_again(fresh, batch, declaration, number_changed="nik" in changed, by=by)
    if fresh.check_state == CheckState.NEEDS_FIX:
        fresh.check_state, fresh.checked_at, fresh.checked_by, fresh.check_note = CheckState.PENDING, None, None, ""
    with spoken_refusals(Registration):
        fresh.save()
    event = log(registration=fresh, kind=RegistrationEvent.Kind.CORRECTED, by=by, fields=changed)
    audit(registration=fresh, action="corrected", by=by, changes={"fields": changed})
    if set(changed) & set(CONTACT):
        notices.tell_former_contact(fresh, event, before)
    return fresh


def _answer_again(
    registration: Registration, batch: Batch, declaration: Declaration, *, number_changed: bool, by: User | None
) -> None:
    now = timezone.now()
    former = registration.person
    contact_differs = registration.is_doubtful
    if number_changed:
        person, is_linked = identify(batch=batch, declaration=declaration, in_person=by is not None)
        registration.person = person if is_linked else None
        contact_differs = not person.knows_contact(phone=declaration.phone, email=declaration.email)
    held = queries.other_registration(registration.person, batch, apart_from=registration.pk)
    lines = queries.eligibility_lines(batch, queries.facts_of(declaration, held), starts_at=batch.starts_at, now=now)
    refuse_lines(lines)
    registration.eligibility = [line.as_json() for line in lines]
    registration.flags = rules.declaration_flags(
        nik=declaration.nik,
        birth_date=declaration.birth_date,
        sex=declaration.sex,
        full_name=declaration.full_name,
        today=now.astimezone(batch.program.agency.zone).date(),
        contact_differs=contact_differs,
    )
    if number_changed and former is not None:
        _forget_unused(former, registration)


def _forget_unused(person: Person, registration: Registration) -> None:
    """A card that only the mistyped number had made is not kept."""
    used = person.registrations.exclude(pk=registration.pk).exists()
    if person.verified_at is None and not used and registration.person_id != person.pk:
        Registration.objects.filter(pk=registration.pk).update(person=None)
        person.delete()

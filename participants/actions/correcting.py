"""Mending an entry before it is verified, by the resident or an officer."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants import notices, queries, rules
from participants.actions.entries import audit, locked, log, refuse_ended
from participants.actions.registering import (
    answer_requirements,
    flags_of,
    household_of,
    identify,
    refusals_said_to,
    refuse_unguarded,
    refuse_without_family_card,
)
from participants.models import CheckState, Consent, Declaration, Person, Registration, RegistrationEvent
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
    batch = Batch.objects.with_parts().get(pk=fresh.batch_id)
    before = fresh.declared() | {"business_name": fresh.business_name}
    columns = declaration.columns() | {"business_name": declaration.business_name}
    shown = [name for name in before if name not in {"nik_hash", "nik_last4", "name_key"}]
    changed = rules.changed_fields(before, columns, shown)
    for name, value in columns.items():
        setattr(fresh, name, value)
    fresh.target_group, fresh.has_domicile_letter = declaration.target_group, declaration.has_domicile_letter
    fresh.business_kind = declaration.business_kind
    changed += _mend_household(fresh, batch, declaration.household_hash)
    for name, value in declaration.guardian().items():
        setattr(fresh, name, value)
    _answer_again(fresh, batch, declaration, number_changed="nik" in changed, by=by)
    refuse_unguarded(declaration, batch, fresh.created_at)
    if fresh.check_state == CheckState.NEEDS_FIX:
        fresh.check_state, fresh.checked_at, fresh.checked_by, fresh.check_note = CheckState.PENDING, None, None, ""
    with refusals_said_to(by):
        fresh.save()
    if declaration.guardian_relation:
        _keep_guardian_consent(fresh, batch, by)
    event = log(registration=fresh, kind=RegistrationEvent.Kind.CORRECTED, by=by, fields=changed)
    audit(registration=fresh, action="corrected", by=by, changes={"fields": changed})
    if "nik" in changed and fresh.is_doubtful:
        notices.tell_others_with_number(fresh, event)
    if set(changed) & set(CONTACT):
        notices.tell_former_contact(fresh, event, before)
    return fresh


def _mend_household(registration: Registration, batch: Batch, household_hash: str) -> list[str]:
    """A number that is noted stays when none is typed."""
    former = registration.household_hash
    columns = household_of(batch, household_hash or former)
    refuse_without_family_card(batch, columns["household_hash"], is_temporary=registration.is_temporary)
    for name, value in columns.items():
        setattr(registration, name, value)
    return ["family_card"] if columns["household_hash"] != former else []


def _keep_guardian_consent(registration: Registration, batch: Batch, by: User | None) -> None:
    """The form asks for it as soon as somebody turns out to be a child; what was given before stays."""
    Consent.objects.get_or_create(
        registration=registration,
        purpose=Consent.Purpose.GUARDIAN,
        defaults={
            "given": True,
            "text_version": queries.texts_in_force(batch.program.agency).version(Consent.Purpose.GUARDIAN),
            "channel": Consent.Channel.PAPER if by else Consent.Channel.ONLINE,
            "at": timezone.now(),
            "witnessed_by": by,
        },
    )


def _answer_again(
    registration: Registration, batch: Batch, declaration: Declaration, *, number_changed: bool, by: User | None
) -> None:
    now = timezone.now()
    former = registration.person
    is_only_entry = former is not None and _is_only_entry(former, registration)
    if former is not None and is_only_entry and not number_changed:
        _mend(former, declaration)
    in_person = by is not None
    card, is_linked = identify(batch=batch, declaration=declaration, in_person=in_person, apart_from=registration.pk)
    if number_changed:
        registration.person = card if is_linked else None
    person = registration.person if in_person else None
    lines = answer_requirements(batch, declaration, person, now, apart_from=registration.pk)
    registration.eligibility = [line.as_json() for line in lines]
    registration.flags = flags_of(batch, declaration, card, now)
    if former is not None and is_only_entry and registration.person_id != former.pk:
        Registration.objects.filter(pk=registration.pk).update(person=None)
        former.delete()


def _is_only_entry(person: Person, registration: Registration) -> bool:
    """The card was made by this entry alone and nobody verified it: it goes with the correction.

    Otherwise a mistyped number would keep a card, and a mistyped phone would stay the one on file.
    """
    return person.verified_at is None and not person.registrations.exclude(pk=registration.pk).exists()


def _mend(person: Person, declaration: Declaration) -> None:
    for name, value in declaration.columns().items():
        setattr(person, name, value)
    person.save()

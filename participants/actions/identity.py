"""Whose entry is it? Settling doubtful identity numbers and suspected duplicates; decisions are remembered."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.refusals import spoken_refusals
from participants import queries, rules
from participants.actions.checking import reject
from participants.actions.entries import audit, locked, log, refuse_ended
from participants.models import DuplicateReview, Person, PersonPair, Registration, RegistrationEvent, RejectReason


@transaction.atomic
def link_identity(*, registration: Registration, note: str, by: User) -> Registration:
    """The verifier knows that it is the person on file, with new contact data. Refuses a second active entry."""
    fresh = locked(registration)
    refuse_ended(fresh)
    if not fresh.is_doubtful:
        raise ValidationError(_("This entry belongs to a person already."), code="already_linked")
    if not note:
        raise ValidationError(_("Please note how you made sure."), code="note_needed")
    card = {name: value for name, value in fresh.declared().items() if name != "nik_hash"}
    person, _is_new = Person.objects.get_or_create(
        agency=fresh.batch.program.agency, nik_hash=fresh.nik_hash, defaults=card
    )
    # Held until the commit, so that it cannot become one with another card meanwhile.
    list(Person.objects.select_for_update(of=("self",), no_key=True).filter(pk=person.pk).values_list("pk"))
    held = queries.other_registration(person, fresh, fresh.batch, apart_from=fresh.pk)
    if held:
        raise ValidationError(
            _("This person takes part in %(batch)s already. Reject this entry as a duplicate."),
            code="registration_person_once_per_rule",
            params={"batch": held},
        )
    fresh.person = person
    with spoken_refusals(Registration):
        fresh.save(update_fields=["person"])
    log(registration=fresh, kind=RegistrationEvent.Kind.LINKED, by=by)
    audit(registration=fresh, action="identity_linked", by=by, purpose=note)
    return fresh


@transaction.atomic
def mark_different(*, first: Registration, second: Registration, by: User) -> DuplicateReview:
    """Two people after all: the finder does not ask about this pair again."""
    review = _review(first, second, DuplicateReview.Decision.DIFFERENT, by)
    _tell_cards(first, second, PersonPair.Decision.DIFFERENT, by)
    audit(registration=first, action="duplicate_denied", by=by, changes={"other": second.pk})
    return review


@transaction.atomic
def resolve_duplicate(*, keep: Registration, drop: Registration, by: User) -> Registration:
    """The same person twice: one entry stays, the other is rejected as a duplicate and its seat moves on."""
    if keep.batch_id != drop.batch_id:
        raise ValidationError(_("These entries are in different batches."), code="different_batches")
    refuse_ended(Registration.objects.get(pk=keep.pk))
    _review(keep, drop, DuplicateReview.Decision.SAME, by)
    _tell_cards(keep, drop, PersonPair.Decision.OPEN, by)
    # Whoever used somebody else's identity number must not learn their registration number.
    note = "" if drop.is_doubtful else keep.shown_code
    return reject(registration=drop, reason=RejectReason.DUPLICATE, note=note, by=by)


def _review(first: Registration, second: Registration, decision: DuplicateReview.Decision, by: User) -> DuplicateReview:
    low, high = rules.ordered_pair(first.pk, second.pk)
    with spoken_refusals(DuplicateReview):
        return DuplicateReview.objects.create(first_id=low, second_id=high, decision=decision, at=timezone.now(), by=by)


def _tell_cards(first: Registration, second: Registration, decision: PersonPair.Decision, by: User) -> None:
    """What was decided of two entries holds for their cards; of one person's two cards a merge is still to be proposed.

    A decision that somebody took about the cards themselves stays.
    """
    if first.person_id is None or second.person_id is None or first.person_id == second.person_id:
        return
    low, high = rules.ordered_pair(first.person_id, second.person_id)
    now = timezone.now()
    found: dict[str, Any] = {"agency_id": first.batch.program.agency_id, "score": 0, "found_at": now}
    said: dict[str, Any] = {"decision": decision}
    if decision != PersonPair.Decision.OPEN:
        said |= {"decided_at": now, "decided_by": by}
    pair, is_new = PersonPair.objects.get_or_create(first_id=low, second_id=high, defaults=found | said)
    if not is_new and pair.decision == PersonPair.Decision.OPEN:
        PersonPair.objects.filter(pk=pair.pk).update(**said)

"""One person, two cards: somebody proposes which stays, somebody else approves, and for some days it can be undone."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from kit.privacy import privacy_modules
from kit.refusals import spoken_refusals
from participants import notices, queries, rules
from participants.models import (
    Person,
    PersonMerge,
    PersonPair,
    Registration,
    card_digest,
    row_of,
    row_values,
)
from participants.models.merge import SECOND_PERSON
from participants.models.states import IS_ACTIVE
from participants.privacy import put_back

CHANGED = _("One of the two cards was changed since this was proposed. Look again and propose anew.")
CHANGED_SINCE = _("The card was changed after the merge, so it cannot be undone as a whole. Correct the data instead.")
MOVED_ON = _("New entries came in for one of these cards. Please try again.")
ATTEMPTS = 10
Done = TypeVar("Done")


class GrownMeanwhileError(Exception):
    """An entry came in for one of the cards while their rows were locked."""


@transaction.atomic
def propose_merge(*, kept: Person, gone: Person, choices: Mapping[str, str], reason: str, by: User) -> PersonMerge:
    """`choices` says for each group in which the cards differ whose value stays; what is not named stays as kept."""
    kept, gone = _locked_cards(kept.pk, gone.pk)
    if not reason.strip():
        raise ValidationError(_("Please note why it is the same person."), code="reason_needed")
    _refuse_impossible(kept, gone)
    differing = rules.differing_groups(row_values(kept), row_values(gone))
    chosen = {group: choices.get(group, rules.KEPT) for group in differing}
    number = chosen.get("nik")
    if number and (kept if number == rules.KEPT else gone).is_temporary != (kept.is_temporary and gone.is_temporary):
        raise ValidationError(_("The NIK stays, not the temporary number."), code="temporary_loses")
    with spoken_refusals(PersonMerge):
        merge = PersonMerge.objects.create(
            agency_id=kept.agency_id,
            kept=kept,
            gone=gone,
            gone_number=gone.pk,
            choices=chosen,
            digest=card_digest(kept) + card_digest(gone),
            reason=reason.strip(),
            proposed_at=timezone.now(),
            proposed_by=by,
        )
    _decide(kept, gone, PersonPair.Decision.SAME, by, note=reason)
    _record(merge, action="person.merge_proposed", by=by, purpose=reason)
    return merge


@transaction.atomic
def withdraw_merge(*, merge: PersonMerge, by: User) -> PersonMerge:
    """Whoever proposed it has thought again; the pair is open once more."""
    fresh = _locked_merge(merge, PersonMerge.State.PROPOSED)
    if fresh.proposed_by_id != by.pk:
        raise ValidationError(_("Only who proposed a merge takes it back. Refuse it instead."), code="not_the_proposer")
    return _end(fresh, PersonMerge.State.WITHDRAWN, by, "", action="person.merge_withdrawn")


@transaction.atomic
def refuse_merge(*, merge: PersonMerge, note: str, by: User) -> PersonMerge:
    """Not the same person, or not like this: the pair goes back to be looked at."""
    fresh = _locked_merge(merge, PersonMerge.State.PROPOSED)
    if not note.strip():
        raise ValidationError(_("Please write why not."), code="note_needed")
    return _end(fresh, PersonMerge.State.REFUSED, by, note.strip(), action="person.merge_refused")


def approve_merge(*, merge: PersonMerge, note: str, by: User) -> PersonMerge:
    """All that hangs on the card that goes moves to the card that stays, in one transaction.

    Refuses what was changed since the proposal, and what would break a rule of entries: then one of them ends first.
    """
    return _undisturbed(lambda: _approve_merge(merge, note, by))


@transaction.atomic
def _approve_merge(merge: PersonMerge, note: str, by: User) -> PersonMerge:
    fresh = _locked_merge(merge, PersonMerge.State.PROPOSED)
    if fresh.proposed_by_id == by.pk:
        raise ValidationError(SECOND_PERSON, code="person_merge_second_person")
    kept, gone = _locked_with_entries(fresh.kept_id, fresh.gone_number)
    if card_digest(kept) + card_digest(gone) != fresh.digest:
        raise ValidationError(CHANGED, code="cards_changed")
    conflicts = queries.merge_conflicts(kept, gone)
    if conflicts:
        raise ValidationError([ValidationError(str(one.sentence), code=one.code) for one in conflicts])
    before = {"kept": row_values(kept), "gone": row_values(gone)}
    moved = {module.__name__: module.merge(kept=kept, gone=gone, by=by) for module in privacy_modules()}
    now = timezone.now()
    fresh.gone, fresh.state, fresh.decided_by, fresh.decided_at = None, PersonMerge.State.MERGED, by, now
    fresh.decision_note = note.strip()
    fresh.undo_until = now + timedelta(days=settings.MERGE_UNDO_DAYS)
    others = [gone.phone, gone.email]
    fresh.aside = json.dumps({})
    fresh.save()
    gone.delete()
    _take_values(kept, before["gone"], fresh.choices)
    entries = _renumber(kept, before["gone"])
    fresh.aside = json.dumps({**before, "after": card_digest(kept), "moved": moved, "entries": entries})
    fresh.save(update_fields=["aside"])
    _record(
        fresh, action="person.merged", by=by, purpose=note, changes={"from": fresh.gone_number, "fields": _taken(fresh)}
    )
    notices.tell_merged(fresh, kept, others)
    return fresh


def undo_merge(*, merge: PersonMerge, note: str, by: User) -> Person:
    """Both cards as they were, each with its own rows. Answers the card that is there again.

    Refuses once something new builds on the merged card.
    """
    return _undisturbed(lambda: _undo_merge(merge, note, by))


@transaction.atomic
def _undo_merge(merge: PersonMerge, note: str, by: User) -> Person:
    fresh = _locked_merge(merge, PersonMerge.State.MERGED)
    now = timezone.now()
    if not fresh.can_be_undone_at(now):
        raise ValidationError(_("The time for undoing this merge is over."), code="undo_too_late")
    if not note.strip():
        raise ValidationError(_("Please write why the merge is undone."), code="note_needed")
    kept = _lock_entries_and_cards([fresh.kept_id])[fresh.kept_id]
    aside = json.loads(fresh.aside or "{}")
    _refuse_built_on(fresh, kept, aside)
    with spoken_refusals(Person):
        row_of(Person, aside["kept"]).save(force_update=True)
        gone = put_back(Person, aside["gone"])
    for module in privacy_modules():
        module.unmerge(kept=kept, gone=gone, moved=aside["moved"].get(module.__name__, {}), by=by)
    _number_again(aside["entries"])
    fresh.state, fresh.aside = PersonMerge.State.UNDONE, None
    fresh.undone_by, fresh.undone_at, fresh.undo_note = by, now, note.strip()
    fresh.save()
    PersonPair.objects.of(kept, gone).update(decision="open", decided_at=None, decided_by=None, ask_again_on=None)
    _record(fresh, action="person.merge_unmerged", by=by, purpose=note, changes={"from": fresh.gone_number})
    notices.tell_parted(fresh, kept, gone)
    return gone


@transaction.atomic
def seal_merge(*, merge: PersonMerge, by: None = None) -> None:
    """After the days for undoing: what was put aside is gone, and nothing of the other card is left."""
    fresh = _locked_merge(merge, PersonMerge.State.MERGED)
    if fresh.can_be_undone_at(timezone.now()):
        return
    fresh.state, fresh.aside = PersonMerge.State.SEALED, None
    fresh.save(update_fields=["state", "aside"])
    _record(fresh, action="person.merge_sealed", by=None, actor_label="system")


def seal_merges(*, by: None = None) -> int:
    """All whose days are over, each in a transaction of its own."""
    due = list(PersonMerge.objects.to_seal(timezone.now()).order_by("pk"))
    for merge in due:
        seal_merge(merge=merge)
    return len(due)


@transaction.atomic
def decide_pair(*, first: Person, second: Person, decision: str, note: str, by: User) -> PersonPair:
    """Two different people, or put off. The finder does not ask about the pair again until then."""
    one, other = _locked_cards(first.pk, second.pk)
    if PersonMerge.objects.proposed().about(one.pk, other.pk).exists():
        raise ValidationError(_("A merge of this person waits for approval already."), code="merge_proposed")
    if decision not in {PersonPair.Decision.DIFFERENT, PersonPair.Decision.LATER}:
        raise ValidationError(_("Please choose what you decided."), code="decision_unknown")
    pair = _decide(one, other, PersonPair.Decision(decision), by, note=note)
    record(
        action="person.pair_later" if decision == PersonPair.Decision.LATER else "person.pair_different",
        by=by,
        target=pair,
        subject=one,
        agency=pair.agency,
        purpose=note,
        changes={"other": other.pk},
    )
    return pair


def _undisturbed(act: Callable[[], Done]) -> Done:
    """Again when an entry came in for one of the cards between the locks; a rush of one person's entries ends soon."""
    for _attempt in range(ATTEMPTS):
        try:
            return act()
        except GrownMeanwhileError:
            continue
    raise ValidationError(MOVED_ON, code="grown_meanwhile")


def _decide(one: Person, other: Person, decision: PersonPair.Decision, by: User, *, note: str) -> PersonPair:
    low, high = sorted((one.pk, other.pk))
    now = timezone.now()
    ask_again = None
    if decision == PersonPair.Decision.LATER:
        ask_again = one.agency.today() + timedelta(days=settings.PAIR_LATER_DAYS)
    values = {"decision": decision, "decided_at": now, "decided_by": by, "note": note[:300], "ask_again_on": ask_again}
    found = {"agency_id": one.agency_id, "score": 0, "found_at": now}
    with spoken_refusals(PersonPair):
        pair, _is_new = PersonPair.objects.update_or_create(
            first_id=low, second_id=high, defaults=values, create_defaults=found | values
        )
    return pair


def _locked_cards(*keys: int) -> tuple[Person, ...]:
    """In the order asked; locked so that no entry can be linked to them meanwhile."""
    list(Person.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))
    found = Person.objects.select_related("agency", "region__parent").in_bulk(keys)
    if set(found) != set(keys):
        raise ValidationError(_("One of the two cards is gone meanwhile."), code="card_gone")
    return tuple(found[key] for key in keys)


def _lock_entries_and_cards(keys: list[int]) -> dict[int, Person]:
    """Entries first, then cards, as everybody else who holds an entry goes on to its card."""
    entries = Registration.objects.filter(person__in=keys).order_by("pk")
    known = {row[0] for row in entries.select_for_update(of=("self",), no_key=True).values_list("pk")}
    cards = _locked_cards(*keys)
    if not known.issuperset(entries.values_list("pk", flat=True)):
        raise GrownMeanwhileError
    return {card.pk: card for card in cards}


def _locked_with_entries(kept: int, gone: int) -> tuple[Person, Person]:
    cards = _lock_entries_and_cards([kept, gone])
    return cards[kept], cards[gone]


def _locked_merge(merge: PersonMerge, state: PersonMerge.State) -> PersonMerge:
    PersonMerge.objects.select_for_update(no_key=True).values_list("pk").get(pk=merge.pk)
    fresh = PersonMerge.objects.select_related("agency").get(pk=merge.pk)
    if fresh.state != state:
        raise ValidationError(_("This merge has been decided meanwhile."), code="merge_moved")
    return fresh


def _refuse_impossible(kept: Person, gone: Person) -> None:
    if kept.pk == gone.pk:
        raise ValidationError(_("A merge is of two different persons."), code="person_merge_of_two")
    if kept.anonymised_at or gone.anonymised_at:
        raise ValidationError(_("One of the two cards is gone meanwhile."), code="card_gone")
    if kept.agency_id != gone.agency_id:
        raise ValidationError(_("These persons are on file at different offices."), code="other_office")
    if PersonMerge.objects.proposed().about(kept.pk, gone.pk).exists():
        raise ValidationError(_("A merge of this person waits for approval already."), code="merge_proposed")


def _refuse_built_on(merge: PersonMerge, kept: Person, aside: dict[str, Any]) -> None:
    later = PersonMerge.objects.merged().filter(kept=kept, decided_at__gt=merge.decided_at)
    if later.exists():
        raise ValidationError(_("Another card was merged into this one later. Undo that first."), code="later_merge")
    if card_digest(kept) != aside["after"]:
        raise ValidationError(CHANGED_SINCE, code="card_changed")
    reasons = [
        reason
        for module in privacy_modules()
        for reason in module.built_on(kept=kept, moved=aside["moved"].get(module.__name__, {}))
    ]
    if reasons:
        raise ValidationError([ValidationError(str(reason), code="built_on") for reason in reasons])


def _take_values(kept: Person, gone: dict[str, Any], choices: Mapping[str, str]) -> None:
    """The chosen values, and the verification that still holds for the whole."""
    other = row_of(Person, gone)
    side = rules.verified_side(choices, kept=kept.verified_at is not None, gone=other.verified_at is not None)
    for group, chosen in choices.items():
        for name in rules.CARD_GROUPS[group] if chosen == rules.GONE else ():
            setattr(kept, name, getattr(other, name))
    if side == rules.GONE:
        kept.verified_at, kept.verified_by_id = other.verified_at, other.verified_by_id
    elif not side:
        kept.verified_at = kept.verified_by_id = None
    kept.restricted_at = kept.restricted_at or other.restricted_at
    kept.save(force_update=True)


def _taken(merge: PersonMerge) -> list[str]:
    return [group for group, side in merge.choices.items() if side == rules.GONE]


def _renumber(kept: Person, gone: dict[str, Any]) -> list[dict[str, Any]]:
    """Entries in progress under a temporary number get the NIK, so that they can be verified; ended ones stay."""
    if kept.is_temporary:
        return []
    open_ones = Registration.objects.filter(IS_ACTIVE, person=kept, is_temporary=True).exclude(check_state="verified")
    before = []
    for entry in open_ones.order_by("pk"):
        before.append({name: getattr(entry, name) for name in ("pk", "nik", "nik_hash", "nik_last4", "flags")})
        entry.nik, entry.nik_hash, entry.nik_last4 = kept.nik, kept.nik_hash, kept.nik_last4
        entry.is_temporary, entry.flags = False, rules.without(entry.flags, rules.TEMPORARY_FLAG)
        entry.save(update_fields=["nik", "nik_hash", "nik_last4", "is_temporary", "flags"])
    return before


def _number_again(entries: list[dict[str, Any]]) -> None:
    for values in entries:
        entry = Registration.objects.get(pk=values.pop("pk"))
        for name, value in values.items():
            setattr(entry, name, value)
        entry.is_temporary = True
        entry.save(update_fields=[*values, "is_temporary"])


def _end(merge: PersonMerge, state: PersonMerge.State, by: User, note: str, *, action: str) -> PersonMerge:
    merge.state, merge.decided_by, merge.decided_at, merge.decision_note = state, by, timezone.now(), note
    with spoken_refusals(PersonMerge):
        merge.save()
    open_again = {"decision": "open", "decided_at": None, "decided_by": None, "ask_again_on": None}
    PersonPair.objects.of(merge.kept_id, merge.gone_number).update(**open_again)
    _record(merge, action=action, by=by, purpose=note)
    return merge


def _record(merge: PersonMerge, *, action: str, by: User | None, **details: Any) -> None:
    record(
        action=action,
        by=by,
        target=merge,
        subject=("participants.person", str(merge.kept_id)),
        agency=merge.agency,
        **details,
    )

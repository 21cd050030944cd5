"""Retention: the rule, what it would remove, a person's decision, and carrying it out in small steps."""

from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from jobs.actions import start
from kit.privacy import aging_of
from kit.refusals import spoken_refusals
from notifications.actions import forget_old_messages
from participants import queries
from participants.models import OF_PEOPLE, Person, Registration, RetentionItem, RetentionRule, RetentionRun
from participants.privacy import anonymise
from participants.queries.retention import old_rows

JOB = "retention_run"
AT_ONCE = 100
ROWS_AT_ONCE = 1000
# A proposal that nobody decided is looked at anew: people may have come back since.
STALE = timedelta(days=30)
State = RetentionRun.State


@transaction.atomic
def save_retention_rule(
    *, agency: Agency, kind: str, months: int, legal_basis: str, is_active: bool, by: User
) -> RetentionRule:
    """A change ends a standing approval: it was given to another rule. An open proposal is discarded with it."""
    columns = {"months": months, "legal_basis": legal_basis, "is_active": is_active}
    now = timezone.now()
    with spoken_refusals(RetentionRule):
        rule, is_new = RetentionRule.objects.select_for_update().get_or_create(
            agency=agency, kind=kind, defaults={**columns, "changed_by": by, "changed_at": now}
        )
        before = {name: getattr(rule, name) for name in columns}
        if not is_new and before == columns:
            return rule
        for name, value in columns.items():
            setattr(rule, name, value)
        rule.standing_by, rule.standing_at, rule.changed_by, rule.changed_at = None, None, by, now
        rule.save()
    for run in rule.runs.proposed():
        discard_retention(run=run, note="", by=by)
    record(action="retention.rule_saved", by=by, target=rule, agency=agency, changes={"kind": kind, **columns})
    return rule


@transaction.atomic
def give_standing_approval(*, rule: RetentionRule, by: User) -> RetentionRule:
    """From now on the night carries out what it proposes, in this person's name."""
    fresh = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    if not fresh.runs.filter(state=State.DONE, by_standing=False).exists():
        raise ValidationError(
            _("First decide one proposal of this rule yourself: then you know what it does."), code="never_carried_out"
        )
    fresh.standing_by, fresh.standing_at = by, timezone.now()
    fresh.save()
    record(action="retention.standing_given", by=by, target=fresh, agency=fresh.agency, changes={"kind": fresh.kind})
    return fresh


@transaction.atomic
def end_standing_approval(*, rule: RetentionRule, by: User) -> RetentionRule:
    fresh = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    if not fresh.is_standing:
        return fresh
    fresh.standing_by = fresh.standing_at = None
    fresh.save()
    record(action="retention.standing_ended", by=by, target=fresh, agency=fresh.agency, changes={"kind": fresh.kind})
    return fresh


@transaction.atomic
def propose_retention(*, rule: RetentionRule, by: User | None) -> RetentionRun | None:
    """Looks and freezes what is found; removes nothing. None where nothing is due, or a proposal is open already."""
    now = timezone.now()
    fresh = RetentionRule.objects.select_for_update(of=("self",)).select_related("agency").get(pk=rule.pk)
    if not fresh.is_active or fresh.runs.filter(state__in=[State.PROPOSED, State.APPROVED]).exists():
        return None
    cutoff = queries.cutoff_of(fresh, now)
    run = RetentionRun.objects.create(rule=fresh, months=fresh.months, cutoff=cutoff, proposed_at=now, proposed_by=by)
    if fresh.kind in OF_PEOPLE:
        found = queries.freeze_due(run)
        run.found, run.entries = found.people, found.entries
    else:
        run.found = old_rows(fresh, cutoff).count()
    if not run.found:
        run.delete()
        return None
    run.save()
    changes = {"kind": fresh.kind, "found": run.found, "entries": run.entries}
    label = "" if by else "system"
    record(action="retention.proposed", by=by, actor_label=label, target=run, agency=fresh.agency, changes=changes)
    return run


@transaction.atomic
def approve_retention(*, run: RetentionRun, expected: int, by: User, by_standing: bool = False) -> RetentionRun:
    """`expected` is the number that the person read. A worker carries it out after the commit."""
    fresh = _open(run, State.PROPOSED)
    if fresh.found != expected:
        raise ValidationError(_("The proposal has changed. Please look at it again."), code="changed")
    if not fresh.rule.is_active or fresh.rule.months != fresh.months:
        raise ValidationError(_("The rule has changed since. Discard this proposal."), code="rule_changed")
    fresh.state, fresh.decided_at, fresh.decided_by = State.APPROVED, timezone.now(), by
    fresh.by_standing = by_standing
    fresh.save()
    agency = fresh.rule.agency
    changes = {"kind": fresh.rule.kind, "found": fresh.found, "standing": by_standing}
    record(action="retention.approved", by=by, target=fresh, agency=agency, changes=changes)
    title = f"{fresh.rule.get_kind_display()}"
    start(kind=JOB, params={"run": fresh.pk}, agency=agency, by=by, title=title)
    return fresh


@transaction.atomic
def discard_retention(*, run: RetentionRun, note: str, by: User) -> RetentionRun:
    fresh = _open(run, State.PROPOSED)
    now = timezone.now()
    fresh.state, fresh.decided_at, fresh.decided_by, fresh.finished_at = State.DISCARDED, now, by, now
    fresh.note = note
    fresh.save()
    fresh.items.all().delete()
    record(action="retention.discarded", by=by, target=fresh, agency=fresh.rule.agency, purpose=note)
    return fresh


def carry_out_retention(*, run: RetentionRun, by: User, progress: Callable[[int, int], None] | None = None) -> int:
    """In transactions of their own, so that an interruption goes on where it stopped. How many are gone in the end."""
    step = _anonymise_some if run.rule.kind in OF_PEOPLE else _forget_rows
    while step(run, by):
        fresh = RetentionRun.objects.get(pk=run.pk)
        if progress is not None:
            progress(min(fresh.removed + fresh.kept, fresh.found), fresh.found)
    return _finish(run, by)


@transaction.atomic
def _anonymise_some(run: RetentionRun, by: User) -> bool:
    """The next people of the list: whoever is no longer due stays as they are."""
    fresh = _open(run, State.APPROVED)
    items = list(fresh.items.waiting().order_by("pk")[:AT_ONCE])
    if not items:
        return False
    persons = sorted(item.person_id for item in items if item.person_id)
    entries = sorted(item.registration_id for item in items if item.registration_id)
    _lock(persons, entries)
    due_persons, due_entries = queries.still_due(fresh, persons=persons, entries=entries)
    now = timezone.now()
    anonymise(persons=sorted(due_persons), entries=sorted(due_entries), at=now)
    gone = [item.pk for item in items if item.person_id in due_persons or item.registration_id in due_entries]
    done = RetentionItem.objects.filter(pk__in=[item.pk for item in items])
    done.filter(pk__in=gone).update(done_at=now)
    done.exclude(pk__in=gone).update(done_at=now, was_kept=True)
    _count(fresh, removed=len(gone), kept=len(items) - len(gone), by=by)
    return True


@transaction.atomic
def _forget_rows(run: RetentionRun, by: User) -> bool:
    """Never more than was shown: rows under the same cutoff only grow fewer."""
    fresh = _open(run, State.APPROVED)
    room = min(ROWS_AT_ONCE, fresh.found - fresh.removed)
    keys = list(old_rows(fresh.rule, fresh.cutoff).order_by("pk").values_list("pk", flat=True)[:room])
    if not keys:
        return False
    aging = aging_of(fresh.rule.kind)
    gone = forget_old_messages(keys=keys) if aging is None else aging.forget(keys)
    _count(fresh, removed=gone, kept=0, by=by)
    return True


def _lock(persons: list[int], entries: list[int]) -> None:
    """Entries first, then the cards: the order in which a correction takes them."""
    mine = Registration.objects.filter(person__in=persons) | Registration.objects.filter(pk__in=entries)
    list(mine.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))
    list(Person.objects.filter(pk__in=persons).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _count(run: RetentionRun, *, removed: int, kept: int, by: User) -> None:
    RetentionRun.objects.filter(pk=run.pk).update(removed=F("removed") + removed, kept=F("kept") + kept)
    changes = {"removed": removed, "kept": kept}
    record(action="retention.carried_out", by=by, target=run, agency=run.rule.agency, changes=changes)


@transaction.atomic
def _finish(run: RetentionRun, by: User) -> int:
    fresh = _open(run, State.APPROVED)
    fresh.state, fresh.finished_at = State.DONE, timezone.now()
    fresh.save(update_fields=["state", "finished_at"])
    changes = {"kind": fresh.rule.kind, "removed": fresh.removed, "kept": fresh.kept}
    record(action="retention.finished", by=by, target=fresh, agency=fresh.rule.agency, changes=changes)
    return fresh.removed


def _open(run: RetentionRun, state: str) -> RetentionRun:
    fresh = RetentionRun.objects.with_parts().select_for_update(of=("self",)).get(pk=run.pk)
    if fresh.state != state:
        raise ValidationError(_("This proposal has been decided already."), code="decided")
    return fresh


def propose_all_retention(*, by: None = None) -> int:
    """Every night: stale proposals are looked at anew, and a standing approval is carried out. How many were made."""
    made = 0
    RetentionRun.objects.proposed().filter(proposed_at__lt=timezone.now() - STALE).delete()
    for rule in RetentionRule.objects.active().select_related("agency", "standing_by").order_by("pk"):
        run = propose_retention(rule=rule, by=None)
        made += run is not None
        if run is not None and (approver := queries.standing_approver(rule)) is not None:
            approve_retention(run=run, expected=run.found, by=approver, by_standing=True)
    return made

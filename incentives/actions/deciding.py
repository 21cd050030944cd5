"""Ties, the lock of a result, and what may follow it: opened again, or a new version because somebody left."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import record
from accounts.models import User
from incentives.actions.naming import check_unpaid, end_awards, name_awards
from incentives.actions.opened import check_file_open
from incentives.models import Competition, Entry, Juror, Result, TieDecision
from incentives.queries.facts import Facts, facts_of
from incentives.queries.progress import Progress
from incentives.rules import order_by_lot
from kit.refusals import spoken_refusals

CHAIR_DECIDES = gettext_lazy("The chair of the jury decides this.")


def locked_competition(competition: Competition) -> Competition:
    """The row as it is now; sheets wait for it, as each change of a sheet takes a share of it."""
    rows = Competition.objects.select_related("program__agency", "edition", "line__fund__agency", "reservation")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=competition.pk)


@transaction.atomic
def decide_tie(
    *, competition: Competition, chair: Juror, entries: Sequence[int], way: str, reason: str, by: User | None
) -> TieDecision:
    """The chair says the order after deliberation; by lot the order is computed from a seed that everybody may see."""
    row = locked_competition(competition)
    _check_chair(row, chair)
    asked = _tie_with(row, entries)
    ordered, seed = tuple(entries), ""
    if way not in asked:
        raise ValidationError(_("The method does not decide ties in this way."), code="way_not_declared")
    if way == TieDecision.Way.LOT:
        seed = secrets.token_hex(16)
        ordered = order_by_lot(seed, entries, "tie")
    made = TieDecision(competition=row, entries=list(ordered), way=way, reason=_needed(reason), seed=seed, juror=chair)
    made.save()
    changes = {"entries": list(ordered), "way": way, "seed": seed}
    record(action="competition.tie_decided", changes=changes, **_acting(row, chair, by, reason))
    return made


def _tie_with(row: Competition, entries: Sequence[int]) -> tuple[str, ...]:
    """How the tie of exactly these entries is decided; a refusal where there is none."""
    progress = Progress(row)
    for tie in progress.open_ties:
        if sorted(tie.entries) == sorted(entries):
            return tie.by
    raise ValidationError(_("These pitches are not tied, or it was decided already."), code="no_such_tie")


@transaction.atomic
def lock_result(
    *, competition: Competition, chair: Juror, by: User | None, reason: str = "", now: datetime | None = None
) -> Result:
    """No sheet changes any more; who wins is computed, kept with its hash, and named. Pressed twice it is done once."""
    row = locked_competition(competition)
    if row.locked_at is not None:
        return row.results.in_force().get()
    _check_chair(row, chair)
    progress = Progress(row)
    if progress.obstacles:
        raise ValidationError([ValidationError(one.sentence, code=one.code) for one in progress.obstacles])
    row.locked_at = now or timezone.now()
    row.save(update_fields=["locked_at"])
    result = _kept(row, progress.facts, chair=chair, by=by, reason=reason)
    acting = _acting(row, chair, by, reason)
    name_awards(result=result, outcome=progress.facts.outcome, by=by, actor_label=acting["actor_label"])
    changes = {"version": result.version, "sha256": _in_groups(result.sha256)}
    record(action="result.locked", changes=changes, **acting)
    return result


@transaction.atomic
def reopen_result(*, competition: Competition, chair: Juror, reason: str, by: User | None) -> Result:
    """Sheets can be corrected again; the winners are named anew by the next lock. Not once money is on its way."""
    row = locked_competition(competition)
    _check_chair(row, chair)
    result = _locked_result(row)
    reason = _needed(reason)
    check_unpaid(row.awards.standing())
    acting = _acting(row, chair, by, reason)
    end_awards(row.awards.standing(), reason, by=by, actor_label=acting["actor_label"])
    _replace(result)
    row.locked_at = None
    row.save(update_fields=["locked_at"])
    record(action="result.reopened", changes={"version": result.version}, **acting)
    return result


@transaction.atomic
def remove_entry(*, entry: Entry, state: str, reason: str, by: User) -> Result:
    """Somebody withdrew or was disqualified after the lock: the reserve moves up in a new version of the result."""
    row = locked_competition(entry.competition)
    before = _locked_result(row)
    reason = _needed(reason)
    found = Entry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    if found.state != Entry.State.ADMITTED or state not in {Entry.State.WITHDRAWN, Entry.State.DISQUALIFIED}:
        raise ValidationError(_("This pitch is out of the competition already."), code="entry_moved")
    found.state, found.ended_reason = state, reason
    found.save(update_fields=["state", "ended_reason"])
    facts = facts_of(row)
    if facts.outcome.open_ties:
        sentence = _("Without this pitch there is a tie across the border of an award. The chair opens the result.")
        raise ValidationError(sentence, code="ties_open")
    _replace(before)
    row.locked_at = timezone.now()
    row.save(update_fields=["locked_at"])
    result = _kept(row, facts, chair=before.chair, by=by, reason=reason)
    name_awards(result=result, outcome=facts.outcome, by=by)
    changes = {"version": result.version, "sha256": _in_groups(result.sha256), "entry": entry.pk, "state": state}
    record(action="result.revised", by=by, target=row, agency=row.program.agency, purpose=reason, changes=changes)
    return result


def _kept(row: Competition, facts: Facts, *, chair: Juror | None, by: User | None, reason: str) -> Result:
    version = row.results.count() + 1
    made = Result(
        competition=row,
        version=version,
        edition=row.edition,
        inputs=facts.as_json(),
        outcome=facts.outcome.as_json(),
        sha256=facts.sha256,
        reason=_needed(reason) if version > 1 else "",
        locked_by=by,
        locked_at=row.locked_at or timezone.now(),
        chair=chair,
    )
    with spoken_refusals(Result):
        made.save()
    return made


def _replace(result: Result) -> None:
    Result.objects.filter(pk=result.pk, replaced_at__isnull=True).update(replaced_at=timezone.now())


def _locked_result(row: Competition) -> Result:
    check_file_open(row)
    result = row.results.in_force().select_related("chair").first()
    if row.locked_at is None or result is None:
        raise ValidationError(_("There is no locked result."), code="not_locked")
    return result


def _check_chair(row: Competition, chair: Juror) -> None:
    found = row.jurors.serving().filter(pk=chair.pk, is_chair=True)
    if not found.exists():
        raise ValidationError(str(CHAIR_DECIDES), code="not_chair")


def _needed(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Please give a reason."), code="reason_missing")})
    return reason.strip()


def _acting(row: Competition, chair: Juror, by: User | None, reason: str) -> dict[str, Any]:
    """By the chair's own device there is no user: the trail names the chair."""
    label = "" if by else f"{chair.name} (chair of the jury)"
    return {"by": by, "target": row, "agency": row.program.agency, "purpose": reason, "actor_label": label}


def _in_groups(sha256: str) -> str:
    """As people compare it; the trail would take a long run of digits for somebody's number."""
    return ":".join(sha256[place : place + 4] for place in range(0, len(sha256), 4))

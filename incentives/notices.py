"""Who is told what about a competition. Each notice has a key of its own, so nothing is told twice."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.models import User
from incentives.models import Award, Competition, Edition, Entry, Juror, ReceiptCheck, UseReport
from notifications.actions import Draft, cancel_queued, queue, queue_many
from notifications.models import Message
from participants.models import Registration


def pitch_group(competition_id: int) -> str:
    return f"competition:{competition_id}"


def tell_pitch(entry: Entry, kind: str, *, key: str, **context: Any) -> None:
    """To whom sent the pitch, at the address that they registered with. Restricted data is kept and not used."""
    registration = entry.registration
    if registration is not None and registration.restricted_at is None:
        queue(**_pitch_draft(entry, registration, kind, key, context))


def tell_schedule(competition: Competition, entries: list[Entry]) -> int:
    """Day, hour and place of each pitch. How many messages were new: whoever heard exactly this last hears no more."""
    told, drafts = _schedules_told(competition), []
    for entry in entries:
        registration = entry.registration
        if registration is None or registration.restricted_at is not None or entry.planned_at is None:
            continue
        entry.competition = competition
        plan, earlier = f"{entry.planned_at.isoformat()}:{competition.venue_id}", told[str(registration.pk)]
        if earlier and f":{plan}:" in earlier[-1]:
            continue
        # Numbered, so that who comes back to an hour of before hears of it again.
        key = f"{plan}:{len(earlier) + 1}"
        drafts.append(Draft(**_pitch_draft(entry, registration, "pitch_scheduled", key, {})))
    return queue_many(drafts=drafts)


def _schedules_told(competition: Competition) -> dict[str, list[str]]:
    """Keys of the messages about the hour by registration, the oldest first."""
    told: dict[str, list[str]] = defaultdict(list)
    rows = Message.objects.filter(kind="pitch_scheduled", group=pitch_group(competition.pk), former__isnull=True)
    for subject, key in rows.order_by("pk").values_list("subject_id", "key"):
        told[subject].append(key)
    return told


def tell_called_off(competition: Competition, *, by: User) -> int:
    """To everybody whose pitch was sent and still stood. What waits to be sent about its day is not sent any more."""
    cancel_queued(group=pitch_group(competition.pk), by=by)
    standing = [Entry.State.SUBMITTED, Entry.State.NEEDS_FIX, Entry.State.ADMITTED]
    entries = competition.entries.real().filter(state__in=standing).select_related("registration", "region")
    drafts = []
    for entry in entries:
        registration = entry.registration
        if registration is not None and registration.restricted_at is None:
            entry.competition = competition
            reason = {"reason": competition.cancelled_reason}
            drafts.append(Draft(**_pitch_draft(entry, registration, "pitch_called_off", "once", reason)))
    drafts += [_jury_draft(one, competition, "jury_called_off", "once") for one in _invited(competition)]
    return queue_many(drafts=drafts)


def tell_jury_changed(competition: Competition, edition: Edition) -> int:
    """To each invited juror with an address: why, the day as it is now, and where to read what changed."""
    told = [_jury_draft(one, competition, "jury_changed", str(edition.version)) for one in _invited(competition)]
    return queue_many(drafts=told)


def _invited(competition: Competition) -> list[Juror]:
    rows = competition.jurors.serving().select_related("user").filter(invited_at__isnull=False)
    return [one for one in rows if _addresses(one) != ("", "")]


def _addresses(juror: Juror) -> tuple[str, str]:
    """E-mail and telephone; a colleague who judges is known by the account."""
    email = juror.email or (juror.user.email if juror.user else "")
    return email, juror.phone or ""


def _jury_draft(juror: Juror, competition: Competition, kind: str, key: str) -> Draft:
    email, phone = _addresses(juror)
    edition = competition.edition
    return Draft(
        agency=competition.program.agency,
        kind=kind,
        key=f"{kind}:{juror.pk}:{key}",
        language="id",
        recipient_name=juror.name,
        email=email,
        phone=phone,
        subject=("juror", juror.pk),
        context={
            "competition": competition,
            "venue": competition.venue,
            "reason": edition.reason if edition and kind == "jury_changed" else competition.cancelled_reason,
            "jury_path": reverse("incentives:jury_home"),
        },
    )


def _pitch_draft(
    entry: Entry, registration: Registration, kind: str, key: str, context: dict[str, Any]
) -> dict[str, Any]:
    competition = entry.competition
    own = reverse("incentives:pitch_own", args=[competition.pk])
    return {
        "agency": competition.program.agency,
        "kind": kind,
        "key": f"{kind}:{entry.pk}:{key}",
        "language": registration.language,
        "recipient_name": registration.full_name,
        "email": registration.email,
        "phone": registration.phone,
        "group": pitch_group(competition.pk),
        "region": entry.region,
        "subject": ("registration", registration.pk),
        "context": {"entry": entry, "competition": competition, "own_path": own, "venue": competition.venue, **context},
    }


def tell_juror_invited(juror: Juror, token: str) -> None:
    """The link that opens once; whoever has no address on file gets it from the office by hand."""
    if not (juror.phone or juror.email):
        return
    queue(
        agency=juror.competition.program.agency,
        kind="juror_invited",
        key=f"juror_invited:{juror.pk}:{juror.generation}",
        language="id",  # the office writes to its jurors in the official language
        recipient_name=juror.name,
        email=juror.email or "",
        phone=juror.phone or "",
        subject=("juror", juror.pk),
        context={
            "competition": juror.competition,
            "link": reverse("incentives:jury_link", args=[token]),
            "expires_at": juror.token_until,
        },
        secret=True,
        expires_at=juror.token_until,
    )


def tell_receipt(check: ReceiptCheck, *, again: bool = False) -> None:
    """Asks whether the money came. Neither name nor amount stands in the address; the page asks for the PIN."""
    own = reverse("incentives:receipt_own", args=[check.award.competition_id])
    _tell_winner(check.award, "award_receipt_asked", f"{check.pk}:{'again' if again else 'first'}", own)


def tell_report_decided(report: UseReport) -> None:
    own = _report_path(report)
    _tell_winner(report.award, "use_report_decided", f"{report.pk}:{report.revision}", own, {"report": report})


def remind_of_reports(reports: Sequence[UseReport], today: date) -> int:
    """Once before the day and once after it; a day that moved is told anew. How many were new."""
    drafts = []
    for report in reports:
        when = "after" if report.due_on < today else "before"
        key, context = f"{report.pk}:{report.due_on}:{when}", {"due_on": report.due_on, "is_overdue": when == "after"}
        draft = _winner_draft(report.award, "use_report_due", key, _report_path(report), context)
        drafts += [draft] if draft is not None else []
    return queue_many(drafts=drafts)


def _report_path(report: UseReport) -> str:
    return reverse("incentives:report_own", args=[report.award.competition_id])


def _tell_winner(award: Award, kind: str, key: str, own: str, context: Mapping[str, Any] | None = None) -> None:
    draft = _winner_draft(award, kind, key, own, context or {})
    if draft is not None:
        queue_many(drafts=[draft])


def _winner_draft(award: Award, kind: str, key: str, own: str, context: Mapping[str, Any]) -> Draft | None:
    """None for whom nothing is kept any more, or whose data is not to be used."""
    entry = award.entry
    registration = entry.registration
    if registration is None or registration.restricted_at is not None:
        return None
    entry.competition = award.competition
    return Draft(**_pitch_draft(entry, registration, kind, key, {**context, "own_path": own}))

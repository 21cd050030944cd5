"""What competitions keep of jurors and of who objected: told, aged, forgotten. Neither has a card or an entry here."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgets.models import Payment
from incentives.models import Award, Competition, Conflict, Juror, Objection, ScoreSheet, SheetEvent
from incentives.queries.editions import points
from kit.phones import show_phone
from kit.privacy import Aging, Fact, Grown, Section
from kit.templatetags.kit import moment
from notifications.actions import forget_messages
from participants.models import NO_NAME

# In the place of a PIN: no number of six digits has this as its hash.
NO_PIN = "-"
CLOSED_BY_WORDS = [SheetEvent.Kind.RECUSED, SheetEvent.Kind.ABSTAINED]
PAYING = [Payment.State.PROPOSED, Payment.State.APPROVED, Payment.State.FAILED, Payment.State.RETURNED]


def _over(agency: int, cutoff: datetime) -> "QuerySet[Competition]":
    """Nothing happened to these since the cutoff, and nothing is still to happen."""
    rows = Competition.objects.filter(program__agency=agency, closes_at__lt=cutoff)
    awards = Award.objects.filter(competition=OuterRef("pk"))
    late = Q(named_at__gte=cutoff) | Q(ended_at__gte=cutoff) | Q(payment__paid_on__gte=cutoff.date())
    for name in ("asked_at", "answered_at", "settled_at"):
        late |= Q(**{f"receipts__{name}__gte": cutoff})
    objections = Objection.objects.filter(competition=OuterRef("pk"))
    rows = rows.exclude(held_on__gte=cutoff.date()).exclude(locked_at__gte=cutoff).exclude(cancelled_at__gte=cutoff)
    return rows.exclude(
        Exists(awards.filter(late | Q(ended_at__isnull=True, payment__state__in=PAYING)))
        | Exists(objections.filter(Q(state=Objection.State.OPEN) | Q(answered_at__gte=cutoff)))
        | Q(results__locked_at__gte=cutoff)
    )


def _jurors_due(agency: int, cutoff: datetime) -> "QuerySet[Juror]":
    rows = Juror.objects.filter(competition__in=_over(agency, cutoff), forgotten_at__isnull=True)
    for name in ("created_at", "invited_at", "joined_at", "withdrawn_at"):
        rows = rows.exclude(**{f"{name}__gte": cutoff})
    return rows.order_by("competition__closes_at", "pk")


def _objections_due(agency: int, cutoff: datetime) -> "QuerySet[Objection]":
    rows = Objection.objects.filter(competition__in=_over(agency, cutoff), forgotten_at__isnull=True)
    return rows.order_by("received_at", "pk")


def _told(rows: "QuerySet[Any]", moments: Sequence[str]) -> Sequence[Grown]:
    found = rows.select_related("competition").annotate(last=Greatest(*moments))
    return [Grown(one.name, str(one.competition), one.last) for one in found]


def forget_jurors(keys: Collection[int]) -> int:
    """Contact, identity, PIN, links, devices and words. Who has a sheet in the result keeps the name of its minutes."""
    rows = Juror.objects.filter(pk__in=keys, forgotten_at__isnull=True)
    found = list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    Conflict.objects.filter(juror__in=found).update(note=None)
    ScoreSheet.objects.filter(juror__in=found, note__isnull=False).update(note=None)
    SheetEvent.objects.filter(sheet__juror__in=found, kind__in=CLOSED_BY_WORDS).update(reason=NO_NAME)
    judged = SheetEvent.objects.filter(sheet__juror=OuterRef("pk"), kind=SheetEvent.Kind.SUBMITTED)
    mine = Juror.objects.filter(pk__in=found)
    mine.exclude(Exists(judged)).exclude(sheets__state=ScoreSheet.State.SUBMITTED).update(name=NO_NAME, institution="")
    mine.filter(joined_at__isnull=False).update(pin_hash=NO_PIN)
    mine.filter(joined_at__isnull=True).update(pin_hash="")
    gone: dict[str, Any] = dict.fromkeys(("phone", "email", "region", "token_hash", "token_until", "pin_locked_until"))
    gone |= {"nik_hash": "", "business_key": "", "wrong_pins": 0, "generation": F("generation") + Value(1)}
    mine.update(**gone, forgotten_at=timezone.now())
    forget_messages(subjects=[("juror", str(pk)) for pk in found])
    return len(found)


def forget_objections(keys: Collection[int]) -> int:
    """Who, how to reach them, and the words of both sides; that it came and how it was decided stays."""
    rows = Objection.objects.filter(pk__in=keys, forgotten_at__isnull=True).exclude(state=Objection.State.OPEN)
    return rows.update(name=NO_NAME, contact=NO_NAME, text=NO_NAME, answer=NO_NAME, forgotten_at=timezone.now())


LAST_OF_JUROR = ("created_at", "competition__closes_at", "competition__locked_at", "withdrawn_at")
AGING = {
    "jurors": Aging(_jurors_due, partial(_told, moments=LAST_OF_JUROR), forget_jurors),
    "objections": Aging(_objections_due, partial(_told, moments=("received_at", "answered_at")), forget_objections),
}


def told_of_juror(juror: Juror) -> list[Section]:
    """Everything that is kept of a juror, but for what was scored of others' pitches beyond the own scores."""
    noted = _("Only noted so far as two equal numbers are recognised")
    facts = [
        Fact("competition", _("Competition"), str(juror.competition)),
        Fact("name", _("Name"), juror.name),
        Fact("institution", _("Institution"), juror.institution),
        Fact("phone", _("Mobile number"), juror.phone or "", show_phone(juror.phone or "")),
        Fact("email", _("E-mail"), juror.email or ""),
        Fact("region", _("Lives in"), juror.region.full_name if juror.region else ""),
        Fact("business", _("Own business"), juror.business_key),
        *([Fact("nik", _("Identity number"), True, noted)] if juror.nik_hash else []),
        *_moments(juror, ("created_at", "invited_at", "joined_at", "declared_at", "withdrawn_at")),
    ]
    conflicts = juror.conflicts.select_related("entry").order_by("pk")
    sheets = juror.sheets.select_related("entry").prefetch_related("scores__criterion", "events").order_by("pk")
    return [
        Section("juror", _("Juror"), [facts]),
        Section("conflicts", _("Conflicts of interest"), [_conflict(one) for one in conflicts]),
        Section("sheets", _("Score sheets"), [_sheet(one) for one in sheets]),
    ]


def told_of_objection(objection: Objection) -> list[Section]:
    facts = [
        Fact("competition", _("Competition"), str(objection.competition)),
        Fact("name", _("Name"), objection.name),
        Fact("contact", _("How we reach you"), objection.contact),
        Fact("text", _("Objection"), objection.text),
        Fact("state", _("State"), objection.state, objection.get_state_display()),
        Fact("answer", _("Answer of the office"), objection.answer or ""),
        *_moments(objection, ("received_at", "answered_at")),
    ]
    return [Section("objection", _("Objection"), [facts])]


def _moments(row: Juror | Objection, names: Sequence[str]) -> list[Fact]:
    labels = {
        "created_at": _("Noted"),
        "invited_at": _("Invited"),
        "joined_at": _("Chose a PIN"),
        "declared_at": _("Said where there are conflicts"),
        "withdrawn_at": _("Left the jury"),
        "received_at": _("Came in"),
        "answered_at": _("Answered"),
    }
    found = [(name, getattr(row, name)) for name in names]
    return [Fact(name, labels[name], at.isoformat(), moment(at)) for name, at in found if at is not None]


def _conflict(row: Conflict) -> Sequence[Fact]:
    return [
        Fact("entry", _("Pitch"), str(row.entry)),
        Fact("kind", _("Kind"), row.kind, row.get_kind_display()),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("note", _("Note"), row.note or ""),
    ]


def _sheet(row: ScoreSheet) -> Sequence[Fact]:
    reasons = [one.reason for one in row.events.all() if one.reason]
    return [
        Fact("entry", _("Pitch"), str(row.entry)),
        Fact("state", _("State"), row.state, row.get_state_display()),
        *(Fact(one.criterion.code, one.criterion.name, str(one.value), points(one.value)) for one in row.scores.all()),
        Fact("note", _("Note"), row.note or ""),
        *(Fact("reason", _("Reason"), reason) for reason in reasons),
    ]
